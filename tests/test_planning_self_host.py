"""Servers of one's own: the arithmetic against plain recomputation, its steps, and what may and may not move it."""

from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.self_host import Hosting, Hour, Traffic, cases, full_mtok, sensitivity, units
from planning.self_host_even import even
from planning.throughput import Throughput, shipped
from pricing.card import read_shipped
from pricing.money import PICO

BEGAN = datetime(2026, 11, 2)
FLASH = Throughput(
    name="8x H100", model="step-3.7-flash", gpu="H100", gpus=8, output_per_s="1245", input_tokens=8192,
    output_tokens=2048, word="third party", by="Lambda", date="2026-11-22", source="a page",
)  # fmt: skip
PRICED = Hosting(throughput=FLASH, gpu_hour="2.5", licence_gpu_year="4500", staff_month="1000", utilisation="0.7")


def traffic(*hours: tuple[int, int], cached: int = 0, tasks: int | None = 7, quiet: int = 0) -> Traffic:
    busy = tuple(Hour(BEGAN + timedelta(hours=place), 10, *tokens) for place, tokens in enumerate(hours))
    return Traffic(len(hours) + quiet, busy, cached, tasks)


def known(amount: Fraction | None) -> Fraction:
    assert amount is not None
    return amount


# Against plain arithmetic


def test_the_servers_are_those_of_a_plain_recomputation():
    seen = traffic((36_000_000, 9_000_000), (90_000_000, 3_000_000), quiet=2)
    by_output, by_input = cases(seen, PRICED)
    # 9,000,000 in an hour are 2,500 in a second; 1,245 of them are one server's.
    assert by_output.peak == Fraction(2500, 1245) and by_output.peak_at == BEGAN
    assert by_output.mean == Fraction(12_000_000, 4 * 3600 * 1245)
    assert (by_output.servers, by_output.gpus) == (ceil(2500 / 1245 / 0.7), 24) == (3, 24)
    # 90,000,000 in an hour are 25,000 in a second; beside 1,245 out the server took in 4 * 1,245.
    assert by_input.peak == Fraction(25_000, 4980) and by_input.peak_at == BEGAN + timedelta(hours=1)
    assert (by_input.servers, by_input.gpu_hours) == (8, 8 * 8 * 730)
    assert by_output.cost == (24 * (Fraction("2.5") * 730 + Fraction(4500, 12)) + 1000) * PICO
    assert by_output.used == by_output.mean / 3


def test_what_a_piece_costs_is_the_month_over_the_pieces_of_a_month():
    seen = traffic((36_000_000, 9_000_000), (90_000_000, 3_000_000), quiet=2)
    (case, _) = cases(seen, PRICED)
    unit = units(case.cost, seen)
    month = Fraction(730, 4)
    assert unit.mtok == known(case.cost) / (138 * month)
    assert unit.thousand_calls == known(case.cost) / (20 * month) * 1000
    assert unit.task == known(case.cost) / (7 * month)
    assert units(case.cost, seen._replace(tasks=None)).task is None
    assert units(None, seen) == (None, None, None)


def test_a_mean_hour_sizes_fewer_servers_than_the_busiest():
    seen = traffic((40_000_000, 10_000_000), (4_000, 1_000), quiet=8)
    (peak,) = cases(seen, PRICED)
    (mean,) = cases(seen, PRICED.model_copy(update={"sized_for": "mean"}))
    assert (peak.servers, mean.servers) == (4, 1)
    assert mean.peak > mean.servers and mean.mean == peak.mean


def test_at_the_mix_at_which_it_was_taken_there_is_nothing_to_choose():
    (case,) = cases(traffic((8192 * 5000, 2048 * 5000)), PRICED)
    for weight in ("0", "0.1", "3"):
        (weighed,) = cases(traffic((8192 * 5000, 2048 * 5000)), PRICED.model_copy(update={"input_weight": weight}))
        assert (weighed.peak, weighed.mean, weighed.cost) == (case.peak, case.mean, case.cost)


def test_a_weight_of_nothing_is_the_end_where_only_output_is_work():
    seen = traffic((36_000_000, 9_000_000), (90_000_000, 3_000_000))
    by_output, by_input = cases(seen, PRICED)
    (none,) = cases(seen, PRICED.model_copy(update={"input_weight": "0"}))
    (much,) = cases(seen, PRICED.model_copy(update={"input_weight": "1000000000"}))
    assert (none.peak, none.mean) == (by_output.peak, by_output.mean)
    assert float(much.peak) == pytest.approx(float(by_input.peak), rel=1e-6)


hours = st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**8)), min_size=1, max_size=5)


@given(hours, st.decimals(0, 100, places=3))
def test_whatever_an_input_token_weighs_it_takes_no_more_than_the_greater_end(found, weight):
    seen = traffic(*found)
    (weighed,) = cases(seen, PRICED.model_copy(update={"input_weight": str(weight)}))
    both = cases(seen, PRICED)
    assert weighed.peak <= max(case.peak for case in both)
    assert min(case.mean for case in both) <= weighed.mean <= max(case.mean for case in both)
    assert weighed.servers <= max(case.servers for case in both)


def test_cached_tokens_are_no_matter_to_the_servers():
    hours = ((36_000_000, 9_000_000), (90_000_000, 3_000_000))
    warm, cold = (traffic(*hours, cached=cached) for cached in (120_000_000, 0))
    assert cases(warm, PRICED) == cases(cold, PRICED)
    assert sensitivity(warm, PRICED) == sensitivity(cold, PRICED)


# Where both cost the same


