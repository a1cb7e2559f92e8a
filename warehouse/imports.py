"""What the page of imports asks: files, lines not read, calls that need a person, calls seen twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.cost import CostRow, cost_by
from warehouse.sqlfiles import sql


class ImportTotals(NamedTuple):
    """The figures at the head of the page."""

    files: int
    calls: int
    rejected: int
    unpriced: int
    """Calls of unknown cost about which something can be done."""
    review: int
    need_a_person: int
    """Calls that are one of these or both."""


class ImportedFile(NamedTuple):
    """One loaded file; ``read`` is its records and the lines that could not be read."""

    path: str
    source: str
    loaded_at: datetime
    lines: int
    read: int
    loaded: int
    replaced: int
    already_there: int
    rejected: int
    unpriced: int
    needs_review: int
    first_at: datetime | None
    last_at: datetime | None
    file_bytes: int
    demo: bool


class RejectKind(NamedTuple):
    """Lines that could not be read for one kind of reason; ``kind`` is its place among the kinds asked for, from 1."""

    kind: int
    """0: the reason is of none of them."""
    lines: int
    files: int
    first_path: str
    first_line: int
    first_reason: str


class RejectedLine(NamedTuple):
    """One line that could not be read."""

    path: str
    line: int
    reason: str
    text: str


class ReviewReason(NamedTuple):
    """Calls under review for one reason in one currency; amounts in pico-units, None where the cost is unknown."""

    reason: str
    currency: str | None
    calls: int
    cost: int | None
    cost_low: int | None
    cost_high: int | None


class ReviewCall(NamedTuple):
    """One call under review."""

    start_at: datetime
    seller: str | None
    model: str | None
    reason: str
    check_gap: int | None
    currency: str | None
    cost: int | None
    cost_low: int | None
    cost_high: int | None
    raw_usage: str | None
    path: str
    line: int


class SightingPair(NamedTuple):
    """Calls counted in one source and also seen in another; the two sums are over the ``compared`` ones."""

    counted_in: str
    seen_in: str
    currency: str | None
    reported_currency: str | None
    calls: int
    compared: int
    cost: int | None
    cost_reported: int | None
    reported_alone: int | None
    """What the other source reports for calls whose cost by rates is unknown."""


class Imports(NamedTuple):
    """The answers of the page of imports."""

    totals: ImportTotals
    files: list[ImportedFile]
    rejects: list[RejectKind]
    unpriced: list[CostRow]
    """Calls of unknown cost by reason, seller and model, most calls first."""
    reviews: list[ReviewReason]
    sightings: list[SightingPair]


def read_imports(reader: Reader, kinds: Sequence[Sequence[str]]) -> Imports:
    """Everything that was loaded; rejects are of the first kind of which a pattern, as of SQL's ``like``, fits."""
    (totals,) = reader.rows(sql("import_totals"))
    unpriced = [row for row in cost_by(reader, ("unpriced_reason", "seller", "model")) if row.unpriced]
    return Imports(
        totals=ImportTotals(*map(int, totals)),
        files=[ImportedFile(*row) for row in reader.rows(sql("import_files"))],
        rejects=reject_kinds(reader, kinds),
        unpriced=sorted(unpriced, key=lambda row: -row.unpriced),
        reviews=[
            ReviewReason(reason, currency, calls, *map(_whole, sums))
            for reason, currency, calls, *sums in reader.rows(sql("review_reasons"))
        ],
        sightings=[
            SightingPair(*names, *map(_whole, sums))
            for row in reader.rows(sql("sighting_pairs"))
            for names, sums in [(row[:6], row[6:])]
        ],
    )


def reject_kinds(reader: Reader, kinds: Sequence[Sequence[str]]) -> list[RejectKind]:
    """Why lines could not be read, most lines first; each is of the first kind of which a pattern fits."""
    return [RejectKind(*row) for row in reader.rows(sql("reject_kinds"), {"kinds": _lists(kinds)})]


def rejected_lines(
    reader: Reader, kinds: Sequence[Sequence[str]], kind: int | None = None, top: int | None = None
) -> list[RejectedLine]:
    """Lines that could not be read, of one kind or of all, file by file."""
    values = {"kinds": _lists(kinds), "kind": kind, "top": top}
    return [RejectedLine(*row) for row in reader.rows(sql("reject_lines"), values)]


def review_calls(reader: Reader, top: int) -> list[ReviewCall]:
    """Calls under review, those whose readings are widest apart first."""
    return [ReviewCall(*row) for row in reader.rows(sql("review_calls"), {"top": top})]


def _lists(kinds: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(patterns) for patterns in kinds]


def _whole(amount: object) -> int | None:
    return None if amount is None else int(str(amount))
