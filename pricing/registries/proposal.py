"""What a registry would add to our cards: a diff that a person reads, and the entries that follow from it.

A proposal that is newer than what we have starts when the registry says; one that contradicts it starts on the day it
was seen. Nothing is changed: an entry is only ever added after the last one. Where one of our own or the shipped cards
has the say, an imported entry would change nothing, and where the registry does not know what we know (a batch price),
it would make that unknown: both are shown and not written.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from pricing.card_model import Card
from pricing.card_terms import STANDARD
from pricing.meters import BASE_METER
from pricing.rates import PRECEDENCE, Rate, to_naive
from pricing.registries.compare import Ours, Verdict, compare
from pricing.registries.entries import JsonObject, Since, entry_of, instant_text
from pricing.registries.quote import Quote, midnight
from pricing.registries.undated import models_of, undated


class Proposal(NamedTuple):
    """A new or changed rate, from when on, and why it cannot be written (None: it can)."""

    verdict: Verdict
    since: datetime
    obstacle: str | None

    @property
    def quote(self) -> Quote:
        """The registry's price."""
        return self.verdict.quote


def propose(
    ours: Ours, quotes: Iterable[Quote], imported: Mapping[str, Card], *, now: datetime, seen: date
) -> list[Proposal]:
    """What is new or differs, by seller, model and start; ``imported`` are the imported cards by seller.

    ``now`` is naive UTC, ``seen`` the day of the registry's words. A price that ended before is proposed only where we
    have none for its first day.
    """
    found: list[Proposal] = []
    for quote, starts in _with_starts(quotes):
        if not quote.per_mtok and not quote.per_unit:
            continue
        has_ended = quote.valid_until is not None and to_naive(quote.valid_until) <= now
        if has_ended and starts is None:
            continue
        verdict = compare(ours, quote, starts if starts and (has_ended or starts > now) else now)
        if verdict.kind == "agree" or (has_ended and verdict.kind != "missing"):
            continue
        since = _start(verdict.rate, starts, seen)
        obstacle = _obstacle(verdict, since, imported.get(quote.seller)) or _loss(ours, verdict)
        found.append(Proposal(verdict, since, obstacle))
    return found


def _with_starts(quotes: Iterable[Quote]) -> Iterator[tuple[Quote, datetime | None]]:
    """Quotes by seller, model and time, each with the first day (naive UTC) that the registry gives its figures."""
    for _, together in sorted(models_of(quotes).items()):
        chain = undated(together)
        for number, quote in enumerate(together):
            dated = quote.valid_from is not None and number >= len(chain)
            yield quote, to_naive(quote.valid_from) if dated and quote.valid_from else None


def digest_of(proposals: Sequence[Proposal]) -> str:
    """8 hex digits of a diff: it is applied only as it was shown."""
    shown = [
        [item.quote.seller, item.quote.model, str(item.since), item.obstacle, item.verdict.rows] for item in proposals
    ]
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()[:8]


def added(card: Card | None, document: Mapping[str, Any], proposals: Iterable[Proposal], seen: date) -> JsonObject:
    """A seller's imported card with the proposals' entries behind those it has; none of those is touched.

    ``card`` and ``document`` are the same file, read and as written; None and {} where there is none yet.
    """
    models = {str(name): list(entries) for name, entries in document.get("models", {}).items()}
    owners = _owners(card)
    for item in sorted(proposals, key=lambda item: (item.quote.model, item.since)):
        model = owners.setdefault(item.quote.model, item.quote.model)
        taken = {alias for alias, owner in owners.items() if owner != model}
        quote = item.quote._replace(aliases=tuple(alias for alias in item.quote.aliases if alias not in taken))
        owners |= dict.fromkeys((alias for alias in quote.aliases if alias != model), model)
        entry = entry_of(quote, Since(item.since, quote.checked or seen))
        if quote.valid_until is not None:  # What follows may be another card's.
            entry = {"valid_from": entry.pop("valid_from"), "valid_until": instant_text(quote.valid_until), **entry}
            entry.setdefault("note", "What follows is in the next entry, or in another card.")
        models.setdefault(model, []).append(entry)
    head = {key: value for key, value in document.items() if key != "models"}
    return {**head, "models": dict(sorted(models.items()))}


def _obstacle(verdict: Verdict, since: datetime, card: Card | None) -> str | None:
    rate = verdict.rate
    if rate is not None and rate.precedence > PRECEDENCE["registry"]:
        return f"{rate.card} has the say"
    last = _last_start(card, verdict.quote.model)
    if last is not None and last >= since:
        return f"an imported entry starts on {last:%Y-%m-%d}"
    return None


def _loss(ours: Ours, verdict: Verdict) -> str | None:
    """What we know and the registry does not: an entry of its own would make it unknown."""
    quote = verdict.quote
    if verdict.rate is None:
        return None
    tiers, meters = ours.offers(quote.seller, quote.model, at=verdict.at)
    derived = {meter for meter, base in BASE_METER.items() if base in quote.per_mtok}
    lacking = sorted(tiers - {STANDARD} - set(quote.service_tiers))
    lacking += sorted(meters - set(quote.per_mtok) - set(quote.per_unit) - derived)
    return f"it does not say our {', '.join(lacking)}" if lacking else None


def _last_start(card: Card | None, string: str) -> datetime | None:
    """When the last entry that an imported card has for a model string starts."""
    if card is None:
        return None
    entries = card.models.get(_owners(card).get(string, string), ())
    return max((entry.valid_from for entry in entries), default=None)


def _start(rate: Rate | None, starts: datetime | None, seen: date) -> datetime:
    if starts is not None and (rate is None or starts > rate.valid_from):
        return starts.replace(tzinfo=UTC)
    return midnight(seen)


def _owners(card: Card | None) -> dict[str, str]:
    if card is None:
        return {}
    names = {model: model for model in card.models}
    aliases = {alias: name for name, entries in card.models.items() for entry in entries for alias in entry.aliases}
    return aliases | names
