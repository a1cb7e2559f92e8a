"""Variance by volume, mix and price: it adds up to the last pico-unit, and each cause is found where it is planted."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from planning.traffic import Cell
from planning.variance import Bridge, Use, bridge, days_before

A, B, C = (Cell("novita", model, "research") for model in ("a", "b", "c"))
USES = st.dictionaries(
    st.sampled_from([A, B, C]), st.builds(Use, st.integers(0, 10**12), st.integers(0, 10**20)), max_size=3
)


@given(USES, USES)
def test_the_steps_add_up_exactly(before, now):
    found = bridge(before, now)
    assert found.before == sum(use.pico for use in before.values())
    assert found.now == sum(use.pico for use in now.values())
    assert found.before + found.volume + found.mix + found.price == found.now


@given(USES, st.integers(0, 9))
def test_the_same_traffic_so_many_times_is_volume_alone(before, times):
    now = {cell: Use(use.tokens * times, use.pico * times) for cell, use in before.items()}
    found = bridge(before, now)
    assert found.volume == (times - 1) * found.before
    if sum(use.tokens for use in before.values()):
        assert found.mix + found.price == 0


def test_each_cause_is_found_where_it_is():
    before = {A: Use(100, 1000), B: Use(100, 3000)}
    assert bridge(before, {A: Use(100, 500), B: Use(100, 3000)}) == Bridge(4000, 0, 0, -500, 3500)
    assert bridge(before, {A: Use(150, 1500), B: Use(50, 1500)}) == Bridge(4000, 0, -1000, 0, 3000)
    assert bridge(before, {A: Use(200, 2000), B: Use(200, 6000)}) == Bridge(4000, 4000, 0, 0, 8000)
    assert bridge(before, {}) == Bridge(4000, -4000, 0, 0, 0)
    assert bridge({}, {A: Use(5, 70)}) == Bridge(0, 70, 0, 0, 70)
    # What is new costs what it costs: 100 tokens at 7 in place of 100 at 30.
    assert bridge(before, {A: Use(100, 1000), C: Use(100, 700)}) == Bridge(4000, 0, -2300, 0, 1700)


def test_the_days_before_are_as_many():
    assert days_before(date(2026, 11, 1), date(2026, 11, 21)) == (date(2026, 10, 11), date(2026, 10, 31))
    assert days_before(date(2026, 3, 1), date(2026, 3, 1)) == (date(2026, 2, 28), date(2026, 2, 28))
