"""Writes ``rate_cards/schema.json``, by which editors check a card: ``python -m pricing.schema``."""

import json
from pathlib import Path

from pricing.card import Card

SCHEMA = Path(__file__).parent / "rate_cards" / "schema.json"


def render_schema() -> str:
    """The JSON schema of a card, as the file holds it."""
    return json.dumps(Card.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(render_schema(), encoding="utf-8")
