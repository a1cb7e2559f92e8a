"""A seller's invoice as a file: CSV, a line for each amount. All of it is taken or none; every mistake is named."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from app.invoice_cells import day_in, decimal_mark, delimiter_of, last_day_in, pico_of
from app.session import UserMistake
from pricing.money import PICO, format_pico
from warehouse.invoices import KINDS, Invoice

NAMES: dict[str, tuple[str, ...]] = {
    "first": (
        "first",
        "day",
        "date",
        "from",
        "start",
        "start_date",
        "start_time",
        "start_time_iso",
        "period_start",
        "datum",
    ),
    "last": ("last", "until", "to", "end", "end_date", "end_time", "end_time_iso", "period_end"),
    "seller": ("seller", "provider", "vendor"),
    "model": ("model", "model_name", "model_id", "modell"),
    "key": ("key", "key_alias", "api_key", "api_key_name", "api_key_id"),
    "kind": ("kind", "type"),
    "amount": ("amount", "cost", "amount_value", "cost_usd", "total_cost", "betrag"),
    "currency": ("currency", "amount_currency", "währung"),
    "number": ("number", "invoice", "invoice_number", "invoice_id", "rechnungsnummer"),
    "label": ("label", "description", "item", "line_item", "product", "beschreibung"),
}
"""By which headings a file may call what a line says; capitals and spaces do not matter."""
WORDS = (
    ("tax", re.compile(r"\b(sales tax|tax|taxes|vat|gst|hst|mwst|ust|tva|iva)\b", re.IGNORECASE)),
    ("credit", re.compile(r"\b(credits? applied|credit note|credit grant|promotional credit|refund)\b", re.IGNORECASE)),
    ("fee", re.compile(r"\b(platform fee|service fee|processing fee|surcharge)\b", re.IGNORECASE)),
)
"""What a line without a kind is taken for by the words of its label; it is said how many were."""
MOST_SAID = 10
YEARS = range(2000, 2101)
MOST = 10**12 * PICO


class Ways(NamedTuple):
    """How a person says what a file does not: in the words of the command line, or of the page."""

    column: str = "name it with --column {ours}=HEADING"
    seller: str = "give --seller NAME"
    currency: str = "give --currency CODE"


class Given(NamedTuple):
    """What a person says of every line that does not say it itself."""

    seller: str | None = None
    currency: str | None = None
    number: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    """Of what is ours, the heading in the file."""
    ways: Ways = Ways()


class Summed(NamedTuple):
    """Lines of one kind, and what they add up to."""

    seller: str
    kind: str
    currency: str
    lines: int
    pico: int


def read_invoice(text: Iterable[str], name: str, given: Given) -> list[Invoice]:
    """The lines of a file, in their order; raises UserMistake naming every line that cannot be used."""
    parted, rows = _rows(text, given)
    try:
        return _read(parted, rows, name, given)
    except csv.Error as error:
        raise UserMistake(f"{name}: after line {rows.line_num} it is no CSV: {error}") from None


def headings_of(text: Iterable[str], given: Given) -> tuple[list[str], dict[str, str]]:
    """A file's headings, and under which of them it says what, as far as that is known."""
    _, rows = _rows(text, given)
    try:
        headings = [each for each in rows.fieldnames or () if each]
    except csv.Error:
        return [], {}
    return headings, _found(headings, given)


def _rows(text: Iterable[str], given: Given) -> tuple[str, "csv.DictReader[str]"]:
    """What parts the columns, and the rows below the headings."""
    lines = iter(text)
    header = next(lines, "")
    wanted = {heading for _, heading in given.columns}

    def fits(headings: Sequence[str]) -> bool:
        return wanted <= {*headings} and {"first", "amount"} <= _found(headings, given).keys()

    parted = delimiter_of(header, fits)
    return parted, csv.DictReader(chain([header], lines), delimiter=parted)


def _read(parted: str, rows: "csv.DictReader[str]", name: str, given: Given) -> list[Invoice]:
    places = _places(rows.fieldnames or (), name, given)
    told, mistakes = list[tuple[int, dict[str, str]]](), list[str]()
    for row in rows:
        said = {ours: (row.get(theirs) or "").strip() for ours, theirs in places.items()}
        if None not in row and any(said.values()):
            told.append((rows.line_num, said))
        elif any(value for value in row.values()):
            mistakes.append(f"{name}:{rows.line_num}: it has more cells than the file has headings")
    mark = decimal_mark([(number, each["amount"]) for number, each in told], parted, name)
    found = []
    for number, each in told:
        try:
            found.append(_line(each, name, given, mark))
        except ValueError as error:
            mistakes.append(f"{name}:{number}: {error}")
    if mistakes:
        raise UserMistake("\n".join(_shortened(mistakes)) + "\nNone of the file was taken.")
    if not found:
        raise UserMistake(f"{name}: there is no line in it")
    return found


