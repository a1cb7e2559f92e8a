"""What logs say of other models, and hints and comparisons over whole tasks."""

import numpy as np
import pytest

from analysis.baseline import compare
from analysis.declared import Names, reason_of, same_model, second_model
from analysis.shift import shifts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
        ("stepfun/step-3.7-flash", "step-3.7-flash"),
        ("deepseek/deepseek-v4-flash:free", "deepseek-v4-flash"),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", "anthropic/claude-sonnet-4"),
        ("gemini-2.5-pro", "gemini-2.5-pro-preview-05-06"),
        ("gpt-4-0613", "gpt-4"),
        ("Step-3.7-Flash", "step-3.7-flash"),
    ],
)
def test_two_names_of_one_model(one, other):
    assert same_model(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gpt-5", "gpt-5-mini"),
        ("deepseek-v3", "deepseek-v4"),
        ("step-3.7-flash", "step-3.5-flash"),
        ("o1", "o1-preview"),
        ("openrouter/auto", "anthropic/claude-opus-4.6"),
    ],
)
def test_two_models(one, other):
    assert not same_model(one, other)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (Names("advisor", "a", "b", None, None, False), "advisor"),
        (Names("fallback", "a", "a", None, None, False), "fallback"),
        (Names(None, "a", "b", None, None, False), "other_model"),
        (Names(None, "a", "b", None, None, True), None),
        (Names(None, None, "b", None, None, False), None),
        (Names(None, "a", "a", "Novita", "novita", False), None),
        (Names(None, "a", "a", "novita", "StepFun", False), "other_provider"),
    ],
)
def test_why_a_call_is_anothers_work(names, reason):
    assert reason_of(names) == reason


def test_the_second_model_of_a_task_is_the_one_with_fewer_calls():
    task = np.array([0, 0, 0, 1, 1, 2, 2])
    model = np.array([5, 7, 7, 4, 3, 8, -1])
    every = np.ones(7, bool)
    assert second_model(task, model, every).tolist() == [True, False, False, False, True, False, False]
    every[1:3] = False
    assert second_model(task, model, every).tolist() == [False, False, False, False, True, False, False]
    assert second_model(task, model, ~(every | True)).tolist() == [False] * 7


def test_a_shift_of_whole_batches_is_a_hint():
    draw = np.random.default_rng(1)
    calm = draw.normal(6, 0.5, 400)
    assert shifts(calm) == []
    assert shifts(calm[:199]) == []
    (found,) = shifts(np.concatenate([calm[:300], calm[:100] + np.log(1.5)]))
    assert (found.first, found.tasks, found.before) == (300, 100, 300)
    assert found.low < 1.5 < found.high


def test_series_that_do_not_change_are_seldom_told_of():
    draw = np.random.default_rng(2)
    told = sum(bool(shifts(draw.standard_t(4, 600))) for _ in range(300))
    assert told <= 0.03 * 300


def test_loops_are_paired_by_the_work_they_did():
    base = [(f"w{n}", 10 * n) for n in range(1, 9)]
    ours = [(f"w{n}", 10 * n + 7) for n in range(3, 9)] + [("alone", 10**6)]
    found = compare(ours, base, key="x")
    assert found.difference is not None
    assert (found.difference.estimate, found.difference.clusters) == (7, 6)
    assert found.loops.clusters == found.baseline.clusters == 6
    apart = compare(ours, [("else", 5)], key="x")
    assert apart.difference is None
    assert (apart.loops.clusters, apart.baseline.estimate, apart.baseline.low) == (7, 5, None)


def test_many_series_that_do_not_change_are_hardly_told_of_together():
    draw = np.random.default_rng(5)
    told = sum(any(shifts(draw.standard_t(4, 600), 40) for _ in range(40)) for _ in range(100))
    assert told <= 5
    assert shifts(np.concatenate([draw.normal(5, 1, 300), draw.normal(5.5, 1, 100)]), 40)
