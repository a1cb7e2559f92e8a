"""What may be written: numbers and plain words, never sentences."""

from __future__ import annotations

import math
import re
from typing import Any

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@+-]{0,63}")
TOKEN = re.compile(r"[!-~]{1,200}")
NAME = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,126}[^\s\x00-\x1f\x7f])?")
DEEPEST = 6
MOST = 64
"""Entries of one object or list that are kept."""


def as_object(value: Any) -> dict[str, Any]:
    """The object that stands here; an empty one where none does."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The list that stands here; an empty one where none does."""
    return value if isinstance(value, list) else []


def word(value: Any) -> str | None:
    """A plain word of at most 64 characters, or a number as one; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and WORD.fullmatch(value) else None


def name(value: Any) -> str | None:
    """A name on one line, of a model or a provider, which may hold blanks; None for anything else."""
    return value if isinstance(value, str) and NAME.fullmatch(value) else None


def token(value: Any) -> str | None:
    """An id, or a word of any length that ids have: without blanks; None for anything else."""
    return value if isinstance(value, str) and TOKEN.fullmatch(value) else None


def number(value: Any) -> int | float | None:
    """A finite number; None for anything else."""
    real = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if real and math.isfinite(value) else None


def plain(value: Any, deep: int = 0) -> Any:
    """A usage object with its numbers, plain words and flags; everything else is left out."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return word(value)
    if deep >= DEEPEST:
        return None
    if isinstance(value, dict):
        listed = list(value.items())[:MOST]
        return {key: plain(each, deep + 1) for key, each in listed if isinstance(key, str) and WORD.fullmatch(key)}
    if isinstance(value, list):
        return [plain(each, deep + 1) for each in value[:MOST]]
    return None


def known(**fields: Any) -> dict[str, Any]:
    """The fields that are known."""
    return {field: value for field, value in fields.items() if value is not None}
