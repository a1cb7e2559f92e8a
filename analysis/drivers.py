"""What drove a change in cost: which part of the traffic, and which of the things that cost is made of.

Two cuts of the same difference, each of them whole. By part: what each model, team and seller cost more or less. By
cause: calls x tokens per call x price per token, one after the other, so that the causes add up to the difference.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

Cause = Literal["model", "team", "seller", "requests", "retries", "tokens per request", "cache share", "mix", "price"]
FRESH, CACHED = 0, 1
PARTS: tuple[Literal["model", "team", "seller"], ...] = ("model", "team", "seller")
WORTH_TELLING = Fraction(1, 10)
"""Of the whole difference."""


class Part(NamedTuple):
    """Traffic of one seller, model and team over some days, with what it cost in pico-units by class."""

    seller: str | None
    model: str | None
    team: str | None
    requests: int
    tokens: tuple[int, ...]
    """Fresh input, read from a cache, written to one, output."""
    costs: tuple[int, ...]
    """Of the same classes, then of what is charged by units."""


class Span(NamedTuple):
    """The traffic of some days."""

    days: int
    parts: tuple[Part, ...]
    retries: int
    """Calls that were a second or later attempt."""


class Driver(NamedTuple):
    """One cause, with its share of the difference in pico-units a day, and what it was and is a day."""

    cause: Cause
    name: str | None
    """Of a model, team or seller."""
    pico: Fraction
    was: Fraction | None
    now: Fraction | None


class _Sum(NamedTuple):
    """A day's traffic on average: all of it, or that of one seller's model."""

    requests: Fraction
    tokens: tuple[Fraction, ...]
    costs: tuple[Fraction, ...]

    @property
    def cost(self) -> Fraction:
        return sum(self.costs, Fraction(0))


def drivers(before: Span, now: Span) -> list[Driver]:
    """What made the days differ from those before, the largest first; what hardly matters is left out."""
    found = [*parts(before, now), *causes(before, now)]
    whole = abs(_sum(now.parts, now.days).cost - _sum(before.parts, before.days).cost)
    worth = [driver for driver in found if driver.pico and abs(driver.pico) >= WORTH_TELLING * whole]
    return sorted(worth, key=lambda driver: -abs(driver.pico))


def parts(before: Span, now: Span) -> Iterable[Driver]:
    """What each named model, team and seller cost more or less."""
    for kind in PARTS:
        names = {getattr(part, kind) for span in (before, now) for part in span.parts}
        # The only one there is has all of the difference, and says nothing.
        for name in sorted(filter(None, names)) if len(names) > 1 else ():
            was, is_now = (
                _sum([part for part in span.parts if getattr(part, kind) == name], span.days).cost
                for span in (before, now)
            )
            yield Driver(kind, name, is_now - was, was, is_now)


def causes(before: Span, now: Span) -> list[Driver]:
    """Each in its turn takes today's value, the others before it have it already; they add up to the difference."""
    old, new = _sum(before.parts, before.days), _sum(now.parts, now.days)
    tried, retried = Fraction(before.retries, before.days), Fraction(now.retries, now.days)
    per_call = _ratio(old.cost, old.requests)
    size, new_size = _ratio(sum(old.tokens), old.requests), _ratio(sum(new.tokens), new.requests)
    per_token = _ratio(old.cost, sum(old.tokens))
    if per_call is None:
        return [Driver("requests", None, new.cost - old.cost, old.requests, new.requests)]
    first, first_now = old.requests - tried, new.requests - retried
    found = [
        Driver("requests", None, (first_now - first) * per_call, first, first_now),
        Driver("retries", None, (retried - tried) * per_call, tried, retried),
    ]
    if new_size is None:
        return found
    if per_token is None or size is None:
        return [*found, Driver("mix", None, new.cost - new.requests * per_call, None, None)]
    found.append(Driver("tokens per request", None, new.requests * (new_size - size) * per_token, size, new_size))
    as_before = sum(new.tokens) * per_token
    return [*found, *_prices(before, now, as_before)]


def _prices(before: Span, now: Span, as_before: Fraction) -> list[Driver]:
    """What a token costs: by what is read from a cache, by what else is used, and by the rates themselves."""
    old, new = _by_model(before), _by_model(now)
    at_old_rates = cache = Fraction(0)
    for key, used in new.items():
        known = old.get(key)
        rates = _rates(used, known)
        at_old_rates += sum((count * rate for count, rate in zip(used.tokens, rates, strict=True)), used.costs[-1])
        if known and (share := _cache_share(known)) is not None:
            read = used.tokens[CACHED] - share * (used.tokens[FRESH] + used.tokens[CACHED])
            cache += read * (rates[CACHED] - rates[FRESH])
    was, is_now = _cache_share(_sum(before.parts, before.days)), _cache_share(_sum(now.parts, now.days))
    cost = sum((used.cost for used in new.values()), Fraction(0))
    return [
        Driver("cache share", None, cache, was, is_now),
        Driver("mix", None, at_old_rates - as_before - cache, None, None),
        Driver("price", None, cost - at_old_rates, at_old_rates, cost),
    ]


def _rates(used: _Sum, known: _Sum | None) -> list[Fraction]:
    """What a token of each class cost before; what it costs now where none was used."""
    rates = []
    for number, count in enumerate(used.tokens):
        before = _ratio(known.costs[number], known.tokens[number]) if known else None
        rates.append(before if before is not None else _ratio(used.costs[number], count) or Fraction(0))
    return rates


def _cache_share(used: _Sum) -> Fraction | None:
    return _ratio(used.tokens[CACHED], used.tokens[FRESH] + used.tokens[CACHED])


def _by_model(span: Span) -> dict[tuple[str | None, str | None], _Sum]:
    key: Callable[[Part], tuple[str | None, str | None]] = lambda part: (part.seller, part.model)  # noqa: E731
    keys = dict.fromkeys(map(key, span.parts))
    return {wanted: _sum([part for part in span.parts if key(part) == wanted], span.days) for wanted in keys}


def _sum(parts: Sequence[Part], days: int) -> _Sum:
    return _Sum(
        Fraction(sum(part.requests for part in parts), days),
        tuple(Fraction(sum(column), days) for column in zip(*(part.tokens for part in parts), strict=True))
        or (Fraction(0),) * 4,
        tuple(Fraction(sum(column), days) for column in zip(*(part.costs for part in parts), strict=True))
        or (Fraction(0),) * 5,
    )


def _ratio(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    return Fraction(part) / whole if whole else None
