"""A report as a document: sections of facts, tables, pictures and text, in typed cells that every renderer understands.

A renderer adds nothing and leaves nothing out: what a figure is, is decided once, here; how it looks, by each.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from reports.charts import Chart


class Money(NamedTuple):
    """An amount: pico-units of a currency, exact; None where it is unknown, which is never shown as 0."""

    pico: int | None
    currency: str | None


class Share(NamedTuple):
    """A part of a whole, 0 to 1 (it may be more: a change); None where there is no whole."""

    value: float | None


class UnitRate(NamedTuple):
    """A rate: pico-units per token, shown per 1,000,000, or per unit (``per`` says which); None: not sold."""

    pico: int | None
    currency: str
    per: Literal["token", "unit"] = "token"


class Link(NamedTuple):
    """An address that a reader may look up; it is shown, and never fetched."""

    url: str


class Number(NamedTuple):
    """A measured figure that is no money and no whole count, with its unit: ``Number(12.5, "s")``."""

    value: float | None
    unit: str = ""


Cell = str | int | date | datetime | Money | Share | UnitRate | Link | Number | None
"""What stands in a table. ``int`` is a count; ``datetime`` is naive UTC; None is "not reported", shown as a dash."""

Kind = Literal["text", "count", "day", "instant", "money", "share", "rate", "link", "number"]
"""What a column holds."""


class Column(NamedTuple):
    """A column: its head, what it holds, and what the figure is, for the data dictionary."""

    title: str
    kind: Kind
    meaning: str


class Table(NamedTuple):
    """Rows under typed columns. ``key`` names it in the whole document (letters, digits, underscores)."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...] = ()
    """Below the rows, one per currency: sums that were made exactly, not from what is shown."""
    notes: tuple[str, ...] = ()
    marked: frozenset[int] = frozenset()
    """Places of rows that need a person's eye (stale, unpriced); a renderer marks them in more than colour."""
    empty: str = ""
    """What is said in its place when there are no rows."""


class Fact(NamedTuple):
    """One figure with its name, and what has to be known beside it."""

    label: str
    value: Cell
    note: str = ""


class Facts(NamedTuple):
    """A row of figures: the headline of a section."""

    key: str
    facts: tuple[Fact, ...]


class Words(NamedTuple):
    """Paragraphs of plain text. ``tone`` sets apart what warns and what is only somebody's claim."""

    paragraphs: tuple[str, ...]
    tone: Literal["plain", "warning", "claim"] = "plain"


Block = Facts | Table | Chart | Words


class Section(NamedTuple):
    """One part of a report. ``key`` names it in links and sheets."""

    key: str
    title: str
    lead: str
    """One sentence that says what is in it, or why there is nothing."""
    blocks: tuple[Block, ...]
    short: str = ""
    """What it is called where there is little room, as on the tab of a sheet; empty: as in its title."""


class Document(NamedTuple):
    """A whole report."""

    title: str
    subtitle: str
    """Period, scope and currency in words."""
    about: tuple[Fact, ...]
    """Whose figures, through when, made when, on which data and cards: on the cover and in the file's properties."""
    made_at: datetime
    """The injected clock, naive UTC: the same document gives the same bytes."""
    summary: Section
    """Fits on one page."""
    sections: tuple[Section, ...]
    models: tuple[str, ...] = ()
    """The warehouse's models in the order in which they first appeared: each has the colour of its place."""
    banner: str = ""
    """On every page, where it must not be overlooked: demo data."""
    to_sign: tuple[str, ...] = ()
    """What a person writes on the cover, on a line each: only paper has them, the PDF and the printed page."""
    beside_totals: tuple[str, ...] = ()
    """What has to be known wherever totals stand by themselves, as on a sheet of a workbook."""

    @property
    def all_sections(self) -> tuple[Section, ...]:
        """The summary and what follows it."""
        return (self.summary, *self.sections)

    def tables(self) -> Iterator[tuple[Section, Table]]:
        """Every table with its section, in order."""
        for section in self.all_sections:
            yield from ((section, block) for block in section.blocks if isinstance(block, Table))


def text_column(title: str, meaning: str) -> Column:
    """A column of names."""
    return Column(title, "text", meaning)


def money_column(title: str, meaning: str) -> Column:
    """A column of amounts; each cell says its currency."""
    return Column(title, "money", meaning)


def count_column(title: str, meaning: str) -> Column:
    """A column of whole counts."""
    return Column(title, "count", meaning)


def totals_of(columns: Sequence[Column], label: str, values: dict[str, Cell]) -> tuple[Cell, ...]:
    """A row of totals: a label in the first column, values by the heads of their columns; raises KeyError."""
    titles = [column.title for column in columns]
    if unknown := values.keys() - set(titles):
        raise KeyError(f"no column {min(unknown)!r}")
    return (label, *(values.get(title) for title in titles[1:]))
