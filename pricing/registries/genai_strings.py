"""Which exact model strings a model of genai-prices stands for.

The package recognises models by prefixes and parts of names as well. A card never does: it takes the strings that
the package writes out in full, dated forms of a prefix, and the forms that a seller documents. Each is asked back:
it counts only if the package itself finds this very model under it.
"""

import re
from collections.abc import Iterator
from typing import Any

from pricing.registries.quote import Unsayable

DATED = "{date}"
_DATES = ("20260131", "2026-01-31")
_DATED_REGEX = re.compile(r"\^(?P<name>[\w.\\-]+)-\\d\{8\}\$")
_GEOGRAPHIES = {"anthropic.": ("us", "eu", "apac", "jp", "au"), "": ("us",)}
"""Bedrock's prefixes, by the maker whose models cost the same under all of them; others have prices by continent."""
_DOCUMENTED = {
    ("anthropic", "claude-sonnet-4-0"): ("claude-sonnet-4-20250514",),
    ("google", "gemini-2.0-flash"): ("gemini-2.0-flash-001",),
    ("google", "gemini-2.0-flash-lite"): ("gemini-2.0-flash-lite-001",),
    ("google-vertex", "gemini-2.0-flash"): ("gemini-2.0-flash-001",),
    ("google-vertex", "gemini-2.0-flash-lite"): ("gemini-2.0-flash-lite-001",),
}
"""What the sellers' documentation calls models that the package knows by a part of that name."""
_HAS_DATE = re.compile(r"-20\d{6}")


def strings_of(seller: str, model: Any, provider: Any) -> tuple[str, tuple[str, ...]]:
    """The model string and its aliases; raises Unsayable where nothing is written out in full."""
    lent = model not in provider.models
    wanted = dict.fromkeys([*_forms(seller, model.id), *_written(model.match)])
    found = [text for text in wanted if _is_said(seller, text)]
    if not lent:
        found = [text for text in found if _is_owner(text, model, provider)]
    else:
        found = [text for text in found if all(model.is_match(form) for form in _spelled(text))]
    if not found or DATED in found[0]:
        raise Unsayable("it is known by parts of names alone")
    return found[0], tuple(found[1:])


def _is_said(seller: str, text: str) -> bool:
    """Whether the seller itself writes such a name: OpenRouter puts the maker first, and some places cost more."""
    if seller == "bedrock":
        maker = "anthropic." if ".anthropic." in text else ""
        return text.split(".")[0] not in ({"us-gov", "eu", "apac", "jp", "au"} - set(_GEOGRAPHIES[maker]))
    return seller != "openrouter" or "/" in text


def _forms(seller: str, name: str) -> Iterator[str]:
    """The id, and how the seller writes it."""
    name = name.removeprefix("regional.")
    yield name
    if seller == "bedrock" and not name.startswith("global."):
        maker = "anthropic." if name.startswith("anthropic.") else ""
        yield from (f"{geography}.{form}" for form in (name, *_of_bedrock(name)) for geography in _GEOGRAPHIES[maker])
    if seller == "bedrock":
        yield from _of_bedrock(name)
    if seller == "google-vertex" and "claude" in name:
        yield from (f"{name}@{DATED}", f"{name}@default")
    yield from _DOCUMENTED.get((seller, name), ())
    if seller == "openrouter" and not name.endswith(":free"):
        yield f"{name}-{DATED}"


def _of_bedrock(name: str) -> Iterator[str]:
    """Without the revision and the version, which newer models lack; with a date before it, which older ones have."""
    if name.endswith("-v1:0") and "anthropic." in name and not _HAS_DATE.search(name):
        stem = name.removesuffix("-v1:0")
        yield from (f"{stem}-v1", stem, f"{stem}-{DATED}-v1:0")


def _written(match: Any) -> Iterator[str]:
    """Strings that a rule of the package writes out in full, and prefixes with a date behind them."""
    for rule in (*getattr(match, "or_", ()), *getattr(match, "and_", ())) or (match,):
        if hasattr(rule, "equals"):
            yield rule.equals
        elif hasattr(rule, "starts_with"):
            prefix = rule.starts_with.rstrip("-")
            yield from (prefix, f"{prefix}-{DATED}")
        elif hasattr(rule, "regex") and (dated := _DATED_REGEX.fullmatch(rule.regex)):
            yield f"{dated['name'].replace(chr(92), '')}-{DATED}"
        elif hasattr(rule, "or_") or hasattr(rule, "and_"):
            yield from _written(rule)


def _is_owner(text: str, model: Any, provider: Any) -> bool:
    """Whether the package finds this model, and no earlier one, under every spelling of the string."""
    if provider.id == "openrouter" and text == f"{model.id}-{DATED}":
        # What OpenRouter answers with; the package lists only some of these. Another model's id never fits it.
        return not any(other is not model and other.id.startswith(f"{model.id}-20") for other in provider.models)
    compact, *dashed = _spelled(text)
    return _found(provider, compact) is model and all(_found(provider, form) in (model, None) for form in dashed)


def _spelled(text: str) -> list[str]:
    return [text.replace(DATED, day) for day in _DATES] if DATED in text else [text]


def _found(provider: Any, text: str) -> Any:
    return next((model for model in provider.models if model.is_match(text)), None)
