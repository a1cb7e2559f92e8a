"""Holds calls against what they can have shown: a route's first calls wait until they tell what is usual there."""

from typing import NamedTuple

import numpy as np

from analysis.calibration import FIRST
from analysis.loops import MARGIN, Ints, Mask
from analysis.shown import Rows, Sized, at_most, cut, learn, usually

SIZED = 4
"""The bit of a call that could be checked by its sizes, beside those of the two other rules."""


class Held(NamedTuple):
    """Calls to hold against their sizes, one row each."""

    rows: Rows
    task: Ints
    rate: Ints
    """Pico-units per token of output; -1: not known."""
    in_scope: Mask
    by: Ints
    """The rules that could check the call, as bits."""
    address: Ints


class Hidden(NamedTuple):
    """Calls in scope that were billed for more than they can have shown."""

    task: Ints
    route: Ints
    tokens: Ints
    """At least."""
    likely: Ints
    """By what characters usually come to."""
    rate: Ints
    address: Ints


class BySize:
    """The calls of every route, in the order in which they are added."""

    def __init__(self) -> None:
        self.learned: dict[int, Sized] = {}
        self.counts: dict[int, Ints] = {}
        """Calls in scope of each route, by the bits of the rules that could check them."""
        self.hidden: list[Hidden] = []
        self._waiting: dict[int, list[Held]] = {}

    def add(self, held: Held) -> None:
        """Hold calls against their sizes that follow on those added before."""
        for key in np.unique(held.rows.key).tolist():
            mine = _cut(held, held.rows.key == key)
            if key in self.learned:
                self._judge(mine)
                continue
            waiting = self._waiting.setdefault(key, [])
            waiting.append(mine)
            if sum(len(each.task) for each in waiting) >= FIRST:
                self._learn(key)

    def finish(self) -> None:
        """Judge what still waits: routes of few calls."""
        for key in list(self._waiting):
            self._learn(key)

    def sized(self, route: int) -> tuple[Sized, ...]:
        """What was learned of a route: of answers with counted thinking, and of those without."""
        return tuple(self.learned[key] for key in (2 * route, 2 * route + 1) if key in self.learned)

    def _learn(self, key: int) -> None:
        waiting = self._waiting.pop(key)
        rows = Rows(*(np.concatenate(column) for column in zip(*(each.rows for each in waiting), strict=True)))
        self.learned[key] = learn(cut(rows, slice(FIRST)))
        for each in waiting:
            self._judge(each)

    def _judge(self, held: Held) -> None:
        key = int(held.rows.key[0])
        sized, rows = self.learned[key], held.rows
        bound = at_most(sized, rows)
        could = np.isfinite(bound)
        bits = np.where(could, held.by | SIZED, held.by)[held.in_scope]
        counts = self.counts.setdefault(key // 2, np.zeros(2 * SIZED, np.int64))
        counts += np.bincount(bits, minlength=len(counts))
        most = np.ceil(np.where(could, bound, rows.tokens)).astype(np.int64)
        found = np.flatnonzero(held.in_scope & (rows.tokens - most > MARGIN))
        if len(found):
            tokens = (rows.tokens - most)[found]
            usual = np.minimum(np.floor(usually(sized, rows)[found]), rows.tokens[found])
            likely = np.maximum(tokens, rows.tokens[found] - usual.astype(np.int64))
            route = rows.key[found] // 2
            self.hidden.append(Hidden(held.task[found], route, tokens, likely, held.rate[found], held.address[found]))


def _cut(held: Held, kept: Mask) -> Held:
    rows, task, rate, in_scope, by, address = held
    return Held(cut(rows, kept), task[kept], rate[kept], in_scope[kept], by[kept], address[kept])
