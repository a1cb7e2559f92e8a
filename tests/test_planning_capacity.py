"""Limits: calls replayed, predicted from a few numbers, queued; what a limit allows; what a prefix cache saves."""

from fractions import Fraction

import numpy as np
import pytest

from planning.allowance import dearest_call, most_calls, spend_at, tpm_never_binds
from planning.capacity import (
    MINUTE_US,
    Calls,
    Caps,
    Kind,
    binds_first,
    calls_of,
    least_cap,
    load_at_each,
    replay,
    share_over,
)
from planning.crowd import Crowd, crowd_of, draw_starts, least_rpm, predicted_over, spread_out
from planning.prefix_cache import Prompt, prefix_cache
from planning.traffic_classes import traffic_classes
from planning.waiting import wait_for

SECOND = 1_000_000
RPM = 30
RATES = (5, 10, 15, 20, 30, 60)


def calls(*seconds: float, tokens: int = 1, took: float | None = None) -> Calls:
    starts = np.array([round(second * SECOND) for second in seconds], dtype=np.int64)
    durations = None if took is None else np.full(len(starts), round(took * SECOND), dtype=np.int64)
    return calls_of(starts, np.full(len(starts), tokens, dtype=np.int64), durations)


def loads(some: Calls, kind: Kind) -> list[int]:
    found = load_at_each(some, kind)
    assert found is not None
    return list(found.tolist())


def dearest(context: int, longest: int, rates: list[tuple[int, int, int]]) -> tuple[int, ...]:
    found = dearest_call(context, longest, rates)
    assert found is not None
    return tuple(found)


def saved(*asked: object, **terms: int) -> Fraction:
    share = prefix_cache(*asked, **terms).share  # type: ignore[arg-type]
    assert share is not None
    return share


def thinned(all_calls: Calls, rate: float, random: np.random.Generator) -> Calls:
    kept = random.random(len(all_calls.start_us)) < rate / all_calls.rate
    return Calls(all_calls.start_us[kept], all_calls.tokens[kept])


def replayed(all_calls: Calls, rate: float, seed: int) -> float:
    """The share over the limit, in the mean of 30 random thinnings."""
    random = np.random.default_rng(seed)
    shares = [share_over(thinned(all_calls, rate, random), Caps(rpm=RPM)) for _ in range(30)]
    return float(np.mean(shares))


def test_a_minute_slides_and_a_call_of_exactly_a_minute_ago_is_out():
    assert loads(calls(0, 59, 60, 119), "rpm") == [1, 2, 2, 2]
    (use,) = replay(calls(0, 1, 2, 61), Caps(rpm=2))
    assert (use.over, use.peak, use.filled) == (0.25, 3, 1.5)


def test_tokens_and_concurrency_and_which_binds_first():
    some = calls(0, 1, 2, 100, tokens=40, took=1.5)
    assert loads(some, "tpm") == [40, 80, 120, 40]
    assert loads(some, "concurrency") == [1, 2, 2, 1]
    uses = replay(some, Caps(rpm=6, tpm=100, concurrency=4))
    assert [(use.kind, use.over) for use in uses] == [("rpm", 0), ("tpm", 0.25), ("concurrency", 0)]
    assert (first := binds_first(uses)) and first.kind == "tpm"
    assert share_over(some, Caps(rpm=6, tpm=100, concurrency=1)) == 0.5
    assert replay(calls(0, 1), Caps(concurrency=1)) == ()  # nobody knows how long they took


def test_waiting_first_in_first_out():
    waits = wait_for(calls(0, 1, 2, 3), Caps(rpm=2))
    assert (waits.mean, waits.middle, waits.longest, waits.waited) == (29, 0, 58, 0.5)
    waits = wait_for(calls(0, 0, 0, took=10), Caps(concurrency=1))
    assert (waits.mean, waits.middle, waits.longest) == (10, 10, 20)
    waits = wait_for(calls(0, 10, tokens=60), Caps(tpm=100))
    assert waits.longest == 50
    assert wait_for(calls(0, 1, tokens=200), Caps(tpm=100)).never == 2


