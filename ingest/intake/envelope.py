"""Envelopes without what was asked and answered: of a request its names and numbers, of an answer what it reports."""

from collections.abc import Iterator
from typing import Any

from ingest.capture import is_report
from ingest.chat import ENVELOPE_KEY, LEAVES
from ingest.intake.kept import Tree, address, counts, failure, first, pick, tags, tree_of, word
from ingest.problem import Unreadable, kind_of
from ingest.record import ENVELOPE_KEYS, answers_of

NO_ENVELOPE = "no envelope: it has neither a request nor a response, and no error with a time"
FINISH: Tree = {"finish_reason": word, "finishReason": word}
ANSWER: Tree = {
    **tree_of(LEAVES, inside=True),
    **dict.fromkeys(("type", "stop_reason", "stopReason", "generation_id", "modelId"), word),
    **dict.fromkeys(("responseId", "response_id", "modelVersion", "model_version", "createTime", "create_time"), word),
    **dict.fromkeys(("usage", "usageMetadata", "usage_metadata", "meta"), counts),
    "choices": first(FINISH),
    "candidates": first({**FINISH, "finish_reason": word}),
    "promptFeedback": {"blockReason": word},
    "ResponseMetadata": {"RequestId": word},
    "serviceTier": {"type": word},
    "performanceConfig": {"latency": word},
    "error": failure,
}
"""What is read of an answer, on any surface."""
KEPT: Tree = {
    **tree_of(LEAVES),
    **dict.fromkeys(("schema", "record", "logical_call", "api_path", "ended", "dropped", "since"), word),
    "features": tags,
    "sizes": counts,
    "base_url": address,
    "error": failure,
    ENVELOPE_KEY: ANSWER,
}
"""What is read of an envelope: its own fields, of the request what the reader names, of the answer the above."""


def envelope_lines(record: Any) -> Iterator[dict[str, Any]]:
    """What is kept of one envelope: of a captured stream a line for each answer in it. Raises Unreadable."""
    if not isinstance(record, dict):
        raise Unreadable(f"{kind_of(record)} stands here, not an object")
    if not (ENVELOPE_KEYS & record.keys() or ("time" in record and "error" in record) or is_report(record)):
        raise Unreadable(NO_ENVELOPE)
    own = pick({name: value for name, value in record.items() if name != ENVELOPE_KEY}, KEPT)
    for answer in answers_of(record.get(ENVELOPE_KEY)):
        line = {**own, ENVELOPE_KEY: pick(answer.body, ANSWER)} if answer.body or ENVELOPE_KEY in record else dict(own)
        if answer.complete is not None:
            line["request"] = {**line.get("request", {}), "stream": True}
            line["ended"] = answer.complete
        yield line
