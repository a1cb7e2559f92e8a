"""Session files of Codex, its rollouts: a counter of all tokens so far, of which each call is a step.

The counter is written again where nothing was used, copied where a session is forked, and begins anew where it falls.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.clock import parse_time
from ingest.folder_name import project_of
from ingest.problem import Unreadable
from ingest.reading import Reading, read_leaves
from ingest.record import set_time
from ingest.source import About, Sample, Source
from ingest.unknown_usage import unknown_usage, usage_text
from warehouse.reading import Leaf

COUNTS = (
    Leaf("prompt", "count", ("body.input_tokens",)),
    Leaf("cache_read", "count", ("body.cached_input_tokens",)),
    Leaf("cache_write", "count", ("body.cache_write_input_tokens",)),
    Leaf("completion", "count", ("body.output_tokens",)),
    Leaf("reasoning", "count", ("body.reasoning_output_tokens",)),
    Leaf("total", "count", ("body.total_tokens",)),
)
NAMES = tuple(leaf.column for leaf in COUNTS)
LEAVES = (
    *COUNTS,
    Leaf("usage_flavour", "which", ("body.input_tokens",), "openai_responses"),
    Leaf("session_id", "text", ("session.id",)),
    Leaf("task", "text", ("session.id",)),
    Leaf("time_text", "text", ("timestamp",)),
    Leaf("created_text", "text", ("session.timestamp",)),
    Leaf("model_served", "text", ("payload.model", "payload.info.model", "turn.model")),
    Leaf("reasoning_effort", "text", ("turn.effort", "turn.reasoning_effort")),
)
KNOWN = {path.removeprefix("body.") for leaf in COUNTS for path in leaf.paths}
KINDS = {"session_meta", "turn_context", "event_msg", "response_item", "compacted"}
COPIED = timedelta(seconds=1)
"""A helper's session begins with its parent's counts, all written at once: no call answers that soon."""
DIFFERS = "the counter grew by other counts than its last call's"

Counts = dict[str, int | None]


class Rollout:
    """Reads one rollout, line by line: it remembers the session, the turn and the counter."""

    def __init__(self) -> None:
        self.session: dict[str, Any] | None = None
        self.turn: dict[str, Any] = {}
        self.counter: Counts | None = None
        self.copied_until: datetime | None = None

    def __call__(self, value: Any, leaves: Sequence[Leaf], given_time: datetime | None) -> Iterator[Reading]:
        """The call that a line tells of, if it tells of one; raises Unreadable."""
        payload = value.get("payload")
        if not isinstance(payload, dict):
            return
        if value.get("type") == "session_meta":
            self._begin(value, payload)
        elif value.get("type") == "turn_context":
            self.turn = payload
        elif value.get("type") == "event_msg" and payload.get("type") == "token_count":
            yield from self._count(value, payload.get("info"), leaves, given_time)

    def _begin(self, line: dict[str, Any], session: dict[str, Any]) -> None:
        if self.session is not None:
            # A fork's history begins with the session that it was forked from.
            return
        self.session = session
        if "thread_spawn" in str(session.get("source")) and isinstance(line.get("timestamp"), str):
            self.copied_until = parse_time(line["timestamp"])[0] + COPIED

    def _count(
        self, line: dict[str, Any], info: Any, leaves: Sequence[Leaf], given_time: datetime | None
    ) -> Iterator[Reading]:
        if info is None:
            return
        total, last = (_counts(info, name) for name in ("total_token_usage", "last_token_usage"))
        if total is None and last is None:
            raise Unreadable("token_count holds neither total_token_usage nor last_token_usage")
        step = _step(self.counter, total, last)
        self.counter = total or _sum(self.counter, step)
        usage = info.get("last_token_usage") or info["total_token_usage"]
        own = {**line, "session": self.session or {}, "turn": self.turn}
        body = {leaf.paths[0].removeprefix("body."): step[leaf.column] for leaf in COUNTS}
        reading = read_leaves(leaves, own, body)
        set_time(reading, given_time)
        copied = self.copied_until is not None and reading["start_at"] < self.copied_until
        if copied or not any(step.values()):
            return
        if total and last and step != last:
            reading["review_note"] = DIFFERS
        self._set_place(reading)
        reading["key_text"] = "|".join(str(reading[name]) for name in ("start_at", "model_served", *NAMES))
        reading["usage_status"] = "reported"
        reading["raw_usage"] = usage_text(usage)
        reading["unknown_usage"] = unknown_usage(usage, KNOWN)
        yield reading

    def _set_place(self, reading: Reading) -> None:
        """Seller, project and tags: what the session says of all its calls."""
        session = self.session or {}
        provider, git = session.get("model_provider"), session.get("git")
        reading["seller"] = "openai" if provider == "openai" else None
        folder = self.turn.get("cwd") or session.get("cwd")
        reading["project"] = project_of(folder) if isinstance(folder, str) else None
        found = {
            "git_branch": git.get("branch") if isinstance(git, dict) else None,
            "version": session.get("cli_version"),
            "model_provider": None if provider == "openai" else provider,
        }
        reading["tags"] = [(name, text) for name, text in found.items() if isinstance(text, str) and text] or None


def _counts(info: Any, name: str) -> Counts | None:
    """One of the two usage objects of a count; raises Unreadable."""
    usage = info.get(name) if isinstance(info, dict) else info
    if usage is None:
        return None
    if not isinstance(usage, dict):
        raise Unreadable(f"token_count's {name} is no object")
    found = read_leaves(COUNTS, usage, usage)
    if found["prompt"] is None or found["completion"] is None:
        raise Unreadable(f"token_count's {name} lacks input_tokens or output_tokens")
    return {column: found[column] for column in NAMES}


def _step(before: Counts | None, total: Counts | None, last: Counts | None) -> Counts:
    """What was used since the counter was last seen."""
    if total is None or (last is not None and (before is None or _falls(before, total))):
        # At the beginning of a file and after a fall, what was counted before is not this call's.
        assert last is not None
        return last
    if before is None or _falls(before, total):
        return total
    return {name: None if count is None else count - (before[name] or 0) for name, count in total.items()}


def _falls(before: Counts, total: Counts) -> bool:
    return any((total[name] or 0) < (before[name] or 0) for name in NAMES)


def _sum(before: Counts | None, step: Counts) -> Counts:
    if before is None:
        return step
    return {name: None if count is None else count + (before[name] or 0) for name, count in step.items()}


def _recognises(sample: Sample) -> bool:
    return sample.shape == "lines" and any(
        record.get("type") in KINDS and isinstance(record.get("payload"), dict) for record in sample.records
    )


SOURCE = Source(
    name="codex",
    title="Session files of Codex, from ~/.codex/sessions",
    recognises=_recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    begin=Rollout,
    bundled=True,
    about=About(
        gives="tokens of each call as steps of a counter, cached and reasoning, session, effort, project's folder; "
        "no answer's id, no latency, no failures",
        flavour="openai_responses: cached tokens inside the input, reasoning inside the output",
        verified="lines of several versions as fixtures show them",
    ),
)
