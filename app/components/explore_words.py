"""How the page Explore writes what it shows: values of dimensions, stretches of time, figures."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from app.components.formats import UNKNOWN, money, plural, share
from app.pivot import Cell, Key, Measure, Others
from warehouse.explore import label_of

NOTHING = "–"


def named(dimension: str, value: Key) -> str:
    """A value of a dimension; None: the log names none."""
    if isinstance(value, Others):
        return f"{value.number:,} others"
    if value is None or value == "":
        return f"no {lower(label_of(dimension))}"
    return str(value)


def lower(label: str) -> str:
    """A label within a sentence: names written in capitals stay so."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def stretch(start: Key, step: str) -> str:
    """A stretch of time by its start."""
    if not isinstance(start, date):
        return NOTHING
    if step == "hour" and isinstance(start, datetime):
        return f"{start:%-d %b %H}:00"
    return {"day": f"{start:%-d %b}", "week": f"Week of {start:%-d %b %Y}", "month": f"{start:%b %Y}"}[step]


def long_stretch(start: date, step: str) -> str:
    """The same in full, where it stands alone."""
    if step == "hour" and isinstance(start, datetime):
        return f"{start:%-d %b %Y, %H}:00 to {start + timedelta(hours=1):%H}:00"
    return f"{start:%a %-d %b %Y}" if step == "day" else stretch(start, step)


def figure(cell: Cell | None, measure: Measure, currency: str | None) -> str:
    """A figure of a table: at least so much where some of it is unknown; a dash where there is no traffic."""
    if cell is None:
        return NOTHING
    if cell.value is None:
        return UNKNOWN if cell.unknown else NOTHING
    at_least = "≥ " if cell.unknown and measure.label == "Cost" else ""
    return at_least + worth(cell.value, measure, currency)


def worth(value: int | Fraction, measure: Measure, currency: str | None) -> str:
    """A value with its unit."""
    if measure.unit == "money":
        return money(round(value), currency)
    if measure.unit == "share":
        whole = Fraction(value)
        return share(whole.numerator, whole.denominator)
    return f"{round(value):,}"


def summed(cell: Cell, measure: Measure, currency: str | None) -> str:
    """The total, with what is not in it."""
    missing = f", without {plural(cell.unknown, 'request')} of unknown cost" if cell.unknown else ""
    return f"{figure(cell, measure, currency).removeprefix('≥ ')}{missing}"
