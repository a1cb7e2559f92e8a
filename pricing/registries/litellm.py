"""LiteLLM's price map: one JSON object, US dollars **per token**, written as floats such as ``1.5e-07``.

A field's name says meter, condition and tier: ``cache_read_input_token_cost_above_200k_tokens_priority``. A price of
0 is a trial or unknown unless the model's name says that it is free; it is never taken for a price.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pricing.registries.names import LITELLM, seller_name
from pricing.registries.quote import (
    DAYS,
    FREE,
    ROUNDED,
    UNSAID,
    Change,
    Figures,
    Quote,
    Reading,
    Skipped,
    Step,
    Unsayable,
    Window,
    by_days,
    decimal_of,
    is_rounded,
    per_mtok_text,
    per_unit_text,
    reading,
    unsaid,
)
from pricing.registries.source import RegistryError, read_json

_METERS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write_5m",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "input_cost_per_audio_token": "input_audio",
    "input_cost_per_image_token": "input_image",
    "input_cost_per_video_token": "input_video",
    "output_cost_per_audio_token": "output_audio",
    "output_cost_per_image_token": "output_image",
}
_TIERS = {"": "", "_batches": "batch", "_flex": "flex", "_priority": "priority"}
_FIELD = re.compile(rf"({'|'.join(sorted(_METERS, reverse=True))})(?:_above_(\d+)k_tokens)?(_batches|_flex|_priority)?")
_SPOKEN = {"chat", "completion", "responses", "embedding"}
_LOCAL = {"ollama", "lemonade"}
_MTOK = Decimal(1_000_000)

_Cells = dict[str, dict[int, dict[str, Decimal]]]
"""Service tier ("" is the standard one) to context boundary (0: none) to meter to figure per 1,000,000 tokens."""


def read_litellm(path: Path) -> Reading:
    """Every model of a price map; raises RegistryError for a file of another shape."""
    document = read_json(path)
    if not isinstance(document, dict) or not any("litellm_provider" in _as_map(item) for item in document.values()):
        portkey = "pricing_config" in str(document)[:4000]
        hint = "; it looks like Portkey's, whose figures are cents per token" if portkey else ""
        raise RegistryError(f"{path.name}: no model in it names a litellm_provider{hint}")
    quotes: list[Quote] = []
    skipped: list[Skipped] = []
    for name, written in document.items():
        item = _as_map(written)
        provider = str(item.get("litellm_provider") or "")
        if name == "sample_spec" or item.get("mode") not in _SPOKEN or provider in _LOCAL:
            continue
        seller = "google-vertex" if provider.startswith("vertex_ai") else seller_name(provider, LITELLM)
        model = _model_of(name, provider)
        try:
            quotes.append(_quote(seller, model, item, path.name))
        except Unsayable as reason:
            skipped.append(Skipped(seller, model, str(reason)))
    return reading(quotes, skipped)


def _model_of(name: str, provider: str) -> str:
    """The string that the seller's API takes: the key without LiteLLM's own prefix."""
    prefix = "vertex_ai" if provider.startswith("vertex_ai") else provider
    return name.removeprefix(f"{prefix}/").removeprefix("bedrock/").removeprefix("azure/")


def _quote(seller: str, model: str, item: Mapping[str, Any], file: str) -> Quote:
    if seller in ("azure", "bedrock") and "/" in model:
        raise Unsayable("a price of one region or commitment")
    cells = _cells(item)
    standard = cells.pop("", {})
    base = standard.setdefault(0, {})
    if not base.get("input"):
        return _free(seller, model, item, file, base)
    reasoning = decimal_of(item.get("output_cost_per_reasoning_token"))
    if reasoning is not None and reasoning * _MTOK != base.get("output"):
        raise Unsayable("reasoning has a price of its own")
    lost = unsaid(base, (cell for size, cell in standard.items() if size))
    for meter in lost:
        del base[meter]
    tiers = {name: tier for name, by_size in sorted(cells.items()) if (tier := _tier(by_size, standard)) is not None}
    every = [value for by_size in (standard, *cells.values()) for cell in by_size.values() for value in cell.values()]
    return Quote(
        seller=seller,
        model=model,
        per_mtok=_texts(base, base),
        per_unit=_per_unit(item),
        context=_steps(standard, base),
        service_tiers=tiers,
        windows=tuple(_windows(item, base)),
        source=_source(item, file),
        notes=tuple(_notes(lost, every)),
    )


def _cells(item: Mapping[str, Any]) -> _Cells:
    cells: _Cells = defaultdict(lambda: defaultdict(dict))
    for field, written in item.items():
        match = _FIELD.fullmatch(field)
        value = decimal_of(written)
        if match and value:  # 0 is unknown here, or never asked; a card leaves it out.
            cells[_TIERS[match[3] or ""]][int(match[2] or 0) * 1000][_METERS[match[1]]] = value * _MTOK
    for step in item.get("tiered_pricing") or ():
        _add_range(cells, step)
    return cells


def _add_range(cells: _Cells, step: Mapping[str, Any]) -> None:
    if not isinstance(step, dict) or not isinstance(step.get("range"), list):
        raise Unsayable("its ranges are not by context")
    low = decimal_of(step["range"][0]) or Decimal(0)
    figures = {_METERS[name]: value * _MTOK for name in _METERS if (value := decimal_of(step.get(name)))}
    reasoning = decimal_of(step.get("output_cost_per_reasoning_token"))
    if reasoning is not None and reasoning * _MTOK != figures.get("output"):
        raise Unsayable("reasoning has a price of its own")
    cells[""][int(low)].update(figures)


def _tier(by_size: Mapping[int, dict[str, Decimal]], standard: Mapping[int, dict[str, Decimal]]) -> Change | None:
    """A tier's figures; None where it does not say what longer contexts, or writes of one hour, cost in it."""
    if set(by_size) != set(standard):
        return None
    if any("cache_write_1h" in standard[0] and "cache_write_5m" in cell for cell in by_size.values()) and not all(
        "cache_write_1h" in cell for cell in by_size.values()
    ):
        return None
    first = standard[0] | by_size[0]
    return Change(_texts(first, first), _steps({size: standard[size] | cell for size, cell in by_size.items()}, first))


