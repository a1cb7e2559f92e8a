"""Our cards against a registry: at one instant, each of its prices agrees, differs, or is missing here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from pricing.call_terms import dated_name
from pricing.card_model import Entry
from pricing.card_terms import STANDARD
from pricing.cells import ANY, Cell, cells_of
from pricing.meters import METERS, UNIT_METERS
from pricing.rates import Rate, to_naive
from pricing.registries.entries import Since, entry_of
from pricing.registries.quote import Quote
from pricing.spans import Span, spans

Kind = Literal["agree", "differ", "missing"]


class Row(NamedTuple):
    """One figure that differs, in pico-units per token or unit; None: we have none for calls of these terms."""

    terms: str
    """Which calls: ``batch``, ``from 200,001 tokens``; empty for ordinary ones."""
    meter: str
    ours: int | None
    theirs: int


class Verdict(NamedTuple):
    """What became of one price of a registry."""

    quote: Quote
    at: datetime
    """The instant of the comparison, naive UTC."""
    kind: Kind
    rate: Rate | None
    """Our rate for ordinary calls, whatever it says."""
    rows: tuple[Row, ...]


class Ours:
    """The rates in force, by model string and instant."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        known = list(rates)
        self._rates = {rate.digest: rate for rate in sorted(known, key=lambda rate: rate.precedence)}
        self._spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for span in spans(known):
            if span.org == ANY and span.team == ANY and span.region == ANY:
                self._spans[span.seller, span.model].append(span)
        self.sellers = frozenset(rate.seller for rate in known)

    def find(self, seller: str, model: str, cell: Cell, *, at: datetime) -> list[Rate]:
        """The rates of calls in a cell: several where our hours or sizes are finer than the cell's."""
        held = [
            span.digest
            for span in self._of(seller, model)
            if span.valid_from <= at < span.valid_until
            and span.tier == cell.tier
            and span.context_from < cell.context_until
            and cell.context_from < span.context_until
            and (span.zone is None or any(span.week_from < end and begin < span.week_until for begin, end in cell.week))
        ]
        return [self._rates[digest] for digest in dict.fromkeys(held)]

    def offers(self, seller: str, model: str, *, at: datetime) -> tuple[frozenset[str], frozenset[str]]:
        """The service tiers of a model, and the meters of its standard tier."""
        held = [span for span in self._of(seller, model) if span.valid_from <= at < span.valid_until]
        standard = [self._rates[span.digest].pico for span in held if span.tier == STANDARD]
        priced = {meter for pico in standard for meter, figure in zip(METERS, pico, strict=True) if figure is not None}
        return frozenset(span.tier for span in held), frozenset(map(str, priced))

    def in_force(self, at: datetime) -> list[Rate]:
        """The standard rate of every model at an instant."""
        names = {(span.seller, span.digest) for held in self._spans.values() for span in held if _holds(span, at)}
        return [rate for rate in self._rates.values() if (rate.seller, rate.digest) in names]

    def _of(self, seller: str, model: str) -> Sequence[Span]:
        return self._spans.get((seller, model)) or self._spans.get((seller, dated_name(model)), [])


def compare(ours: Ours, quote: Quote, at: datetime) -> Verdict:
    """One price against our rates at an instant (naive UTC). What the registry does not price is no difference."""
    entry = Entry.model_validate(entry_of(quote, Since(quote.valid_from or _EARLY, _EARLY.date())))
    standard = ours.find(quote.seller, quote.model, Cell(), at=at)
    if not standard:
        return Verdict(quote, at, "missing", None, tuple(_rows_of_all(entry)))
    rows: dict[Row, None] = {}
    for priced in cells_of(entry):
        found = ours.find(quote.seller, quote.model, priced.cell, at=at)
        rows |= dict.fromkeys(row for rate in found for row in _rows(entry, priced.cell, priced.pico, rate))
        if not found:
            rows |= dict.fromkeys(_rows(entry, priced.cell, priced.pico, None))
    return Verdict(quote, at, "differ" if rows else "agree", standard[0], tuple(rows))


def in_force(quotes: Iterable[Quote], at: datetime) -> list[Quote]:
    """What a registry says of an instant; a price without a first day holds before its end, or always."""
    return [
        quote
        for quote in quotes
        if (quote.valid_from is None or to_naive(quote.valid_from) <= at)
        and (quote.valid_until is None or at < to_naive(quote.valid_until))
        and (quote.per_mtok or quote.per_unit)
    ]


def terms_of(cell: Cell) -> str:
    """Which calls a cell is about, in words."""
    parts = [cell.tier if cell.tier != STANDARD else "", cell.window or ""]
    parts.append(f"from {cell.context_from:,} tokens" if cell.context_from else "")
    return ", ".join(part for part in parts if part)


_EARLY = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def _rows_of_all(entry: Entry) -> Iterator[Row]:
    for priced in cells_of(entry):
        yield from _rows(entry, priced.cell, priced.pico, None)


def _rows(entry: Entry, cell: Cell, pico: Sequence[int | None], rate: Rate | None) -> Iterator[Row]:
    asked = {*entry.per_mtok, *entry.per_unit}
    terms = terms_of(cell if rate is None else _narrower(cell, rate.cell))
    same_money = rate is None or rate.currency == entry.currency
    for place, meter in enumerate(METERS):
        theirs = pico[place]
        if meter not in asked or theirs is None or (meter in UNIT_METERS and terms_of(cell)):
            continue
        ours = None if rate is None else rate.pico[place]
        if ours != theirs or not same_money:
            yield Row(terms, meter, ours, theirs)


def _narrower(cell: Cell, ours: Cell) -> Cell:
    """The calls that both cells are about."""
    return cell._replace(
        context_from=max(cell.context_from, ours.context_from),
        window=cell.window or ours.window,
    )


def _holds(span: Span, at: datetime) -> bool:
    return span.valid_from <= at < span.valid_until and span.tier == STANDARD and span.context_from == 0
