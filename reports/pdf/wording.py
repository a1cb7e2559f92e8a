"""Text as the PDF can show it: what the typeface lacks as a code, and in pieces what is wider than its place."""

import re
from typing import NamedTuple

from reports.characters import is_seen, with_codes
from reports.document import Cell, Kind, Link
from reports.figures import kind_of, written
from reports.typeface import has_glyph, width_of

CODED = (
    "A code such as ⟨U+4E2D⟩ stands for a character that this document's typeface lacks or that shows nothing. "
    "The workbook and the page hold the character itself."
)
_ADDRESS = re.compile(r"https?://[!-~]+")
_BREAKS_AFTER = frozenset("/-_.:?&=@,;|\\")
_SLACK = 1.02
"""Kerning is not measured."""


class Shown(NamedTuple):
    """A cell as it is set: what stands there, its unit, and the address that it leads to."""

    text: str
    unit: str = ""
    url: str = ""

    @property
    def line(self) -> str:
        """The whole in one line."""
        return f"{self.text} {self.unit}" if self.unit else self.text


def in_face(text: str) -> str:
    """The text with a code for every run of characters that the typeface cannot draw."""
    return with_codes(text, lambda each: has_glyph(each) and is_seen(each))


def shown(cell: Cell, kind: Kind | None = None) -> Shown:
    """A cell in characters that the typeface has."""
    figure, unit = written(cell, kind or kind_of(cell))
    url = cell.url if isinstance(cell, Link) and _ADDRESS.fullmatch(cell.url) else ""
    return Shown(in_face(figure), in_face(unit), url)


def room_for(text: str, size: float, *, strong: bool = False) -> float:
    """How wide a place has to be for the text to stand in one line."""
    return width_of(text, size, strong=strong) * _SLACK


def widest_word(text: str, size: float, *, strong: bool = False) -> float:
    """The same for the widest of its words."""
    return max(room_for(word, size, strong=strong) for word in text.split(" "))


def broken(text: str, room: float, size: float, *, strong: bool = False) -> str:
    """The text with a line break within every word that is wider than the room, after a mark where there is one."""
    room += 0.01
    if room_for(text, size, strong=strong) <= room:
        return text
    return " ".join("\n".join(_pieces(word, room / _SLACK / size * 1000, strong)) for word in text.split(" "))


def _pieces(word: str, room: float, strong: bool) -> list[str]:
    pieces = [""]
    used = 0.0
    for each in word:
        wide = width_of(each, 1000, strong=strong)
        if used + wide > room and pieces[-1]:
            kept = _kept(pieces[-1])
            pieces[-1:] = [pieces[-1][:kept], pieces[-1][kept:]]
            used = width_of(pieces[-1], 1000, strong=strong)
        pieces[-1] += each
        used += wide
    return pieces


def _kept(piece: str) -> int:
    """How much of a piece stays in its line: through the last mark, unless that is in its first third."""
    places = [place + 1 for place, each in enumerate(piece) if each in _BREAKS_AFTER]
    return places[-1] if places and places[-1] > len(piece) / 3 else len(piece)
