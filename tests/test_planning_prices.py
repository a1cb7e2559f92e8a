"""Prices of days to come: the dated rates, weighed by the mix that the last days were used on."""

from datetime import date, datetime, timedelta

import numpy as np

from planning.prices import Horizon, Share, future_prices
from planning.traffic import MEASURES, Cell
from pricing.card import Card
from pricing.meters import METERS
from pricing.rates import PRECEDENCE, compile_card

EVIDENCE = {"currency": "USD", "source": "s", "checked": "2026-01-01", "confidence": "official"}
CELL = Cell("s", "m", None)
FIRST = date(2026, 3, 1)
INPUT, CACHE_READ, OUTPUT = (METERS.index(name) for name in ("input", "cache_read", "output"))


def entry(start, **more):
    return {**EVIDENCE, "valid_from": start, "per_mtok": {"input": "1", "cache_read": "0.1", "output": "4"}, **more}


def rates_of(*entries, seller="s"):
    card = Card.model_validate({"seller": seller, "models": {"m": list(entries)}})
    return compile_card(card, precedence=PRECEDENCE["own"])


def share(cell=CELL, *, requests=1, hour=12, tier="standard", bucket=0, region=None, **tokens):
    counts = [requests, *[0] * len(METERS)]
    for name, count in tokens.items():
        counts[MEASURES.index(name)] = count
    return Share(cell, None, region, tier, bucket, hour, tuple(counts))


def prices_of(rates, *shares, cells=(CELL,), days=10, zone="UTC", first=FIRST):
    return future_prices(cells, shares, rates, Horizon(first, days, zone))


def test_a_rate_that_holds_is_the_price_of_every_day():
    prices = prices_of(rates_of(entry("2026-01-01T00:00:00Z")), share(input=5, output=3))
    assert prices.pico["USD"][0, INPUT].tolist() == [1_000_000] * 10
    assert prices.pico["USD"][0, OUTPUT].tolist() == [4_000_000] * 10
    assert not prices.unpriced.any() and prices.changes == ()


def test_a_rate_announced_for_a_later_day_prices_from_then_on():
    rates = rates_of(
        entry("2026-01-01T00:00:00Z"), entry("2026-03-06T00:00:00Z", per_mtok={"input": "0.4", "output": "1.6"})
    )
    prices = prices_of(rates, share(input=5, output=3))
    assert prices.pico["USD"][0, INPUT].tolist() == [1_000_000] * 5 + [400_000] * 5
    (change,) = prices.changes
    assert (change.at, change.seller, change.model) == (datetime(2026, 3, 6), "s", "m")
    assert change.rate is not None and change.rate.pico[INPUT] == 400_000


def test_the_day_on_which_a_rate_begins_is_priced_hour_by_hour():
    rates = rates_of(
        entry("2026-01-01T00:00:00Z"), entry("2026-03-02T06:00:00Z", per_mtok={"input": "3", "output": "4"})
    )
    prices = prices_of(rates, share(hour=5, input=100), share(hour=6, input=300))
    assert prices.pico["USD"][0, INPUT].tolist()[:3] == [
        1_000_000,
        (100 * 1_000_000 + 300 * 3_000_000) // 400,
        3_000_000,
    ]


def test_a_promotion_that_ends_without_a_successor_leaves_the_calls_without_a_rate():
    rates = rates_of(entry("2026-01-01T00:00:00Z", valid_until="2026-03-04T00:00:00Z"))
    prices = prices_of(rates, share(input=1))
    assert prices.unpriced[0].tolist() == [0.0] * 3 + [1.0] * 7
    assert prices.pico["USD"][0, INPUT].tolist() == [1_000_000] * 3 + [0] * 7
    assert [change.rate for change in prices.changes] == [None]


def test_tiers_weigh_as_in_the_last_days():
    rates = rates_of(entry("2026-01-01T00:00:00Z", service_tiers={"batch": {"multiply": "0.5"}}))
    prices = prices_of(rates, share(input=300), share(tier="batch", input=100))
    assert prices.pico["USD"][0, INPUT, 0] == (300 * 1_000_000 + 100 * 500_000) // 400


