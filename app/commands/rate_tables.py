"""Rates as tables for people and as objects for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.figures import days_since, instant, plain, things
from app.session import plain_table, print_json, print_table
from pricing.meters import METERS

if TYPE_CHECKING:
    from pricing.rates import Rate

SHOWN = ("input", "cache_read", "output")
CARDS = {0: "registry", 1: "shipped", 2: "own", 3: "contract"}
"""Whose a card is, by its precedence."""
OPEN_YEAR = 9999


def print_rates(found: "Sequence[Rate]", now: datetime, as_json: bool, *notes: str) -> None:
    """Rates with their figures, dates and ages."""
    from pricing.terms_text import render_when

    if as_json:
        print_json({"rows": [rate_as_object(rate, now) for rate in found]})
        return
    table = plain_table()
    for name in ("seller", "model"):
        table.add_column(name, overflow="fold")
    for name in SHOWN:
        table.add_column(name.replace("_", " "), justify="right", no_wrap=True)
    for name in ("currency", "when", "from", "until", "checked", "age", "confidence", "card"):
        table.add_column(name, no_wrap=True)
    for rate in found:
        figures = [per_mtok(rate, meter) or "–" for meter in SHOWN]
        dates = [moment_text(rate.valid_from), moment_text(rate.valid_until), str(rate.checked)]
        age = things(days_since(rate.checked, now), "day")
        table.add_row(
            rate.seller,
            rate.model,
            *figures,
            rate.currency,
            render_when(rate) or "always",
            *dates,
            age,
            rate.confidence,
            CARDS[rate.precedence],
        )
    print_table(table, "Per 1,000,000 tokens.", *notes, spare=("card", "until", "checked", "confidence", "age"))


def per_mtok(rate: "Rate", meter: str) -> str | None:
    """A token meter's rate as it is quoted: per 1,000,000 tokens."""
    from pricing.money import format_pico

    pico = rate.pico[METERS.index(meter)]
    return None if pico is None else format_pico(pico * 1_000_000)


def rate_as_object(rate: "Rate", now: datetime) -> dict[str, Any]:
    """Everything there is to know of a rate."""
    from pricing.meters import TOKEN_METERS, UNIT_METERS
    from pricing.money import format_pico

    units = {meter: format_pico(rate.pico[METERS.index(meter)]) for meter in UNIT_METERS}
    return {
        "seller": rate.seller,
        "model": rate.model,
        "aliases": list(rate.strings[1:]),
        "currency": rate.currency,
        "per_mtok": {meter: text for meter in TOKEN_METERS if (text := per_mtok(rate, meter))},
        "per_unit": {meter: text for meter, text in units.items() if text},
        "valid_from": instant(rate.valid_from),
        "valid_until": None if rate.valid_until.year == OPEN_YEAR else instant(rate.valid_until),
        "checked": plain(rate.checked),
        "age_days": days_since(rate.checked, now),
        "confidence": rate.confidence,
        "source": rate.source,
        "note": rate.note,
        **_terms(rate),
        "promotion": rate.promotion,
        "corrects": rate.corrects,
        "sightings": [sighting.model_dump(mode="json") for sighting in rate.sightings],
        "card": rate.card,
        "card_kind": CARDS[rate.precedence],
        "own": rate.precedence >= 2,
    }


def _terms(rate: "Rate") -> dict[str, Any]:
    """Which calls a rate is about, in words and field by field."""
    from pricing.cells import NO_LIMIT
    from pricing.terms_text import render_hours, render_when

    cell = rate.cell
    return {
        "when": render_when(rate),
        "context_from": cell.context_from,
        "context_until": None if cell.context_until == NO_LIMIT else cell.context_until,
        "window": cell.window,
        "zone": cell.zone,
        "hours": render_hours(cell.week),
        "service_tier": cell.tier,
        "for_region": cell.region or None,
        "org": rate.org or None,
        "team": rate.team or None,
    }


def moment_text(at: datetime) -> str:
    """A day where it begins at midnight UTC, else the minute or second too."""
    if at.year == OPEN_YEAR:
        return "open"
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return f"{at:%Y-%m-%d}"
    return f"{at:%Y-%m-%d %H:%M}" if at.second == 0 else f"{at:%Y-%m-%d %H:%M:%S}"
