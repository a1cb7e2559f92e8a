"""Invoices as people entered them, and what of them lies within a period."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from pricing.charges import part_of
from pricing.money import format_pico
from warehouse.connection import open_reader
from warehouse.entries import Author, Values, open_entries, read_entries
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.scope import Scope
from warehouse.sqlfiles import run, sql

KINDS = ("usage", "credit", "tax", "fee", "byok")
"""What a line may be: ``byok`` is what a seller asks for calls with the caller's own upstream key."""
OF_CALLS = ("usage", "credit")
ASIDE = ("tax", "fee", "byok")
"""About no calls, or about those that another seller bills."""


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
    kind: str = "usage"
    """One of ``KINDS``: only usage and credits stand beside what calls cost."""
    key: str | None = None
    """The one key, by its alias, that the line is about."""
    label: str | None = None
    """What the line says of itself."""


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

    @property
    def is_credit(self) -> bool:
        """Whether it takes off what is billed: a credit, or usage below 0."""
        return self.invoice.kind == "credit" or self.pico < 0


def list_invoices(root: Path, *, tell: Tell) -> list[Invoice]:
    """Every line of an invoice that was not removed, in the order in which they were entered."""
    return [_invoice(row) for row in read_entries(root, "invoice", tell=tell)]


def add_invoice(root: Path, invoice: Invoice, author: Author, *, tell: Tell) -> int:
    """Enter a line of an invoice; returns its number, whatever number it came with."""
    with open_entries(root, author, purpose="an invoice", tell=tell) as entries:
        return entries.put("invoice", _values(invoice))


def add_invoice_lines(
    root: Path, lines: Sequence[Invoice], author: Author, *, tell: Tell, demo: bool = False
) -> list[int]:
    """Enter the lines of one file that are not there yet, all in one transaction; returns their numbers.

    Equal lines of one file are as many lines; the same file once more adds none.
    """
    rows = [
        _values(line) | {"place": place, "digest": digest}
        for place, (line, digest) in enumerate(zip(lines, _digests(lines), strict=True))
    ]
    text = json.dumps(rows, default=str)
    with open_entries(root, author, purpose="an invoice", tell=tell) as entries:
        values = {"lines": text, "demo": demo, "now": author.now}
        numbers = sorted(int(row[0]) for row in run(entries.connection, "insert_invoice_lines", values).fetchall())
        if numbers:
            told = {"source": lines[0].source, "lines": len(numbers), "sums": _sums(lines), "demo": demo}
            entries.audit(f"invoice {numbers[0]} to {numbers[-1]} added", after=told)
    return numbers


def count_new_lines(root: Path, lines: Sequence[Invoice], *, tell: Tell) -> int:
    """How many lines ``add_invoice_lines`` would enter; nothing is stored."""
    known: set[str] = set()
    if Folder(root).database("state").exists():
        with open_reader(root, "state", tell=tell) as reader:
            if reader.row(sql("has_table"), {"table": "invoice"}):
                known = {row[0] for row in reader.rows(sql("list_invoice_digest"))}
    return sum(digest not in known for digest in _digests(lines))


def remove_invoice_lines(root: Path, number: str, seller: str | None, author: Author, *, tell: Tell) -> list[int]:
    """Take every line of an invoice out, by the invoice's own number; raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="an invoice", tell=tell) as entries:
        values = {"number": number, "seller": seller, "now": author.now}
        removed = sorted(int(row[0]) for row in run(entries.connection, "remove_invoice_lines", values).fetchall())
        if not removed:
            raise WarehouseError(f"there is no invoice of the number {number!r}: tollbook invoice list")
        entries.audit(f"invoice {number} removed", before={"seller": seller, "lines": removed})
    return removed


def remove_demo_invoices(root: Path, author: Author, *, tell: Tell) -> int:
    """Take every made-up line out; returns how many there were."""
    with open_entries(root, author, purpose="the demo's invoices", tell=tell) as entries:
        removed = run(entries.connection, "remove_demo_invoice", {"now": author.now}).fetchall()
        if removed:
            entries.audit("invoice demo removed", before={"lines": sorted(int(row[0]) for row in removed)})
    return len(removed)


def remove_invoice(root: Path, number: int, author: Author, *, tell: Tell) -> Invoice:
    """Take a line of an invoice out; raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="an invoice", tell=tell) as entries:
        return _invoice(tuple(entries.take("invoice", number).values()))


