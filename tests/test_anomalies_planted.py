"""Anomalies planted into some of the real daily series: `make bench` measures all of them, and the goals."""

import numpy as np
import pytest

from bench.anomalies import KINDS, QUIET_BEFORE, false_episodes, quiet_alerts, quiet_scopes, real_series, recalled

SOME = ("bdg2_b1", "bicimad", "intermittent", "nab_tw_IBM", "parking_BHMBCCMKT0", "wp_peyton_manning")


@pytest.fixture(scope="module")
def series(shared):
    found = real_series(shared / "datasets" / "daily_series" / "daily_series.parquet")
    return [found[name] for name in SOME]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_most_of_what_is_planted_is_found(series, kind):
    shares = [np.mean(recalled(daily, kind, each=6)) for daily in series]
    assert np.mean(shares) >= kind.goal


def test_little_is_told_of_series_as_they_are(series):
    found = [false_episodes(daily) for daily in series[:2]]
    assert sum(count for count, _ in found) <= 0.3 * sum(months for _, months in found)


def test_quiet_scopes_are_quiet():
    assert quiet_alerts(quiet_scopes(days=QUIET_BEFORE + 42)) <= 0.25
