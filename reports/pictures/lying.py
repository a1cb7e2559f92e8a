"""Bars that lie: one row per label, with its name on the left and its figure at its end."""

from collections.abc import Sequence

from reports.charts import Bars
from reports.pictures.axes import BASELINE, GAP, ROW, Axis, draw_nothing, legend, paints_of, rows_of, spare_for
from reports.pictures.drawing import Box, Drawing
from reports.pictures.scale import short
from reports.pictures.stacks import pieces, reaches, sums

_FILLED = 0.66


def draw(drawing: Drawing, chart: Bars, models: Sequence[str]) -> None:
    """Draws them with a legend above where there is more than one series."""
    if not chart.labels or not chart.series:
        draw_nothing(drawing)
        return
    paints = paints_of(chart.series, models)
    top = legend(drawing, chart.series, paints) + 4
    texts = [short(each, chart.unit) for each in sums(chart)]
    ends = [each for piece in pieces(chart) for each in (piece.begin, piece.end)]
    rows = rows_of(drawing, chart.labels, ends, Axis(chart.unit, top, spare_for(texts)))
    for piece in pieces(chart):
        low, high = sorted((rows.scale.place(piece.begin), rows.scale.place(piece.end)))
        box = Box(low, rows.middle(piece.place) - ROW * _FILLED / 2, high - low, ROW * _FILLED)
        drawing.box(box, paints[piece.series])
    zero = rows.scale.place(0)
    drawing.line([(zero, rows.top), (zero, rows.bottom)], "soft")
    for place, (text, reach) in enumerate(zip(texts, reaches(chart), strict=True)):
        drawing.text((rows.scale.place(max(0, reach)) + GAP, rows.middle(place) + BASELINE), text)
