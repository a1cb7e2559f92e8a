"""A file's first records as they would be read, before anything is loaded."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app.commands.preview import IDENTITY, RECORD
from app.components.columns import counts, right
from app.components.formats import UNKNOWN, literal, plural
from app.components.tables import show_frame
from app.figures import sentence
from app.first_look import Look, look_at
from app.spool import Upload
from ingest.mapping import Mapping

TEXTS = RECORD[:3]
NAMED = {"time": "Time (UTC)", "input": "Uncached input"}
MOST_REASONS = 5


def look(root: Path, upload: Upload, options: Sequence[str], mapping: Mapping | None = None) -> Look:
    """The first records of a file, read once for each way to read them."""
    return _look(str(root), upload.file_id, tuple(options), mapping.digest if mapping else None, (upload, mapping))


@st.cache_data(ttl="2m", max_entries=20, show_spinner="Reading the first 1,000 records")
def _look(
    root: str, file_id: str, options: tuple[str, ...], digest: str | None, _asked: tuple[Upload, Mapping | None]
) -> Look:
    upload, mapping = _asked
    return look_at(Path(root), upload, options, mapping)


def show_look(found: dict[str, Any]) -> None:
    """What the beginning of a file says: its records, whether their tokens add up, and what has a rate."""
    shown = len(found["first"])
    about = f"{found['file']}, read as {found['source']}"
    st.markdown(
        f"**{literal(about)}**: the first {shown} of {plural(found['records'], 'record')}. :small[Nothing is loaded.]"
    )
    show_frame(
        pd.DataFrame([{_title(name): _cell(name, record[name]) for name in RECORD} for record in found["first"]]),
        hide_index=True,
        height="content",
        alt="First records as they would be read",
        column_config=right(_title(name) for name in RECORD if name not in TEXTS),
    )
    if found["warning"]:
        st.warning(f"{literal(sentence(found['warning']))}.", icon=":material/warning:")
    left, other = st.columns(2)
    with left:
        _show_checks(found)
    with other:
        _show_routes(found["routes"])
    if found["columns"]:
        with st.expander("Which column is what", icon=":material/table_rows:"):
            _show_columns(found["columns"])


def _show_checks(found: dict[str, Any]) -> None:
    """Whether tokens add up, from when to when, and what cannot be read."""
    lines = [f"**{rows:,}** {IDENTITY[name]}" for name in IDENTITY if (rows := found["identity"][name])]
    if found["times"]:
        first, last = map(_moment, found["times"])
        lines.append(literal(f"From {first} to {last} (UTC)"))
    if found["left_out"]:
        lines.append(f"{plural(found['left_out'], 'row')} hold no call and are left out")
    rejects = found["rejects"]
    for reject in rejects[:MOST_REASONS]:
        more = f" ({plural(reject['lines'], 'row')})" if reject["lines"] > 1 else ""
        lines.append(f"Rejected: line {reject['first_line']:,}: {literal(reject['reason'])}{more}")
    if len(rejects) > MOST_REASONS:
        lines.append(f"and {plural(len(rejects) - MOST_REASONS, 'more reason')}")
    st.markdown("\n".join(f"- :small[{line}]" for line in lines))


def _show_routes(routes: list[dict[str, Any]]) -> None:
    show_frame(
        pd.DataFrame(
            {
                "Seller": [route["seller"] or UNKNOWN for route in routes],
                "Model": [route["model"] or UNKNOWN for route in routes],
                "Records": [route["rows"] for route in routes],
                "With a rate": [route["with_rate"] for route in routes],
            }
        ),
        hide_index=True,
        height="content" if len(routes) <= 5 else 215,
        alt="Sellers and models, and for how many records there is a rate",
        column_config=counts(("Records", "With a rate")),
    )


def _show_columns(columns: list[dict[str, Any]]) -> None:
    show_frame(
        pd.DataFrame(
            {
                "Ours": [column["column"] for column in columns],
                "From": [column["found_in"] for column in columns],
                "Unit": [column["unit"] or "" for column in columns],
                "Such as": ["–" if column["example"] is None else column["example"] for column in columns],
            }
        ),
        hide_index=True,
        height="content",
        alt="Our columns, and where they come from",
    )


def _title(name: str) -> str:
    return NAMED.get(name) or name.replace("_", " ").capitalize()


def _moment(text: str) -> str:
    return text.replace("T", " ").removesuffix("Z")


def _cell(name: str, value: object) -> str:
    if value is None:
        return "–"
    if name == "time":
        return _moment(str(value))
    return f"{value:,}" if isinstance(value, int) else str(value)
