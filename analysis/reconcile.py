"""What a seller bills beside what its calls cost: matched, ours only, theirs only, different; and nothing lost between.

Every line of a bill names what it is about: a seller, days, perhaps a model and a key. Each of our day's costs goes to
the one line that names it most closely, so that nothing is compared twice. What is left on either side is said. The
result is a bridge: what calls cost and every difference add up to what is billed, to the last digit.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from pricing.money import PICO

State = Literal["matched", "different", "ours_only", "theirs_only", "pending"]
DAY = timedelta(days=1)
Period = tuple[date | None, date | None]
"""First and last day that a person asked for; None: as the bill says."""
Answered = Mapping[str, Mapping[date, date]]
"""Of a seller, the days of which all that it bills is known, be it nothing; and when each was asked for."""
UNITS = (PICO // 100, PICO // 1000, PICO // 10_000, PICO // 10**6, PICO // 10**8, 1)
"""The digits that a bill may round to: a cent at the coarsest."""
MOST_OF_A_MONTH = Fraction(3, 4)


class Hints(NamedTuple):
    """What a day's calls hold that may be why a bill differs; amounts are what the bill would be beyond ours."""

    unpriced: int = 0
    """Calls of unknown cost."""
    without_usage: int = 0
    """Calls that did not fail and whose usage is not known, or only in part."""
    streamed: int = 0
    """Of those, how many were streamed."""
    free: int = 0
    """Failed calls that are taken to cost nothing."""
    retries: int = 0
    """Tries that the log counts and does not hold."""
    retried: int = 0
    """What those tries cost if each costs what the last one did."""
    cached: int = 0
    """What cached tokens cost more at the input rate."""
    tiered: int = 0
    """What calls of a service tier or batch cost more, or less below 0, at the standard rate."""
    reported: int = 0
    """What the log reports."""
    unreported: int = 0
    """Calls whose cost the log does not report."""
    confirmed: int = 0
    """Calls whose log says what was billed for them."""
    review: int = 0
    """Calls whose usage can be read in two ways: their cost is a band."""
    low: int = 0
    """How much less those may cost, at most 0."""
    high: int = 0
    """How much more."""

    def plus(self, other: "Hints") -> "Hints":
        """Those of both."""
        return Hints(*(one + two for one, two in zip(self, other, strict=True)))


class Ours(NamedTuple):
    """What the calls of one day cost, of one seller, model and key; without a currency: calls of unknown cost."""

    day: date
    seller: str | None
    model: str | None
    key: str | None
    currency: str | None
    calls: int
    pico: int
    hints: Hints = Hints()


class BillLine(NamedTuple):
    """What a seller asks for: without a model or a key it is about all of them."""

    ref: str
    """Where it stands, for a reader."""
    seller: str
    model: str | None
    key: str | None
    first: date
    last: date
    currency: str
    pico: int
    kind: str = "usage"
    label: str | None = None


class Allowed(NamedTuple):
    """How far a bill may be off, and how late it may be."""

    pico: int = 0
    share: Fraction = Fraction(0)
    """Of what the calls cost."""
    lag_days: int = 3
    """Days after which a call is to be on the bill."""


NOTHING_BUT_ROUNDING = Allowed()
NOBODY: Answered = {}


class Scope(NamedTuple):
    """What a line of a bill is about; lines about the same are compared together."""

    seller: str
    currency: str
    model: str | None
    key: str | None
    first: date
    last: date


class Cell(NamedTuple):
    """One comparison."""

    state: State
    about: Scope
    ours: int
    theirs: int
    calls: int
    allowed: int
    lines: tuple[BillLine, ...]
    days: tuple[Ours, ...]
    hints: Hints

    @property
    def beyond(self) -> int:
        """What is billed beyond what the calls cost."""
        return self.theirs - self.ours


class Bill(NamedTuple):
    """One seller's bill in one currency, beside its calls."""

    seller: str
    currency: str
    first: date
    last: date
    """The days that the bill is taken to be about."""
    unit: int
    """The digit that its lines are rounded to, in pico-units."""
    cells: tuple[Cell, ...]
    apart: tuple[BillLine, ...]
    """Tax, credits, fees, what is asked for calls with an own key: compared with nothing."""
    billed: int
    """All lines."""
    priced_in: tuple[str, ...] = ()
    """Other currencies, in which calls of the seller on these days are priced."""

    def total(self, *states: State) -> int:
        """What is billed beyond ours in the cells of some states."""
        return sum(cell.beyond for cell in self.cells if cell.state in states)

    @property
    def ours(self) -> int:
        """What the calls of these days cost."""
        return sum(cell.ours for cell in self.cells)


