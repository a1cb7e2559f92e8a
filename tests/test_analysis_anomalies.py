"""What counts as an anomaly: a day, a week or a stop; how many are believed; and which days are one episode."""

from datetime import date, timedelta

import numpy as np
import pytest

from analysis.anomalies import READ_AT, Found, Watch, judge
from analysis.distance import chance, discoveries, distance, reach
from analysis.episodes import episodes
from analysis.silence import UNLIKELY, chance_of_silence

DAY = date(2026, 11, 2)
PATHS = np.linspace(80, 120, 401)[None, :]
"""Paths of a day of about 100: its spread is 13."""
WEEK = 7 * PATHS


def watch(day: float = 100, week: float = 700, silence: float = 1, rows: int = 1) -> Watch:
    """One scope as given, and others on which nothing happens."""
    others = rows - 1
    return Watch(
        [day, *[100.0] * others],
        np.repeat(PATHS, rows, axis=0),
        [week, *[700.0] * others],
        np.repeat(WEEK, rows, axis=0),
        [100.0] * rows,
        [silence, *[1.0] * others],
    )


def first(found: Watch, least: float = 0) -> Found:
    return judge(found, least)[0]


def test_a_day_fires_beyond_z_3_of_its_paths():
    spread = distance([100], PATHS, READ_AT).spread[0]
    assert first(watch(100 + 2.9 * spread)).rule is None
    fired = first(watch(100 + 3.1 * spread))
    assert (fired.rule, fired.above, fired.expected) == ("day", True, 100)
    assert first(watch(100 - 3.1 * spread)).above is False


def test_a_week_fires_beyond_z_2_of_its_paths():
    wide = 7 * (2 * PATHS - 100)
    spread = distance([700], wide, READ_AT).spread[0]
    for off, rule in ((1.9, None), (2.1, None), (2.9, "week")):
        assert first(watch(week=700 + off * spread)._replace(week_paths=wide)).rule == rule, off
    assert 2.1 * spread < 350 < 2.9 * spread  # half of seven mean days
    wider = 7 * (3 * PATHS - 200)
    spread = distance([700], wider, READ_AT).spread[0]
    assert first(watch(week=700 + 1.9 * spread)._replace(week_paths=wider)).rule is None
    fired = first(watch(week=700 + 2.1 * spread)._replace(week_paths=wider))
    assert (fired.rule, fired.above, fired.expected) == ("week", True, 700)


def test_what_is_about_little_money_is_not_told():
    assert first(watch(200), least=99).rule == "day"
    assert first(watch(200), least=101).rule is None
    sure = watch()._replace(day=[120.0], day_paths=np.full((1, 100), 100.0))
    assert first(sure).z == pytest.approx(20 / 3)
    assert first(sure).rule is None  # 20 is less than a quarter of a mean day
    assert first(sure._replace(day=[130.0])).rule == "day"
    assert first(sure._replace(day=[60.0])).rule is None  # a fall has to be half of one
    assert first(sure._replace(day=[40.0])).rule == "day"


def test_a_stop_is_a_rule_of_its_own():
    fired = first(watch(0, 600, UNLIKELY))
    assert (fired.rule, fired.impact, fired.z) == ("stop", 100, None)
    assert first(watch(0, 600, UNLIKELY), least=101).rule is None


def test_among_many_scopes_it_takes_more():
    spread = distance([100], PATHS, READ_AT).spread[0]
    assert first(watch(100 + 3.1 * spread)).rule == "day"
    assert first(watch(100 + 3.1 * spread, rows=200)).rule is None
    assert first(watch(100 + 5 * spread, rows=200)).rule == "day"


def test_each_scope_says_what_it_could_find():
    alone, among = first(watch()), first(watch(rows=200))
    spread = distance([100], PATHS, READ_AT).spread[0]
    assert alone.smallest_day == pytest.approx(1 + 3 * spread / 100)
    assert alone.smallest_week is not None and among.smallest_week is not None and alone.smallest_day is not None
    assert alone.smallest_week == 1.5 <= among.smallest_week
    assert among.smallest_day is not None and alone.smallest_day < among.smallest_day
    assert first(watch(alone.smallest_day * 100 + 0.01)).rule == "day"
    assert not alone.caps_alone
    bursty = np.concatenate([np.full(399, 1.0), [900, 5000]])[None, :] * 0.1
    bursty[0, -40:] = 30
    assert first(watch()._replace(week_paths=bursty)).caps_alone


def test_without_paths_nothing_is_judged():
    none = np.full((1, 5), np.nan)
    found = first(watch(900, 900)._replace(day_paths=none, week_paths=none))
    assert (found.rule, found.expected, found.z, found.smallest_day) == (None, None, None, None)


def test_no_scope_at_all_is_no_mistake():
    none = np.empty((0, 5))
    assert judge(Watch([], none, [], none, [], [])) == []


def test_discoveries_hold_the_false_ones_at_their_share():
    assert discoveries([0.001, 0.02, 0.03, 0.9], 0.1).tolist() == [True, True, True, False]
    assert discoveries([0.04, 0.9, 0.9, 0.9], 0.1).tolist() == [False] * 4
    # The larger ones bring the smaller ones in.
    assert discoveries([0.05, 0.06, 0.07, 0.08], 0.1).tolist() == [True] * 4


def test_under_a_bell_curve_one_in_740_is_beyond_3():
    assert chance([3.0, -3.0, 0.0]) == pytest.approx([0.0027, 0.0027, 1], rel=0.01)
    assert reach(0.0027) == pytest.approx(3, abs=0.001)


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("never zero before", [5.0] * 60 + [0], True),
        ("zero on the weekend", ([5.0] * 5 + [0, 0]) * 20, False),
        ("zero on a Monday, too", ([5.0] * 5 + [0, 0]) * 26 + [0], True),
        ("zero on a Monday after few weeks", ([5.0] * 5 + [0, 0]) * 8 + [0], False),
        ("often zero", [5.0, 0, 0, 3, 0] * 20 + [0], False),
        ("nothing yet", [0.0] * 60, False),
        ("not zero", [5.0] * 60, False),
    ],
)
def test_a_stop_is_told_the_sooner_the_rarer_silence_was(name, values, told):
    assert (chance_of_silence(values) <= UNLIKELY) is told


def found(rule: str | None, above: bool = True, impact: float = 1) -> Found:
    return Found(rule, above, 1, 1, impact, 3, None, None)  # type: ignore[arg-type]


def days(*rules: Found) -> dict[date, Found]:
    return {DAY + timedelta(days=number): each for number, each in enumerate(rules)}


def test_days_of_one_direction_are_one_episode():
    spike = [found("day", impact=9), *[found("week")] * 6, *[found(None)] * 9, found("day")]
    first, second = episodes(days(*spike))
    assert (first.first, first.last, first.day) == (DAY, DAY + timedelta(days=6), DAY)
    assert second.first == second.last == DAY + timedelta(days=16)


def test_another_direction_is_another_episode():
    found_ones = episodes(days(found("day"), found("day", above=False), found("stop", above=False), found("day")))
    assert [each.direction for each in found_ones] == ["more", "less", "stopped"]
