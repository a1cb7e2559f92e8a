"""A course over days: what was billed as a line, what may come as a band around a broken one, beside a budget."""

from collections.abc import Sequence

from reports.charts import Band, BandDay
from reports.colours import BLUE, SKY, VERMILION
from reports.pictures.axes import BASELINE, GAP, draw_nothing, value_lines
from reports.pictures.drawing import TEXT, Drawing, Look, Place
from reports.pictures.scale import Scale, scale_of, short
from reports.typeface import width_of

_PLOT_HIGH = 140.0
_HEAD = 22.0
_LABEL_ROW = 11.0
_OPACITY = 0.3


def draw(drawing: Drawing, chart: Band) -> None:
    """Draws it, with what each line is and comes to written at its end."""
    if not chart.days:
        draw_nothing(drawing)
        return
    values = [each for day in chart.days for each in (day.billed, day.low, day.middle, day.high)]
    scale = scale_of([*values, chart.budget], _HEAD + _PLOT_HIGH, _HEAD)
    ends = _ends(chart)
    right = drawing.width - max((width_of(text, TEXT) for _, text in ends), default=0) - GAP
    course = _Course(scale, value_lines(drawing, scale, chart.unit, right), right, chart.days)
    _draw_band(drawing, course)
    if chart.budget is not None:
        y = scale.place(chart.budget)
        drawing.line([(course.left, y), (course.right, y)], VERMILION, width=1.2, dashes="3 2")
    drawing.line([(course.left, scale.place(0)), (course.right, scale.place(0))], "soft")
    for y, text in _spread([(scale.place(value), text) for value, text in ends]):
        drawing.text((course.right + GAP, y + BASELINE), text)
    _write_days(drawing, course)
    drawing.height = scale.start + 17


class _Course:
    """Days from left to right."""

    def __init__(self, scale: Scale, left: float, right: float, days: Sequence[BandDay]) -> None:
        self.scale = scale
        self.left = left
        self.right = right
        self.days = days

    def at(self, place: int) -> float:
        """Where the day is."""
        return self.left + (self.right - self.left) * (place + 0.5) / len(self.days)

    def points(self, name: str) -> list[Place]:
        """The course of one of the figures, over the days that have it."""
        found = ((place, getattr(day, name)) for place, day in enumerate(self.days))
        return [(self.at(place), self.scale.place(value)) for place, value in found if value is not None]


def _draw_band(drawing: Drawing, course: _Course) -> None:
    low, high = course.points("low"), course.points("high")
    if low and high:
        drawing.area([*high, *reversed(low)], SKY, _OPACITY)
        for edge in (low, high):
            drawing.line(edge, SKY, width=0.8)
    drawing.line(course.points("middle"), BLUE, width=1.4, dashes="4 2")
    drawing.line(course.points("billed"), "strong", width=1.8)


def _ends(chart: Band) -> list[tuple[int, str]]:
    """What each line comes to at its end, in words."""
    found: list[tuple[int, str]] = []
    for name, word in (("high", "high"), ("middle", "middle"), ("low", "low"), ("billed", "billed")):
        values = [value for day in chart.days if (value := getattr(day, name)) is not None]
        if values:
            found.append((values[-1], f"{word} {short(values[-1], chart.unit)}"))
    if chart.budget is not None:
        found.append((chart.budget, f"budget {short(chart.budget, chart.unit)}"))
    return found


def _spread(labels: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """The same labels from the top down, moved apart where they would lie on one another."""
    placed: list[tuple[float, str]] = []
    for y, text in sorted(labels):
        placed.append((max(y, placed[-1][0] + _LABEL_ROW) if placed else y, text))
    return placed


def _write_days(drawing: Drawing, course: _Course) -> None:
    widest = width_of("30 Sep", TEXT) + 3 * GAP
    every = max(1, int(widest * len(course.days) / max(1.0, course.right - course.left)) + 1)
    for place in range(0, len(course.days), every):
        day = course.days[place].day
        text = f"{day.day} {day:%b}" if len(course.days) < 300 else f"{day:%b %Y}"
        drawing.text((course.at(place), course.scale.start + 12), text, Look("middle", "soft"))
