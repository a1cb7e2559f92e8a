"""What may be changed: where traffic goes, and how much of what there is; every control answers at once."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.scenario_data import Bought, Market, Route, cache_share
from app.components.scenario_state import about, changed, keep, keep_about
from warehouse.rate_sellers import family_of

SOURCES = {"guess": "a guess", "claim": "claimed", "measured": "measured"}
ALL = Route("", "")
"""All calls, whoever's."""
MOST_VOLUME = 400
HIGHEST_SHARE = (
    "It can be no higher than prompts begin alike: `tollbook prefix-cache` tells how high, of a file of prompts."
)


def controlled(key: str, value: Any) -> str:
    """A control's key, with the control showing what the scenario says."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def share_text(percent: int) -> str:
    """A percentage as a scenario has it: 30 is "0.3"."""
    return f"{Decimal(percent) / 100:f}"


def percent_of(share: str) -> int:
    """A scenario's share as a percentage, as near as a slider can show it."""
    return int((Decimal(share) * 100).to_integral_value())


def show_move(bought: Sequence[Bought], market: Market) -> None:
    """From where, to where, how much, and how many tokens a task takes there."""
    move = changed("move")
    start, end, share = "move_from", "move_to", "move_share"
    routes = [ALL, *(each.route for each in bought)]
    where = (move or {}).get("where", {})
    source = Route(where.get("seller", ""), where.get("model", "")) if move else st.session_state.get("move_idle", ALL)
    target = Route(move["seller"], move["model"]) if move else None

    def take() -> None:
        _take_move(move, st.session_state[start], st.session_state[end], st.session_state.get(share, 100))

    st.selectbox(
        "Move calls of", _with(routes, source), key=controlled(start, source), format_func=_route_text, on_change=take
    )
    st.selectbox(
        "to",
        _with(_targets(source, bought, market), target),
        index=None,
        key=controlled(end, target),
        format_func=_route_text,
        placeholder="Stay where they are",
        on_change=take,
    )
    if move is None:
        return
    st.slider(
        "Share moved", 0, 100, step=1, format="%d%%", on_change=take,
        key=controlled(share, percent_of(move.get("share", "1"))),
    )  # fmt: skip
    _show_tokens(move)


def show_about(bought: Sequence[Bought]) -> None:
    """Which calls the changes below are about."""
    move, where = changed("move"), about()
    moved = [Route(move["seller"], move["model"])] if move else []
    now = Route(where.get("seller", ""), where.get("model", ""))
    routes = list(dict.fromkeys([ALL, *moved, *(each.route for each in bought)]))

    def take() -> None:
        keep_about(_where(st.session_state["change_about"]))

    st.selectbox(
        "Also change, for",
        _with(routes, now),
        key=controlled("change_about", now),
        format_func=_route_text,
        on_change=take,
        help="Calls that are moved are changed where they go to.",
    )


def show_main(bought: Sequence[Bought]) -> None:
    """The cache share and the volume."""
    share = cache_share(bought, about())
    if share is not None:
        _slider("cache", "Cache share", (0, 100), round(100 * share), read=_cache_reader(share), write=_cached,
                suffix=f"now {100 * share:.1f}%", hint=HIGHEST_SHARE)  # fmt: skip
    _slider("volume", "Volume", (0, MOST_VOLUME), 100, read=_volume, write=_more, step=5)


def _slider(  # noqa: PLR0913 - what it changes, how it looks, and both ways between the two
    kind: str,
    label: str,
    span: tuple[int, int],
    neutral: int,
    *,
    read: Callable[[dict[str, Any]], int],
    write: Callable[[int], dict[str, Any]],
    step: int = 1,
    suffix: str = "",
    hint: str | None = None,
) -> None:
    """A slider of percentages; where it stands for what is, it changes nothing."""
    change, key = changed(kind), f"change_{kind}"
    value = min(span[1], max(span[0], read(change))) if change else neutral

    def take() -> None:
        chosen = st.session_state[key]
        keep(kind, None if chosen == neutral else write(chosen))

    text = f"{label}, {suffix}" if suffix else label
    st.slider(text, *span, step=step, format="%d%%", key=controlled(key, value), on_change=take, help=hint)


def _cache_reader(share: float) -> Callable[[dict[str, Any]], int]:
    def read(change: dict[str, Any]) -> int:
        return percent_of(change["share"]) if "share" in change else round(100 * share * float(change["times"]))

    return read


def _cached(percent: int) -> dict[str, Any]:
    return {"kind": "cache", "share": share_text(percent)}


def _volume(change: dict[str, Any]) -> int:
    return percent_of(change["times"])


def _more(percent: int) -> dict[str, Any]:
    return {"kind": "volume", "times": share_text(percent)}


def _show_tokens(move: dict[str, Any]) -> None:
    """How many tokens the same task takes there, and who says so."""
    ratio = move.get("output", {"value": "1"})
    sides = {side: Decimal(move.get(side, {}).get("value", "1")) for side in ("input", "output")}
    source = SOURCES[ratio.get("source", "guess")]
    said = "as many" if set(sides.values()) == {Decimal(1)} else " and ".join(
        f"{value:f}× {side}" for side, value in sides.items() if value != 1
    )  # fmt: skip
    with st.popover(f"Tokens per task there: {said}, {source}", icon=":material/straighten:", width="stretch"):
        st.caption("Another model may take more or fewer tokens for the same task. Only you can know: measure it.")
        for side, value in sides.items():
            st.number_input(
                f"{side.capitalize()} tokens there for one here", 0.0, 20.0, step=0.05, format="%.2f",
                key=controlled(f"move_{side}", float(value)), on_change=_take_ratio,
            )  # fmt: skip
        st.segmented_control(
            "Whose word", list(SOURCES), format_func=SOURCES.__getitem__, required=True, on_change=_take_ratio,
            key=controlled("move_source", ratio.get("source", "guess")),
        )  # fmt: skip


def _take_ratio() -> None:
    move = changed("move") or {}
    for side in ("input", "output"):
        value = Decimal(str(st.session_state[f"move_{side}"])).quantize(Decimal("0.0001")).normalize()
        move[side] = {"value": f"{value:f}", "source": st.session_state["move_source"]}
    keep("move", move)


def _take_move(move: dict[str, Any] | None, source: Route, target: Route | None, share: int) -> None:
    if target is None:
        st.session_state["move_idle"] = source
        keep("move", None)
        return
    where = {name: value for name, value in ((move or {}).get("where") or {}).items() if name == "team"}
    said = {**(move or {}), "kind": "move", **target._asdict(), "share": share_text(share)}
    keep("move", {**said, "where": where | _where(source)})


def _targets(source: Route, bought: Sequence[Bought], market: Market) -> list[Route]:
    """Where calls could go: the same model elsewhere first, then what is bought already, then everything priced."""
    family = family_of(source.model)
    same = [route for route in market.routes if family_of(route.model) == family] if source.model else []
    known = [each.route for each in bought if each.route in market.rates]
    return [route for route in dict.fromkeys([*same, *known, *market.routes]) if route != source]


def _where(route: Route) -> dict[str, str]:
    return {name: value for name, value in route._asdict().items() if value}


def _with(routes: Sequence[Route], chosen: Route | None) -> list[Route]:
    """The routes offered, and the one that is chosen, should it be another."""
    return list(routes) if chosen is None or chosen in routes else [chosen, *routes]


def _route_text(route: Route) -> str:
    return " · ".join(part for part in (route.model, route.seller) if part) or "all models and sellers"