def test_a_queue_keeps_every_limit():
    random = np.random.default_rng(4)
    starts = np.sort(random.integers(0, 3 * MINUTE_US, 200))
    some = Calls(starts, random.integers(1, 100, 200), random.integers(1, 20 * SECOND, 200))
    caps = Caps(rpm=40, tpm=2000, concurrency=5)
    from planning.waiting import _begins

    begun = np.array(_begins(some, caps))
    assert (np.diff(begun) >= 0).all() and (begun >= starts).all()
    assert share_over(Calls(begun, some.tokens, some.duration_us), caps) == 0


def test_thirty_requests_never_meet_fifty_million_tokens_first():
    tier = Caps(rpm=30, tpm=50_000_000)
    assert tpm_never_binds(tier, 262_144)
    assert not tpm_never_binds(tier, 2_000_000) and not tpm_never_binds(tier, None)
    pace = most_calls(tier, Fraction(262_144), None)
    assert pace and pace.per_minute == 30 and pace.kind == "rpm"
    spend = spend_at(pace.per_minute, Fraction(10**12, 3))
    assert [spend.per_minute, spend.per_day, spend.per_month] == [10**13, 1440 * 10**13, 43_200 * 10**13]


def test_the_dearest_call_that_fits():
    found = dearest(262_144, 256_000, [(0, 200_000, 1_150_000)])
    assert found == (6_144, 256_000, 6_144 * 200_000 + 256_000 * 1_150_000)
    # From 200,001 tokens of input on everything is dearer: the whole context as input beats the longest answer.
    found = dearest(1_000_000, 50_000, [(0, 5, 25), (200_001, 10, 30)])
    assert found == (950_000, 50_000, 950_000 * 10 + 50_000 * 30)
    for size in range(0, 1001):
        answer = min(300, 1000 - size)
        least = (2, 9) if size < 400 else (3, 4)
        assert dearest(1000, 300, [(0, 2, 9), (400, 3, 4)])[2] >= size * least[0] + answer * least[1]


def made_bursts(seed: int) -> Calls:
    """Minutes at four levels, as a service has them whose users come and go."""
    random = np.random.default_rng(seed)
    levels = np.repeat(random.choice([0, 20, 100, 400], 100, p=[0.3, 0.3, 0.3, 0.1]), 3)
    starts = np.repeat(np.arange(300), random.poisson(levels)) * MINUTE_US
    return calls_of(starts + random.integers(0, MINUTE_US, len(starts)), np.ones(len(starts), dtype=np.int64))


def test_prediction_of_bursts_is_within_two_points_of_their_replay():
    bursts = made_bursts(2)
    crowd = crowd_of(thinned(bursts, 20, np.random.default_rng(1)))
    for rate in RATES:
        assert abs(predicted_over(crowd, rate, RPM) - replayed(bursts, rate, 3)) < 0.02, rate


def test_calls_at_random_have_no_bursts():
    starts = np.sort(np.random.default_rng(5).integers(0, 600 * MINUTE_US, 12_000))
    crowd = crowd_of(calls_of(starts, np.ones(12_000, dtype=np.int64)))
    assert 0.85 < crowd.levels[0] and crowd.levels[-1] < 1.15
    assert crowd.stay < 0.15


def test_drawn_calls_are_as_crowded_as_predicted():
    for kind in traffic_classes().values():
        starts = draw_starts(kind.crowd, 20, 3000, np.random.default_rng(6))
        drawn = Calls(starts, np.ones(len(starts), dtype=np.int64))
        assert abs(len(starts) / 3000 - 20) < 1
        assert abs(share_over(drawn, Caps(rpm=RPM)) - predicted_over(kind.crowd, 20, RPM)) < 0.06, kind.name


def test_classes_name_their_source_and_licence():
    for name, kind in traffic_classes().items():
        assert kind.name == name and kind.source and kind.licence in ("Apache-2.0", "CC-BY-4.0", "MIT")
        assert sum(kind.crowd.weights) == pytest.approx(1, abs=0.01)
        assert np.mean(kind.parts) == pytest.approx(kind.input_tokens + kind.output_tokens, rel=0.01)
        drawn = kind.sizes(20_000, 5000, np.random.default_rng(1))
        assert drawn.mean() == pytest.approx(5000, rel=0.05)


