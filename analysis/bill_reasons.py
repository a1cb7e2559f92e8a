"""Why a bill is not what its calls cost: the likeliest reason of each difference, from the figures alone.

A reason is suggested where the amount that it foretells is the difference, to within what the cell allows. First come
reasons that fit every different cell of a model and key, then those that move money from day to day, then those of
single cells. What none fits is not explained; what the log says of doubtful calls is said beside it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from analysis.bill_overlaps import twice_of
from analysis.reconcile import DAY, Bill, Cell, Scope

MISSING_DAY = "the bill has nothing of it"
NEVER_NAMED = "no line of the bill is about it"
DAYS_NOT_NAMED = "no line of the bill is about these days"
NO_CALL = "no call of it is in the log"
OTHER_CURRENCY = "the seller's calls are priced in {currencies}"
NO_PRICE = "no call of it has a price"
REPEATED = "billed twice: lines of the bill repeat others"
DOUBLED = "billed twice: just twice what the calls cost"
CACHED = "cached tokens billed at the input rate"
TIERED = "service tier or batch billed at the standard rate"
HALF = "just half: as a batch or flex tier would be billed"
RETRIES = "retries that the log counts and does not hold"
REPORTED = "as the log reports; the rate card differs"
LATER = "billed on another day: it cancels out within {days}"
ZONE = "time zone of the day: it fits days that begin {when} UTC"
RATIO = "one ratio on all of these days: {more} beyond what the calls cost"
IN_BAND = "within the band of calls under review"
NOT_EXPLAINED = "not explained"
UNEXPLAINED = (IN_BAND, NOT_EXPLAINED, NO_PRICE, NO_CALL)
PENDING = "too fresh to be on the bill, or all of it"
ROUNDING = "rounded line by line"
KINDS = {
    "usage": "a line below 0: a credit",
    "credit": "credit",
    "tax": "tax",
    "fee": "fee",
    "byok": "asked for calls with an own upstream key",
}
LEAST_CELLS = 3
"""Cells from which on a reason that moves or scales all of them is no accident."""
SHIFTS = range(-12, 15)
"""Hours by which zones differ from UTC."""
Hours = Mapping[tuple[str | None, str | None], Sequence[tuple[datetime, int]]]
"""What the calls of each model and key cost, hour by hour (UTC)."""


class Finding(NamedTuple):
    """One thing that a person is to know: cells that have a state and its reason in common."""

    state: str
    """A cell's state, or the kind of lines that are kept apart."""
    model: str | None
    key: str | None
    first: date
    last: date
    days: int
    """On how many days."""
    ours: int
    theirs: int
    calls: int
    why: str
    aside: str
    """What the log says of doubtful calls there."""
    cells: tuple[Cell, ...]

    @property
    def beyond(self) -> int:
        """What is billed beyond what the calls cost."""
        return self.theirs - self.ours


def findings(bill: Bill, hours: Hours | None = None) -> list[Finding]:
    """Everything that a bill says beyond the calls, the largest first; together it is all of the difference."""
    whys = twice = twice_of(bill.cells)
    for series in _series(bill):
        odd = [
            cell
            for cell in series
            if cell.state in ("different", "ours_only", "theirs_only") and cell.about not in twice
        ]
        whys = whys | (_of_series(series, odd, hours) if odd else {})
    missing = [cell for cell in _missing_days(bill) if cell.about not in whys]
    whys = whys | _all(missing, MISSING_DAY)
    gaps = _gaps({cell.about.first for cell in missing})
    named = {(line.model, line.key) for cell in bill.cells for line in cell.lines}
    groups: dict[tuple[str, str | None, str | None, str, date | None], list[Cell]] = {}
    for cell in bill.cells:
        if cell.state != "matched":
            why = whys.get(cell.about) or _of_one_side(cell, bill, named)
            about = (None, None) if why in (MISSING_DAY, PENDING) else (cell.about.model, cell.about.key)
            gap = gaps[cell.about.first] if why == MISSING_DAY else None
            groups.setdefault(("different" if _moves(why) else cell.state, *about, why, gap), []).append(cell)
    found = [_finding(state, (model, key), why, cells) for (state, model, key, why, _), cells in groups.items()]
    found.sort(key=lambda each: -abs(each.beyond))
    return [*found, *_rounding(bill), *_apart(bill)]


def _missing_days(bill: Bill) -> list[Cell]:
    """Days on which nothing at all is billed, of a bill that goes by days."""
    by_day: dict[date, list[Cell]] = {}
    for cell in bill.cells:
        if cell.about.first == cell.about.last:
            by_day.setdefault(cell.about.first, []).append(cell)
    missing = {day for day, cells in by_day.items() if not any(cell.lines for cell in cells)}
    if len(missing) == len(by_day):
        return []
    long = [cell.about for cell in bill.cells if cell.lines and cell.about.first < cell.about.last]
    bare = {day for day in missing if not any(about.first <= day <= about.last for about in long)}
    return [cell for day in bare for cell in by_day[day] if cell.state == "ours_only"]


