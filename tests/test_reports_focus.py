"""The FOCUS export: every sum is the app's own, every row is exact, and what is unknown is in none of them."""

import csv
import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from app.cli import run
from app.focus import Wanted, write_focus
from app.periods import period_of
from app.session import Session
from pricing.money import to_decimal
from reports.focus.columns import COLUMNS, NAMES
from tests.focus_calls import NASTY, NOW, make_warehouse
from warehouse.charges import list_charges
from warehouse.connection import open_reader, silent
from warehouse.cost import cost_by
from warehouse.recurring import day_span, recurring_by
from warehouse.scope import EVERYTHING, Scope

DECIMALS = [column.name for column in COLUMNS if column.kind == "decimal"]
PERIOD = period_of("2026-10-08..2026-11-15")
ZONE = "Asia/Kolkata"
TAGS = ("project", "environment", "http_status")
IN_FILE = {"seller": "x_Seller", "model": "x_Model", "team": "SubAccountId"}
DIMENSIONS = ("day", *IN_FILE, *TAGS)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_warehouse(tmp_path_factory.mktemp("focus"))


def export(root: Path, folder: Path, scope: Scope = EVERYTHING, tags: tuple[str, ...] = TAGS) -> dict[str, Path]:
    wanted = Wanted(PERIOD, scope, ("parquet", "csv"), folder, "team", tags)
    made = write_focus(Session(root, datetime.fromisoformat(NOW), now_given=True), wanted)
    return {path.suffix[1:]: path for path in made.files}


@pytest.fixture(scope="module")
def files(root, tmp_path_factory):
    return export(root, tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def rows(files):
    return pq.read_table(files["parquet"]).to_pylist()


def value(row: dict[str, Any], name: str) -> Any:
    """What a row says of a dimension of the app."""
    if name == "day":
        days = (date(2026, month, day) for month, last in ((10, 31), (11, 30)) for day in range(1, last + 1))
        starts = {day_span(day, ZONE)[0].replace(tzinfo=UTC): day for day in days}
        return starts[row["ChargePeriodStart"]]
    if name in IN_FILE:
        return row[IN_FILE[name]]
    return json.loads(row["Tags"] or "{}").get(name)


def plain(value: Any, name: str) -> Any:
    """What the app says of a dimension, as tags have it: text."""
    return str(value) if name in TAGS and value is not None else value


def sums(rows: list[dict[str, Any]], name: str | None, *bases: str) -> dict[Any, tuple[Decimal, Decimal]]:
    """The sum of both columns of cost, by a dimension and the currency."""
    found: dict[Any, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(), Decimal()))
    for row in rows:
        if row["x_CostBasis"] in bases:
            key = (value(row, name) if name else None, row["BillingCurrency"])
            exact, billed = found[key]
            found[key] = exact + Decimal(row["x_BilledCostExact"]), billed + row["BilledCost"]
    return dict(found)


@pytest.mark.parametrize("name", [None, *DIMENSIONS])
def test_sums_of_calls_by_any_dimension_are_those_of_the_app(root, rows, name):
    scope = Scope(PERIOD.first, PERIOD.last)
    with open_reader(root) as reader:
        asked = cost_by(reader, [name] if name else [], scope)
    told = {(plain(row.group[0], name) if name else None, row.currency): to_decimal(row.cost) for row in asked}
    told = {key: cost for key, cost in told.items() if key[1]}
    found = sums(rows, name, "rated", "free")
    assert {key: exact for key, (exact, _) in found.items()} == {
        key: cost for key, cost in told.items() if key in found
    }
    assert all(cost == 0 for key, cost in told.items() if key not in found)
    assert len({currency for _, currency in found}) == 2
    assert all(exact == billed for exact, billed in found.values())


@pytest.mark.parametrize("name", [None, "day", "team", "seller", "project"])
def test_sums_of_recurring_charges_are_those_of_the_app(root, rows, name):
    charges = list_charges(root, tell=silent)
    asked = recurring_by(
        charges, [name] if name else [], Scope(PERIOD.first, PERIOD.last), today=date.fromisoformat(NOW)
    )
    told = {(row.group[0] if name else None, row.currency): to_decimal(row.cost) for row in asked}
    assert {key: exact for key, (exact, _) in sums(rows, name, "charge").items()} == told
    assert {currency for _, currency in told} == {"USD", "EUR"}


