"""A rate card that somebody brings: what is wrong with it, or what it would change; then it may be added."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from app.components.answers import Desk
from app.components.formats import MINUS, count, literal, money, plural
from app.components.own_cards import offer_to_keep
from app.components.tables import show_frame
from app.rerate_difference import beside_difference, differences_of
from warehouse.errors import WarehouseError
from warehouse.rate_trial import Trial, own_cards, try_card
from warehouse.rerate import Change, Outcome
from warehouse.scope import Scope

MOST_MB = 1
"""Largest card: one seller's whole price list is a fortieth of it."""
SHOWN_ROWS = 200
PLACE = "trial_uploads"
VIEWS: dict[str, Callable[[Change], tuple[str, ...]]] = {
    "Model": lambda change: (change.model or "no model", change.seller or "no seller"),
    "Team": lambda change: (change.team or "no team",),
    "Day": lambda change: (str(change.day),),
}
COLUMNS = {"Model": ("Model", "Seller"), "Team": ("Team",), "Day": ("Day",)}


def show_trial(desk: Desk, scope: Scope) -> None:
    """Take a card, pasted or as a file, say what it would change in scope, and add it where that is wanted."""
    with st.expander("Add or try a rate card", icon=":material/add_card:"):
        st.caption(
            "Checked, and priced on the calls in scope; nothing is stored before you add it. How a card is written: "
            "`docs/rates.md`."
        )
        text = _ask()
        if text is None:
            return
        try:
            trial = desk.ask(try_card, text, scope, own_cards(desk.root))
        except WarehouseError as error:
            trial = Trial((str(error),))
        if trial.outcome is None:
            show_problems(trial.problems)
            return
        show_outcome(trial)
        offer_to_keep(desk.root, trial.seller, text, gained=gained_by(trial.outcome), done=_empty)
        st.caption(
            "Calls that have a price keep it. To see them under this card, beside the cost as priced: "
            "`tollbook rerate --card CARD.yaml`."
        )


def show_problems(problems: Sequence[str]) -> None:
    """Every mistake of a card."""
    said = "\n".join(f"- {literal(problem)}" for problem in problems)
    st.error(said, title=f"The card cannot be used: {plural(len(problems), 'mistake')}")


def gained_by(outcome: Outcome) -> int:
    """Calls that had no price and would get one."""
    return sum(change.requests for change in outcome.changes if change.cost is None and change.new_cost is not None)


def _ask() -> str | None:
    """The text of the card; None where there is none, or it is too large or no text."""
    # A new key empties a field once its card is in.
    place = st.session_state.get(PLACE, 0)
    pasted = st.text_area(
        "Card (YAML)", key=f"trial_text_{place}", height=220, max_chars=MOST_MB * 1_000_000, placeholder="seller: ..."
    )
    file = st.file_uploader(
        f"or a file, up to {MOST_MB} MB", type=["yaml", "yml"], max_upload_size=MOST_MB, key=f"trial_file_{place}"
    )
    if file is None:
        return pasted if pasted and pasted.strip() else None
    content = file.getvalue()
    if len(content) > MOST_MB * 1_000_000:
        st.error(f"The file is larger than {MOST_MB} MB.")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        st.error(f"Byte {error.start + 1} of the file is not UTF-8.")
        return None


def _empty() -> None:
    st.session_state[PLACE] = st.session_state.get(PLACE, 0) + 1


def show_outcome(trial: Trial) -> None:
    """What a card that is in order would change: the totals, and the difference by model, team and day."""
    outcome = trial.outcome
    assert outcome is not None
    changed = [change for change in outcome.changes if change.requests]
    gained = sum(change.requests for change in changed if change.cost is None and change.new_cost is not None)
    lost = sum(change.requests for change in changed if change.cost is not None and change.new_cost is None)
    st.success(
        literal(
            f"The card is in order. It prices {plural(outcome.changed, 'call')} of {count(outcome.requests)} in scope "
            f"at another rate; {count(gained)} of them had none"
            + (f", {count(lost)} would lose theirs" if lost else "")
            + ". All other calls stay as they were priced."
        ),
        icon=":material/check_circle:",
    )
    if trial.without_token_price:
        be = "is" if trial.without_token_price == 1 else "are"
        st.caption(
            literal(
                f"{plural(trial.without_token_price, 'call')} of {trial.seller} {be} self-hosted: a card says that it "
                "sells no tokens (token_price: none), and calls are in no re-rate that were loaded while it did. Once "
                f"this card is added, calls of {trial.seller} that are loaded from then on are priced by it. What the "
                "others cost is entered as machines and licences: tollbook charge add."
            )
        )
    elif not changed:
        st.caption("It names no seller and model string of these calls, or says for them what they were priced at.")
    if changed:
        show_difference(outcome, "under the card")


