"""The check of model strings that no card names: those near one that has a rate, with a card that would price them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.doctor import Check, Finding, Patient, counted, some
from app.figures import things

if TYPE_CHECKING:
    from pricing.card_model import Card, Entry
    from pricing.near_names import Near
    from warehouse.rate_book import RateGap

NEAR = "near name"
NO_RATE = "no rate"
HEAD = "# rate_cards/{seller}-names.yaml in the warehouse's folder: only if it is the same model at the same price\n"
LEFT_OUT = {"aliases", "sightings", "note", "corrects"}
"""What of an entry is about its own name."""


def models_without_rate(patient: Patient) -> Iterator[Finding]:
    """Calls that a rate could price: those of a name near one that has a rate, then all others."""
    from warehouse.folder import Folder
    from warehouse.rate_book import read_gaps
    from warehouse.rates import read_cards

    gaps = [gap for gap in read_gaps(patient.reader, patient.scope) if not gap.sells_no_tokens]
    if not gaps:
        return
    cards = read_cards(Folder(patient.root)).all
    rest = []
    for gap in gaps:
        near = _near(gap, cards)
        if near:
            yield _near_finding(gap, near, cards)
        else:
            rest.append(gap)
    if rest:
        calls = sum(gap.requests for gap in rest)
        named = some(counted((f"{gap.model or 'no model'} at {gap.seller}", gap.requests) for gap in rest))
        yield Finding(
            NO_RATE,
            f"{things(calls, 'call')} without a rate, in no amount: {named}",
            "`tollbook rates unpriced --yaml` writes cards to fill in; then `tollbook rerate --unpriced`",
            needs_person=True,
            calls=calls,
            unpriced=calls,
            page="rates",
        )


def _near(gap: "RateGap", cards: "Sequence[Card]") -> "list[Near]":
    """Names of the same seller that a name without any rate may stand for."""
    from pricing.near_names import near_names

    if gap.model is None or gap.known_from is not None or gap.reason != NO_RATE:
        return []
    return near_names(gap.model, (name for card in cards if card.seller == gap.seller for name in _names(card)))


def _names(card: "Card") -> Iterator[str]:
    for model, entries in card.models.items():
        yield model
        for entry in entries:
            yield from entry.aliases


def _near_finding(gap: "RateGap", near: "list[Near]", cards: "Sequence[Card]") -> Finding:
    first, same = near[0], [each for each in near if each.is_same]
    lines = _card(gap, first.name, cards) if same else None
    told = some(f"{each.name} (but for {each.how})" for each in near)
    fix = (
        "look at the model string where it is sent or logged: a name that is not the model's has no rate"
        if lines is None
        else "if it is the same model at the same price, keep the card below, then `tollbook rerate --unpriced`; "
        "else write a card of its own: `tollbook rates unpriced --yaml`"
    )
    return Finding(
        NEAR,
        f"{things(gap.requests, 'call')} of {gap.model} at {gap.seller} without a rate; near to it is {told}",
        fix,
        needs_person=True,
        calls=gap.requests,
        unpriced=gap.requests,
        lines=lines,
        page="rates",
    )


def _card(gap: "RateGap", name: str, cards: "Sequence[Card]") -> str | None:
    """A card of one's own that asks for the string what is asked for the name; the first card that has it counts."""
    import yaml

    for card in cards:
        entries = [
            entry
            for model, held in card.models.items()
            for entry in held
            if card.seller == gap.seller and name in (model, *entry.aliases) and _is_in_force(entry, gap)
        ]
        if entries and card.contract is None:
            models = {gap.model: [_plain(entry) for entry in entries]}
            text = yaml.safe_dump({"seller": gap.seller, "models": models}, sort_keys=False, width=1000)
            return HEAD.format(seller=gap.seller) + text
    return None


def _is_in_force(entry: "Entry", gap: "RateGap") -> bool:
    ends = entry.valid_until is not None and entry.valid_until.date() <= gap.first_day
    return entry.corrects is None and not ends and entry.valid_from.date() <= gap.last_day


def _plain(entry: "Entry") -> dict[str, object]:
    return entry.model_dump(mode="json", exclude_unset=True, exclude=LEFT_OUT)


NAMES = (Check((NEAR, NO_RATE), models_without_rate),)
