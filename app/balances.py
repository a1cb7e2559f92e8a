"""Accounts paid in advance as they stand: what the command and the page share."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pricing.money import PICO
from pricing.prepaid import NARROWED_BY, Account, Reading, TopUp
from warehouse.recurring import billing_day, day_span
from warehouse.scope import Scope

if TYPE_CHECKING:
    from planning.course import Course
    from planning.events import Event
    from planning.prepaid import Adjusted, Ahead, Credit, Past, Shown
    from warehouse.connection import Reader
    from warehouse.prepaid import Entered, Spent

HORIZON = timedelta(days=90)
"""So far ahead an account is looked at."""
CENT = PICO // 100
LASTS = timedelta(days=30)
"""How long credit is to last where nobody says."""
Entry = TypeVar("Entry", TopUp, Reading)

Courses = Callable[[date, Mapping[str, Scope]], "Sequence[Course]"]
"""Courses through a day, of every seller and of named scopes."""


class Calls(NamedTuple):
    """What the usage database says for accounts."""

    spent: Mapping[int, "Spent"]
    """By account."""
    zone: str
    data_through: datetime | None


class Standing(NamedTuple):
    """One account as it stands."""

    account: Account
    topups: tuple[TopUp, ...]
    readings: tuple[Reading, ...]
    past: "Past | None"
    """None: nothing was entered up to today."""
    ahead: "Ahead | None"
    why_not: str | None
    """Why nothing can be said of the days to come."""
    unpriced_ahead: float
    """Share of the calls to come that have no price: they are in no path."""
    other_currencies: tuple[str, ...]
    data_through: datetime | None
    zone: str
    today: date

    def to_last(self, until: date) -> int | None:
        """What has to be topped up to last through a day, rounded up to a cent; None where nobody can say."""
        return -(-self.ahead.needed(until) // CENT) * CENT if self.ahead else None

    @property
    def lasts(self) -> date:
        """The day that credit is to last through where nobody says, as far as the projection goes."""
        until = self.today + LASTS
        return min(max(until, self.ahead.first), self.ahead.last) if self.ahead else until

    @property
    def data_day(self) -> date | None:
        """The billing day on which the data end."""
        return self.data_through and billing_day(self.data_through, self.zone)

    @property
    def is_stale(self) -> bool:
        """Whether whole days up to today have no data yet."""
        return self.data_day is not None and (self.today - self.data_day).days > 1

    @property
    def is_over(self) -> bool:
        """Whether it has run out by now on the middle one of the paths."""
        return bool(self.ahead and self.ahead.middle and self.ahead.middle < self.today)

    def compared(self, reading: Reading) -> "Adjusted | None":
        """A balance shown, beside ours just before it."""
        found = self.past.adjusted if self.past else ()
        return next((each for each in found if each.shown.number == reading.reading_id), None)

    @property
    def fees(self) -> int:
        """What was paid for top-ups beyond their credit."""
        return sum(each.fee or 0 for each in self.topups)


def read_calls(reader: "Reader", entered: "Entered", now: datetime) -> Calls:
    """Everything that accounts need of the calls, in one borrowed connection."""
    from warehouse.prepaid import read_spent
    from warehouse.traffic import traffic_span, zone_of

    span = traffic_span(reader, billing_day(now, zone_of(reader)))
    spent = {
        account.account_id: read_spent(reader, account, _of(entered.readings, account), span.zone)
        for account in entered.accounts
    }
    return Calls(spent, span.zone, span.data_through)


class Known(NamedTuple):
    """What accounts stand on beside calls."""

    entered: "Entered"
    events: "tuple[Event, ...]"
    now: datetime
    cards: object = None
    """The state of the warehouse's own cards, for callers that keep answers."""


def read_standings(reader: "Reader", known: Known) -> list[Standing]:
    """Every account, in one borrowed connection: the one that runs out first before the others."""
    found = standings(
        known.entered, read_calls(reader, known.entered, known.now), known.now, projected_by(reader, known)
    )
    never = date.max
    return sorted(found, key=lambda each: (each.ahead.middle or never) if each.ahead else never)


