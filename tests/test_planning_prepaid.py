"""Credit paid in advance: what is left of it to the last pico-unit, the day it runs out, what makes it last."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import prepaid
from planning.prepaid import Ahead, Credit, DataEnd, Past, Shown, ahead_of, day_left_of, past_of, to_come
from pricing.money import PICO

FIRST = date(2026, 11, 1)
NANO = 10**9


def on(number: int) -> date:
    return FIRST + timedelta(days=number)


def at(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, 1) + timedelta(days=number, hours=hour)


def credit(number: int, amount: int, expires: date | None = None) -> Credit:
    return Credit(on(number), at(number), amount * PICO, expires)


def shown(number: int, hour: int, amount: int, before: int = 0, unpriced: int = 0) -> Shown:
    return Shown(on(number), at(number, hour), amount * PICO, before * PICO, unpriced, Fraction(24 - hour, 24))


def past(credits=(), readings=(), billed=(), unpriced=(), today: int = 9) -> Past:
    """Billed units by day from the first on."""
    spent = {on(number): amount * PICO for number, amount in enumerate(billed)}
    unknown = {on(number): calls for number, calls in enumerate(unpriced)}
    found = past_of(credits, readings, spent, unknown, on(today))
    assert found is not None
    return found


def test_what_is_left_is_what_was_paid_less_what_was_billed():
    found = past([credit(0, 50), credit(2, 20), credit(12, 5)], billed=[10, 10, 10, 10])
    assert (found.left, found.topped_up, found.billed) == (30 * PICO, 70 * PICO, 40 * PICO)
    assert [left // PICO for _, left in found.days] == [40, 30, 40, 30, 30, 30, 30, 30, 30, 30]
    assert [each.day for each in found.planned] == [on(12)]


def test_a_balance_shown_holds_from_then_on_and_its_difference_is_told():
    found = past([credit(0, 50)], [shown(2, 12, 20, before=4)], billed=[10, 10, 10, 10], today=3)
    # Ours at noon was 50 - 10 - 10 - 4; of that day 6 more came after it.
    assert [(each.ours, each.difference) for each in found.adjusted] == [(26 * PICO, -6 * PICO)]
    assert found.left == (20 - 6 - 10) * PICO


def test_calls_found_later_for_before_a_balance_change_its_difference_alone():
    before = past([credit(0, 50)], [shown(2, 0, 20)], billed=[10, 10, 10], today=3)
    after = past([credit(0, 50)], [shown(2, 0, 20)], billed=[10, 15, 10], today=3)
    assert before.left == after.left == 10 * PICO
    assert (before.adjusted[0].difference, after.adjusted[0].difference) == (-10 * PICO, -5 * PICO)


def test_a_first_balance_opens_the_account():
    found = past([], [shown(2, 12, 20, before=4)], billed=[10, 10, 10, 10], today=3)
    assert (found.left, found.billed, found.adjusted[0].ours) == (4 * PICO, 16 * PICO, None)


def test_credit_that_expires_first_is_used_first_and_what_is_left_of_it_is_lost():
    found = past([credit(0, 50), credit(0, 30, expires=on(1))], billed=[10, 10, 10], today=4)
    assert (found.expired, found.left) == (10 * PICO, 40 * PICO)


def test_more_billed_than_paid_is_below_zero_and_a_top_up_pays_it_first():
    found = past([credit(0, 5), credit(3, 20)], billed=[10, 10], today=4)
    assert [left // PICO for _, left in found.days] == [-5, -15, -15, 5, 5]


def test_calls_of_unknown_cost_count_since_the_last_balance():
    assert past([credit(0, 5)], unpriced=[1, 2, 4]).unpriced == 7
    assert past([credit(0, 5)], [shown(1, 12, 5, unpriced=1)], unpriced=[1, 2, 4]).unpriced == 5


def test_without_an_entry_up_to_today_nothing_is_known():
    assert past_of([credit(5, 50)], [], {}, {}, on(4)) is None


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 90), st.none() | st.integers(0, 12)), max_size=5),
    st.lists(st.tuples(st.integers(0, 9), st.integers(-20, 90)), max_size=4),
    st.lists(st.integers(0, 40), min_size=10, max_size=10),
)
@settings(max_examples=200, deadline=None)
def test_every_pico_unit_is_accounted_for(bought, read, billed):
    credits = [credit(day, amount, None if ends is None else on(max(day, ends))) for day, amount, ends in bought]
    readings = [shown(day, 12, amount, before=billed[day] // 2) for day, amount in read]
    spent = {on(day): amount * PICO for day, amount in enumerate(billed)}
    found = past_of(credits, readings, spent, {}, on(9))
    if found is None:
        return
    adjusted = sum(each.difference for each in found.adjusted)
    assert found.left == found.topped_up + adjusted - found.billed - found.expired == found.days[-1][1]


def run_down(found: Past, *paths: list[int]) -> Ahead:
    return ahead_of(found, np.array(paths, dtype=np.int64) * NANO, on(10))


def test_the_day_it_runs_out_has_a_band():
    paths = [[1 + number, 1 + number, 1 + number, 1 + number] for number in range(10)]
    ahead = run_down(past([credit(0, 10)]), *paths)
    # A path of n a day is through with 10 after 10 / n days, rounded up.
    assert (ahead.early, ahead.middle, ahead.late, ahead.last) == (on(10), on(11), None, on(13))
    assert ahead.median[:2] == (4 * PICO, -2 * PICO)
    assert ahead.low[0] == 0 and ahead.high[0] == 8 * PICO


def test_what_has_to_be_topped_up_makes_it_last_on_so_many_paths():
    paths = [[1 + number] * 4 for number in range(10)]
    found = past([credit(0, 10)])
    needed = run_down(found, *paths).needed(on(13))
    assert needed == (9 * 4 - 10) * PICO
    with_it = past([credit(0, 10), Credit(on(9), at(9), needed)])
    _, missing = prepaid.run_down(with_it, np.array(paths, dtype=np.int64) * NANO, on(10))
    assert (missing[:, -1] == 0).mean() == 0.9
    assert run_down(found, [1, 1]).needed(on(11)) == 0
    with pytest.raises(ValueError, match="is not one of the days"):
        run_down(found, [1, 1]).needed(on(12))


def test_top_ups_to_come_and_credit_that_expires_are_in_the_paths():
    found = past([credit(0, 10, expires=on(11)), credit(0, 2), credit(12, 5)])
    ahead = run_down(found, [3, 3, 3, 3])
    assert [left // PICO for left in ahead.median] == [9, 2, 4, 1]
    assert ahead.needs == (0, 0, 0, 0)


def test_of_the_day_in_progress_only_the_rest_is_to_come():
    nano = np.array([[10, 10], [2, 10]], dtype=np.int64) * NANO
    end = DataEnd(at(10, 12), 4 * PICO, Fraction(1, 2))
    assert (to_come(nano, on(10), end, None) // NANO).tolist() == [[6, 10], [0, 10]]
    assert (to_come(nano, on(10), end, shown(9, 0, 5)) // NANO).tolist() == [[6, 10], [0, 10]]
    # A balance after the data ended: half of what was left of the day has passed, then a whole day, and a half.
    assert (to_come(nano, on(10), end, shown(10, 18, 5)) // NANO).tolist() == [[3, 10], [0, 10]]
    assert (to_come(nano, on(10), end, shown(11, 12, 5)) // NANO).tolist() == [[0, 5], [0, 5]]


def test_a_day_need_not_have_24_hours():
    begins, ends = datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 23)
    assert day_left_of(begins + timedelta(hours=5), begins, ends) == Fraction(20, 25)
    assert day_left_of(ends + timedelta(hours=1), begins, ends) == 0
