"""What a source is: a shape of log, told by a sample, and where its fields stand."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ingest.mapping import Mapping
from warehouse.reading import Leaf

Read = Callable[[Any, Sequence[Leaf], datetime | None], Iterator[Any]]
"""From one record of a file, an object, its leaves and the time given on the command line to the readings in it.

Raises Unreadable with a reason that a person can act on; of several readings in a record, one that cannot be read is
such a reason in the place of the reading, and keeps no other out.
"""


class Sample(NamedTuple):
    """The beginning of a file: its shape and the first records in it."""

    shape: str
    """How records stand in the file: ``lines`` (a JSON value on each line), ``document`` (values over many lines),
    ``stream`` (events that add up to answers), ``events`` (events that are records), ``table`` (CSV under a header),
    ``parquet``, ``protobuf`` (OTLP's messages) or ``metrics`` (Prometheus' text)."""
    records: tuple[dict[str, Any], ...]
    columns: tuple[str, ...] = ()
    """Names of a table's columns, in order; empty where there is no table."""


class About(NamedTuple):
    """What a source is worth, in plain words: its row in ``docs/sources.md``."""

    gives: str
    """What its records have and what they lack."""
    flavour: str
    """Where cached tokens and reasoning stand in its counts."""
    verified: str
    """On what it was tried: real files, what real clients wrote, or documented examples alone."""


class Lines(NamedTuple):
    """How SQL reads a source's lines of JSON: for those of which it is sure; the others are for ``read``."""

    body_key: str
    """The key under which a line's body is."""
    sign: str
    """Text that every call's line holds: a line without it is no call, and is left out unread."""
    model: str
    """The model in ``warehouse/sql`` that makes readings of the leaves, and says which are sure and which are calls."""
    signs: tuple[Leaf, ...] = ()
    """Leaves that the readings are made of beside; they are no columns of a reading."""


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
    read: Read | None = None
    """How a record is read. None: as an answer or an envelope in OpenAI's shape, clean lines of it in SQL."""
    begin: Callable[[], Read] | None = None
    """Makes a ``read`` that remembers the records before, one for each file; it goes before ``read``."""
    lines: Lines | None = None
    """How clean lines are read in SQL, for a source with a ``read`` of its own; None: all are read in Python."""
    bundled: bool = False
    """True: its logs are many small files, of which many are loaded at once."""
    general: bool = False
    """True: other sources' records contain what this one looks for; it gives way to them."""
    mapping: Mapping | None = None
    """The mapping by which it reads, where it is a preset or a mapping file."""
    about: About | None = None
    """None only for a preset or a mapping file."""

    def reader(self) -> Read | None:
        """How the records of one file are read."""
        return self.begin() if self.begin else self.read
