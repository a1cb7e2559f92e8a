"""Figures of rates as the import and the comparison show them."""

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.table import Table

from app.session import plain_table
from pricing.meters import UNIT_METERS
from pricing.money import format_pico

if TYPE_CHECKING:
    from pricing.registries.compare import Row, Verdict

UNKNOWN = "–"


def figure(meter: str, pico: int | None) -> str | None:
    """A rate as it is quoted: per 1,000,000 tokens, or per unit."""
    return format_pico(pico if pico is None or meter in UNIT_METERS else pico * 1_000_000)


def change(verdict: "Verdict", row: "Row") -> str:
    """``+12.5%``; empty where there is nothing to change from, or in another currency."""
    is_other = verdict.rate is not None and verdict.rate.currency != verdict.quote.currency
    if row.ours is None or row.ours == 0 or is_other:
        return ""
    return f"{float(Fraction(100 * (row.theirs - row.ours), row.ours)):+,.1f}%"


def difference_table(title: str | None, last: tuple[str, str]) -> Table:
    """A table of figures that differ, with two columns of one's own at the end."""
    table = plain_table(title)
    for heading in ("seller", "model"):
        table.add_column(heading, overflow="fold")
    for heading in ("for", "meter"):
        table.add_column(heading, no_wrap=True)
    for heading in ("ours", "theirs", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in last:
        table.add_column(heading, no_wrap=True)
    return table


def add_differences(table: Table, verdict: "Verdict", last: tuple[str, str]) -> None:
    """The rows of one price; its names and its last two columns stand on the first."""
    quote, rate = verdict.quote, verdict.rate
    ours_in = f" {rate.currency}" if rate and rate.currency != quote.currency else ""
    theirs_in = f" {quote.currency}" if ours_in else ""
    for number, row in enumerate(verdict.rows):
        head, tail = ((quote.seller, quote.model), last) if number == 0 else (("", ""), ("", ""))
        ours, theirs = figure(row.meter, row.ours), figure(row.meter, row.theirs)
        table.add_row(
            *head,
            row.terms,
            row.meter.replace("_", " "),
            f"{ours}{ours_in}" if ours else UNKNOWN,
            f"{theirs}{theirs_in}",
            change(verdict, row),
            *tail,
        )
