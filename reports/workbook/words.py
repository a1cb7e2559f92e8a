"""Names as a spreadsheet can hold them: nothing is executed, nothing vanishes, and no two become one."""

import re
from collections.abc import Iterable, Sequence

from reports import characters

MOST = 16_000
"""Characters of one cell; the format ends at 32,767 halves of characters."""
SHEET_NAME = 31
NO_TEXT, EMPTY, UNNAMED = "–", "(empty)", "Section"

_FORBIDDEN_IN_SHEETS = re.compile(r"[\[\]:*?/\\]")
_FORBIDDEN_IN_NAMES = re.compile(r"\W", re.ASCII)


def visible(text: str) -> str:
    """The text with a code for each character that shows nothing, and cut, saying so, where a cell cannot hold it."""
    shown = characters.visible(text)
    return shown if len(shown) <= MOST else f"{shown[:MOST]} … ({len(shown) - MOST:,} more characters)"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would compute it, were it typed: such text is marked as text."""
    return text[:1] in ("=", "+", "-", "@")


def labels(values: Iterable[str | None]) -> dict[str | None, str]:
    """A label for each name; two that would look the same, or a name that looks like no name, get a number."""
    found: dict[str | None, str] = {None: NO_TEXT}
    taken = {NO_TEXT}
    for value in sorted({value for value in values if value is not None}):
        plain, number = visible(value) or EMPTY, 2
        label = plain
        while label in taken:
            label = f"{plain} ({number})"
            number += 1
        found[value] = label
        taken.add(label)
    return found


def sheet_names(titles: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Legal names of sheets, each once whatever its capitals."""
    used = {name.casefold() for name in taken} | {"history"}
    found = []
    for title in titles:
        plain = _FORBIDDEN_IN_SHEETS.sub(" ", visible(title)).strip(" '") or UNNAMED
        name, number = _cut(plain), 2
        while name.casefold() in used:
            ending = f" ({number})"
            name = plain[: SHEET_NAME - len(ending)].rstrip() + ending
            number += 1
        used.add(name.casefold())
        found.append(name)
    return found


def _cut(title: str) -> str:
    """As many whole words as fit."""
    if len(title) <= SHEET_NAME:
        return title
    whole = title[: SHEET_NAME + 1].rpartition(" ")[0] or title[:SHEET_NAME]
    return whole.rstrip(" ',") or UNNAMED


def range_name(key: str) -> str:
    """The defined name of a table: it can look like no address of a cell."""
    return "Table_" + _FORBIDDEN_IN_NAMES.sub("_", key)


def in_header(text: str) -> str:
    """Text for the head or foot of a printed page, whose own signs begin with ``&``."""
    return visible(text)[:100].replace("&", "&&")
