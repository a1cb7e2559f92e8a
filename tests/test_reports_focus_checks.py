"""Our own checks of a FOCUS file: each finds what is planted, and nothing in a file as it is written."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.money import PICO, format_pico
from reports.focus.asked import seller_row, times_of
from reports.focus.checks import check_file, unconditional
from reports.focus.columns import NAMES, Row
from reports.focus.files import FORMATS, writing

DAY = date(2026, 10, 29)
WHOLE = 10**24
"""Of 10^-12 of a currency: a sum that no double holds to the last digit."""


def row(**other: Any) -> Row:
    """A row of calls as it should be: 3 million tokens at 0.20."""
    amounts = dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), 6 * PICO // 10)
    return (
        seller_row("stepfun", {})
        | times_of(DAY, DAY, "UTC")
        | amounts
        | {
            "BillingCurrency": "USD",
            "ChargeCategory": "Usage",
            "ChargeFrequency": "Usage-Based",
            "ChargeDescription": "=1+1, of a \"model\"\nwith\\everything",
            "ServiceCategory": "AI and Machine Learning",
            "ServiceSubcategory": "Generative AI",
            "ServiceName": "Model inference",
            "PricingQuantity": 3 * PICO,
            "PricingUnit": "1000000 Tokens",
            "PricingCategory": "Standard",
            "PricingCurrency": "USD",
            "ListUnitPrice": PICO // 5,
            "ContractedUnitPrice": PICO // 5,
            "PricingCurrencyListUnitPrice": PICO // 5,
            "PricingCurrencyContractedUnitPrice": PICO // 5,
            "PricingCurrencyEffectiveCost": 6 * PICO // 10,
            "ConsumedQuantity": 3_000_000 * PICO,
            "ConsumedUnit": "Tokens",
            "SkuId": "s",
            "SkuPriceId": "p",
            "x_CostBasis": "rated",
            "x_BilledCostExact": "0.6",
            "x_ListCostExact": "0.6",
        }
        | other
    )  # fmt: skip


def written(folder: Path, kind: str, *rows: Row) -> Path:
    path = folder / f"file.{kind}"
    with writing(path, kind) as writer:
        writer.write(rows)
    return path


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_as_it_is_written_has_no_findings(tmp_path, kind):
    rows = [row(), row(SubAccountId="#1"), row(BilledCost=0, x_BilledCostExact="0", x_CostBasis="free")]
    checked = check_file(written(tmp_path, kind, *rows), f".{kind}")
    assert checked.findings == ()
    assert checked.rows == 3
    assert checked.billed == {("rated", "USD"): Decimal("1.2"), ("free", "USD"): 0}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ChargeCategory": "Gift"}, "ChargeCategory has a value that is not allowed"),
        ({"ServiceCategory": "Magic"}, "ServiceCategory has a value that is not allowed"),
        ({"x_TokenDirection": "sideways"}, "x_TokenDirection has a value that is not allowed"),
        ({"BillingCurrency": "Dollars"}, "BillingCurrency is not written as FOCUS has it"),
        ({"ListCost": PICO}, "ListUnitPrice times PricingQuantity is not ListCost"),
        ({"ContractedUnitPrice": PICO}, "ContractedUnitPrice times PricingQuantity is not ContractedCost"),
        ({"x_BilledCostExact": "0.61"}, "BilledCost is not x_BilledCostExact"),
        ({"SkuPriceId": None}, "SkuPriceId is null in a row of usage or of a purchase"),
        ({"PricingUnit": None}, "PricingUnit and PricingQuantity are not null together"),
        ({"ConsumedQuantity": None}, "ConsumedUnit and ConsumedQuantity are not null together"),
        ({"ChargeCategory": "Tax"}, "PricingQuantity is not null in a row of tax"),
    ],
)
@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_wrong_is_found(tmp_path, kind, wrong, said):
    checked = check_file(written(tmp_path, kind, row(), row(**wrong), row()), f".{kind}")
    assert said in checked.findings


def test_nulls_and_numbers_as_text_are_found(tmp_path):
    path = written(tmp_path, "csv", row())
    text = path.read_text()
    path.write_text(text.replace("stepfun,stepfun,2026-10-01T00:00:00Z", ",stepfun,2026-10-01 00:00"))
    assert check_file(path, ".csv").findings[:2] == (
        "BillingAccountId is null in 1 rows",
        "BillingPeriodStart is not written as FOCUS has it",
    )
    path.write_text(text.replace(",0.6,", ",3,", 1))
    assert "BilledCost is not written as FOCUS has it" in check_file(path, ".csv").findings


@pytest.mark.parametrize("name", unconditional())
def test_a_column_that_every_file_has_to_have_is_missed(tmp_path, name):
    path = written(tmp_path, "parquet", row())
    pq.write_table(pq.read_table(path).drop_columns([name]), path)
    assert check_file(path, ".parquet").findings == (f"there is no column {name}",)


def test_a_column_of_another_type_is_found(tmp_path):
    path = written(tmp_path, "parquet", row())
    table = pq.read_table(path)
    place = table.schema.get_field_index("ListCost")
    pq.write_table(table.set_column(place, "ListCost", pa.array([0.6], pa.float32())), path)
    assert "ListCost is of type float" in check_file(path, ".parquet").findings


def test_there_are_as_many_columns_that_must_be_there_as_focus_demands():
    assert len(unconditional()) == 21
    assert len(NAMES) == len({*NAMES})


@settings(max_examples=25)
@given(costs=st.lists(st.integers(-WHOLE, WHOLE), min_size=1, max_size=4))
def test_amounts_come_back_as_they_went(tmp_path_factory, costs):
    folder = tmp_path_factory.mktemp("exact")
    rows = [row(BilledCost=cost, x_BilledCostExact=format_pico(cost)) for cost in costs]
    stored = pq.read_table(written(folder, "parquet", *rows))["BilledCost"].to_pylist()
    assert [int(value * PICO) for value in stored] == costs
    text = check_file(written(folder, "csv", *rows), ".csv").billed["rated", "USD"]
    assert text == sum(Decimal(format_pico(cost) or "") for cost in costs)
