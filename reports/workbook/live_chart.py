"""The chart of the live totals: what each model costs at the rates to use. It follows a changed rate."""

from collections.abc import Sequence

from reports.charts import Bars
from reports.colours import Paint
from reports.document import Money
from reports.workbook.chart_looks import dress, fill
from reports.workbook.page import Page
from reports.workbook.pictures import ROW_PIXELS, WIDTH
from reports.workbook.placed import Placed, at

MOST_BARS, FEWEST_BARS = 12, 5
ROOM = 5
"""Rows for the title and the axis."""


def draw_models(page: Page, bars: Placed, columns: tuple[int, int], largest: Money, paints: Sequence[Paint]) -> None:
    """Draw the names and amounts in these rows and columns under them, the first at the top."""
    count, (names, amounts) = len(paints), columns
    chart = Bars(
        "live_models",
        f"Cost by model at the rates to use, {largest.currency}",
        f"A bar for each of the {count} dearest models; the figures are in the table above.",
        largest.currency or "",
        (),
        (),
        lying=True,
    )
    drawn = page.add_chart({"type": "bar"})
    looks = [{key: value for key, value in fill(*paint).items() if key != "gap"} for paint in paints]
    drawn.add_series(
        {
            "name": f"='{bars.sheet}'!{at(bars.first - 1, amounts)}",
            "categories": [bars.sheet, bars.first, names, bars.last, names],
            "values": [bars.sheet, bars.first, amounts, bars.last, amounts],
            "points": looks,
            "gap": 50,
        }
    )
    drawn.set_legend({"none": True})
    dress(drawn, chart, largest.pico or 0, lying=True)
    rows = max(count, FEWEST_BARS) + ROOM
    drawn.set_size({"width": WIDTH, "height": (rows - 1) * ROW_PIXELS})
    page.sheet.insert_chart(page.row, 0, drawn, {"description": chart.alt, "object_position": 1})
    page.keep_together(page.row, page.row + rows)
    page.row += rows