def test_each_meter_weighs_by_its_own_tokens():
    rates = rates_of(entry("2026-01-01T00:00:00Z", service_tiers={"batch": {"multiply": "0.5"}}))
    prices = prices_of(rates, share(input=100, output=1), share(tier="batch", input=100, output=3))
    assert prices.pico["USD"][0, INPUT, 0] == 750_000
    assert prices.pico["USD"][0, OUTPUT, 0] == (4_000_000 + 3 * 2_000_000) // 4


def test_long_input_takes_the_rate_of_its_size():
    rates = rates_of(
        entry("2026-01-01T00:00:00Z", context=[{"above": 200_000, "per_mtok": {"input": "2", "output": "8"}}])
    )
    prices = prices_of(rates, share(input=100), share(bucket=4, input=100))
    assert prices.pico["USD"][0, INPUT, 0] == 1_500_000


def test_hours_are_those_of_the_billing_zone_on_a_day_that_a_clock_shortens():
    window = [{"name": "night", "zone": "UTC", "hours": {"mon-sun": "00:00-06:00"}, "multiply": "0.5"}]
    rates = rates_of(entry("2026-01-01T00:00:00Z", windows=window))
    prices = prices_of(rates, share(hour=2, input=1), zone="Europe/Berlin", first=date(2026, 3, 28), days=3)
    # 2 o'clock in Berlin is 1:00 UTC in winter, does not exist on the 29th, and is 0:00 UTC in summer: night each time.
    assert prices.pico["USD"][0, INPUT].tolist() == [500_000] * 3


def test_days_that_lie_alike_in_the_week_have_the_prices_of_each_on_its_own():
    window = [{"name": "peak", "zone": "Asia/Shanghai", "hours": {"mon-fri": "09:00-12:00"}, "multiply": "2"}]
    rates = rates_of(
        entry("2026-01-01T00:00:00Z", windows=window), entry("2026-04-02T22:00:00Z", per_mtok={"input": "3"})
    )
    shares = [share(hour=hour, input=1 + hour) for hour in range(24)]
    berlin = {"zone": "Europe/Berlin"}
    together = prices_of(rates, *shares, first=date(2026, 3, 2), days=40, **berlin).pico["USD"][0, INPUT]
    apart = [prices_of(rates, *shares, first=FIRST + timedelta(days=1 + n), days=1, **berlin) for n in range(40)]
    assert together.tolist() == [prices.pico["USD"][0, INPUT, 0] for prices in apart]
    # Weekdays before the clock of Berlin changes, weekends, weekdays after, and the last rate.
    assert len(set(together.tolist())) == 4


def test_what_no_card_prices_is_unpriced_and_costs_nothing_that_is_known():
    prices = prices_of(
        rates_of(entry("2026-01-01T00:00:00Z")), cells=(CELL, Cell("t", "m", None), Cell(None, "m", "x"))
    )
    assert prices.unpriced[:, 0].tolist() == [0.0, 1.0, 1.0]
    assert not prices.pico["USD"][1:].any()


def test_calls_that_use_a_meter_without_a_rate_are_unpriced_as_a_whole():
    prices = prices_of(
        rates_of(entry("2026-01-01T00:00:00Z")), share(requests=1, input=5), share(requests=3, web_search=1)
    )
    assert prices.unpriced[0, 0] == 0.75
    assert prices.pico["USD"][0, INPUT, 0] == 1_000_000


def test_two_currencies_are_two_prices():
    rates = rates_of(entry("2026-01-01T00:00:00Z")) + rates_of(
        entry("2026-01-01T00:00:00Z", currency="CNY"), seller="c"
    )
    cells = (CELL, Cell("c", "m", None))
    prices = prices_of(rates, share(input=1), share(cells[1], input=1), cells=cells)
    assert prices.pico["USD"][:, INPUT, 0].tolist() == [1_000_000, 0]
    assert prices.pico["CNY"][:, INPUT, 0].tolist() == [0, 1_000_000]


def test_equal_days_are_priced_alike_whatever_the_horizon():
    rates = rates_of(
        entry("2026-01-01T00:00:00Z"), entry("2026-03-05T12:00:00Z", per_mtok={"input": "3", "output": "4"})
    )
    short = prices_of(rates, share(input=7, hour=3), share(input=2, hour=20), days=6)
    long = prices_of(rates, share(input=7, hour=3), share(input=2, hour=20), days=40)
    assert np.array_equal(short.pico["USD"], long.pico["USD"][:, :, :6])
    assert short.first + timedelta(days=6) > FIRST
