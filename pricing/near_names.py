"""Model strings that no card names and that are near one that has a rate: how they differ.

A near name is a hint for a person and never a price: two versions of a model differ by one digit.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

LEAST_LETTERS = 4
"""A word of a name that is shorter is not taken for a misspelt one."""
CASE = "upper and lower case"
_DAY = re.compile(r"[-_@](20\d{2}-\d{2}-\d{2}|20\d{6}|\d{2}(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])\d{2})$")
_SEPARATORS = re.compile(r"[\s._-]+")
_DIGIT = re.compile(r"\d")


class Near(NamedTuple):
    """A name that has a rate, and how the string differs from it."""

    name: str
    how: str
    is_same: bool
    """It is the very name, written another way; else it may be a misspelt one."""


class _Parts(NamedTuple):
    """A model string taken apart; ``words`` are what tells models from one another."""

    prefix: str
    day: str
    words: tuple[str, ...]
    written: str
    """The name itself, as it was written."""


def near_names(string: str, known: Iterable[str]) -> list[Near]:
    """The known names that a string may stand for, the nearest first."""
    parts = _parts(string)
    named = [(name, _parts(name)) for name in sorted(set(known)) if name != string and "{" not in name]
    same = [Near(name, _how(parts, other), True) for name, other in named if other.words == parts.words]
    if same:
        return sorted(same, key=lambda near: (near.how != CASE, near.how.count(","), near.name))
    return [Near(name, "one letter or two", False) for name, other in named if _is_misspelt(parts.words, other.words)]


def _parts(string: str) -> _Parts:
    prefix, _, name = string.strip().rpartition("/")
    day = _DAY.search(name)
    written = name[: day.start()] if day else name
    words = tuple(filter(None, _SEPARATORS.split(written.lower())))
    return _Parts(prefix, day[1] if day else "", words, written)


def _how(string: _Parts, known: _Parts) -> str:
    said = []
    if string.prefix.lower() != known.prefix.lower():
        said.append("the prefix")
    if string.day != known.day:
        said.append("the date")
    if string.written.lower() != known.written.lower():
        said.append("dots and dashes")
    return ", ".join(said or [CASE])


def _is_misspelt(words: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether one word differs, by a letter or two; never a number, which makes another version."""
    if len(words) != len(known):
        return False
    other = [(word, right) for word, right in zip(words, known, strict=True) if word != right]
    if len(other) != 1:
        return False
    word, right = other[0]
    most = 1 if min(len(word), len(right)) < 2 * LEAST_LETTERS else 2
    long_enough = min(len(word), len(right)) >= LEAST_LETTERS
    return long_enough and not _DIGIT.search(word + right) and _edits(word, right) <= most


def _edits(one: str, other: str) -> int:
    """Letters put in, taken out, changed, or swapped with the next, to make one word of the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, wanted in enumerate(other, 1):
            edits = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                edits = min(edits, before[column - 2] + 1)
            line.append(edits)
        before, last = last, line
    return last[-1]
