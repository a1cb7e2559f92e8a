"""A projection's paths: priced at the rates to come, added up without a remainder, the same every time."""

from datetime import date, timedelta

import numpy as np
import pytest

from planning.course import EVERYTHING, Course, Group, to_nano
from planning.prices import Horizon, Share, future_prices
from planning.projection import TooMuch, project, rounded_nano
from planning.traffic import MEASURES, REQUESTS, Cell, traffic_of
from pricing.card import Card
from pricing.meters import METERS
from pricing.rates import PRECEDENCE, compile_card

FIRST = date(2026, 1, 5)
DAYS, HORIZON, PATHS = 56, 30, 200
CELLS = (Cell("a", "m", "x"), Cell("a", "m", "y"), Cell("b", "m", "x"))
EVIDENCE = {"currency": "USD", "source": "s", "checked": "2026-01-01", "confidence": "official"}
BASE = {"input": "1", "cache_read": "0.1", "output": "4"}
BEGUN = FIRST + timedelta(days=DAYS)
INPUT, CACHE_READ = MEASURES.index("input"), MEASURES.index("cache_read")


def made_traffic(days=DAYS, cells=CELLS, scale=1.0):
    """Made-up calls with a weekday pattern and noise."""
    rng = np.random.default_rng(7)
    counts = np.zeros((len(cells), len(MEASURES), days), dtype=np.int64)
    week = np.array([1.2, 1.3, 1.2, 1.1, 1.0, 0.4, 0.3])
    for place in range(len(cells)):
        calls = np.rint(500 * (place + 1) * week[np.arange(days) % 7] * np.exp(rng.normal(0, 0.15, days)) * scale)
        counts[place, REQUESTS] = counts[place, MEASURES.index("request")] = calls
        counts[place, INPUT] = calls * 900
        counts[place, CACHE_READ] = calls * 2100
        counts[place, MEASURES.index("output")] = calls * 300
    return traffic_of(FIRST, cells, counts, np.zeros(counts.shape[:2], dtype=np.int64))


def entry(day, figures):
    return {**EVIDENCE, "valid_from": f"{day}T00:00:00Z", "per_mtok": figures}


def rates_of(**entries):
    """Rates of model m by seller, from (start, figures) pairs."""
    return [
        rate
        for seller, steps in entries.items()
        for rate in compile_card(
            Card.model_validate(
                {
                    "seller": seller,
                    "models": {"m": [entry(*step) for step in steps]},
                }
            ),
            precedence=PRECEDENCE["own"],
        )
    ]


def projected(rates, traffic=None, groups=None):
    traffic = traffic or made_traffic()
    mix = [
        Share(cell, None, None, "standard", 0, 12, tuple(int(n) for n in traffic.counts[place].sum(axis=1)))
        for place, cell in enumerate(traffic.cells)
    ]
    prices = future_prices(traffic.cells, mix, rates, Horizon(BEGUN, HORIZON, "UTC"))
    groups = groups or {EVERYTHING: range(len(traffic.cells))}
    return project(traffic, prices, HORIZON, groups, paths=PATHS)


def total_of(rates, **more):
    return projected(rates, **more)[EVERYTHING].nano["USD"]


START = "2026-01-01"
PLAIN = [(START, BASE)]


def test_a_cut_of_every_rate_three_days_ago_moves_every_path_by_exactly_the_cut():
    recent = str(BEGUN - timedelta(days=3))
    cut = [*PLAIN, (recent, {"input": "0.4", "cache_read": "0.04", "output": "1.6"})]
    before, after = total_of(rates_of(a=PLAIN, b=PLAIN)), total_of(rates_of(a=cut, b=cut))
    assert before.any() and np.array_equal(after * 10, before * 4)


def test_a_cut_of_the_cache_read_rate_alone_takes_off_exactly_what_the_cached_tokens_cost():
    cut = [*PLAIN, (str(BEGUN - timedelta(days=3)), BASE | {"cache_read": "0.02"})]
    only_cache = [(START, {"input": "0", "cache_read": "0.08", "output": "0"})]
    before, after = total_of(rates_of(a=PLAIN, b=PLAIN)), total_of(rates_of(a=cut, b=cut))
    assert np.array_equal(before - after, total_of(rates_of(a=only_cache, b=only_cache)))


def test_a_cut_at_one_of_two_sellers_moves_that_seller_alone():
    groups = {Group("seller", "a"): [0, 1], Group("seller", "b"): [2]}
    cut = [*PLAIN, (str(BEGUN - timedelta(days=3)), {"input": "0.5", "cache_read": "0.05", "output": "2"})]
    before = projected(rates_of(a=PLAIN, b=PLAIN), groups=groups)
    after = projected(rates_of(a=cut, b=PLAIN), groups=groups)
    a, b = Group("seller", "a"), Group("seller", "b")
    assert np.array_equal(after[a].nano["USD"] * 2, before[a].nano["USD"])
    assert np.array_equal(after[b].nano["USD"], before[b].nano["USD"])


def test_a_cut_announced_for_ten_days_ahead_moves_the_days_from_then_on():
    announced = [*PLAIN, (str(BEGUN + timedelta(days=10)), {"input": "0.4", "cache_read": "0.04", "output": "1.6"})]
    before, after = total_of(rates_of(a=PLAIN, b=PLAIN)), total_of(rates_of(a=announced, b=announced))
    assert np.array_equal(after[:, :10], before[:, :10])
    assert np.array_equal(after[:, 10:] * 10, before[:, 10:] * 4)