def _steps(by_size: Mapping[int, dict[str, Decimal]], base: Mapping[str, Decimal]) -> tuple[Step, ...]:
    return tuple(Step(size, _texts(dict(base) | cell, base)) for size, cell in sorted(by_size.items()) if size)


def _windows(item: Mapping[str, Any], base: Mapping[str, Decimal]) -> Iterator[Window]:
    written = item.get("off_peak_pricing")
    if not written:
        return
    if not isinstance(written, dict) or written.get("weekday_timezone", "UTC") != "UTC":
        raise Unsayable("its hours are in UTC and its weekdays in another zone")
    hours: dict[str, str] = {}
    for window in written.get("windows") or ():
        spans = window.get("hours_utc")
        spans = [spans] if isinstance(spans, str) else spans
        text = ", ".join(re.sub(r"-00:00$", "-24:00", str(span)) for span in spans)
        hours |= {DAYS[day - 1]: text for day in window.get("weekdays") or range(1, 8)}
    figures = {meter: value * _MTOK for name, meter in _METERS.items() if (value := decimal_of(written.get(name)))}
    yield Window("off-peak", by_days(hours), _texts(dict(base) | figures, base))


def _per_unit(item: Mapping[str, Any]) -> Figures:
    found: dict[str, str] = {}
    fee = decimal_of(item.get("input_cost_per_request"))
    if fee:
        found["request"] = per_unit_text(fee)
    searches = {decimal_of(value) for value in _as_map(item.get("search_context_cost_per_query")).values()}
    search = searches.pop() if len(searches) == 1 else None
    if search:  # By size of the search a card cannot say it: the meter then stays unpriced.
        found["web_search"] = per_unit_text(search)
    return found


def _free(seller: str, model: str, item: Mapping[str, Any], file: str, base: Mapping[str, Decimal]) -> Quote:
    if base:
        raise Unsayable("it has no price per input token")
    if not model.endswith(":free"):
        zero = "input_cost_per_token" in item or "output_cost_per_token" in item
        raise Unsayable("0 is a trial or unknown, not a price" if zero else "it has no price per token")
    return Quote(seller, model, {"input": "0", "output": "0"}, _source(item, file), notes=(FREE,))


def _notes(lost: Iterable[str], every: Iterable[Decimal]) -> Iterator[str]:
    if is_rounded(every):
        yield ROUNDED
    if lost:
        yield UNSAID.format(meters=", ".join(sorted(lost)))


def _source(item: Mapping[str, Any], file: str) -> str:
    named = " ".join(str(item.get("source") or "").split())
    return f"{named}, through {file}" if named else file


def _texts(figures: Mapping[str, Decimal], base: Mapping[str, Decimal]) -> Figures:
    """The figures of the meters that the base has. Without a rate of one hour, one figure is asked for every write."""
    texts = {meter: per_mtok_text(value) for meter, value in figures.items() if meter in base}
    if "cache_write_5m" in texts and "cache_write_1h" not in texts:
        texts["cache_write"] = texts["cache_write_5m"]
    return texts


def _as_map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