def check_sum(lines: Iterable[Invoice], name: str, total: int, said: str) -> None:
    """Raise UserMistake unless a file's lines, in one currency, add up to so many pico-units, ``said`` as typed."""
    sums = sums_of(lines)
    there = " and ".join(f"{format_pico(pico)} {currency}" for currency, pico in sums.items())
    if len(sums) > 1:
        raise UserMistake(f"{name}: its lines add up to {there}: no one total is that of two currencies")
    if list(sums.values()) != [total]:
        raise UserMistake(f"{name}: its lines add up to {there}, and the total is said to be {said}")


def sums_of(lines: Iterable[Invoice]) -> dict[str, int]:
    """What lines add up to, by currency."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.pico
    return sums


def summed(lines: Iterable[Invoice]) -> list[Summed]:
    """What a file's lines are, by seller, kind and currency: what was taken for tax is to be seen."""
    kinds: dict[tuple[str, str, str], list[int]] = {}
    for line in lines:
        kinds.setdefault((line.seller, line.kind, line.currency), []).append(line.pico)
    return [Summed(*about, len(each), sum(each)) for about, each in kinds.items()]


def _shortened(mistakes: list[str]) -> Iterator[str]:
    yield from mistakes[:MOST_SAID]
    if len(mistakes) > MOST_SAID:
        yield f"and {len(mistakes) - MOST_SAID} more lines"


def _there(headings: Iterable[str]) -> dict[str, str]:
    return {re.sub(r"[\s_-]+", "_", heading.strip().lower()): heading for heading in headings if heading}


def _found(headings: Iterable[str], given: Given) -> dict[str, str]:
    """Under which heading the file says what: as a person says, else by its name."""
    there, said = _there(headings), dict(given.columns)
    places = {ours: said.get(ours) or next((there[each] for each in names if each in there), None)
              for ours, names in NAMES.items()}  # fmt: skip
    return {ours: heading for ours, heading in places.items() if heading}


def _places(headings: Iterable[str], name: str, given: Given) -> dict[str, str]:
    """Under which heading the file says what; raises UserMistake where a heading that is needed is missing."""
    there = list(_there(headings).values())
    for ours, theirs in given.columns:
        if ours not in NAMES:
            raise UserMistake(f"--column {ours}: there is no such field; there are {', '.join(NAMES)}")
        if theirs not in there:
            raise UserMistake(f"{name}: there is no column {theirs!r}; there are {', '.join(there)}")
    places = _found(there, given)
    for ours in ("first", "amount"):
        if ours not in places:
            raise UserMistake(
                f"{name}: no column says the {'day' if ours == 'first' else ours}; its columns are "
                f"{', '.join(there) or 'none'}: {given.ways.column.format(ours=ours)}"
            )
    return places


def _line(told: Mapping[str, str], name: str, given: Given, mark: str) -> Invoice:
    seller = told.get("seller") or given.seller
    if not seller:
        raise ValueError(f"no seller: {given.ways.seller}")
    currency = (told.get("currency") or given.currency or "").upper()
    if not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(f"{f'{currency!r} is no' if currency else 'no'} currency: {given.ways.currency}")
    first = day_in(told["first"])
    last = last_day_in(told["last"], first) if told.get("last") else first
    label = told.get("label") or None
    kind, pico = _kind(told.get("kind"), label), pico_of(told["amount"], currency, mark)
    about = (told.get("model") or None, first, last, currency, pico)
    number, key = told.get("number") or given.number, told.get("key") or None
    line = Invoice(0, seller, *about, number, name, kind, key, label)
    if wrong := fault_of(line):
        raise ValueError(wrong)
    return line


def fault_of(line: Invoice) -> str | None:
    """Why a line cannot be meant as it stands; None where it can."""
    if wrong := next((day for day in (line.first, line.last) if day.year not in YEARS), None):
        return f"{wrong} is no day of an invoice"
    if abs(line.pico) >= MOST:
        return f"{format_pico(line.pico)} is no amount of an invoice"
    if line.last < line.first:
        return f"it ends on {line.last}, before it begins on {line.first}"
    if line.kind == "credit" and line.pico > 0:
        return f"a credit takes off the bill: write {format_pico(-line.pico)}, or say what else it is as its kind"
    return None


def _kind(said: str | None, label: str | None) -> str:
    if said and said.lower() not in KINDS:
        raise ValueError(f"there is no kind {said!r}; there are {', '.join(KINDS)}")
    if said:
        return said.lower()
    return next((kind for kind, words in WORDS if label and words.search(label)), "usage")
