"""What may be changed besides: answers' length, effort, batch, discounts, tries, pictures, rates and their day."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.entries import present
from app.components.formats import literal
from app.components.page import Run
from app.components.scenario_controls import controlled, percent_of, share_text
from app.components.scenario_state import SHOWN, changed, keep, keep_document, keep_field
from app.scenario_draft import further, without
from app.scenario_sentences import sentence_of
from planning.glance import month_after, month_of
from planning.scenario import OWN
from warehouse.connection import Reader
from warehouse.cost import cost_by
from warehouse.scope import Scope

AS_IS = "as it is"
CAPS = (AS_IS, "16384", "8192", "4096", "2048", "1024", "512", "256", "128")
TRIES = (AS_IS, "1", "1.05", "1.1", "1.2", "1.5", "2", "3")
TIERS = ("minimal", "low", "medium", "high", "xhigh", "max")
RATE_DAYS = {"Now": None, "Each call's own day": OWN, "Another day": ""}
METERS_ASKED = ("input", "cache_read", "output")


def show_more(run: Run) -> None:
    """The controls that most questions do without. Closed: the question above says what is set, and on a phone the
    answer's picture stands below.
    """
    with st.expander("More to change", icon=":material/tune:"):
        _show_choice("output_cap", "Longest answer", CAPS, "tokens", _cap)
        _show_effort(run)
        _show_share("batch", "Sent as batch", 100)
        _show_share("discount", "Discount", 60)
        _show_choice("retries", "Charged tries per call", TRIES, "attempts", _tries)
        _show_failed()
        _show_media()
        _show_rates()
        _show_traffic(run)
        _show_day(run)
        _show_currency(run)


def show_further() -> None:
    """The changes that no control shows, as those of a file may be, each with a way to take it out."""
    found = further(st.session_state[SHOWN])
    if not found:
        return
    st.caption("Changed besides")
    for place, change in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(literal(sentence_of(change)), width="stretch")
            st.button(
                "Take out", key=f"drop_{place}", icon=":material/close:", type="tertiary", on_click=_drop, args=(place,)
            )


def _drop(place: int) -> None:
    keep_document(without(st.session_state[SHOWN], place))


def _show_choice(kind: str, label: str, values: Sequence[str], unit: str, make: Any) -> None:
    """A choice among figures, the first of which leaves everything as it is."""
    change, key = changed(kind), f"change_{kind}"
    found = change[unit] if change else AS_IS
    chosen = str(found["value"] if isinstance(found, dict) else found)
    offered = list(values) if chosen in values else [values[0], chosen, *values[1:]]

    def take() -> None:
        value = st.session_state[key]
        keep(kind, None if value == AS_IS else make(value))

    st.selectbox(label, offered, key=controlled(key, chosen), on_change=take, format_func=_figure)


def _figure(text: str) -> str:
    return f"{int(text):,} tokens" if text.isdecimal() and int(text) > 100 else text


def _cap(tokens: str) -> dict[str, Any]:
    return {"kind": "output_cap", "tokens": int(tokens)}


def _tries(attempts: str) -> dict[str, Any]:
    return {"kind": "retries", "attempts": {"value": attempts}}


def _show_effort(run: Run) -> None:
    """All calls at one tier; other mixes come from a file."""
    change = changed("effort")
    mix = {tier: share for tier, share in (change or {}).get("mix", {}).items() if Decimal(share)}
    tiers = run.desk.ask(_tiers, run.scope)
    if not tiers and not change:
        return
    chosen = AS_IS if not change else next(iter(mix)) if len(mix) == 1 else "a mix"

    def take() -> None:
        tier = st.session_state["change_effort"]
        keep("effort", None if tier == AS_IS else {"kind": "effort", "mix": {tier: "1"}} if tier != "a mix" else change)

    offered = list(dict.fromkeys([AS_IS, chosen, *tiers]))
    st.selectbox(
        "Effort of all calls", offered, key=controlled("change_effort", chosen), on_change=take,
        help="Changes how long answers are, as measured of each tier. What is sent as input stays as it is.",
    )  # fmt: skip


def _tiers(reader: Reader, scope: Scope) -> tuple[str, ...]:
    """The tiers of effort that calls in scope asked for, the lowest first."""
    found = {row.group[0] for row in cost_by(reader, ("reasoning_effort",), scope) if row.group[0]}
    return tuple(sorted(found, key=lambda tier: (TIERS.index(tier) if tier in TIERS else len(TIERS), tier)))


def _show_share(kind: str, label: str, most: int) -> None:
    """A slider of percentages that changes nothing at 0."""
    change, key = changed(kind), f"change_{kind}"
    value = 0
    if change:
        value = percent_of(change["share"]) if kind == "batch" else round(float(change["percent_off"]))

    def take() -> None:
        chosen = st.session_state[key]
        said = {"share": share_text(chosen)} if kind == "batch" else {"percent_off": str(chosen)}
        keep(kind, {"kind": kind, **said} if chosen else None)

    st.slider(label, 0, max(most, value), format="%d%%", key=controlled(key, value), on_change=take)


def _show_failed() -> None:
    def take() -> None:
        keep("drop_failed", {"kind": "drop_failed"} if st.session_state["change_drop_failed"] else None)

    key = controlled("change_drop_failed", changed("drop_failed") is not None)
    st.toggle("Leave failed calls out", key=key, on_change=take)


def _show_media() -> None:
    """Pictures and videos beside what calls have."""
    change = changed("media") or {"kind": "media"}

    def take() -> None:
        numbers = {name: f"{Decimal(str(st.session_state[f'media_{name}'])):f}" for name in ("images", "videos")}
        keep("media", {**change, **numbers} if any(map(Decimal, numbers.values())) else None)

    for column, name in zip(st.columns(2), ("images", "videos"), strict=True):
        value = float(change.get(name, "0"))
        column.number_input(
            f"{name.capitalize()} per call", 0.0, 100.0, step=1.0, format="%g",
            key=controlled(f"media_{name}", value), on_change=take,
        )  # fmt: skip


def _show_traffic(run: Run) -> None:
    """The calls there were, or those that the forecast sees coming."""
    month = month_of(present(run).date())
    ends = {str(period.last): f"To come, until {period.last}" for period in (month, month_after(month))}
    said = st.session_state[SHOWN].get("projected_until")
    names = {"": "The calls there were"} | ends | ({said: f"To come, until {said}"} if said else {})

    def take() -> None:
        keep_field("projected_until", st.session_state["traffic"] or None)

    key = controlled("traffic", said or "")
    st.selectbox("Traffic", list(names), key=key, format_func=names.__getitem__, on_change=take)


def _show_rates() -> None:
    """Figures of one's own per million tokens; an empty one stays what the card says."""
    change = changed("rates") or {"kind": "rates"}
    figures = change.get("per_mtok", {})

    def take() -> None:
        asked = {meter: st.session_state[f"rate_{meter}"].strip() for meter in METERS_ASKED}
        others = {meter: figure for meter, figure in figures.items() if meter not in METERS_ASKED}
        said = others | {meter: figure for meter, figure in asked.items() if figure}
        keep("rates", {**change, "per_mtok": said} if said or change.get("per_unit") else None)

    st.caption("Rates of your own, per 1,000,000 tokens")
    for column, meter in zip(st.columns(3), METERS_ASKED, strict=True):
        column.text_input(
            meter.replace("_", " ").capitalize(), key=controlled(f"rate_{meter}", figures.get(meter, "")),
            placeholder="as is", on_change=take,
        )  # fmt: skip


