"""What a source is: a shape of log, told by a sample, and where its fields stand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from warehouse.reading import Leaf


class Sample(NamedTuple):
    """The beginning of a file: its shape and the first records in it."""

    shape: str
    """``lines`` (a JSON value on each line), ``document`` (values over many lines) or ``stream`` (events)."""
    records: tuple[dict[str, Any], ...]


class Source(NamedTuple):
    """One shape of log."""

    name: str
    title: str
    """What it reads, for people."""
    recognises: Callable[[Sample], bool]
    """Whether a file is in this shape: for each file exactly one source says yes."""
    leaves: tuple[Leaf, ...]
    repeat_gap: timedelta | None
    """How far apart two sightings of one record can be; None: unknown, every row is searched."""
