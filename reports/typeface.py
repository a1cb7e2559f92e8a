"""The reports' typeface, measured: how wide a text is, and which characters can be drawn."""

from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "fonts"
"""Given to whoever sets text, and nothing else: the machine's own fonts would make every machine's report differ."""
NAME = "Source Sans 3"
SEMIBOLD = 600


class Face(NamedTuple):
    """Widths by character, in thousandths of the size."""

    widths: dict[int, int]
    missing: int


@cache
def _face(strong: bool) -> Face:
    from fontTools.ttLib import TTFont

    path = FOLDER / f"SourceSans3-{'Semibold' if strong else 'Regular'}.ttf"
    with TTFont(path, lazy=True) as font:
        metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
        widths = {code: metrics[glyph][0] * 1000 // em for code, glyph in font.getBestCmap().items()}
    return Face(widths, max(widths[ord("m")], 1000))


def width_of(text: str, size: float, *, strong: bool = False) -> float:
    """How wide the text is in the unit of its size, kerning left out; unknown characters count as wide ones."""
    return _width(text, strong) * size / 1000


@lru_cache(maxsize=10_000)
def _width(text: str, strong: bool) -> int:
    """In thousandths of the size; a table asks of the same few texts again and again."""
    face = _face(strong)
    return sum(face.widths.get(ord(each), face.missing) for each in text)


def has_glyph(character: str) -> bool:
    """Whether both weights can draw it."""
    return all(ord(character) in _face(strong).widths for strong in (False, True))


def fitted(text: str, room: float, size: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room."""
    if width_of(text, size) <= room:
        return text
    kept, left = "", room - width_of("…", size)
    for each in text:
        left -= width_of(each, size)
        if left < 0:
            break
        kept += each
    return kept.rstrip() + "…"
