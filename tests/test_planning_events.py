"""Events mask and restart the history; proposals name what seems to have happened, and ask where zeros cannot tell."""

from datetime import date, timedelta

import numpy as np
import pytest

from planning.events import Event, apply, why_not
from planning.proposals import propose
from planning.traffic import MEASURES, Cell, Traffic, traffic_of

FIRST = date(2026, 9, 7)
DAYS = 70
CELLS = (Cell("novita", "step-3.7-flash", "search"), Cell("novita", "glm", "chat"), Cell("stepfun", "glm", "chat"))


def day(number: int) -> date:
    """The day so many columns after the first; from the end where it is below 0."""
    return FIRST + timedelta(days=number % DAYS)


@pytest.fixture
def counts():
    """Requests of three cells, with quiet weekends and some noise."""
    noise = np.random.default_rng(7).normal(0, 0.1, (3, DAYS))
    shape = np.where(np.arange(DAYS) % 7 >= 5, 0.4, 1.0)
    counts = np.zeros((3, len(MEASURES), DAYS), dtype=np.int64)
    counts[:, 0, :] = np.rint(np.array([[900], [300], [400]]) * shape * np.exp(noise))
    return counts


def traffic(counts) -> Traffic:
    return traffic_of(FIRST, CELLS, counts, np.zeros((3, len(MEASURES)), dtype=np.int64))


def proposed(counts, *events: Event) -> list[tuple]:
    return [(each.event.kind, each.event.about, each.event.days) for each in propose(traffic(counts), events)]


def test_an_outage_masks_its_days_and_a_launch_what_was_before(counts):
    outage = Event(1, "outage", day(10), day(11), seller="novita")
    launch = Event(2, "launch", day(30), None, team="chat")
    seen = apply(traffic(counts), [outage, launch])
    assert np.flatnonzero(~seen.known[0]).tolist() == [10, 11]
    assert np.flatnonzero(~seen.known[2]).tolist() == list(range(30))
    # Days before a launch still tell how weekdays differ; those of an outage do not.
    assert np.flatnonzero(~seen.shaped[1]).tolist() == [10, 11]
    assert seen.shaped[2].all()
    assert np.array_equal(seen.counts, counts)


def test_only_a_confirmed_event_changes_anything(counts):
    for state in ("proposed", "dismissed"):
        assert apply(traffic(counts), [Event(1, "outage", day(3), day(4), state=state)]).known.all()


def test_an_event_of_before_the_data_changes_nothing(counts):
    early = FIRST - timedelta(days=20)
    events = [Event(1, "outage", early, early + timedelta(days=3)), Event(2, "launch", early, None)]
    assert apply(traffic(counts), events).known.all()


def test_what_has_ended_is_not_forecast_and_what_goes_on_starts_anew(counts):
    counts[1, :, -4:] = 0
    ended = Event(1, "ended", day(-4), None, model="glm")
    seen = apply(traffic(counts), [ended])
    assert seen.cells == (CELLS[0], CELLS[2])
    assert np.flatnonzero(seen.known[1]).tolist() == list(range(DAYS - 4, DAYS))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event(0, "launch", day(1), day(2)), "a launch has a first day alone"),
        (Event(0, "outage", day(2), day(1)), "is after the last day"),
        (Event(0, "ended", day(1), day(2)), "an event of the kind ended has a first day alone"),
        (Event(0, "outage", date(2027, 1, 1), date(2027, 1, 2)), "is after the newest day with data, 2026-11-15"),
        (Event(0, "backfill", day(1), day(2)), None),
    ],
)
def test_why_an_event_cannot_be_entered(event, words):
    said = why_not(event, day(-1))
    assert said is None if words is None else words in str(said)


def test_quiet_traffic_has_no_proposal(counts):
    assert proposed(counts) == []


def test_too_little_history_has_no_proposal(counts):
    counts[0, 0, 10:] *= 3
    assert proposed(counts[:, :, :15]) == []


@pytest.mark.parametrize("age", [5, 9, 12])
def test_a_launch_is_proposed_where_it_happened(counts, age):
    counts[0, 0, -age:] *= 3
    assert proposed(counts) == [("launch", "model step-3.7-flash", f"from {day(-age)}")]


def test_a_launch_everywhere_is_one_proposal(counts):
    counts[:, 0, -6:] *= 3
    assert proposed(counts) == [("launch", "all traffic", f"from {day(-6)}")]


def test_a_decline_is_proposed_and_two_changes_are_two(counts):
    counts[0, 0, -6:] //= 4
    counts[2, 0, -8:] *= 4
    assert [kind for kind, *_ in proposed(counts)] == ["launch", "migration"]


def test_a_new_cell_is_no_launch_of_the_others(counts):
    counts[0, :, :-6] = 0
    counts[0, 0, -6:] *= 5
    assert proposed(counts) == []


def test_what_was_on_trial_and_began_in_earnest_is_a_launch(counts):
    counts[0, :, :-14] = 0
    counts[0, 0, -14:-8] //= 40
    cell = "seller novita, model step-3.7-flash, team search"
    assert proposed(counts) == [("launch", cell, f"from {day(-8)}")]
    counts[0, 0, -14:-8] *= 20
    assert proposed(counts) == []


def test_one_high_day_is_no_proposal(counts):
    counts[0, 0, -3] *= 9
    assert proposed(counts) == []


def test_a_day_at_zero_inside_is_a_proposed_outage(counts):
    counts[:, :, 55] = 0
    assert proposed(counts) == [("outage", "all traffic", str(day(55)))]


def test_a_sunday_at_zero_is_no_news_where_other_sundays_are(counts):
    counts[0, :, [34, 48, 62]] = 0
    assert proposed(counts) == []


def test_three_days_of_zeros_at_the_end_ask(counts):
    counts[0, :, -2:] = 0
    assert proposed(counts) == []
    counts[0, :, -3:] = 0
    (asked,) = propose(traffic(counts), ())
    assert asked.choices == ("outage", "ended")
    assert asked.event.about == "model step-3.7-flash"
    assert "an outage, has it ended, or is a log not loaded yet?" in asked.why


def test_what_is_often_at_zero_asks_nothing(counts):
    counts[0, :, ::4] = 0
    counts[0, :, -3:] = 0
    assert proposed(counts) == []


@pytest.mark.parametrize("state", ["confirmed", "dismissed"])
def test_an_answered_proposal_is_not_asked_again(counts, state):
    counts[:, 0, -6:] *= 3
    (asked,) = propose(traffic(counts), ())
    answered = asked.event._replace(state=state)
    assert proposed(counts, answered) == []
    assert proposed(counts, answered._replace(team="chat")) != []


def test_a_proposal_keeps_its_name(counts):
    counts[:, 0, -6:] *= 3
    (once,), (again,) = propose(traffic(counts), ()), propose(traffic(counts), ())
    assert once.name == again.name
