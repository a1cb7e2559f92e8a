"""Interprets a source's leaves in Python: for lines that SQL could not take at its word.

The same table of leaves as ``warehouse.staging`` compiles; a parity test holds the two equal.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from ingest.problem import Unreadable
from ingest.redact import shown
from warehouse.reading import COLUMNS, EXTRA_COLUMNS, MOST_TOKENS, STATUS_WORDS, Leaf

Reading = dict[str, Any]
DIGITS = re.compile(r"0|[1-9][0-9]*")
EMPTY: tuple[Any, ...] = (None, False, [], {}, 0, "")
PICO = Decimal(10) ** 12
MOST_INTEGER = 2**31 - 1


def read_leaves(leaves: Sequence[Leaf], own: dict[str, Any], body: dict[str, Any]) -> Reading:
    """The reading of one record; raises Unreadable naming the field and the value that cannot be used."""
    reading: Reading = dict.fromkeys([*COLUMNS, *EXTRA_COLUMNS])
    for leaf in leaves:
        found = [_reach(path, own, body) for path in leaf.paths]
        reading[leaf.column] = CASTS[leaf.cast](leaf, found)
    return reading


def _reach(path: str, own: dict[str, Any], body: dict[str, Any]) -> Any:
    root, rest = (body, path.removeprefix("body.")) if path.startswith("body.") else (own, path)
    if ".content[]." in path:
        messages = next(_walk(root, rest.split("[]")[0].split(".")), None)
        return list(_walk(root, rest.split("."))) if isinstance(messages, list) else None
    return next(_walk(root, rest.split(".")), None)


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


def _first(found: list[Any]) -> str | None:
    return next((text for text in map(text_of, found) if text is not None), None)


def _complain(leaf: Leaf, text: str, wanted: str) -> Unreadable:
    return Unreadable(f"{leaf.paths[0].removeprefix('body.')} is {shown(text)}, not {wanted}")


def _text(leaf: Leaf, found: list[Any]) -> str | None:
    return _first(found)


def _whole(most: int) -> Callable[[Leaf, list[Any]], int | None]:
    def cast(leaf: Leaf, found: list[Any]) -> int | None:
        text = _first(found)
        if text is None:
            return None
        if not DIGITS.fullmatch(text) or int(text) > most:
            raise _complain(leaf, text, f"a whole number from 0 to {most}")
        return int(text)

    return cast


def _status(leaf: Leaf, found: list[Any]) -> int | None:
    return None if _first(found) in STATUS_WORDS else _whole(MOST_INTEGER)(leaf, found)


def _decimal(leaf: Leaf, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _complain(leaf, text, "a number") from None
    if not value.is_finite():
        raise _complain(leaf, text, "a number")
    return value


def _milliseconds(leaf: Leaf, found: list[Any]) -> int | None:
    text = _first(found)
    if text is None:
        return None
    value = _decimal(leaf, text)
    if value < 0 or value >= 10**15:
        raise _complain(leaf, text, "a number of milliseconds")
    return int(value.quantize(Decimal("0.001"), ROUND_HALF_EVEN).quantize(Decimal(1), "ROUND_HALF_UP"))


def _money(leaf: Leaf, found: list[Any]) -> int | None:
    text = _first(found)
    if text is None:
        return None
    value = _decimal(leaf, text)
    if abs(value) >= 9_000_000:
        raise _complain(leaf, text, "an amount below nine million")
    return int((value * PICO).to_integral_value("ROUND_HALF_UP"))


def _flag(leaf: Leaf, found: list[Any]) -> bool | None:
    text = _first(found)
    if text not in (None, "true", "false"):
        raise _complain(leaf, str(text), "true or false")
    return None if text is None else text == "true"


def _present(leaf: Leaf, found: list[Any]) -> bool | None:
    given = [value for value in found if value is not None]
    return given[0] not in EMPTY if given else None


def _equals(leaf: Leaf, found: list[Any]) -> bool | None:
    text = _first(found)
    return None if text is None else text == leaf.argument


def _part(leaf: Leaf, found: list[Any]) -> bool | None:
    words = set(leaf.argument.split())
    lists = [kinds for kinds in found if kinds is not None]
    return any(kind in words for kind in lists[0] if isinstance(kind, str)) if lists else None


def _tags(leaf: Leaf, found: list[Any]) -> list[tuple[str, str | None]] | None:
    for value in found:
        if isinstance(value, dict):
            return [(key, text_of(item)) for key, item in value.items()]
        if value is not None:
            raise _complain(leaf, str(value), "an object")
    return None


def _which(leaf: Leaf, found: list[Any]) -> str | None:
    words = zip(leaf.argument.split(), found, strict=True)
    return next((word for word, value in words if value is not None), None)


CASTS: dict[str, Callable[[Leaf, list[Any]], Any]] = {
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
}