def _gaps(days: Iterable[date]) -> dict[date, date]:
    """Of each day the first of its stretch: days that follow one another are one gap."""
    found: dict[date, date] = {}
    for day in sorted(days):
        found[day] = found.get(day - DAY, day)
    return found


def _series(bill: Bill) -> Iterator[list[Cell]]:
    """The cells of each model and key, in order of days."""
    groups: dict[tuple[str | None, str | None], list[Cell]] = {}
    for cell in bill.cells:
        groups.setdefault((cell.about.model, cell.about.key), []).append(cell)
    yield from groups.values()


def _of_series(series: Sequence[Cell], odd: Sequence[Cell], hours: Hours | None) -> dict[Scope, str]:
    """Why cells of one model and key differ."""
    different = [cell for cell in odd if cell.state == "different"]
    if different:
        for text, test in TESTS:
            if all(test(cell) for cell in different):
                return _all(different, text)
        if ratio := _ratio(series, different):
            return _all(different, ratio)
    if zone := _zone(series, hours):
        return _all(odd, zone)
    moved = _later(series, odd)
    for cell in different:
        if cell.about not in moved:
            moved[cell.about] = next((text for text, test in TESTS if test(cell)), _unknown(cell))
    return moved


def _unknown(cell: Cell) -> str:
    if cell.hints.unpriced == cell.calls:
        return NO_PRICE
    return IN_BAND if _in_band(cell) else NOT_EXPLAINED


def _in_band(cell: Cell) -> bool:
    """Whether calls under review may cost just so much less or more."""
    reach = cell.hints.low if cell.beyond < 0 else cell.hints.high
    return bool(reach) and abs(cell.beyond) <= abs(reach) + cell.allowed


def _all(cells: Iterable[Cell], why: str) -> dict[Scope, str]:
    return {cell.about: why for cell in cells}


def _near(cell: Cell, beyond: int) -> bool:
    """Whether a foretold amount is the difference; one that the cell would allow anyway foretells nothing."""
    return abs(cell.beyond - beyond) <= cell.allowed and abs(beyond) > cell.allowed


def _repeated(cell: Cell) -> int:
    """What lines ask for that say the same as others of the cell."""
    seen = set[tuple[int, str | None]]()
    again = 0
    for line in cell.lines:
        again += line.pico if (line.pico, line.label) in seen else 0
        seen.add((line.pico, line.label))
    return again


TESTS: tuple[tuple[str, Callable[[Cell], bool]], ...] = (
    (REPEATED, lambda cell: _near(cell, _repeated(cell))),
    (DOUBLED, lambda cell: abs(cell.theirs - 2 * cell.ours) <= 2 * cell.allowed and cell.ours > cell.allowed),
    (HALF, lambda cell: abs(2 * cell.theirs - cell.ours) <= 2 * cell.allowed and cell.ours > 4 * cell.allowed),
    (CACHED, lambda cell: _near(cell, cell.hints.cached)),
    (TIERED, lambda cell: _near(cell, cell.hints.tiered)),
    (RETRIES, lambda cell: _near(cell, cell.hints.retried)),
    (REPORTED, lambda cell: not cell.hints.unreported and _near(cell, cell.hints.reported - cell.ours)),
)


def _ratio(series: Sequence[Cell], different: Sequence[Cell]) -> str | None:
    """The one ratio of theirs to ours that every cell allows, or every one from the first different to the last."""
    both = [cell for cell in series if cell.lines and cell.ours > 0]
    first, last = different[0].about.first, different[-1].about.last
    between = [cell for cell in both if first <= cell.about.first and cell.about.last <= last]
    for cells in (both, between):
        if len(cells) < LEAST_CELLS or len(different) < 2:
            continue
        low = max(Fraction(cell.theirs - cell.allowed, cell.ours) for cell in cells)
        high = min(Fraction(cell.theirs + cell.allowed, cell.ours) for cell in cells)
        if low <= high:
            theirs, ours = sum(cell.theirs for cell in cells), sum(cell.ours for cell in cells)
            hundredths = round((Fraction(theirs, ours) - 1) * 10_000)
            sign = "+" if hundredths > 0 else "-"
            return RATIO.format(more=f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}%")
    return None


def _zone(series: Sequence[Cell], hours: Hours | None) -> str | None:
    """When the bill's days begin, where the same calls by other days are what is billed on each."""
    daily = [cell for cell in series if cell.lines and cell.about.first == cell.about.last]
    if hours is None or len(daily) < LEAST_CELLS or not any(cell.state == "different" for cell in daily):
        return None
    names = {(each.model, each.key) for cell in series for each in cell.days}
    spent = [entry for name in names for entry in hours.get(name, ())]
    begins = [-shift % 24 for shift in SHIFTS if _fits(daily, spent, timedelta(hours=shift))]
    if not begins:
        return None
    # Where few calls lie near a day's end, several hours fit.
    return ZONE.format(when=f"at {', '.join(f'{hour:02d}:00' for hour in sorted(set(begins)))}")


