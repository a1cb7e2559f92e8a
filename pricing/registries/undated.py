"""The prices of a registry whose first day it does not give, though a tier that came later has one."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pricing.registries.quote import Quote

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def models_of(quotes: Iterable[Quote]) -> dict[tuple[str, str], list[Quote]]:
    """Quotes by seller and model, each by time."""
    found: dict[tuple[str, str], list[Quote]] = defaultdict(list)
    for quote in sorted(quotes, key=lambda quote: quote.valid_from or _NEVER):
        found[quote.seller, quote.model].append(quote)
    return found


def undated(quotes: Sequence[Quote]) -> list[Quote]:
    """Of one model's quotes by time: the first without a day, and those after it in which only a tier is new."""
    chain: list[Quote] = []
    for quote in quotes:
        if quote.valid_from is not None and (not chain or figures_of(chain[0]) != figures_of(quote)):
            break
        chain.append(quote)
    return chain


def figures_of(quote: Quote) -> str:
    """12 hex digits of the standard figures: evidence for others does not count."""
    steps = [[step.above, sorted(step.per_mtok.items())] for step in quote.context]
    text = json.dumps([sorted(quote.per_mtok.items()), sorted(quote.per_unit.items()), steps])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
