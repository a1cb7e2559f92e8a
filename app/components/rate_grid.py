"""The whole grid of an entry: each of its cells with every figure, and what is not sold."""

import pandas as pd
import streamlit as st

from app.components.formats import count, rate
from app.components.rate_terms import MTOK, context_text, hours_text, window_name
from app.components.tables import show_frame
from pricing.cells import ANY
from pricing.meters import BASE_METER, METERS, TOKEN_METERS
from pricing.rates import Rate
from warehouse.booked_rates import BookedEntry

TITLES = {
    "input": "Input",
    "cache_read": "Cache read",
    "cache_write_5m": "Cache write 5 min",
    "cache_write_1h": "Cache write 1 h",
    "cache_write": "Cache write",
    "output": "Output",
    "input_image": "Image in",
    "input_audio": "Audio in",
    "input_video": "Video in",
    "output_audio": "Audio out",
    "output_image": "Image out",
    "web_search": "Per search",
    "request": "Per request",
}
WHAT = {
    "Service tier": "A service tier that is not here has no rate.",
    "Input tokens": "The size is all input of a call, cached and written tokens included; it charges the whole call.",
    "Hours": "The hour is that at which a call begins.",
    "Region": "A region that is not here pays as elsewhere.",
}


def show_grid(entry: BookedEntry) -> None:
    """Every cell, each with its own figures; nothing where the base is all there is."""
    if len(entry.cells) == 1:
        return
    st.markdown(f"**All its figures**, {count(len(entry.cells))} cells, per 1,000,000 tokens")
    columns = {**_conditions(entry), **_figures(entry)}
    right = [TITLES[meter] for meter in METERS]
    show_frame(
        pd.DataFrame(columns),
        hide_index=True,
        height="content" if len(entry.cells) <= 16 else 480,
        alt="Every figure of this entry, by size of input, hours, service tier and region",
        column_config={
            **{title: st.column_config.TextColumn(alignment="right") for title in right if title in columns},
            "Week": st.column_config.TextColumn(width="large"),
        },
    )
    said = [what for title, what in WHAT.items() if title in columns]
    st.caption(" ".join([*said, "Images, sound and film without a column of their own cost as text does."]))


def _conditions(entry: BookedEntry) -> dict[str, list[str]]:
    """The columns in which some cells differ."""
    cells = [rate.cell for rate in entry.cells]
    columns = {
        "Service tier": [cell.tier for cell in cells],
        "Input tokens": [context_text(rate) for rate in entry.cells],
        "Hours": [window_name(rate) for rate in entry.cells],
        "Region": ["elsewhere" if cell.region == ANY else cell.region for cell in cells],
        "Week": ["all hours" if cell.zone is None else f"{hours_text(cell.week)} {cell.zone}" for cell in cells],
    }
    return {title: values for title, values in columns.items() if len(set(values)) > 1}


def _figures(entry: BookedEntry) -> dict[str, list[str]]:
    return {
        TITLES[meter]: [cell_figure(cell, meter) for cell in entry.cells]
        for meter in METERS
        if any(is_apart(cell, meter) for cell in entry.cells)
    }


def cell_figure(known: Rate, meter: str) -> str:
    """A figure as it is quoted, per 1,000,000 tokens or per unit; a dash: not sold."""
    pico = known.pico[METERS.index(meter)]
    if pico is not None and meter in TOKEN_METERS:
        pico *= MTOK
    return rate(pico, known.currency)


def is_apart(known: Rate, meter: str) -> bool:
    """Whether a meter is sold at another figure than the one it is priced like where the card does not say."""
    like = BASE_METER.get(meter)  # type: ignore[call-overload]
    figure = known.pico[METERS.index(meter)]
    return figure is not None and (like is None or figure != known.pico[METERS.index(like)])
