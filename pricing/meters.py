"""The meters: the billable classes of tokens and units, which never overlap.

Everything that lists meters lists them in the order of ``METERS``: rates, costs and the warehouse's columns.
"""

from typing import Literal, NamedTuple, get_args

TokenMeter = Literal[
    "input",
    "cache_read",
    "cache_write_5m",
    "cache_write_1h",
    "cache_write",
    "output",
    "input_image",
    "input_audio",
    "input_video",
    "output_audio",
    "output_image",
]
"""Counted in tokens and priced per 1,000,000. ``input`` is uncached; ``cache_write`` names no lifetime."""

UnitMeter = Literal["web_search", "request"]
"""Counted and priced one by one."""

TOKEN_METERS: tuple[TokenMeter, ...] = get_args(TokenMeter)
UNIT_METERS: tuple[UnitMeter, ...] = get_args(UnitMeter)
METERS: tuple[TokenMeter | UnitMeter, ...] = TOKEN_METERS + UNIT_METERS

BASE_METER: dict[TokenMeter, TokenMeter] = {
    "input_image": "input",
    "input_audio": "input",
    "input_video": "input",
    "output_audio": "output",
    "output_image": "output",
}
"""The meter whose rate a modality takes when a card does not price it apart."""


class Usage(NamedTuple):
    """What one call used of each meter, in ``METERS`` order. None: not reported; 0: reported as none."""

    input: int | None = None
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    cache_write: int | None = None
    output: int | None = None
    input_image: int | None = None
    input_audio: int | None = None
    input_video: int | None = None
    output_audio: int | None = None
    output_image: int | None = None
    web_search: int | None = None
    request: int | None = None
