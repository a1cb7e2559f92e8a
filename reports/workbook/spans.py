"""Bars that hang between two figures, out of stacked bars, which is all that every spreadsheet draws alike.

A bar from 3 to 5 is an unseen one of 3 with one of 2 on top. Above and below zero are stacks of their own, so a bar
that crosses zero is in both.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """One bar: from where to where, and which tone it has."""

    low: int
    high: int
    tone: str


class Stack(NamedTuple):
    """One series of stacked bars: a tone, or None for what is not seen, with a length for each place."""

    tone: str | None
    values: tuple[int, ...]


def stacks(places: Sequence[Sequence[Span]], tones: Sequence[str]) -> list[Stack]:
    """The series that draw the spans of each place; those of one place touch, and go upwards in the order of tones."""
    above = [_side(places, tone, 1) for tone in tones]
    below = [_side(places, tone, -1) for tone in reversed(tones)]
    unseen_above = Stack(None, tuple(max(min((span.low for span in spans), default=0), 0) for spans in places))
    unseen_below = Stack(None, tuple(min(max((span.high for span in spans), default=0), 0) for spans in places))
    found = [unseen_above, *above, unseen_below, *below]
    return [stack for stack in found if any(stack.values)]


def _side(places: Sequence[Sequence[Span]], tone: str, sign: int) -> Stack:
    return Stack(tone, tuple(sum(_length(span, sign) for span in spans if span.tone == tone) for spans in places))


def _length(span: Span, sign: int) -> int:
    """The part of a span above zero, or below it (negative)."""
    return max(span.high, 0) - max(span.low, 0) if sign > 0 else min(span.low, 0) - min(span.high, 0)
