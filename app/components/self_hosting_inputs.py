"""What the tab of self-hosting asks for; what a person does not know they leave empty, and it is in no figure."""

from decimal import Decimal

import streamlit as st

from app.components.page import Run
from app.self_hosting import Side, figures_of, hosted_throughput, hosting_of, measured
from app.self_hosting_words import throughput_name
from planning.self_host import USUAL_UTILISATION, Hosting
from planning.throughput import Throughput
from warehouse.self_hosting import families

READ = "As read from counters"
OWN = "A figure of your own"
SIZES = {"Busiest hour": "peak", "Mean hour": "mean"}
WORDS = ("guess", "measured", "third party", "claim")
LABELS = {
    "gpu_hour": "Price of a GPU-hour",
    "licence_gpu_year": "Licence, a GPU and year",
    "staff_month": "Staff, a month",
    "utilisation": "Utilisation",
    "input_weight": "Work of an input token",
    "output_per_s": "Output tokens/s",
    "input_tokens": "Tokens in",
    "output_tokens": "Tokens out",
    "gpu": "Kind of GPU",
    "gpus": "GPUs in a server",
}
"""How the page calls what may be said of servers."""


def ask_model(run: Run) -> str | None:
    """The model to host; None: no call in scope is of one that could be compared."""
    known = run.desk.ask(families, run.scope)
    if not known:
        return None
    return st.selectbox("Model to host", tuple(known), key="host_model", bind="query-params", width=320)


def ask_hosting(side: Side) -> Hosting | None:
    """Servers and what they cost; None where the throughput is still to be said. Raises UserMistake."""
    currencies = list(dict.fromkeys(offer.currency for offer in side.offers)) or ["USD"]
    with st.container(border=True):
        figure = _ask_throughput(side)
        with st.grid(5, min_column_width=150, gap="small"):
            gpu_hour = _amount("gpu_hour", 0.1, "yours to give", "For one reserved hour, used or not.")
            licence = _amount("licence_gpu_year", 100.0, "none")
            staff = _amount("staff_month", 100.0, "none", "What the people cost who run it.")
            currency = st.selectbox("Currency", currencies, key="host_currency", bind="query-params")
            weight = _amount(
                "input_weight",
                0.01,
                "both ends",
                "Output tokens' work that an input token is. Nobody measured it: empty shows both ends.",
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            size = st.segmented_control(
                "Sized for", tuple(SIZES), default="Busiest hour", required=True, key="host_size", bind="query-params"
            )
            usual = round(100 * float(USUAL_UTILISATION))
            used = st.slider(
                f"{LABELS['utilisation']}, % of the throughput in that hour",
                10,
                100,
                usual,
                5,
                key="host_utilisation",
                bind="query-params",
            )
    if figure is None:
        return None
    return hosting_of(
        LABELS,
        throughput=figure,
        currency=currency,
        gpu_hour=gpu_hour,
        licence_gpu_year=licence,
        staff_month=staff,
        # As it was found it is nobody's choice: the answer says that it is a guess.
        utilisation=None if used == usual else _text(used / 100),
        input_weight=weight,
        sized_for=SIZES[size or "Busiest hour"],
    )


def _ask_throughput(side: Side) -> Throughput | None:
    shipped = {throughput_name(figure): figure for figure in figures_of(side.family)}
    choices = [*shipped, *([READ] if side.seen else []), OWN]
    chosen = st.selectbox("Servers", choices, key="host_servers", bind="query-params", width=420)
    if chosen in shipped:
        return shipped[chosen]
    is_read = chosen == READ
    with st.grid(3 if is_read else 6, min_column_width=130, gap="small"):
        gpu = st.text_input(LABELS["gpu"], key="host_gpu", bind="query-params", placeholder="H100").strip()
        gpus = int(st.number_input(LABELS["gpus"], 1, 100_000, 8, key="host_gpus", bind="query-params"))
        if is_read:
            servers = [each.server for each in side.seen]
            server = st.selectbox("Read at", servers, key="host_server", bind="query-params")
        else:
            speed = _amount("output_per_s", 10.0, "of all answers")
            tokens_in = st.number_input(LABELS["input_tokens"], 1, None, 8192, key="host_in", bind="query-params")
            tokens_out = st.number_input(LABELS["output_tokens"], 1, None, 2048, key="host_out", bind="query-params")
            word = st.selectbox("On whose word", WORDS, key="host_word", bind="query-params")
    if not gpu:
        st.caption("Say what a server is made of: kind and number of GPUs.")
        return None
    if is_read:
        return measured(next(each for each in side.seen if each.server == server), gpu, gpus)
    if speed is None:
        st.caption("Say how many output tokens such a server gives in a second, and at which mix.")
        return None
    return hosted_throughput(
        LABELS,
        name=f"{gpus}x {gpu}",
        model=side.family,
        gpu=gpu,
        gpus=gpus,
        output_per_s=speed,
        input_tokens=int(tokens_in),
        output_tokens=int(tokens_out),
        word=word,
        by="you",
        date=side.at.date(),
        source="Entered on this page",
    )


def _amount(name: str, step: float, placeholder: str, about: str | None = None) -> str | None:
    """A figure as text; None where it is left empty."""
    given = st.number_input(
        LABELS[name],
        0.0,
        None,
        None,
        step,
        format="%g",
        key=f"host_{name}",
        bind="query-params",
        placeholder=placeholder,
        help=about,
    )
    return None if given is None else _text(given)


def _text(number: float) -> str:
    """A number as a person typed it: its shortest digits, without an exponent."""
    return f"{Decimal(str(number)).normalize():f}"
