"""A rate card with one entry, written from what a person says in a form; its mistakes are told by who reads it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from pricing.meters import UNIT_METERS

HEAD = "# Figures per 1,000,000 tokens; those under per_unit for each.\n"


class CardDraft(NamedTuple):
    """What a seller asks for one model from a day on."""

    seller: str
    model: str
    first: date
    until: datetime | None
    """From then on another card has the say (naive UTC). None: nothing is known of an end."""
    currency: str
    prices: Mapping[str, str]
    """By meter, as they were typed in; what is empty is left out."""
    source: str
    checked: date
    confidence: str
    note: str = ""


def write_draft(draft: CardDraft) -> str:
    """The card as YAML."""
    prices = {meter: figure.strip() for meter, figure in draft.prices.items() if figure.strip()}
    units = {meter: prices.pop(meter) for meter in map(str, UNIT_METERS) if meter in prices}
    lines = [f"valid_from: {draft.first.isoformat()}T00:00:00Z"]
    if draft.until is not None:
        lines.append(f"valid_until: {draft.until.replace(tzinfo=UTC):%Y-%m-%dT%H:%M:%SZ}")
    lines += [f"currency: {_text(draft.currency)}", f"per_mtok: {_figures(prices)}"]
    lines += [f"per_unit: {_figures(units)}"] if units else []
    lines += [f"source: {_text(draft.source)}", f"checked: {draft.checked.isoformat()}"]
    lines += [f"confidence: {draft.confidence}"]
    lines += [f"note: {_text(draft.note)}"] if draft.note.strip() else []
    entry = "\n      ".join(lines)
    return f"{HEAD}seller: {_text(draft.seller)}\nmodels:\n  {_text(draft.model)}:\n    - {entry}\n"


def _figures(figures: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{meter}: {_text(figure)}' for meter, figure in figures.items())}}}"


def _text(text: str) -> str:
    """Quoted as JSON quotes it, which YAML reads as the same text."""
    return json.dumps(text.strip(), ensure_ascii=False)
