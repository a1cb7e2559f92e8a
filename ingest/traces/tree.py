"""Which spans of a file stand above calls that were counted already: agents, chains and clients repeat their children.

Children end before their parents, so they come first in a file; what is remembered is what their parents are yet to be
told. It is bounded: the oldest is forgotten first.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NamedTuple

from ingest.traces.request import Span

MOST = 50_000
"""Spans that are remembered."""
MOST_IDS = 8
"""Answers' ids that are remembered of a span: one that holds more has no answer of its own."""
Place = tuple[str, str]


class Below(NamedTuple):
    """What stands below a span: whether a call with usage, the ids of the answers, and a call's key."""

    used: bool
    ids: tuple[str, ...]
    key: str | None


class Beside(NamedTuple):
    """A call that was counted, as another instrumentation beside it would have seen it."""

    scope: str
    model: str | None
    start: int
    end: int
    key: str


class Tree:
    """The memory of one file."""

    def __init__(self) -> None:
        self.below: OrderedDict[Place, Below] = OrderedDict()
        self.passed: OrderedDict[Place, str | None] = OrderedDict()
        """Spans that were seen, each with its parent: for children that come late."""
        self.counted: OrderedDict[Place, tuple[str, str | None]] = OrderedDict()
        """Calls that were counted, each with its key and the late child that took it over."""
        self.beside: OrderedDict[Place, list[Beside]] = OrderedDict()
        """Calls under one parent that no second instrumentation has claimed yet."""

    def place(self, span: Span, reading: dict[str, Any]) -> bool:
        """Whether a call is to be counted; sets its key where it is another sighting of one that was."""
        place = _place(span)
        if place is None:
            return True
        below = self.below.get(place)
        used = reading["prompt"] is not None or reading["completion"] is not None
        if below is not None and not self._stands(below, reading, used=used):
            self.above(span)
            return False
        if below is None and not self._join_sibling(span, reading):
            self._join_parent(span, reading)
        self._remember(span, Below(used, _ids(reading), reading["key_text"]))
        if place not in self.counted and reading["key_text"]:
            _keep(self.counted, place, (reading["key_text"], None))
        return True

    def above(self, span: Span) -> None:
        """A span that is no call, or is not counted: hand what stands below it to its parent."""
        place = _place(span)
        if place is None:
            return
        if place in self.below:
            self._remember(span, self.below[place])
        else:
            _keep(self.passed, place, span.parent_id)

    def _stands(self, below: Below, reading: dict[str, Any], *, used: bool) -> bool:
        """A call above calls counts where it is the same answer, or has usage that none of them has."""
        if reading["response_id"] is not None and reading["response_id"] in below.ids:
            return True
        if below.used or not used:
            return False
        reading["key_text"] = below.key or reading["key_text"]
        return True

    def _join_parent(self, span: Span, reading: dict[str, Any]) -> None:
        """A call whose parent was counted before it: they are one, and the fuller stands."""
        for place in self._ancestors(span):
            if place in self.counted:
                key, child = self.counted[place]
                if child in (None, span.span_id):
                    reading["key_text"] = key
                    _keep(self.counted, place, (key, span.span_id))
                return

    def _join_sibling(self, span: Span, reading: dict[str, Any]) -> bool:
        """A call without an answer's id that another instrumentation saw too: one lasted within the other."""
        place = (span.trace_id or "", span.parent_id or "")
        near = self.beside.get(place, [])
        start, end, model = span.start or 0, span.end or 0, reading["model_requested"]
        for other in near if reading["response_id"] is None else ():
            within = other.start <= start <= end <= other.end or start <= other.start <= other.end <= end
            if within and other.model == model and other.scope != span.scope:
                reading["key_text"] = other.key
                near.remove(other)
                return True
        if start and end and reading["key_text"] and not any(other.key == reading["key_text"] for other in near):
            own = Beside(span.scope, model, start, end, reading["key_text"])
            _keep(self.beside, place, [*near, own][-MOST_IDS:])
        return False

    def _remember(self, span: Span, found: Below) -> None:
        """Tell the span's parent what stands below it, and where the parent has passed, its parents too."""
        place = _place(span)
        if place is not None:
            _keep(self.passed, place, span.parent_id)
        for above in self._ancestors(span):
            known = self.below.get(above)
            ids = tuple(dict.fromkeys((*(known.ids if known else ()), *found.ids)))[:MOST_IDS]
            used = found.used or bool(known and known.used)
            _keep(self.below, above, Below(used, ids, found.key or (known.key if known else None)))

    def _ancestors(self, span: Span) -> Iterable[Place]:
        """The parent of a span and, of those that have passed, their parents."""
        seen = {span.span_id}
        parent = span.parent_id
        while span.trace_id and parent and parent not in seen:
            seen.add(parent)
            yield span.trace_id, parent
            parent = self.passed.get((span.trace_id, parent))


def children_first(spans: list[Span]) -> list[Span]:
    """The spans of one batch, each after those below it; else in their order."""
    parents = {place: span.parent_id for span in spans if (place := _place(span))}
    return sorted(spans, key=lambda span: -_depth(span, parents))


def _depth(span: Span, parents: dict[Place, str | None]) -> int:
    depth, seen, parent = 0, {span.span_id}, span.parent_id
    while parent and parent not in seen and (place := (span.trace_id or "", parent)) in parents:
        seen.add(parent)
        depth, parent = depth + 1, parents[place]
    return depth


def _ids(reading: dict[str, Any]) -> tuple[str, ...]:
    return (reading["response_id"],) if reading["response_id"] else ()


def _place(span: Span) -> Place | None:
    return (span.trace_id, span.span_id) if span.trace_id and span.span_id else None


def _keep(memory: "OrderedDict[Place, Any]", place: Place, value: Any) -> None:
    memory[place] = value
    memory.move_to_end(place)
    if len(memory) > MOST:
        memory.popitem(last=False)
