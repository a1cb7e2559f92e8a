"""Sellers' own sums and servers' counters, beside the calls of the same seller, model and day."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.breakdown import MISSING
from app.components.columns import counts, right
from app.components.formats import money, plural
from app.components.sections import section
from app.components.tables import show_frame
from warehouse.sums import Said, SumRow, Sums

SHOWN_DAYS = 31
WHOLE_TABLE = 12
COUNTS = ("Requests", "Input", "Cached", "Output")


def show_sums(found: Sums) -> None:
    """A row for each side and their difference; nothing at all where no log holds sums."""
    if not found.rows:
        return
    days = len({row.day for row in found.rows})
    with section("Sums beside calls", f"{plural(days, 'day')}, in no figure"):
        st.caption(
            "What sellers' reports and servers' counters say, what the logged calls of the same seller, model and day "
            "(UTC) say, and what the sums say beyond the calls."
        )
        show_frame(
            _frame(found.rows),
            hide_index=True,
            height="content" if len(found.rows) * 3 <= WHOLE_TABLE else 460,
            alt="Sums of days beside the calls, with their difference",
            column_config={**counts(COUNTS), **right(("Cost",))},
        )
        for note in _notes(found):
            st.caption(note)


def _frame(rows: Sequence[SumRow]) -> pd.DataFrame:
    lines: list[tuple[SumRow, str, Said]] = []
    for row in reversed(rows):
        lines += [(row, row.source, row.sums), (row, "calls", row.calls), (row, "difference", row.difference)]
    sides = {name: [said[place] for _, _, said in lines] for place, name in enumerate(COUNTS)}
    return pd.DataFrame(
        {
            "Day (UTC)": [f"{row.day:%Y-%m-%d}" for row, _, _ in lines],
            "Seller": [row.seller or MISSING["seller"] for row, _, _ in lines],
            "Model": ["All models" if row.all_models else row.model or MISSING["model"] for row, _, _ in lines],
            "What": [what for _, what, _ in lines],
            **{name: pd.Series(values, dtype="Int64") for name, values in sides.items()},
            "Cost": ["–" if said.cost is None else money(said.cost, said.currency) for _, _, said in lines],
        }
    )


def _notes(found: Sums) -> list[str]:
    """What of the calls is in no sum, and what was pulled twice."""
    unpriced, lacking = sum(row.unpriced for row in found.rows), sum(row.without_usage for row in found.rows)
    told = [
        (unpriced, f"{plural(unpriced, 'call')} of unknown cost: in no amount."),
        (lacking, f"{plural(lacking, 'call')} without usage: in no count of tokens."),
        (found.aside, f"{plural(found.aside, 'sum')} left aside: the same in smaller steps or other groups."),
    ]
    return [note for number, note in told if number]
