"""The genai-prices package (MIT): prices with first days, context tiers, service tiers and hours, US dollars.

Only the installed package is read, never its downloads. It is imported where it is needed, because it is optional.
What it says of time: a later price starts on a date; the first has none. Its hours know neither weekdays nor dates, so
they are taken for the newest price alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import import_module, metadata
from typing import Any, NamedTuple

from pricing.registries.genai_figures import at_context, figures_of, notes_of, priced_keys, steps_of
from pricing.registries.genai_strings import strings_of
from pricing.registries.names import GENAI_PRICES, seller_name
from pricing.registries.quote import (
    DAYS,
    Change,
    Quote,
    Reading,
    Skipped,
    Unsayable,
    Window,
    midnight,
    reading,
)
from pricing.registries.source import RegistryError

MISSING = "genai-prices is not installed: pip install genai-prices, or install tollbook with its extra, registry"

_TIERS = {"batch": "batch", "flex": "flex", "priority": "priority", "fast": "fast"}
_QUICK = ("priority", "fast")
_LENDERS = {"anthropic", "openai"}
"""Whose list prices Azure asks. The package borrows those of more makers, and other registries know Azure's own."""
_CONVERTED = {
    "databricks": "it is billed in units of the seller's own, whose price depends on the region",
    "zhipuai": "it is billed in CNY, and the registry converts",
}
"""A figure is never converted: what the registry has computed from another currency is no price."""


class Package(NamedTuple):
    """The installed package: its providers as it ships them, and its version."""

    providers: Sequence[Any]
    version: str


def installed() -> Package:
    """The package as installed; raises RegistryError, saying how to get it, where it is not."""
    try:
        return Package(import_module("genai_prices.data").providers, metadata.version("genai-prices"))
    except (ImportError, metadata.PackageNotFoundError) as error:
        raise RegistryError(MISSING) from error


def read_genai_prices(package: Package | None = None) -> Reading:
    """Every price of the package: one quote for each stretch between two of its dates."""
    package = package or installed()
    quotes: list[Quote] = []
    skipped: list[Skipped] = []
    for provider in package.providers:
        for model, is_lent in _models(provider, package.providers):
            for seller in _sellers(provider.id, model.id):
                if provider.id in _CONVERTED:
                    skipped.append(Skipped(seller, model.id, _CONVERTED[provider.id]))
                    continue
                try:
                    quotes += _quotes(seller, provider, model, is_lent, f"genai-prices {package.version}")
                except Unsayable as reason:
                    skipped.append(Skipped(seller, model.id, str(reason)))
    return reading(quotes, skipped)


def _sellers(provider: str, model: str) -> tuple[str, ...]:
    """Google's two: the Gemini API does not sell what others made; Vertex AI sells both."""
    if provider != "google":
        return (seller_name(provider, GENAI_PRICES),)
    return ("google-vertex",) if "claude" in model or model.endswith("-maas") else ("google", "google-vertex")


def _models(provider: Any, providers: Sequence[Any]) -> Iterator[tuple[Any, bool]]:
    """The provider's models, then those that Azure sells at their maker's prices; the package lends no tiers."""
    yield from ((model, False) for model in provider.models)
    if provider.id == "azure":
        lenders = _LENDERS & set(getattr(provider, "fallback_model_providers", None) or ())
        makers = [maker for name in sorted(lenders) for maker in providers if maker.id == name]
        seen = list(provider.models)
        for model in (model for maker in makers for model in maker.models):
            if not any(known.is_match(model.id) for known in seen):
                yield model, True
            seen.append(model)


def _quotes(seller: str, provider: Any, model: Any, is_lent: bool, source: str) -> Iterator[Quote]:
    name, aliases = strings_of(seller, model, provider)
    prices = model.prices if isinstance(model.prices, list) else [_Always(model.prices)]
    variants = (
        [] if is_lent else [variant for variant in getattr(model, "price_variants", None) or () if _tier_name(variant)]
    )
    days = sorted({day for item in (*prices, *variants) if (day := _first_day(item)) is not None})
    if is_lent and any(_hours(item) for item in prices):
        raise Unsayable("its maker's hours are not the seller's")
    for start, end in zip([None, *days], [*days, None], strict=True):
        hours = [item for item in prices if _hours(item)] if end is None else []
        yield Quote(
            seller=seller,
            model=name,
            aliases=aliases,
            valid_from=None if start is None else midnight(start),
            valid_until=None if end is None else midnight(end),
            source=source,
            **figures_of(_standard(prices, start), name),
            service_tiers=_service_tiers(_standard(prices, start), variants, start),
            windows=tuple(_window(item) for item in hours),
            notes=notes_of(_standard(prices, start), hours),
        )


class _Always(NamedTuple):
    prices: Any
    constraint: Any = None


def _first_day(item: Any) -> date | None:
    day = getattr(item.constraint, "start_date", None)
    return day if isinstance(day, date) else None


def _hours(item: Any) -> bool:
    return hasattr(item.constraint, "start_time")


def _standard(prices: Sequence[Any], day: date | None) -> Any:
    """The price in force from a day on: of those that have started, the last in the list, as the package has it."""
    started = [item for item in prices if not _hours(item) and _has_started(item, day)]
    return (started or prices[:1])[-1].prices


def _has_started(item: Any, day: date | None) -> bool:
    first = _first_day(item)
    return first is None or (day is not None and first <= day)


def _tier_name(variant: Any) -> str | None:
    """``batch``, ``flex``, ``priority`` or ``fast``; None for what no log calls a tier."""
    if set(variant.when) not in ({"processing"}, {"service_tier"}, {"speed"}):
        return None
    return _TIERS.get(next(iter(variant.when.values())))


def _service_tiers(standard: Any, variants: Sequence[Any], day: date | None) -> Mapping[str, Change]:
    found: dict[str, Change] = {}
    for variant in variants:
        name = _tier_name(variant)
        if name and name not in found and _has_started(variant, day) and _says_long(name, standard, variant):
            priced = priced_keys(standard) | priced_keys(variant.prices)
            base = at_context(priced, 0)
            found[name] = Change(base, steps_of(priced))
    return found


def _says_long(name: str, standard: Any, variant: Any) -> bool:
    """Whether it is known what the tier asks for long inputs, where those cost more: quick ones take none."""
    return name in _QUICK or not steps_of(priced_keys(standard)) or bool(steps_of(priced_keys(variant.prices)))


def _window(item: Any) -> Window:
    start, end = item.constraint.start_time, item.constraint.end_time
    if start.utcoffset() or end.utcoffset():
        raise Unsayable("its hours are not in UTC")
    hours = f"{start:%H:%M}-{end:%H:%M}" if start < end else f"00:00-{end:%H:%M}, {start:%H:%M}-24:00"
    return Window(f"daily {hours}", {f"{DAYS[0]}-{DAYS[-1]}": hours}, at_context(priced_keys(item.prices), 0))
