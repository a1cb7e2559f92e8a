"""Evaluation events: what a judge, a program or a person said of an answer. The explanation is not kept."""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from ingest.redact import is_plain
from ingest.traces.request import Event
from ingest.traces.values import instant

EVENT = "gen_ai.evaluation.result"
PLACE = "gen_ai.evaluation."
MOST_WORDS = 4
"""Of a name or a label: more could be content."""


class Evaluation(NamedTuple):
    """One verdict on one answer."""

    evaluation_key: str
    """Tells it from all others: the same event read again has the same key."""
    name: str
    score: float | None
    label: str | None
    response_id: str | None
    trace_id: str | None
    span_id: str | None
    judged_at: datetime | None


def evaluation_of(event: Event) -> Evaluation | None:
    """The verdict in an event; None where it has neither a score nor a label."""
    found = event.attributes
    name, label = _word(found.get(f"{PLACE}name")), _word(found.get(f"{PLACE}score.label"))
    value = found.get(f"{PLACE}score.value")
    score = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if name is None or (score is None and label is None):
        return None
    answer = _word(found.get("gen_ai.response.id"))
    judged_at = instant(event.at) if event.at else None
    parts = (name, score, label, answer, event.trace_id, event.span_id, event.at)
    key = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    return Evaluation(key, name, score, label, answer, event.trace_id, event.span_id, judged_at)


def _word(value: Any) -> str | None:
    """A plain short word or a few of them; a sentence could be content."""
    text = value if isinstance(value, str) else None
    return text if text and text.count(" ") < MOST_WORDS and is_plain(text.replace(" ", "_")) else None
