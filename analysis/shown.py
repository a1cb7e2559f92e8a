"""What calls can have shown at most, by the characters that were delivered and by those that came back.

Output above that was billed and not shown. What characters come to in tokens is measured on the first calls of every
route; where too many of these have more than that allows, nothing is told there. See docs/escalation.md.
"""

from typing import NamedTuple

import numpy as np

from analysis.calibration import Tried
from analysis.characters import BOTH, REACH, Floats, Rate, measure
from analysis.loops import MARGIN, Ints, Mask, Steps, goes_on, visible_output

KINDS = ("text", "tool_call", "reasoning", "tool calls at all")
"""Columns of what was delivered; the last is 1 where there are calls of tools, for what stands around them."""
TELLING = 100
"""Characters that come in beside an answer, and are enough to tell what they come to."""
AGREES = 1.0
"""An answer in unusual words comes back in as many tokens: where the growth of the prompt is within what nine of ten
calls have, so many times, its characters prove nothing."""


class Rows(NamedTuple):
    """Calls of which it is known what was delivered, one row each."""

    key: Ints
    """The route, twice; one more where thinking is not counted and its characters stand for it."""
    place: Ints
    """Where the call stands in what was added."""
    tokens: Ints
    """Output that the characters have to stand for."""
    chars: Floats
    """(calls, kinds)"""
    growth: Ints
    """Of the prompt to the next step, where that goes on from this one; else -1."""
    beside: Ints
    """Characters that came in beside the answer there; -1: not known."""


class Sized(NamedTuple):
    """What is known of one route's characters, of answers whose thinking is counted or of those whose is not."""

    delivered: Rate | None
    beside: Rate | None
    tried: Tried
    """On the first calls: how many have more output than their characters allow."""
    returned: Tried
    """How many more than the growth of the prompt allows, less what came in beside."""


def rows_of(steps: Steps) -> Rows:
    """The calls that can be checked by what was delivered."""
    sizes = steps.sizes
    if sizes is None:
        none = np.zeros(0, np.int64)
        return Rows(none, none, none, np.zeros((0, len(KINDS))), none, none)
    known = steps.sound & (steps.output >= 0) & (sizes.text >= 0) & (sizes.calls >= 0)
    # A seller may report 0 tokens of thinking beside an answer full of it.
    untold = (sizes.thinking > 0) & (steps.reasoning <= 0)
    # An answer of nothing shows nothing, whoever wrote it: it says no more than that it was empty.
    some = sizes.text + sizes.calls + np.where(untold, sizes.thinking, 0) > 0
    rows = np.flatnonzero(known & some & (steps.counted | untold))
    unlike = untold[rows]
    chars = np.stack([sizes.text, sizes.calls, np.where(untold, sizes.thinking, 0), sizes.calls > 0], axis=1)
    growth = np.append(steps.prompt[1:] - steps.prompt[:-1], -1)
    beside = np.append(sizes.beside[1:], -1)
    on = goes_on(steps) & (steps.prompt >= 0) & (growth > 0)
    return Rows(
        2 * steps.route[rows] + unlike,
        rows,
        np.where(untold, steps.output, visible_output(steps))[rows],
        chars[rows].astype(np.float64),
        np.where(on, growth, -1)[rows],
        np.where(on, beside, -1)[rows],
    )


def learn(first: Rows) -> Sized:
    """What the first calls of one key say."""
    delivered = measure(first.chars, first.tokens)
    told = (first.growth >= 0) & (first.beside >= TELLING)
    rest = (first.growth - first.tokens)[told]
    beside = measure(first.beside[told, None].astype(np.float64), rest)
    sized = Sized(delivered, beside, Tried(), Tried())
    bounds = (_by_delivered(sized, first), _by_returned(sized, first))
    return sized._replace(tried=_tried(first, bounds[0]), returned=_tried(first, bounds[1]))


def at_most(sized: Sized, rows: Rows) -> Floats:
    """The tokens that each call can have shown at most, by the bounds that hold; infinite where none does."""
    bound = np.full(len(rows.key), np.inf)
    if sized.tried.holds:
        bound = _by_delivered(sized, rows)
    if sized.returned.holds:
        bound = np.minimum(bound, _by_returned(sized, rows))
    if sized.tried.holds and sized.returned.holds:
        # What an answer's words are like says nothing of what came in beside it: both are seldom far off at once.
        both = np.maximum(_by_delivered(sized, rows, BOTH), _by_returned(sized, rows, BOTH))
        bound = np.minimum(bound, both)
    return bound


def usually(sized: Sized, rows: Rows) -> Floats:
    """The tokens that each call's characters usually come to; infinite where that is not known."""
    return sized.delivered.usually(rows.chars) if sized.delivered else np.full(len(rows.key), np.inf)


def _by_delivered(sized: Sized, rows: Rows, reach: float = REACH) -> Floats:
    """By the characters that were delivered, unless the next prompt shows that they were unusual ones."""
    bound = usually(sized, rows) * (sized.delivered.most(reach) if sized.delivered else 1.0)
    if sized.beside is None:
        return bound
    told = (rows.growth >= 0) & (rows.beside >= 0)
    return np.maximum(bound, np.where(told, _by_returned(sized, rows, AGREES), 0))


def _by_returned(sized: Sized, rows: Rows, reach: float = REACH) -> Floats:
    """By the growth of the prompt, less what came in beside the answer at least."""
    if sized.beside is None:
        return np.full(len(rows.key), np.inf)
    least = sized.beside.usual[0] * sized.beside.least(reach) * np.maximum(rows.beside, 0)
    # However much came in beside an answer: what was delivered cannot have come to less than nothing.
    return np.where(rows.growth >= 0, np.maximum(rows.growth - least, 0), np.inf)


def _tried(rows: Rows, bound: Floats) -> Tried:
    could = np.isfinite(bound)
    return Tried(int(np.count_nonzero(could)), int(np.count_nonzero(rows.tokens[could] - bound[could] > MARGIN)))


def cut(rows: Rows, kept: Mask | slice) -> Rows:
    """Some of the rows."""
    key, place, tokens, chars, growth, beside = rows
    return Rows(key[kept], place[kept], tokens[kept], chars[kept], growth[kept], beside[kept])
