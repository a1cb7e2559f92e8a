"""Cards of one's own that say different things of the same calls: which one meant it cannot be told."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from pricing.card_model import Card
from pricing.card_terms import Discount
from pricing.rates import OPEN, PRECEDENCE, Rate, compile_card, is_about, to_naive


def find_rivals(cards: Sequence[Card]) -> Iterator[str]:
    """Entries of two files that start together with other figures, and discounts of two files at the same time."""
    rates = [rate for card in cards for rate in compile_card(card, precedence=PRECEDENCE["own"])]
    yield from sorted(set(_rival_entries(rates)))
    given = [(card, discount) for card in cards for discount in card.discounts]
    for (one, first), (other, second) in combinations(given, 2):
        if one.file != other.file and _whose(one) == _whose(other) and _meet(first, second):
            yield (
                f"{one.file} and {other.file} both have a discount at {one.seller} for the same calls: "
                "end one before the other begins, or write both into one card"
            )


def find_idle(cards: Sequence[Card], rates: Sequence[Rate]) -> Iterator[str]:
    """Discounts that come to nothing, because no list rate has a name that they give."""
    for card in cards:
        for discount in card.discounts:
            known = [rate for rate in rates if rate.seller == card.seller and rate.precedence < PRECEDENCE["contract"]]
            for name in discount.models:
                if not any(is_about(discount.model_copy(update={"models": (name,)}), rate) for rate in known):
                    yield f"{card.file}: no rate of {card.seller} is called {name}: the discount on it comes to nothing"
            if not known:
                yield f"{card.file}: {card.seller} has no list rates: its discount comes to nothing"


def _rival_entries(rates: Iterable[Rate]) -> Iterator[str]:
    first: dict[tuple[object, ...], Rate] = {}
    for rate in rates:
        for string in rate.strings:
            whose = (rate.seller, string, rate.valid_from, rate.precedence, rate.org, rate.team, rate.correction)
            held = first.setdefault(whose, rate)
            if held.card != rate.card and held.entry != rate.entry:
                yield (
                    f"{held.card} and {rate.card} both say what {string} costs at {rate.seller} from "
                    f"{rate.valid_from:%Y-%m-%dT%H:%M:%SZ}: take it out of one of them, or let one begin later"
                )


def _whose(card: Card) -> tuple[str, str | None, str | None]:
    contract = card.contract
    return card.seller, contract.org if contract else None, contract.team if contract else None


def _meet(one: Discount, other: Discount) -> bool:
    """Whether both hold at some time for some model: one that names none is for all."""
    models = not one.models or not other.models or set(one.models) & set(other.models)
    starts = max(to_naive(one.valid_from), to_naive(other.valid_from))
    ends = min(to_naive(each.valid_until) if each.valid_until else OPEN for each in (one, other))
    return bool(models) and starts < ends
