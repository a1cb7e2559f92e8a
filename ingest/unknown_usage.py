"""Usage fields that nobody reads: kept as they are and counted, so that a seller's new field is noticed at once."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from ingest.redact import is_plain

MOST = 40
"""Fields that are kept of one record."""
DEEPEST = 6


def unknown_usage(usage: dict[str, Any], known: Collection[str]) -> str | None:
    """The fields of a usage object that are not ``known``, with what stands there, as a JSON object's text.

    ``known`` are dotted paths; ``name.*`` knows all below a name. Of a list the items' fields are looked at, under
    ``name[]``. A field that holds nothing (null, an empty object or list) is none; text that is no plain word is left
    out, its field is not. None where every field is known.
    """
    found = dict(list(_unknown(usage, frozenset(known), "", 0))[:MOST])
    return json.dumps(found, separators=(",", ":"), sort_keys=True) if found else None


def names_cache(unknown: str | None) -> bool:
    """Whether a field among those that nobody reads counts something of a cache, by its name."""
    fields = json.loads(unknown) if unknown else {}
    counts = (value for name, value in fields.items() if "cache" in name.lower())
    return any(isinstance(value, int | float) and not isinstance(value, bool) and value > 0 for value in counts)


def usage_text(usage: dict[str, Any]) -> str:
    """A usage object as it was, as JSON, for a call under review: without any text that is no plain word."""
    return json.dumps(_plain(usage, 0), separators=(",", ":"))


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        inside = value.items() if depth < DEEPEST else ()
        return {name: _plain(inner, depth + 1) for name, inner in inside if is_plain(name)}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value] if depth < DEEPEST else []
    return _shown(value)


def _unknown(value: Any, known: frozenset[str], path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if value is None or value in ({}, [], "") or path in known or f"{path}.*" in known:
        return
    if isinstance(value, dict) and depth < DEEPEST:
        for name, inner in value.items():
            place = f"{path}.{name}" if path else name
            if place not in known and is_plain(name):
                yield from _unknown(inner, known, place, depth + 1)
    elif isinstance(value, list) and depth < DEEPEST:
        for item in value:
            yield from _unknown(item, known, f"{path}[]", depth + 1)
    elif path:
        yield path, _shown(value)


def _shown(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    return value if isinstance(value, str) and is_plain(value) else None