def _fits(daily: Sequence[Cell], spent: Iterable[tuple[datetime, int]], shift: timedelta) -> bool:
    """Whether days that begin so much earlier hold what is billed on each."""
    days: dict[date, int] = {}
    for at, pico in spent:
        day = (at + shift).date()
        days[day] = days.get(day, 0) + pico
    return all(abs(cell.theirs - days.get(cell.about.first, 0)) <= cell.allowed for cell in daily)


def _later(series: Sequence[Cell], odd: Sequence[Cell], most: int = 3) -> dict[Scope, str]:
    """Neighbouring days whose differences cancel out: what is not billed on one is billed on another."""
    found: dict[Scope, str] = {}
    open_ = {cell.about for cell in odd}
    daily = [cell for cell in series if cell.about.first == cell.about.last]
    for place, cell in enumerate(daily):
        for end in range(place + 1, min(place + most + 1, len(daily))):
            run = daily[place : end + 1]
            days = (run[-1].about.first - cell.about.first).days
            if days > most or not {cell.about, run[-1].about} <= open_ or any(each.about in found for each in run):
                continue
            if abs(sum(each.beyond for each in run)) <= sum(each.allowed for each in run):
                text = LATER.format(days=f"{days} day{'' if days == 1 else 's'}")
                found |= _all((each for each in run if each.about in open_), text)
                break
    return found


def _moves(why: str) -> bool:
    return why.startswith((LATER.partition(":")[0], ZONE.partition(":")[0]))


def _of_one_side(cell: Cell, bill: Bill, named: Iterable[tuple[str | None, str | None]]) -> str:
    """Why only one side has it."""
    if cell.state == "pending":
        return PENDING
    if cell.state == "theirs_only":
        in_none = not any(each.ours for each in bill.cells)
        return OTHER_CURRENCY.format(currencies=" and ".join(bill.priced_in)) if bill.priced_in and in_none else NO_CALL
    if cell.state == "different":
        return _unknown(cell)
    is_named = any(model in (None, cell.about.model) and key in (None, cell.about.key) for model, key in named)
    return DAYS_NOT_NAMED if is_named else NEVER_NAMED


def _finding(state: str, about: tuple[str | None, str | None], why: str, cells: list[Cell]) -> Finding:
    days = {day for cell in cells for day in (cell.about.first, cell.about.last)}
    number = len({cell.about.first for cell in cells if cell.about.first == cell.about.last}) or (
        (max(days) - min(days)).days + 1
    )
    return Finding(
        state,
        *about,
        min(days),
        max(days),
        number,
        sum(cell.ours for cell in cells),
        sum(cell.theirs for cell in cells),
        sum(cell.calls for cell in cells),
        why,
        _aside(cells) if why in UNEXPLAINED else "",
        tuple(cells),
    )


def _aside(cells: Sequence[Cell]) -> str:
    """Calls that the log leaves in doubt, and that may be the difference or part of it.

    Those under review may cost less or more than they are taken for, all others only more.
    """
    beyond = sum(cell.beyond for cell in cells)
    reach = sum(cell.hints.low if beyond < 0 else cell.hints.high for cell in cells)
    review = (sum(cell.hints.review for cell in cells) if reach else 0, "under review")
    more = _may_be_more(cells) if beyond > 0 else ()
    return ", ".join(f"{number:,} {what}" for number, what in (review, *more) if number)


def _may_be_more(cells: Sequence[Cell]) -> tuple[tuple[int, str], ...]:
    return (
        (sum(cell.hints.unpriced for cell in cells), "of unknown cost"),
        (sum(cell.hints.without_usage for cell in cells), "without whole usage"),
        (sum(cell.hints.streamed for cell in cells), "of these streamed"),
        (sum(cell.hints.free for cell in cells), "failed and taken as free"),
        (sum(cell.hints.retries for cell in cells), "tried again out of the log's sight"),
    )


def _rounding(bill: Bill) -> list[Finding]:
    """What matched cells are off: no more than each allows."""
    cells = [cell for cell in bill.cells if cell.state == "matched" and cell.beyond]
    return [_finding("matched", (None, None), ROUNDING, cells)] if cells else []


def _apart(bill: Bill) -> list[Finding]:
    """What is compared with nothing, by its kind."""
    found = []
    for kind, why in KINDS.items():
        lines = [line for line in bill.apart if line.kind == kind]
        if lines:
            first, last = min(line.first for line in lines), max(line.last for line in lines)
            billed = sum(line.pico for line in lines)
            days = len({line.first for line in lines})
            found.append(Finding(kind, None, None, first, last, days, 0, billed, 0, why, "", ()))
    return found
