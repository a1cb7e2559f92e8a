"""Times as logs write them, to naive UTC."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ingest.problem import Unreadable
from ingest.redact import shown

ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?")
MILLISECONDS = re.compile(r"\d{12,19}(?:\.\d+)?")


def parse_time(text: str) -> tuple[datetime, str]:
    """Naive UTC, to the microsecond, and its quality: ``exact``, or ``assumed_utc`` when no zone is named.

    Takes ISO 8601 or epoch seconds; raises Unreadable for anything else.
    """
    if EPOCH.fullmatch(text):
        return from_epoch(text), "exact"
    if MILLISECONDS.fullmatch(text):
        raise Unreadable(f"time {text} looks like milliseconds or finer; give epoch seconds or ISO 8601")
    match = ISO.fullmatch(text)
    if not match:
        raise Unreadable(f"time {shown(text)!r} is neither ISO 8601 nor epoch seconds")
    day, clock, fraction, zone = match.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock}")
        at += timedelta(microseconds=int((fraction or "0").ljust(6, "0")[:6]))
        if zone and zone.upper() not in {"Z", "UTC"}:
            at = datetime.fromisoformat(f"{at.isoformat()}{_offset(zone)}").astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"time {shown(text)!r} is not a date: {error}") from None
    return at, "exact" if zone else "assumed_utc"


def from_epoch(text: str) -> datetime:
    """Epoch seconds, to the microsecond."""
    return datetime(1970, 1, 1) + timedelta(microseconds=int(Decimal(text) * 1_000_000))


def _offset(zone: str) -> str:
    """``+02``, ``+0200`` and ``+02:00`` alike."""
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
