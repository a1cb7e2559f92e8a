"""Credit paid in advance: what is left of it, the day it runs out, and what makes it last.

What is left today is top-ups and adjustments less what was billed. A balance that the seller showed is taken for the
truth: what ours differed by is the adjustment of that reading, so that calls found later for a time before it change
the adjustment, and not what is left. Credit that expires first is used first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from planning.course import NANO_IN_PICO, Nano

DAY = timedelta(days=1)
EARLY, MIDDLE, LATE = 0.1, 0.5, 0.9
"""The band holds four paths of five: one of ten runs out before it, one of ten after it."""
SURE = 0.9
"""How sure a top-up is to last."""


class Credit(NamedTuple):
    """A top-up and the billing day that it belongs to."""

    day: date
    at: datetime
    pico: int
    expires: date | None = None


class Shown(NamedTuple):
    """A balance that the seller showed, with what was billed on its day before it."""

    day: date
    at: datetime
    pico: int
    billed_before: int = 0
    unpriced_before: int = 0
    day_left: Fraction = Fraction(0)
    """How much of its day came after it."""
    number: int = 0
    """Its own, which tells readings of one moment apart."""


class Adjusted(NamedTuple):
    """What a reading said, and what ours was."""

    shown: Shown
    ours: int | None
    """None: it is the first that is known of the account."""

    @property
    def difference(self) -> int:
        """What was added to ours; the first reading opens the account with all it shows."""
        return self.shown.pico - (self.ours or 0)


class Lot(NamedTuple):
    """Credit that is left, and until when."""

    pico: int
    expires: date | None


class Past(NamedTuple):
    """How an account came to what is left of it; amounts in pico-units."""

    days: tuple[tuple[date, int], ...]
    """What was left at the end of each day."""
    topped_up: int
    billed: int
    """Since the first entry, as far as it counted: what readings had in them already is not billed twice."""
    expired: int
    adjusted: tuple[Adjusted, ...]
    lots: tuple[Lot, ...]
    debt: int
    """What was billed beyond all credit: a top-up is missing, or the seller lets the account go below 0."""
    unpriced: int
    """Calls of unknown cost since the last reading: what is left is that much less."""
    planned: tuple[Credit, ...]
    """Top-ups of days to come."""

    @property
    def left(self) -> int:
        """What is left."""
        return sum(lot.pico for lot in self.lots) - self.debt

    @property
    def below_since(self) -> date | None:
        """The day on which it went below 0, where it is and the day is known: no reading says since when it was so."""
        below = [day for day, left in self.days if left < 0]
        rest = max((day for day, left in self.days if left >= 0), default=None)
        if self.left >= 0 or rest is None or rest + DAY not in below:
            return None
        return None if any(each.shown.day == rest + DAY for each in self.adjusted) else rest + DAY


class Ahead(NamedTuple):
    """How the credit runs down; the first day is the one in progress when the data ended. Amounts in pico-units."""

    first: date
    early: date | None
    """The day by whose end nothing is left on one path of ten. None: not before ``last``."""
    middle: date | None
    late: date | None
    low: tuple[int, ...]
    """Left at the end of each day on one path of ten, or less; below 0 what is missing by then."""
    median: tuple[int, ...]
    high: tuple[int, ...]
    needs: tuple[int, ...]
    """What has to be topped up at once to last through each day with a probability of SURE."""

    @property
    def last(self) -> date:
        """The last day looked at."""
        return self.first + timedelta(days=len(self.needs) - 1)

    def needed(self, until: date) -> int:
        """What has to be topped up to last through a day; 0: nothing."""
        if not self.first <= until <= self.last:
            raise ValueError(f"{until} is not one of the days looked at, {self.first} to {self.last}")
        return self.needs[(until - self.first).days]


class _Purse:
    """Credit in lots, the one that expires first used first."""

    def __init__(self) -> None:
        self.lots: list[Lot] = []
        self.debt = 0

    @property
    def left(self) -> int:
        return sum(lot.pico for lot in self.lots) - self.debt

    def put(self, pico: int, expires: date | None = None) -> None:
        paid = min(pico, self.debt)
        self.debt -= paid
        if pico > paid:
            self.lots = sorted([*self.lots, Lot(pico - paid, expires)], key=lambda lot: lot.expires or date.max)

    def take(self, pico: int) -> None:
        kept = []
        for lot in self.lots:
            part = min(lot.pico, pico)
            pico -= part
            if lot.pico > part:
                kept.append(lot._replace(pico=lot.pico - part))
        self.lots, self.debt = kept, self.debt + pico

    def set_to(self, pico: int) -> None:
        difference = pico - self.left
        if difference > 0:
            self.put(difference)
        else:
            self.take(-difference)

    def expire(self, on: date) -> int:
        gone = sum(lot.pico for lot in self.lots if lot.expires is not None and lot.expires <= on)
        self.lots = [lot for lot in self.lots if lot.expires is None or lot.expires > on]
        return gone


class _Walk:
    """An account, day by day."""

    def __init__(self) -> None:
        self.purse = _Purse()
        self.adjusted: list[Adjusted] = []
        self.topped_up = self.billed = self.expired = 0

    def day(self, day: date, entries: Sequence[Credit | Shown], billed: int) -> int:
        """Live through a day; returns what is left at its end."""
        spent = 0
        for entry in entries:
            if isinstance(entry, Credit):
                self.purse.put(entry.pico, entry.expires)
                self.topped_up += entry.pico
            else:
                self._bill(entry.billed_before - spent)
                spent = entry.billed_before
                self._read(entry)
        self._bill(billed - spent)
        self.expired += self.purse.expire(day)
        return self.purse.left

    def _bill(self, pico: int) -> None:
        self.purse.take(pico)
        self.billed += pico

    def _read(self, shown: Shown) -> None:
        begins = not self.adjusted and not self.topped_up
        if begins:
            # What was billed before the first entry was paid from credit that nobody entered.
            self.billed = 0
        self.adjusted.append(Adjusted(shown, None if begins else self.purse.left))
        self.purse.set_to(shown.pico)


def past_of(
    credits: Iterable[Credit],
    shown: Iterable[Shown],
    billed: Mapping[date, int],
    unpriced: Mapping[date, int],
    today: date,
) -> Past | None:
    """The account day by day from its first entry through today; None where nothing was entered up to then."""
    bought = sorted(credits, key=lambda each: each.at)
    # Of one instant the top-up comes first: a balance shows it.
    entries: list[Credit | Shown] = [*bought, *shown]
    entries = sorted((e for e in entries if e.day <= today), key=lambda e: (e.at, isinstance(e, Shown)))
    if not entries:
        return None
    walk, days = _Walk(), list[tuple[date, int]]()
    day = first = min(entry.day for entry in entries)
    while day <= today:
        days.append((day, walk.day(day, [entry for entry in entries if entry.day == day], billed.get(day, 0))))
        day += DAY
    return Past(
        days=tuple(days),
        topped_up=walk.topped_up,
        billed=walk.billed,
        expired=walk.expired,
        adjusted=tuple(walk.adjusted),
        lots=tuple(walk.purse.lots),
        debt=walk.purse.debt,
        unpriced=_unpriced_since(first, walk.adjusted, unpriced),
        planned=tuple(each for each in bought if each.day > today),
    )


def _unpriced_since(first: date, adjusted: Sequence[Adjusted], unpriced: Mapping[date, int]) -> int:
    """Calls of unknown cost since the last reading, which had those before it; since the first entry without one."""
    if not adjusted:
        return sum(calls for day, calls in unpriced.items() if day >= first)
    last = adjusted[-1].shown
    return sum(calls for day, calls in unpriced.items() if day >= last.day) - last.unpriced_before


class DataEnd(NamedTuple):
    """Where the data end, in the first projected day."""

    at: datetime
    seen: int
    """Pico-units that the account was billed on that day so far."""
    day_left: Fraction
    """How much of that day comes after it."""


def to_come(nano: Nano, first: date, end: DataEnd, after: Shown | None) -> Nano:
    """What each path will yet take from what is left now, day by day.

    A balance that was read after the data ended has had its share of everything before it.
    """
    spending = nano.copy()
    spending[:, 0] = np.maximum(spending[:, 0] - end.seen // NANO_IN_PICO, 0)
    if after is None or after.at <= end.at:
        return spending
    place = (after.day - first).days
    spending[:, : max(0, place)] = 0
    if 0 <= place < spending.shape[1]:
        part = after.day_left / (end.day_left if place == 0 and end.day_left else 1)
        spending[:, place] = spending[:, place] * part.numerator // part.denominator
    return spending


def ahead_of(past: Past, spending: Nano, first: date) -> Ahead:
    """What the paths say of the days to come."""
    left, missing = run_down(past, spending, first)
    out = left <= 0
    days = np.where(out.any(axis=1), out.argmax(axis=1), out.shape[1])
    ends = [first + timedelta(days=_at(days, share)) for share in (EARLY, MIDDLE, LATE)]
    early, middle, late = (day if day < first + timedelta(days=out.shape[1]) else None for day in ends)
    low, median, high = (_each_day(left, share) for share in (EARLY, MIDDLE, LATE))
    needs = _each_day(np.maximum.accumulate(missing, axis=1), SURE)
    return Ahead(first, early, middle, late, low, median, high, needs)


def _at(values: Nano, share: float) -> int:
    return int(np.quantile(values, share, method="inverted_cdf"))


def _each_day(nano: Nano, share: float) -> tuple[int, ...]:
    """Pico-units at the end of each day, at that share of the paths."""
    return tuple(int(each) * NANO_IN_PICO for each in np.quantile(nano, share, axis=0, method="inverted_cdf"))


def run_down(past: Past, spending: Nano, first: date) -> tuple[Nano, Nano]:
    """Let the credit run down along every path, with the top-ups of days to come and what expires.

    Returns what is left at the end of each day, below 0 what is missing, and what would have had to be there beside.
    """
    paths, days = spending.shape
    lots = [(lot.expires or date.max, np.full(paths, lot.pico // NANO_IN_PICO, dtype=np.int64)) for lot in past.lots]
    debt = np.full(paths, -(-past.debt // NANO_IN_PICO), dtype=np.int64)
    left, missing = np.empty((paths, days), dtype=np.int64), np.empty((paths, days), dtype=np.int64)
    for place in range(days):
        day = first + place * DAY
        for credit in past.planned:
            if credit.day == day or place == 0 and credit.day < day:
                paid = np.minimum(debt, credit.pico // NANO_IN_PICO)
                debt = debt - paid
                lots.append((credit.expires or date.max, credit.pico // NANO_IN_PICO - paid))
        spent = spending[:, place]
        lots.sort(key=lambda lot: lot[0])
        for number, (expires, lot) in enumerate(lots):
            part = np.minimum(lot, spent)
            lots[number], spent = (expires, lot - part), spent - part
        debt = debt + spent
        lots = [lot for lot in lots if lot[0] > day]
        missing[:, place] = debt
        left[:, place] = sum((lot for _, lot in lots), np.zeros(paths, dtype=np.int64)) - debt
    return left, missing


def day_left_of(at: datetime, begins: datetime, ends: datetime) -> Fraction:
    """How much of a day, from its beginning to its end, comes after an instant; a day need not have 24 hours."""
    seconds = Fraction(int((ends - at).total_seconds()), int((ends - begins).total_seconds()))
    return min(max(seconds, Fraction(0)), Fraction(1))
