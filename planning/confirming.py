"""What confirming events would make of a forecast: only the traffic that they are about is projected anew."""

from collections.abc import Sequence

import numpy as np

from planning.course import EVERYTHING, Course
from planning.events import Event, apply
from planning.prices import Prices
from planning.projection import Projected, project
from planning.traffic import Traffic


def confirmed(courses: Sequence[Course], traffic: Traffic, prices: Prices, events: Sequence[Event]) -> list[Course]:
    """All traffic's courses, one per currency, as they would be with more events.

    A path of the whole is the sum of its cells' paths, so what the events touch is taken off and put back otherwise.
    """
    places = [place for place, cell in enumerate(traffic.cells) if any(event.is_about(cell) for event in events)]
    if not courses or not places:
        return list(courses)
    shape = courses[0].nano.shape
    part = traffic.at(places)
    marked = apply(part, events)
    left = [places[part.cells.index(cell)] for cell in marked.cells]
    before, after = _projected(part, prices, places, shape), _projected(marked, prices, left, shape)
    return [_changed(course, before, after, part) for course in courses]


def _projected(traffic: Traffic, prices: Prices, places: Sequence[int], shape: tuple[int, ...]) -> Projected:
    """Paths of these cells together; ``places`` are their rows among the prices."""
    everything = {EVERYTHING: range(len(places))}
    return project(traffic, prices.at(places), shape[1], everything, paths=shape[0])[EVERYTHING]


def _changed(course: Course, before: Projected, after: Projected, part: Traffic) -> Course:
    nothing = np.zeros_like(course.nano)
    code = course.currency
    kept = tuple(each for each in course.left_out if each.cell not in part.cells)
    return course._replace(
        nano=course.nano - before.nano.get(code, nothing) + after.nano.get(code, nothing),
        requests=course.requests - before.requests + after.requests,
        left_out=(*kept, *after.left_out.get(code, ())),
    )
