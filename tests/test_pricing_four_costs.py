"""Why a reported cost differs: a reason is given only where every call agrees with it."""

from hypothesis import given
from hypothesis import strategies as st

from pricing import four_costs as module
from pricing.four_costs import Compared, Reason, Side, Sums, reason_of_invoice, reasons_of, reasons_of_compared
from pricing.money import PICO

Call = tuple[int, int, int, bool]
"""As priced, reported, what its cached tokens would cost more at the input rate, whether it searched the web."""


def compared(*calls: Call, unit: int = 1) -> Compared:
    """What the database adds up, from single calls."""
    plain = [call for call in calls if not call[3]]
    least = [(call[1] - allowed(call, unit)) * 10**6 // call[0] for call in calls if call[0] > 0]
    most = [(call[1] + allowed(call, unit)) * 10**6 // call[0] + 1 for call in calls if call[0] > 0]
    return Compared(
        calls=len(calls),
        billed=sum(call[0] for call in calls),
        reported=sum(call[1] for call in calls),
        unit=unit,
        gap=max((abs(call[1] - call[0]) for call in calls), default=0),
        plain_gap=max((abs(call[1] - call[0]) for call in plain), default=0),
        cache_gap=max((abs(call[1] - call[0] - call[2]) for call in plain), default=0),
        cache_cost=sum(call[2] for call in plain),
        searching=len(calls) - len(plain),
        searched=sum(call[1] - call[0] for call in calls if call[3]),
        least_ratio=max(least, default=None),
        most_ratio=min(most, default=None),
    )


def allowed(call: Call, unit: int) -> int:
    return max(min(unit // 2, call[0] // 1000), 1)


def why(*calls: Call, unit: int = 1) -> list[tuple[str, int]]:
    return [(reason.text, reason.pico) for reason in reasons_of_compared(compared(*calls, unit=unit))]


def test_equal_costs_need_no_reason():
    assert why((7, 7, 3, False), (9, 9, 0, True)) == []
    assert why() == []


def test_a_log_that_rounds_is_told_by_its_digits():
    unit = 10**6
    assert why((1_400_000, 10**6, 0, False), (2_600_000, 3 * 10**6, 0, False), unit=unit) == [(module.ROUNDING, 0)]
    assert why((1_600_001, 10**6, 0, False), unit=unit) == [(module.NOT_EXPLAINED, -600_001)]


def test_a_log_that_says_0_has_rounded_nothing():
    assert why((400, 0, 0, False), unit=10**10) == [(module.NOT_EXPLAINED, -400)]


def test_one_ratio_in_every_call_is_a_margin():
    calls = [(billed, billed * 21 // 20, 0, False) for billed in (PICO, 3 * PICO, 40 * PICO)]
    assert why(*calls) == [("margin: +5.00% on every call", 44 * PICO // 20)]
    discount = [(billed, billed * 9 // 10, 0, False) for billed in (PICO, 3 * PICO, 40 * PICO)]
    assert why(*discount) == [("margin: -10.00% on every call", -44 * PICO // 10)]
    assert why(*calls[:2]) == [(module.NOT_EXPLAINED, 4 * PICO // 20)], "two calls may agree by accident"
    assert why(*calls, (PICO, 2 * PICO, 0, False))[0][0] == module.NOT_EXPLAINED


def test_cached_tokens_at_the_input_rate_are_told_by_every_call():
    calls = [(100, 100, 0, False), (200, 350, 150, False), (300, 420, 120, False)]
    assert why(*calls) == [(module.CACHE, 270)]
    assert why(*calls, (10, 90, 70, False)) == [(module.NOT_EXPLAINED, 350)]


def test_a_coarse_digit_proves_neither_rounding_nor_a_margin_where_the_cache_is_exact():
    unit = PICO // 10_000
    calls = [(10**9 - 9 * 10**6 * day, 10**9, 9 * 10**6 * day, False) for day in (1, 2, 5)]
    assert why(*calls, unit=unit) == [(module.CACHE, 72 * 10**6)]
    assert why(*((billed, reported, 0, False) for billed, reported, _, _ in calls), unit=10**7)[0][0] == "not explained"


def test_server_tools_explain_what_only_searching_calls_are_beyond():
    assert why((100, 100, 0, False), (100, 5100, 0, True)) == [(module.TOOLS, 5000)]
    assert why((100, 160, 60, False), (100, 5100, 0, True)) == [(module.TOOLS, 5000), (module.CACHE, 60)]
    assert why((100, 170, 60, False), (100, 5100, 0, True)) == [(module.NOT_EXPLAINED, 5070)]


def test_calls_that_cancel_out_are_not_called_equal():
    assert why((1000, 1500, 0, False), (1000, 500, 0, False)) == [(module.CANCEL, 0)]


side = st.builds(Side, st.integers(0, 9), st.integers(-(10**15), 10**15))
calls = st.lists(
    st.tuples(st.integers(0, 10**13), st.integers(0, 10**13), st.integers(0, 10**12), st.booleans()), max_size=6
)


@given(calls, st.lists(side, min_size=5, max_size=5), st.sampled_from([1, 10**6, 10**10]))
def test_reasons_are_the_whole_difference(found, sides, unit):
    sums = compared(*found, unit=unit)
    difference = sums.reported - sums.billed
    upstream, unpriced, tools, unreported, foreign = (each.pico for each in sides)
    whole = difference + upstream + unpriced + tools - unreported - foreign
    assert sum(reason.pico for reason in reasons_of(Sums(None, None, sums, *sides))) == whole


def test_an_invoice_is_compared_to_the_cent():
    assert reason_of_invoice(5 * PICO, 5 * PICO, None, 0) is None
    assert reason_of_invoice(PICO // 100, PICO // 100 + 4, None, 0) == module.ROUNDED_TO_CENTS
    assert reason_of_invoice(5 * PICO, 4 * PICO, 5 * PICO + 1, 0) == module.AS_REPORTED
    assert reason_of_invoice(5 * PICO, 4 * PICO, None, 0) == module.NOT_EXPLAINED
    assert reason_of_invoice(5 * PICO, 4 * PICO, None, 3) == "not explained; 3 calls have no price"


def test_a_sellers_reasons_are_its_models_added_up():
    found = module.merged([Reason("a", 1), Reason("b", 2), Reason("a", 3)])
    assert found == [Reason("a", 4), Reason("b", 2)]


def test_a_credit_is_a_reason_of_its_own_and_hides_nothing():
    credit = (-PICO // 4, "-0.25 USD")
    assert reason_of_invoice(4 * PICO - PICO // 4, 4 * PICO, None, 0, credit) == "-0.25 USD of credits"
    assert (
        reason_of_invoice(5 * PICO, 4 * PICO, None, 3, credit)
        == "-0.25 USD of credits; the rest: not explained; 3 calls have no price"
    )
