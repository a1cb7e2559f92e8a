"""Sample paths: the same bits every time, and honest on series of every shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.paths import fit

NAN = np.nan


def noisy(rows=4, days=60, mean=200.0, seed=7):
    return np.random.default_rng(seed).poisson(mean, (rows, days)).astype(float)


def fitted(values, **more):
    rows = len(values)
    return fit(values, 0, [f"series {row}" for row in range(rows)], list(range(rows)), **more)


def one(*values, horizon=14):
    return fitted([values]).sample([0], horizon)[0]


def test_the_same_bits_every_time_in_any_order_and_for_any_subset():
    paths = fitted(noisy()).sample([0, 1, 2, 3], 20)
    again = fitted(noisy())
    assert (again.sample([2, 0], 20) == paths[[2, 0]]).all()
    assert (again.sample([3], 20)[0] == paths[3]).all()


def test_a_series_does_not_depend_on_those_that_are_fitted_beside_it():
    values = noisy()
    alone = fit(values[1:2], 0, ["series 1"], [1]).sample([0], 20)[0]
    assert (alone == fitted(values).sample([1], 20)[0]).all()


def test_a_horizon_begins_with_the_shorter_one():
    found = fitted(noisy())
    long = found.sample([0, 1], 40)
    for horizon in (1, 6, 7, 8, 30):
        assert (found.sample([0, 1], horizon) == long[:, :, :horizon]).all()


def test_paths_are_whole_numbers_never_negative_near_the_level():
    paths = fitted(noisy()).sample([0], 14)
    assert paths.dtype == np.int64 and paths.shape == (1, 1000, 14)
    assert paths.min() >= 0
    assert np.median(paths) == pytest.approx(200, rel=0.1)


@pytest.mark.parametrize("values", [(), (5.0,), (5.0, 6.0), (NAN, NAN, 4.0, 5.0), (0.0, 0.0, 0.0, 7.0, 8.0)])
def test_fewer_than_three_known_days_say_so_and_are_refused(values):
    found = fitted(np.array([values]).reshape(1, -1))
    assert "needs 3" in found.why_not[0]
    with pytest.raises(ValueError, match="series 0"):
        found.sample([0], 7)


def test_three_days_are_enough():
    paths = one(90, 100, 110)
    assert 80 < np.median(paths) < 120
    low, high = np.quantile(paths.sum(axis=1), [0.1, 0.9]) / 1400
    assert low < 0.85 and high > 1.15


def test_an_ended_series_says_so():
    found = fitted([[50.0] * 30 + [0.0] * 28])
    assert found.why_not == ("Nothing in the last 28 days: it has ended.",)


def test_zeros_stay_zeros():
    assert not one(*[0] * 20).any()


def test_an_intermittent_series_is_intermittent_on_its_paths():
    paths = one(*([0, 0, 0, 0, 60, 0, 0, 0, 0, 40] * 6), horizon=30)
    assert 0.7 < (paths == 0).mean() < 0.9
    assert np.median(paths.sum(axis=1)) == pytest.approx(300, rel=0.3)


def test_a_new_series_counts_from_its_first_traffic():
    paths = one(*[0] * 50, *[100] * 10)
    assert np.median(paths) == pytest.approx(100, rel=0.1)


def test_unknown_days_are_left_out():
    values = noisy(1)[0]
    masked = values.copy()
    masked[20:25] = NAN
    assert np.median(one(*masked)) == pytest.approx(np.median(one(*values)), rel=0.05)


def test_a_restart_keeps_the_weekday_profile_of_the_days_before():
    week = np.array([100, 100, 100, 100, 100, 20, 20.0])
    history = np.tile(week, 10)
    after = 3 * history
    after[:-5] = NAN
    paths = fitted([after], profile_values=[np.where(np.isnan(after), history, after)]).sample([0], 7)[0]
    assert np.median(paths[:, 5]) < 0.4 * np.median(paths[:, 2])
    assert np.median(paths[:, 2]) == pytest.approx(300, rel=0.25)


def test_meters_of_one_cell_move_nearly_together_and_cells_only_partly():
    values = noisy(3, mean=1e6)
    paths = fit(values, 0, ["a", "b", "c"], [0, 0, 1]).sample([0, 1, 2], 14).sum(axis=2)
    related = np.corrcoef(paths)
    assert related[0, 1] > 0.8
    assert 0.05 < related[0, 2] < 0.6


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.just(NAN), st.just(0), st.integers(0, 9), st.integers(0, 10**12)), max_size=70),
    st.integers(0, 6),
    st.integers(0, 16),
)
def test_any_history_gives_paths_or_says_why_not(values, weekday, horizon):
    found = fit(np.array([values], dtype=float).reshape(1, -1), weekday, ["any"], [0])
    if found.why_not[0]:
        return
    paths = found.sample([0], horizon, paths=50)
    assert paths.shape == (1, 50, horizon)
    assert (paths >= 0).all()
    assert paths.max(initial=0) <= 1e15


@pytest.mark.parametrize("lost", [[-1], [-2], [-1, -2], [-9]])
def test_one_or_two_days_without_anything_are_lost_where_a_series_never_pauses(lost):
    whole = noisy(rows=1)
    holed = whole.copy()
    holed[0, lost] = 0
    usual, found = (np.median(fitted(values).sample([0], 30)[0].sum(axis=1)) for values in (whole, holed))
    assert found == pytest.approx(usual, rel=0.03)


def test_three_days_without_anything_count():
    values = noisy(rows=1)
    values[0, -3:] = 0
    usual, found = (np.median(fitted(each).sample([0], 30)[0].sum(axis=1)) for each in (noisy(rows=1), values))
    assert found < 0.9 * usual