class Reconciled(NamedTuple):
    """Every bill, and the calls that no bill is about."""

    bills: tuple[Bill, ...]
    unbilled: tuple[Ours, ...]


def reconcile(  # noqa: PLR0913 - both sides, and the rules
    ours: Iterable[Ours],
    lines: Iterable[BillLine],
    allowed: Allowed = NOTHING_BUT_ROUNDING,
    *,
    period: Period = (None, None),
    today: date | None = None,
    beside: Iterable[BillLine] = (),
    answered: Answered = NOBODY,
) -> Reconciled:
    """Bills beside calls. ``period``: all days from and to these are to be on the bills, whatever their lines name.

    ``beside``: lines that nobody asked for. They are not shown, and what they are about is no other line's.
    ``answered``: where every line's day is one of these, they are the days of the bill, and no other is.
    """
    by_bill, hidden = _by_bill(lines), _by_bill(beside)
    calls = list(ours)
    mine: dict[tuple[str | None, str | None], list[Ours]] = {}
    for each in calls:
        mine.setdefault((each.seller, each.currency), []).append(each)
    bills, used = [], set[Ours]()
    silent = _silent(calls, answered, {seller for seller, _ in (*by_bill, *hidden)})
    for name in sorted({*by_bill, *hidden, *silent}):
        found, of_seller = by_bill.get(name, []), [*mine.get(name, ()), *mine.get((name[0], None), ())]
        elsewhere = _of_lines(of_seller, hidden.get(name, []), found)
        used |= elsewhere
        if found or name in silent:
            rest = [each for each in of_seller if each not in elsewhere]
            due = _due(found, period, answered.get(name[0], {}))
            bill, taken = _bill(name, found, rest, allowed, due, today)
            bills.append(bill._replace(priced_in=_other_currencies(bill, calls)))
            used |= taken
    return Reconciled(tuple(bills), tuple(each for each in calls if each not in used))


def _silent(calls: Iterable[Ours], answered: Answered, billing: set[str]) -> set[tuple[str, str]]:
    """Sellers that were asked and bill nothing at all, with each currency in which their calls are priced."""
    return {
        (each.seller, each.currency)
        for each in calls
        if each.seller and each.currency and each.seller not in billing and each.day in answered.get(each.seller, {})
    }


class _Due(NamedTuple):
    """The days whose calls are to be on a bill."""

    first: date
    last: date
    asked: Mapping[date, date]
    """Days that the seller was asked for, and when."""
    are_all: bool
    """No other day is due."""

    def has(self, day: date) -> bool:
        """Whether a day's calls are to be on it."""
        return day in self.asked if self.are_all else self.first <= day <= self.last

    def fresh(self, last: date, today: date | None, lag_days: int) -> bool:
        """Whether calls up to a day may not have been billed yet when the bill was made."""
        return today is not None and last > min(today, self.asked.get(last, today)) - lag_days * DAY


def _due(lines: Sequence[BillLine], period: Period, answered: Mapping[date, date]) -> _Due:
    usage = _usage(lines) or lines
    since, until = period
    asked = {
        day: on for day, on in answered.items() if (since is None or day >= since) and (until is None or day <= until)
    }
    if asked and all(line.first == line.last and line.first in asked for line in usage):
        return _Due(min(asked), max(asked), asked, True)
    first, last = _stretch(usage)
    return _Due(since or first, until or last, asked, False)


def _other_currencies(bill: Bill, calls: Iterable[Ours]) -> tuple[str, ...]:
    of_seller = (each for each in calls if each.seller == bill.seller and bill.first <= each.day <= bill.last)
    return tuple(sorted({each.currency for each in of_seller if each.currency} - {bill.currency}))


def _by_bill(lines: Iterable[BillLine]) -> dict[tuple[str, str], list[BillLine]]:
    found: dict[tuple[str, str], list[BillLine]] = {}
    for line in lines:
        found.setdefault((line.seller, line.currency), []).append(line)
    return found


def _of_lines(calls: Iterable[Ours], lines: Sequence[BillLine], others: Sequence[BillLine]) -> set[Ours]:
    """The calls that some lines name more closely than others do."""
    scopes = {_scope(line) for line in _usage(lines)}
    places = _places(_usage([*lines, *others]))
    return {each for each in calls if _place_of(each, places) in scopes} if scopes else set()


