"""What level and weekday do not tell of the days that were: the chance that paths repeat."""

import numpy as np

from planning.weekday import Floats, centred_mean, divided

AROUND = 7
"""Days on either side over which the level of the past is followed."""


def left_over(plain: Floats, tamed: Floats) -> Floats:
    """What each day was of the level around it.

    The level is that of the tamed days, and of those the mean is 1: a lost day or a spike counts as often as it came.
    A day that is unknown repeats one that is known.
    """
    level = centred_mean(tamed, AROUND)
    known = np.isfinite(plain)
    parts = np.where(known, divided(plain, level, 0), np.nan)
    usual = divided(np.where(known, divided(tamed, level, 0), 0).sum(axis=1), known.sum(axis=1), 1)
    for row, seen, mean in zip(parts, known, usual, strict=True):
        if not seen.any() or not mean:
            row[:] = 1
            continue
        row[~seen] = np.resize(row[seen], (~seen).sum())
        row /= mean
    return parts
