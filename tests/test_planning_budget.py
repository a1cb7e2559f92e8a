"""Budgets: periods of every length, carry-over, what paths say of the rest, and how a budget is written."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.budget import Budget, Span, Step, Threshold, amount_of, span_at, spans_through, with_amount
from planning.budget_form import BudgetError, read_form, threshold_of, threshold_text, write_form
from planning.burn import burn_of
from planning.course import EVERYTHING, Course
from planning.flow import Flow
from planning.glance import glance, month_of
from planning.standing import standing
from pricing.money import PICO
from warehouse.scope import DIMENSIONS

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
DAYS = st.dates(date(2019, 12, 1), date(2029, 3, 1))
PERIODS = st.sampled_from(["month", "quarter", "year"])


def budget(**own: object) -> Budget:
    values: dict = {
        "name": "Research",
        "currency": "USD",
        "period": "month",
        "first": date(2026, 11, 1),
        "steps": (Step(date(2026, 11, 1), 300 * PICO),),
    }
    return Budget(**(values | own))


def flow(begin: date, billed: list[int], ahead: list[list[int]] | None = None, **own: object) -> Flow:
    """Days billed and paths, in whole units of the currency; the projected days follow the billed ones."""
    nano = None if ahead is None else np.array(ahead, dtype=np.int64) * 10**9
    return Flow(begin, tuple(day * PICO for day in billed), begin + len(billed) * DAY, nano, **own)  # type: ignore


@given(DAYS, st.integers(0, 900), PERIODS)
def test_periods_follow_one_another_without_a_gap(first, days, period):
    one = budget(period=period, first=first, last=first + days * DAY)
    spans = list(spans_through(one, first + days * DAY))
    assert spans[0].first == first and spans[-1].last == one.last
    for span, following in zip(spans, spans[1:], strict=False):
        assert span.last and following.first == span.last + DAY
        assert following.first.day == 1
    for span in spans:
        assert span.last and span_at(one, span.first) == span_at(one, span.last) == span


@given(DAYS, st.integers(0, 900), PERIODS, st.lists(st.integers(0, 10**15), min_size=40, max_size=40))
def test_the_amounts_of_periods_are_those_of_their_months(first, days, period, picos):
    steps = tuple(
        Step(date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1), pico)
        for n, pico in enumerate(picos)
    )
    one = budget(period=period, first=first, last=first + days * DAY, steps=steps)
    spans = list(spans_through(one, first + days * DAY))
    last = first + days * DAY
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    assert sum(amount_of(one, span) for span in spans) == sum(picos[:months])


def test_an_amount_holds_from_its_month_on():
    one = budget(steps=(Step(date(2026, 11, 1), 300), Step(date(2027, 2, 1), 500)))
    assert [amount_of(one, span) for span in spans_through(one, date(2027, 3, 1))] == [300, 300, 300, 500, 500]
    more = with_amount(one, 400, date(2027, 1, 15))
    assert [amount_of(more, span) for span in spans_through(more, date(2027, 3, 1))] == [300, 300, 400, 500, 500]


@dataclass(frozen=True)
class Month:
    amount: int
    spent: int


@given(st.lists(st.builds(Month, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=14))
def test_what_is_carried_over_is_what_was_left(months):
    starts = [date(2026 + number // 12, number % 12 + 1, 1) for number in range(len(months) + 1)]
    steps = tuple(Step(start, month.amount) for start, month in zip(starts, months, strict=False))
    billed = []
    for start, following, month in zip(starts, starts[1:], months, strict=False):
        billed += [month.spent] + [0] * ((following - start).days - 1)
    source = Flow(starts[0], tuple(billed), starts[-1], None)
    today = starts[-1]
    left = {}
    for carry in ("none", "unspent", "overspent", "both"):
        one = budget(first=starts[0], steps=steps, carry=carry)
        found = standing(one, source, today)
        left[carry] = found.amount
        expected = 0
        for month in months:
            rest = expected + month.amount - month.spent
            expected = rest if carry == "both" or (carry == "unspent") == (rest > 0) and carry != "none" else 0
        assert found.carried == expected
        assert found.amount == months[-1].amount + expected
    everything = sum(month.amount - month.spent for month in months)
    assert left["both"] == months[-1].amount + everything
    assert left["overspent"] <= min(left["none"], left["both"]) <= left["unspent"]


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 40), min_size=0, max_size=29),
    st.lists(st.lists(st.integers(0, 40), min_size=30, max_size=30), min_size=1, max_size=12),
    st.integers(0, 1500),
    st.dictionaries(st.integers(0, 29), st.integers(0, 50), max_size=4),
)
def test_probability_band_and_break_are_counted_on_the_paths(billed, paths, amount, charges):
    fixed = {date(2026, 11, 1) + number * DAY: pico * PICO for number, pico in charges.items()}
    today = date(2026, 11, 1) + len(billed) * DAY
    one = budget(steps=(Step(date(2026, 11, 1), amount * PICO),))
    ahead = [path[: 30 - len(billed)] for path in paths]
    found = standing(one, flow(date(2026, 11, 1), billed, ahead, fixed=fixed), today)
    extra = [charges.get(number, 0) for number in range(30)]
    daily = [[day + more for day, more in zip(billed + path, extra, strict=True)] for path in ahead]
    totals = sorted(sum(path) for path in daily)
    assert found.over == sum(total > amount for total in totals)
    assert found.projected and found.projected.median == totals[(len(totals) - 1) // 2] * PICO
    assert found.projected.low <= found.projected.median <= found.projected.high
    crossings = sorted(number for path in daily if (number := first_above(path, amount)) is not None)
    broken = first_above([day + more for day, more in zip(billed, extra, strict=False)], amount)
    if broken is None and len(billed) < 30 and sum(billed) + sum(extra[: len(billed) + 1]) > amount:
        broken = len(billed)
    if broken is not None:
        assert found.breaks and found.breaks.happened and found.breaks.median == date(2026, 11, 1) + broken * DAY
        assert found.state == "over"
    elif crossings:
        assert found.breaks and not found.breaks.happened
        tenth, nine_tenths = (crossings[max(0, math.ceil(part * len(crossings)) - 1)] for part in (0.1, 0.9))
        assert found.breaks.early == date(2026, 11, 1) + tenth * DAY
        assert found.breaks.late == date(2026, 11, 1) + nine_tenths * DAY
        assert found.breaks.early <= found.breaks.median <= found.breaks.late
        assert found.breaks.paths == len(crossings)
    else:
        assert found.breaks is None and found.over == 0


def first_above(path: list[int], amount: int) -> int | None:
    total = 0
    for number, day in enumerate(path):
        total += day
        if total > amount:
            return number
    return None


def test_spent_is_exact_and_today_counts_as_far_as_it_was_seen():
    source = Flow(date(2026, 11, 1), (1, 10**18, 3), date(2026, 11, 3), np.full((5, 28), 1, dtype=np.int64))
    found = standing(budget(), source, date(2026, 11, 3))
    assert (found.spent, found.spent_whole, found.through) == (10**18 + 4, 10**18 + 1, date(2026, 11, 2))
    assert found.left == 300 * PICO - 10**18 - 4
    assert found.projected and found.projected.median == 10**18 + 1 + 28 * 1000
    assert found.run_rate == (10**18 + 1) * 30 // 2
    assert found.pace == 20 * PICO


def test_the_run_rate_of_a_budget_is_that_of_a_forecast():
    """Ten days at 3, the first of them the first of the data: ten more at their mean, and none before."""
    source = flow(date(2026, 11, 11), [3] * 10, [[1] * 10])
    assert standing(budget(), source, date(2026, 11, 21)).run_rate == 60 * PICO
    nano = np.ones((1, 10), dtype=np.int64)
    course = Course(EVERYTHING, "USD", source.billed_from, source.billed, source.first, nano, (), nano, 0.0)
    assert glance(course, month_of(date(2026, 11, 1))).run_rate == 60 * PICO


@pytest.mark.parametrize(("over", "state"), [(0, "on track"), (9, "on track"), (10, "at risk"), (50, "likely over")])
def test_a_state_is_a_share_of_the_paths(over, state):
    ahead = [[400 if path < over else 1] for path in range(100)]
    found = standing(budget(), flow(date(2026, 11, 1), [1] * 29, ahead), date(2026, 11, 30))
    assert (found.state, found.over, found.probability) == (state, over, over / 100)


def test_thresholds_fire_above_their_line_on_what_was_spent_or_what_is_forecast():
    lines = ("50%", "150", "160", "100% forecast", "100% forecast at 80%", "350 forecast at 30%")
    ahead = [[10 * path] * 15 for path in range(10)]
    one = budget(thresholds=tuple(threshold_of(line) for line in lines))
    found = standing(one, flow(date(2026, 11, 1), [0, 155] + [0] * 13, ahead), date(2026, 11, 16))
    assert [mark.fired for mark in found.marks] == [True, True, False, True, True, True]
    assert [mark.day for mark in found.marks[:3]] == [date(2026, 11, 2), date(2026, 11, 2), None]
    assert [mark.chance for mark in found.marks[3:]] == [9, 9, 8]
    at_the_line = standing(one, flow(date(2026, 11, 1), [150]), date(2026, 11, 2))
    assert [mark.fired for mark in at_the_line.marks] == [False] * 6


def test_without_a_forecast_it_says_why_and_never_a_probability():
    found = standing(budget(), flow(date(2026, 11, 1), [1] * 21, why_not="too short"), TODAY)
    assert (found.state, found.why_not, found.probability, found.projected) == ("no forecast", "too short", None, None)
    short = standing(budget(), flow(date(2026, 11, 1), [1] * 21, [[1] * 3]), TODAY)
    assert short.projected is None and short.why_not == "the forecast does not reach the end of the period"


def test_an_open_project_has_no_total_and_still_a_day_on_which_it_breaks():
    one = budget(period="project", steps=(Step(date(2026, 11, 1), 30 * PICO),))
    found = standing(one, flow(date(2026, 11, 1), [1] * 21, [[1] * 40, [2] * 40]), TODAY)
    assert (found.projected, found.probability, found.state) == (None, 1.0, "likely over")
    assert found.breaks and (found.breaks.early, found.breaks.late) == (date(2026, 11, 26), date(2026, 12, 1))
    assert found.span == Span(date(2026, 11, 1), None)


def test_a_budget_that_has_ended_shows_its_last_period_and_one_to_come_its_first():
    ended = standing(budget(last=date(2026, 11, 10)), flow(date(2026, 11, 1), [40] * 21, [[1] * 9]), TODAY)
    assert (ended.state, ended.spent, ended.amount) == ("ended", 400 * PICO, 300 * PICO)
    assert ended.projected and ended.projected.low == ended.projected.high == 400 * PICO
    to_come = budget(first=date(2026, 12, 1), steps=(Step(date(2026, 12, 1), PICO),))
    found = standing(to_come, flow(date(2026, 11, 1), [1] * 21, [[1] * 40]), TODAY)
    assert (found.state, found.spent) == ("not begun", 0)
    assert found.projected and found.projected.median == 31 * PICO


def test_what_is_carried_from_a_period_with_days_to_come_is_marked():
    one = budget(first=date(2026, 10, 1), steps=(Step(date(2026, 10, 1), 300 * PICO),), carry="unspent")
    behind = flow(date(2026, 10, 1), [1] * 29, [[1] * 40])
    assert standing(one, behind, date(2026, 11, 1)).carry_open
    assert not standing(one, flow(date(2026, 10, 1), [1] * 31, [[1] * 40]), date(2026, 11, 1)).carry_open


def test_the_burn_down_begins_with_what_was_spent_and_ends_with_the_projection():
    source = flow(date(2026, 11, 1), [1] * 21, [[1] * 9, [2] * 9])
    found = standing(budget(), source, TODAY)
    burn = burn_of(found, source, TODAY)
    assert burn.spent[20] == (date(2026, 11, 21), 21 * PICO)
    assert burn.bands[0] == (date(2026, 11, 21), (21 * PICO,) * 3)
    assert burn.bands[-1] == (date(2026, 11, 30), found.projected)


FORMS = st.fixed_dictionaries(
    {"name": st.just("One"), "currency": st.sampled_from(["USD", "cny"])},
    optional={
        "period": PERIODS,
        "amounts": st.dictionaries(
            st.integers(1, 12).map(lambda month: f"2026-{month:02}"),
            st.integers(0, 10**9).map(lambda number: f"{number // 100}.{number % 100:02}"),
            min_size=1,
        ),
        "carry": st.sampled_from(["none", "unspent", "overspent", "both"]),
        "recurring": st.booleans(),
        "credits": st.booleans(),
        "owner": st.sampled_from(["finance", ""]),
        "scope": st.sampled_from([{}, {"team": "a"}, {"seller": ["novita", "nim"], "model": ["x"]}]),
        "thresholds": st.lists(st.sampled_from(["80%", "12.5% forecast at 7%", "100 forecast", "100% actual"])),
    },
)


@given(FORMS)
def test_a_budget_reads_back_as_it_was_written(form):
    form = form | ({} if "amounts" in form else {"amount": "12"})
    one = read_form(form, DIMENSIONS, TODAY)
    written = write_form(one)
    assert read_form(written, DIMENSIONS, TODAY + 400 * DAY) == one
    assert write_form(read_form(written, DIMENSIONS, TODAY)) == written


@pytest.mark.parametrize("line", ["80%", "1200.5", "100% forecast", "99.999999% forecast at 80%"])
def test_a_threshold_reads_back(line):
    assert threshold_text(threshold_of(line)) == line
    assert threshold_of("100% actual") == Threshold("percent", 100 * PICO)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"amount": 12}, 'amount: 12: quote amounts, as in "12"'),
        ({"amount": "1,200"}, "amount: '1,200' is no amount: write digits"),
        ({"amount": "-5"}, "amount: '-5' is below 0"),
        ({"amount": None}, "give either amount, the same each month, or amounts"),
        ({"amounts": {"2026-11": "1"}}, "give either amount"),
        ({"amount": None, "amounts": {"November": "1"}}, "'November' is no month; write it as in 2026-11"),
        ({"amount": None, "amounts": {"2026-12": "1"}, "first": "2026-11-01"}, "its first amount is of 2026-12"),
        ({"currency": "dollar"}, "currency: 'dollar' is no currency"),
        ({"period": "week"}, "period: there is no 'week'; there are month, quarter"),
        ({"period": "custom", "first": "2026-11-01"}, "last: a custom period needs its last day"),
        ({"period": "project"}, "first: a custom period or a project needs its first day"),
        ({"period": "project", "first": "2026-11-01", "carry": "both"}, "carry: a project has one period"),
        ({"first": "2026-11-31"}, "first: '2026-11-31' is no day"),
        ({"first": "2026-11-02", "last": "2026-11-01"}, "last: 2026-11-01 is before the first day"),
        ({"scope": {"squad": "a"}}, "scope: there is no dimension 'squad'; there are seller, model"),
        ({"scope": {"day": "2026-11-01"}}, "scope: there is no dimension 'day'"),
        ({"scope": {"team": []}}, "scope: team: [] is no value"),
        ({"thresholds": "80%"}, "thresholds: write a list"),
        ({"thresholds": ["soon"]}, "thresholds: 'soon' is no threshold; write it as in"),
        ({"thresholds": ["80% at 50%"]}, "a probability belongs to a forecast"),
        ({"thresholds": ["80% forecast at 0%"]}, "a probability is from 1% to 99%"),
        ({"recurring": "in"}, "recurring: 'in' is neither true nor false"),
        ({"name": " "}, "name: ' ' is no text"),
        ({"colour": "red"}, "colour: there is no such field; there are name, owner"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_to_do(own, words):
    form = {"name": "One", "currency": "USD", "amount": "12"} | own
    with pytest.raises(BudgetError) as caught:
        read_form({key: value for key, value in form.items() if value is not None}, DIMENSIONS, TODAY)
    assert words in str(caught.value)