def test_the_parts_add_up_to_the_whole_on_every_path_and_day():
    groups = {EVERYTHING: [0, 1, 2]} | {Group("cell", str(place)): [place] for place in range(3)}
    found = projected(rates_of(a=PLAIN, b=PLAIN), groups=groups)
    parts = [found[Group("cell", str(place))] for place in range(3)]
    assert np.array_equal(sum(part.nano["USD"] for part in parts), found[EVERYTHING].nano["USD"])
    assert np.array_equal(sum(part.requests for part in parts), found[EVERYTHING].requests)


def test_the_same_question_has_the_same_paths_to_the_last_bit():
    rates = rates_of(a=PLAIN, b=PLAIN)
    assert np.array_equal(total_of(rates), total_of(rates))


def test_a_cells_paths_are_its_own_whatever_else_is_asked():
    rates = rates_of(a=PLAIN, b=PLAIN)
    alone = projected(rates, groups={EVERYTHING: [1]})[EVERYTHING].nano["USD"]
    beside = projected(rates, groups={EVERYTHING: [0, 1, 2], Group("one", ""): [1]})[Group("one", "")].nano["USD"]
    assert np.array_equal(alone, beside)


def test_the_day_in_progress_costs_at_least_what_was_seen_of_it():
    traffic = made_traffic()
    begun = traffic.begun.copy()
    begun[0, INPUT] = 10**9
    nano = total_of(rates_of(a=PLAIN, b=PLAIN), traffic=traffic._replace(begun=begun))
    assert nano[:, 0].min() >= to_nano(10**9 * 1_000_000)
    assert np.array_equal(nano[:, 1:], total_of(rates_of(a=PLAIN, b=PLAIN))[:, 1:])


def test_a_cell_of_two_days_goes_on_as_it_did_and_says_why():
    traffic = made_traffic()
    traffic.known[0, :-2] = False
    found = projected(rates_of(a=PLAIN, b=PLAIN), traffic=traffic)[EVERYTHING]
    (left_out,) = found.left_out["USD"]
    assert left_out.cell == CELLS[0] and "3" in left_out.why
    days = traffic.counts[0, :, -2:].sum(axis=1)
    price = {"input": 1_000_000, "cache_read": 100_000, "output": 4_000_000}
    assert (
        left_out.nano == sum(to_nano(int(days[MEASURES.index(m)]) * pico) for m, pico in price.items()) * HORIZON // 2
    )


def test_calls_without_a_rate_are_counted_and_cost_nothing_that_is_known():
    found = projected(rates_of(a=PLAIN))[EVERYTHING]
    assert 0.3 < found.unpriced < 0.7
    both = projected(rates_of(a=PLAIN, b=PLAIN))[EVERYTHING]
    assert np.array_equal(found.requests, both.requests)
    assert (found.nano["USD"] < both.nano["USD"]).all()


def test_an_amount_past_what_whole_numbers_hold_is_refused():
    with pytest.raises(TooMuch):
        total_of(rates_of(a=PLAIN, b=PLAIN), traffic=made_traffic(scale=1e10))


def test_nano_units_are_rounded_half_to_even():
    assert rounded_nano(np.array([499, 500, 501, 1500, 2500, 0])).tolist() == [0, 0, 1, 2, 2, 0]
    assert [to_nano(pico) for pico in (499, 500, 501, 1500, 2500, -500, -1500)] == [0, 0, 1, 2, 2, 0, -2]


def test_a_course_adds_what_was_billed_to_what_may_come():
    nano = np.array([[10, 20, 30], [1, 2, 3]], dtype=np.int64)
    course = Course(EVERYTHING, "USD", FIRST, (1000, 2000, 3000, 777), FIRST + timedelta(days=3), nano, (), nano, 0.0)
    day = timedelta(days=1)
    assert course.total(FIRST, FIRST + 2 * day).tolist() == [6, 6]
    # The fourth day is in progress: it is what the paths say, and what was seen of it is not added again.
    assert course.total(FIRST + day, FIRST + 4 * day).tolist() == [2 + 3 + 30, 2 + 3 + 3]
    assert course.spent(FIRST, FIRST + 9 * day) == 6777
    with pytest.raises(ValueError):
        course.total(FIRST, FIRST + 6 * day)


def test_traffic_cut_off_at_a_day_is_as_it_stood_then():
    traffic = made_traffic()
    cut = traffic.until(FIRST + timedelta(days=9))
    assert cut.days == 10 and cut.through == FIRST + timedelta(days=9)
    assert np.array_equal(cut.counts, traffic.counts[:, :, :10])
    assert len(METERS) + 1 == len(MEASURES)


def test_a_meter_that_is_new_goes_on_as_in_its_last_days():
    """The cell has a forecast by its calls; a meter of yesterday has none, and is not a reason to refuse."""
    seen = made_traffic(cells=CELLS[:1])
    new = MEASURES.index("cache_write_5m")
    seen.counts[0, new, -1] = 700
    rates = rates_of(a=PLAIN)
    whole = projected(rates, seen)[EVERYTHING]
    assert (whole.requests > 0).any()
    assert not whole.left_out.get("USD")
