"""How charts look in a spreadsheet: fills, strokes, axes with their unit, titles."""

import re
from typing import Any

from pricing.money import PICO
from reports.charts import Band, Chart
from reports.colours import BLUE, GREEN, LIGHT, ORANGE, OTHER
from reports.document import Cell, Money

CURRENCY = re.compile(r"[A-Z]{3}")
TONES = {"first": BLUE, "second": ORANGE, "third": GREEN, "other": OTHER}
PATTERNS = {"/": "wide_upward_diagonal", ".": "percent_40", "x": "outlined_diamond"}
FONT_NAME = "Arial"


def is_money(unit: str) -> bool:
    """Whether a chart's figures are amounts of a currency, in pico-units; else they are counts."""
    return bool(CURRENCY.fullmatch(unit))


def cell_of(value: int, unit: str) -> Cell:
    """A chart's figure as a cell of the sheet that holds its data."""
    return Money(value, unit) if is_money(unit) else value


def fill(colour: str, pattern: str = "") -> dict[str, Any]:
    """A filled bar, hatched where models share a colour."""
    looks: dict[str, Any] = {"border": {"color": LIGHT.paper, "width": 0.5}, "gap": 50}
    if pattern:
        return looks | {"pattern": {"pattern": PATTERNS[pattern], "fg_color": LIGHT.paper, "bg_color": colour}}
    return looks | {"fill": {"color": colour}}


def unseen() -> dict[str, Any]:
    """What holds others up, and is not seen itself."""
    return {"fill": {"none": True}, "border": {"none": True}, "line": {"none": True}, "gap": 50}


def stroke(colour: str, dash: str = "solid") -> dict[str, Any]:
    """A line without points."""
    return {"line": {"color": colour, "width": 2, "dash_type": dash}, "marker": {"type": "none"}}


def font(size: int = 9, **more: Any) -> dict[str, Any]:
    """The type of everything in a chart."""
    return {"name": FONT_NAME, "size": size, "color": LIGHT.soft} | more


def dress(drawn: Any, chart: Chart, largest: int, *, lying: bool) -> None:
    """Give a chart its title and its axes; figures stand on y, or on x where the bars lie."""
    title = font(12, bold=True) | {"color": LIGHT.strong}
    drawn.set_title({"name": chart.title, "name_font": title, "overlay": False})
    figures = {
        "name": chart.unit,
        "name_font": font(9, bold=False),
        "num_font": font(),
        "num_format": _axis_format(largest / PICO if is_money(chart.unit) else largest),
        "major_gridlines": {"visible": True, "line": {"color": LIGHT.line, "width": 0.75}},
        "line": {"none": True},
    }
    places = {
        "num_font": font(),
        "line": {"color": LIGHT.soft},
        "label_position": "low",
        "major_gridlines": {"visible": False},
    }
    if lying:
        # The first name stands at the top, as it does in a table; the figures stay below.
        drawn.set_y_axis(places | {"reverse": True, "interval_unit": 1})
        drawn.set_x_axis(figures | {"label_position": "high"})
    else:
        drawn.set_x_axis(places | (_days(len(chart.days)) if isinstance(chart, Band) else {}))
        drawn.set_y_axis(figures)
    drawn.set_chartarea({"border": {"none": True}, "fill": {"color": LIGHT.paper}})


def _days(count: int) -> dict[str, Any]:
    """An axis of days, with so many named that none stands across another."""
    named = {"major_unit": 1 + count // 12, "major_unit_type": "days"}
    return {"date_axis": True, "num_format": "d mmm", **named}


def _axis_format(largest: float) -> str:
    """As many decimals as tell the ticks of an axis apart."""
    places, at = 0, 10.0
    while 0 < largest < at and places < 8:
        places += 1
        at /= 10
    digits = "#,##0" + ("." + "0" * places if places else "")
    return f'{digits};"−"{digits}'