def test_lines_of_invoices_are_rows_of_their_own_and_their_usage_is_none(rows):
    found = defaultdict[tuple[str, str], Decimal](Decimal)
    for row in rows:
        if row["x_CostBasis"] == "invoice":
            found[row["ChargeCategory"], row["ChargeDescription"]] += Decimal(row["x_BilledCostExact"])
            assert (row["x_InvoiceNumber"], row["InvoiceId"]) == ("I-1", None)
    # The tax is for 32 days, of which the period has all but none: 10 October to 10 November lie in it.
    assert dict(found) == {
        ("Tax", "Sales tax"): Decimal("1.89"),
        ("Credit", "Goodwill"): Decimal("-0.25"),
        ("Purchase", "Card fee"): Decimal("0.60"),
    }
    taxes = [row for row in rows if row["ChargeCategory"] == "Tax"]
    assert [row["ChargePeriodStart"].astimezone(UTC).month for row in taxes] == [10, 10]
    assert len({row["BillingPeriodStart"] for row in taxes}) == 2


def test_no_call_of_unknown_cost_is_in_a_row_and_each_is_counted(root, files, rows):
    with open_reader(root) as reader:
        asked = cost_by(reader, ["seller", "model", "unpriced_reason"], Scope(PERIOD.first, PERIOD.last))
    told = {row.group: row.requests for row in asked if row.currency is None}
    about = json.loads(files["json"].read_text())["x_Coverage"]
    assert {(one["Seller"], one["Model"], one["Why"]): one["Calls"] for one in about["LeftOut"]} == told
    assert about["CallsLeftOut"] == sum(told.values()) > 0
    assert "nim" not in {row["x_Seller"] for row in rows if row["x_CostBasis"] != "charge"}
    assert any(row["BilledCost"] == 0 and row["x_CostBasis"] == "free" for row in rows)


def test_coverage_is_that_of_the_calls_a_row_is_of(root, tmp_path):
    with open_reader(root) as reader:
        asked = cost_by(reader, ["day", "seller", "model", "team"], Scope(PERIOD.first, PERIOD.last))
    calls: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in asked:
        calls[row.group] += Counter(every=row.requests, unknown=row.unpriced)
    rows = pq.read_table(export(root, tmp_path, tags=())["parquet"]).to_pylist()
    told = {
        tuple(value(row, name) for name in ("day", "seller", "model", "team")): row["x_Coverage"]
        for row in rows
        if row["x_CostBasis"] in ("rated", "free")
    }
    assert any(share < 1 for share in told.values())
    for group, share in told.items():
        assert share == pytest.approx(
            Decimal(1) - Decimal(calls[group]["unknown"]) / calls[group]["every"], abs=Decimal("1e-12")
        )


def test_a_file_of_text_says_what_a_file_of_columns_says(files, rows):
    with files["csv"].open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == list(NAMES)
    for line, row in zip(lines, rows, strict=True):
        for name in NAMES:
            told = row[name]
            if isinstance(told, datetime):
                assert line[name] == f"{told.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            elif name in DECIMALS and told is not None:
                assert Decimal(line[name]) == told and "." in line[name]
            else:
                assert line[name] == (told or "")
        assert Decimal(line["x_BilledCostExact"]) == row["BilledCost"]


def test_each_row_is_a_quantity_at_a_price(rows):
    for row in rows:
        if row["ChargeCategory"] in ("Usage", "Purchase"):
            for price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
                assert row[price] * row["PricingQuantity"] == row[cost]
    keys = [(row["SkuId"], row["SkuPriceId"]) for row in rows if row["SkuPriceId"]]
    assert len({price for _, price in keys}) == len({*keys})


def test_a_discount_leaves_the_list_price_beside_what_was_billed(rows):
    discounted = [row for row in rows if row["x_RateConfidence"] == "contract"]
    assert {row["SubAccountId"] for row in discounted} == {"research"}
    assert {row["x_ListPriceBasis"] for row in discounted} == {"list rate of the same terms"}
    for row in discounted:
        assert Decimal(row["x_BilledCostExact"]) == Decimal(row["x_ListCostExact"]) * Decimal("0.875")
    listed = {
        row["SkuPriceId"]: row["ListUnitPrice"] for row in rows if row["x_ListPriceBasis"] and row not in discounted
    }
    assert all(listed.get(row["SkuPriceId"], row["ListUnitPrice"]) == row["ListUnitPrice"] for row in discounted)
    assert {row["SkuPriceId"] for row in discounted} & listed.keys()
    others = [row for row in rows if row["x_CostBasis"] == "rated" and row not in discounted]
    assert all(row["ListCost"] == row["BilledCost"] for row in others)


