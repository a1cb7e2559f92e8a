"""The difference of a re-rate is of calls that have a price on both sides: what is unknown is never taken as 0."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.figures import money
from app.rerate_difference import Part, beside_difference, difference_in
from warehouse.rerate import Change

sides = st.one_of(st.just((None, None)), st.tuples(st.sampled_from(["USD", "CNY"]), st.integers(0, 10**15)))


def change(calls: int, before: tuple[str | None, int | None], after: tuple[str | None, int | None]) -> Change:
    return Change(date(2026, 11, 20), "s", "m", None, *before, *after, requests=calls, all_requests=calls, reason=None)


def test_what_loses_its_price_is_no_saving():
    changes = [change(2, ("USD", 50), ("USD", 30)), change(4, ("USD", 26), (None, None))]
    found = difference_in(changes, "USD")
    assert (found.both, found.lost, found.gained) == (-20, Part(4, 26), Part(0, 0))
    assert difference_in(changes[1:], "USD").both is None
    (said,) = beside_difference(found, "USD", money)
    assert said == "4 calls, 0.000000000026 USD as priced, would have no price: in no difference."


@given(st.lists(st.builds(change, st.integers(1, 9), sides, sides)))
def test_the_totals_are_the_difference_and_what_stands_beside_it(changes):
    for currency, other in (("USD", "CNY"), ("CNY", "USD")):
        found = difference_in(changes, currency)
        came = difference_in(changes, other)
        before = sum(each.cost or 0 for each in changes if each.currency == currency)
        after = sum(each.new_cost or 0 for each in changes if each.new_currency == currency)
        arrived = sum(
            each.new_cost or 0 for each in changes if each.currency == other and each.new_currency == currency
        )
        assert after - before == (found.both or 0) - found.lost.pico - found.left.pico + found.gained.pico + arrived
        assert came.left.calls == sum(
            each.all_requests for each in changes if each.currency == other and each.new_currency == currency
        )
