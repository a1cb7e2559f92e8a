"""A budget's period as a chart has it: the sum through each day, as it was and as the paths have it."""

from datetime import date
from itertools import accumulate
from typing import NamedTuple

from planning.budget import DAY
from planning.flow import Band, Flow, course_of, days_through, known_days
from planning.standing import Standing


class Burn(NamedTuple):
    """Sums in pico-units; what was spent ends with the data, and the band begins on the last whole day of it."""

    spent: tuple[tuple[date, int], ...]
    bands: tuple[tuple[date, Band], ...]
    amount: int


def burn_of(standing: Standing, flow: Flow, today: date) -> Burn:
    """The sums of the period that a standing is about."""
    span = standing.span
    sums = accumulate(known_days(flow, span, today)[: days_through(span, flow.newest)])
    spent = tuple((span.first + number * DAY, total) for number, total in enumerate(sums))
    course = course_of(flow, span)
    bands = []
    if course is not None and len(course.fixed) > 1:
        bands = [(course.first + (number - 1) * DAY, course.band(number)) for number in range(len(course.fixed))]
    return Burn(spent, tuple(band for band in bands if band[0] >= span.first), standing.amount)
