"""Completeness: where two logs saw the same traffic, what one of them has and the other has not."""

from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.sqlfiles import sql


class Overlap(NamedTuple):
    """Calls of one seller that two sources saw, between the first and the last that both saw (UTC)."""

    one: str
    other: str
    seller: str | None
    first_at: datetime
    last_at: datetime
    calls_in_both: int
    calls_in_one: int
    """In the first source and in no other."""
    charged_in_one: int
    """Of these, calls that cost something or may have: all but those known to have cost nothing."""
    calls_in_other: int
    charged_in_other: int


def overlaps(reader: Reader) -> tuple[Overlap, ...]:
    """Every pair of sources that saw a call together, by seller; none, at once, where nothing was seen twice."""
    if not reader.rows("select 1 from usage where sighting_of is not null limit 1"):
        return ()
    return tuple(Overlap(*row) for row in reader.rows(sql("compare_sources")))
