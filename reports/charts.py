"""Pictures of a report as data: what is drawn, not how. Values are exact; the drawing rounds."""

from datetime import date
from typing import Literal, NamedTuple


class Series(NamedTuple):
    """Values under one name. ``model`` gives it that model's own colour; without one, ``tone`` does."""

    name: str
    values: tuple[int | None, ...]
    """Pico-units (of the chart's currency) or counts, one per label; None: there is none."""
    model: str | None = None
    tone: Literal["first", "second", "third", "other"] = "first"


class Bars(NamedTuple):
    """Stacked bars, one per label; lying down where there are names to read."""

    key: str
    title: str
    alt: str
    """What a reader who sees no picture is told: the figures that matter, in a sentence."""
    unit: str
    """A currency, or what is counted."""
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    lying: bool = False


class BandDay(NamedTuple):
    """One day of a course; pico-units."""

    day: date
    billed: int | None
    low: int | None
    middle: int | None
    high: int | None


class Band(NamedTuple):
    """What was billed and what may come, added up over a period or day by day, beside a budget."""

    key: str
    title: str
    alt: str
    unit: str
    days: tuple[BandDay, ...]
    budget: int | None = None


class Step(NamedTuple):
    """One step from the first figure to the last; pico-units."""

    name: str
    pico: int


class Waterfall(NamedTuple):
    """From one figure to another, step by step: ``first`` + steps = ``last``."""

    key: str
    title: str
    alt: str
    unit: str
    first: Step
    steps: tuple[Step, ...]
    last: Step


class Range(NamedTuple):
    """A name with a low, a middle and a high; pico-units, or a share of them. Any may be unknown but the middle."""

    name: str
    low: int | None
    middle: int
    high: int | None


class Ranges(NamedTuple):
    """Ranges under one another on one scale: P10 to P90, or how far an input moves the result."""

    key: str
    title: str
    alt: str
    unit: str
    ranges: tuple[Range, ...]
    mark: Range | None = None
    """A figure that all are compared with (a budget, as priced), drawn as a line."""


Chart = Bars | Band | Waterfall | Ranges
