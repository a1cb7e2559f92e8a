"""Langfuse's usage maps to counts: which of their entries stand beside the input and the output, and which inside.

From usage in OpenAI's shape Langfuse takes the details out: ``input`` is what is left of the prompt, and so ``output``.
They are put together again here. A map that a program made itself is stored as it came; there the names of
OpenInference (``prompt_details.cache_read``) are inside the input. ``total`` decides before either rule.
"""

from collections.abc import Iterable
from typing import Any

from ingest import surfaces
from ingest.problem import Unreadable
from ingest.reading import Reading, text_of
from ingest.redact import shown
from ingest.unknown_usage import unknown_usage, usage_text
from warehouse.reading import MOST_TOKENS

METERS = {
    "cache_read": (
        "input_cached_tokens",
        "input_cache_read",
        "input_cache_read_tokens",
        "input_cache_read_input_tokens",
        "cache_read_input_tokens",
        "cache_read_tokens",
        "cached_tokens",
        "prompt_details.cache_read",
        "prompt_details.cached_tokens",
        "cachedInputTokens",
    ),
    "cache_write": (
        "input_cache_creation",
        "input_cache_creation_tokens",
        "input_cache_creation_input_tokens",
        "input_cache_write",
        "input_cache_write_tokens",
        "cache_creation_input_tokens",
        "cache_write_tokens",
        "prompt_details.cache_write",
    ),
    "cache_write_5m": ("input_cache_creation_5m",),
    "cache_write_1h": ("input_cache_creation_1h",),
    "input_audio": ("input_audio_tokens", "input_audio", "prompt_details.audio"),
    "input_image": ("input_image_tokens", "input_image"),
    "input_video": ("input_video_tokens", "input_video"),
    "reasoning": (
        "output_reasoning_tokens",
        "output_reasoning",
        "reasoning_tokens",
        "completion_details.reasoning",
        "reasoningTokens",
    ),
    "output_audio": ("output_audio_tokens", "output_audio", "completion_details.audio"),
    "output_image": ("output_image_tokens", "output_image"),
}
"""The columns of a reading, each with the names that it has in a map; one map may hold it under several."""
MEANING = {name: column for column, names in METERS.items() for name in names}
WRITTEN = ("cache_write", "cache_write_5m", "cache_write_1h")
INPUT_SIDE = ("cache_read", *WRITTEN, "input_audio", "input_image", "input_video")
OUTPUT_SIDE = ("reasoning", "output_audio", "output_image")
PARTS = frozenset(
    {"input_text_tokens", "input_text", "output_text_tokens", "output_text"}
    | {"output_accepted_prediction_tokens", "output_rejected_prediction_tokens"}
)
"""Parts that no card prices apart."""
PROMPTS = ("input", "promptTokens", "inputTokens", "inputUsage")
COMPLETIONS = ("output", "completionTokens", "outputTokens", "outputUsage")
TOTALS = ("totalTokens", "total", "totalUsage")
RAW = ("prompt_tokens", "input_tokens")
"""Names of a seller's own usage object: Langfuse stores one as it came where it does not know all of its entries."""
ASIDE = frozenset({"unit", "inputCost", "outputCost", "totalCost"})
WHOLE = frozenset({*RAW, "completion_tokens", "output_tokens"})
KNOWN = frozenset({*MEANING, *PARTS, *PROMPTS, *COMPLETIONS, *TOTALS, *WHOLE, *ASIDE})
NOT_TOKENS = "the log counts {}, not tokens"


def set_usage(reading: Reading, usage: dict[str, Any]) -> None:
    """Fill the counts of a reading from one map; raises Unreadable."""
    if not _holds(usage, ("input", "output")) and _holds(usage, RAW):
        # Beside it may stand a total that Langfuse made by adding everything up, the seller's own total too.
        surfaces.set_usage(reading, _nested({name: value for name, value in usage.items() if name != "total"}))
        reading["cache_unseen"] = reading["cache_read"] is None
        return
    flat = _flat(usage)
    counts = {name: count for name in flat if name in KNOWN - ASIDE and (count := _count(name, flat[name])) is not None}
    counts |= {name: _count(name, flat[name]) or 0 for name in _split_by_others(flat)}
    prompt, completion, total = (_first(counts, names) for names in (PROMPTS, COMPLETIONS, TOTALS))
    unit = usage.get("unit")
    if unit not in (None, "", "TOKENS"):
        reading["review_note"] = NOT_TOKENS.format(shown(str(unit)).lower())
    if unit not in (None, "", "TOKENS") or not (prompt or completion or total):
        return
    _set_meters(reading, counts)
    inside = _inside(counts)
    beside = _beside(reading, counts, "input", INPUT_SIDE), _beside(reading, counts, "output", OUTPUT_SIDE)
    takes = _takes(prompt or 0, completion or 0, total, beside, inside=inside)
    reading.update(
        usage_flavour="openai_chat",
        prompt=None if prompt is None else prompt + takes[0],
        completion=None if completion is None else completion + takes[1],
        total=total,
        cache_unseen=reading["cache_read"] is None,
        raw_usage=usage_text(flat),
        unknown_usage=unknown_usage(flat, KNOWN),
    )


