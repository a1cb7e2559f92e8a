"""What a dialect hands to the server: a body, or a stream's events, each with what a reader of it knows by then."""

import json
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any, NamedTuple

from tests.sellers.plan import Plan, Tokens

ALPHABET = "Höre, was ich sage: 東京 ist weit 🙂. "
"""Answers are made of it: code points of one to four bytes."""
SECRET = "Höre, was"
"""Stands in every answer of ten code points or more: nothing that was recorded may hold it."""
ARGUMENTS = '{"q":"Höre, was 東京 kostet"}'
TOOL = "look_up"


class Piece(NamedTuple):
    """One event of a stream, as it goes out."""

    data: bytes
    sent: Tokens | None = None
    """The counts that a reader knows once it has this event; None: as before."""
    kind: str = ""
    chars: int = 0


class Whole(NamedTuple):
    """An answer that is no stream."""

    body: dict[str, Any]
    sent: Tokens | None
    answered: dict[str, int]


def text_of(length: int) -> str:
    """So many code points."""
    return "".join(islice(cycle(ALPHABET), length))


def slices(text: str, count: int) -> Iterator[str]:
    """A text in so many parts, or fewer where it is too short; none is empty."""
    size = max(1, -(-len(text) // max(1, count)))
    for start in range(0, len(text), size):
        yield text[start : start + size]


def answer_text(plan: Plan, request: dict[str, Any]) -> str:
    """The answer: an object, as text, where the caller asked for one by a JSON schema."""
    text = text_of(plan.chars)
    asked = "json_schema" in json.dumps([request.get(name) for name in ("response_format", "text", "output_config")])
    return json.dumps({"answer": text}, ensure_ascii=False) if asked else text


def event(value: Any, name: str = "") -> bytes:
    """One event of a stream."""
    data = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return (f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode()
