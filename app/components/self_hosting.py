"""Servers of one's own beside the sellers, for the traffic in scope: GPUs, cost, and from which volume on it pays."""

import streamlit as st

from app.clock import now
from app.components.cards import Card, show_cards
from app.components.formats import literal, money
from app.components.page import Run
from app.components.rate_sellers import since_when
from app.components.self_hosting_inputs import LABELS, ask_hosting, ask_model
from app.components.self_hosting_picture import show_picture
from app.components.self_hosting_tables import amounts, show_sellers, show_servers, show_utilisations
from app.self_hosting import Answer, Side, answer, read_side
from app.self_hosting_words import NEVER, ends, notes, percent, throughput_text, times, traffic_text
from app.session import UserMistake
from warehouse.errors import WarehouseBusy
from warehouse.rate_book import read_rate_book


def show_self_hosting(run: Run) -> None:
    """A tab of the page of scenarios: asks for servers, throughput and prices, and reads the traffic in ``run.scope``.

    Its choices are in the URL under names that begin with ``host_``.
    """
    family = ask_model(run)
    if family is None:
        st.info(
            "No call in scope has usage that a rate could price.",
            title="No traffic to host",
            icon=":material/filter_alt_off:",
        )
        return
    side = _side(run, family)
    if side is None or side.traffic is None:
        return
    try:
        hosting = ask_hosting(side)
    except UserMistake as mistake:
        st.error(literal(str(mistake)))
        return
    if hosting is None:
        return
    _show(answer(side, hosting))


def _side(run: Run, family: str) -> Side | None:
    """The traffic and what the sellers ask for it, at the rates of now; says so where there is none."""
    present = run.choices.demo.now or now()
    book = run.desk.ask(read_rate_book, run.scope, None)
    try:
        with st.spinner("Pricing the calls at each seller"):
            side = run.desk.ask(read_side, run.scope, family, since_when(book.entries, present))
    except WarehouseBusy as error:
        st.caption(literal(str(error)))
        return None
    if side.traffic is None:
        st.info(f"The calls of {literal(family)} in scope say no tokens.", title="Nothing to host")
    return side._replace(at=present)


def _show(found: Answer) -> None:
    st.caption(literal(traffic_text(found)))
    _show_cards(found)
    st.caption(literal(throughput_text(found)))
    if found.hosting.gpu_hour is not None and found.cheapest is not None:
        with st.container(border=True):
            show_picture(found, found.cheapest)
    with st.container(border=True):
        show_sellers(found)
    with st.container(border=True):
        show_servers(found)
        if found.hosting.gpu_hour is not None:
            show_utilisations(found)
    with st.container(border=True):
        st.header("What it rests on")
        said = notes(found, lambda name: f"“{LABELS[name]}”")
        st.markdown("\n".join(f"- :small[{literal(note)}]" for note in said))


def _show_cards(found: Answer) -> None:
    """GPUs, a month, the price to beat, the volume."""
    code, best = found.hosting.currency, found.cheapest
    used = ends(percent(case.used) for case in found.cases)
    cards = [
        Card("GPUs reserved", (ends(f"{case.gpus:,}" for case in found.cases),), f"{used} of their hours is work"),
        Card("A month", (amounts((case.cost for case in found.cases), code),), _month_note(found)),
    ]
    if best is None:
        why = f"no seller prices all calls in {code}"
        show_cards([*cards, Card("GPU-hour to beat", ("–",), why), Card("Pays from", ("–",), why)])
        return
    prices = ends(NEVER if even.gpu_hour is None else money(round(even.gpu_hour), code) for even in best.evens)
    volumes = ends(times(even.first) for even in best.evens) if found.hosting.gpu_hour is not None else "–"
    show_cards(
        [
            *cards,
            Card(
                "GPU-hour to beat",
                (prices,),
                f"costs as much as {best.offer.seller}, {amounts((best.month,), code)} a month",
                "The price of one reserved GPU-hour at which both cost the same for this traffic.",
            ),
            Card("Pays from", (volumes,), _volume_note(found, volumes), _lasting(found)),
        ]
    )


def _month_note(found: Answer) -> str:
    if found.hosting.gpu_hour is None:
        return "give a price of a GPU-hour"
    hours = ends(f"{case.gpu_hours:,}" for case in found.cases)
    return f"{hours} GPU-hours, used or not"


def _volume_note(found: Answer, volumes: str) -> str:
    if found.hosting.gpu_hour is None:
        return "give a price of a GPU-hour"
    return "too dear at every volume" if volumes == NEVER else "times this traffic, for the first time"


def _lasting(found: Answer) -> str | None:
    best = found.cheapest
    if best is None or found.hosting.gpu_hour is None:
        return None
    return f"For good from {ends(times(even.lasting) for even in best.evens)}: a new server is a step up."
