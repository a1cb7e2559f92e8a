"""Feeds hold what the warehouse does: exact, whatever names are in it, the same bytes every time, whole or not."""

import csv
import json
import shutil
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli import run
from pricing.meters import METERS
from pricing.money import PICO, format_pico
from reports.errors import ReportError
from reports.feeds.exact import decimal_text
from reports.feeds.registry import FEEDS
from reports.feeds.rows import _as_text, _costs_as_text
from reports.feeds.write import Target, write_feed
from warehouse.connection import open_reader
from warehouse.cost import cost_by
from warehouse.scope import Scope

OCTOBER = Scope(date(2026, 10, 1), date(2026, 10, 31))
NAMES = ("=1+1", "<script>alert(1)</script>", 'say "no", or\nnot', "研究 🙂", "#*_`\\", "", " @x ")
ROUTES = (("stepfun", "step-3.7-flash"), ("stepfun-cn", "step-3.7-flash"), ("nobody", "no-such-model"))


def call(number: int, day: str) -> dict:
    seller, model = ROUTES[number % 3]
    usage = {"prompt_tokens": 1_001 + number, "completion_tokens": 7 * number, "total_tokens": 1_001 + 8 * number}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": model, "usage": usage}
    names = {"team": NAMES[number % len(NAMES)], "task": f"{NAMES[number % 5]}-{number % 5}"}
    return {"time": f"{day}T10:00:00Z", "seller": seller, **names, "response": answer}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("feeds")
    root, log = folder / "warehouse", folder / "log.jsonl"
    days = [f"2026-10-{number % 28 + 1:02d}" if number < 80 else "2026-11-02" for number in range(90)]
    log.write_text("".join(json.dumps(call(number, day)) + "\n" for number, day in enumerate(days)))
    outcome = folder / "outcome.csv"
    outcome.write_text("task,resolved,score\n研究 🙂-3,yes,0.5\n")
    said = [
        ["ingest", log],
        ["outcome", "load", outcome],
        ["charge", "add", "=cmd()", "--kind", "licence", "--amount", "31.000000000001", "--currency", "EUR",
         "--period", "month", "--first", "2026-10-01"],
        ["budget", "add", "All", "--amount", "5", "--currency", "USD", "--first", "2026-09-01"],
    ]  # fmt: skip
    for arguments in said:
        assert run(["--warehouse", str(root), "--now", "2026-11-03", *map(str, arguments)]) == 0
    return root


@pytest.fixture
def feeds(loaded, tollbook, tmp_path):
    """Writes feeds of October into a folder; reads them."""
    shutil.copytree(loaded, tollbook.warehouse)

    def export(*arguments: str) -> dict:
        told = ("--period", "2026-10", "--format", "parquet,csv", "--to", str(tmp_path / "out"), *arguments)
        return tollbook.json("--now", "2026-11-03", "export", "feed", *told)

    return export


def rows_of(tmp_path, name: str) -> list[dict]:
    return pq.read_table(tmp_path / "out" / f"tollbook-{name}-2026-10.parquet").to_pylist()


