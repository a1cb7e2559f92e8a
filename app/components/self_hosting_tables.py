"""The tables of self-hosting: servers under each way to count input, the sellers beside them, other utilisations."""

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd
import streamlit as st

from app.components.columns import right
from app.components.formats import UNKNOWN, literal, money
from app.components.tables import show_frame
from app.self_hosting import Against, Answer
from app.self_hosting_words import NEVER, counted, ends, number, percent, times, volume_text
from planning.self_host import Unit, units


def amounts(picos: Iterable[Fraction | None], currency: str) -> str:
    """What each case comes to, once where they agree; a dash where no price is known."""
    return ends("–" if pico is None else money(round(pico), currency) for pico in picos)


def show_sellers(found: Answer) -> None:
    """Each seller of the model, and where it and the servers cost the same."""
    st.header("Against each seller")
    if not found.sellers:
        st.caption("No card has a rate for it now.")
        return
    piece = _piece(found)
    rows = [_seller(found, one, piece) for one in found.sellers]
    heads = list(rows[0])
    show_frame(
        pd.DataFrame(rows, columns=heads),
        hide_index=True,
        height="content",
        alt="What each seller asks for a month of this traffic, and where servers of one's own cost the same",
        column_config={"Seller": st.column_config.TextColumn(pinned=True), **right(heads[1:-1])},
    )
    if len(found.cases) > 1:
        st.caption("Of two figures the first holds if only output is work, the second if only input is.")


def _seller(found: Answer, one: Against, piece: str) -> dict[str, str]:
    code, priced = one.offer.currency, found.hosting.gpu_hour is not None
    evens = one.evens
    prices = ends(NEVER if even.gpu_hour is None else money(round(even.gpu_hour), code) for even in evens)
    return {
        "Seller": one.offer.seller,
        "A month": UNKNOWN if one.month is None else money(round(one.month), code),
        "1M tokens": amounts((one.unit.mtok,), code),
        piece: amounts((_of_piece(found, one.unit),), code),
        "Same at GPU-hour of": prices or "–",
        "Servers save": amounts((even.saved for even in evens), code) or "–",
        "Pays from": (ends(volume_text(found, even.first) for even in evens) or "–") if priced else "–",
        "For good from": (ends(times(even.lasting) for even in evens) or "–") if priced else "–",
        "Even at a use of": ends("–" if even.use is None else percent(even.use) for even in evens) or "–",
        "Not compared, because": one.why or "–",
    }


def show_servers(found: Answer) -> None:
    """The servers, case by case."""
    code, piece = found.hosting.currency, _piece(found)
    st.subheader(literal(f"On {found.hosting.throughput.name}"))
    rows = [
        {
            "Input": counted(found, case),
            "Busy, mean hour": number(case.mean),
            "Busy, busiest hour": number(case.peak),
            "Servers": f"{case.servers:,}",
            "GPUs": f"{case.gpus:,}",
            "Used": percent(case.used),
            "GPU-hours a month": f"{case.gpu_hours:,}",
            "A month": amounts((case.cost,), code),
            "1M tokens": amounts((unit.mtok,), code),
            piece: amounts((_of_piece(found, unit),), code),
        }
        for case, unit in zip(found.cases, found.units, strict=True)
    ]
    heads = list(rows[0])
    show_frame(
        pd.DataFrame(rows, columns=heads),
        hide_index=True,
        height="content",
        alt="Servers at work, reserved GPUs and their cost",
        column_config=right(heads[1:]),
    )


def show_utilisations(found: Answer) -> None:
    """The same at other utilisations."""
    code, traffic = found.hosting.currency, found.traffic
    own = Fraction(found.hosting.utilisation)
    rows = [
        {
            "Utilisation": percent(tried.share) + (" (chosen)" if tried.share == own else ""),
            "GPUs": ends(f"{case.gpus:,}" for case in tried.cases),
            "A month": amounts((case.cost for case in tried.cases), code),
            "1M tokens": amounts((units(case.cost, traffic).mtok for case in tried.cases), code),
            "1M tokens, if so around the clock": amounts(tried.around_the_clock, code),
        }
        for tried in found.tried
    ]
    st.markdown("**At other utilisations**")
    show_frame(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        alt="GPUs and cost at other utilisations",
        column_config=right(list(rows[0])),
    )


def _piece(found: Answer) -> str:
    return "A task" if found.traffic.tasks else "1,000 calls"


def _of_piece(found: Answer, unit: Unit) -> Fraction | None:
    return unit.task if found.traffic.tasks else unit.thousand_calls
