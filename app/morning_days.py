"""Which days a morning compares: the last whole ones with those before them."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

Step = Literal["day", "week", "month"]
STEPS: tuple[Step, ...] = ("day", "week", "month")
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Stretch(NamedTuple):
    """Billing days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days that is."""
        return (self.last - self.first).days + 1


class Pair(NamedTuple):
    """The days looked at, and those that they are compared with."""

    step: Step
    before: Stretch
    now: Stretch


def pair_of(step: Step, begun: date) -> Pair:
    """The days compared; ``begun`` is the day in progress, of which not all calls are known.

    A day stands beside the same day of the week before: Mondays differ from Sundays. A month stands so far beside the
    month before through the same day, or through its end where it is shorter.
    """
    last = begun - DAY
    if step == "day":
        return Pair(step, Stretch(last - WEEK, last - WEEK), Stretch(last, last))
    if step == "week":
        return Pair(step, Stretch(last - 2 * WEEK + DAY, last - WEEK), Stretch(last - WEEK + DAY, last))
    first = last.replace(day=1)
    return Pair(step, same_days_before(Stretch(first, last)), Stretch(first, last))


def same_days_before(days: Stretch) -> Stretch:
    """The first days of the month before, as many as there are of this one, or all of them."""
    end = days.first - DAY
    first = end.replace(day=1)
    return Stretch(first, min(first + (days.last - days.first), end))