def test_shipped_classes_are_what_the_traces_say(shared):
    from bench.traffic_classes import SOURCES, agents, azure, mooncake

    assert set(SOURCES) == set(traffic_classes())
    for name, read in (("code", azure), ("steady", mooncake), ("agent", agents)):
        measured, kind = crowd_of(read()[0]), traffic_classes()[name]
        assert kind.crowd.levels == pytest.approx(measured.levels, abs=1e-3)


def test_share_over_thirty_requests_of_a_coding_service_thinned_to_several_rates(shared):
    from bench.traffic_classes import azure

    service, _ = azure()
    for rate in RATES:
        # From 24 shipped levels, which are none of the times that are replayed.
        assert abs(predicted_over(traffic_classes()["code"].crowd, rate, RPM) - replayed(service, rate, 1)) < 0.02
        # From one half of the calls, against the replay of the other: one split may be unlucky, their mean is not.
        split = []
        for seed in range(6):
            half = np.random.default_rng(seed).random(len(service.start_us)) < 0.5
            own = crowd_of(Calls(service.start_us[half], service.tokens[half]))
            others = Calls(service.start_us[~half], service.tokens[~half])
            split.append(predicted_over(own, rate, RPM) - replayed(others, rate, 2))
        assert abs(np.mean(split)) < 0.02 and np.abs(split).max() < 0.05, rate


def test_what_a_prefix_cache_would_have_saved_of_conversations(shared):
    from bench.traffic_classes import prompts

    asked = prompts()
    endless, minutes = saved(asked, 512), saved(asked, 512, live_ms=300_000)
    assert [f"{float(endless):.0%}", f"{float(minutes):.0%}"] == ["37%", "29%"]
    assert saved(asked, 512, room=10_000) < endless


def test_a_prefix_ends_at_the_first_block_that_is_not_held():
    asked = [Prompt(0, 25, "abc"), Prompt(10, 25, "abd"), Prompt(20, 25, "xbc"), Prompt(500, 15, "ab")]
    assert prefix_cache(asked, 10) == (90, 20 + 15)
    assert prefix_cache(asked, 10, live_ms=100) == (90, 20)
    assert prefix_cache(asked, 10, room=1) == (90, 0 + 10)
    assert prefix_cache([], 10).share is None


def test_no_more_than_all_calls_are_over_a_limit():
    for known in traffic_classes().values():
        assert predicted_over(known.crowd, 1e6, 1) <= 1


def test_the_least_limit_holds_and_one_below_it_does_not():
    random = np.random.default_rng(3)
    some = calls_of(np.sort(random.integers(0, 50 * MINUTE_US, 400)), random.integers(1, 1000, 400))
    kinds: tuple[Kind, ...] = ("rpm", "tpm")
    for kind in kinds:
        for share in (0.0, 0.01, 0.2):
            least = least_cap(some, kind, share)
            assert least is not None
            assert share_over(some, Caps()._replace(**{kind: least})) <= share
            assert share_over(some, Caps()._replace(**{kind: least - 1})) > share
    assert least_cap(some, "concurrency", 0.01) is None
    crowd = crowd_of(some)
    for share in (0.001, 0.01, 0.5):
        rpm = least_rpm(crowd, 70.0, share)
        assert rpm is not None
        assert predicted_over(crowd, 70.0, rpm) <= share < predicted_over(crowd, 70.0, rpm - 1)


def test_more_users_who_come_independently_even_out():
    crowd = traffic_classes()["code"].crowd
    shares = [predicted_over(spread_out(crowd, copies), 20, RPM) for copies in (1, 2, 8, 60, 5000)]
    assert shares == sorted(shares, reverse=True) and shares[0] == predicted_over(crowd, 20, RPM)
    alone = Crowd((1.0,), (1.0,), 0.0)
    assert shares[-1] == pytest.approx(predicted_over(alone, 20, RPM), abs=0.01)
    # Two services of one kind, their calls put together.
    bursts, others = made_bursts(2), made_bursts(9)
    both = np.sort(np.concatenate([bursts.start_us, others.start_us]))
    whole = calls_of(both, np.ones(len(both), dtype=np.int64))
    for rate in (10, 20, 40):
        assert abs(predicted_over(spread_out(crowd_of(bursts), 2), rate, RPM) - replayed(whole, rate, 5)) < 0.05
