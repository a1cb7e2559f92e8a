"""The book-keeping of an agent's loop: its prompt only grows, and an answer is sent again with the next step.

So output that was billed at one step and is missing from the next prompt was never shown, and a prompt that falls back
held something that the loop did not send. See docs/escalation.md.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
MARGIN = 25
"""Tokens of output that may be missing: an answer is counted a little differently when it is sent again."""
FALL = 50
"""Tokens that a prompt may fall by: so much is the loop's own trimming."""


BACK = 0.9
"""Of an answer's characters so many have to come back: a call of a tool may be written a little shorter."""


class Sizes(NamedTuple):
    """How long the messages of calls were, in characters; -1: not known."""

    sent: Ints
    """Messages of the request."""
    known: Ints
    """Those that the request before had as well, from the first on."""
    back: Ints
    """Of the new messages: what a model wrote, calls of tools too."""
    beside: Ints
    """Of the new messages: all other text."""
    text: Ints
    """What was delivered of the answer."""
    calls: Ints
    thinking: Ints


class Steps(NamedTuple):
    """The calls of loops, one row each; those of one loop stand together, in order. -1: not reported."""

    loop: Ints
    route: Ints
    """Who counts and bills: calls of two routes are not compared."""
    prompt: Ints
    """All input, cached and written tokens included."""
    output: Ints
    reasoning: Ints
    counted: Mask
    """Whether it is known how much of the output is thinking; where it is not, what an answer showed is not known."""
    sound: Mask
    """The answer was kept, its counts add up, and it is one call: no parts of others stand beside it."""
    sizes: Sizes | None = None
    """None: no log of these calls has any."""


class Checked(NamedTuple):
    """What the book-keeping says of each call; amounts are 0 where it says nothing."""

    by_output: Mask
    """Whether its output could be followed into the next prompt."""
    unexplained: Ints
    """Tokens billed and not sent again, at least; negative: so much came in beside the answer."""
    uncounted: Mask
    """Its output could be followed, were it known how much of it is thinking."""
    by_prompt: Mask
    """Whether its prompt could be held against those before and after."""
    bump: Ints
    """Tokens of a prompt that was billed here alone, at least."""
    bump_output: Ints
    """The output that came with it, at least."""

    @property
    def output_found(self) -> Mask:
        """Calls with more unexplained output than the margin."""
        return self.by_output & (self.unexplained > MARGIN)

    @property
    def prompt_found(self) -> Mask:
        """Calls with a prompt that was billed there alone."""
        return self.by_prompt & (self.bump > 0)


def check(steps: Steps) -> Checked:
    """Follow every answer into the next prompt, and hold every prompt against its neighbours."""
    by_output, unexplained, uncounted = _follow_output(steps)
    by_prompt, bump, bump_output = _hold_prompts(steps, np.where(unexplained > MARGIN, unexplained, 0))
    return Checked(by_output, unexplained, uncounted, by_prompt, bump, bump_output)


def visible_output(steps: Steps) -> Ints:
    """What an answer shows, at least; thinking is not sent again."""
    shown: Ints = np.maximum(steps.output, 0) - np.maximum(steps.reasoning, 0)
    return np.where(steps.counted, shown, 0)


def _follow_output(steps: Steps) -> tuple[Mask, Ints, Mask]:
    growth = np.zeros_like(steps.prompt)
    growth[:-1] = steps.prompt[1:] - steps.prompt[:-1]
    known = (steps.prompt >= 0) & (steps.output >= 0) & steps.sound
    followed = known & _beside(steps, 1) & (growth > 0) & ~_cut(steps) & ~_forgets(steps)
    checkable = followed & steps.counted
    return checkable, np.where(checkable, visible_output(steps) - growth, 0), followed & ~steps.counted


def _hold_prompts(steps: Steps, told: Ints) -> tuple[Mask, Ints, Ints]:
    """``told``: what is unexplained of each answer by itself, and not told twice."""
    before, after = np.full_like(steps.prompt, -1), np.full_like(steps.prompt, -1)
    before[1:], after[:-1] = steps.prompt[:-1], steps.prompt[1:]
    known = (steps.prompt >= 0) & (before >= 0) & steps.sound
    # A prompt that stays below where it was is a compaction, and tells nothing.
    checkable = known & _beside(steps, 1) & _beside(steps, -1) & (after >= before) & ~_forgets(steps)
    fall = np.where(checkable, steps.prompt - after, 0)
    bump = np.where(fall > FALL, fall, 0)
    shown = visible_output(steps)
    both = shown + np.concatenate([[0], (shown - told)[:-1]])[: len(shown)]
    return checkable, bump, np.where(bump > 0, np.maximum(both - (after - before), 0), 0)


def goes_on(steps: Steps) -> Mask:
    """Calls whose messages, and whose answer, are known to be sent again with the next call of the loop."""
    if steps.sizes is None:
        return np.zeros(len(steps.loop), np.bool_)
    known, back = (_next(each) for each in (steps.sizes.known, steps.sizes.back))
    said = (steps.sizes.sent >= 0) & (known >= 0) & (steps.sizes.text >= 0) & (back >= 0)
    return said & _beside(steps, 1) & ~_cut(steps) & ~_forgets(steps)


def _forgets(steps: Steps) -> Mask:
    """Calls of whose messages the next one is known to have sent other ones."""
    if steps.sizes is None:
        return np.zeros(len(steps.loop), np.bool_)
    sent, known = steps.sizes.sent, _next(steps.sizes.known)
    found: Mask = (sent >= 0) & (known >= 0) & (known < sent)
    return found


def _cut(steps: Steps) -> Mask:
    """Calls of whose answer the next one is known to have sent only a part."""
    if steps.sizes is None:
        return np.zeros(len(steps.loop), np.bool_)
    back, shown = _next(steps.sizes.back), steps.sizes.text + steps.sizes.calls
    found: Mask = (back >= 0) & (steps.sizes.text >= 0) & (steps.sizes.calls >= 0) & (back < BACK * shown)
    return found


def _next(values: Ints) -> Ints:
    """What stands at the next call; -1 at the last."""
    return np.append(values[1:], -1)


def _beside(steps: Steps, way: int) -> Mask:
    """Whether the next call (1), or the one before (-1), is of the same loop and route, and reports its prompt."""
    found = np.zeros(len(steps.loop), dtype=np.bool_)
    same = (steps.loop[1:] == steps.loop[:-1]) & (steps.route[1:] == steps.route[:-1])
    same &= (steps.prompt[1:] >= 0) & (steps.prompt[:-1] >= 0)
    found[slice(None, -1) if way > 0 else slice(1, None)] = same
    return found
