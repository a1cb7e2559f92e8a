"""What Anthropic writes into a usage beside its service tier and charges for: speed, and where it was worked out."""

from collections.abc import Mapping
from typing import Any

FAST = "fast"
"""The speed that is dearer than the standard tier; a card prices it as a service tier of this name."""
EVERYWHERE = ("global", "not_available")
"""Values of ``inference_geo`` that name no place."""


def anthropic_terms(
    usage: Mapping[str, Any], service_tier: str | None, region: str | None
) -> tuple[str | None, str | None]:
    """Service tier and region of a call with this usage, where it says more than the log does elsewhere."""
    place = usage.get("inference_geo")
    if isinstance(place, str) and place and place not in EVERYWHERE:
        # A name of its own: a log's region may say where the caller is, which costs nothing.
        region = f"{place}-only"
    return FAST if usage.get("speed") == FAST else service_tier, region
