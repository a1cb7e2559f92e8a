"""models.dev: its ``api.json``, US dollars per 1,000,000 tokens, by provider and model, without dates.

A price of 0 for input and output is a trial or unknown unless the model's name says that it is free.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pricing.registries.names import MODELS_DEV, seller_name
from pricing.registries.quote import (
    FREE,
    ROUNDED,
    UNSAID,
    Figures,
    Quote,
    Reading,
    Skipped,
    Step,
    Unsayable,
    decimal_of,
    is_rounded,
    per_mtok_text,
    reading,
    unsaid,
)
from pricing.registries.source import RegistryError, read_json

METERS = {
    "input": "input",
    "output": "output",
    "cache_read": "cache_read",
    "cache_write": "cache_write",
    "input_audio": "input_audio",
    "output_audio": "output_audio",
}
_SUBSCRIPTIONS = ("-coding-plan", "-token-plan", "-coding-plan-cn", "-token-plan-cn")
_OVER_200K = 200_000
BOUNDARY = "The registry says 'over 200k' of any boundary from there on; the true one may be higher."


def read_models_dev(path: Path) -> Reading:
    """Every model with a price; raises RegistryError for a file of another shape."""
    document = read_json(path)
    providers = document.values() if isinstance(document, dict) else ()
    if not isinstance(document, dict) or not all(isinstance(_as_map(item).get("models"), dict) for item in providers):
        raise RegistryError(f"{path.name}: not models.dev's api.json: it has no providers with models")
    quotes: list[Quote] = []
    skipped: list[Skipped] = []
    for provider, listed in document.items():
        if any(part in provider for part in _SUBSCRIPTIONS):
            continue
        seller = seller_name(provider, MODELS_DEV)
        for model, item in listed["models"].items():
            try:
                quotes.append(_quote(seller, model, _as_map(_as_map(item).get("cost")), path.name))
            except Unsayable as reason:
                skipped.append(Skipped(seller, model, str(reason)))
    return reading(quotes, skipped)


def _quote(seller: str, model: str, cost: Mapping[str, Any], file: str) -> Quote:
    base = _figures(cost)
    source = f"models.dev, {file}"
    if not base.get("input"):
        if not cost:
            raise Unsayable("it has no price")
        if not model.endswith(":free"):
            raise Unsayable("0 is a trial or unknown, not a price")
        return Quote(seller, model, {"input": "0", "output": "0"}, source, notes=(FREE,))
    reasoning = decimal_of(cost.get("reasoning"))
    if reasoning is not None and reasoning != base.get("output"):
        raise Unsayable("reasoning has a price of its own")
    steps = _steps(cost)
    lost = unsaid(base, steps.values())
    base = {meter: value for meter, value in base.items() if meter not in lost}
    every = [*base.values(), *(value for cell in steps.values() for value in cell.values())]
    return Quote(
        seller=seller,
        model=model,
        per_mtok=_texts(base),
        context=tuple(Step(size, _texts(base | _among(cell, base))) for size, cell in sorted(steps.items())),
        source=source,
        notes=tuple(_notes(cost, lost, every)),
    )


def _steps(cost: Mapping[str, Any]) -> dict[int, dict[str, Decimal]]:
    """Figures by what the context must exceed. Where ``tiers`` is given, ``context_over_200k`` only repeats it."""
    tiers = cost.get("tiers")
    if isinstance(tiers, list):
        found: dict[int, dict[str, Decimal]] = {}
        for item in tiers:
            tier = _as_map(_as_map(item).get("tier"))
            if tier.get("type", "context") != "context" or not isinstance(tier.get("size"), int):
                raise Unsayable("its tiers are not by context")
            found[tier["size"]] = _figures(item)
        return found
    over = _figures(_as_map(cost.get("context_over_200k")))
    return {_OVER_200K: over} if over else {}


def _notes(cost: Mapping[str, Any], lost: Iterable[str], every: Iterable[Decimal]) -> Iterator[str]:
    if is_rounded(every):
        yield ROUNDED
    if "context_over_200k" in cost and "tiers" not in cost:
        yield BOUNDARY
    if lost:
        yield UNSAID.format(meters=", ".join(sorted(lost)))


def _among(cell: Mapping[str, Decimal], base: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {meter: value for meter, value in cell.items() if meter in base}


def _figures(cost: Mapping[str, Any]) -> dict[str, Decimal]:
    """What is priced; 0 is unknown, or never asked, and stays absent."""
    return {meter: value for name, meter in METERS.items() if (value := decimal_of(cost.get(name)))}


def _texts(figures: Mapping[str, Decimal]) -> Figures:
    return {meter: per_mtok_text(value) for meter, value in figures.items()}


def _as_map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