def show_difference(outcome: Outcome, otherwise: str) -> None:
    """As priced and otherwise, in all and by model, team and day."""
    changed = [change for change in outcome.changes if change.requests]
    st.caption("All calls in scope: " + literal("; ".join(_totals(outcome, otherwise))))
    by = st.segmented_control("By", list(VIEWS), default="Model", required=True, key="trial_by")
    _show_changes(changed, by or "Model", otherwise)


def _totals(outcome: Outcome, otherwise: str) -> list[str]:
    """As priced and otherwise, per currency."""
    before = {total.currency: total for total in outcome.before}
    after = {total.currency: total for total in outcome.after}
    said = []
    for currency, found in differences_of(outcome).items():
        old, new = (totals[currency].cost or 0 if currency in totals else 0 for totals in (before, after))
        both = "" if found.both is None else f" ({signed(found.both, currency)} on calls that have a price in both)"
        said.append(f"{money(old, currency)} as priced, {money(new, currency)} {otherwise}{both}")
        said += [each.removesuffix(".") for each in beside_difference(found, currency, money)]
    unpriced = [totals[None].requests if None in totals else 0 for totals in (before, after)]
    if any(unpriced):
        said.append(f"{count(unpriced[0])} without a price now, {count(unpriced[1])} {otherwise}")
    return said


def _show_changes(changed: Sequence[Change], by: str, otherwise: str) -> None:
    """One row per group and pair of currencies: amounts of two currencies are never added."""
    groups: dict[tuple[tuple[str, ...], str | None, str | None], list[Change]] = defaultdict(list)
    for change in changed:
        groups[VIEWS[by](change), change.currency, change.new_currency].append(change)
    column = otherwise.capitalize()
    rows = [_row(by, column, key, held) for key, held in groups.items()]
    if len(rows) > SHOWN_ROWS:
        st.caption(f"The first {SHOWN_ROWS} of {count(len(rows))} rows.")
    st.caption(
        "Calls: those with another rate. The amounts hold calls beside them, too, that keep theirs: of the same day, "
        "model and team."
    )
    right = ["As priced", column, "Difference"]
    show_frame(
        pd.DataFrame(rows[:SHOWN_ROWS]),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        alt=f"What changes {otherwise}, by {by.lower()}",
        column_config={
            **{name: st.column_config.TextColumn(alignment="right") for name in right},
            "Calls": st.column_config.NumberColumn(format="%,d"),
        },
    )


def _row(
    by: str, column: str, key: tuple[tuple[str, ...], str | None, str | None], held: Sequence[Change]
) -> dict[str, str | int]:
    group, currency, new_currency = key
    old = sum(change.cost or 0 for change in held) if currency else None
    new = sum(change.new_cost or 0 for change in held) if new_currency else None
    comparable = old is not None and new is not None and currency == new_currency
    return {
        **dict(zip(COLUMNS[by], group, strict=True)),
        "Calls": sum(change.requests for change in held),
        "As priced": money(old, currency),
        column: money(new, new_currency),
        "Difference": signed((new or 0) - (old or 0), currency) if comparable else "–",
        "Unknown, because": "; ".join(sorted({change.reason for change in held if change.reason})) or "–",
    }


def signed(pico: int, currency: str | None) -> str:
    """A difference with its sign."""
    sign = "+" if pico > 0 else MINUS if pico < 0 else ""
    return f"{sign}{money(abs(pico), currency)}"
