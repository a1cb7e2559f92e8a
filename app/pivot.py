"""Puts rows of cost into a table with totals. Sums are exact; a ratio is one of sums, never an average of ratios."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.explore_view import View
    from warehouse.cost import CostRow

Key = Hashable
"""A value of a dimension, None where the log says none; where time goes across, when a stretch begins."""
Value = int | Fraction | None
MTOK = 10**6


class Sums(NamedTuple):
    """What the rows of a cell add up to; ``cost`` in pico-units, None where none is known."""

    cost: int | None = None
    requests: int = 0
    unpriced: int = 0
    errors: int = 0
    review: int = 0
    input: int = 0
    cache_read: int = 0
    cache_written: int = 0
    output: int = 0
    reasoning: int = 0

    @property
    def tokens_in(self) -> int:
        """Input, cached and written to a cache included."""
        return self.input + self.cache_read + self.cache_written

    @property
    def tokens(self) -> int:
        """Input and output."""
        return self.tokens_in + self.output

    def with_row(self, row: "CostRow") -> "Sums":
        """These sums and a row's."""
        cost = self.cost if row.cost is None else (self.cost or 0) + row.cost
        return Sums(cost, *(getattr(self, name) + getattr(row, name) for name in Sums._fields[1:]))


class Measure(NamedTuple):
    """What can be asked for: its unit, and how it follows from sums."""

    label: str
    unit: str
    """``money`` (pico-units), ``calls``, ``tokens`` or ``share`` (a fraction of 1)."""
    help: str
    of: Callable[[Sums], Value]


class Others(NamedTuple):
    """The key of what is shown as one: so many rows or columns that are not shown by themselves."""

    number: int


class Cell(NamedTuple):
    """One figure: None where nothing is known; ``unknown`` calls, whose cost nobody knows, are not in it."""

    value: Value
    unknown: int
    sums: Sums


class Table(NamedTuple):
    """Figures by rows and columns, with totals. Amounts are of one currency; other figures are of all calls."""

    currency: str | None
    rows: tuple[Key, ...]
    columns: tuple[Key, ...]
    """None: only the totals of rows are there."""
    cells: dict[tuple[Key, Key], Cell]
    row_totals: dict[Key, Cell]
    column_totals: dict[Key, Cell]
    total: Cell


class Pivot(NamedTuple):
    """What a view shows: a table for each currency where it is about money, else one."""

    view: "View"
    measure: Measure
    tables: tuple[Table, ...]


def _per(cost: int | None, number: int, times: int = 1) -> int | None:
    """A cost for each of a number of things, rounded half-even to a pico-unit."""
    return None if cost is None or number == 0 else round(Fraction(cost * times, number))


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


MEASURES = {
    "cost": Measure("Cost", "money", "Tokens times the rate in force when the call began.", lambda s: s.cost),
    "requests": Measure("Requests", "calls", "Calls, failed ones included.", lambda s: s.requests),
    "tokens": Measure("Tokens", "tokens", "Input, cached input and output.", lambda s: s.tokens),
    "input": Measure("Uncached input", "tokens", "Input that came from no cache and went to none.", lambda s: s.input),
    "cache_read": Measure("Tokens from cache", "tokens", "Input read from a cache.", lambda s: s.cache_read),
    "cache_written": Measure("Tokens to cache", "tokens", "Input written to a cache.", lambda s: s.cache_written),
    "output": Measure("Output tokens", "tokens", "Output, reasoning included.", lambda s: s.output),
    "reasoning": Measure("Reasoning tokens", "tokens", "Output spent on reasoning.", lambda s: s.reasoning),
    "cost_per_request": Measure(
        "Cost per request", "money", "Cost over the calls whose cost is known.", lambda s: _per(s.cost, s.requests)
    ),
    "cost_per_mtok": Measure(
        "Cost per 1M tokens",
        "money",
        "Cost over all tokens of the calls whose cost is known.",
        lambda s: _per(s.cost, s.tokens, MTOK),
    ),
    "cache_share": Measure(
        "Cache share", "share", "Input read from a cache, of all input.", lambda s: _share(s.cache_read, s.tokens_in)
    ),
    "failed": Measure("Failed requests", "calls", "Calls that ended with an error.", lambda s: s.errors),
    "failed_share": Measure(
        "Failed share", "share", "Failed calls, of all calls.", lambda s: _share(s.errors, s.requests)
    ),
    "unpriced": Measure(
        "Requests of unknown cost", "calls", "Calls for which no price is known.", lambda s: s.unpriced
    ),
    "known_share": Measure(
        "Known share",
        "share",
        "Calls whose cost is known, of all calls.",
        lambda s: _share(s.requests - s.unpriced, s.requests),
    ),
    "review": Measure("Requests under review", "calls", "Calls whose counts do not add up.", lambda s: s.review),
}
"""What can be measured, by the name that addresses and saved views have."""


