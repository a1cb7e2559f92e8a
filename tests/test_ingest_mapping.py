"""Rows under a mapping file: mistakes in it, every kind of cell, and what a row becomes."""

import json
from datetime import datetime

import pytest

from ingest import cells
from ingest.cells import Cell
from ingest.generic import read
from ingest.mapping_file import MappingError, parse_mapping
from ingest.options import Options
from ingest.problem import Unreadable
from tests.mapped_rows import EDGE, NOW, ROW, load, mapping, reading
from warehouse.connection import open_reader

# Mistakes in mapping files


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("cached_tokens: inside", "", "cached_tokens: say where cached tokens stand: `inside`"),
        ("cached_tokens: inside", "cached_tokens: outside", "cached_tokens: say where"),
        ("cached_tokens: inside", "cached_tokens: not_logged", "not_logged, but columns name cache_read"),
        ("  cache_read: cached\n", "", "inside, but no column for cache_read"),
        ("cached_tokens: inside", "cached_tokens: by_total", None),
        ("key: [id]", "", "key: it is missing"),
        ("key: [id]", "key: []", "key: "),
        ("name: edge", "name: Edge Gateway", "name: "),
        ("unit: cents, currency: USD", "unit: cents", "columns: cost_reported: currency: it is missing"),
        ("unit: cents, currency: USD", "unit: usd, currency: EUR", "unit: usd is no unit of EUR"),
        ("unit: cents, currency: USD", "unit: dollars", "unit: it needs one of usd"),
        ("unit: cents, currency: USD", "unit: cents, currency: dollar", "cost_reported: currency: "),
        ("{column: took, unit: s}", "took", "columns: latency_ms: unit: it needs one of s, ms, us, ns"),
        ("zone: Europe/Berlin", "zone: Berlin", "columns: time: zone: Berlin is no zone"),
        ("zone: Europe/Berlin", "format: unix", "columns: time: format: unix is none of iso, epoch"),
        ("zone: Europe/Berlin", "format: epoch_s, zone: UTC", "zone: epochs have none"),
        ("  prompt: tokens_in", "  input_tokens: tokens_in", "no such column of ours; is it prompt"),
        ("  seller: vendor", "  sellers: vendor", "is it seller?"),
        ("model_served: model", "model_served: {column: model, unit: s}", "model_served: unit: it has none"),
        ("fine: 200", "fine: ok", "columns: status: values: fine: it is a status from 100 to 599 or one of auth"),
        ("streamed: stream", "streamed: {column: stream, values: {y: 1}}", "streamed: values: y: it is true or false"),
        ("tags: {feature", "label: {feature", "label: this key is unknown"),
        ("tags: {feature", "constants: {prompt", "constants: prompt: it cannot be a constant"),
        ("tags: {feature: meta.feature}", "constants: {cost_kind: guess}", "cost_kind: it is one of billed"),
        ("key: [id]", "key: [id]\ngranularity: bucket", "a bucket needs a column for requests"),
        ("  total: total", "  requests: total", "rows with a count of requests are buckets"),
        ("  total: total", "  reasoning: total", "reasoning_tokens: say inside"),
        ("  seller: vendor", "  seller: vendor\n  seller: model", "line 10: the key seller appears twice"),
        ("name: edge", "name: [edge", "not YAML"),
        ("key: [id]", "key: [id]\nignore_rows: [{column: x}]", "ignore_rows: item 1: it needs one of equals"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_is_named_with_its_place(old, new, said):
    assert old in EDGE
    text = EDGE.replace(old, new)
    if said is None:
        assert parse_mapping(text, "map.yaml")
        return
    with pytest.raises(MappingError) as error:
        parse_mapping(text, "map.yaml")
    assert said in str(error.value)
    assert all(line.startswith("map.yaml: ") for line in str(error.value).splitlines())


def test_all_mistakes_are_said_at_once():
    text = EDGE.replace("unit: cents, currency: USD", "unit: cents").replace("zone: Europe/Berlin", "zone: x")
    with pytest.raises(MappingError) as error:
        parse_mapping(text, "map.yaml")
    assert len(str(error.value).splitlines()) == 2


# Cells


@pytest.mark.parametrize(
    ("value", "expected"),
    [(12, 12), ("12", 12), ("12.0", 12), (12.0, 12), ("1,234", 1234), ("1,234,567.0", 1234567), ("+5", 5), (0, 0)],
)
def test_counts(value, expected):
    assert cells.count(Cell("n", value), 10**10) == expected


@pytest.mark.parametrize("value", ["12.5", 12.5, -1, "-3", "1.234,0", "1,23", "12k", True, "1e3", 10**10 + 1, "٣x"])
def test_what_is_no_count_is_refused_with_its_column(value):
    with pytest.raises(Unreadable, match=r"Tokens in is .*, not a whole number from 0 to 10000000000"):
        cells.count(Cell("Tokens in", value), 10**10)


@pytest.mark.parametrize("text", ["9.000", "12.000", "120.000"])
def test_a_count_that_two_countries_read_differently_is_refused(text):
    with pytest.raises(Unreadable, match="in one way only"):
        cells.count(Cell("n", text), 10**10)
    assert cells.count(Cell("n", float(text)), 10**10) == int(float(text))


@pytest.mark.parametrize("text", ["1,234", "0,123", "$1,234", "-1,234"])
def test_a_decimal_comma_is_never_taken_for_thousands(text):
    with pytest.raises(Unreadable, match="^Cost is "):
        cells.money(Cell("Cost", text), "usd", "USD")


@pytest.mark.parametrize(
    ("value", "unit", "currency", "pico"),
    [
        ("$1,234.50", "usd", "USD", 1_234_500_000_000_000),
        ("4e-06", "usd", "USD", 4_000_000),
        (4e-06, "usd", "USD", 4_000_000),
        ("0.0129", "cents", "USD", 129_000_000),
        (7500, "nanousd", "USD", 7_500_000),
        ("1 EUR", "whole", "EUR", 10**12),
        ("¥2.5", "whole", "CNY", 2_500_000_000_000),
        (0.1, "usd", "USD", 10**11),
        ("-0.5", "usd", "USD", -5 * 10**11),
    ],
)
def test_money_is_exact(value, unit, currency, pico):
    assert cells.money(Cell("c", value), unit, currency) == pico


@pytest.mark.parametrize(
    ("value", "currency"),
    [("€1", "USD"), ("1 EUR", "USD"), ("$1", "CNY"), ("1,5", "USD"), ("free", "USD"), ("NaN", "USD"), (1e9, "USD")],
)
def test_money_of_another_currency_and_what_is_none_is_refused(value, currency):
    with pytest.raises(Unreadable, match="^Cost is "):
        cells.money(Cell("Cost", value), "whole", currency)


@pytest.mark.parametrize(
    ("value", "form", "zone", "at", "quality"),
    [
        ("2026-11-20 10:00:00", None, "Europe/Berlin", "2026-11-20T09:00:00", "exact"),
        ("2026-07-20 10:00:00", "iso", "Europe/Berlin", "2026-07-20T08:00:00", "exact"),
        ("2026-11-20T10:00:00Z", None, "Europe/Berlin", "2026-11-20T10:00:00", "exact"),
        ("2026-11-20 10:00:00", None, None, "2026-11-20T10:00:00", "assumed_utc"),
        (1795167600, "epoch_s", None, "2026-11-20T09:40:00", "exact"),
        ("1795167600123", "epoch_ms", None, "2026-11-20T09:40:00.123000", "exact"),
        (1795167600123456789, "epoch_ns", None, "2026-11-20T09:40:00.123456", "exact"),
        (1795167600123, "epoch", None, "2026-11-20T09:40:00.123000", "exact"),
        ("20.11.2026 10:00", "%d.%m.%Y %H:%M", "Asia/Shanghai", "2026-11-20T02:00:00", "exact"),
        ("20.11.2026 10:00 +0200", "%d.%m.%Y %H:%M %z", "Asia/Shanghai", "2026-11-20T08:00:00", "exact"),
        (datetime(2026, 11, 20, 10), None, "Europe/Berlin", "2026-11-20T09:00:00", "exact"),
    ],
)
def test_times(value, form, zone, at, quality):
    found = cells.instant(Cell("t", value), form, zone, days=False)
    assert (found.at.isoformat(), found.quality, found.doubt) == (at, quality, None)


def test_a_local_time_that_was_twice_is_doubtful_and_one_that_never_was_is_refused():
    twice = cells.instant(Cell("t", "2026-10-25 02:30:00"), None, "Europe/Berlin", days=False)
    assert (twice.at.isoformat(), twice.doubt) == ("2026-10-25T00:30:00", cells.TWO_INSTANTS)
    with pytest.raises(Unreadable, match="not a time that there was in Europe/Berlin"):
        cells.instant(Cell("t", "2026-03-29 02:30:00"), None, "Europe/Berlin", days=False)


@pytest.mark.parametrize(("value", "form"), [("so", None), ("20.11.26", "%d.%m.%Y"), ("x", "epoch"), (5, "epoch")])
def test_what_is_no_time_is_refused(value, form):
    with pytest.raises(Unreadable, match="^t"):
        cells.instant(Cell("t", value), form, None, days=False)


@pytest.mark.parametrize("value", [None, "", " ", "None", "null", "NaN", float("nan")])
def test_nothing_is_nothing(value):
    assert reading(mapping(), {**ROW, "cached": value})["cache_read"] is None


def test_a_key_with_dots_goes_before_the_way_in():
    record = {"a.b.c": 1, "a": {"b": {"c": 2, "d": 3}, "b.e": 4}, "text": '{"x": {"y": 5}}', "list": [{"z": 6}]}
    paths = ("a.b.c", "a.b.d", "a.b.e", "text.x.y", "list.0.z", "a.b", "none.at.all", "list.5.z", "a.b.c.d")
    assert [cells.reach(record, path) for path in paths] == [1, 3, 4, 5, 6, {"c": 2, "d": 3}, None, None, None]


# Readings


def test_a_row_becomes_a_reading():
    found = reading(mapping(), ROW)
    assert (found["prompt"], found["cache_read"], found["completion"], found["total"]) == (1000, 800, 50, 1050)
    assert (found["usage_flavour"], found["cache_unseen"], found["usage_status"]) == ("openai_chat", False, "reported")
    assert (found["cost_reported"], found["cost_currency"], found["latency_ms"]) == (129_000_000, "USD", 1250)
    assert (found["start_at"].isoformat(), found["http_status"]) == ("2026-11-20T09:00:00", 200)
    assert (found["key_text"], found["tags"], found["team"]) == ("a-1", [("feature", "summary")], "search")


def test_cached_tokens_are_read_as_declared():
    beside = reading(mapping(cached_tokens="beside"), ROW)
    assert (beside["usage_flavour"], beside["cache_unseen"]) == ("anthropic", False)
    columns = {name: column for name, column in mapping().model_dump()["columns"].items() if name != "cache_read"}
    unseen = reading(mapping(cached_tokens="not_logged", columns=columns), ROW)
    assert (unseen["usage_flavour"], unseen["cache_unseen"]) == ("openai_chat", True)


@pytest.mark.parametrize(
    ("row", "flavour", "doubted"),
    [
        ({"total": 1050}, "openai_chat", False),
        ({"total": 1850}, "anthropic", False),
        ({"total": None}, "anthropic", True),
        ({"total": 99}, "openai_chat", False),
        ({"tokens_in": 200, "total": 250}, "anthropic", False),
        ({"cached": 0, "total": 1050}, "openai_chat", False),
    ],
)
def test_by_total_each_row_decides(row, flavour, doubted):
    found = reading(mapping(cached_tokens="by_total"), ROW | row)
    assert (found["usage_flavour"], found["review_note"] is not None) == (flavour, doubted)
    doubtful = reading(mapping(cached_tokens="by_total", doubt="not documented"), ROW | row)
    proven = row.get("cached") == 0 or row["total"] in (1850, 99) or "tokens_in" in row
    assert (doubtful["review_note"] is None) == proven


@pytest.mark.parametrize(("declared", "cost"), [("inside", 129_500_000), ("beside", 289_500_000)])
def test_a_wrong_answer_about_cached_tokens_leaves_the_right_one_in_the_band(tmp_path, declared, cost):
    """1,000 tokens in, 800 of them cached, or 800 beside: the total says which, and both costs are in the band."""
    path = tmp_path / "calls.jsonl"
    total = 1850 if declared == "inside" else 1050
    path.write_text(json.dumps({**ROW, "started": "2026-11-20 10:00:00", "total": total}) + "\n")
    load(tmp_path / "w", path, Options(mapping=mapping(cached_tokens=declared)))
    with open_reader(tmp_path / "w") as reader:
        ((found, low, high),) = reader.rows("select cost, cost_low, cost_high from usage_priced")
    assert (found, low) == (cost, 129_500_000)
    assert high == (129_500_000 + 800 * 1_150_000 if declared == "inside" else 289_500_000)


def test_reasoning_beside_the_output_is_added_to_it():
    columns = mapping().model_dump()["columns"] | {"reasoning": {"column": ("thinking",)}}
    row = {**ROW, "thinking": 30, "total": 1080}
    assert reading(mapping(columns=columns, reasoning_tokens="beside"), row)["completion"] == 80
    assert reading(mapping(columns=columns, reasoning_tokens="inside"), row)["completion"] == 50


def test_a_call_without_any_token_has_no_usage():
    found = reading(mapping(), ROW | {"tokens_in": 0, "tokens_out": 0, "total": 0, "cached": 0, "cost": 0})
    assert (found["usage_status"], found["prompt"], found["cost_reported"]) == ("missing", None, None)


@pytest.mark.parametrize(
    ("state", "status", "category"),
    [
        ("fine", 200, None),
        ("slow", None, "timeout"),
        (429, 429, "rate_limit"),
        ("500.0", 500, "provider_error"),
        ("-", None, None),
    ],
)
def test_statuses_are_numbers_or_words_that_the_mapping_translates(state, status, category):
    found = reading(mapping(), ROW | {"state": state})
    assert (found["http_status"], found["error_category"]) == (status, category)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"state": "odd"}, "state is odd, not an HTTP status; say what it means under values"),
        ({"stream": "maybe"}, "stream is maybe, not true or false"),
        ({"id": None}, "no key: id is empty"),
        ({"started": None}, "no time: started holds none; give --time"),
        ({"took": -1}, "took is -1, not a duration"),
    ],
)
def test_a_row_that_cannot_be_read_says_which_column_of_the_file(row, reason):
    with pytest.raises(Unreadable) as error:
        reading(mapping(), ROW | row)
    assert reason in str(error.value)


