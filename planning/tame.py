"""Single days far off the week around them, an outage or a spike, are drawn in: they are no new level."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from planning.weekday import Floats

AROUND = 7
"""Known days whose median a day is compared with: what lasts four days is no longer a single day's."""
FAR = 4.0
"""Typical deviations of a series that a day may be off that median."""
STEADY = 0.1
"""Part of the median that a typical deviation is at least: the days of a very steady series may differ by some."""
DEVIATION = 1.4826
"""Of a bell curve, the standard deviation over the median of what days are off by."""
LOST = 2
"""So many days without traffic, among days that all have some, are lost or not loaded yet; more are the series' way."""
STEADY_DAYS, LOOKED_AT = 14, 28
"""Known days with traffic that must stand beside them, and how many known days are looked at."""


def lost_days(values: Floats) -> NDArray[np.bool_]:
    """Of (series, days), NaN where a day is not known: one or two recent days without anything, where a series never
    pauses otherwise.
    """
    found = np.zeros(values.shape, dtype=bool)
    for row, mark in zip(values, found, strict=True):
        known = np.flatnonzero(np.isfinite(row))[-LOOKED_AT:]
        empty = known[row[known] == 0]
        if 1 <= len(empty) <= LOST and len(known) - len(empty) >= STEADY_DAYS:
            mark[empty] = True
    return found


def tame(values: Floats) -> Floats:
    """Of right-aligned days (NaN only before the first known): those further off are moved to the bound.

    Where most days of the week are zero, nothing says what is usual, and nothing is moved.
    """
    days = values.shape[1]
    if days < AROUND:
        return values
    medians = np.median(sliding_window_view(values, AROUND, axis=1), axis=2)
    known = np.isfinite(values).sum(axis=1, keepdims=True)
    start = np.clip(np.maximum(np.arange(days) - AROUND // 2, days - known), 0, days - AROUND)
    median = np.take_along_axis(medians, start, axis=1)
    off = np.abs(values - median)
    in_order = np.sort(off, axis=1)
    counted = np.isfinite(off).sum(axis=1, keepdims=True)
    typical = np.take_along_axis(in_order, np.maximum((counted - 1) // 2, 0), axis=1)
    reach = FAR * np.maximum(DEVIATION * typical, STEADY * median)
    return np.where(median > 0, np.clip(values, np.maximum(median - reach, 0), median + reach), values)
