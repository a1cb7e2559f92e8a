"""How meters are called in a FOCUS file, and in which units they are sold."""

from typing import NamedTuple

MILLION = 10**6


class MeterWords(NamedTuple):
    """One meter in words."""

    text: str
    direction: str | None
    cache: str | None
    """Of input: ``none``, ``read`` or ``write``."""
    consumed_unit: str = "Tokens"
    pricing_unit: str = "1000000 Tokens"
    per: int = MILLION
    """So many of the consumed unit make one of the pricing unit."""


METER_WORDS: dict[str, MeterWords] = {
    "input": MeterWords("Input tokens", "input", "none"),
    "cache_read": MeterWords("Input tokens read from cache", "input", "read"),
    "cache_write_5m": MeterWords("Input tokens written to cache for 5 minutes", "input", "write"),
    "cache_write_1h": MeterWords("Input tokens written to cache for 1 hour", "input", "write"),
    "cache_write": MeterWords("Input tokens written to cache", "input", "write"),
    "output": MeterWords("Output tokens", "output", None),
    "input_image": MeterWords("Image input tokens", "input", "none"),
    "input_audio": MeterWords("Audio input tokens", "input", "none"),
    "input_video": MeterWords("Video input tokens", "input", "none"),
    "output_audio": MeterWords("Audio output tokens", "output", None),
    "output_image": MeterWords("Image output tokens", "output", None),
    "web_search": MeterWords("Web searches", None, None, "Searches", "Searches", 1),
    "request": MeterWords("Requests", None, None, "Requests", "Requests", 1),
}
"""By meter, as in ``pricing.meters.METERS``."""
