"""Calls that two sources saw: what both say, what one of them lacks, and pairs that seem to be one call."""

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

import pandas as pd
import streamlit as st

from app.components.answers import Desk
from app.components.columns import counts, difference, right
from app.components.formats import UNKNOWN, day, literal, money, plural
from app.components.job_status import begin, running_job
from app.components.sections import nothing, section
from app.components.tables import show_frame
from app.jobs import start_confirm
from warehouse.completeness import Overlap, overlaps
from warehouse.connection import Reader
from warehouse.imports import SightingPair
from warehouse.sightings import Proposal, Sighting, proposed

SHOWN_PAIRS = 100
KEY_LETTERS = 12
"""So much of a record's key is shown: enough to name it."""
SURE = "sure_of_pairs"


class Proposals(NamedTuple):
    """How many pairs seem to be one call, and the newest of them."""

    pairs: int
    newest: tuple[Proposal, ...]


def read_proposals(reader: Reader, top: int) -> Proposals:
    """What is proposed, and the newest so many pairs."""
    every = proposed(reader)
    return Proposals(len(every), every[:top])


def show_sightings(desk: Desk, pairs: Sequence[SightingPair]) -> None:
    """Calls that two sources saw: what each says they cost, and what each lacks."""
    if not pairs:
        nothing("Seen twice", "No call is known to have been seen by two sources.")
        return
    calls = sum(pair.calls for pair in pairs)
    with section("Seen twice", f"{plural(calls, 'call')}, each counted once"):
        st.caption("The second sighting is kept to compare with, and is in no figure.")
        _show_pairs(pairs)
        _show_overlaps(desk.ask(overlaps))


def _show_pairs(pairs: Sequence[SightingPair]) -> None:
    show_frame(
        pd.DataFrame(
            {
                "Counted in": [pair.counted_in for pair in pairs],
                "Also seen in": [pair.seen_in for pair in pairs],
                "Calls": [pair.calls for pair in pairs],
                "Cost in both": [pair.compared for pair in pairs],
                "Our cost": [money(pair.cost, pair.currency) if pair.compared else "–" for pair in pairs],
                "Reported": [
                    money(pair.cost_reported, pair.reported_currency) if pair.compared else "–" for pair in pairs
                ],
                "Difference": [_reported_difference(pair) for pair in pairs],
                "Reported, ours unknown": [
                    "–" if pair.reported_alone is None else money(pair.reported_alone, pair.reported_currency)
                    for pair in pairs
                ],
            }
        ),
        hide_index=True,
        height="content",
        alt="Calls seen by two sources, with our cost and the reported one",
        column_config={
            **counts(("Calls",)),
            "Cost in both": st.column_config.NumberColumn(
                format="%,d", help="Calls of which both name a cost: the amounts are theirs."
            ),
            **right(("Our cost", "Reported", "Difference", "Reported, ours unknown")),
        },
    )


def _reported_difference(pair: SightingPair) -> str:
    """What the other source reports beyond our cost; amounts of two currencies are not subtracted."""
    if not pair.compared or pair.currency != pair.reported_currency:
        return "–"
    return difference(pair.cost_reported, pair.cost, pair.currency)


def _show_overlaps(found: Sequence[Overlap]) -> None:
    """What each of two sources has alone, where both watched the same traffic."""
    if not found:
        return
    st.markdown("**What one log has and no other**")
    for overlap in found:
        about, told = st.columns((4, 7), gap="xsmall")
        seller = f"billed by {literal(overlap.seller)}" if overlap.seller else "seller unknown"
        about.markdown(f"{literal(overlap.one)} and {literal(overlap.other)}, {seller}")
        told.markdown(f":small[{_told(overlap)}]")
    if any(overlap.charged_in_one or overlap.charged_in_other for overlap in found):
        st.caption(
            "What was charged and stands in one log alone, the other never wrote down: a gateway that loses rows, or "
            "calls that were billed and went past it. Ask whoever runs the log that lacks them."
        )
    else:
        st.caption("Nothing to do: no call that cost something stands in one log alone.")


