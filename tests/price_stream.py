"""A stream of price changes over generated traffic: as own cards, and apart from those as plain integers."""

import csv
import gzip
import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

FIELDS = ("input", "cache_read", "cache_write", "output")
"""Of the stream's fields, those that are meters. Its `reasoning` is none: reasoning is part of the output."""
NOTHING: tuple[int | None, ...] = (None,) * len(FIELDS)
EVIDENCE = {"source": "a stream of price changes", "checked": "2026-01-01", "confidence": "article", "note": "observed"}
DAY = timedelta(days=1)


class Event(NamedTuple):
    """A figure, or its end, from an instant (naive UTC) on."""

    at: datetime
    seller: str
    model: str
    field: str
    pico: int | None
    """Per token, rounded half to even; None: no rate from here on."""


class Call(NamedTuple):
    """One generated call; tokens of the prompt that were neither read from nor written to a cache are fresh."""

    name: str
    at: datetime
    seller: str
    model: str
    tokens: tuple[int, int, int, int]
    """As in FIELDS."""


Figures = tuple[int | None, ...]
"""As in FIELDS."""
Prices = dict[tuple[str, str], list[tuple[datetime, Figures]]]
"""By seller and model, every instant at which something changed and what holds from then on."""


def read_events(path: Path, sellers: Iterable[str] | None = None) -> list[Event]:
    """The events of a file in its order, of all sellers or of some."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    wanted = None if sellers is None else frozenset(sellers)
    events = [_event(row) for row in csv.DictReader(text.splitlines()) if row["field"] in FIELDS]
    return [event for event in events if wanted is None or event.seller in wanted]


def _event(row: dict[str, str]) -> Event:
    _, seller, path = row["file"].removesuffix(".toml").split("/", 2)
    at = datetime.fromisoformat(row["date"]).astimezone(UTC).replace(tzinfo=None)
    # Dollars per million tokens; `round` of a fraction is half to even.
    pico = round(Fraction(row["new"]) * 10**6) if row["new"] else None
    return Event(at, seller, path.removeprefix("models/").replace(" ", "_"), row["field"], pico)


def add_events(prices: Prices, events: Iterable[Event]) -> set[tuple[str, str]]:
    """Take later events in, those of one instant in their order; gives the models that they are about."""
    touched = set()
    for event in events:
        steps = prices.setdefault((event.seller, event.model), [])
        figures = list(steps[-1][1] if steps else NOTHING)
        figures[FIELDS.index(event.field)] = event.pico
        if steps and steps[-1][0] == event.at:
            steps.pop()
        assert not steps or steps[-1][0] < event.at, "the stream is not in order"
        steps.append((event.at, tuple(figures)))
        touched.add((event.seller, event.model))
    return touched


def price_at(prices: Prices, call: Call) -> tuple[datetime, Figures] | None:
    """What holds for a call, and since when; None where the stream gives it no figure."""
    steps = prices.get((call.seller, call.model), [])
    place = bisect_right(steps, call.at, key=lambda step: step[0])
    return steps[place - 1] if place and steps[place - 1][1] != NOTHING else None


def cost_at(prices: Prices, call: Call) -> int | None:
    """Pico-units of what a call costs, in plain integers; None where a figure is missing that it needs."""
    found = price_at(prices, call)
    if found is None:
        return None
    cost = 0
    for tokens, pico in zip(call.tokens, found[1], strict=True):
        if tokens and pico is None:
            return None
        cost += tokens * (pico or 0)
    return cost


def card_of(seller: str, prices: Prices) -> dict[str, Any]:
    """A seller's own card: a new entry for every change; nothing for the time in which all figures are gone."""
    models = {}
    for (whose, model), steps in prices.items():
        if whose == seller and (entries := _entries(steps)):
            models[model] = entries
    return {"seller": seller, "models": models}


def _entries(steps: Sequence[tuple[datetime, Figures]]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for at, figures in steps:
        if figures != NOTHING:
            per_mtok = {name: _quoted(pico) for name, pico in zip(FIELDS, figures, strict=True) if pico is not None}
            entries.append({"valid_from": f"{at:%Y-%m-%dT%H:%M:%SZ}", "currency": "USD", "per_mtok": per_mtok})
            entries[-1] |= EVIDENCE
        elif entries and "valid_until" not in entries[-1]:
            entries[-1]["valid_until"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return entries


def _quoted(pico: int) -> str:
    return f"{pico // 10**6}.{pico % 10**6:06d}"


def traffic(prices: Prices, changed: Sequence[Event], begins: datetime, days: int, draw: random.Random) -> list[Call]:
    """Calls of a stretch of days: at and around each change, and some of every model that had one before."""
    instants = [(e.seller, e.model, e.at + timedelta(seconds=off)) for e in changed for off in (-1, 0, 1)]
    known = sorted(prices)
    for seller, model in draw.sample(known, min(len(known), 20 * days)):
        instants.append((seller, model, begins + timedelta(seconds=draw.randrange(days * 86_400))))
    inside = sorted({place for place in instants if begins <= place[2] < begins + days * DAY})
    return [
        Call(f"{begins:%Y%m%d}-{number}", at, seller, model, _tokens(draw))
        for number, (seller, model, at) in enumerate(inside)
    ]


def _tokens(draw: random.Random) -> tuple[int, int, int, int]:
    cached, written = draw.choice([0, 0, draw.randrange(200_000)]), draw.choice([0, 0, 0, draw.randrange(9_000)])
    return draw.randrange(40_000), cached, written, draw.randrange(4_000)


def line_of(call: Call) -> dict[str, Any]:
    """A call as a line of a log."""
    fresh, cached, written, output = call.tokens
    prompt = fresh + cached + written
    usage: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}
    usage["prompt_tokens_details"] = {"cached_tokens": cached, "cache_write_tokens": written}
    body = {"id": call.name, "model": call.model, "usage": usage}
    return {"time": f"{call.at:%Y-%m-%dT%H:%M:%SZ}", "seller": call.seller, "response": body}


def stretches(events: Sequence[Event], days: int) -> Iterator[tuple[datetime, list[Event]]]:
    """The stretches of so many days (from a midnight, UTC) in which anything changed, with their events."""
    first = events[0].at.replace(hour=0, minute=0, second=0)
    found: dict[datetime, list[Event]] = defaultdict(list)
    for event in events:
        found[first + (event.at - first) // (days * DAY) * days * DAY].append(event)
    yield from sorted(found.items())
