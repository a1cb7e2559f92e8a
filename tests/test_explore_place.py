"""Where a reader of Explore stands: what a link says of it, what it leaves of the traffic, and the way back."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.explore_place import STEPS, Place, crumbs, narrowed, opened, picked, place_of, step_for, steps_for, written
from app.session import UserMistake
from warehouse.scope import Scope

words = st.text("aZ0=&%#:/+ é部\\*", max_size=6)
names = st.one_of(st.sampled_from(["team", "http_status"]), words.filter(bool).map("tag:{}".format))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2039, 12, 31))


@settings(max_examples=40)
@given(st.lists(st.tuples(names, words), max_size=3, unique_by=lambda pick: pick[0]))
def test_whatever_was_picked_is_the_same_after_a_link(where):
    place = Place("2026-10", tuple(where))
    assert place_of(place.at, written(place.where)) == place


@given(instants, st.sampled_from(STEPS))
def test_a_bar_opens_the_stretch_that_it_stands_for(at, step):
    start = at.replace(minute=0, second=0, microsecond=0) if step == "hour" else at.date()
    place = place_of(opened(start, step), ())
    assert place.days is not None
    first, last = place.days
    assert first <= at.date() <= last
    assert (last - first).days + 1 in {"month": (28, 29, 30, 31), "week": (7,), "day": (1,), "hour": (1,)}[step]
    assert place.hour == (start if step == "hour" else None)
    # The way back leads over wider stretches to this one.
    spans = [days for _, each in crumbs(place.at) if (days := Place(each).days)]
    assert crumbs(place.at)[-1][1] == place.at
    assert all(wide[0] <= fine[0] and fine[1] <= wide[1] for wide, fine in zip(spans, spans[1:], strict=False))


def test_the_way_to_an_hour_goes_over_its_month_and_its_day():
    assert crumbs("2026-10-14T15") == [
        ("October 2026", "2026-10"),
        ("Wed 14 Oct", "2026-10-14"),
        ("15:00 to 16:00", "2026-10-14T15"),
    ]
    assert crumbs("2026-W42") == [("Week of 12 Oct 2026", "2026-W42")]
    assert crumbs("2026-10-12..2026-10-14") == [("12 Oct 2026 to 14 Oct 2026", "2026-10-12..2026-10-14")]
    assert crumbs(None) == []


@pytest.mark.parametrize("at", ["2026-13", "soon", "2026-10-14T25", "2026-10-14Tea", "2026-10-14T15:00+02:00"])
def test_a_link_to_no_stretch_of_time_is_a_mistake(at):
    with pytest.raises(UserMistake):
        place_of(at, ())


@pytest.mark.parametrize("where", ["team", "=search", "nothing=x", "tag:=x"])
def test_a_link_that_picks_nothing_is_a_mistake(where):
    with pytest.raises(UserMistake, match="team=search"):
        place_of(None, (where,))


def test_the_filters_and_the_place_leave_what_both_leave():
    scope = Scope(date(2026, 10, 10), date(2026, 11, 20), (("model", ("a", "b")),))
    place = picked(picked(Place("2026-10"), "model", "b"), "team", "")
    assert narrowed(scope, place) == Scope(date(2026, 10, 10), date(2026, 10, 31), (("model", ("b",)), ("team", ("",))))
    assert narrowed(scope, picked(place, "model", "c")).values[0] == ("model", ())
    assert narrowed(scope, Place()) == scope


def test_a_dimension_is_picked_once():
    assert picked(picked(Place(), "team", "a"), "team", "b").where == (("team", "b"),)


@given(st.integers(1, 10_000))
def test_the_usual_step_is_one_that_there_is_room_for(days):
    assert step_for(days) in steps_for(days)
