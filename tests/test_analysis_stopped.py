"""What stopped sending, each by its own rhythm; and what is silent as it always was."""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from analysis.stopped import Cell, days_of_silence, find_stopped, hours_of_silence

FIRST = date(2026, 9, 7)  # a Monday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def cells(days, source="gateway", seller="stepfun", team="search", *, calls=100, until=70, weekends=True):
    found = []
    for number in range(days if days < until else until):
        day = FIRST + number * DAY
        if weekends or day.weekday() < 5:
            found.append(Cell(day, source, seller, team, calls))
    return found


def test_what_sends_every_day_and_stops_is_found_after_two_days():
    rest = cells(70)
    once = cells(69, source="proxy", seller="novita", team="support")
    assert find_stopped([*rest, *once], FIRST + 69 * DAY) == []
    (found,) = find_stopped([*rest, *once[:-1]], FIRST + 69 * DAY)
    assert (found.kind, found.name, found.last, found.days) == ("source", "proxy", FIRST + 67 * DAY, 2)
    assert found.chance < 0.002 and found.usual == 100


def test_a_weekend_off_is_no_stop():
    mixed = [*cells(70), *cells(70, team="office", weekends=False)]
    saturday, sunday = FIRST + 68 * DAY, FIRST + 69 * DAY
    assert [find_stopped(mixed, day) for day in (saturday, sunday)] == [[], []]
    later = [*cells(73, until=80), *cells(70, team="office", weekends=False)]
    assert find_stopped(later, sunday + DAY * 3)[0].name == "office"


def test_what_sends_now_and_then_may_be_silent_for_long():
    rare = [cell for number, cell in enumerate(cells(70, team="audit")) if number % 9 == 0]
    assert find_stopped([*cells(74, until=80), *rare], FIRST + 73 * DAY) == []


def test_the_young_and_the_long_gone_are_not_told():
    young, gone = cells(5, team="new"), cells(20, team="old")
    assert find_stopped([*cells(70), *gone], FIRST + 69 * DAY) == []
    assert find_stopped([*cells(8), *young], FIRST + 7 * DAY) == []


def test_a_team_that_moved_to_another_seller_is_not_silent():
    moved = [*cells(60, team="a"), *[Cell(FIRST + n * DAY, "gateway", "novita", "a", 9) for n in range(60, 70)]]
    found = find_stopped([*cells(70, team="b"), *moved], FIRST + 69 * DAY)
    assert found == []


def test_many_that_send_at_random_raise_hardly_a_false_alarm():
    rng = Random(7)
    alarms = 0
    for _ in range(40):
        teams = [(f"team-{number}", rng.choice((0.15, 0.4, 0.7, 0.95))) for number in range(12)]
        made = [
            Cell(FIRST + number * DAY, "gateway", "stepfun", name, 5)
            for name, often in teams
            for number in range(60)
            if rng.random() < often
        ]
        alarms += len(find_stopped([*made, *cells(60, team=None)], FIRST + 59 * DAY))
    assert alarms <= 1


def test_no_call_at_all_is_told_by_whole_days():
    today = FIRST + 72 * DAY
    days, chance = days_of_silence(cells(70), today)
    assert days == 2 and chance < 0.001
    assert days_of_silence(cells(3), today) == (0, 1.0)


@pytest.mark.parametrize(("at", "hours", "is_unusual"), [(13, 0, False), (14, 1, True), (16, 3, True)])
def test_by_the_hour_a_gap_in_the_working_day_is_unusual(at, hours, is_unusual):
    start = datetime(2026, 9, 7)
    last = datetime(2026, 11, 16, 12)  # a Monday
    calls = [(start + n * HOUR, 9) for n in range(24 * 71) if start + n * HOUR <= last]
    run, chance = hours_of_silence(calls, datetime(2026, 11, 16, at, 30))
    assert (run, chance < 0.011) == (hours, is_unusual)


def test_by_the_hour_a_night_is_a_night():
    start = datetime(2026, 9, 7)
    hours = (start + n * HOUR for n in range(24 * 71))
    calls = [(hour, 9) for hour in hours if 8 <= hour.hour < 20 and hour < datetime(2026, 11, 16, 20)]
    assert hours_of_silence(calls, datetime(2026, 11, 17, 7, 30))[1] > 0.1
    assert hours_of_silence(calls, datetime(2026, 11, 17, 12, 30))[1] < 0.011


@pytest.mark.parametrize(("silent", "least"), [(3, 50), (5, 60)])
def test_a_team_that_hardly_ever_misses_a_day_is_found_within_days(silent, least):
    hits = 0
    for seed in range(60):
        rng = Random(seed)
        made = cells(60, team=None)
        for number in range(12):
            often, days = (0.4, 0.7, 0.95, 0.99)[number % 4], 60 - silent if number == 2 else 60
            made += [one for one in cells(days, team=f"team-{number}") if rng.random() < often]
        hits += any(one.name == "team-2" for one in find_stopped(made, FIRST + 59 * DAY))
    assert hits >= least
