"""Looks at a FOCUS file as it was written: columns, types, nulls, allowed values, and that prices times quantities are
costs. It is our own check, and no certificate: the public validator asks more (see the page about the export)."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from reports.focus.columns import BY_NAME, COLUMNS, NAMES, FocusColumn
from reports.focus.files import BATCH, SCHEMA

DECIMAL = r"^-?[0-9]+\.[0-9]+$"
DATETIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
CURRENCY = r"^[A-Z]{3}$"
TOLERANCE = 1e-9
PRODUCTS = (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost"))
"""Prices that are, times PricingQuantity, a cost."""
OF_SALES = ("PricingQuantity", "PricingUnit", "PricingCategory", "ListUnitPrice", "ContractedUnitPrice", "SkuId",
            "SkuPriceId", "PricingCurrencyListUnitPrice", "PricingCurrencyContractedUnitPrice")  # fmt: skip
"""Never null in rows of usage and purchases."""


class Checked(NamedTuple):
    """What was found in one file."""

    rows: int
    billed: dict[tuple[str, str], Decimal]
    """The sum of ``x_BilledCostExact``, by x_CostBasis and currency."""
    findings: tuple[str, ...]
    """What is wrong, in plain sentences; none: nothing is."""


def check_file(path: Path, ending: str) -> Checked:
    """Read a file back, ``.parquet`` or ``.csv`` whatever its name, and look at every row."""
    rows, billed, findings = 0, dict[tuple[str, str], Decimal](), dict[str, None]()
    for batch in _batches(path, ending):
        if missing := [name for name in NAMES if name not in batch.schema.names]:
            return Checked(rows, billed, (f"there is no column {missing[0]}",))
        rows += batch.num_rows
        findings |= dict.fromkeys(_findings(pa.table(batch)))
        for basis, currency, exact in zip(
            *(batch[name].to_pylist() for name in ("x_CostBasis", "BillingCurrency", "x_BilledCostExact")), strict=True
        ):
            billed[basis, currency] = billed.get((basis, currency), Decimal()) + Decimal(exact)
    return Checked(rows, billed, tuple(findings))


def _batches(path: Path, ending: str) -> Iterator[Any]:
    """A Parquet file as it is, a CSV as text."""
    if ending == ".parquet":
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=BATCH)
        return
    text = pa.csv.ConvertOptions(
        column_types={name: pa.string() for name in NAMES}, strings_can_be_null=True, null_values=[""]
    )
    parse = pa.csv.ParseOptions(newlines_in_values=True)
    with pa.csv.open_csv(path, parse_options=parse, convert_options=text) as reader:
        yield from reader


def _findings(table: pa.Table) -> Iterator[str]:
    for column in COLUMNS:
        yield from _column_findings(table[column.name], column)
    numbers = {name: _number(table[name]) for pair in PRODUCTS for name in pair}
    quantity = _number(table["PricingQuantity"])
    for price, cost in PRODUCTS:
        product = pc.multiply(numbers[price], quantity)
        most = pc.multiply(TOLERANCE, pc.max_element_wise(pc.abs(numbers[cost]), 1.0))
        if _some(pc.greater(pc.abs(pc.subtract(product, numbers[cost])), most)):
            yield f"{price} times PricingQuantity is not {cost}"
    exact = _number(table["x_BilledCostExact"])
    if _some(pc.greater(pc.abs(pc.subtract(exact, _number(table["BilledCost"]))), TOLERANCE)):
        yield "BilledCost is not x_BilledCostExact"
    is_sale = pc.is_in(table["ChargeCategory"], pa.array(["Usage", "Purchase"]))
    for name in OF_SALES:
        if _some(pc.and_(is_sale, pc.is_null(table[name]))):
            yield f"{name} is null in a row of usage or of a purchase"
    if _some(pc.and_(pc.equal(table["ChargeCategory"], "Tax"), pc.is_valid(table["PricingQuantity"]))):
        yield "PricingQuantity is not null in a row of tax"
    for unit, amount in (("PricingUnit", "PricingQuantity"), ("ConsumedUnit", "ConsumedQuantity")):
        if _some(pc.not_equal(pc.is_null(table[unit]), pc.is_null(table[amount]))):
            yield f"{unit} and {amount} are not null together"


def _column_findings(values: Any, column: FocusColumn) -> Iterator[str]:
    """Type, nulls and allowed values of one column."""
    if not column.nullable and values.null_count:
        yield f"{column.name} is null in {values.null_count} rows"
    is_text = pa.types.is_string(values.type)
    if not is_text and values.type != SCHEMA.field(column.name).type:
        yield f"{column.name} is of type {values.type}"
    pattern = {"decimal": DECIMAL, "datetime": DATETIME}.get(column.kind)
    pattern = CURRENCY if column.name.endswith("Currency") else pattern
    if is_text and pattern and _some(pc.invert(pc.match_substring_regex(values, pattern))):
        yield f"{column.name} is not written as FOCUS has it"
    if column.allowed and _some(pc.invert(pc.is_in(values.drop_null(), pa.array(column.allowed)))):
        yield f"{column.name} has a value that is not allowed"


def _number(values: Any) -> Any:
    return pc.cast(values, pa.float64())


def _some(found: Any) -> bool:
    return bool(pc.any(found).as_py())


def unconditional() -> list[str]:
    """The columns that FOCUS demands of every file."""
    return [name for name in NAMES if BY_NAME[name].must_be_there]
