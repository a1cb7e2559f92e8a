"""Interprets a source's leaves in Python: for lines that SQL could not take at its word.

The same table of leaves as ``warehouse.staging`` compiles; a parity test holds the two equal.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any

from ingest.problem import Unreadable
from ingest.redact import shown
from warehouse.reading import COLUMNS, EXTRA_COLUMNS, MOST_TOKENS, STATUS_WORDS, Leaf, Wanted, wanted_of

Reading = dict[str, Any]
Found = Iterable[Any]
"""What stands at each path of a leaf, in order; None where nothing does."""
CastFunction = Callable[[Leaf, Found], Any]
Reach = Callable[[Any], Any]
EVERY_COLUMN = (*COLUMNS, *EXTRA_COLUMNS)
DIGITS = re.compile(r"0|[1-9][0-9]*")
EMPTY: tuple[Any, ...] = (None, False, [], {}, 0, "")
PICO = Decimal(10) ** 12
MOST_INTEGER = 2**31 - 1


def read_leaves(leaves: Sequence[Leaf], own: dict[str, Any], body: dict[str, Any]) -> Reading:
    """The reading of one record; raises Unreadable naming the field and the value that cannot be used."""
    reading: Reading = dict.fromkeys(EVERY_COLUMN)
    for leaf, cast, paths in _plan(tuple(leaves)):
        # Lazily: most casts want no more than the first path that holds something.
        reading[leaf.column] = cast(leaf, (reach(body if inside else own) for inside, reach in paths))
    return reading


@lru_cache(maxsize=64)
def _plan(leaves: tuple[Leaf, ...]) -> tuple[tuple[Leaf, CastFunction, tuple[tuple[bool, Reach], ...]], ...]:
    """The leaves with their casts and the ways to their paths, each with whether it begins in the body."""
    return tuple((leaf, CASTS[leaf.cast], tuple(map(_way, leaf.paths))) for leaf in leaves)


def _way(path: str) -> tuple[bool, Reach]:
    inside = path.startswith("body.")
    rest = path.removeprefix("body.")
    if ".content[]." in rest:
        return inside, partial(_reach_parts, rest)
    parts = tuple(rest.split("."))
    return inside, partial(_reach_first, parts) if "[]" in rest else partial(_reach_plain, parts)


def _reach_plain(parts: tuple[str, ...], value: Any) -> Any:
    for name in parts:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _reach_first(parts: tuple[str, ...], value: Any) -> Any:
    return next(_walk(value, parts), None)


def _reach_parts(path: str, value: Any) -> Any:
    messages = next(_walk(value, path.split("[]")[0].split(".")), None)
    return list(_walk(value, path.split("."))) if isinstance(messages, list) else None


def _walk(value: Any, parts: Sequence[str]) -> Iterator[Any]:
    """What stands at the end of a path; after ``content[]`` every item is visited, else the first."""
    if not parts:
        yield value
        return
    name, rest = parts[0].removesuffix("[]"), parts[1:]
    inner = value.get(name) if isinstance(value, dict) else None
    if not parts[0].endswith("[]"):
        yield from _walk(inner, rest) if inner is not None else ()
        return
    items = inner if isinstance(inner, list) else []
    every = name == "content" or (rest and rest[0] == "content[]")
    for item in items if every else items[:1]:
        yield from _walk(item, rest)


def text_of(value: Any) -> str | None:
    """A JSON value as text; None when there is nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool | list | dict):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return str(value)


def _first(found: Found) -> str | None:
    for value in found:
        if value is not None and (text := text_of(value)) is not None:
            return text
    return None


def _complain(leaf: Leaf, text: str, wanted: str) -> Unreadable:
    return Unreadable(f"{leaf.paths[0].removeprefix('body.')} is {shown(text)}, not {wanted}")


def _text(leaf: Leaf, found: Found) -> str | None:
    return _first(found)


def _whole(most: int) -> Callable[[Leaf, Found], int | None]:
    def cast(leaf: Leaf, found: Found) -> int | None:
        text = _first(found)
        if text is None:
            return None
        if not DIGITS.fullmatch(text) or int(text) > most:
            raise _complain(leaf, text, f"a whole number from 0 to {most}")
        return int(text)

    return cast


def _status(leaf: Leaf, found: Found) -> int | None:
    text = _first(found)
    return None if text in STATUS_WORDS else _whole(MOST_INTEGER)(leaf, (text,))


def _decimal(leaf: Leaf, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _complain(leaf, text, "a number") from None
    if not value.is_finite():
        raise _complain(leaf, text, "a number")
    return value


def _milliseconds(leaf: Leaf, found: Found) -> int | None:
    text = _first(found)
    if text is None:
        return None
    value = _decimal(leaf, text)
    if value < 0 or value >= 10**15:
        raise _complain(leaf, text, "a number of milliseconds")
    return int(value.quantize(Decimal("0.001"), ROUND_HALF_EVEN).quantize(Decimal(1), "ROUND_HALF_UP"))


def _money(leaf: Leaf, found: Found) -> int | None:
    text = _first(found)
    if text is None:
        return None
    value = _decimal(leaf, text)
    if abs(value) >= 9_000_000:
        raise _complain(leaf, text, "an amount below nine million")
    return int((value * PICO).to_integral_value("ROUND_HALF_UP"))


def _flag(leaf: Leaf, found: Found) -> bool | None:
    text = _first(found)
    if text not in (None, "true", "false"):
        raise _complain(leaf, str(text), "true or false")
    return None if text is None else text == "true"


def _present(leaf: Leaf, found: Found) -> bool | None:
    given = next((value for value in found if value is not None), None)
    return None if given is None else given not in EMPTY


def _equals(leaf: Leaf, found: Found) -> bool | None:
    text = _first(found)
    return None if text is None else text in leaf.argument.split()


def _part(leaf: Leaf, found: Found) -> bool | None:
    words = set(leaf.argument.split())
    for kinds in found:
        if isinstance(kinds, list):
            return any(kind in words for kind in kinds if isinstance(kind, str))
        if (text := text_of(kinds)) in ("true", "false"):
            return text == "true"
    return None


def _tags(leaf: Leaf, found: Found) -> list[tuple[str, str | None]] | None:
    for value in found:
        if isinstance(value, dict):
            return [(key, text_of(item)) for key, item in value.items()]
        if value is not None:
            raise _complain(leaf, str(value), "an object")
    return None


def _which(leaf: Leaf, found: Found) -> str | None:
    words = zip(leaf.argument.split(), found, strict=True)
    return next((word for word, value in words if value is not None), None)


def _sum(leaf: Leaf, found: Found) -> int | None:
    items, wanted, total = next(iter(found)), wanted_of(leaf.argument), 0
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict) or not _is_wanted(item, wanted):
            continue
        text = text_of(item.get(wanted.field))
        if text is None:
            return None
        if not DIGITS.fullmatch(text) or (total := total + int(text)) > MOST_INTEGER:
            raise _complain(leaf, text, f"a whole number, in all up to {MOST_INTEGER}")
    return total if isinstance(items, list) else None


def _is_wanted(item: dict[str, Any], wanted: Wanted) -> bool:
    return all(((text_of(item.get(name)) or "") in words) == among for name, among, words in wanted.conditions)


CASTS: dict[str, CastFunction] = {
    "text": _text,
    "count": _whole(MOST_TOKENS),
    "integer": _whole(MOST_INTEGER),
    "status": _status,
    "milliseconds": _milliseconds,
    "money": _money,
    "flag": _flag,
    "present": _present,
    "equals": _equals,
    "part": _part,
    "tags": _tags,
    "which": _which,
    "sum": _sum,
}
