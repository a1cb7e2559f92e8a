"""Calls that were billed for more than they showed: which, how sure that is on each route, and what it came to."""

from typing import Literal, NamedTuple

import numpy as np

from analysis.calibration import Calibration, Tried
from analysis.loops import Checked, Ints, Mask, Steps, check
from analysis.shown import Sized, rows_of
from analysis.sized_search import SIZED, BySize, Held, Hidden

Sign = Literal["unexplained_output", "prompt_bump"]
SIGNS: tuple[Sign, ...] = ("unexplained_output", "prompt_bump")
OUTPUT, PROMPT = 1, 2
"""Bits of the rules that could check a call."""
UNPRICED = -1
"""A rate that is not known, and the cost that would follow from it."""


class Rates(NamedTuple):
    """Pico-units per token of each call; -1: not known."""

    input: Ints
    cache_read: Ints
    output: Ints


class Calls(NamedTuple):
    """Calls of whole tasks, one row each, in the order of each loop."""

    steps: Steps
    task: Ints
    in_scope: Mask
    """The others are there to say whether the rules hold on their routes."""
    rates: Rates
    cache_read: Ints
    address: Ints
    """(calls, columns): whatever tells a call, handed on as it is."""


class Hits(NamedTuple):
    """Calls that were found, one row each."""

    task: Ints
    route: Ints
    tokens: Ints
    """At least."""
    at_least: Ints
    """Pico-units; -1: without a rate."""
    likely: Ints
    """Pico-units, an estimate; -1: without a rate."""
    address: Ints


class RouteCheck(NamedTuple):
    """One route: its calls in scope, how many could be checked by which rules, and if the rules hold."""

    calls: int
    kinds: tuple[int, ...]
    """Calls by the rules that could check them, as bits: 1 by output, 2 by the prompt, 4 by the sizes of messages."""
    uncounted: int
    """Calls whose output cannot be followed only for it is not known how much of it is thinking."""
    output: Tried
    prompt: Tried
    sized: tuple[Sized, ...] = ()
    """What is known of the route's characters, where sizes of messages were recorded."""

    @property
    def by_size(self) -> int:
        """Calls that could be held against the sizes of messages, where that rule holds."""
        return self._of(SIZED)

    @property
    def followed(self) -> int:
        """Calls whose output could be followed or held against its size, where these rules hold."""
        return self._of(SIZED | (OUTPUT if self.output.holds else 0))

    @property
    def held(self) -> int:
        """Calls whose prompt could be held against its neighbours, where that rule holds."""
        return self._of(PROMPT if self.prompt.holds else 0)

    @property
    def checkable(self) -> int:
        """Calls that could be checked by any rule, where it holds."""
        return self._of(SIZED | (OUTPUT if self.output.holds else 0) | (PROMPT if self.prompt.holds else 0))

    def _of(self, rules: int) -> int:
        return sum(calls for bits, calls in enumerate(self.kinds) if bits & rules)


class Found(NamedTuple):
    """What the book-keeping of all tasks says."""

    routes: dict[int, RouteCheck]
    hits: dict[Sign, Hits]

    @property
    def calls(self) -> int:
        """Calls in scope."""
        return sum(route.calls for route in self.routes.values())

    @property
    def checkable(self) -> int:
        """Calls in scope that could be checked."""
        return sum(route.checkable for route in self.routes.values())

    @property
    def followed(self) -> int:
        """Calls in scope whose output could be followed."""
        return sum(route.followed for route in self.routes.values())

    @property
    def by_size(self) -> int:
        """Calls in scope that could be held against the sizes of messages."""
        return sum(route.by_size for route in self.routes.values())


