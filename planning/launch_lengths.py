"""How long calls are: resampled from calls like them, or lognormal where there are none."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Lengths(NamedTuple):
    """Calls like those of one kind of task, one element a call."""

    input: NDArray[np.int64]
    """Text tokens in, cached ones among them."""
    cached: NDArray[np.int64]
    """Of those, from the cache."""
    output: NDArray[np.int64]
