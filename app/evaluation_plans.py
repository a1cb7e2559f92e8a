"""What an evaluation will cost on each seller, from the cards in force; and plans from a file."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from analysis.evaluation_plan import Kind, Plan
from app.session import UserMistake
from pricing.call_terms import CallTerms
from pricing.cost import cost_of
from pricing.meters import Usage
from pricing.rates import Rate
from pricing.spans import RateFinder
from warehouse.folder import Folder
from warehouse.rates import compile_rates, read_cards

HEAD = ("kind", "tasks", "calls", "input_tokens", "cached_tokens", "output_tokens", "fails")
MOST = 1_000_000_000
"""Nobody tries more, and a price of it would mean nothing."""


class Offer(NamedTuple):
    """One seller's price of a plan, in pico-units; unknown where a kind has no rate, and then ``why`` says which."""

    seller: str
    model: str
    currency: str | None
    one_pass: int | None
    """Of all tiers once, what is meant to fail charged in full."""
    whole: int | None
    failing: int | None
    """Of ``whole``, what is charged only if the seller charges failures."""
    why: str | None
    confidence: str | None
    checked: str | None


def offers(plan: Plan, models: Sequence[str], root: Path, at: datetime) -> list[Offer]:
    """Every seller's price of the models whose name contains one of these, the cheapest of a currency first."""
    rates = [
        rate
        for rate in compile_rates(read_cards(Folder(root)))
        if any(text in string for text in models for string in rate.strings)
        and rate.valid_from <= at < rate.valid_until
    ]
    sold = sorted({(rate.seller, rate.model) for rate in rates})
    finder = RateFinder(rates)
    found = [_offer(plan, seller, model, finder, at) for seller, model in sold]
    return sorted(found, key=lambda offer: (offer.currency or "~", offer.whole is None, offer.whole or 0))


def _offer(plan: Plan, seller: str, model: str, finder: RateFinder, at: datetime) -> Offer:
    whole = failing = 0
    used: list[Rate] = []
    for kind in plan.kinds:
        rate = finder.find(CallTerms(seller, model, at, kind.input))
        cost = cost_of(Usage(kind.input - kind.cached, kind.cached or None, output=kind.output), rate)
        if cost.pico is None or rate is None:
            why = f"{kind.name}: {cost.unpriced_reason}"
            return Offer(seller, model, rate.currency if rate else None, None, None, None, why, None, None)
        used.append(rate)
        pico = cost.pico * kind.calls * kind.tasks * plan.tiers
        whole += pico
        failing += pico if kind.fails else 0
    rate = min(used, key=lambda rate: rate.checked)
    return Offer(
        seller, model, rate.currency, whole, whole * plan.passes, failing * plan.passes, None,
        rate.confidence, str(rate.checked),
    )  # fmt: skip


def template_text(kinds: Iterable[Kind]) -> str:
    """A plan as a CSV, to be changed and read again."""
    rows = [",".join(map(str, (*kind[:6], "yes" if kind.fails else "no"))) for kind in kinds]
    return "\n".join((",".join(HEAD), *rows)) + "\n"


def read_plan(path: Path) -> tuple[Kind, ...]:
    """The kinds of a plan; raises UserMistake with the line of what cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserMistake(f"{path}: {getattr(error, 'strerror', None) or 'it is no text in UTF-8'}") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if missing := [name for name in HEAD[:6] if name not in (reader.fieldnames or ())]:
        raise UserMistake(f"{path.name}: no column {missing[0]!r}; tollbook effort plan --template shows them all")
    kinds = tuple(_kind(row, f"{path.name}: line {reader.line_num}") for row in reader)
    if not kinds:
        raise UserMistake(f"{path.name}: there is no kind of task in it")
    return kinds


def _kind(row: dict[str, str], where: str) -> Kind:
    counts: dict[str, int] = {}
    for name in HEAD[1:6]:
        text = (row[name] or "").strip()
        least = 1 if name in ("tasks", "calls") else 0
        if not text.isdecimal() or not least <= int(text) <= MOST:
            raise UserMistake(f"{where}: {name} {text!r} is no count from {least} to {MOST:,}")
        counts[name] = int(text)
    if counts["cached_tokens"] > counts["input_tokens"]:
        raise UserMistake(f"{where}: {counts['cached_tokens']} cached tokens are more than all of the input")
    fails = (row.get("fails") or "").strip().lower() in ("yes", "true", "1")
    return Kind._make((row["kind"], *counts.values(), fails))
