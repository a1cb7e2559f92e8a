"""All budgets at a glance, the worst first: a bar of what was spent and may be spent, against the amount."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from app import theme
from app.budget_notes import at_most
from app.budget_words import chance_text, scope_text, span_text
from app.budgets import Stood
from app.components.budget_data import BUDGET
from app.components.cards import Card, show_cards
from app.components.formats import literal, money
from planning.standing import State

LOOKS: dict[State, tuple[str, str]] = {
    "over": ("red", ":material/error:"),
    "likely over": ("orange", ":material/warning:"),
    "at risk": ("yellow", ":material/visibility:"),
    "no forecast": ("gray", ":material/help:"),
    "on track": ("green", ":material/check_circle:"),
    "not begun": ("gray", ":material/schedule:"),
    "ended": ("gray", ":material/flag:"),
}
"""How each state is marked; its word always stands beside the colour."""
WIDEST = 1.6
"""A band is drawn to so many times what else is drawn; a longer one is cut."""


def show_budget_cards(stood: Sequence[Stood]) -> None:
    """How many stand how."""
    states = [each.standing.state for each in stood]
    named: tuple[tuple[State, str], ...] = (
        ("over", "spent more than the amount"),
        ("likely over", "in half of the paths or more"),
        ("at risk", "in a tenth of the paths or more"),
        ("on track", "in fewer than a tenth"),
    )
    show_cards([Card(state.capitalize(), (str(states.count(state)),), note) for state, note in named])


def show_all_budgets(stood: Sequence[Stood]) -> None:
    """One row per budget."""
    st.html(_legend())
    for each in stood:
        with st.container(border=True):
            _show_row(each)


def show_badge(state: State) -> None:
    """The state's word in its colour."""
    colour, icon = LOOKS[state]
    st.badge(state.capitalize(), color=colour, icon=icon)  # type: ignore[arg-type] # one of its own colours


def _show_row(each: Stood) -> None:
    place = each.standing
    budget = place.budget
    name, bar, figures = st.columns((3, 5, 3), vertical_alignment="center", gap="xsmall")
    with name, st.container(gap="xxsmall"):
        if st.button(literal(budget.name), key=f"open_{budget.number}", type="tertiary", icon=":material/savings:"):
            st.query_params[BUDGET] = str(budget.number)
            st.rerun()
        about = [span_text(budget, place.span), scope_text(budget.scope), budget.owner]
        st.caption(literal(" · ".join(part for part in about if part)))
    with bar:
        st.html(bar_html(each))
    with figures, st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_badge(place.state)
            st.markdown(f"**{literal(_spent_of(each))}**")
        st.caption(literal(_outlook(each)))


def _spent_of(each: Stood) -> str:
    place = each.standing
    code = place.budget.currency
    return f"{money(place.spent, code)} of {at_most(each)}{money(place.amount, code)}"


def _outlook(each: Stood) -> str:
    """What is to come, in one line."""
    place = each.standing
    code = place.budget.currency
    parts = []
    if place.projected and place.state != "ended":
        parts.append(f"projected {money(place.projected.median, code)}")
    if place.breaks and place.breaks.happened:
        parts.append(f"over since {place.breaks.median}")
    elif place.state in ("likely over", "at risk"):
        within = "" if place.span.last else " within three months"
        parts.append(f"{chance_text(place.probability)} to exceed{within}")
        parts += [f"around {place.breaks.median}"] if place.breaks else []
    if place.why_not and place.state == "no forecast":
        parts.append(place.why_not)
    if each.unpriced_ahead:
        parts.append(f"without {chance_text(each.unpriced_ahead)} of the projected calls, which have no rate")
    return " · ".join(parts) or f"{at_most(each)}{money(place.left, code)} left"


def bar_html(each: Stood) -> str:
    """Spent, projected and its band, and the amount as a line; what it says in words for who cannot see it."""
    place = each.standing
    colours = theme.ink()
    drawn = max(place.amount, place.spent, place.projected.median if place.projected else 0, 1)
    band = place.projected
    most = max(drawn, min(band.high, int(drawn * WIDEST))) if band else drawn

    def share(pico: int) -> float:
        return round(100 * min(max(pico, 0), most) / most, 2)

    ahead = band is not None and place.state != "ended"
    parts = []
    if band and ahead:
        parts.append(_piece(share(place.spent), share(band.median), 25, 50, f"{theme.SKY}88"))
        cut = f"linear-gradient(to right,{colours.soft} 80%,transparent)" if band.high > most else colours.soft
        parts.append(_piece(share(band.low), share(band.high), 46, 8, cut))
    parts.append(_piece(0, share(min(place.spent, max(place.amount, 0))), 25, 50, theme.BLUE))
    if place.spent > place.amount:
        parts.append(_piece(share(place.amount), share(place.spent), 25, 50, theme.VERMILION))
    parts.append(
        f'<div style="position:absolute;left:calc({share(place.amount)}% - 2px);width:3px;top:8%;height:84%;'
        f'border-radius:2px;background:{colours.strong}"></div>'
    )
    said = escape(f"{place.budget.name}: {_spent_of(each)}; {_outlook(each)}", quote=True)
    return (
        f'<div role="img" aria-label="{said}" style="position:relative;height:30px;border-radius:6px;'
        f"margin:2px clamp(0px,1.5vw,24px) 2px 0;"
        f'background:{colours.line}66">{"".join(parts)}</div>'
    )


def _piece(first: float, last: float, top: int, height: int, colour: str) -> str:
    return (
        f'<div style="position:absolute;left:{first}%;width:{max(last - first, 0):.2f}%;top:{top}%;height:{height}%;'
        f'border-radius:3px;background:{colour}"></div>'
    )


def _legend() -> str:
    colours = theme.ink()
    swatches = (
        (theme.BLUE, "12px", "spent"),
        (theme.VERMILION, "12px", "spent beyond the amount"),
        (f"{theme.SKY}88", "12px", "projected"),
        (colours.soft, "3px", "80% band"),
    )
    marks = [
        f'<span style="display:inline-flex;align-items:center;gap:6px"><span style="display:inline-block;width:18px;'
        f'height:{height};border-radius:3px;background:{colour}"></span>{name}</span>'
        for colour, height, name in swatches
    ]
    marks.append(
        f'<span style="display:inline-flex;align-items:center;gap:6px"><span style="display:inline-block;width:3px;'
        f'height:16px;border-radius:2px;background:{colours.strong}"></span>amount</span>'
    )
    return (
        f'<div style="display:flex;flex-wrap:wrap;gap:4px 18px;font-size:0.875rem;color:{colours.soft}">'
        f"{''.join(marks)}</div>"
    )
