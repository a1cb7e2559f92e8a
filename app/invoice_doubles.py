"""What would count twice if an invoice were entered: its lines under another number, or days that one is about."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.bill_overlaps import overlaps
from app.figures import things
from app.reconciling import line_of_invoice
from warehouse.invoices import Invoice


class Double(NamedTuple):
    """What would count twice, in words, and the invoice that is there."""

    words: str
    seller: str
    there: str
    """Its number, or its file's name."""


def doubles(lines: Sequence[Invoice], there: Sequence[Invoice]) -> list[Double]:
    """What of lines to be entered is in other invoices of the same sellers; lines that are there anyway are not."""
    fresh = _fresh(lines, there)
    found = []
    for seller in dict.fromkeys(line.seller for line in fresh):
        new, old = ([line for line in each if line.seller == seller] for each in (fresh, there))
        found += _same(new, old) or [*_corrected(new, old), *_overlapping(new, old)]
    return found


def _fresh(lines: Iterable[Invoice], there: Iterable[Invoice]) -> list[Invoice]:
    """As ``add_invoice_lines`` takes them: the file's name tells no line from another."""
    known = Counter(line._replace(invoice_id=0, source=None) for line in there)
    fresh = []
    for line in lines:
        plain = line._replace(invoice_id=0, source=None)
        known[plain] -= 1
        if known[plain] < 0:
            fresh.append(line)
    return fresh


def _same(new: Sequence[Invoice], old: Iterable[Invoice]) -> list[Double]:
    """The invoice that holds every one of these lines under another number."""
    by_name: dict[str, Counter[Invoice]] = {}
    for line in old:
        by_name.setdefault(_name(line), Counter())[_content(line)] += 1
    wanted = Counter(_content(line) for line in new)
    for name, contents in by_name.items():
        if wanted <= contents:
            lines = "the one line of it is" if len(new) == 1 else f"all {len(new):,} lines of it are"
            return [Double(f"{new[0].seller}: {lines} there as invoice {name}", new[0].seller, name)]
    return []


def _corrected(new: Sequence[Invoice], old: Iterable[Invoice]) -> list[Double]:
    """Lines of the same invoice about the same, with other amounts: a file that was corrected since."""
    known = {line._replace(invoice_id=0, source=None, pico=0) for line in old if line.number}
    changed = Counter(line.number for line in new if line._replace(invoice_id=0, source=None, pico=0) in known)
    return [
        Double(
            f"{new[0].seller}: invoice {number} is there with other amounts for {things(lines, 'line')} of it",
            new[0].seller,
            number,
        )
        for number, lines in changed.items()
        if number
    ]


def _overlapping(new: Sequence[Invoice], old: Sequence[Invoice]) -> list[Double]:
    names = {_name(line) for line in new}, {_name(line) for line in old}
    found = []
    for each in overlaps(line_of_invoice(line) for line in (*old, *new)):
        one, two = each.refs
        other = one if two in names[0] else two
        # Two that are both there, or both in the file, are no news.
        if {one, two} <= names[0] or {one, two} <= names[1] or other not in names[1]:
            continue
        days = f"{each.first} to {each.last}" if each.first != each.last else f"{each.first}"
        found.append(Double(f"{each.seller}: invoice {other} is already about {days}", each.seller, other))
    return found


def _name(line: Invoice) -> str:
    return line_of_invoice(line).ref


def _content(line: Invoice) -> Invoice:
    return line._replace(invoice_id=0, source=None, number=None)
