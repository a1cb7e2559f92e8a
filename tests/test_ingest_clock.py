"""Times as logs write them become naive UTC, to the microsecond, or are refused with what was written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clock import from_epoch, parse_time
from ingest.problem import Unreadable

SECONDS = st.datetimes(min_value=datetime(2001, 9, 10), max_value=datetime(2099, 1, 1))
OFFSETS = st.integers(-14 * 60, 14 * 60)


@pytest.mark.parametrize(
    ("written", "at", "quality"),
    [
        ("2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12), "exact"),
        ("2026-07-01T12:00:00z", datetime(2026, 7, 1, 12), "exact"),
        ("2026-07-01 12:00:00 UTC", datetime(2026, 7, 1, 12), "exact"),
        ("2026-07-01T12:00:00+02", datetime(2026, 7, 1, 10), "exact"),
        ("2026-07-01T12:00:00+0530", datetime(2026, 7, 1, 6, 30), "exact"),
        ("2026-07-01T00:30:00-03:30", datetime(2026, 7, 1, 4), "exact"),
        ("2026-07-01T12:00:00,25+00:00", datetime(2026, 7, 1, 12, 0, 0, 250000), "exact"),
        ("2026-07-01 12:00:00.1234567", datetime(2026, 7, 1, 12, 0, 0, 123456), "assumed_utc"),
        ("2026-07-01T12:00", datetime(2026, 7, 1, 12), "assumed_utc"),
        ("1782907200", datetime(2026, 7, 1, 12), "exact"),
        ("1782907200.000001", datetime(2026, 7, 1, 12, 0, 0, 1), "exact"),
        ("1782907200.9999999", datetime(2026, 7, 1, 12, 0, 0, 999999), "exact"),
        ("999999999", datetime(2001, 9, 9, 1, 46, 39), "exact"),
        ("2028-02-29T00:00:00Z", datetime(2028, 2, 29), "exact"),
    ],
)
def test_a_time_is_utc_and_says_how_sure_it_is(written, at, quality):
    assert parse_time(written) == (at, quality)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1782907200000", "milliseconds"),
        ("1782907200000000000", "milliseconds"),
        ("yesterday", "'yesterday' is neither ISO 8601 nor epoch seconds"),
        ("2026-02-30T00:00:00Z", "is not a date"),
        ("2026-13-01T00:00:00Z", "'2026-13-01T00:00:00Z' is not a date"),
        ("2026-07-01T25:00:00Z", "is not a date"),
        ("2026-07-01T12:00:00+25:00", "is not a date"),
        ("0001-01-01T00:00:00+14:00", "is not a date"),
        ("2026-07-01", "neither"),
        ("", "neither"),
        ("-5", "neither"),
        ("1e9", "neither"),
        ("2026-07-01T12:00:00Z and more", "neither"),
        ("ask jane@example.com", "time '…' is neither"),
    ],
)
def test_what_is_no_time_is_refused_with_what_was_written(written, said):
    with pytest.raises(Unreadable) as refused:
        parse_time(written)
    assert said in str(refused.value)
    assert "jane" not in str(refused.value)


@given(SECONDS, OFFSETS)
def test_an_instant_is_the_same_in_every_zone_and_spelling(at, minutes):
    zoned = at.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    for written in (zoned.isoformat(), zoned.isoformat(" "), at.isoformat() + "Z"):
        assert parse_time(written) == (at, "exact")
    assert parse_time(at.isoformat()) == (at, "assumed_utc")


@given(SECONDS)
def test_epoch_seconds_are_exact_to_the_microsecond(at):
    micros = (at - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    assert from_epoch(f"{micros // 10**6}.{micros % 10**6:06}") == at
