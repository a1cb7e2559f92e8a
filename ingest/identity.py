"""The check that tells how a log counts: input, cached and output tokens against the total that it reports."""

from collections.abc import Iterable
from typing import NamedTuple

from ingest.reading import Reading
from pricing.usage import FLAVOURS

CACHED = ("cache_read", "cache_write_5m", "cache_write_1h", "cache_write")


class Identity(NamedTuple):
    """How many rows add up to their total, and in which reading of their cached tokens."""

    either: int = 0
    """Without cached tokens: both readings are the same."""
    inside: int = 0
    """Only with cached tokens inside the input."""
    beside: int = 0
    """Only with cached tokens beside the input."""
    neither: int = 0
    no_total: int = 0
    contradicting: int = 0
    """Rows whose counts prove the reading that they are not read in."""

    @property
    def telling(self) -> int:
        """Rows whose counts prove one reading."""
        return self.inside + self.beside


def check(readings: Iterable[Reading]) -> Identity:
    """Count the readings by what their totals say."""
    found = dict.fromkeys(Identity._fields, 0)
    for reading in readings:
        verdict = _verdict(reading)
        found[verdict] += 1
        flavour = FLAVOURS.get(reading["usage_flavour"] or "")
        if flavour and verdict in ("inside", "beside"):
            found["contradicting"] += flavour.cache_inside_input != (verdict == "inside")
    return Identity(**found)


def warning(found: Identity) -> str | None:
    """What to say where most counts contradict the way in which the rows are read."""
    if found.contradicting * 2 > found.telling:
        right = "beside" if found.beside > found.inside else "inside"
        return (
            f"the counts contradict cached_tokens: of {found.telling} rows that can tell, {found.contradicting} have "
            f"cached tokens {right} the input, not as they are read"
        )
    counted = found.either + found.telling + found.neither
    if found.neither * 2 > counted:
        return f"in {found.neither} of {counted} rows input, cached and output tokens do not add up to the total"
    return None


def _verdict(reading: Reading) -> str:
    cached = sum(reading[name] or 0 for name in CACHED)
    if reading["total"] is None and reading["prompt"] is not None and cached > reading["prompt"]:
        # More cached tokens than input: they cannot be inside it.
        return "beside"
    if None in (reading["prompt"], reading["completion"], reading["total"]):
        return "no_total"
    flavour = FLAVOURS.get(reading["usage_flavour"] or "")
    outside = flavour is not None and not flavour.reasoning_inside_output
    without = reading["prompt"] + reading["completion"] + (reading["reasoning"] or 0 if outside else 0)
    if not cached:
        return "either" if reading["total"] == without else "neither"
    return {without: "inside", without + cached: "beside"}.get(reading["total"], "neither")
