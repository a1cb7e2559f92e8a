"""Sizes of messages for the real runs, whose texts are not kept: drawn as characters came to tokens in those texts."""

from typing import NamedTuple

import numpy as np

from analysis.loops import Ints, Sizes

AT = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1.0)
ANSWERS = (0.2, 0.229, 0.247, 0.276, 0.302, 0.333, 0.404, 0.452, 0.515, 0.601)
"""Tokens per character of 20,151 answers of such runs: quantiles, at the shares before."""
OBSERVED = (0.164, 0.205, 0.224, 0.267, 0.307, 0.35, 0.446, 0.534, 0.774, 0.894)
"""Of what came in beside them from tools."""
USUAL = 300
"""Tokens that came in beside an answer, where the prompts do not tell."""


class Drawn(NamedTuple):
    """Columns of ``Sizes`` that differ from call to call."""

    sent: Ints
    known: Ints
    back: Ints
    beside: Ints
    text: Ints


def draw_sizes(task: Ints, prompt: Ints, visible: Ints, draw: np.random.Generator) -> Drawn:
    """The sizes of calls' messages, those of a task in order."""
    first = np.r_[True, task[1:] != task[:-1]]
    place = np.arange(len(task))
    step = place - np.maximum.accumulate(np.where(first, place, 0))
    text = _chars(visible, ANSWERS, draw)
    rest = np.r_[0, prompt[1:] - prompt[:-1] - visible[:-1]]
    beside = _chars(np.where(first | (rest <= 0), USUAL, rest), OBSERVED, draw)
    back = np.where(first, 0, np.r_[0, text[:-1]])
    # Two messages to begin with, and two more with every step.
    return Drawn(2 * step + 2, 2 * step, back, beside, text)


def sizes_of(drawn: Drawn) -> Sizes:
    """The same for the search."""
    none = np.zeros_like(drawn.text)
    return Sizes(*drawn, none, none)


def _chars(tokens: Ints, quantiles: tuple[float, ...], draw: np.random.Generator) -> Ints:
    rates = np.interp(draw.random(len(tokens)), AT, quantiles)
    chars: Ints = np.round(np.maximum(tokens, 0) / rates).astype(np.int64)
    return chars
