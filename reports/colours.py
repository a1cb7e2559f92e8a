"""The house's colours, for pages and reports alike: one colour per model everywhere."""

from collections.abc import Sequence
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
