"""Confirming events: what is projected anew in part is what a whole projection with the events gives."""

from datetime import timedelta

import numpy as np
import pytest

from planning.confirming import confirmed
from planning.course import EVERYTHING, Course
from planning.events import Event, apply
from planning.projection import project
from planning.traffic import Traffic
from tests.test_planning_backtest import FIRST, prices, traffic

DAYS, PATHS = 10, 50


def courses(seen: Traffic, *, of: Traffic) -> list[Course]:
    """The whole's course, at the prices of the traffic that it is a part of."""
    places = [of.cells.index(cell) for cell in seen.cells]
    rates = prices(of)
    rates = rates._replace(pico={"USD": rates.pico["USD"][places]}, unpriced=rates.unpriced[places])
    found = project(seen, rates, DAYS, {EVERYTHING: range(len(places))}, paths=PATHS)[EVERYTHING]
    first = of.through + timedelta(days=1)
    left_out = found.left_out.get("USD", ())
    return [Course(EVERYTHING, "USD", first, (), first, found.nano["USD"], left_out, found.requests, found.unpriced)]


@pytest.mark.parametrize(
    "events",
    [
        (Event(1, "launch", FIRST + timedelta(days=40), None, team="chat"),),
        (Event(1, "outage", FIRST + timedelta(days=50), FIRST + timedelta(days=52), seller="novita"),),
        (Event(1, "launch", FIRST + timedelta(days=58), None),),
        (
            Event(1, "ended", FIRST + timedelta(days=60), None, team="chat"),
            Event(2, "outage", FIRST + timedelta(days=50), FIRST + timedelta(days=52)),
        ),
    ],
    ids=["launch of a team", "outage of a seller", "launch two days ago", "ended"],
)
def test_a_part_projected_anew_is_the_whole_projected_anew(events):
    seen = traffic(60)
    (partly,) = confirmed(courses(seen, of=seen), seen, prices(seen), events)
    (wholly,) = courses(apply(seen, events), of=seen)
    assert np.array_equal(partly.nano, wholly.nano)
    assert np.array_equal(partly.requests, wholly.requests)
    assert set(partly.left_out) == set(wholly.left_out)


def test_events_of_others_change_nothing():
    seen = traffic(60)
    before = courses(seen, of=seen)
    assert confirmed(before, seen, prices(seen), [Event(1, "launch", FIRST, None, team="nobody")]) == before
