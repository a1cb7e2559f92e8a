"""What the changes of one entry must not say: figures left out, tiers that are the same, hours named twice."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from pricing.card_fields import same_as
from pricing.card_model import Entry
from pricing.card_terms import STANDARD, Change, ContextTier, Window
from pricing.meters import TokenMeter


def find_same_as_problems(per_mtok: Mapping[TokenMeter, str]) -> Iterator[str]:
    """Figures that point at a meter without a figure of its own."""
    figures = {str(meter): figure for meter, figure in per_mtok.items()}
    for meter, figure in figures.items():
        target = same_as(figure)
        pointed = figures.get(target or "")
        if target is not None and (pointed is None or same_as(pointed)):
            yield f"{meter} is `same_as {target}`, but {target} has no figure of its own"


def find_term_problems(entry: Entry) -> Iterator[str]:
    """Mistakes in the context tiers, windows, service tiers and regions of an entry."""
    yield from _find_context_problems("context", entry.context)
    for place, change in changes(entry):
        yield from (f"{place}: {problem}" for problem in _find_change_problems(change, entry))
    yield from _find_window_problems(entry.windows)
    for name, tier in entry.service_tiers.items():
        yield from _find_context_problems(f"service_tiers: {name}: context", tier.context)
        if name == STANDARD:
            yield f"service_tiers: {name} is what the entry itself says"
        if tier.per_mtok and tier.multiply is None and ((entry.context and not tier.context) or entry.windows):
            yield (
                f"service_tiers: {name}: its own figures leave open what long inputs or other hours cost; "
                "give `multiply`, or its own `context`"
            )


def changes(entry: Entry) -> Iterator[tuple[str, Change]]:
    """Every change of an entry, with its place in words."""
    for tier in entry.context:
        yield f"context from {tier.least_tokens:,} tokens", tier
    for window in entry.windows:
        yield f"windows: {window.name}", window
    for name, service in entry.service_tiers.items():
        yield f"service_tiers: {name}", service
        for tier in service.context:
            yield f"service_tiers: {name}: context from {tier.least_tokens:,} tokens", tier
    for name, region in entry.regions.items():
        yield f"regions: {name}", region


def _find_change_problems(change: Change, entry: Entry) -> Iterator[str]:
    if change.multiply is None and not change.per_mtok and not change.per_unit:
        yield "it changes nothing; give `multiply` or `per_mtok`"
    left_out = [meter for meter in entry.per_mtok if meter not in change.per_mtok]
    if change.per_mtok and change.multiply is None and left_out:
        yield f"it leaves out {', '.join(left_out)}; give every meter that the entry has, or `multiply`"
    yield from find_same_as_problems(change.per_mtok)


def _find_context_problems(place: str, tiers: Sequence[ContextTier]) -> Iterator[str]:
    for tier in tiers:
        if (tier.above is None) == (tier.at_least is None):
            yield f"{place}: give either `above` or `at_least`"
    least = [tier.least_tokens for tier in tiers]
    if least != sorted(set(least)):
        yield f"{place}: the tiers do not rise from one to the next"


def _find_window_problems(windows: Sequence[Window]) -> Iterator[str]:
    for one, other in combinations(windows, 2):
        if one.name == other.name:
            yield f"windows: two are called {one.name}"
        if one.zone != other.zone:
            yield f"windows: {one.name} and {other.name} have different zones; write the hours of one of them"
        elif any(a < end and begin < b for a, b in one.week for begin, end in other.week):
            yield f"windows: {one.name} and {other.name} overlap"
