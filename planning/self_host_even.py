"""Where servers of one's own and a seller cost the same: the price of a GPU-hour, the volume, the use of the hours.

A seller's price is taken to follow the volume in a straight line; servers come whole, so their cost goes up in steps.
"""

from fractions import Fraction
from math import ceil
from typing import NamedTuple

from planning.self_host import MONTH_HOURS, Case, Hosting


class Even(NamedTuple):
    """Servers of one's own under one way to count input, against one seller; amounts in pico-units."""

    saved: Fraction | None
    """In a month at our volume, by the servers; below 0: they cost more. None: no price per GPU-hour was given."""
    gpu_hour: Fraction | None
    """The price of a GPU-hour at which both cost the same at our volume; None: there is none, even at 0."""
    first: Fraction | None
    """So many times our traffic, and the servers cost no more for the first time; None: never."""
    lasting: Fraction | None
    """And from so many on, they cost no more whatever comes; None: never."""
    use: Fraction | None
    """Share of reserved hours at work at which a GPU costs as much as the seller asks for its work, staff aside.

    Above 1: not even at all hours.
    """


def even(case: Case, hosting: Hosting, api: Fraction) -> Even:
    """A case against what a seller asks for a month of our traffic, which is above 0."""
    first, lasting = volumes(case, hosting, api)
    return Even(
        saved=None if case.cost is None else api - case.cost,
        gpu_hour=price(case, hosting, api),
        first=first,
        lasting=lasting,
        use=_use(case, hosting, api),
    )


def price(case: Case, hosting: Hosting, api: Fraction) -> Fraction | None:
    """The price of a GPU-hour at which both cost the same; None: licence and staff alone cost more."""
    left = api - hosting.staff - case.gpus * hosting.gpu_fixed
    return left / (case.gpus * MONTH_HOURS) if left >= 0 else None


def volumes(case: Case, hosting: Hosting, api: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """From which multiples of our traffic on the servers cost no more: for the first time, and for good.

    With n servers, which are full at n / sized times our traffic, the servers cost fixed + n * each.
    """
    gpu = hosting.gpu_month
    if gpu is None or not case.sized:
        return None, None
    each, fixed = hosting.throughput.gpus * gpu, hosting.staff
    gain = api / case.sized - each
    """What one more full server saves."""
    if gain < 0 or (gain == 0 and fixed):
        return None, None
    count = max(1, ceil(fixed / gain)) if gain else 1
    first = (fixed + count * each) / api
    if not gain:
        # Full servers cost just as much, and each new one more until it is full.
        return first, None if each else first
    return first, (fixed + max(1, ceil((fixed + each) / gain)) * each) / api


def _use(case: Case, hosting: Hosting, api: Fraction) -> Fraction | None:
    gpu = hosting.gpu_month
    return None if gpu is None else case.mean * hosting.throughput.gpus * gpu / api
