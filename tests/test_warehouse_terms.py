"""Which rate prices a call is found twice, in SQL for files and in Python for one call: both find the same."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pricing.call_terms import CallTerms, dated_name, tier_of
from pricing.card import Card
from pricing.spans import RateFinder
from pricing.week import DAYS, WEEK, minute_of_week, others, parse_hours
from warehouse.migrate import migrate
from warehouse.rates import Cards, compile_rates, sync_rates
from warehouse.sqlfiles import sql

NOW = datetime(2026, 11, 22)
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Berlin")
START, DAYS_LONG = datetime(2026, 1, 1), 400
FIND = sql("find_rate").rstrip().rstrip(",")

figures = st.integers(1, 5_000_000).map(lambda micro: f"{micro / 1_000_000:.6f}".rstrip("0").rstrip("."))
instants = st.builds(
    lambda day, second: START + timedelta(days=day, seconds=second),
    st.integers(0, DAYS_LONG),
    st.sampled_from([0, 1, 43_199, 43_200, 86_399]) | st.integers(0, 86_399),
)


@st.composite
def hours(draw):
    begins, ends = draw(st.integers(0, 1439)), draw(st.integers(0, 1440))
    if begins == ends:
        ends = begins + 1
    text = f"{begins // 60:02}:{begins % 60:02}-{ends // 60:02}:{ends % 60:02}"
    return {draw(st.sampled_from(["mon-fri", "sat-sun", "sun", "fri-mon", "wed"])): text}


@st.composite
def entries(draw, valid_from: datetime, until: datetime | None):
    entry: dict[str, Any] = {
        "valid_from": valid_from.replace(tzinfo=UTC).isoformat(),
        "currency": "USD",
        "per_mtok": {"input": draw(figures), "cache_read": draw(figures), "output": draw(figures)},
        "source": "s",
        "checked": "2026-01-01",
        "confidence": "official",
        "note": "n",
    }
    if until:
        entry["valid_until"] = until.replace(tzinfo=UTC).isoformat()
    if draw(st.booleans()):
        edges = sorted(draw(st.sets(st.sampled_from([1000, 128_000, 200_000, 200_001]), min_size=1, max_size=2)))
        kind = draw(st.sampled_from(["above", "at_least"]))
        entry["context"] = [{kind: edge, "multiply": draw(figures)} for edge in edges]
    if draw(st.booleans()):
        entry["windows"] = [
            {"name": "w", "zone": draw(st.sampled_from(ZONES)), "hours": draw(hours()), "multiply": draw(figures)}
        ]
    if draw(st.booleans()):
        entry["service_tiers"] = {name: {"multiply": draw(figures)} for name in draw(st.sets(tiers))}
    if draw(st.booleans()):
        entry["regions"] = {"us": {"multiply": draw(figures)}}
    return entry


tiers = st.sampled_from(["batch", "flex", "priority"])


@st.composite
def cards(draw):
    names = draw(st.lists(st.sampled_from(["m", "m-{date}", "m-20260501", "n"]), unique=True, min_size=1))
    begins = sorted(draw(st.lists(st.integers(0, 200), unique=True, min_size=1, max_size=3)))
    starts = [START + timedelta(days=day, seconds=draw(st.sampled_from([0, 44_100]))) for day in begins]
    written = [draw(entries(start, None)) for start in starts]
    if draw(st.booleans()):
        written.append({**draw(entries(starts[0], None)), "corrects": "a slip"})
    body = {"seller": "s", "models": {name: written for name in names}}
    if draw(st.booleans()):
        body["contract"] = {
            "name": "c",
            **draw(st.sampled_from([{}, {"org": "o"}, {"team": "t"}, {"org": "o", "team": "t"}])),
        }
        if draw(st.booleans()):
            body["discounts"] = [
                {"valid_from": "2026-03-01T00:00:00Z", "percent_off": "12.5", "source": "c", "checked": "2026-01-01"}
            ]
    return Card.model_validate(body).from_file(draw(st.sampled_from(["a.yaml", "b.yaml"])))


calls = st.builds(
    CallTerms,
    st.sampled_from(["s"] * 9 + ["other"]),
    st.sampled_from(["m", "n"] * 3 + ["m-20260501", "m-2026-05-01", "q"]),
    instants,
    st.sampled_from([0, 999, 1000, 1001, 128_000, 200_000, 200_001, 200_002, 10**7]),
    st.sampled_from(["standard"] * 6 + ["batch", "flex", "priority", "scale"]),
    st.sampled_from(["", "us", "eu"]),
    st.sampled_from(["", "o", "p"]),
    st.sampled_from(["", "t", "u"]),
)


def found_in_sql(usage: duckdb.DuckDBPyConnection, asked: list[CallTerms]) -> list[str | None]:
    rows = [
        {
            **call._asdict(),
            "at": call.at.isoformat(),
            "place": place,
            **{name: getattr(call, name) or None for name in ("region", "org", "team")},
        }
        for place, call in enumerate(asked)
    ]
    text = f"""
        with call as (
            select place, seller, model as model_served, null as model_requested, "at" as start_at,
                input_tokens as input, null as cache_read, null as cache_write_5m, null as cache_write_1h,
                null as cache_write, null as input_image, null as input_audio, null as input_video,
                tier as service_tier, false as batch, org, team, region
            from (select unnest(from_json($rows, '[{{"seller":"VARCHAR","model":"VARCHAR","at":"TIMESTAMP",
                "input_tokens":"BIGINT","tier":"VARCHAR","region":"VARCHAR","org":"VARCHAR","team":"VARCHAR",
                "place":"INTEGER"}}]'), recursive := true))
        ),
        {FIND}
        select digest from rated_call left join rate on rate.rate_id = span_rate_id order by place
    """
    return [digest for (digest,) in usage.execute(text, {"rows": json.dumps(rows)}).fetchall()]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(cards(), max_size=2), cards(), st.lists(calls, min_size=30, max_size=60))
def test_sql_and_python_find_the_same_rate(own, shipped, asked):
    held = Cards(tuple(own), (shipped.model_copy(update={"contract": None, "discounts": ()}).from_file("c.yaml"),))
    rates = compile_rates(held)
    finder = RateFinder(rates)
    with duckdb.connect() as usage:
        migrate(usage, "usage", now=NOW)
        sync_rates(usage, held, NOW)
        found = found_in_sql(usage, asked)
    assert len(found) == len(asked), "a call has two rates"
    assert found == [rate.digest if (rate := finder.find(call)) else None for call in asked]


@given(hours(), st.sampled_from(ZONES), instants, st.integers(0, 59))
def test_hours_and_the_rest_hold_every_instant_once(window, zone, at, minute):
    """On the days of 23 and 25 hours too: an instant has one wall clock time."""
    try:
        week = parse_hours(window)
    except ValueError:
        assert "fri-mon" in window or "mon-fri" in window or "sat-sun" in window  # a night that runs into the next one
        return
    now = minute_of_week(at + timedelta(minutes=minute), zone)
    assert 0 <= now < WEEK
    assert sum(begins <= now < ends for begins, ends in (*week, *others(week))) == 1
    assert sum(ends - begins for begins, ends in (*week, *others(week))) == WEEK


@pytest.fixture(scope="module")
def usage() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the functions of the schema, and nothing in it."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection, "usage", now=NOW)
        yield connection


@given(at=instants, zone=st.sampled_from(ZONES))
def test_the_minute_of_the_week_is_the_same_in_sql(usage, at, zone):
    ((found,),) = usage.execute("select minute_of_week($at, $zone)", {"at": at, "zone": zone}).fetchall()
    assert found == minute_of_week(at, zone)
    local = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert DAYS[found // 1440] == f"{local:%a}".lower()


@pytest.mark.parametrize(
    "service_tier, batch",
    [(None, None), ("default", None), ("Standard", False), ("on_demand", None), ("FLEX", None), (" priority ", False)]
    + [("flex", True), (None, True), ("", None), ("scale", None), ("auto", None), ("standard_only", None)],
)
def test_the_tier_is_the_same_in_sql(usage, service_tier, batch):
    asked = {"tier": service_tier, "batch": batch}
    ((found,),) = usage.execute("select tier_of($tier, $batch)", asked).fetchall()
    assert found == tier_of(service_tier, batch)


@pytest.mark.parametrize(
    "model", ["m", "m-20260501", "gpt-4o-2024-08-06", "a-20260101-20260202", "m-2026", "m-19991231", "x-20261350"]
)
def test_a_dated_name_is_the_same_in_sql(model):
    with duckdb.connect() as usage:
        migrate(usage, "usage", now=NOW)
        assert usage.execute("select dated_name($model)", {"model": model}).fetchone() == (dated_name(model),)
