"""Fills the page's template with a document."""

import base64
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.characters import visible
from reports.charts import Chart
from reports.colours import DARK, LIGHT, Ink
from reports.document import Cell, Column, Document, Facts, Kind, Link, Section, Table, Words
from reports.figures import is_figure, kind_of, text_of, written
from reports.pictures import svg_of

HERE = Path(__file__).parent
FONTS = HERE.parent / "fonts"
WEIGHTS = {400: "SourceSans3-Regular.woff2", 600: "SourceSans3-Semibold.woff2"}
BROAD_MM = 174.0
NARROW_MM = 96.0
"""On a phone a picture is drawn anew, for text that shrinks with it cannot be read."""
WIDE = 9
"""With more columns than this, a table is printed on a page that lies down."""
LONG = 9
"""With more rows than this, a table may begin on one page and end on another."""


def render(document: Document) -> bytes:
    """The whole report as one file; equal documents give equal bytes."""
    text = (
        _environment()
        .get_template("page.html")
        .render(
            document=document,
            style=_style(document.banner),
            picture=partial(_picture, models=document.models, width_mm=BROAD_MM),
            narrow_picture=partial(_narrow_picture, models=document.models),
        )
    )
    return text.encode()


@cache
def _environment() -> Environment:
    """The template with what it may ask; whatever it shows is made visible first, then escaped."""
    found = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {
        "block_kind": _block_kind,
        "cell_classes": _cell_classes,
        "is_address": _is_address,
        "kind_of": kind_of,
        "section_classes": _section_classes,
        "text_of": text_of,
        "written": written,
    }
    return found


def _seen(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _picture(chart: Chart, models: Sequence[str], width_mm: float) -> Markup:
    # It was escaped where it was drawn.
    return Markup(svg_of(chart, models, width_mm=width_mm).decode())


def _narrow_picture(chart: Chart, models: Sequence[str]) -> Markup:
    """The same for a phone; its parts have names of their own, for one that is not shown draws no hatching."""
    return _picture(chart._replace(key=f"{chart.key}-narrow"), models, NARROW_MM)


def _block_kind(block: object) -> str:
    """Which part of the template draws a block."""
    names = {Facts: "facts", Table: "table", Words: "words"}
    return names.get(type(block), "chart")


def _cell_classes(column: Column) -> str:
    return f"{column.kind} figure" if is_figure(column.kind) else column.kind


def _is_wide(table: Table) -> bool:
    return len(table.columns) > WIDE


def _is_address(cell: Cell, kind: Kind) -> bool:
    """Whether a reader may follow it: an address of the web, not one that runs something."""
    return kind == "link" and isinstance(cell, Link) and cell.url.startswith(("https://", "http://"))


def _section_classes(section: Section) -> str:
    """How a section is printed: lying down with a wide table, else on one page where it has no long one."""
    tables = [block for block in section.blocks if isinstance(block, Table)]
    if any(map(_is_wide, tables)):
        return "lying"
    return "" if any(len(table.rows) > LONG for table in tables) else "whole"


def _style(banner: str) -> Markup:
    """The style sheet with the house's inks and fonts in it, and the banner in the margin of every printed page."""
    faces = "".join(
        f"@font-face{{font-family:'Source Sans 3';font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{base64.b64encode((FONTS / name).read_bytes()).decode()}) format('woff2')}}\n"
        for weight, name in WEIGHTS.items()
    )
    inks = f":root{{{_inks(LIGHT)}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{_inks(DARK)}}}}}\n"
    margin = f"@page{{@top-center{{content:{_css_text(visible(banner))}}}}}\n" if banner else ""
    return Markup(faces + inks + (HERE / "page.css").read_text(encoding="utf-8") + margin)


def _inks(ink: Ink) -> str:
    return ";".join(f"--{name}:{value}" for name, value in ink._asdict().items())


def _css_text(text: str) -> str:
    """A text as a string of a style sheet; every character but letters and digits by its code."""
    return '"' + "".join(each if each.isascii() and each.isalnum() else f"\\{ord(each):x} " for each in text) + '"'
