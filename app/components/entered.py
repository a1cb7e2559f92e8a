"""What people entered, for the pages: read anew whenever the state database changed."""

from pathlib import Path

import streamlit as st

from app.outlook import read_events
from planning.events import Event
from pricing.charges import Charge
from pricing.fx import Rates
from warehouse.charges import list_charges
from warehouse.connection import silent
from warehouse.folder import Folder
from warehouse.fx import read_rates
from warehouse.invoices import Invoice, list_invoices

Edition = tuple[str, int, int]
"""One state of the state database."""


def charges_of(root: Path) -> tuple[Charge, ...]:
    """Every recurring charge."""
    return _charges(edition_of_state(root))


def events_of(root: Path) -> tuple[Event, ...]:
    """What people marked of the traffic, dismissed proposals too."""
    return _events(edition_of_state(root))


def invoices_of(root: Path) -> tuple[Invoice, ...]:
    """Every line of an invoice."""
    return _invoices(edition_of_state(root))


def rates_of(root: Path, currencies: tuple[str, ...]) -> Rates:
    """The exchange rates of these currencies."""
    return _rates(edition_of_state(root), currencies)


def edition_of_state(root: Path) -> Edition:
    """The state that the state database is in."""
    try:
        stat = Folder(root).database("state").stat()
    except FileNotFoundError:
        return str(root), 0, 0
    return str(root), stat.st_mtime_ns, stat.st_size


@st.cache_data(max_entries=10, show_spinner=False)
def _charges(edition: Edition) -> tuple[Charge, ...]:
    return tuple(list_charges(Path(edition[0]), tell=silent))


@st.cache_data(max_entries=10, show_spinner=False)
def _events(edition: Edition) -> tuple[Event, ...]:
    return read_events(Path(edition[0]), tell=silent)


@st.cache_data(max_entries=10, show_spinner=False)
def _invoices(edition: Edition) -> tuple[Invoice, ...]:
    return tuple(list_invoices(Path(edition[0]), tell=silent))


@st.cache_data(max_entries=10, show_spinner=False)
def _rates(edition: Edition, currencies: tuple[str, ...]) -> Rates:
    return read_rates(Path(edition[0]), currencies, tell=silent)
