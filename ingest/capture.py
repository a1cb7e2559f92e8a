"""What only a recorder's lines hold: its mark, and reports of the calls that it could not write down."""

from typing import Any

from ingest.clock import parse_time
from ingest.problem import Unreadable
from ingest.reading import DIGITS, EVERY_COLUMN, MOST_INTEGER, Reading, text_of
from ingest.redact import shown

SCHEMA = "tollbook-capture/"
NO_TIME = "no time: a report of dropped calls does not say when it was made"


def is_capture(record: dict[str, Any]) -> bool:
    """Whether a recorder wrote this line."""
    return str(record.get("schema", "")).startswith(SCHEMA)


def is_report(record: dict[str, Any]) -> bool:
    """Whether this line stands for calls that a recorder dropped, and is no call itself."""
    return is_capture(record) and "dropped" in record


def read_report(record: dict[str, Any]) -> Reading | None:
    """The reading of a report; None where nothing was dropped. Raises Unreadable."""
    calls, time, since = (text_of(record.get(name)) for name in ("dropped", "time", "since"))
    if calls is None or not DIGITS.fullmatch(calls) or int(calls) > MOST_INTEGER:
        raise Unreadable(f"dropped is {shown(str(calls))}, not a whole number from 0 to {MOST_INTEGER}")
    if time is None:
        raise Unreadable(NO_TIME)
    if calls == "0":
        return None
    reading: Reading = dict.fromkeys(EVERY_COLUMN)
    del reading["time_text"]
    told_at, quality = parse_time(time)
    reading.update(
        granularity="dropped",
        requests=int(calls),
        start_at=told_at,
        time_quality=quality,
        since=parse_time(since)[0] if since else None,
        usage_status="missing",
        key_text=f"dropped {since} {time} {calls} {text_of(record.get('record'))}",
    )
    return reading
