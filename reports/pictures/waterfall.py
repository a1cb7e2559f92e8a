"""From one figure to another: each step begins where the last one ended."""

from typing import NamedTuple

from reports.charts import Waterfall
from reports.colours import BLUE, OTHER, VERMILION, Paint
from reports.pictures.axes import BASELINE, GAP, ROW, Axis, rows_of, spare_for
from reports.pictures.drawing import Box, Drawing, Look
from reports.pictures.scale import short, signed

_FILLED = 0.66


class _Bar(NamedTuple):
    name: str
    begin: int
    end: int
    text: str
    paint: Paint
    is_whole: bool = False


def draw(drawing: Drawing, chart: Waterfall) -> None:
    """Draws the steps under one another; what raises the figure and what lowers it differ in colour and in sign."""
    bars = _bars(chart)
    ends = [each for bar in bars for each in (bar.begin, bar.end)]
    axis = Axis(chart.unit, 4, spare_for([bar.text for bar in bars]))
    rows = rows_of(drawing, [bar.name for bar in bars], ends, axis)
    zero = rows.scale.place(0)
    drawing.line([(zero, rows.top), (zero, rows.bottom)], "soft")
    for place, bar in enumerate(bars):
        low, high = sorted((rows.scale.place(bar.begin), rows.scale.place(bar.end)))
        middle = rows.middle(place)
        drawing.box(Box(low, middle - ROW * _FILLED / 2, max(high - low, 1), ROW * _FILLED), bar.paint)
        drawing.text((high + GAP, middle + BASELINE), bar.text, Look(bold=bar.is_whole))
        if place + 1 < len(bars):
            x = rows.scale.place(bar.end)
            drawing.line([(x, middle + ROW * _FILLED / 2), (x, middle + ROW * (1 - _FILLED / 2))], "soft")


def _bars(chart: Waterfall) -> list[_Bar]:
    whole = Paint(OTHER, "")
    bars = [_Bar(chart.first.name, 0, chart.first.pico, short(chart.first.pico, chart.unit), whole, True)]
    at = chart.first.pico
    for step in chart.steps:
        paint = Paint(VERMILION if step.pico > 0 else BLUE, "/" if step.pico > 0 else "")
        bars.append(_Bar(step.name, at, at + step.pico, signed(step.pico, chart.unit), paint))
        at += step.pico
    return [*bars, _Bar(chart.last.name, 0, chart.last.pico, short(chart.last.pico, chart.unit), whole, True)]
