"""Usage fields that nobody reads: what a seller began to report, and where it was seen first."""

from collections.abc import Sequence
from pathlib import PurePath

import pandas as pd
import streamlit as st

from app.components.columns import counts
from app.components.formats import UNKNOWN, day, plural
from app.components.sections import nothing, section
from app.components.tables import show_frame
from warehouse.unknown_fields import UnknownField


def show_unknown_fields(found: Sequence[UnknownField]) -> None:
    """One row per field, seller and model; one line where every field is known."""
    if not found:
        nothing("Unknown usage fields", "Every usage field of every record is known.")
        return
    with section("Unknown usage fields", f"{plural(len({row.field for row in found}), 'field')}, in no figure"):
        st.caption(
            "A seller reports something that Tollbook does not read. Where the totals of such calls still add up, "
            "nothing that is billed by the token is missing."
        )
        show_frame(
            pd.DataFrame(
                {
                    "Field": [row.field for row in found],
                    "Seller": [row.seller or UNKNOWN for row in found],
                    "Model": [row.model or UNKNOWN for row in found],
                    "Source": [row.source for row in found],
                    "Records": [row.records for row in found],
                    "Since": [day(row.first_at) for row in found],
                    "Example": [row.example or "–" for row in found],
                    "First at": [f"{PurePath(row.path).name}:{row.line}" for row in found],
                }
            ),
            hide_index=True,
            alt="Usage fields that are not read, and how many records have each",
            column_config=counts(["Records"]),
        )
