"""The Limits section of the Launch page: what a seller's tier lets through, of a plan, of own traffic or of a class."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from app.components.page import Run


class Demand(NamedTuple):
    """What a launch plan asks of one seller's model: one for each route of the plan."""

    seller: str
    model: str
    calls_per_day: float
    """Billed attempts of this route on the plan's busiest day: give the P90, and say so on the page."""
    input_tokens: float
    """Of a call, in the mean: cached and written ones included."""
    output_tokens: float
    """Of a call, in the mean: reasoning included."""
    cached_tokens: float = 0.0
    """How many of the input tokens are read from a cache."""


def show_limits(run: Run, demands: Sequence[Demand] = ()) -> None:
    """Show the section: pick a route, a tier and how bursty the calls are, and see which limit binds, and when.

    Without demands it asks for a seller and a model, and takes the warehouse's own traffic or a class at a wanted rate.
    """
    st.subheader("Limits")
    st.caption("What the sellers' limits let through.")
