"""JSON text to values: one document or several, on one line or over many, with the line where each begins."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

BLANK = " \t\r\n\ufeff"
HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a character, as writers leave it that cut a text between the two; a whole one has two of them."""


class Value(NamedTuple):
    """A JSON value and the line, from 1, where it begins."""

    content: Any
    line: int


class Mistake(NamedTuple):
    """What is no JSON: why, and the line, from 1, where it begins."""

    reason: str
    line: int


class Constant(ValueError):
    """NaN or Infinity: words that JSON does not have."""


def _refuse(word: str) -> None:
    raise Constant(f"{word} is no JSON number")


DECODER = json.JSONDecoder(parse_constant=_refuse)


def read_values(text: str, *, first_line: int = 1) -> Iterator[Value | Mistake]:
    """Every JSON value in a text, one after the other; the items of an outer list each on their own.

    What is no JSON is one mistake, up to the next line on which a value may begin: an object that is indented no
    deeper than what could not be read.
    """
    at, line, inside = 0, first_line, False
    while True:
        start = _skip(text, at, also=",]" if inside else "")
        line += text.count("\n", at, start)
        if start == len(text):
            return
        if text[start] == "[" and not inside:
            at, inside = start + 1, True
            continue
        try:
            value, end = DECODER.raw_decode(text, start)
            value = in_characters(value) if HALF.search(text, start, end) else value
        except (ValueError, RecursionError) as error:
            yield Mistake(f"not JSON: {_reason(error)}", line)
            end, inside = _next_object(text, start), True
        else:
            # One list after the other, as a log of posted batches has them: the items are the records.
            yield from (Value(item, line) for item in (value if inside and isinstance(value, list) else [value]))
        line += text.count("\n", start, end)
        at = end


def in_characters(value: Any) -> Any:
    """A JSON value in which the sign for what is no character stands for each half of one."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [in_characters(each) for each in value]
    if isinstance(value, dict):
        return {in_characters(name): in_characters(each) for name, each in value.items()}
    return value


def _next_object(text: str, start: int) -> int:
    """Where, on a later line, the next object of the same depth begins; the end of the text where there is none."""
    line_start = text.rfind("\n", 0, start) + 1
    indent = start - line_start if text[line_start:start].isspace() else 0
    found = re.compile(rf"\n[ \t]{{0,{indent}}}(?=\{{)").search(text, start)
    return found.end() if found else len(text)


def _skip(text: str, at: int, *, also: str) -> int:
    while at < len(text) and text[at] in BLANK + also:
        at += 1
    return at


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.removesuffix(' at')} at column {error.colno}"
    return "too deeply nested" if isinstance(error, RecursionError) else str(error)