def projected_by(reader: "Reader", known: Known) -> Courses:
    """The projection's courses, of every seller and of named scopes."""

    def ask(until: date, scopes: Mapping[str, Scope]) -> "Sequence[Course]":
        from app.outlook import project_basis, read_basis
        from planning.course import Group
        from warehouse.rates import compile_rates, read_cards
        from warehouse.traffic import zone_of

        rates = compile_rates(read_cards(reader.folder))
        today = billing_day(known.now, zone_of(reader))
        basis = read_basis(reader, today)._replace(events=known.events)
        found = list(project_basis(basis, rates, known.now, until=until, kinds=("seller",)).courses)
        for name, scope in scopes.items():
            own = read_basis(reader, today, scope)._replace(events=known.events)
            courses = project_basis(own, rates, known.now, until=until, kinds=()).of()
            found += [course._replace(group=Group("scope", name)) for course in courses]
        return found

    return ask


def standings(entered: "Entered", calls: Calls, now: datetime, courses: Courses) -> list[Standing]:
    """Every account, in the order in which they were entered; ``courses`` is asked once for all of them."""
    today = billing_day(now, calls.zone)
    used = [each for each in entered.accounts if calls.data_through and calls.spent[each.account_id].by_day]
    wanted = {_scope_name(each): Scope(values=each.values) for each in used if _is_narrow(each)}
    found = courses(today + HORIZON, wanted) if used else []
    return [_standing(account, entered, calls, today, found) for account in entered.accounts]


def _standing(account: Account, entered: "Entered", calls: Calls, today: date, courses: "Sequence[Course]") -> Standing:
    from planning.prepaid import past_of

    topups, readings = _of(entered.topups, account), _of(entered.readings, account)
    spent = calls.spent[account.account_id]
    last = max(today, *(spent.by_day or {today: 0}))
    past = past_of(
        [_credit(each, calls.zone) for each in topups],
        [_shown(each, spent, calls.zone) for each in readings],
        spent.by_day,
        spent.unpriced,
        last,
    )
    course = _course_of(account, courses)
    ahead = _ahead(past, course, calls) if past and course else None
    lacking = (
        f"no call of it was billed in {account.currency}" if calls.data_through else "no call up to today is loaded yet"
    )
    why = None if ahead or past is None else lacking
    share = course.unpriced if course else 0.0
    head = (account, topups, readings, past, ahead, why, share)
    return Standing(*head, spent.other_currencies, calls.data_through, calls.zone, today)


def _ahead(past: "Past", course: "Course", calls: Calls) -> "Ahead | None":
    from planning.prepaid import DataEnd, ahead_of, day_left_of, to_come

    if calls.data_through is None:
        return None
    left = day_left_of(calls.data_through, *day_span(course.first, calls.zone))
    end = DataEnd(calls.data_through, course.spent(course.first, course.first), left)
    last = past.adjusted[-1].shown if past.adjusted else None
    return ahead_of(past, to_come(course.nano, course.first, end, last), course.first)


def _course_of(account: Account, courses: "Sequence[Course]") -> "Course | None":
    group = ("scope", _scope_name(account)) if _is_narrow(account) else ("seller", account.seller)
    return next((each for each in courses if each.group == group and each.currency == account.currency), None)


def _is_narrow(account: Account) -> bool:
    return any(getattr(account, name) is not None for name in NARROWED_BY)


def _scope_name(account: Account) -> str:
    return f"account {account.account_id}"


def _of(entries: tuple[Entry, ...], account: Account) -> tuple[Entry, ...]:
    return tuple(each for each in entries if each.account_id == account.account_id)


def _credit(topup: TopUp, zone: str) -> "Credit":
    from planning.prepaid import Credit

    return Credit(billing_day(topup.credited_at, zone), topup.credited_at, topup.pico, topup.expires)


def _shown(reading: Reading, spent: "Spent", zone: str) -> "Shown":
    from planning.prepaid import Shown, day_left_of

    day, before = billing_day(reading.read_at, zone), spent.before[reading.reading_id]
    left = day_left_of(reading.read_at, *day_span(day, zone))
    return Shown(day, reading.read_at, reading.pico, *before, left, reading.reading_id)