def _usage(lines: Iterable[BillLine]) -> list[BillLine]:
    """Those that stand beside calls."""
    return [line for line in lines if line.kind == "usage" and line.pico >= 0]


def _bill(  # noqa: PLR0913 - one bill, both its sides, and the rules
    name: tuple[str, str],
    lines: Sequence[BillLine],
    calls: Sequence[Ours],
    allowed: Allowed,
    due: _Due,
    today: date | None,
) -> tuple[Bill, set[Ours]]:
    usage = _usage(lines)
    apart = tuple(line for line in lines if line.kind != "usage" or line.pico < 0)
    unit = unit_of(usage)
    places = _places(usage)
    days: dict[Scope, list[Ours]] = {}
    used = set[Ours]()
    for each in calls:
        place = _place_of(each, places)
        if place is None and each.currency and due.has(each.day):
            place = Scope(*name, each.model, each.key, each.day, each.day)
        if place is not None:
            days.setdefault(place, []).append(each)
            used.add(each)
    by_scope: dict[Scope, list[BillLine]] = {}
    for line in usage:
        by_scope.setdefault(_scope(line), []).append(line)
    cells = [
        _cell(
            about, by_scope.get(about, ()), days.get(about, ()), unit, allowed,
            is_fresh=due.fresh(about.last, today, allowed.lag_days),
        )
        for about in sorted({*by_scope, *days}, key=_order)
    ]  # fmt: skip
    return Bill(*name, due.first, due.last, unit, tuple(cells), apart, sum(line.pico for line in lines)), used


def _cell(  # noqa: PLR0913 - both sides, and the rules
    about: Scope,
    lines: Sequence[BillLine],
    days: Sequence[Ours],
    unit: int,
    allowed: Allowed,
    *,
    is_fresh: bool,
) -> Cell:
    ours, theirs = sum(each.pico for each in days if each.currency), sum(line.pico for line in lines)
    calls, hints = sum(each.calls for each in days), Hints()
    for each in days:
        hints = hints.plus(each.hints)
    # A half is rounded up by some and down by others.
    room = max(len(lines) * max(unit // 2, 1), allowed.pico, round(allowed.share * ours))
    # What nobody can price is no 0 that a bill of next to nothing would match.
    is_known = not calls or hints.unpriced < calls
    state: State = "matched" if abs(theirs - ours) <= room and is_known else "different"
    if theirs + room < ours and is_fresh:
        state = "pending"
    elif not lines and ours > room:
        state = "ours_only"
    elif not calls and theirs > room:
        state = "theirs_only"
    return Cell(state, about, ours, theirs, calls, room, tuple(lines), tuple(days), hints)


def unit_of(lines: Iterable[BillLine]) -> int:
    """The coarsest digit, a cent at most, that every line is a multiple of; in pico-units."""
    amounts = [line.pico for line in lines]
    return next(unit for unit in UNITS if all(pico % unit == 0 for pico in amounts))


def _stretch(lines: Sequence[BillLine]) -> tuple[date, date]:
    """The days that lines are about: a calendar month of which they name most is taken to be whole."""
    first, last = min(line.first for line in lines), max(line.last for line in lines)
    for day, at_start in ((first, True), (last, False)):
        begins, ends = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        named = (min(last, ends) - max(first, begins)).days + 1
        if named > MOST_OF_A_MONTH * ((ends - begins).days + 1):
            first, last = (begins, last) if at_start else (first, ends)
    return first, last


def _places(lines: Iterable[BillLine]) -> dict[tuple[str | None, str | None, date], Scope]:
    """For each model, key and day that lines name, the scope of the closest line: the one about the fewest days."""
    places: dict[tuple[str | None, str | None, date], Scope] = {}
    for about in sorted({_scope(line) for line in lines}, key=lambda about: (about.last - about.first, _order(about))):
        for number in range((about.last - about.first).days + 1):
            places.setdefault((about.model, about.key, about.first + number * DAY), about)
    return places


def _place_of(each: Ours, places: dict[tuple[str | None, str | None, date], Scope]) -> Scope | None:
    """Where a day's cost belongs: a model's line goes before a key's, and both before all that is billed."""
    for model, key in ((each.model, each.key), (each.model, None), (None, each.key), (None, None)):
        found = places.get((model, key, each.day))
        if found:
            return found
    return None


def _scope(line: BillLine) -> Scope:
    return Scope(line.seller, line.currency, line.model, line.key, line.first, line.last)


def _order(about: Scope) -> tuple[object, ...]:
    return (about.first, about.last, about.model or "", about.key or "")
