"""JSON text to values: one document or several, on one line or over many, with the line where each begins."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from ingest.problem import Unreadable

BLANK = " \t\r\n\ufeff"


class Value(NamedTuple):
    """A JSON value and the line, from 1, where it begins."""

    content: Any
    line: int


class Constant(ValueError):
    """NaN or Infinity: words that JSON does not have."""


def _refuse(word: str) -> None:
    raise Constant(f"{word} is no JSON number")


DECODER = json.JSONDecoder(parse_constant=_refuse)


def read_values(text: str, *, first_line: int = 1) -> Iterator[Value]:
    """Every JSON value in a text, one after the other; the items of an outer list each on their own.

    Raises Unreadable, with what is wrong and where, after the values before it were given.
    """
    at, line = 0, first_line
    while True:
        start = _skip(text, at)
        line += text.count("\n", at, start)
        if start == len(text):
            return
        try:
            if text[start] == "[":
                yield from _items(text, start, line)
            value, end = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"not JSON: {_reason(error)}") from None
        if text[start] != "[":
            yield Value(value, line)
        line += text.count("\n", start, end)
        at = end


def _items(text: str, start: int, line: int) -> Iterator[Value]:
    """The items of the list that begins at ``start``; the caller decodes it once more to find its end."""
    at = start + 1
    while True:
        item = _skip(text, at, also=",")
        line += text.count("\n", at, item)
        if item == len(text) or text[item] == "]":
            return
        value, end = DECODER.raw_decode(text, item)
        yield Value(value, line)
        line += text.count("\n", item, end)
        at = end


def _skip(text: str, at: int, *, also: str = "") -> int:
    while at < len(text) and text[at] in BLANK + also:
        at += 1
    return at


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "too deeply nested" if isinstance(error, RecursionError) else str(error)
