"""Characters that show nothing, or turn others around, made visible: a name comes from a log and may hold anything."""

import unicodedata
from collections.abc import Callable

_JOINERS = {"\u200c", "\u200d"}
"""Scripts and emoji are written with these; they show nothing, and hide nothing."""


def code_of(character: str) -> str:
    """``⟨U+0007⟩``."""
    return f"⟨U+{ord(character):04X}⟩"


def visible(text: str) -> str:
    """The text with a code for every control, direction mark, half character and unassigned place in it."""
    return with_codes(text, _is_seen)


def with_codes(text: str, is_shown: Callable[[str], bool]) -> str:
    """The text with a code for every character that is not shown."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if is_shown(each) else code_of(each) for each in text)


def _is_seen(character: str) -> bool:
    # C: controls, formats, halves of pairs, private and unassigned places. Zl and Zp are other line ends.
    kind = unicodedata.category(character)
    return character in _JOINERS or not (kind.startswith("C") or kind in ("Zl", "Zp"))