def _takes(
    prompt: int, completion: int, total: int | None, beside: tuple[int, int], *, inside: bool
) -> tuple[int, int]:
    """What of the details is to be added to the prompt and the completion: as the total says, else as the names do."""
    with_input, with_output = beside
    by_name = (0, 0) if inside else beside
    ways = [by_name, (with_input, 0), (with_input, with_output), (0, 0), (0, with_output)]
    # Langfuse makes a total that is missing by adding all entries up: for names that stand inside it proves nothing.
    ways = [way for way in ways if not (inside and way == beside and any(beside))]
    return next((way for way in ways if total == prompt + completion + sum(way)), by_name)


def _set_meters(reading: Reading, counts: dict[str, int]) -> None:
    for column, names in METERS.items():
        found = [counts[name] for name in names if name in counts]
        if found:
            reading[column] = found[0]
        if column == "cache_read" and found:
            reading["cache_read_other"] = next((other for other in found if other != found[0]), None)
    by_time = (reading["cache_write_5m"] or 0) + (reading["cache_write_1h"] or 0)
    if by_time and reading["cache_write"] == by_time:
        # All that was written, which its two parts say once more.
        reading["cache_write"] = None


def _beside(reading: Reading, counts: dict[str, int], side: str, columns: Iterable[str]) -> int:
    """All details of one side, each once, whatever several names it has."""
    others = (name for name in counts if name.startswith(f"{side}_") and name not in MEANING)
    return sum(reading[column] or 0 for column in columns) + sum(counts[name] for name in others if name not in WHOLE)


def _inside(counts: dict[str, int]) -> bool:
    """Whether by their names the details stand inside: OpenInference's, and those of the AI SDK."""
    is_raw = "input" not in counts and any(name in counts for name in ("promptTokens", "inputTokens"))
    return is_raw or any("_details." in name for name in counts)


def _split_by_others(flat: dict[str, Any]) -> list[str]:
    """Parts of the input and the output under names that are new: Langfuse took them out as it did the others."""
    return [name for name in flat if name.startswith(("input_", "output_")) and name not in KNOWN]


def _nested(usage: dict[str, Any]) -> dict[str, Any]:
    """A map with its dotted names as nested entries: Langfuse's maps hold numbers alone."""
    found: dict[str, Any] = {}
    for name, value in usage.items():
        outer, dot, inner = name.partition(".")
        if dot and isinstance(found.get(outer, {}), dict):
            found[outer] = {**found.get(outer, {}), inner: value}
        else:
            found[name] = value
    return found


def _flat(usage: dict[str, Any]) -> dict[str, Any]:
    """A map with its nested entries under dotted names."""
    found: dict[str, Any] = {}
    for name, value in usage.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": held for inner, held in value.items() if not isinstance(held, dict | list)}
        elif value is not None:
            found[name] = value
    return found


def _holds(usage: dict[str, Any], names: Iterable[str]) -> bool:
    return any(isinstance(usage.get(name), int | float) for name in names)


def _first(counts: dict[str, int], names: Iterable[str]) -> int | None:
    return next((counts[name] for name in names if name in counts), None)


def _count(name: str, value: Any) -> int | None:
    """A whole number of tokens; JSON of other programs writes it as ``12`` or ``12.0``, CSV as text."""
    if value is None or value == "":
        return None
    text = str(text_of(value))
    text = text.removesuffix(".0")
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_TOKENS:
        raise Unreadable(f"{shown(name)} is {shown(text)}, not a whole number from 0 to {MOST_TOKENS}")
    return int(text)
