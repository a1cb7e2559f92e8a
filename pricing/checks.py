"""What a rate card must not say although every field of it is sound. Each mistake is one message."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from pricing.card_fields import same_as
from pricing.card_model import BillingRule, Card, Entry
from pricing.card_terms import Discount
from pricing.money import parse_rate
from pricing.term_checks import find_same_as_problems, find_term_problems

Step = TypeVar("Step", Entry, BillingRule, Discount)


def find_card_problems(card: Card) -> Iterator[str]:
    """Mistakes of the card as a whole and of its billing rules."""
    if card.token_price == "none" and card.note is None:
        yield "`token_price: none` needs a `note` that says what it costs instead"
    if card.discounts and card.contract is None:
        yield "`discounts` need a `contract` that says whose they are"
    if card.token_price == "none" and card.models:
        yield f"`token_price: none` and rates for {', '.join(card.models)} exclude each other"
    for rule in card.billing:
        yield from _prefixed("billing", _find_rule_problems(rule))
    for name in sorted({name for part in card.discounts for name in part.models or ("",)}):
        same = [part for part in card.discounts if name in (part.models or ("",))]
        yield from _prefixed(f"discounts: {name}" if name else "discounts", find_overlaps(same))
    yield from _prefixed("billing", find_overlaps(card.billing))
    yield from _prefixed("billing", find_gaps(card.billing))


def find_entry_problems(entry: Entry) -> Iterator[str]:
    """Mistakes within one entry."""
    if not entry.per_mtok and not entry.per_unit:
        yield f"the entry from {_z(entry.valid_from)} prices nothing"
    if entry.promotion and entry.valid_until is None:
        yield f"the promotion from {_z(entry.valid_from)} has no valid_until"
    broken = list(find_same_as_problems(entry.per_mtok))
    yield from broken
    yield from find_term_problems(entry)
    if not broken:
        yield from _find_dear_cache_reads(entry)


def find_overlaps(steps: Sequence[Step]) -> Iterator[str]:
    """Steps that end before they start, start together, or end after the next one has started."""
    for step in steps:
        if step.valid_until is not None and step.valid_until <= step.valid_from:
            yield f"valid_until {_z(step.valid_until)} is not after valid_from {_z(step.valid_from)}"
    for one, other in pairwise(sorted(steps, key=_start)):
        if one.valid_from == other.valid_from:
            yield f"two entries start at {_z(one.valid_from)}"
        elif one.valid_until is not None and one.valid_until > other.valid_from:
            yield (
                f"the entry from {_z(one.valid_from)} until {_z(one.valid_until)} "
                f"overlaps the one from {_z(other.valid_from)}"
            )


def find_correction_problems(entries: Sequence[Entry]) -> Iterator[str]:
    """Corrections of nothing."""
    first = min((entry.valid_from for entry in entries if entry.corrects is None), default=None)
    for entry in entries:
        if entry.corrects is not None and first is None:
            yield f"the entry from {_z(entry.valid_from)} has `corrects`, but there is no other entry"


def find_gaps(steps: Sequence[Step]) -> Iterator[str]:
    """Stretches between two steps that nothing covers and no note on either side explains."""
    for one, other in pairwise(sorted(steps, key=_start)):
        explained = one.note or other.note
        if one.valid_until is not None and one.valid_until < other.valid_from and not explained:
            yield (
                f"gap from valid_until {_z(one.valid_until)} to valid_from {_z(other.valid_from)}; "
                "say why in `note` or close it"
            )


def find_region_problems(entries: Sequence[Entry]) -> Iterator[str]:
    """Entries of one model for several regions: what is charged would depend on more than seller and time."""
    regions = sorted({entry.region or "any" for entry in entries})
    if len(regions) > 1:
        yield (
            f"rates for the regions {', '.join(regions)}; a seller has one per model: "
            "write one card per region, each a seller of its own"
        )


def find_name_problems(models: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    """Model strings and aliases of a seller that do not select exactly one model."""
    owners = {model: model for model in models}
    for model, entries in models.items():
        for alias in sorted({alias for entry in entries for alias in entry.aliases}):
            if alias == model:
                yield f"{model}: alias {alias} is its own model string"
            elif alias in owners:
                yield f"{model}: alias {alias} also names {owners[alias]}"
            owners.setdefault(alias, model)
        if any(len(set(entry.aliases)) < len(entry.aliases) for entry in entries):
            yield f"{model}: an alias appears twice in one entry"


def _find_rule_problems(rule: BillingRule) -> Iterator[str]:
    for status in sorted(set(rule.charged) & set(rule.not_charged)):
        yield f"status {status} is both charged and not charged"
    if not rule.charged and not rule.not_charged:
        yield f"the rule from {_z(rule.valid_from)} names no status"


def _find_dear_cache_reads(entry: Entry) -> Iterator[str]:
    read, fresh = entry.per_mtok.get("cache_read"), entry.per_mtok.get("input")
    if read is None or fresh is None or same_as(read) or same_as(fresh) or entry.note is not None:
        return
    if parse_rate(read) > parse_rate(fresh):
        yield f"cache_read {read} is above input {fresh}; say why in `note` or correct it"


def _prefixed(prefix: str, problems: Iterator[str]) -> Iterator[str]:
    return (f"{prefix}: {problem}" for problem in problems)


def _start(step: Entry | BillingRule | Discount) -> datetime:
    return step.valid_from


def _z(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
