"""Ranges under one another on one scale: a bar from low to high, a mark at the middle, a line to compare with."""

from reports.charts import Range, Ranges
from reports.colours import SKY, VERMILION, Paint
from reports.pictures.axes import BASELINE, GAP, ROW, Axis, Rows, draw_nothing, rows_of, spare_for
from reports.pictures.drawing import TEXT, Box, Drawing, Look
from reports.pictures.scale import short
from reports.typeface import width_of

_HIGH = 8.0
_MARK_HEAD = 14.0


def draw(drawing: Drawing, chart: Ranges) -> None:
    """Draws them; an end that is unknown is left open, and its bar ends at the middle."""
    if not chart.ranges:
        draw_nothing(drawing)
        return
    texts = [_text(each, chart.unit) for each in chart.ranges]
    marks = [chart.mark.middle] if chart.mark else []
    values = [end for each in chart.ranges for end in (each.low, each.middle, each.high)]
    axis = Axis(chart.unit, _MARK_HEAD if marks else 4, spare_for(texts))
    rows = rows_of(drawing, [each.name for each in chart.ranges], [*values, *marks], axis)
    for place, (each, text) in enumerate(zip(chart.ranges, texts, strict=True)):
        _draw_range(drawing, rows, place, each)
        # Behind the axis, where no line of another figure runs through it.
        drawing.text((rows.scale.end + GAP, rows.middle(place) + BASELINE), text)
    if chart.mark:
        _draw_mark(drawing, rows, chart.mark, chart.unit)


def _draw_range(drawing: Drawing, rows: Rows, place: int, each: Range) -> None:
    low, high = (each.middle if end is None else end for end in (each.low, each.high))
    left, right, y = rows.scale.place(low), rows.scale.place(high), rows.middle(place)
    drawing.box(Box(left, y - _HIGH / 2, max(right - left, 1), _HIGH), Paint(SKY, ""))
    middle = rows.scale.place(each.middle)
    drawing.line([(middle, y - ROW * 0.36), (middle, y + ROW * 0.36)], "strong", width=1.6)


def _draw_mark(drawing: Drawing, rows: Rows, mark: Range, unit: str) -> None:
    x = rows.scale.place(mark.middle)
    drawing.line([(x, rows.top), (x, rows.bottom)], VERMILION, width=1.2, dashes="3 2")
    text = f"{drawing.written(mark.name)} {short(mark.middle, unit)}"
    half = min(width_of(text, TEXT), drawing.width) / 2
    drawing.name((min(max(x, half), drawing.width - half), 9), text, drawing.width, Look("middle"))


def _text(each: Range, unit: str) -> str:
    ends = [end for end in (each.low, each.high) if end is not None]
    return " to ".join(short(end, unit) for end in ends) or short(each.middle, unit)
