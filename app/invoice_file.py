"""A seller's invoice as a file: CSV, a line for each amount. All of it is taken or none; every mistake is named."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import NamedTuple

from app.session import UserMistake
from pricing.money import PICO, format_pico
from warehouse.invoices import KINDS, Invoice

NAMES: dict[str, tuple[str, ...]] = {
    "first": ("first", "day", "date", "from", "start", "start_date", "start_time", "start_time_iso", "period_start"),
    "last": ("last", "until", "to", "end", "end_date", "end_time", "end_time_iso", "period_end"),
    "seller": ("seller", "provider", "vendor"),
    "model": ("model", "model_name", "model_id"),
    "key": ("key", "key_alias", "api_key", "api_key_name", "api_key_id"),
    "kind": ("kind", "type"),
    "amount": ("amount", "cost", "amount_value", "cost_usd", "total_cost"),
    "currency": ("currency", "amount_currency"),
    "number": ("number", "invoice", "invoice_number", "invoice_id"),
    "label": ("label", "description", "item", "line_item", "product"),
}
"""By which headings a file may call what a line says; capitals and spaces do not matter."""
WORDS = (
    ("tax", re.compile(r"\b(sales tax|tax|taxes|vat|gst|hst|mwst|ust|tva|iva)\b", re.IGNORECASE)),
    ("credit", re.compile(r"\b(credits? applied|credit note|credit grant|promotional credit|refund)\b", re.IGNORECASE)),
    ("fee", re.compile(r"\b(platform fee|service fee|processing fee|surcharge)\b", re.IGNORECASE)),
)
"""What a line without a kind is taken for by the words of its label; it is said how many were."""
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+\.\d+")
PLAIN = re.compile(r"-?\d{1,9}(\.\d+)?([eE]-?\d{1,2})?")
MOST_SAID = 10
YEARS = range(2000, 2101)
MOST = 10**12 * PICO


class Given(NamedTuple):
    """What a person says of every line that does not say it itself."""

    seller: str | None = None
    currency: str | None = None
    number: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    """Of what is ours, the heading in the file."""


class Summed(NamedTuple):
    """Lines of one kind, and what they add up to."""

    seller: str
    kind: str
    currency: str
    lines: int
    pico: int


def read_invoice(text: Iterable[str], name: str, given: Given) -> list[Invoice]:
    """The lines of a file, in their order; raises UserMistake naming every line that cannot be used."""
    rows = csv.DictReader(text)
    try:
        return _read(rows, _places(rows.fieldnames or (), name, given), name, given)
    except csv.Error as error:
        raise UserMistake(f"{name}: after line {rows.line_num} it is no CSV: {error}") from None


def _read(rows: "csv.DictReader[str]", places: Mapping[str, str], name: str, given: Given) -> list[Invoice]:
    found, mistakes = [], list[str]()
    for row in rows:
        told = {ours: (row.get(theirs) or "").strip() for ours, theirs in places.items()}
        if None in row or not any(told.values()):
            if any(value for value in row.values()):
                mistakes.append(f"{name}:{rows.line_num}: it has more cells than the file has headings")
            continue
        try:
            found.append(_line(told, name, given))
        except ValueError as error:
            mistakes.append(f"{name}:{rows.line_num}: {error}")
    if mistakes:
        raise UserMistake("\n".join(_shortened(mistakes)) + "\nNone of the file was taken.")
    if not found:
        raise UserMistake(f"{name}: there is no line in it")
    return found


def check_sum(lines: Iterable[Invoice], name: str, total: int) -> None:
    """Raise UserMistake unless a file's lines, in one currency, add up to so many pico-units."""
    sums = sums_of(lines)
    there = " and ".join(f"{format_pico(pico)} {currency}" for currency, pico in sums.items())
    if len(sums) > 1:
        raise UserMistake(f"{name}: its lines add up to {there}: no one total is that of two currencies")
    if list(sums.values()) != [total]:
        raise UserMistake(f"{name}: its lines add up to {there}, and the total is said to be {format_pico(total)}")


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


def _places(headings: Iterable[str], name: str, given: Given) -> dict[str, str]:
    """Under which heading the file says what; raises UserMistake where a heading that is needed is missing."""
    there = {re.sub(r"[\s_-]+", "_", heading.strip().lower()): heading for heading in headings if heading}
    said = dict(given.columns)
    for ours, theirs in said.items():
        if ours not in NAMES:
            raise UserMistake(f"--column {ours}: there is no such field; there are {', '.join(NAMES)}")
        if theirs not in there.values():
            raise UserMistake(f"{name}: there is no column {theirs!r}; there are {', '.join(there.values())}")
    places: dict[str, str] = {}
    for ours, names in NAMES.items():
        heading = said.get(ours) or next((there[each] for each in names if each in there), None)
        if heading:
            places[ours] = heading
    for ours in ("first", "amount"):
        if ours not in places:
            raise UserMistake(
                f"{name}: no column says the {'day' if ours == 'first' else ours}; its columns are "
                f"{', '.join(there.values()) or 'none'}: name it with --column {ours}=HEADING"
            )
    return places


def _line(told: Mapping[str, str], name: str, given: Given) -> Invoice:
    seller = told.get("seller") or given.seller
    if not seller:
        raise ValueError("no seller: give --seller NAME")
    currency = (told.get("currency") or given.currency or "").upper()
    if not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(f"{currency!r} is no currency: give --currency CODE" if currency else "no currency: give one")
    first = _day(told["first"])
    last = _last_day(told["last"], first) if told.get("last") else first
    label = told.get("label") or None
    kind, pico = _kind(told.get("kind"), label), _pico(told["amount"], currency)
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


def _last_day(text: str, first: date) -> date:
    """The last day, which counts; an instant at midnight is the end of the day before."""
    day = _day(text)
    is_instant = len(text) > 10 or text.isdigit()
    at_midnight = int(text) % 86_400 == 0 if text.isdigit() else re.search(r"[T ]00:00(:00(\.0+)?)?(?![\d:.])", text)
    return day - timedelta(days=1) if is_instant and at_midnight and day > first else day


def _day(text: str) -> date:
    """A day as ISO 8601 writes it, or that of an instant as it is written, or of a Unix time (UTC)."""
    try:
        if re.fullmatch(r"\d{9,10}", text):
            return date.fromordinal(date(1970, 1, 1).toordinal() + int(text) // 86_400)
        return datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day; write it as in 2026-11-01") from None


def _pico(text: str, currency: str) -> int:
    """Pico-units of an amount, rounded half-even where the file has more digits."""
    plain = text.replace(SIGNS.get(currency, " "), "", 1).replace(" ", "")
    plain = plain.replace(",", "") if GROUPED.fullmatch(plain) else plain
    if not PLAIN.fullmatch(plain):
        raise ValueError(f"{text!r} is no amount; write it as in 1234.56" if text else "no amount")
    try:
        return int((Decimal(plain) * PICO).to_integral_value(ROUND_HALF_EVEN))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount that can be kept") from None


def _kind(said: str | None, label: str | None) -> str:
    if said and said.lower() not in KINDS:
        raise ValueError(f"there is no kind {said!r}; there are {', '.join(KINDS)}")
    if said:
        return said.lower()
    return next((kind for kind, words in WORDS if label and words.search(label)), "usage")
