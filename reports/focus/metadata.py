"""The description beside a FOCUS file: its columns as FOCUS wants them told, and what is not in it."""

import json
from datetime import datetime
from importlib.metadata import version
from typing import Any

from pricing.money import format_pico
from reports.focus.asked import FocusAsked
from reports.focus.closings import Closings, closing_objects
from reports.focus.columns import COLUMNS, FOCUS_VERSION, FocusColumn
from reports.focus.left_out import Known

DATA_TYPES = {"string": "STRING", "decimal": "DECIMAL", "datetime": "DATETIME", "json": "JSON"}


def metadata_of(  # noqa: PLR0913 - what stands in the file, and what has to be known beside it
    asked: FocusAsked,
    known: Known,
    closings: Closings,
    files: list[dict[str, Any]],
    *,
    made_at: datetime,
    demo: bool,
) -> bytes:
    """The description as JSON; what FOCUS does not name begins with ``x_``."""
    tollbook = version("tollbook")
    described = {
        "DataGenerator": "Tollbook",
        "Schema": {
            "SchemaId": f"tollbook-{tollbook}-focus-{FOCUS_VERSION}",
            "FocusVersion": FOCUS_VERSION,
            "CreationDate": _instant(made_at),
            "DataGeneratorVersion": tollbook,
            "ColumnDefinition": [_column(column) for column in COLUMNS],
        },
        "x_Files": files,
        "x_Period": {"Name": asked.asked.name, "First": str(asked.asked.first), "Last": str(asked.asked.last)},
        "x_BillingZone": asked.zone,
        "x_Scope": {name: list(values) for name, values in asked.asked.scope.values},
        "x_SubAccount": asked.sub_account,
        "x_Tags": list(asked.tags),
        "x_HoldsDemoData": demo,
        "x_DataThrough": _instant(known.coverage.data_through),
        "x_Coverage": _coverage(known),
        "x_Books": {
            "FiguresAreOf": "all calls known when the file was made",
            "ClosingsAreOf": "whole months of all traffic, as known when they were closed",
            "Months": closing_objects(closings),
        },
    }
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()


def _column(column: FocusColumn) -> dict[str, Any]:
    found: dict[str, Any] = {"ColumnName": column.name, "DataType": DATA_TYPES[column.kind]}
    if column.kind == "string":
        found["StringEncoding"] = "UTF-8"
    if column.kind == "decimal":
        found |= {"NumericPrecision": 38, "NumberScale": 12}
    return found | {"x_Nullable": column.nullable, "x_Meaning": column.meaning}


def _coverage(known: Known) -> dict[str, Any]:
    return {
        "Calls": known.coverage.requests,
        "CallsLeftOut": known.coverage.unpriced,
        "CallsUnderReview": known.coverage.review,
        "CallsCutOff": known.coverage.partial,
        "CostOfCalls": [
            {
                "Currency": row.currency,
                "Cost": format_pico(row.cost),
                "Low": format_pico(row.cost_low),
                "High": format_pico(row.cost_high),
            }
            for row in known.totals
        ],
        "LeftOut": [
            {"Seller": one.seller, "Model": one.model, "Why": one.reason, "Calls": one.calls, "Tokens": one.tokens}
            for one in known.left_out
        ],
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"
