"""Months closed and reopened over late rows: nothing that was reported moves, and everything adds up, exactly."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import close
from pricing.books import AMOUNTS, MEASURES, Closing, LineKey, charge_lines, month_end
from pricing.charges import Charge, months_after
from pricing.money import PICO

OCTOBER = date(2026, 10, 1)
MONTHS = [months_after(OCTOBER, number) for number in range(4)]
KEYS = [
    LineKey("calls", "novita", "m", "research", None, None, "USD"),
    LineKey("calls", "stepfun-cn", "m", None, "shop", None, "CNY"),
    LineKey("calls", "nim", "m", None, None, None, None),
    LineKey("recurring", "nim", None, "research", None, "1 GPU", "USD"),
]


def counts(cost: int, requests: int = 1) -> tuple[int, ...]:
    return (cost, cost, cost, requests, *[0] * (len(MEASURES) - 4))


def closing_of(closings, month, now, number=0) -> Closing:
    closed = close.in_force(closings)
    assert close.why_not_next(closed, month) is None
    found = Closing(
        closing_id=number,
        month=month,
        closed_at=datetime(2026, 11, 3, 9),
        who="ann",
        zone="UTC",
        data_through=datetime(2026, 11, 2, 23, 59, 59, 123456),
        rates=2,
        rates_digest="ab" * 32,
        incomplete=None,
        previous=closed[-1].digest if closed else None,
        lines=now.get(month, {}),
        booked=close.open_adjustments(closed, now),
    )
    return found._replace(digest=close.digest_of(found))


late = st.tuples(
    st.just("late"),
    st.sampled_from(MONTHS),
    st.sampled_from(KEYS),
    st.integers(-(10**20), 10**20),
    st.integers(-3, 3),
)
steps = st.lists(st.one_of(late, st.just(("close",)), st.just(("reopen",))), max_size=40)


@given(steps)
@settings(max_examples=200, deadline=None)
def test_what_was_reported_and_the_open_adjustments_are_what_there_is_now(taken):
    now: dict = {}
    closings: list[Closing] = []
    for step in taken:
        before = {each.month: close.added(each.lines, *each.booked.values()) for each in close.in_force(closings)}
        closings, now = follow(step, closings, now)
        books = close.books_of(closings, now)
        # Both views come to the same over all months, line by line.
        assert close.added(*(each.as_closed for each in books)) == close.added(*(each.now for each in books))
        closed = close.in_force(closings)
        for each in closed:
            # A month that stays closed says what it said.
            assert before.get(each.month) in (None, close.added(each.lines, *each.booked.values()))
            found = close.added(
                close.reported(closed, each.month), close.open_adjustments(closed, now).get(each.month, {})
            )
            assert found == close.added(now.get(each.month, {}))
            assert close.digest_of(each) == each.digest
        assert [after.previous for after in closed[1:]] == [each.digest for each in closed[:-1]]


def follow(step, closings, now):
    if step[0] == "late":
        _, month, key, cost, requests = step
        return closings, now | {month: close.added(now.get(month, {}), {key: counts(cost, requests)})}
    closed = close.in_force(closings)
    if step[0] == "close":
        month = close.next_month(closed) or OCTOBER
        return [*closings, closing_of(closings, month, now, len(closings))], now
    if not closed:
        return closings, now
    taken_back = closed[-1]._replace(reopened_at=datetime(2026, 12, 1))
    return [taken_back if each is closed[-1] else each for each in closings], now


def test_a_second_late_arrival_is_booked_with_the_month_that_is_open_then():
    usd = KEYS[0]
    now = {OCTOBER: {usd: counts(10)}}
    closings = [closing_of([], OCTOBER, now)]
    now = {OCTOBER: {usd: counts(13, 2)}, MONTHS[1]: {usd: counts(5)}}
    assert close.open_adjustments(closings, now) == {OCTOBER: {usd: counts(3)}}
    closings.append(closing_of(closings, MONTHS[1], now))
    now[OCTOBER] = {usd: counts(20, 3)}
    october, november, december = close.books_of(closings, now)
    assert (october.as_closed, october.now, october.later) == (
        {usd: counts(10)},
        {usd: counts(20, 3)},
        {usd: counts(10, 2)},
    )
    assert november.as_closed == {usd: counts(8, 2)} and november.now == {usd: counts(5)}
    assert december.closing is None and december.adjustments == {OCTOBER: {usd: counts(7)}}


def test_a_call_that_is_given_a_price_moves_from_one_line_to_another():
    unpriced, priced = counts(0)[:4] + (1,) + counts(0)[5:], counts(7)
    closings = [closing_of([], OCTOBER, {OCTOBER: {KEYS[2]: unpriced}})]
    found = close.open_adjustments(closings, {OCTOBER: {KEYS[0]: priced}})[OCTOBER]
    assert found == {KEYS[0]: priced, KEYS[2]: tuple(-count for count in unpriced)}


@pytest.mark.parametrize(
    ("month", "words"),
    [
        (OCTOBER, "2026-10 is closed already"),
        (MONTHS[2], "months are closed in order: close 2026-11 first"),
        (date(2026, 9, 1), "the books begin with 2026-10"),
    ],
)
def test_months_are_closed_in_order(month, words):
    closed = [closing_of([], OCTOBER, {})]
    assert words in str(close.why_not_next(closed, month))
    assert close.why_not_next(closed, MONTHS[1]) is None
    assert close.why_not_next([], month) is None


@pytest.mark.parametrize(
    ("today", "through", "words"),
    [
        (date(2026, 10, 31), date(2026, 10, 31), "it ends on 2026-10-31, and the day was 2026-10-31"),
        (date(2026, 11, 1), date(2026, 10, 31), "it ends on 2026-10-31, and the newest call is of 2026-10-31"),
        (date(2026, 11, 1), None, "there are no calls"),
        (date(2026, 11, 1), date(2026, 11, 1), None),
    ],
)
def test_a_month_is_complete_when_it_is_over_and_the_calls_go_beyond_it(today, through, words):
    assert close.what_is_missing(OCTOBER, today, through) == words


def test_the_digest_is_of_everything_that_was_said(golden):
    now = {OCTOBER: {key: counts(PICO + place, place + 1) for place, key in enumerate(KEYS)}}
    first = closing_of([], OCTOBER, now)
    second = closing_of([first], MONTHS[1], {OCTOBER: {KEYS[0]: counts(3 * PICO)}, MONTHS[1]: now[OCTOBER]})
    golden("close/digests.json", {"first": first.digest, "with_adjustments": second.digest})
    assert second.previous == first.digest
    changes: tuple[dict[str, Any], ...] = (
        {"who": "bob"},
        {"zone": "Europe/Berlin"},
        {"incomplete": "x"},
        {"rates_digest": "00" * 32},
        {"lines": {KEYS[0]: counts(PICO + 1)}},
        {"booked": {}},
    )
    for changed in changes:
        assert close.digest_of(second._replace(**changed)) != second.digest
    # The order in which lines come does not matter.
    assert close.digest_of(second._replace(lines=dict(reversed(list(second.lines.items()))))) == second.digest


def test_a_closing_that_was_rewritten_whole_is_told_by_the_one_after_it():
    """Whoever changes a figure and takes its digest anew still has the digest that the next month kept."""
    first = closing_of([], OCTOBER, {OCTOBER: {KEYS[0]: counts(PICO)}}, 1)
    second = closing_of([first], MONTHS[1], {OCTOBER: first.lines}, 2)
    assert close.changed_closings([first, second]) == frozenset()
    touched = first._replace(lines={KEYS[0]: counts(2 * PICO)})
    assert close.changed_closings([touched, second]) == {1}
    rewritten = touched._replace(digest=close.digest_of(touched))
    assert close.changed_closings([rewritten, second]) == {1}


def test_recurring_charges_have_lines_of_their_own():
    values = dict.fromkeys(Charge._fields) | {"charge_id": 1, "name": "GPU", "kind": "plan", "pico": 310 * PICO}
    charge = Charge(**(values | {"currency": "USD", "period": "month", "first": OCTOBER, "seller": "nim"}))  # type: ignore[arg-type]
    (line,) = charge_lines([charge], OCTOBER, date(2026, 12, 1)).items()
    assert line[0] == LineKey("recurring", "nim", None, None, None, "1 GPU", "USD")
    assert line[1][: len(AMOUNTS) + 1] == (310 * PICO, 310 * PICO, 310 * PICO, 0)
    assert charge_lines([charge], OCTOBER, date(2026, 10, 10))[line[0]][0] == 100 * PICO
    assert charge_lines([charge], date(2026, 9, 1), date(2026, 12, 1)) == {}
    assert month_end(date(2026, 12, 1)) == date(2026, 12, 31)
