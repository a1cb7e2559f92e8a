"""Escalation where sizes of messages were recorded: what was delivered and what came back bound what was shown."""

from typing import Any

import numpy as np
import pytest

from analysis.characters import LEAST, measure
from analysis.escalation import Calls, Rates, RouteCheck, Search
from analysis.loops import MARGIN, Sizes, Steps, check

TEXT, CALL, BESIDE = 0.3, 0.4, 0.25
"""Tokens per character."""


def run(count=400, *, hidden=None, seed=3, calls=0, thinking=False, step=0, **changed) -> tuple[Steps, Sizes]:
    """One loop: answers of a few hundred tokens, tools that say more, and ``hidden`` tokens of some calls."""
    draw = np.random.default_rng(seed)
    text, beside = draw.integers(200, 2000, count), draw.integers(500, 6000, count)
    spread = np.exp(draw.normal(0, 0.1, (2, count)))
    used = np.full(count, calls)
    think = draw.integers(500, 3000, count) if thinking else np.zeros(count, np.int64)
    shown = np.round(text * TEXT * spread[0] + used * CALL).astype(np.int64)
    output = shown + np.round(think * 0.25).astype(np.int64)
    came = np.round(beside * BESIDE * spread[1]).astype(np.int64)
    prompt = 1000 + np.r_[0, np.cumsum(shown + came)[:-1]]
    for place, tokens in (hidden or {}).items():
        output[place] += tokens
    known = 2 * np.arange(count)
    back = np.r_[0, (text + used)[:-1]]
    sizes = Sizes(known + 2, known, back, np.r_[500, beside[:-1]], text, used, think)._replace(**changed)
    same = np.full(count, step)
    reasoning = np.full(count, -1 if thinking else 0)
    sound = np.ones(count, bool)
    return Steps(same, np.zeros(count, np.int64), prompt, output, reasoning, reasoning >= 0, sound, sizes), sizes


def found(steps: Steps, parts: int = 1):
    """What is found in calls that are added in so many parts."""
    search, count = Search(), len(steps.loop)
    for rows in np.array_split(np.arange(count), parts):
        sizes = Sizes(*(column[rows] for column in steps.sizes)) if steps.sizes else None
        columns: dict[str, Any] = {name: getattr(steps, name)[rows] for name in Steps._fields[:-1]}
        part = Steps(**columns, sizes=sizes)
        rates = Rates(*(np.full(len(rows), each, np.int64) for each in (2, 1, 12)))
        none = np.zeros(len(rows), np.int64)
        search.add(Calls(part, part.loop, np.ones(len(rows), bool), rates, none, rows[:, None]))
    return search.found()


def hits(steps: Steps, parts: int = 1) -> dict[int, int]:
    """The tokens that are told of, by the place of the call."""
    told = found(steps, parts).hits["unexplained_output"]
    return dict(zip(told.address[:, 0].tolist(), told.tokens.tolist(), strict=True))


def test_nothing_is_told_of_answers_that_were_delivered():
    steps, _ = run()
    assert hits(steps) == {}
    assert found(steps).checkable == found(steps).by_size == 400


def test_what_a_tools_answer_would_hide_is_found_with_sizes_and_not_without():
    loud = int(np.argmax(run()[1].beside[250:])) + 249
    steps, _ = run(hidden={loud: 1200})
    assert hits(steps._replace(sizes=None)) == {}
    assert 600 <= hits(steps)[loud] <= 1200
    told = found(steps).hits["unexplained_output"]
    assert told.at_least.tolist() == [12 * hits(steps)[loud]]
    assert 1000 * 12 <= told.likely[0] <= 1400 * 12


def test_the_last_call_needs_no_next_one():
    steps, _ = run(hidden={399: 1500})
    assert list(hits(steps)) == [399]


def test_parts_of_a_batch_make_no_difference():
    steps, _ = run(hidden={100: 1500, 398: 1500})
    both = run(hidden={100: 1500, 398: 1500}, known=np.full(400, -1))[0]
    assert list(hits(both)) == list(hits(both, 7)) == [100, 398]
    assert list(hits(steps)) == [100, 398]


@pytest.mark.parametrize("seed", range(5))
def test_the_lower_bound_is_never_above_what_was_hidden(seed):
    hidden = {place: 300 + 10 * place for place in range(205, 400, 11)}
    told = hits(run(hidden=hidden, seed=seed)[0])
    assert len(told) >= len(hidden) // 2
    assert all(tokens <= hidden.get(place, 0) for place, tokens in told.items())