def parts_within(invoices: Iterable[Invoice], scope: Scope, *, kinds: Sequence[str] = OF_CALLS) -> list[Part]:
    """The parts of invoices that lie within a scope; none where it narrows what no invoice tells apart."""
    if scope.dimensions - {"seller", "model"}:
        return []
    wanted = dict(scope.values)
    parts = []
    for each in (each for each in invoices if each.kind in kinds):
        first, last = max(each.first, scope.since or each.first), min(each.last, scope.until or each.last)
        if first > last or any(getattr(each, name) not in values for name, values in wanted.items()):
            continue
        pico = part_of(each.pico, (each.first, each.last), (first, last))
        parts.append(Part(each, first, last, pico))
    return parts


def credited(parts: Iterable[Part], currency: str | None) -> tuple[int, str] | None:
    """What credits take off in one currency, in pico-units and in words; None where there is none."""
    pico = sum(part.pico for part in parts if part.is_credit and part.invoice.currency == currency)
    return (pico, f"{format_pico(pico)} {currency}") if pico else None


def kinds_notes(parts: Iterable[Part], aside: Iterable[Part]) -> list[str]:
    """What is in what sellers invoiced, and what not: credits are, tax, fees and byok stand aside."""
    notes = []
    taken, apart = _by_seller(part for part in parts if part.is_credit), _by_seller(aside)
    if taken:
        notes.append(f"Invoiced is after credits: {'; '.join(taken)}.")
    if apart:
        notes.append(f"Not in it, for it is about no calls: {'; '.join(apart)}.")
    return notes


def _by_seller(parts: Iterable[Part]) -> list[str]:
    sums: dict[tuple[str, str, str], int] = {}
    for part in parts:
        kind = "credit" if part.is_credit else part.invoice.kind
        about = (part.invoice.seller, kind, part.invoice.currency)
        sums[about] = sums.get(about, 0) + part.pico
    return [f"{kind} of {seller}, {format_pico(pico)} {code}" for (seller, kind, code), pico in sorted(sums.items())]


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
    """Whether every day from first to last lies in one of the parts; a credit about a day says not what it cost."""
    day = first
    for part in sorted(parts, key=lambda part: part.first):
        if part.first <= day and not part.is_credit:
            day = max(day, part.last + timedelta(days=1))
    return day > last


def _values(invoice: Invoice) -> Values:
    values = invoice._asdict()
    del values["invoice_id"]
    return values | {"pico": str(values["pico"]), "first_day": values.pop("first"), "last_day": values.pop("last")}


def _digests(lines: Sequence[Invoice]) -> list[str]:
    """Of each line what tells it from all others."""
    seen: dict[Invoice, int] = {}
    digests = []
    for line in lines:
        seen[line] = seen.get(line, 0) + 1
        digests.append(_digest(line, seen[line]))
    return digests


def _digest(line: Invoice, occurrence: int) -> str:
    """Tells a line from all others: of what it says, not of the file's name, and its place among equal ones."""
    said = [str(value) for value in line._replace(invoice_id=occurrence, source=None)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _sums(lines: Iterable[Invoice]) -> dict[str, str]:
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.pico
    return {currency: str(format_pico(pico)) for currency, pico in sums.items()}


def _invoice(row: tuple[Any, ...]) -> Invoice:
    values = dict(zip(Invoice._fields, row, strict=True))
    return Invoice(**values | {"pico": int(values["pico"])})