def test_names_are_as_the_log_has_them(rows):
    assert {*NASTY} <= {row["SubAccountId"] for row in rows}
    assert {*NASTY} <= {value(row, "project") for row in rows}
    assert "=GPU hours" in {row["ChargeDescription"] for row in rows}


def test_the_same_question_gives_the_same_bytes_and_another_scope_another_sum(root, files, rows, tmp_path):
    again = export(root, tmp_path / "again")
    assert {kind: path.read_bytes() for kind, path in again.items()} == {
        kind: path.read_bytes() for kind, path in files.items()
    }
    narrow = export(root, tmp_path / "narrow", Scope(values=(("team", ("research",)),)))
    found = pq.read_table(narrow["parquet"]).to_pylist()
    # An invoice tells no team apart, so that none of its lines is in a team's file.
    assert found == [row for row in rows if row["SubAccountId"] == "research" and row["x_CostBasis"] != "invoice"]


def test_an_export_that_fails_leaves_the_old_file(root, files, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    old = export(root, folder, tags=())["parquet"].read_bytes()
    monkeypatch.setattr(
        "reports.focus.export.check_file", lambda path, ending: (_ for _ in ()).throw(OSError(28, "full"))
    )
    code = run(
        ["--warehouse", str(root), "--now", NOW, "export", "focus", "--period", PERIOD.name, "--to", str(folder)]
    )
    assert code == 2
    assert (folder / "tollbook-focus-2026-10-08_2026-11-15.parquet").read_bytes() == old
    assert sorted(path.suffix for path in folder.iterdir()) == [".csv", ".json", ".parquet"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--period", "2027-01"], "2027-01 has not begun: today is 2026-11-22"),
        (["--period", "2020-01"], "there is nothing of 2020-01 to write"),
        (["--period", "2026-10", "--where", "seller=novita", "--where", "http_status=599"], "there is nothing of"),
        (["--period", "2026-11-01..2026-11-09", "--where", "team=nobody"], "there is nothing of"),
        (["--format", "xml"], "there is no 'xml'; there are parquet, csv"),
        (["--sub-account", "model"], "--sub-account: 'model' is none of team, org"),
        (["--tag", "task"], "--tag: 'task' can be no tag"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(root, tmp_path, capsys, arguments, said):
    assert run(["--warehouse", str(root), "--now", NOW, "export", "focus", "--to", str(tmp_path), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_command_says_what_was_written_and_what_was_left_out(root, tmp_path, capsys):
    common = ["--warehouse", str(root), "--now", NOW, "export", "focus", "--period", "2026-10", "--to", str(tmp_path)]
    assert run([*common, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [Path(name).name for name in told["files"]] == [
        "tollbook-focus-2026-10.parquet", "tollbook-focus-2026-10.metadata.json",
    ]  # fmt: skip
    assert told["rows"] == pq.read_metadata(told["files"][0]).num_rows
    assert told["calls_left_out"] == sum(one["calls"] for one in told["left_out"])
    assert run([*common, "--format", "parquet,csv"]) == 0
    said = capsys.readouterr().out
    assert "calls of unknown cost of" in said and "in no row, and never 0" in said


def test_the_page_says_the_sums_and_what_is_in_no_row_as_the_command_does():
    from app.components.report_made import rows_told

    result = {
        "billed": [
            {"basis": "invoice", "currency": "USD", "cost": "1.64"},
            {"basis": "rated", "currency": "USD", "cost": "13.67"},
        ],
        "calls": 10_277,
        "calls_left_out": 762,
        "left_out": [{"seller": "nim", "model": None, "reason": "self-hosted: no token price", "calls": 762}],
    }
    assert rows_told(result) == [
        "taxes, credits, fees: 1.64 USD",
        "calls: 13.67 USD",
        "762 calls of unknown cost of 10,277: in no row.",
        "  nim, no model known: 762 calls, self-hosted: no token price",
    ]
    assert rows_told({}) == []
