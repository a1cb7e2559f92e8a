"""Characters that show nothing, or turn others around, made visible: a name comes from a log and may hold anything."""

import unicodedata
from collections.abc import Callable, Iterable
from itertools import groupby

_JOINERS = {"\u200c", "\u200d"}
"""Scripts and emoji are written with these; they show nothing, and hide nothing."""


def visible(text: str) -> str:
    """The text with a code for every control, direction mark, half character and unassigned place in it."""
    return with_codes(text, is_seen)


def with_codes(text: str, is_shown: Callable[[str], bool]) -> str:
    """The text with a code, ``⟨U+4E2D 6587⟩``, for every run of characters that are not shown."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("".join(run) if shown else _codes_of(run) for shown, run in groupby(text, is_shown))


def _codes_of(run: Iterable[str]) -> str:
    return f"⟨U+{' '.join(f'{ord(each):04X}' for each in run)}⟩"


def is_seen(character: str) -> bool:
    """Whether a character is seen where it stands and leaves its neighbours alone."""
    # C: controls, formats, halves of pairs, private and unassigned places. Zl and Zp are other line ends.
    kind = unicodedata.category(character)
    return character in _JOINERS or not (kind.startswith("C") or kind in ("Zl", "Zp"))
