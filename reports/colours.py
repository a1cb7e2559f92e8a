"""The house's colours, for pages and reports alike: one colour per model everywhere."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

# Okabe and Ito's palette, told apart with every kind of colour vision; its yellow goes last, being faint on white.
BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
)
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW)
PATTERNS = ("", "/", ".", "x")
"""Hatchings that tell apart models that share a colour, once there are more models than colours."""
OTHER = "#8A94A0"
"""The colour of what is put together."""
SEEN = 3.0
"""The contrast with the paper from which on a shape can be told from it."""


class Ink(NamedTuple):
    """Colours of text and lines on the page; the text ones have a contrast of at least 4.5 with it."""

    strong: str
    soft: str
    line: str
    paper: str


LIGHT = Ink(strong="#0C1319", soft="#55606E", line="#E4E8ED", paper="#FFFFFF")
DARK = Ink(strong="#EDF1F6", soft="#A8B3C1", line="#2C3743", paper="#0B0F14")


class Paint(NamedTuple):
    """How the bars of one model are filled."""

    colour: str
    pattern: str


def paint_of(model: str | None, models: Sequence[str]) -> Paint:
    """A model's own fill, by its place among the models of the warehouse; what is none of them is grey."""
    if model not in models:
        return Paint(OTHER, "")
    rounds, place = divmod(models.index(model), len(PALETTE))
    return Paint(PALETTE[place], PATTERNS[rounds % len(PATTERNS)])


def contrast(first: str, second: str) -> float:
    """How far two colours are apart in lightness, as the guidelines for accessible pages count it: from 1 to 21."""
    bright, dim = sorted((_lightness(first), _lightness(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _lightness(colour: str) -> float:
    """Relative luminance of a colour written as #RRGGBB."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def edge_of(colour: str, paper: str) -> str:
    """The colour where it borders on the paper: itself, or so much darker that the border can be seen.

    Only light papers need it: on the dark one every colour of the palette can be seen.
    """
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for percent in range(100, 0, -2):
        edge = "#" + "".join(f"{part * percent // 100:02X}" for part in parts)
        if contrast(edge, paper) >= SEEN:
            return edge
    return colour