def test_a_longer_answer_that_was_delivered_is_none():
    _, sizes = run()
    longer = sizes.text.copy()
    longer[300] += 9000
    back = sizes.back.copy()
    back[301] += 9000
    steps, _ = run(text=longer, back=back)
    grown = steps.prompt + np.where(np.arange(400) > 300, 2700, 0)
    output = steps.output + np.where(np.arange(400) == 300, 2700, 0)
    assert hits(steps._replace(prompt=grown, output=output)) == {}


def test_words_of_an_unusual_kind_that_come_back_were_shown():
    """Another script has three tokens where this one has one: the next prompt tells that they were all there."""
    steps, _ = run()
    strange = np.where(np.arange(400) == 300, 3000, 0)
    grown = steps.prompt + np.cumsum(np.r_[0, strange[:-1]])
    assert hits(steps._replace(output=steps.output + strange, prompt=grown)) == {}
    alone, _ = run(known=np.full(400, -1))
    assert list(hits(alone._replace(output=alone.output + strange, prompt=grown))) == [300]


def test_calls_of_tools_have_characters_of_their_own():
    draw = np.random.default_rng(5)
    used = np.where(draw.random(400) < 0.5, draw.integers(100, 3000, 400), 0)
    steps, _ = run(calls=used)
    (sized,) = found(steps).routes[0].sized
    assert sized.delivered.usual[0] == pytest.approx(TEXT, rel=0.1)
    assert sized.delivered.usual[1] == pytest.approx(CALL, rel=0.1)
    assert sized.beside.usual[0] == pytest.approx(BESIDE, rel=0.1)
    assert hits(steps) == {}


def test_thinking_that_was_delivered_is_checked_though_no_count_reports_it():
    steps, sizes = run(thinking=True, hidden={300: 3000})
    assert list(hits(steps)) == [300]
    assert hits(steps._replace(sizes=None)) == {}
    silent = steps._replace(sizes=sizes._replace(thinking=np.zeros(400, np.int64)))
    assert found(silent).by_size == 0


def test_a_route_whose_characters_tell_nothing_is_not_checked_by_them():
    draw = np.random.default_rng(1)
    steps, sizes = run(known=np.full(400, -1))
    outliers = np.where(draw.random(400) < 0.05, 20_000, 0)
    wild = steps._replace(output=steps.output + outliers, prompt=np.full(400, -1))
    (sized,) = found(wild).routes[0].sized
    assert not sized.tried.holds
    assert (hits(wild), found(wild).by_size) == ({}, 0)


def test_few_calls_tell_nothing():
    steps, _ = run(LEAST - 1, hidden={20: 9000})
    assert (found(steps).by_size, found(steps).routes[0].sized[0].delivered) == (0, None)
    assert found(run(LEAST + 10)[0]).by_size == LEAST + 10


def test_an_empty_answer_is_not_held_against_its_size():
    text = run()[1].text.copy()
    text[300] = 0
    steps, _ = run(text=text, known=np.full(400, -1))
    assert (hits(steps), found(steps).by_size) == ({}, 399)


def test_a_loop_that_forgets_or_cuts_is_not_taken_for_one_that_hides():
    trimmed, sizes = run()
    prompt = trimmed.prompt.copy()
    prompt[301:] -= 600
    forgets = sizes.known.copy()
    forgets[301] = 5
    steps = trimmed._replace(prompt=prompt, output=trimmed.output + 500)
    assert check(steps).by_output[300]
    assert not check(steps._replace(sizes=sizes._replace(known=forgets))).by_output[300]
    assert not check(steps._replace(sizes=sizes._replace(known=forgets))).by_prompt[300]
    cut = sizes.back.copy()
    cut[301] //= 2
    assert not check(steps._replace(sizes=sizes._replace(back=cut))).by_output[300]


def test_rates_are_by_what_most_calls_say():
    draw = np.random.default_rng(2)
    chars = draw.integers(100, 5000, (300, 1)).astype(float)
    tokens = np.round(chars[:, 0] * 0.3).astype(np.int64)
    tokens[::12] *= 20
    rate = measure(chars, tokens)
    assert rate is not None
    assert rate.usual[0] == pytest.approx(0.3, rel=0.01)
    assert rate.most() == pytest.approx(1.5, abs=0.05)
    assert measure(chars[:10], tokens[:10]) is None


def test_counts_of_a_route_are_those_of_rules_that_hold():
    from analysis.calibration import Tried

    holds, broken = Tried(200, 0), Tried(200, 9)
    kinds = (1, 2, 4, 8, 16, 32, 64, 128)
    route = RouteCheck(255, kinds, 0, holds, broken)
    assert (route.by_size, route.followed, route.held, route.checkable) == (240, 250, 0, 250)
    assert RouteCheck(255, kinds, 0, broken, holds).checkable == 252
    assert MARGIN == 25
