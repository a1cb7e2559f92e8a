"""Invoices as people entered them, and what of them lies within a period."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from pricing.charges import part_of
from warehouse.entries import Author, open_entries, read_entries
from warehouse.locks import Tell
from warehouse.scope import Scope


class Invoice(NamedTuple):
    """One line of an invoice; without a model it is about all that the seller billed."""

    invoice_id: int
    seller: str
    model: str | None
    first: date
    last: date
    currency: str
    pico: int
    number: str | None
    source: str | None


class Part(NamedTuple):
    """What of an invoice lies within a period: all of it, or the share of its days."""

    invoice: Invoice
    first: date
    last: date
    pico: int

    @property
    def is_whole(self) -> bool:
        """Whether the whole invoice lies within the period."""
        return (self.first, self.last) == (self.invoice.first, self.invoice.last)


def list_invoices(root: Path, *, tell: Tell) -> list[Invoice]:
    """Every line of an invoice that was not removed, in the order in which they were entered."""
    return [_invoice(row) for row in read_entries(root, "invoice", tell=tell)]


def add_invoice(root: Path, invoice: Invoice, author: Author, *, tell: Tell) -> int:
    """Enter a line of an invoice; returns its number, whatever number it came with."""
    values = invoice._asdict()
    del values["invoice_id"]
    values |= {"pico": str(values["pico"]), "first_day": values.pop("first"), "last_day": values.pop("last")}
    with open_entries(root, author, purpose="an invoice", tell=tell) as entries:
        return entries.put("invoice", values)


def remove_invoice(root: Path, number: int, author: Author, *, tell: Tell) -> Invoice:
    """Take a line of an invoice out; raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="an invoice", tell=tell) as entries:
        return _invoice(tuple(entries.take("invoice", number).values()))


def parts_within(invoices: Iterable[Invoice], scope: Scope) -> list[Part]:
    """The parts of invoices that lie within a scope; none where it narrows what no invoice tells apart."""
    if scope.dimensions - {"seller", "model"}:
        return []
    wanted = dict(scope.values)
    parts = []
    for each in invoices:
        first, last = max(each.first, scope.since or each.first), min(each.last, scope.until or each.last)
        if first > last or any(getattr(each, name) not in values for name, values in wanted.items()):
            continue
        pico = part_of(each.pico, (each.first, each.last), (first, last))
        parts.append(Part(each, first, last, pico))
    return parts


def credited_days(invoices: Iterable[Invoice], scope: Scope, currency: str) -> dict[date, int]:
    """What credits, invoices below zero, of one currency take off each day of a scope's period, in pico-units."""
    found: dict[date, int] = {}
    for part in parts_within((each for each in invoices if each.currency == currency and each.pico < 0), scope):
        whole = part.invoice.first, part.invoice.last
        for number in range((part.last - part.first).days + 1):
            day = part.first + timedelta(days=number)
            found[day] = found.get(day, 0) + part_of(part.invoice.pico, whole, (day, day))
    return found


def covers(parts: Sequence[Part], first: date, last: date) -> bool:
    """Whether every day from first to last lies in one of the parts."""
    day = first
    for part in sorted(parts, key=lambda part: part.first):
        if part.first <= day:
            day = max(day, part.last + timedelta(days=1))
    return day > last


def _invoice(row: tuple[Any, ...]) -> Invoice:
    values = dict(zip(Invoice._fields, row, strict=True))
    return Invoice(**values | {"pico": int(values["pico"])})
