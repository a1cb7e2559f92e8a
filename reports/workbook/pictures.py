"""Charts that the spreadsheet draws itself, from figures on a sheet of their own, in the house's colours."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from reports.charts import Band, Bars, Chart, Range, Ranges, Waterfall
from reports.colours import BLUE, OTHER, SKY, VERMILION, paint_of
from reports.workbook.chart_looks import TONES, cell_of, dress, fill, font, stroke, unseen
from reports.workbook.page import HEADING, SOFT, Page
from reports.workbook.spans import Span, stacks
from reports.workbook.words import visible

WIDTH, ROW_PIXELS, FEWEST_ROWS, MOST_ROWS = 860, 19, 16, 40
UNSEEN = " "
"""The name of what holds bars up: not every spreadsheet leaves it out of the legend when told to."""
NOTHING = "there is nothing to draw."
STEPS = {"Total": BLUE, "More": VERMILION, "Less": SKY}
RANGE = {"Low to middle": BLUE, "Middle to high": SKY, "Compared with": OTHER}


class Line(NamedTuple):
    """One series: its name, its figures (pico-units or counts), and how it is drawn."""

    name: str
    values: Sequence[int | None]
    looks: dict[str, Any]
    explained: bool = True
    """Whether the legend names it."""


class Pictures:
    """Draws charts on any sheet; their figures go to one sheet, where a reader can look them up."""

    def __init__(self, book: Any, data: Page, models: Sequence[str]) -> None:
        self._book = book
        self._data = data
        self._models = models

    def draw(self, page: Page, chart: Chart) -> int:
        """Put a chart where the page stands; returns how many rows it takes."""
        lying = isinstance(chart, Ranges) or (isinstance(chart, Bars) and chart.lying)
        names, lines = self._lines(chart)
        if not names or not lines:
            page.sheet.write_string(page.row, 0, f"{visible(chart.title)}: {NOTHING}", page.styles.of(SOFT))
            return 1
        first = self._write(chart, names, lines)
        if isinstance(chart, Band):
            drawn = self._area(first, len(names), lines)
        else:
            drawn = self._book.add_chart({"type": "bar" if lying else "column", "subtype": "stacked"})
            self._add(drawn, first, len(names), list(enumerate(lines, 1)))
        _explain(drawn, lines)
        dress(drawn, chart, _tallest(chart, lines), lying=lying)
        rows = min(max(FEWEST_ROWS, 6 + (len(names) if lying else 0)), MOST_ROWS)
        drawn.set_size({"width": WIDTH, "height": (rows - 1) * ROW_PIXELS})
        page.sheet.insert_chart(page.row, 0, drawn, {"description": chart.alt, "object_position": 1})
        return rows

    def _lines(self, chart: Chart) -> tuple[Sequence[str | date], list[Line]]:
        match chart:
            case Bars():
                return chart.labels, [
                    Line(each.name, each.values, self._fill(each.model, TONES[each.tone])) for each in chart.series
                ]
            case Band():
                return [each.day for each in chart.days], _courses(chart)
            case Waterfall():
                return _names(chart), _hanging(_steps(chart), STEPS)
        named = [*chart.ranges, *([chart.mark] if chart.mark else [])]
        places = [_range_spans(each) for each in chart.ranges]
        if chart.mark:
            places.append([_span(0, chart.mark.middle, "Compared with")])
        return [each.name for each in named], _hanging(places, RANGE)

    def _fill(self, model: str | None, tone: str) -> dict[str, Any]:
        if model is None:
            return fill(tone)
        paint = paint_of(model, self._models)
        return fill(paint.colour, paint.pattern)

    def _area(self, first: int, count: int, lines: list[Line]) -> Any:
        """A band with lines over it: two charts in one."""
        area = self._book.add_chart({"type": "area", "subtype": "stacked"})
        over = self._book.add_chart({"type": "line"})
        numbered = list(enumerate(lines, 1))
        self._add(area, first, count, numbered[:2])
        self._add(over, first, count, numbered[2:])
        area.combine(over)
        return area

    def _write(self, chart: Chart, names: Sequence[str | date], lines: Sequence[Line]) -> int:
        """Put the figures of a chart on their sheet; returns the row of the heads."""
        data = self._data
        data.say(chart.title, HEADING)
        first = data.row
        data.head([chart.unit, *(line.name for line in lines)], [False] + [True] * len(lines))
        for place, name in enumerate(names):
            data.put(0, name)
            for column, line in enumerate(lines, 1):
                value = line.values[place]
                if value is not None:
                    data.put(column, cell_of(value, chart.unit))
            data.row += 1
        data.row += 1
        return first

    def _add(self, drawn: Any, first: int, count: int, numbered: Sequence[tuple[int, Line]]) -> None:
        sheet = self._data.sheet.get_name()
        for column, line in numbered:
            places = {
                "name": [sheet, first, column],
                "categories": [sheet, first + 1, 0, first + count, 0],
                "values": [sheet, first + 1, column, first + count, column],
            }
            drawn.add_series(places | line.looks)


def _courses(chart: Band) -> list[Line]:
    """The band as an unseen area with a shaded one on top, then the lines."""
    days = chart.days
    room = [None if each.low is None or each.high is None else each.high - each.low for each in days]
    shade = {"fill": {"color": SKY, "transparency": 55}, "line": {"none": True}}
    lines = [
        Line("Low", [each.low for each in days], unseen(), explained=False),
        Line("Low to high", room, shade),
        Line("Billed", [each.billed for each in days], stroke(BLUE)),
        Line("Middle", [each.middle for each in days], stroke(BLUE, "dash")),
    ]
    if chart.budget is not None:
        lines.append(Line("Budget", [chart.budget] * len(days), stroke(VERMILION, "long_dash")))
    return lines


def _hanging(places: Sequence[Sequence[Span]], tones: dict[str, str]) -> list[Line]:
    lines: list[Line] = []
    for stack in stacks(places, list(tones)):
        looks = fill(tones[stack.tone]) if stack.tone else unseen()
        is_first = stack.tone is not None and stack.tone not in {line.name for line in lines}
        lines.append(Line(stack.tone or UNSEEN, stack.values, looks, explained=is_first or stack.tone is None))
    return lines


def _names(chart: Waterfall) -> list[str]:
    return [chart.first.name, *(step.name for step in chart.steps), chart.last.name]


def _steps(chart: Waterfall) -> list[list[Span]]:
    places, at = [[_span(0, chart.first.pico, "Total")]], chart.first.pico
    for step in chart.steps:
        places.append([_span(at, at + step.pico, "More" if step.pico > 0 else "Less")])
        at += step.pico
    return [*places, [_span(0, chart.last.pico, "Total")]]


def _range_spans(each: Range) -> list[Span]:
    low = each.middle if each.low is None else each.low
    high = each.middle if each.high is None else each.high
    if low == high:
        return [_span(0, each.middle, "Low to middle")]
    return [_span(low, each.middle, "Low to middle"), _span(each.middle, high, "Middle to high")]


def _span(one: int, other: int, tone: str) -> Span:
    return Span(min(one, other), max(one, other), tone)


def _tallest(chart: Chart, lines: Sequence[Line]) -> int:
    """How high the axis goes, about: stacked bars add up."""
    values = [[abs(value or 0) for value in line.values] for line in lines]
    if isinstance(chart, Band):
        return max((max(each, default=0) for each in values), default=0)
    return max((sum(each) for each in zip(*values, strict=True)), default=0)


def _explain(drawn: Any, lines: Sequence[Line]) -> None:
    hidden = [place for place, line in enumerate(lines) if not line.explained]
    if len(lines) - len(hidden) < 2:
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "bottom", "delete_series": hidden, "font": font()})
