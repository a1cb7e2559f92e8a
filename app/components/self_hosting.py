"""Servers of one's own beside the sellers, for the traffic in scope: GPUs, cost, and from which volume on it pays."""

import streamlit as st

from app.components.page import Run


def show_self_hosting(run: Run) -> None:
    """A tab of the page of scenarios: asks for servers, throughput and prices, and reads the traffic in ``run.scope``.

    Its choices are in the URL under names that begin with ``host_``.
    """
    st.subheader("Servers of one's own")