def _show_day(run: Run) -> None:
    """Which day's rates price the calls."""
    said = st.session_state[SHOWN].get("rates_as_of")
    names = list(RATE_DAYS)
    name = names[0] if said is None else names[1] if said == OWN else names[2]

    def take() -> None:
        chosen = st.session_state["rates_day"]
        keep_field("rates_as_of", _instant(present(run).date()) if chosen == names[2] else RATE_DAYS[chosen])

    def take_day() -> None:
        keep_field("rates_as_of", _instant(st.session_state["rates_on"]))

    st.selectbox("At the rates of", names, key=controlled("rates_day", name), on_change=take)
    if name == names[2]:
        on = datetime.fromisoformat(str(said)).date()
        st.date_input("Day", key=controlled("rates_on", on), format="YYYY-MM-DD", on_change=take_day)


def _instant(on: date) -> str:
    return f"{datetime.combine(on, time()).isoformat()}Z"


def _show_currency(run: Run) -> None:
    """In which currency everything is added up; each in its own unless one is named."""
    own, said = "Each in its own currency", st.session_state[SHOWN].get("currency")
    codes = list(dict.fromkeys([*run.choices.currencies, *([said] if said else [])]))
    if len(codes) < 2:
        return

    def take() -> None:
        chosen = st.session_state["added_in"]
        keep_field("currency", None if chosen == own else chosen)

    st.selectbox("Amounts", [own, *codes], key=controlled("added_in", said or own), on_change=take)
