"""Bars that stand: one per label, stacked, over an axis from zero."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from reports.charts import Bars
from reports.pictures.axes import GAP, draw_nothing, legend, paints_of, value_lines
from reports.pictures.drawing import TEXT, Box, Drawing, Look
from reports.pictures.scale import Scale, scale_of, short
from reports.pictures.stacks import pieces, reaches, sums
from reports.typeface import fitted, width_of

_PLOT_HIGH = 125.0
_HEAD = 24.0
"""Room above the plot for the unit and for the figure of the highest bar."""
_WIDEST = 36.0
_FILLED = 0.7


class _Room(NamedTuple):
    """Where the bars stand."""

    scale: Scale
    left: float
    step: float

    @property
    def wide(self) -> float:
        return min(self.step * _FILLED, _WIDEST)

    def middle(self, place: int) -> float:
        return self.left + self.step * (place + 0.5)


def draw(drawing: Drawing, chart: Bars, models: Sequence[str]) -> None:
    """Draws them, with a legend above, labels below and each bar's figure where there is room."""
    if not chart.labels or not chart.series:
        draw_nothing(drawing)
        return
    paints = paints_of(chart.series, models)
    top = legend(drawing, chart.series, paints) + _HEAD
    ends = [each for piece in pieces(chart) for each in (piece.begin, piece.end)]
    scale = scale_of(ends, top + _PLOT_HIGH, top)
    left = value_lines(drawing, scale, chart.unit, drawing.width)
    room = _Room(scale, left, (drawing.width - left) / len(chart.labels))
    for piece in pieces(chart):
        low, high = sorted((scale.place(piece.begin), scale.place(piece.end)))
        box = Box(room.middle(piece.place) - room.wide / 2, low, room.wide, high - low)
        drawing.box(box, paints[piece.series])
    drawing.line([(left, scale.place(0)), (drawing.width, scale.place(0))], "soft")
    _write_labels(drawing, chart, room)
    _write_figures(drawing, chart, room)
    drawing.height = scale.start + 17


def _write_labels(drawing: Drawing, chart: Bars, room: _Room) -> None:
    """Names below; where they would touch, only every second or third, counted from the last."""
    widest = max(width_of(drawing.written(label), TEXT) for label in chart.labels) + GAP
    every = min(math.ceil(widest / room.step), len(chart.labels))
    last = len(chart.labels) - 1
    for place in range(last % every, last + 1, every):
        text = fitted(drawing.written(chart.labels[place]), room.step * every, TEXT)
        half = width_of(text, TEXT) / 2
        # The outer ones are moved in rather than cut.
        middle = min(max(room.middle(place), half), drawing.width - half)
        drawing.text((middle, room.scale.start + 12), text, Look("middle", "soft"))


def _write_figures(drawing: Drawing, chart: Bars, room: _Room) -> None:
    texts = [short(each, chart.unit) for each in sums(chart)]
    if max(width_of(text, TEXT) for text in texts) + 3 > room.step:
        return
    for place, (text, reach) in enumerate(zip(texts, reaches(chart), strict=True)):
        y = room.scale.place(reach) + (-3 if reach >= 0 else 9)
        drawing.text((room.middle(place), y), text, Look("middle"))
