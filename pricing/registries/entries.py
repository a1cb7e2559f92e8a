"""From a quote to the entry of a rate card, and to the YAML that a person reads."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from pricing.meters import METERS
from pricing.registries.quote import Change, Figures, Quote, Step

JsonObject = dict[str, Any]

_PLAIN = re.compile(r"[A-Za-z0-9@][A-Za-z0-9 ._/@+-]*")
_NOT_TEXT = re.compile(r"[0-9.+_-]*|null|true|false|yes|no|on|off|y|n|~|[0-9]+[eEx:].*", re.IGNORECASE)


class Since(NamedTuple):
    """When an entry begins, and why then."""

    at: datetime
    checked: date
    why: str | None = None


def entry_of(quote: Quote, since: Since) -> JsonObject:
    """The entry of a rate card, its keys in the order of the documentation."""
    notes = [*quote.notes, *([since.why] if since.why else [])]
    entry: JsonObject = {
        "valid_from": instant_text(since.at),
        "currency": quote.currency,
        "aliases": list(quote.aliases),
        "per_mtok": _ordered(quote.per_mtok),
        "per_unit": _ordered(quote.per_unit),
        "context": _context(quote.context, quote.per_mtok),
        "windows": [
            {"name": window.name, "zone": "UTC", "hours": dict(window.hours), "per_mtok": _ordered(window.per_mtok)}
            for window in quote.windows
        ],
        "service_tiers": {name: _tier(change, quote) for name, change in quote.service_tiers.items()},
        "source": quote.source,
        "checked": since.checked.isoformat(),
        "confidence": "registry",
        "note": " ".join(notes),
    }
    if quote.windows:  # What a tier costs in those hours no registry says.
        entry["service_tiers"] = {}
    return {key: value for key, value in entry.items() if value}


def instant_text(at: datetime) -> str:
    """An instant as cards write it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def only(quote: Quote, meters: Iterable[str]) -> Quote:
    """The quote without the meters that are not among these."""
    kept = set(meters)

    def less(figures: Figures) -> Figures:
        return {meter: figure for meter, figure in figures.items() if meter in kept}

    def steps(context: Sequence[Step]) -> tuple[Step, ...]:
        return tuple(Step(step.above, less(step.per_mtok)) for step in context)

    return quote._replace(
        per_mtok=less(quote.per_mtok),
        per_unit=less(quote.per_unit),
        context=steps(quote.context),
        service_tiers={
            name: Change(less(change.per_mtok), steps(change.context)) for name, change in quote.service_tiers.items()
        },
        windows=tuple(window._replace(per_mtok=less(window.per_mtok)) for window in quote.windows),
    )


def card_text(header: Sequence[str], card: JsonObject) -> str:
    """A card as YAML: one line a key, figures and lists in braces."""
    lines = [f"# {line}".rstrip() for line in header]
    lines += ["# yaml-language-server: $schema=../schema.json"]
    lines += [f"{key}: {_scalar(card[key])}" for key in ("seller", "name", "note") if card.get(key)]
    if card.get("base_urls"):
        lines += ["base_urls:", *(f"  - {_flow(place)}" for place in card["base_urls"])]
    lines += ["models:"]
    for model, entries in card["models"].items():
        lines += [f"  {_scalar(model)}:", *entries_text(entries)]
    return "\n".join(lines) + "\n"


def entries_text(entries: Iterable[JsonObject]) -> list[str]:
    """The lines of a model's entries."""
    lines = []
    for entry in entries:
        marks = ["    - ", *["      "] * (len(entry) - 1)]
        lines += [f"{mark}{key}: {_flow(value)}" for mark, (key, value) in zip(marks, entry.items(), strict=True)]
    return lines


def _ordered(figures: Figures) -> dict[str, str]:
    return {meter: figures[meter] for meter in METERS if meter in figures}


def _context(steps: Sequence[Step], base: Figures) -> list[JsonObject]:
    """Steps by their boundary; one token less than a round thousand is written "at least"."""
    found: list[JsonObject] = []
    for step in steps:
        boundary = {"at_least": step.above + 1} if step.above % 1000 == 999 else {"above": step.above}
        factor = _factor(base, step.per_mtok)
        found.append(boundary | ({"multiply": factor} if factor else {"per_mtok": _ordered(step.per_mtok)}))
    return found


def _tier(change: Change, quote: Quote) -> JsonObject:
    """A factor where one fits every figure; else every figure, and the steps of the standard tier repeated."""
    mine = {step.above: step.per_mtok for step in change.context}
    steps = [Step(step.above, mine.get(step.above, change.per_mtok)) for step in quote.context]
    steps += [step for step in change.context if step.above not in {known.above for known in quote.context}]
    factors = {_factor(quote.per_mtok, change.per_mtok)}
    factors |= {_factor(step.per_mtok, other.per_mtok) for step, other in zip(quote.context, steps, strict=False)}
    factor = factors.pop() if len(factors) == 1 and len(steps) == len(quote.context) else None
    if factor:
        return {"multiply": factor}
    own: JsonObject = {"per_mtok": _ordered(change.per_mtok)}
    return own | ({"context": [_absolute(step) for step in steps]} if steps else {})


def _absolute(step: Step) -> JsonObject:
    boundary = {"at_least": step.above + 1} if step.above % 1000 == 999 else {"above": step.above}
    return boundary | {"per_mtok": _ordered(step.per_mtok)}


def _factor(base: Figures, changed: Figures) -> str | None:
    """The short factor that takes every figure of ``base`` exactly to the changed one; None where there is none."""
    if base.keys() != changed.keys() or not base or not Fraction(base["input"]):
        return None
    factor = Fraction(changed["input"]) / Fraction(base["input"])
    if factor == 1 or any(Fraction(base[meter]) * factor != Fraction(changed[meter]) for meter in base):
        return None
    text = next((f"{float(factor):.{digits}f}" for digits in (0, 1, 2) if factor * 10**digits % 1 == 0), None)
    return text if text and Fraction(text) == factor else None


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    """Text bare where YAML takes it for text, else quoted; whole numbers as they are."""
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", text):
        return text
    if _PLAIN.fullmatch(text) and not _NOT_TEXT.fullmatch(text) and not text.endswith(" ") and text[0] != "@":
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
