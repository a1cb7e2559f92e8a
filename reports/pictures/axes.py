"""What pictures share: the lines of an axis, a legend, rows of names, and what is drawn of nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from reports.charts import Series
from reports.colours import BLUE, GREEN, OTHER, PURPLE, Paint, paint_of
from reports.pictures.drawing import SOFT, TEXT, Box, Drawing, Look
from reports.pictures.scale import STEPS, Scale, scale_of, tick_text
from reports.typeface import width_of

TONES = {"first": Paint(BLUE, ""), "second": Paint(GREEN, ""), "third": Paint(PURPLE, "."), "other": Paint(OTHER, "")}
GAP = 6.0
ROW = 18.0
BASELINE = 3.0
"""From the middle of a line of text down to its baseline."""
_SWATCH = 8.0
_LEGEND_ROW = 13.0
_NAMES_SHARE = 0.36
_TICK_ROOM = 34.0
"""Of a figure below an axis that lies."""
_NOTHING_HIGH = 40.0


class Rows(NamedTuple):
    """Names under one another, and the axis that their figures lie on."""

    scale: Scale
    top: float
    bottom: float

    def middle(self, place: int) -> float:
        """The height of a row's middle."""
        return self.top + ROW * (place + 0.5)


def paints_of(series: Sequence[Series], models: Sequence[str]) -> list[Paint]:
    """The fill of each: its model's own, or its tone's."""
    return [TONES[each.tone] if each.model is None else paint_of(each.model, models) for each in series]


def draw_nothing(drawing: Drawing) -> None:
    """Says that there is nothing to draw, in the room of a small picture."""
    drawing.height = _NOTHING_HIGH
    drawing.text((drawing.width / 2, _NOTHING_HIGH / 2 + BASELINE), "Nothing to draw", Look("middle", "soft"))


def legend(drawing: Drawing, series: Sequence[Series], paints: Sequence[Paint]) -> float:
    """Swatches with names, in as many lines as they need; one that tells nothing apart is left out. Gives its end."""
    if len(series) == 1 and series[0].model is None:
        return 0.0
    x = y = 0.0
    for each, paint in zip(series, paints, strict=True):
        wide = _SWATCH + 4 + min(width_of(drawing.written(each.name), TEXT), drawing.width / 2)
        if x and x + wide > drawing.width:
            x, y = 0.0, y + _LEGEND_ROW
        drawing.box(Box(x, y + 1, _SWATCH, _SWATCH), paint)
        drawing.name((x + _SWATCH + 4, y + 8), each.name, drawing.width / 2, SOFT)
        x += wide + 12
    return y + _LEGEND_ROW


def value_lines(drawing: Drawing, scale: Scale, unit: str, right: float) -> float:
    """Lines across for an axis that stands, with their figures and the unit on top; gives where the plot begins."""
    left = max(width_of(tick_text(tick, unit), TEXT) for tick in scale.ticks) + GAP
    for tick in scale.ticks:
        y = scale.place(tick)
        drawing.line([(left, y), (right, y)], "line")
        drawing.text((left - GAP, y + BASELINE), tick_text(tick, unit), Look("end", "soft"))
    drawing.name((0, scale.end - 10), unit, drawing.width / 2, Look("start", "soft", True))
    return left


def rows_of(drawing: Drawing, names: Sequence[str], values: Sequence[int | None], axis: "Axis") -> Rows:
    """Writes the names, draws the lines of an axis that lies, and sets the picture's height."""
    widest = max(width_of(drawing.written(name), TEXT) for name in names)
    room = min(widest, drawing.width * _NAMES_SHARE)
    left, right = room + 2 * GAP, drawing.width - axis.spare
    scale = scale_of(values, left, right, steps=max(2, min(STEPS, int((right - left) / _TICK_ROOM))))
    rows = Rows(scale, axis.top, axis.top + ROW * len(names))
    for tick in scale.ticks:
        x = scale.place(tick)
        drawing.line([(x, rows.top), (x, rows.bottom)], "line")
        drawing.text((x, rows.bottom + 11), tick_text(tick, axis.unit), Look("middle", "soft"))
    drawing.name((0, rows.bottom + 11), axis.unit, room, Look("start", "soft", True))
    for place, name in enumerate(names):
        drawing.name((0, rows.middle(place) + BASELINE), name, room)
    drawing.height = rows.bottom + 16
    return rows


class Axis(NamedTuple):
    """An axis that lies: its unit, where the rows begin, and the room to the right for figures beside bars."""

    unit: str
    top: float
    spare: float


def spare_for(texts: Sequence[str]) -> float:
    """Room for the widest of the figures that stand right of what is drawn."""
    return max((width_of(text, TEXT) for text in texts), default=0) + GAP + 4
