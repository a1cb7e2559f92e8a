"""What a picture is drawn with: lines, boxes and text at places, in points from the upper left corner."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Literal, NamedTuple

from reports.colours import LIGHT, Paint
from reports.typeface import NAME, SEMIBOLD, fitted, has_glyph, width_of

Place = tuple[float, float]
INKS = {"strong": LIGHT.strong, "soft": LIGHT.soft, "line": LIGHT.line, "paper": LIGHT.paper}
TEXT = 8.5
_TILE = 4
_EDGED_FROM = 3


class Look(NamedTuple):
    """How a text stands. ``ink`` names a colour of the page, so that a dark page can have another."""

    anchor: Literal["start", "middle", "end"] = "start"
    ink: Literal["strong", "soft"] = "strong"
    bold: bool = False
    size: float = TEXT


PLAIN = Look()
SOFT = Look(ink="soft")


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


class Drawing:
    """Elements in the order in which they are drawn; ``height`` is set by who draws."""

    def __init__(self, key: str, width: float, written: Callable[[str], str]) -> None:
        self.width = width
        self.height = 0.0
        self.written = written
        self._key = key
        self._elements: list[str] = []
        self._patterns: dict[Paint, str] = {}

    def text(self, place: Place, text: str, look: Look = PLAIN) -> None:
        """One line of text with its baseline there."""
        if not text:
            return
        weight = f' font-weight="{SEMIBOLD}"' if look.bold else ""
        anchor = "" if look.anchor == "start" else f' text-anchor="{look.anchor}"'
        shape = f'x="{_n(place[0])}" y="{_n(place[1])}" font-size="{_n(look.size)}"{anchor}{weight}{_room(text, look)}'
        ink = f'class="ink-{look.ink}" fill="{INKS[look.ink]}"'
        self._elements.append(f'<text {shape} {ink} xml:space="preserve">{escape(text)}</text>')

    def name(self, place: Place, text: str, room: float, look: Look = PLAIN) -> None:
        """A name out of the data, as it can be shown, cut where there is no room for it."""
        self.text(place, fitted(self.written(text), room, look.size), look)

    def box(self, box: Box, paint: Paint) -> None:
        """A filled rectangle, set apart from its neighbours by a thin edge of the page's colour if it is no sliver."""
        shape = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
        edge = f' class="edge-paper" stroke="{LIGHT.paper}" stroke-width="0.6"'
        is_sliver = min(box.width, box.height) < _EDGED_FROM
        self._elements.append(f'<rect {shape} fill="{paint.colour}"{"" if is_sliver else edge}/>')
        if paint.pattern:
            self._elements.append(f'<rect {shape} fill="url(#{self._pattern(paint)})"/>')

    def line(self, places: Sequence[Place], ink: str, *, width: float = 0.6, dashes: str = "") -> None:
        """A line through the places, in an ink of the page or a colour of its own."""
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
        own = f'class="edge-{ink}" stroke="{INKS[ink]}"' if ink in INKS else f'stroke="{ink}"'
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._elements.append(f'<polyline points="{points}" fill="none" {own} stroke-width="{_n(width)}"{dashed}/>')

    def area(self, places: Sequence[Place], colour: str, opacity: float) -> None:
        """A filled shape that lets lines below it through."""
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
        self._elements.append(f'<polygon points="{points}" fill="{colour}" fill-opacity="{_n(opacity)}"/>')

    def svg(self, alt: str, width_mm: float) -> bytes:
        """The whole picture."""
        height_mm = width_mm * self.height / self.width
        label = escape(self.written(alt), quote=True)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width_mm)}mm" height="{_n(height_mm)}mm"'
            f' viewBox="0 0 {_n(self.width)} {_n(self.height)}" role="img" aria-label="{label}"'
            f" font-family=\"'{NAME}', 'Source Sans Pro', system-ui, sans-serif\">"
        )
        patterns = "".join(_pattern_of(paint, name) for paint, name in self._patterns.items())
        defined = f"<defs>{patterns}</defs>" if patterns else ""
        return "\n".join([head + defined, *self._elements, "</svg>\n"]).encode()

    def _pattern(self, paint: Paint) -> str:
        # The key is in the name, because several pictures may stand in one page.
        return self._patterns.setdefault(paint, f"{self._key}-hatch-{len(self._patterns)}")


def _pattern_of(paint: Paint, name: str) -> str:
    edge = f'class="edge-paper" stroke="{LIGHT.paper}" stroke-width="0.8"'
    whole = f"M0,{_TILE}L{_TILE},0"
    drawn = {
        "/": f'<path d="{whole}" {edge}/>',
        "x": f'<path d="{whole}M0,0L{_TILE},{_TILE}" {edge}/>',
        ".": f'<circle cx="{_TILE / 2}" cy="{_TILE / 2}" r="0.9" class="ink-paper" fill="{LIGHT.paper}"/>',
    }
    return (
        f'<pattern id="{escape(name)}" width="{_TILE}" height="{_TILE}" patternUnits="userSpaceOnUse">'
        f"{drawn[paint.pattern]}</pattern>"
    )


def _room(text: str, look: Look) -> str:
    """A reader without our typeface has another, in the same room; what ours cannot draw has no width to keep to."""
    if not all(has_glyph(each) for each in text):
        return ""
    wide = width_of(text, look.size, strong=look.bold)
    return f' textLength="{_n(wide)}" lengthAdjust="spacingAndGlyphs"'


def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
