"""The pieces of OTLP's JSON: values of any kind, ids in hex or base64, instants in nanoseconds, enums by name."""

import base64
import binascii
import re
from datetime import datetime, timedelta
from typing import Any

HEX = re.compile(r"[0-9a-fA-F]+")
DEEPEST = 16
"""Levels of lists and objects inside one another that are looked at; what stands deeper is none."""
EPOCH = datetime(1970, 1, 1)
LATEST_NS = 253_402_300_799_999_999_999
"""The last nanosecond of the year 9999."""
KINDS = ("stringValue", "boolValue", "intValue", "doubleValue")


def value_of(wrapped: Any, depth: int = 0) -> Any:
    """What an AnyValue holds; a number that is whole is an int, however it was written. None for anything else."""
    if not isinstance(wrapped, dict) or depth > DEEPEST:
        return None
    for kind in KINDS:
        if kind in wrapped:
            return _number(wrapped[kind]) if kind in ("intValue", "doubleValue") else wrapped[kind]
    items = _items(wrapped.get("arrayValue"))
    if items is not None:
        return [value_of(item, depth + 1) for item in items]
    pairs = _items(wrapped.get("kvlistValue"))
    return attributes_of(pairs, depth + 1) if pairs is not None else None


def attributes_of(pairs: Any, depth: int = 0) -> dict[str, Any]:
    """Attributes by name, from a list of keys and values; the first of a name counts. Empty ones are left out."""
    found: dict[str, Any] = {}
    for pair in pairs if isinstance(pairs, list) else ():
        name = pair.get("key") if isinstance(pair, dict) else None
        if isinstance(name, str) and name not in found and (value := value_of(pair.get("value"), depth)) is not None:
            found[name] = value
    return found


def id_of(value: Any) -> str | None:
    """A trace's or a span's id in lower-case hex, from hex or from base64; None where it is neither, or all zeros."""
    if not isinstance(value, str) or not value:
        return None
    text = value.removeprefix("0x")
    if len(text) in (16, 32) and HEX.fullmatch(text):
        found = text.lower()
    else:
        try:
            found = base64.b64decode(text, validate=True).hex()
        except (binascii.Error, ValueError):
            return None
    return found if len(found) in (16, 32) and found.strip("0") else None


def nanoseconds(value: Any) -> int | None:
    """An instant or a count in nanoseconds, from a number or its text; None without one, and for 0, which is unset."""
    number = _number(value)
    return number if isinstance(number, int) and 0 < number <= LATEST_NS else None


def instant(at: int) -> datetime:
    """Naive UTC of an instant in nanoseconds, to the microsecond."""
    return EPOCH + timedelta(microseconds=at // 1000)


def enum_number(value: Any, names: tuple[str, ...]) -> int:
    """An enum's number, from the number or from a name that ends with one of ``names``, in the order of the numbers."""
    if isinstance(value, str):
        word = value.upper()
        return next((number for number, name in enumerate(names) if word.endswith(name)), 0)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _items(wrapper: Any) -> list[Any] | None:
    values = wrapper.get("values", []) if isinstance(wrapper, dict) else None
    return values if isinstance(values, list) else None


def _number(value: Any) -> Any:
    """A number, from the number or its text; a whole one as an int. Anything else as it is."""
    if isinstance(value, str):
        if re.fullmatch(r"-?\d{1,40}", value):
            return int(value)
        try:
            value = float(value)
        except ValueError:
            return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