def pivot(
    rows: "Iterable[CostRow]", view: "View", *, most_rows: int | None = None, most_columns: int | None = None
) -> Pivot:
    """The table of a view, from what ``explored`` answers of its dimensions and step.

    Time goes across where the view has no columns. Rows and columns beyond the most that are wanted are shown as one,
    and add up with the others; stretches of time never are.
    """
    measure = MEASURES[view.measure]
    keyed = [(_key(row, view), row) for row in rows]
    # What has no price is in no currency: it is counted beside each.
    priced = sorted({row.currency for _, row in keyed if row.currency is not None})
    currencies: list[str | None] = [*priced]
    if measure.unit != "money" or not currencies:
        currencies = [None]
    is_time = view.columns is None
    most = (most_rows, None if is_time else most_columns)
    return Pivot(view, measure, tuple(_table(keyed, view, currency, most) for currency in currencies))


def over_time(rows: "Iterable[CostRow]", view: "View", *, most_rows: int | None = None) -> Pivot:
    """The rows of a view by its step, whatever its columns: what a chart over time shows."""
    short = [row._replace(group=row.group[:2]) for row in rows]
    return pivot(short, view._replace(columns=None), most_rows=most_rows)


def _key(row: "CostRow", view: "View") -> tuple[Key, Key]:
    values = row.group[1:] if view.step else row.group
    if view.columns:
        return values[0], values[1]
    return values[0], row.group[0] if view.step else None


def _table(
    keyed: "Sequence[tuple[tuple[Key, Key], CostRow]]",
    view: "View",
    currency: str | None,
    most: tuple[int | None, int | None],
) -> Table:
    cells = _Cells(MEASURES[view.measure], currency)
    for key, row in keyed:
        cells.add(key, row)
    row_keys, row_names = _ordered(cells.totals(0), most[0])
    column_keys, column_names = _ordered(cells.totals(1), most[1], by_time=view.columns is None)
    folded = cells.renamed(row_names, column_names)
    has_columns = bool(view.columns or view.step)
    return Table(
        currency,
        row_keys,
        column_keys if has_columns else (),
        folded.cells() if has_columns else {},
        folded.totals(0),
        folded.totals(1) if has_columns else {},
        folded.total(),
    )


def _ordered(
    totals: dict[Key, Cell], most: int | None, *, by_time: bool = False
) -> tuple[tuple[Key, ...], dict[Key, Key]]:
    """Keys, greatest first or in time, and the key that each is shown under."""
    if by_time:
        return tuple(sorted(totals, key=_time)), {key: key for key in totals}
    keys = sorted(totals, key=lambda key: _rank(key, totals[key]))
    if most is None or len(keys) <= most:
        return tuple(keys), {key: key for key in keys}
    others = Others(len(keys) - most)
    return (*keys[:most], others), {key: key if place < most else others for place, key in enumerate(keys)}


def _rank(key: Key, cell: Cell) -> tuple[bool, Fraction, bool, str]:
    return cell.value is None, -Fraction(cell.value or 0), key is None, str(key)


def _time(key: Key) -> tuple[bool, date]:
    return (True, key) if isinstance(key, date) else (False, date.min)


class _Cells:
    """Sums by key of one table, of rows with its currency and, counted apart, of those without a price."""

    def __init__(self, measure: Measure, currency: str | None) -> None:
        self.measure = measure
        self.currency = currency
        self.sums: dict[tuple[Key, Key], Sums] = {}
        self.unknown: dict[tuple[Key, Key], int] = {}

    def add(self, key: tuple[Key, Key], row: "CostRow") -> None:
        if self.measure.unit != "money" or (row.currency == self.currency and row.cost is not None):
            self.sums[key] = self.sums.get(key, Sums()).with_row(row)
        if self.measure.unit == "money" and row.unpriced:
            self.unknown[key] = self.unknown.get(key, 0) + row.unpriced
            self.sums.setdefault(key, Sums())

    def renamed(self, rows: dict[Key, Key], columns: dict[Key, Key]) -> "_Cells":
        return self._merged(lambda key: (rows[key[0]], columns[key[1]]))

    def cells(self) -> dict[tuple[Key, Key], Cell]:
        return {key: self._cell(key) for key in self.sums}

    def totals(self, place: int) -> dict[Key, Cell]:
        merged = self._merged(lambda key: (key[place], None))
        return {key: merged._cell((key, None)) for key, _ in merged.sums}

    def total(self) -> Cell:
        merged = self._merged(lambda _: (None, None))
        return merged._cell((None, None))

    def _merged(self, to: Callable[[tuple[Key, Key]], tuple[Key, Key]]) -> "_Cells":
        merged = _Cells(self.measure, self.currency)
        for key, sums in self.sums.items():
            other = merged.sums.get(to(key), Sums())
            merged.sums[to(key)] = _added(other, sums)
        for key, unknown in self.unknown.items():
            merged.unknown[to(key)] = merged.unknown.get(to(key), 0) + unknown
        return merged

    def _cell(self, key: tuple[Key, Key]) -> Cell:
        sums = self.sums.get(key, Sums())
        return Cell(self.measure.of(sums), self.unknown.get(key, 0), sums)


def _added(one: Sums, other: Sums) -> Sums:
    cost = one.cost if other.cost is None else (one.cost or 0) + other.cost
    return Sums(cost, *(a + b for a, b in zip(one[1:], other[1:], strict=True)))