def _told(overlap: Overlap) -> str:
    sides = (
        (overlap.one, overlap.calls_in_one, overlap.charged_in_one),
        (overlap.other, overlap.calls_in_other, overlap.charged_in_other),
    )
    alone = " · ".join(
        f"Only in {literal(source)}: {plural(calls, 'call')}"
        + (f", **{charged:,} of them charged or unknown**" if charged else ", none of them charged" if calls else "")
        for source, calls, charged in sides
    )
    return f"In both: {overlap.calls_in_both:,} · {alone} ({day(overlap.first_at)} to {day(overlap.last_at)})"


def show_proposals(desk: Desk) -> None:
    """Pairs that are counted twice for now, and the way to count them once; nothing where there are none."""
    found = desk.ask(read_proposals, SHOWN_PAIRS)
    if not found.pairs:
        return
    seem = "seems to be one call and is" if found.pairs == 1 else "seem to be one call and are"
    with section("Counted twice?", plural(found.pairs, "pair")):
        st.markdown(
            f"**{plural(found.pairs, 'pair')} {seem} counted twice**: two sources, the same seller, model and tokens, "
            "at most a second apart, and no id that would prove it."
        )
        show_frame(
            _proposal_frame(found.newest),
            hide_index=True,
            height="content" if len(found.newest) <= 10 else 380,
            alt="Pairs of rows that seem to be one call",
            column_config=right(("Cost", "Reported")),
        )
        if found.pairs > len(found.newest):
            st.caption(f"The newest {len(found.newest)} of {plural(found.pairs, 'pair')}.")
        _offer_to_confirm(desk.root, found.pairs, busy=bool(desk.busy))


def _offer_to_confirm(root: Path, pairs: int, *, busy: bool) -> None:
    """Two steps: what will happen is said before it does."""
    busy = busy or running_job() is not None
    them = "it" if pairs == 1 else "them"
    if not st.session_state.get(SURE):
        if st.button(f"Take {them} for one call", icon=":material/merge:", disabled=busy):
            st.session_state[SURE] = True
            st.rerun()
        return
    st.warning(
        f"{plural(pairs, 'call')} and what {'it costs' if pairs == 1 else 'they cost'} will leave every figure; "
        "the rows are kept. To take one back: `tollbook sightings --undo KEY`; the keys are in the table.",
        icon=":material/merge:",
    )
    with st.container(horizontal=True):
        if st.button(f"Yes, count {'the pair' if pairs == 1 else 'each pair'} once", type="primary", disabled=busy):
            st.session_state.pop(SURE)
            begin(start_confirm(root))
            st.rerun()
        if st.button(f"No, leave {them}"):
            st.session_state.pop(SURE)
            st.rerun()


def _proposal_frame(pairs: Sequence[Proposal]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Start (UTC)": [f"{pair.one.start_at:%Y-%m-%d %H:%M:%S}" for pair in pairs],
            "Seller": [pair.one.seller or UNKNOWN for pair in pairs],
            "Model": [pair.one.model or UNKNOWN for pair in pairs],
            "One": [_place(pair.one) for pair in pairs],
            "The other": [_place(pair.other) for pair in pairs],
            "Cost": [money(pair.one.cost, pair.one.currency) for pair in pairs],
            "Reported": [_reported(pair.other) for pair in pairs],
            "Key": [pair.other.record_key[:KEY_LETTERS] for pair in pairs],
        }
    )


def _place(row: Sighting) -> str:
    """``litellm gateway.jsonl:12``."""
    return f"{row.source} {PurePath(row.file or UNKNOWN).name}:{row.line}"


def _reported(row: Sighting) -> str:
    return "–" if row.cost_reported is None else money(row.cost_reported, row.cost_reported_currency)