class Search:
    """Looks at tasks, some at a time and the earliest first."""

    def __init__(self) -> None:
        self._tried: dict[Sign, Calibration] = {sign: Calibration() for sign in SIGNS}
        self._by_size = BySize()
        self._counts: dict[int, Ints] = {}
        self._uncounted: dict[int, int] = {}
        self._hits: dict[Sign, list[Hits]] = {sign: [] for sign in SIGNS}

    def add(self, calls: Calls) -> None:
        """Look at some tasks more."""
        steps, checked = calls.steps, check(calls.steps)
        by_output, by_prompt = self._tried.values()
        by_output.add(steps.route, checked.by_output, checked.output_found, -checked.unexplained)
        by_prompt.add(steps.route, checked.by_prompt, checked.prompt_found, np.zeros_like(steps.prompt))
        self._count(calls, checked)
        for sign, mask in zip(SIGNS, (checked.output_found, checked.prompt_found), strict=True):
            rows = np.flatnonzero(mask & calls.in_scope)
            if len(rows):
                part = _output_part if sign == "unexplained_output" else _prompt_part
                head = calls.task[rows], steps.route[rows]
                self._hits[sign].append(Hits(*head, *part(calls, checked, rows), calls.address[rows]))

    def _count(self, calls: Calls, checked: Checked) -> None:
        """Count calls by the rules that could check them; those with sizes are held against these."""
        rows, route = rows_of(calls.steps), calls.steps.route
        by = checked.by_output * OUTPUT + checked.by_prompt * PROMPT
        place = rows.place
        own = calls.task[place], calls.rates.output[place], calls.in_scope[place], by[place], calls.address[place]
        self._by_size.add(Held(rows, *own))
        others = calls.in_scope.copy()
        others[place] = False
        for each in np.unique(route[calls.in_scope]).tolist():
            mine = others & (route == each)
            counts = self._counts.setdefault(each, np.zeros(2 * SIZED, np.int64))
            counts += np.bincount(by[mine], minlength=len(counts))
            uncounted = int(np.count_nonzero(mine & checked.uncounted))
            self._uncounted[each] = self._uncounted.get(each, 0) + uncounted

    def found(self) -> Found:
        """What was found on the routes on which the rules hold."""
        self._by_size.finish()
        return Found(
            {route: self._check(route, counts) for route, counts in self._counts.items()},
            {"unexplained_output": self._unexplained(), "prompt_bump": self._of("prompt_bump")},
        )

    def _check(self, route: int, counts: Ints) -> RouteCheck:
        by_output, by_prompt = (tried.of(route) for tried in self._tried.values())
        counts = counts + self._by_size.counts.get(route, 0)
        kinds, sized = tuple(counts.tolist()), self._by_size.sized(route)
        return RouteCheck(sum(kinds), kinds, self._uncounted[route], by_output, by_prompt, sized)

    def _unexplained(self) -> Hits:
        """What does not come back, and what cannot have been shown: of a call that both tell of, the more."""
        followed, hidden = self._of("unexplained_output"), self._by_size.hidden
        if not hidden:
            return followed
        sized = Hidden(*(np.concatenate(column) for column in zip(*hidden, strict=True)))
        costs = [np.where(sized.rate >= 0, part * sized.rate, UNPRICED) for part in (sized.tokens, sized.likely)]
        own = Hits(sized.task, sized.route, sized.tokens, costs[0], costs[1], sized.address)
        if not len(followed.task):
            return own
        both = Hits(*(np.concatenate(column) for column in zip(own, followed, strict=True)))
        order = np.argsort(-both.tokens, kind="stable")
        _, first = np.unique(both.address[order], axis=0, return_index=True)
        return Hits(*(column[np.sort(order[first])] for column in both))

    def _of(self, sign: Sign) -> Hits:
        tried = self._tried[sign]
        if not self._hits[sign]:
            empty = np.zeros(0, np.int64)
            return Hits(empty, empty, empty, empty, empty, np.zeros((0, 1), np.int64))
        every = Hits(*(np.concatenate(column) for column in zip(*self._hits[sign], strict=True)))
        kept = Hits(*(column[np.isin(every.route, list(tried.holding()))] for column in every))
        if sign == "prompt_bump":
            return kept
        # Something always comes in beside an answer and hides as much; what is found can hardly be mostly hidden.
        usual = np.array([tried.of(route).usual for route in kept.route.tolist()], np.int64)
        usual = np.minimum(usual, kept.tokens)
        likely = np.where(kept.likely >= 0, kept.at_least + usual * kept.likely, UNPRICED)
        return kept._replace(likely=likely)


def _output_part(calls: Calls, checked: Checked, rows: Ints) -> tuple[Ints, Ints, Ints]:
    """The tokens, their cost at the call's own rate, and that rate: an estimate waits for the route's."""
    tokens, rate = checked.unexplained[rows], calls.rates.output[rows]
    return tokens, np.where(rate >= 0, tokens * rate, UNPRICED), rate


def _prompt_part(calls: Calls, checked: Checked, rows: Ints) -> tuple[Ints, Ints, Ints]:
    """The tokens, and their cost if as much as can be was read from a cache; or all but what its neighbours read."""
    bump, output = checked.bump[rows], checked.bump_output[rows]
    cached, prompt = np.maximum(calls.cache_read, 0), calls.steps.prompt
    beside, own = prompt[rows - 1] + prompt[rows + 1], prompt[rows] - bump
    usual = own * (cached[rows - 1] + cached[rows + 1]) // np.maximum(beside, 1)
    rates = Rates(*(column[rows] for column in calls.rates))
    # A cache that costs more than none is none for a lower bound.
    reading = np.where((rates.cache_read >= 0) & (rates.cache_read < rates.input), rates.cache_read, rates.input)
    known = (rates.input >= 0) & (rates.output >= 0)

    def cost(read: Ints) -> Ints:
        amount = read * reading + (bump - read) * rates.input + output * rates.output
        priced: Ints = np.where(known, amount, UNPRICED)
        return priced

    return bump + output, cost(np.minimum(bump, cached[rows])), cost(np.clip(cached[rows] - usual, 0, bump))
