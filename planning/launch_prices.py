"""What a plan's calls cost: the dated rates of every route, day by day and by the size of the input."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class RoutePrices(NamedTuple):
    """Pico-units of the plan's currency per token, by route; last comes the escalation's, where there is one."""

    steps: tuple[int, ...]
    """The smallest input, in tokens, of each step that some rate has; the first is 0."""
    pico: NDArray[np.float64]
    """(routes, steps, METERS, days)."""
