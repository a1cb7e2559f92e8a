"""Escalation by book-keeping: output that never comes back, prompts that fall back, routes that are tried first."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.billed import billed_otherwise
from analysis.calibration import Calibration
from analysis.escalation import Calls, Rates, Search
from analysis.loops import Steps, check


def loop(*calls, **changed) -> Steps:
    """Calls of one loop as ``(prompt, output)`` or ``(prompt, output, reasoning)``."""
    rows = [(*call, 0)[:3] for call in calls]
    prompt, output, reasoning = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    same = np.zeros(len(rows), np.int64)
    known = np.ones(len(rows), bool)
    arrays: dict[str, Any] = {name: np.array(values) for name, values in changed.items()}
    return Steps(same, same, prompt, output, reasoning, known, known)._replace(**arrays)


def calls_of(steps: Steps, *, rate=12, cached=0, in_scope=True) -> Calls:
    count = len(steps.loop)
    rates = Rates(*(np.full(count, each, np.int64) for each in (2, 1, rate)))
    rows = np.arange(count, dtype=np.int64)[:, None]
    return Calls(steps, steps.loop, np.full(count, in_scope), rates, np.full(count, cached, np.int64), rows)


def growing(count, *, hidden=(), hidden_tokens=1000, route=0) -> Steps:
    """A loop whose answers of 100 tokens come back with 50 more; some calls are billed for more than they show."""
    output = np.full(count, 100)
    output[list(hidden)] += hidden_tokens
    steps = loop(*zip((1000 + 150 * np.arange(count)).tolist(), output.tolist(), strict=True))
    return steps._replace(route=np.full(count, route))


def test_output_that_is_sent_again_is_explained():
    checked = check(loop((1000, 100), (1150, 80), (1240, 10)))
    assert checked.by_output.tolist() == [True, True, False]
    assert checked.unexplained.tolist() == [-50, -10, 0]
    assert not checked.output_found.any()


def test_output_that_never_comes_back_is_found_above_a_margin():
    assert check(loop((1000, 175), (1150, 1))).output_found.tolist() == [False, False]
    checked = check(loop((1000, 176), (1150, 1)))
    assert (checked.output_found.tolist(), checked.unexplained.tolist()) == ([True, False], [26, 0])


def test_thinking_that_is_reported_need_not_come_back():
    assert not check(loop((1000, 900, 800), (1150, 1))).output_found.any()


@pytest.mark.parametrize(
    "changed",
    [
        {"loop": [0, 1]},
        {"route": [0, 1]},
        {"prompt": [-1, 1150]},
        {"prompt": [1000, -1]},
        {"prompt": [1000, 1000]},
        {"output": [-1, 1]},
        {"sound": [False, True]},
    ],
    ids=["another loop", "another route", "no prompt", "no next prompt", "no growth", "no output", "not sound"],
)
def test_what_cannot_be_followed_is_not_checkable(changed):
    checked = check(loop((1000, 5000), (1150, 1), **changed))
    assert not checked.by_output.any()
    assert checked.unexplained.tolist() == [0, 0]


def test_a_prompt_billed_at_one_call_alone_is_found():
    checked = check(loop((1000, 100), (2300, 180), (1300, 10)))
    assert checked.by_prompt.tolist() == [False, True, False]
    assert checked.bump.tolist() == [0, 1000, 0]
    # 280 tokens of answers, of which the last prompt can hold no more than the 300 it grew by.
    assert checked.bump_output.tolist() == [0, 0, 0]
    assert check(loop((1000, 100), (2300, 880), (1300, 10))).bump_output.tolist() == [0, 680, 0]


def test_what_came_with_a_bump_is_not_known_where_thinking_is_not_counted():
    checked = check(loop((1000, 100), (2300, 880), (1300, 10), counted=[True, False, True]))
    assert (checked.bump.tolist(), checked.bump_output.tolist()) == ([0, 1000, 0], [0, 0, 0])


def test_an_answer_is_not_followed_where_thinking_is_not_counted():
    checked = check(loop((1000, 5000, -1), (1150, 80), (1240, 10), counted=[False, True, True]))
    assert checked.by_output.tolist() == [False, True, False]
    assert checked.uncounted.tolist() == [True, False, False]
    assert checked.unexplained.tolist() == [0, -10, 0]


def test_a_fall_that_stays_is_a_compaction_and_tells_nothing():
    checked = check(loop((5000, 100), (5150, 100), (1300, 100), (1450, 100)))
    assert not checked.prompt_found.any()
    assert checked.by_prompt.tolist() == [False, False, False, False]


def test_a_prompt_that_is_trimmed_a_little_is_no_bump():
    assert not check(loop((1000, 10), (1150, 10), (1100, 10))).prompt_found.any()
    assert check(loop((1000, 10), (1151, 10), (1100, 10))).prompt_found.any()


def test_nothing_is_said_of_no_calls():
    empty = np.zeros(0, np.int64)
    checked = check(Steps(empty, empty, empty, empty, empty, np.zeros(0, bool), np.zeros(0, bool)))
    assert len(checked.by_output) == len(checked.bump) == 0


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(0, 3000)), min_size=2, max_size=30))
def test_the_lower_bound_is_never_above_what_was_hidden(rows):
    """Each row: the answer that is shown, what comes in beside it, and what is hidden."""
    prompt, shown = 1000, []
    for answer, beside, hidden in rows:
        shown.append((prompt, answer + hidden))
        prompt += answer + beside
    search = Search()
    steps = loop(*shown)
    checked = check(steps)
    assert (np.where(checked.output_found, checked.unexplained, 0) <= [hidden for _, _, hidden in rows]).all()
    search.add(calls_of(steps))
    assert sum(search.found().hits["unexplained_output"].at_least.tolist()) <= 12 * sum(row[2] for row in rows)


def test_a_route_on_which_the_rule_does_not_hold_is_not_checkable():
    search = Search()
    search.add(calls_of(growing(300, hidden=range(0, 300, 5))))
    found = search.found()
    assert found.routes[0].output.broken == 40
    assert len(found.hits["unexplained_output"].task) == 0
    # The prompts still tell something.
    assert found.checkable == 298


def test_what_comes_after_a_route_was_tried_is_found_and_costs_at_least_so_much():
    search = Search()
    search.add(calls_of(growing(400, hidden=range(250, 399, 10))))
    found = search.found()
    hits = found.hits["unexplained_output"]
    assert hits.address[:, 0].tolist() == list(range(250, 399, 10))
    assert set(hits.tokens.tolist()) == {950}
    assert set(hits.at_least.tolist()) == {950 * 12}
    assert set(hits.likely.tolist()) == {1000 * 12}
    assert (found.calls, found.checkable) == (400, 399)


def test_calls_before_the_scope_try_the_route_and_are_not_told():
    search = Search()
    search.add(calls_of(growing(300, hidden=[5]), in_scope=False))
    search.add(calls_of(growing(50, hidden=range(0, 49, 2))))
    found = search.found()
    assert found.calls == 50
    assert len(found.hits["unexplained_output"].task) == 25


def test_a_call_without_a_rate_is_found_and_its_cost_is_unknown():
    search = Search()
    search.add(calls_of(growing(400, hidden=[300]), rate=-1))
    hits = search.found().hits["unexplained_output"]
    assert (hits.tokens.tolist(), hits.at_least.tolist(), hits.likely.tolist()) == ([950], [-1], [-1])


def test_a_hidden_prompt_costs_at_least_what_it_would_from_the_cache():
    search = Search()
    steps = growing(400)
    steps.prompt[300] += 40_000
    search.add(calls_of(steps, cached=30_000))
    hits = search.found().hits["prompt_bump"]
    bump = 40_000 - 150
    assert hits.address[:, 0].tolist() == [300]
    assert hits.at_least.tolist() == [30_000 * 1 + (bump - 30_000) * 2]
    assert hits.at_least[0] <= hits.likely[0]


def test_the_first_calls_of_a_route_are_tried_whatever_the_batches():
    steps = growing(400, hidden=range(190, 399, 3))
    whole, parts = Calibration(), Calibration()
    checked = check(steps)
    route, could, found, beside = steps.route, checked.by_output, checked.output_found, -checked.unexplained
    whole.add(route, could, found, beside)
    for at in range(0, 400, 70):
        some = slice(at, at + 70)
        parts.add(route[some], could[some], found[some], beside[some])
    assert whole.of(0) == parts.of(0)
    assert (whole.of(0).checked, whole.of(0).broken, whole.of(0).holds) == (200, 4, False)
    assert whole.of(7).holds is False


def test_a_bill_apart_from_the_card_is_told_and_rounding_is_not():
    cost = np.array([10**10, 10**10, 10**10, 300_000, -1, 10**10])
    billed = np.array([10**10, 10**10 + 10**7, 10**10 + 10**7 + 1, 700_000, 10**10, -1])
    assert billed_otherwise(cost, billed).tolist() == [False, False, True, False, False, False]
