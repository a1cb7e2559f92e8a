"""Verdicts on answers: what evaluation events said, and of which calls."""

from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.sqlfiles import sql


class Verdict(NamedTuple):
    """One verdict. ``record_key`` and what follows are of the call that it is about; None where no log has it."""

    judged_at: datetime | None
    name: str
    score: float | None
    label: str | None
    response_id: str | None
    trace_id: str | None
    span_id: str | None
    source: str
    file: str
    record_key: str | None
    model: str | None
    task: str | None
    currency: str | None
    cost: int | None
    """Pico-units of the currency."""


def list_verdicts(reader: Reader, top: int | None = None) -> tuple[Verdict, ...]:
    """The verdicts, newest first; ``top`` of them."""
    return tuple(Verdict(*row) for row in reader.rows(sql("list_evaluations"), {"top": top}))
