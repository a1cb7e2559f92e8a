"""Stacked bars as figures: where each piece begins and ends, what is owed above zero and what is credited below."""

from collections.abc import Iterator
from typing import NamedTuple

from reports.charts import Bars


class Piece(NamedTuple):
    """One series' part of one bar, from and to a figure."""

    series: int
    place: int
    begin: int
    end: int


def pieces(chart: Bars) -> Iterator[Piece]:
    """Bar by bar, the first series nearest to zero; what there is none of has no piece."""
    for place in range(len(chart.labels)):
        above = below = 0
        for number, series in enumerate(chart.series):
            value = series.values[place]
            if not value:
                continue
            begin = above if value > 0 else below
            yield Piece(number, place, begin, begin + value)
            if value > 0:
                above += value
            else:
                below += value


def sums(chart: Bars) -> list[int | None]:
    """What each bar comes to; None where no series has a figure."""
    columns = [[each for each in values if each is not None] for values in _columns(chart)]
    return [sum(column) if column else None for column in columns]


def reaches(chart: Bars) -> list[int]:
    """The far end of each bar from which its figure is read: the upper one, or the lower one of a credit."""
    found = [0] * len(chart.labels)
    lower = [0] * len(chart.labels)
    for piece in pieces(chart):
        found[piece.place] = max(found[piece.place], piece.end)
        lower[piece.place] = min(lower[piece.place], piece.end)
    return [upper or below for upper, below in zip(found, lower, strict=True)]


def _columns(chart: Bars) -> list[tuple[int | None, ...]]:
    return list(zip(*(series.values for series in chart.series), strict=True))
