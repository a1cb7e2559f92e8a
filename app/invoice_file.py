"""A seller's invoice as a file: CSV, a line for each amount. All of it is taken or none; every mistake is named."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import NamedTuple

from app.session import UserMistake
from pricing.money import PICO
from warehouse.invoices import KINDS, Invoice

NAMES: dict[str, tuple[str, ...]] = {
    "first": ("first", "day", "date", "from", "start", "start_date", "start_time", "start_time_iso", "period_start"),
    "last": ("last", "until", "to", "end", "end_date", "period_end"),
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


class Given(NamedTuple):
    """What a person says of every line that does not say it itself."""

    seller: str | None = None
    currency: str | None = None
    number: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    """Of what is ours, the heading in the file."""


def read_invoice(text: Iterable[str], name: str, given: Given) -> list[Invoice]:
    """The lines of a file, in their order; raises UserMistake naming every line that cannot be used."""
    rows = csv.DictReader(text)
    places = _places(rows.fieldnames or (), name, given)
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
    last = _day(told["last"]) if told.get("last") else first
    if last < first:
        raise ValueError(f"it ends on {last}, before it begins on {first}")
    label = told.get("label") or None
    about = (told.get("model") or None, first, last, currency, _pico(told["amount"], currency))
    kind = _kind(told.get("kind"), label)
    return Invoice(0, seller, *about, told.get("number") or given.number, name, kind, told.get("key") or None, label)


def _day(text: str) -> date:
    """A day as ISO 8601 writes it, or the day (UTC) of a Unix time or an instant."""
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
