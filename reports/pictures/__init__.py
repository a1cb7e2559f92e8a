"""Pictures of a report as SVG: drawn without a browser or a drawing library, with real text, in the house's colours.

Equal charts give equal bytes. No script, no style sheet, no address to fetch; what is written is escaped.
"""

from collections.abc import Callable, Sequence

from reports.characters import visible
from reports.charts import Band, Bars, Chart, Ranges, Waterfall
from reports.pictures import band, lying, ranges, standing, waterfall
from reports.pictures.drawing import Drawing

POINTS_PER_MM = 72 / 25.4


def svg_of(chart: Chart, models: Sequence[str], *, width_mm: float, written: Callable[[str], str] = visible) -> bytes:
    """The chart as an SVG of that width. ``written`` says how names and titles are shown where not all can be."""
    drawing = Drawing(chart.key, width_mm * POINTS_PER_MM, written)
    match chart:
        case Bars(lying=True):
            lying.draw(drawing, chart, models)
        case Bars():
            standing.draw(drawing, chart, models)
        case Band():
            band.draw(drawing, chart)
        case Waterfall():
            waterfall.draw(drawing, chart)
        case Ranges():
            ranges.draw(drawing, chart)
    return drawing.svg(chart.alt, width_mm)
