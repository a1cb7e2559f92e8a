"""The parts of one call that Anthropic lists as ``iterations``: those that its own counts leave out, or mix in.

The call's counts hold its own turns (``message``). An adviser's turn and a compaction stand beside them, so each
becomes a record of its own, at its own model's rate. Where several models took turns, because one declined, the counts
of the turns tell which of them the call's hold. LiteLLM adds all of them up: there the same parts are inside.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ingest.anthropic_terms import FAST
from ingest.reading import Reading
from ingest.surface_parts import add_note, as_object
from ingest.surfaces import set_usage
from ingest.unknown_usage import usage_text

ADVISER = "advisor_message"
BESIDE = {ADVISER: "advisor", "compaction": "compaction"}
"""Parts that the call's own counts leave out, with their roles."""
TURNS = {"message": None, "fallback_message": "fallback"}
KINDS = {**BESIDE, **TURNS}
COUNTS = {"input_tokens", "output_tokens"}
SAME = (
    "request_id", "trace_id", "session_id", "task", "step", "agent", "start_at", "time_quality", "gateway", "seller",
    "base_url", "region", "batch", "object", "org", "team", "project", "environment", "application", "user",
    "key_alias", "tags", "gateway_cache_hit",
)  # fmt: skip
"""What a part has from its call."""
CACHED = ("cache_read", "cache_write", "cache_write_5m", "cache_write_1h")
COUNTED = ("prompt", "completion", "cache_read")
EXCEED = "its iterations hold more tokens than the call"
UNEXPLAINED = "its iterations do not add up to the call's tokens"
UNKNOWN = "it has iterations of a kind that is not read"


def split(call: Reading, usage: Any, *, summed: bool = False) -> Iterator[Reading]:
    """The call, and the parts of it that are records of their own; ``summed`` says that its counts hold all parts.

    A part is made when it is asked for: what a reader adds to the call before, its parts have, too.
    """
    listed = _listed(usage)
    parts = [_part(call, item) for item in listed if item.get("type") in KINDS and COUNTS <= item.keys()]
    if len(parts) < len(listed):
        add_note(call, UNKNOWN)
    inside, beside = _of_sum(parts) if summed else _of_call(call, parts)
    if inside and not _take_out(call, inside):
        add_note(call, EXCEED)
        inside = []
    children = [part for part in parts if part in inside or part in beside]
    if children and call.get("key_text") is None and call["response_id"] is not None:
        # As the warehouse would make it: the parts can name it then.
        call["key_text"] = f"{call['response_id']}|{call.get('created_text') or ''}"
    yield call
    for number, part in enumerate(children, 1):
        yield _child(call, part, number)


def _listed(usage: Any) -> list[dict[str, Any]]:
    listed = as_object(usage).get("iterations")
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _part(call: Reading, item: dict[str, Any]) -> Reading:
    part: Reading = dict.fromkeys(call)
    set_usage(part, {name: value for name, value in item.items() if name not in ("type", "model")}, messages=True)
    kind, model = str(item.get("type")), item.get("model")
    part["role"] = KINDS[kind]
    part["object"] = kind
    part["model_served"] = model if isinstance(model, str) and model else None
    part["raw_usage"] = usage_text(item)
    # Its fields are looked at with the call's.
    part["unknown_usage"] = None
    return part


def _of_sum(parts: list[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Parts inside a sum of all of them: the same that other logs of the call know as records of their own."""
    beside = [part for part in parts if part["object"] in BESIDE]
    return [part for part in beside if part["model_served"] or part["object"] != ADVISER], []


def _of_call(call: Reading, parts: list[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Parts of other models that the call's own counts hold, and the parts that they leave out."""
    turns = [part for part in parts if part["object"] in TURNS]
    beside = [part for part in parts if part["object"] in BESIDE]
    served = [part for part in turns if part["role"] == "fallback"]
    declined = [part for part in turns if part["role"] is None]
    for held, left_out in ((turns, []), (declined, served), (served, declined)):
        if held and _is_sum(call, held):
            foreign = [part for part in held if part["model_served"] not in (None, call["model_served"])]
            return foreign, [*beside, *left_out]
    if turns:
        add_note(call, UNEXPLAINED)
    return [], beside


def _is_sum(call: Reading, parts: list[Reading]) -> bool:
    return all((call[name] or 0) == sum(part[name] or 0 for part in parts) for name in COUNTED)


def _take_out(call: Reading, parts: Iterable[Reading]) -> bool:
    """Take parts out of the call's counts; False, and nothing done, where they do not fit."""
    parts = list(parts)
    cache_inside = call["usage_flavour"] != "anthropic"
    taken = {name: sum(part[name] or 0 for part in parts) for name in ("completion", *CACHED)}
    taken["prompt"] = sum(part["prompt"] or 0 for part in parts)
    if cache_inside:
        taken["prompt"] += sum(taken[name] for name in CACHED)
    if any(tokens > (call[name] or 0) for name, tokens in taken.items()):
        return False
    call.update({name: call[name] - tokens for name, tokens in taken.items() if call[name] is not None})
    if call["total"] is not None:
        call["total"] -= taken["prompt"] + taken["completion"]
    return True


def _child(call: Reading, part: Reading, number: int) -> Reading:
    child: Reading = {**part, **{name: call[name] for name in SAME}}
    if child["model_served"] is None and part["object"] != ADVISER:
        child["model_served"] = call["model_served"]
    child["service_tier"] = None if call["service_tier"] == FAST else call["service_tier"]
    child["usage_status"] = "reported"
    child.update(granularity="iteration", requests=0)
    if call["response_id"] is not None:
        # Another log of the same call names the same parts so.
        child["response_id"] = f"{call['response_id']} {number}"
    if call.get("key_text") is not None:
        child.update(key_text=f"{call['key_text']} {number}", parent_text=call["key_text"])
    else:
        child["span_id"] = f"{call['span_id'] or ''} iteration {number}".strip()
    return child
