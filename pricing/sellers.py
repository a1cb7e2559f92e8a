"""Who bills a call, by the URL it went to. A model's name never selects a seller."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from pricing.card import Card

_DEFAULT_PORTS = {"http": 80, "https": 443}

_Place = tuple[str, str, int | None, tuple[str, ...]]


def seller_of(base_url: str, cards: Iterable[Card]) -> tuple[str | None, str | None]:
    """Seller and region of the longest URL prefix that ``base_url`` starts with; None, None without one.

    Scheme and host are compared without case, the path by whole segments: ``https://api.stepfun.ai/v1``
    takes ``/v1/chat/completions``, but neither ``/v10`` nor ``/step_plan/v1``, which is a subscription. Of
    two cards with the same prefix the first wins: hand over a user's own cards before the shipped ones.
    """
    place = _place(base_url)
    seller, region, longest = None, None, -1
    for card in cards:
        for prefix in card.base_urls:
            known = _place(prefix.url)
            if known and place and _holds(known, place) and len(known[3]) > longest:
                seller, region, longest = card.seller, prefix.region, len(known[3])
    return seller, region


def starts_with(base_url: str, prefix: str) -> bool:
    """Whether an address is the prefix or lies under it."""
    known, place = _place(prefix), _place(base_url)
    return known is not None and place is not None and _holds(known, place)


def _holds(prefix: _Place, place: _Place) -> bool:
    return prefix[:3] == place[:3] and place[3][: len(prefix[3])] == prefix[3]


def _place(url: str) -> _Place | None:
    """Scheme, host, port and path segments; None for text that is no URL with a host."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    segments = tuple(segment for segment in parts.path.split("/") if segment)
    return parts.scheme, host, port or _DEFAULT_PORTS.get(parts.scheme), segments
