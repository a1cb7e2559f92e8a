"""One request: what each meter of it cost, at which rate, on whose word; and what its log says of it."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

import pandas as pd
import streamlit as st

from app.components.breakdown import MISSING, advice
from app.components.cards import Card, show_cards
from app.components.columns import right
from app.components.explore_calls import status_of
from app.components.explore_state import Shown, call_of_param, go
from app.components.formats import count, day, duration, instant, literal, money, rate, written
from app.components.page import TASK, Run
from app.components.provenance import WORDS
from app.components.rate_evidence import is_link
from app.components.rate_grid import TITLES
from app.components.rate_terms import MTOK
from app.components.tables import show_frame
from app.session import UserMistake
from pricing.meters import TOKEN_METERS
from pricing.money import format_pico
from warehouse.explore import Call, CallDetail, MeterLine, RateWord, find_call, label_of

TASKS = "views/tasks.py"
LABELS = {"ttft_ms": "First token after", "billable_reason": "Charged because", "step": "Step", "tags": "Tags"}


def show_call(run: Run, found: Shown) -> None:
    """The request that is open, and the way back to the list."""
    st.button(
        "All requests" if found.calls else "Back to the figures", icon=":material/arrow_back:", type="tertiary",
        on_click=go, args=(found._replace(call=None),),
    )  # fmt: skip
    detail = _asked(run, found.call or "")
    if detail is None:
        st.info(
            "The logs that are loaded hold no such request; it may have been deleted, or counted once with another.",
            title="This request is not here",
            icon=":material/search_off:",
        )
        return
    _show_cards(detail.call)
    with st.container(border=True):
        st.header("What its cost is made of")
        _show_cost(detail)
    with st.container(border=True):
        st.header("What its log says")
        _show_told(detail)


def _asked(run: Run, param: str) -> CallDetail | None:
    try:
        key, at = call_of_param(param)
    except UserMistake:
        return None
    return run.desk.ask(find_call, key, at)


def _show_cards(call: Call) -> None:
    used = sum(number for meter, number in call.tokens.items() if meter in TOKEN_METERS)
    reasoning = "" if call.reasoning is None else f", {count(call.reasoning)} of them reasoning"
    show_cards(
        [
            Card("Cost", (money(call.cost, call.currency),), "needs review" if call.in_review else "as priced"),
            Card("Tokens", (count(used),), f"{count(call.tokens.get('output'))} written{reasoning}"),
            Card("Took", (duration(call.latency_ms),), f"from {instant(call.at)}"),
            Card("Status", (status_of(call),), call.model or MISSING["model"]),
        ]
    )
    if call.task and st.button(f"Open its task: {literal(call.task)}", icon=":material/account_tree:", type="tertiary"):
        st.switch_page(TASKS, query_params={TASK: call.task})


def _show_cost(detail: CallDetail) -> None:
    call = detail.call
    if call.unpriced_reason:
        st.markdown(f"The cost is **unknown**: {written(call.unpriced_reason)}. {advice(call.unpriced_reason)}")
    if not detail.lines:
        st.caption("Its log reports no usage.")
    else:
        _show_lines(detail.lines, call)
    if detail.rate is not None:
        st.markdown(f":small[{_source(detail.rate)}]")
        if detail.rate.note:
            st.caption(f"Note: {literal(detail.rate.note)}")


def _show_lines(lines: Sequence[MeterLine], call: Call) -> None:
    total = "–" if call.cost is None else f"{format_pico(call.cost)} {call.currency}"
    table = {
        "Meter": [*(TITLES.get(line.meter, line.meter) for line in lines), "Total"],
        "Used": [*(f"{line.quantity:,}" for line in lines), ""],
        "Rate": [*(_rate(line, call.currency) for line in lines), ""],
        "Cost": [*(_exact(line.cost, call.currency) for line in lines), total],
    }
    show_frame(
        pd.DataFrame(table),
        hide_index=True,
        height="content",
        alt="What the request used of each meter, the rate, and the cost to the last digit",
        column_config=right(("Used", "Rate", "Cost")),
    )


def _rate(line: MeterLine, currency: str | None) -> str:
    if line.pico is None or currency is None:
        return "–"
    if line.meter in TOKEN_METERS:
        return f"{rate(line.pico * MTOK, currency)} per 1M tokens"
    return f"{rate(line.pico, currency)} each"


def _exact(cost: int | None, currency: str | None) -> str:
    return "–" if cost is None or currency is None else f"{format_pico(cost)} {currency}"


def _source(word: RateWord) -> str:
    parts = re.split(r"(https?://[^\s<>]*[^\s<>.,;])", word.source)
    source = "".join(f"<{part}>" if is_link(part) else literal(part) for part in parts)
    return (
        f"Rate from {WORDS.get(word.confidence, literal(word.confidence))}: {source}, checked {day(word.checked)} · "
        f"card {literal(word.card)}, in force since {instant(word.valid_from)}"
    )


def _show_told(detail: CallDetail) -> None:
    call = detail.call
    known = {"seller": call.seller, "model": call.model, "team": call.team, "project": call.project}
    said = {name: value for name, value in known.items() if value is not None} | detail.told
    where = f"{PurePath(detail.path).name}:{detail.line}" if detail.path else "–"
    said = {LABELS.get(name) or label_of(name): _text(name, value) for name, value in said.items()}
    said |= {"Logged in": where, "Read as": call.source, "Request": call.record_key}
    show_frame(
        pd.DataFrame({"What": list(said), "Value": list(said.values())}),
        hide_index=True,
        height="content",
        alt="What the log says of the request",
    )
    st.caption("Prompts, answers and keys are not kept, so none can be shown.")


def _text(name: str, value: object) -> str:
    if name == "ttft_ms" and isinstance(value, int):
        return duration(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}={each}" for key, each in value.items())
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)