def lines_of(tmp_path, name: str) -> list[dict]:
    with (tmp_path / "out" / f"tollbook-{name}-2026-10.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def by_group(rows: list[dict], *names: str) -> dict[tuple, list]:
    """Cost and calls by some columns; an unknown cost stays unknown."""
    found: dict[tuple, list] = {}
    for row in rows:
        sums = found.setdefault(tuple(row[name] for name in names), [None, 0])
        if row["cost_pico"] is not None:
            sums[0] = (sums[0] or 0) + int(row["cost_pico"])
        sums[1] += row["requests"]
    return found


@pytest.mark.parametrize("feed", ["usage_day", "coverage"])
@pytest.mark.parametrize("dimension", ["model", "seller", "team", "project", "day", "unpriced_reason"])
def test_a_feed_of_calls_adds_up_to_the_cost_by_any_dimension(feeds, loaded, tmp_path, feed, dimension):
    feeds(feed)
    with open_reader(loaded) as reader:
        expected = {
            (*row.group, row.currency): [row.cost, row.requests] for row in cost_by(reader, [dimension], OCTOBER)
        }
    found = by_group(rows_of(tmp_path, feed), dimension, "currency")
    assert found == expected
    assert {code for *_, code in found} == {"USD", "CNY", None}


def test_the_rates_account_for_every_priced_call(feeds, tmp_path):
    made = {each["feed"]: each for each in feeds("rates", "usage_day")["feeds"]}
    assert made["rates"]["cost"] == made["usage_day"]["cost"] != {}
    rows = rows_of(tmp_path, "rates")
    assert all(row["cost_pico"] == (row["price_pico"] or 0) * row["quantity"] for row in rows)
    assert {row["meter"] for row in rows} <= {*METERS}
    assert {row["rate_id"] for row in rows} == {
        row["rate_id"] for row in rows_of(tmp_path, "usage_day") if row["costing"] == "rated"
    }


def test_tasks_come_whole_with_how_they_ended(feeds, loaded, tmp_path):
    feeds("tasks")
    rows = {row["task"]: row for row in rows_of(tmp_path, "tasks")}
    assert len(rows) == 5
    # Tasks that began in October have their calls of November, too.
    assert sum(row["requests"] for row in rows.values()) == 90
    told = rows["研究 🙂-3"]
    assert (told["resolved"], told["score"]) == (True, 0.5)
    with open_reader(loaded) as reader:
        (usd, cny) = (next(row.cost for row in cost_by(reader, []) if row.currency == code) for code in ("USD", "CNY"))
    costs = [json.loads(row["costs"]) for row in rows.values()]
    assert sum(Decimal(each.get("USD", 0)) for each in costs) * PICO == usd
    assert sum(Decimal(each.get("CNY", 0)) for each in costs) * PICO == cny
    # Two currencies are no one amount.
    assert all(row["cost"] is None for row in rows.values() if len(json.loads(row["costs"])) == 2)


def test_recurring_charges_are_spread_to_the_last_digit(feeds, tmp_path):
    made = feeds("recurring")["feeds"][0]
    assert (made["rows"], made["cost"]) == (31, {"EUR": "31.000000000001"})
    assert {row["name"] for row in rows_of(tmp_path, "recurring")} == {"=cmd()"}


def test_budgets_come_by_period(feeds, tmp_path):
    feeds("budgets")
    (row,) = rows_of(tmp_path, "budgets")
    assert (row["first"], row["last"], row["is_newest"], row["state"]) == (
        date(2026, 10, 1), date(2026, 10, 31), False, "ended",
    )  # fmt: skip
    assert row["amount"] == "5" and row["left_pico"] == row["amount_pico"] - row["spent_pico"]
    assert row["projected"] is None


def test_both_formats_say_the_same_whatever_the_names(feeds, tmp_path):
    feeds("all")
    assert {row["team"] for row in rows_of(tmp_path, "usage_day")} == {*NAMES} - {""} | {None}
    for name in FEEDS:
        rows, lines = rows_of(tmp_path, name), lines_of(tmp_path, name)
        assert [[as_line(value) for value in row.values()] for row in rows] == [list(line.values()) for line in lines]


def as_line(value: object) -> str:
    """A value of Parquet as CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_the_description_says_what_the_files_are(feeds, tmp_path):
    (made,) = feeds("usage_day", "--where", "seller=stepfun")["feeds"]
    told = json.loads((tmp_path / "out" / "tollbook-usage_day-2026-10.schema.json").read_text(encoding="utf-8"))
    assert told["files"] == [
        {"name": each["path"].rsplit("/", 1)[1], **{key: each[key] for key in ("format", "bytes", "sha256")}}
        for each in made["files"][:2]
    ]
    assert told["rows"] == made["rows"] == len(rows_of(tmp_path, "usage_day"))
    assert told["narrowed_to"] == {"seller": ["stepfun"]}
    assert (told["data_through"], told["billing_zone"], told["demo_data"]) == ("2026-11-02T10:00:00Z", "UTC", False)
    schema = pq.read_schema(tmp_path / "out" / "tollbook-usage_day-2026-10.parquet")
    assert [column["name"] for column in told["columns"]] == schema.names
    assert [column["nullable"] for column in told["columns"]] == [field.nullable for field in schema]
    assert str(schema.field("cost_pico").type) == "decimal128(38, 0)"


def test_the_same_question_gives_the_same_bytes(feeds, tmp_path, monkeypatch):
    first = feeds("all")
    monkeypatch.setenv("TOLLBOOK_THREADS", "1")
    assert feeds("all", "--to", str(tmp_path / "again"))["feeds"] != first["feeds"]
    for path in sorted((tmp_path / "out").iterdir()):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_nothing_of_the_period_is_an_empty_feed(feeds, tollbook, tmp_path):
    made = feeds("all", "--period", "2020")["feeds"]
    assert {each["rows"] for each in made} == {0}
    table = pq.read_table(tmp_path / "out" / "tollbook-tasks-2020.parquet")
    assert table.num_rows == 0 and table.schema.names == [column.name for column in FEEDS["tasks"].columns]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say which feeds"),
        (("nonsense",), "there is no feed 'nonsense'; there are usage_day,"),
        (("tasks", "--where", "project=x"), "the feed tasks is not narrowed by project; it is by seller, model, team"),
        (("budgets", "--where", "team=x"), "the feed budgets is not narrowed by team; it is by nothing"),
        (("usage_day", "--where", "task=x"), "the feed usage_day is not narrowed by task"),
        (("usage_day", "--period", "2099"), "2099 has not begun"),
        (("usage_day", "--period", ""), "--period: '' is no period"),
        (("usage_day", "--format", "xlsx"), "--format: there is no 'xlsx'; there are parquet, csv"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_nothing_is_written(feeds, tollbook, tmp_path, arguments, said):
    assert tollbook("export", "feed", "--to", str(tmp_path / "out"), *arguments) == 2
    assert said in tollbook.err and tollbook.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_what_fails_half_way_leaves_the_files_of_before(tmp_path):
    feed = FEEDS["recurring"]
    target = Target(tmp_path, "2026-10", ("parquet", "csv"), {})
    write_feed(feed, [], target)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken():
        raise OSError(28, "No space left on device")
        yield

    with pytest.raises(ReportError, match="No space left"):
        write_feed(feed, broken(), target)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_list_describes_every_column(tollbook):
    told = tollbook.json("export", "feed", "--list")["feeds"]
    assert [feed["name"] for feed in told] == [*FEEDS]
    assert all(column["meaning"].endswith((".", "`")) for feed in told for column in feed["columns"])
    assert tollbook("export", "feed", "rates", "--list") == 0
    assert "confidence" in tollbook.out


@given(st.lists(st.none() | st.integers(-(10**38) + 1, 10**38 - 1)))
@settings(max_examples=100)
def test_decimal_numbers_are_written_as_everywhere(pico):
    column = pa.array([None if each is None else Decimal(each) for each in pico], pa.decimal128(38, 0))
    assert decimal_text(column).to_pylist() == [format_pico(each) for each in pico]


def test_costs_as_json_are_the_same_column_by_column_and_one_by_one():
    amount = pa.decimal128(38, 0)
    costs = [[("USD", 12 * 10**12)], [("EUR", 0)], [("USD", -1)], [("CNY", 5), ("USD", 10**25)], []]
    alone = [each[0] if len(each) == 1 else (None, None) for each in costs]
    batch = pa.RecordBatch.from_arrays(
        [
            pa.array([code for code, _ in alone], pa.string()),
            pa.array([pico for _, pico in alone], amount),
            pa.array(costs, pa.map_(pa.string(), amount)),
        ],
        ["currency", "cost_pico", "costs"],
    )
    assert _costs_as_text(batch).to_pylist() == [_as_text(each) for each in costs]