def test_ignored_rows_and_calls_inside_a_record():
    left_out = mapping(ignore_rows=[{"column": ("state",), "equals": ("draft",)}])
    assert list(read(left_out, ROW | {"state": "draft"}, (), None)) == []
    inside = mapping(each={"under": "calls"}, key=["each.id"], columns={"prompt": "each.n", "cache_read": "each.c"})
    record = {"calls": [{"id": 1, "n": 5}, {"id": 2, "n": 6}]}
    found = list(read(inside, record, (), NOW))
    assert [(each["key_text"], each["prompt"]) for each in found] == [("1", 5), ("2", 6)]


def test_buckets_are_sums_and_take_days():
    text = EDGE.replace("key: [id]", "key: [id]\ngranularity: bucket").replace("streamed: stream", "requests: calls")
    found = reading(mapping(text), ROW | {"started": "2026-11-20", "calls": 12})
    assert (found["granularity"], found["requests"], found["time_quality"]) == ("bucket", 12, "bucket")
    assert found["start_at"].isoformat() == "2026-11-19T23:00:00"


def test_an_end_and_a_latency_are_a_start():
    columns = {name: value for name, value in mapping().model_dump()["columns"].items() if name != "time"}
    found = reading(mapping(columns=columns | {"end": "done"}), ROW | {"done": "2026-11-20T10:00:01.250Z"})
    assert found["start_at"].isoformat() == "2026-11-20T10:00:00"
