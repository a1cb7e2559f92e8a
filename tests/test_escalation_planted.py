"""Escalations planted into real agent runs: `make bench` measures more batches of each, and the goals."""

import numpy as np
import pytest

from bench.escalation import KINDS, batches, billed, checkable_calls, read_runs, search

FEW = 8


@pytest.fixture(scope="module")
def path(shared):
    return shared / "datasets" / "agent_tasks_openrouter" / "responses.jsonl.gz"


@pytest.fixture(scope="module")
def runs(path):
    return read_runs(path)


@pytest.fixture(scope="module")
def sized(path):
    return read_runs(path, sized=True)


def measured(runs, kind):
    return list(batches(runs, KINDS[kind], FEW))


def test_little_is_told_of_runs_as_they_are(runs):
    found, rows = search(runs)
    checkable = checkable_calls(runs)
    assert 1000 * len(rows) <= np.count_nonzero(checkable)
    assert len(np.unique(runs.task[rows])) <= 0.015 * 239
    assert found.calls == 9666
    assert abs(found.checkable - np.count_nonzero(checkable)) <= 0.01 * 9666


@pytest.mark.parametrize(
    ("kind", "found", "tokens"),
    [
        ("hidden output x3", 0.55, 0.85),
        ("hidden output, +1,000 tokens", 0.88, 0.88),
        ("a whole hidden call", 0.80, 0.80),
    ],
)
def test_most_of_what_is_planted_is_found(runs, kind, found, tokens):
    batch = measured(runs, kind)
    assert np.median([each.found for each in batch]) >= found
    assert np.median([each.tokens for each in batch]) >= tokens


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(("hidden", "a whole"))])
def test_the_lower_bound_is_below_the_truth(runs, kind):
    assert all(each.bound <= 1 for each in measured(runs, kind))


@pytest.mark.parametrize("kind", ["hidden output x2", "hidden output x3", "hidden output x6"])
def test_the_lower_bound_is_most_of_the_truth(runs, kind):
    assert np.median([each.bound for each in measured(runs, kind)]) >= 0.65


@pytest.mark.parametrize("kind", ["visible output x3", "compaction"])
def test_nothing_is_told_of_what_is_shown_and_of_compaction(runs, kind):
    batch = measured(runs, kind)
    assert np.mean([each.false for each in batch]) <= 1
    assert kind == "compaction" or all(each.at_least == 0 for each in batch)


def test_nothing_is_told_of_runs_as_they_are_where_sizes_of_messages_were_recorded(sized):
    found, rows = search(sized)
    assert (found.calls, len(rows)) == (9666, 0)
    assert found.by_size == np.count_nonzero(sized.text > 0)
    assert found.checkable == np.count_nonzero(checkable_calls(sized)) >= 9650


@pytest.mark.parametrize(
    ("kind", "found", "tokens"),
    [
        ("hidden output x2", 0.45, 0.75),
        ("hidden output x3", 0.80, 0.95),
        ("hidden output x6", 0.90, 0.97),
        ("hidden output, +1,000 tokens", 0.95, 0.95),
    ],
)
def test_sizes_find_more_of_what_is_planted_among_all_calls_and_the_bound_stays_below_the_truth(
    sized, runs, kind, found, tokens
):
    batch, without = measured(sized, kind), measured(runs, kind)
    assert np.median([each.all_found for each in batch]) >= found
    assert np.median([each.tokens for each in batch]) >= tokens
    assert np.median([each.all_found for each in batch]) >= np.median([each.all_found for each in without]) + 0.1
    assert all(each.bound <= 1 and each.false == 0 for each in batch)


@pytest.mark.parametrize("kind", ["visible output x3", "compaction"])
def test_with_sizes_nothing_is_told_of_what_is_shown_and_of_compaction(sized, kind):
    assert all(each.at_least == 0 and each.false == 0 for each in measured(sized, kind))


def test_one_call_billed_at_another_rate_is_found(path):
    assert billed(20, path) == (1.0, 0)
