"""The entries of one model as bars in time, on a line for each kind of card, with corrections and promotions marked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app import theme
from app.components.formats import day
from app.components.rate_evidence import card_word
from app.components.rate_terms import terms_of
from pricing.cells import ANY
from warehouse.booked_rates import BookedEntry

BAR_COLOURS = {"contract": theme.PURPLE, "own": theme.GREEN, "shipped": theme.BLUE, "registry": theme.OTHER}
MILLISECONDS = 1000
BARS_SHARE = 0.34
"""How much of the height the bars take, with the room above them."""


def lane_of(entry: BookedEntry) -> str:
    """The line of bars that an entry stands on: whose word, and whose calls."""
    base = entry.base
    whose = " ".join(name for name in (base.org, base.team) if name != ANY)
    correction = " correction" if base.correction else ""
    return f"{card_word(base)}{correction}{f', {whose}' if whose else ''}"


def lanes_of(chain: Sequence[BookedEntry]) -> list[str]:
    """Those that go first on top."""
    ranked = sorted(chain, key=lambda entry: (-entry.base.precedence, -bool(entry.base.correction), lane_of(entry)))
    return list(dict.fromkeys(lane_of(entry) for entry in ranked))


def bars(chain: Sequence[BookedEntry], horizon: datetime, now: datetime) -> list[dict[str, Any]]:
    """Every entry from its start to its end; pale where it prices nothing at any time."""
    traces = []
    for entry in chain:
        base = entry.base
        ends = min(base.valid_until, horizon)
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [lane_of(entry)],
                "base": [base.valid_from.isoformat()],
                "x": [max((ends - base.valid_from).total_seconds(), 0) * MILLISECONDS],
                "yaxis": "y2",
                "showlegend": False,
                "width": 0.62,
                "opacity": 1 if entry.stretches else 0.35,
                "marker": {
                    "color": BAR_COLOURS[card_word(base).split()[0]],
                    "line": {"color": theme.ink().paper, "width": 1},
                },
                "hovertemplate": f"{_bar_text(entry, now)}<extra></extra>",
            }
        )
    return traces


def _bar_text(entry: BookedEntry, now: datetime) -> str:
    """What stands beside the pointer; texts of a card are cut, and are no markup."""
    base = entry.base
    until = "open" if entry.is_open else day(base.valid_until)
    lines = [
        f"{day(base.valid_from)} to {until}, {entry.state(now)}",
        *terms_of(entry),
        *(text for text in (base.corrects, base.promotion) if text),
        f"{base.card}, {base.confidence}",
    ]
    return "<br>".join(_plain(line) for line in lines)


def _plain(text: str, longest: int = 80) -> str:
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    for sign, harmless in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%{", "% {")):
        cut = cut.replace(sign, harmless)
    return cut


def correction_marks(chain: Sequence[BookedEntry]) -> list[dict[str, Any]]:
    """A diamond where a correction begins."""
    corrections = [entry for entry in chain if entry.base.corrects is not None]
    if not corrections:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Correction",
            "x": [entry.base.valid_from.isoformat() for entry in corrections],
            "y": [lane_of(entry) for entry in corrections],
            "yaxis": "y2",
            "marker": {
                "symbol": "diamond",
                "size": 11,
                "color": theme.VERMILION,
                "line": {"width": 1, "color": "white"},
            },
            "customdata": [_plain(entry.base.corrects or "") for entry in corrections],
            "hovertemplate": "Correction: %{customdata}<extra></extra>",
        }
    ]


def today_line(now: datetime) -> list[dict[str, Any]]:
    """The present, or the moment that is looked at, from top to bottom."""
    line = {"color": theme.ink().soft, "width": 1.5, "dash": "dot"}
    return [
        {"type": "line", "x0": now.isoformat(), "x1": now.isoformat(), "y0": 0, "y1": 1, "yref": "paper", "line": line}
    ]


def promotion_shades(chain: Sequence[BookedEntry], horizon: datetime) -> list[dict[str, Any]]:
    """A shade over the time of each promotion."""
    return [
        {
            "type": "rect",
            "x0": entry.base.valid_from.isoformat(),
            "x1": min(entry.base.valid_until, horizon).isoformat(),
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "fillcolor": theme.GREEN,
            "opacity": 0.13,
            "line": {"width": 0},
            "layer": "below",
        }
        for entry in chain
        if entry.base.promotion is not None
    ]


def labels(chain: Sequence[BookedEntry], now: datetime, moment: str) -> list[dict[str, Any]]:
    """What the line of the moment and the ends of promotions are."""
    plain = {"yref": "paper", "showarrow": False, "font": {"size": 12, "color": theme.ink().soft}}
    today = {
        **plain,
        "x": now.isoformat(),
        "y": BARS_SHARE - 0.04,
        "yanchor": "middle",
        "xanchor": "right",
        "text": f"{moment} ",
    }
    ends = [
        {**plain, "x": entry.base.valid_until.isoformat(), "y": 0.99, "yanchor": "top", "xanchor": "right",
         "text": f"promotion until {day(entry.base.valid_until)} "}
        for entry in chain
        if entry.base.promotion is not None and not entry.is_open
    ]  # fmt: skip
    return [today, *ends]
