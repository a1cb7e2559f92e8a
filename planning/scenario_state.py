"""One state of a scenario: the calls after some of its changes, each piece with what it then costs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from planning.scenario import Scenario, ScenarioError
from planning.scenario_cells import Calls
from planning.scenario_changes import Discount, Rates
from planning.scenario_pieces import CACHE_READ, INPUT, Facts, Piece, exact, is_about, pieces_after
from planning.scenario_rates import CACHE_METERS, Finder
from pricing.cells import round_pico
from pricing.cost import FEES, NEGATIVE, no_meter_rate
from pricing.meters import BASE_METER, METERS
from pricing.money import parse_rate, parse_unit_rate

NO_TOKENS = (0,) * len(METERS)
CACHES = tuple(METERS.index(meter) for meter in METERS if meter in CACHE_METERS)


class Money(NamedTuple):
    """In which currency amounts are added up."""

    target: str | None = None
    """None: each in its own."""
    rates: Mapping[str, Fraction] = {}
    """So many of the target for one of a currency; one that is missing stays as it is."""

    def of(self, currency: str | None) -> str | None:
        """The currency that amounts of one are added up in; of nothing there may be none."""
        return None if currency is None else self.converted(currency, Fraction())[0]

    def converted(self, currency: str, pico: Fraction) -> tuple[str, Fraction]:
        """An amount in the target, where there is a rate."""
        if self.target is None or currency == self.target or currency not in self.rates:
            return currency, pico
        return self.target, pico * self.rates[currency]


class Priced(NamedTuple):
    """A piece and what it costs; ``cost`` in pico-units of ``currency``, None: unknown."""

    piece: Piece
    currency: str | None
    cost: Fraction | None
    reason: str | None
    digest: str | None
    """Of the rate that priced it."""


class Figures(NamedTuple):
    """What a piece is charged by."""

    digest: str
    currency: str
    pico: tuple[int | None, ...]


class Question(NamedTuple):
    """What is asked of some calls."""

    calls: Sequence[Calls]
    scenario: Scenario
    finder: Finder
    facts: Facts
    money: Money = Money()


class State(NamedTuple):
    """The calls of a question after some changes."""

    priced: list[Priced]
    idle: set[int]
    """Changes that were about no call, by place in the document."""
    shares: dict[int, Fraction]
    """By cache change, the share that was read from the cache before it."""


def state_of(
    asked: Question,
    numbers: Collection[int],
    *,
    is_repriced: bool,
    is_last: bool = False,
    shares: Mapping[int, Fraction] | None = None,
) -> State:
    """The state after the changes with these places in the document.

    Not repriced: what has not moved costs what it was billed by. In the last state a change that a seller's rates do
    not allow raises ScenarioError; in one on the way there, calls that have no rate any more keep the one they had.
    ``shares`` are those of cache changes where they are taken from other calls than these.
    """
    taken = [(number, change) for number, change in asked.scenario.ordered() if number in numbers]
    priced_by = [(number, change) for number, change in taken if isinstance(change, Rates | Discount)]
    known = dict(shares or {})
    usage = [pair for pair in taken if pair not in priced_by]
    pieces, idle = pieces_after(asked.calls, usage, asked.facts, known)
    others = [change for _, change in priced_by if isinstance(change, Rates | Discount)]
    pricing = _Pricing(asked, others, is_repriced, is_last)
    priced = [pricing.of(piece) for piece in pieces]
    idle |= {number for number, change in priced_by if not any(is_about(change.where, piece) for piece in pieces)}
    return State(priced, idle, known)


class _Pricing:
    def __init__(self, asked: Question, others: Iterable[Rates | Discount], is_repriced: bool, is_last: bool) -> None:
        self.asked = asked
        self.others = list(others)
        self.is_repriced = is_repriced
        self.is_last = is_last

    def of(self, piece: Piece) -> Priced:
        """What a piece costs."""
        calls = piece.calls
        if calls.kind == "free":
            return Priced(piece, self.asked.money.of(calls.currency), Fraction(), None, None)
        if calls.kind == "unknown":
            return Priced(piece, None, None, calls.reason, None)
        figures = self._figures(piece)
        if figures is None:
            return Priced(piece, None, None, self._missing(piece), None)
        total = 0
        for meter, count, pico in zip(METERS, piece.counts, figures.pico, strict=True):
            if count and pico is None and meter not in FEES:
                return Priced(piece, None, None, no_meter_rate(meter), None)
            total += count * (pico or 0)
        if total < 0:
            return Priced(piece, None, None, NEGATIVE, None)
        currency, cost = self.asked.money.converted(figures.currency, Fraction(total, piece.over))
        return Priced(piece, currency, cost, None, figures.digest)

    def _missing(self, piece: Piece) -> str:
        if not piece.place.is_moved and piece.calls.reason is not None:
            return piece.calls.reason
        return self.asked.finder.missing(piece.place, piece.tier)

    def _figures(self, piece: Piece) -> Figures | None:
        billed = piece.calls.billed
        home = None if billed is None else Figures(billed.digest, billed.currency, billed.pico)
        if not self.is_repriced and not piece.place.is_moved:
            return self._cached(piece, home)
        rate = self.asked.finder.find(piece.calls.terms, piece.place, piece.tier)
        found = None if rate is None else Figures(rate.digest, rate.currency, rate.pico)
        if found is None and not piece.place.is_moved and not self.is_last:
            found = home
        if self.is_repriced:
            for change in self.others:
                if is_about(change.where, piece):
                    found = changed(found, change)
        return self._cached(piece, found)

    def _cached(self, piece: Piece, figures: Figures | None) -> Figures | None:
        """What a seller has no price for is input to it, of calls that moved there or were given a cache share."""
        if figures is None or not (piece.place.is_moved or piece.is_cached):
            return figures
        read, fresh = figures.pico[CACHE_READ], figures.pico[INPUT]
        if piece.is_cached and self.is_last and (read is None or read == fresh != 0) and any(piece.counts):
            how = "nothing that is read from a cache" if read is None else "what is read from a cache as input"
            name = f"{piece.place.model} at {piece.place.seller}"
            raise ScenarioError(
                f"{name}: its rates price {how}, so a cache share saves nothing there: narrow the where"
            )
        if not piece.place.is_moved and self.is_last:
            return figures
        pico = [fresh if number in CACHES and value is None else value for number, value in enumerate(figures.pico)]
        return figures._replace(pico=tuple(pico))


def changed(figures: Figures | None, change: Rates | Discount) -> Figures | None:
    """Figures after a change of rates; None where there are none, and the change brings none of its own."""
    if isinstance(change, Discount):
        left = 1 - exact(change.percent_off) / 100
        return figures and figures._replace(
            pico=tuple(None if pico is None else round_pico(pico * left) for pico in figures.pico)
        )
    named = {str(meter): parse_rate(figure) for meter, figure in change.per_mtok.items()}
    named |= {str(meter): parse_unit_rate(figure) for meter, figure in change.per_unit.items()}
    if change.currency is not None:
        figures = Figures("", change.currency, (None,) * len(METERS))
    if figures is None:
        return None
    was = dict(zip((str(meter) for meter in METERS), figures.pico, strict=True))
    now = was | named
    for meter, base in BASE_METER.items():
        # What was priced as its base goes on being so.
        if meter not in named and was[meter] == was[base]:
            now[meter] = now[base]
    return figures._replace(pico=tuple(now[str(meter)] for meter in METERS))
