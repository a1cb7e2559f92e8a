"""The figures of one price of genai-prices, as meters: what a card can say of it, exactly or not at all."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pricing.registries.quote import (
    FREE,
    ROUNDED,
    Figures,
    Step,
    Unsayable,
    is_rounded,
    per_mtok_text,
    per_unit_text,
)

_TOKENS = {
    "input_mtok": "input",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_5m_mtok": "cache_write_5m",
    "cache_write_1h_mtok": "cache_write_1h",
    "output_mtok": "output",
    "input_image_mtok": "input_image",
    "input_audio_mtok": "input_audio",
    "input_video_mtok": "input_video",
    "output_audio_mtok": "output_audio",
    "output_image_mtok": "output_image",
}
_UNITS = {"web_searches_kcount": "web_search"}
_OPTIONAL = {"storage_searches_kcount", "social_searches_kcount", "code_executions_kcount"}
"""Tools that a call may use and no meter counts; the tokens are priced without them."""
_CACHED_MODALITIES = re.compile(r"cache_(audio|image|video|text)_(read|write.*)_mtok")
_SPEAKING = re.compile(r"(?<![a-z])(audio|realtime|live|tts|transcribe|sonic|voxtral)(?![a-z])")
_PAINTING = re.compile(r"(?<![a-z])(image|nano-banana|omni)(?![a-z])")
_THOUSAND = Decimal(1000)

WINDOWS = "The registry gives hours without weekdays; on days that the seller treats otherwise they are wrong."
CACHED_MODALITIES = "Cached audio, images and video may have a price of their own, which a card cannot say."


def priced_keys(prices: Any) -> dict[str, Any]:
    """Price key to figure or tiered figure, of what the package prices."""
    return {key: value for key, value in vars(prices).items() if value is not None and not key.startswith("_")}


def figures_of(prices: Any, model: str) -> dict[str, Any]:
    """``per_mtok``, ``context`` and ``per_unit`` of a quote; raises Unsayable for what no card can say."""
    priced = priced_keys(prices)
    if not priced:
        if not model.endswith(":free"):
            raise Unsayable("it has no price")
        return {"per_mtok": {"input": "0", "output": "0"}}
    unknown = set(priced) - set(_TOKENS) - set(_UNITS) - _OPTIONAL
    other = sorted(key for key in unknown if not _CACHED_MODALITIES.fullmatch(key))
    if other:
        raise Unsayable(f"no card can say its {', '.join(other)}")
    if "input_mtok" not in priced:
        raise Unsayable("it has no price per input token")
    _refuse_lost_modalities(model, priced)
    units = {meter: priced[key] / _THOUSAND for key, meter in _UNITS.items() if key in priced}
    return {
        "per_mtok": at_context(priced, 0),
        "context": steps_of(priced),
        "per_unit": {meter: per_unit_text(value) for meter, value in units.items()},
    }


def _refuse_lost_modalities(model: str, priced: Mapping[str, Any]) -> None:
    """A model that hears or paints and has no price for that would be priced as if it wrote."""
    for kind, wanted in ((_SPEAKING, "audio"), (_PAINTING, "image")):
        if kind.search(model.lower()) and not any(wanted in key for key in priced):
            raise Unsayable(f"its {wanted} has no price of its own")


def steps_of(priced: Mapping[str, Any]) -> tuple[Step, ...]:
    """Every token meter at each boundary of the context."""
    starts = sorted({tier.start for value in priced.values() for tier in getattr(value, "tiers", ())})
    return tuple(Step(start, at_context(priced, start)) for start in starts)


def at_context(priced: Mapping[str, Any], above: int) -> Figures:
    """Every token meter at a context of more than ``above`` tokens."""
    values = {meter: _value(priced[key], above) for key, meter in _TOKENS.items() if key in priced}
    if "cache_write" in values and "cache_write_1h" in values:
        # Its figure without a lifetime is the one of five minutes; one hour has its own.
        values.setdefault("cache_write_5m", values["cache_write"])
        del values["cache_write"]
    elif "cache_write" in values:
        values.setdefault("cache_write_5m", values["cache_write"])
    return {meter: per_mtok_text(value) for meter, value in values.items()}


def _value(figure: Any, above: int) -> Decimal:
    value = getattr(figure, "base", figure)
    for tier in getattr(figure, "tiers", ()):
        value = tier.price if tier.start <= above and above else value
    assert isinstance(value, Decimal)
    return value


def notes_of(prices: Any, hours: Sequence[Any]) -> tuple[str, ...]:
    """What a reader of these figures should know."""
    priced = priced_keys(prices)
    every = [tier for value in priced.values() for tier in (getattr(value, "base", value), *_tier_prices(value))]
    said = (
        (FREE, not priced),
        (ROUNDED, is_rounded(every)),
        (WINDOWS, bool(hours)),
        (CACHED_MODALITIES, any(_CACHED_MODALITIES.fullmatch(key) for key in priced)),
    )
    return tuple(note for note, holds in said if holds)


def _tier_prices(value: Any) -> list[Decimal]:
    return [tier.price for tier in getattr(value, "tiers", ())]
