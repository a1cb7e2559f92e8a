"""A document as the data that the template sets: nothing but text, sizes and places; and its pictures."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from reports.characters import visible
from reports.charts import Chart
from reports.colours import LIGHT, ORANGE, VERMILION
from reports.document import Document, Fact, Facts, Section, Table, Words
from reports.figures import DASH, is_figure
from reports.pdf.columns import LANDSCAPE, PADDING, PORTRAIT, SIGN, Laid, laid_out, lines_of, needs_side, set_of
from reports.pdf.wording import CODED, Shown, broken, in_face, room_for, shown
from reports.pictures import svg_of
from reports.typeface import NAME, fitted, width_of

_BODY = 10.0
_SMALL = 8.5
_FACT_SIZES = (17.0, 13.0, 10.0)
_FACT_GAP = 12.0
_PICTURE_MM = 170.0
_WHOLE = 24
"""A table of no more lines is kept on one page: half of one lying on its side."""

Data = dict[str, Any]


class Content(NamedTuple):
    """What the template reads, and files by name."""

    data: Data
    pictures: dict[str, bytes]


def content_of(document: Document) -> Content:
    """The whole document in characters that the typeface has."""
    pictures: dict[str, bytes] = {}
    sections = [_section(section, document.models, pictures) for section in document.all_sections]
    banner = fitted(in_face(document.banner), PORTRAIT / 2, _SMALL)
    left = PORTRAIT - room_for(banner, _SMALL, strong=True) - _FACT_GAP
    data = {
        "title": _title(document.title, PORTRAIT, 26),
        "subtitle": broken(in_face(document.subtitle), PORTRAIT, 13),
        "line": fitted(f"{in_face(document.title)} · {in_face(document.subtitle)}", left, _SMALL),
        "banner": banner,
        "notice": broken(in_face(document.banner), PORTRAIT - 20, _BODY, strong=True),
        "about": [_fact(fact, PORTRAIT * 0.7) for fact in document.about],
        "keywords": [visible(f"{fact.label}: {shown(fact.value).line}") for fact in document.about],
        "made": shown(document.made_at).line,
        "to_sign": [broken(in_face(label), PORTRAIT / len(document.to_sign), _SMALL) for label in document.to_sign],
        "sections": sections,
        "face": NAME,
        "sign": SIGN,
        "padding": PADDING,
        "ink": {**LIGHT._asdict(), "warning": ORANGE, "mark": VERMILION},
    }
    return Content({**data, "coded": CODED if "⟨U+" in str(data) else ""}, pictures)


def _section(section: Section, models: Sequence[str], pictures: dict[str, bytes]) -> Data:
    sets = {block.key: set_of(block) for block in section.blocks if isinstance(block, Table)}
    on_side = any(needs_side(each) for each in sets.values())
    room = LANDSCAPE if on_side else PORTRAIT
    blocks: list[Data] = []
    for block in section.blocks:
        match block:
            case Table():
                blocks.append(_table(block, room))
            case Facts():
                blocks.append(_facts(block, room))
            case Words():
                blocks.append(_words(block, room))
            case _:
                blocks.append(_picture(block, models, pictures))
    return {
        "title": _title(section.title, room, 17),
        "lead": broken(in_face(section.lead), room, _BODY),
        "on_side": on_side,
        "blocks": blocks,
    }


def _title(text: str, room: float, size: float) -> str:
    """A heading; one of nothing would be no heading for those who do not see."""
    return broken(in_face(text).strip() or DASH, room, size, strong=True)


def _words(words: Words, room: float) -> Data:
    paragraphs = [broken(in_face(each), room - 30, _BODY) for each in words.paragraphs]
    return {"is": "words", "tone": words.tone, "paragraphs": paragraphs}


def _picture(chart: Chart, models: Sequence[str], pictures: dict[str, bytes]) -> Data:
    name = f"picture-{len(pictures)}.svg"
    pictures[name] = svg_of(chart, models, width_mm=_PICTURE_MM, written=in_face)
    title = _title(chart.title, PORTRAIT, 11)
    return {"is": "picture", "title": title, "alt": in_face(chart.alt).strip() or title, "file": name}


def _facts(facts: Facts, room: float) -> Data:
    number = len(facts.facts)
    columns = 3 if number in (3, 5, 6, 9) else min(number, 4)
    wide = (room - _FACT_GAP * (columns - 1)) / columns - 16
    return {"is": "facts", "columns": columns, "facts": [_fact(fact, wide) for fact in facts.facts]}


def _fact(fact: Fact, room: float) -> Data:
    """A fact, its value as large as the room allows."""
    value = shown(fact.value)
    sizes = [size for size in _FACT_SIZES if width_of(value.line, size, strong=True) <= room]
    size = sizes[0] if sizes else _FACT_SIZES[-1]
    return {
        "label": broken(in_face(fact.label), room, 9),
        "text": broken(value.text, room, size, strong=True),
        "unit": value.unit,
        "size": size,
        "note": broken(in_face(fact.note), room, _SMALL),
    }


def _table(table: Table, room: float) -> Data:
    found = set_of(table)
    laid = laid_out(found, room)
    return {
        "is": "table",
        "title": _title(table.title, room, 11),
        "empty": "" if table.rows else in_face(table.empty),
        "widths": laid.widths,
        "size": laid.size,
        "right": [is_figure(column.kind) for column in table.columns],
        "heads": [{"title": broken(head.title, laid.widths[place] - PADDING, laid.size, strong=True),
                   "unit": head.unit} for place, head in enumerate(found.heads)],
        "rows": [_cells(row, laid) for row in found.rows],
        "totals": [_cells(row, laid, strong=True) for row in found.totals],
        "marked": sorted(table.marked),
        "notes": [broken(in_face(note), room, _SMALL) for note in table.notes],
        "whole": lines_of(found, laid) <= _WHOLE,
    }  # fmt: skip


def _cells(row: Sequence[Shown], laid: Laid, *, strong: bool = False) -> list[Data]:
    return [
        cell._replace(text=broken(cell.text, wide - PADDING, laid.size, strong=strong))._asdict()
        for cell, wide in zip(row, laid.widths, strict=True)
    ]