def cheaper(volume: Fraction, case, hosting, api) -> bool:
    """A plain comparison at so many times the traffic."""
    servers = max(1, ceil(volume * case.sized))
    gpu = Fraction(hosting.gpu_hour) * 730 + Fraction(hosting.licence_gpu_year or 0) / 12
    cost = (servers * hosting.throughput.gpus * gpu + Fraction(hosting.staff_month or 0)) * PICO
    return cost <= volume * api


@pytest.mark.parametrize("staff", ["0", "1000", "250000"])
@pytest.mark.parametrize("gpu_hour", ["0", "0.4", "2.5", "40"])
@pytest.mark.parametrize("month", [3, 40_000, 3_000_000])
def test_the_volume_from_which_on_it_pays(staff, gpu_hour, month):
    seen = traffic((36_000_000, 9_000_000), (90_000_000, 3_000_000), quiet=2)
    hosting = PRICED.model_copy(update={"staff_month": staff, "gpu_hour": gpu_hour, "licence_gpu_year": None})
    api, tiny = Fraction(month * PICO), Fraction(1, 10**9)
    for case in cases(seen, hosting):
        found = even(case, hosting, api)
        assert found.saved == api - known(case.cost)
        full = [Fraction(count) / case.sized for count in range(1, 400)]
        if found.first is None:
            assert not any(cheaper(volume, case, hosting, api) for volume in full)
            continue
        assert cheaper(found.first, case, hosting, api)
        below = [volume for volume in full if volume < found.first]
        assert not any(cheaper(volume, case, hosting, api) for volume in [*below, found.first - tiny] if volume > 0)
        if found.lasting is None:
            assert not cheaper(full[-1] + tiny, case, hosting, api)
            continue
        steps = [volume + tiny for volume in full if volume >= found.lasting]
        assert all(cheaper(volume, case, hosting, api) for volume in [found.lasting, *steps])
        assert found.lasting == 0 or not cheaper(found.lasting - tiny, case, hosting, api)


def test_the_price_of_a_gpu_hour_at_which_both_cost_the_same():
    seen = traffic((36_000_000, 9_000_000), (90_000_000, 3_000_000), quiet=2)
    api = Fraction(60_000 * PICO)
    for case in cases(seen, PRICED):
        found = known(even(case, PRICED, api).gpu_hour)
        assert case.gpus * (730 * found + Fraction(4500 * PICO, 12)) + 1000 * PICO == api
    assert even(case, PRICED, Fraction(PICO)).gpu_hour is None


def test_without_a_price_only_the_price_to_beat_is_known():
    seen = traffic((36_000_000, 9_000_000))
    (case,) = cases(seen, Hosting(throughput=FLASH))
    found = even(case, Hosting(throughput=FLASH), Fraction(1000 * PICO))
    assert case.cost is None and found[:1] == (None,) and found[2:] == (None, None, None)
    assert found.gpu_hour == Fraction(1000 * PICO, case.gpus * 730)


def test_the_use_at_which_a_gpu_costs_what_the_seller_asks():
    seen = traffic((36_000_000, 9_000_000), quiet=9)
    (case,) = cases(seen, PRICED)
    api = Fraction(9000 * PICO)
    use = known(even(case, PRICED, api).use)
    # A server that is at work for that share of a month does use / mean times our traffic, for which the seller asks:
    assert use / case.mean * api == 8 * known(PRICED.gpu_month)
    assert full_mtok(seen, PRICED, case, use) == units(api, seen).mtok


def test_a_higher_utilisation_never_takes_more():
    seen = traffic((36_000_000, 9_000_000), (90_000_000, 3_000_000))
    tried = sensitivity(seen, PRICED)
    assert [one.share for one in tried] == [Fraction(tenth, 10) for tenth in (3, 5, 7, 9, 10)]
    for place in (0, 1):
        gpus = [one.cases[place].gpus for one in tried]
        clock = [known(one.around_the_clock[place]) for one in tried]
        assert gpus == sorted(gpus, reverse=True) and clock == sorted(clock, reverse=True)
    assert [one.share for one in sensitivity(seen, PRICED.model_copy(update={"utilisation": "0.65"}))][2] == Fraction(
        13, 20
    )


# What is shipped, and what is refused


def test_what_is_shipped_is_what_the_claims_say():
    (nim,) = [card for card in read_shipped() if card.seller == "nim"]
    claimed = {
        (claim.conditions, claim.figure, claim.by, claim.source, claim.harness, claim.date): claim.model
        for claim in nim.claims
        if claim.unit == "output tokens/s"
    }
    taken = {
        (
            f"{one.name}, {one.input_tokens} in / {one.output_tokens} out, {one.concurrent} concurrent",
            one.output_per_s,
            one.by,
            one.source,
            one.harness,
            one.date,
        ): one.model
        for one in shipped()
    }
    assert taken == claimed and len(taken) == 3
    assert {(one.name, one.output_per_s) for one in shipped()} == {
        ("4x B200", "1597"),
        ("8x H100", "1245"),
        ("8x A100", "474"),
    }
    assert {one.word for one in shipped()} == {"third party"}


@pytest.mark.parametrize(
    "wrong", [{"utilisation": "0"}, {"utilisation": "1.1"}, {"gpu_hour": "-1"}, {"currency": "usd"}, {"gpu": "x"}]
)
def test_what_is_no_server_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Hosting(throughput=FLASH, **wrong)


def test_a_throughput_of_nothing_is_refused():
    with pytest.raises(ValueError, match="does nothing"):
        Throughput(**{**FLASH.model_dump(), "output_per_s": "0.0"})
