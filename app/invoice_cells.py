"""How an invoice's file writes what it says: what parts its columns, its days, its amounts. Nothing is guessed."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from app.session import UserMistake
from pricing.money import PICO

DELIMITERS = (",", ";", "\t")
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
EXPONENT = r"([eE][-+]?\d{1,2})?"
PLAIN = {mark: re.compile(rf"-?\d{{1,9}}({re.escape(mark)}\d+)?{EXPONENT}") for mark in ".,"}
GROUPED = {".": re.compile(r"-?\d{1,3}(,\d{3})+\.\d+"), ",": re.compile(r"-?\d{1,3}(\.\d{3})+,\d+")}
EITHER_WAY = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
"""A thousand and more, or one and a part: 1.234 and 1,234 alone do not tell."""
WHOLE = re.compile(rf"-?\d+{EXPONENT}")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")


def delimiter_of(header: str, fits: Callable[[Sequence[str]], bool]) -> str:
    """What parts the columns: that by which the headings that are needed are found, else that which parts the most."""
    parted = {mark: next(csv.reader([header], delimiter=mark), []) for mark in DELIMITERS}
    for mark, headings in parted.items():
        if fits(headings):
            return mark
    return max(DELIMITERS, key=lambda mark: len(parted[mark]))


def decimal_mark(amounts: Iterable[tuple[int, str]], delimiter: str, name: str) -> str:
    """What begins the decimals in a file's amounts, each with its line: a point, or in a file with semicolons a comma.

    Raises UserMistake where amounts of both kinds are there, or none tells which is meant.
    """
    if delimiter != ";":
        return "."
    seen: dict[str, tuple[int, str]] = {}
    unsure: tuple[int, str] | None = None
    for number, text in amounts:
        plain = _bare(text)
        if WHOLE.fullmatch(plain):
            continue
        if EITHER_WAY.fullmatch(plain):
            unsure = unsure or (number, text)
            continue
        for mark in ".,":
            if PLAIN[mark].fullmatch(plain) or GROUPED[mark].fullmatch(plain):
                seen.setdefault(mark, (number, text))
    if len(seen) > 1:
        (point, one), (comma, two) = seen["."], seen[","]
        raise UserMistake(
            f"{name}:{comma}: {two!r} has a decimal comma, and {one!r} in line {point} a decimal point: "
            "write all amounts alike"
        )
    if unsure and not seen:
        number, text = unsure
        plain = re.sub(r"\s", "", text)
        thousand, part = re.sub("[.,]", "", plain), plain.replace(",", ".")
        raise UserMistake(
            f"{name}:{number}: {text!r} may be {thousand} or {part}, and no other amount tells which: "
            f"write {thousand}.00, or {part}0"
        )
    return next(iter(seen), ".")


def pico_of(text: str, currency: str, mark: str) -> int:
    """Pico-units of an amount, rounded half-even where the file has more digits; raises ValueError."""
    plain = re.sub(r"\s", "", text.replace(SIGNS.get(currency, " "), "", 1))
    group = "." if mark == "," else ","
    plain = plain.replace(group, "") if GROUPED[mark].fullmatch(plain) else plain
    if not PLAIN[mark].fullmatch(plain):
        raise ValueError(f"{text!r} is no amount; write it as in 1234{mark}56" if text else "no amount")
    try:
        return int((Decimal(plain.replace(",", ".")) * PICO).to_integral_value(ROUND_HALF_EVEN))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount that can be kept") from None


def day_in(text: str) -> date:
    """A day as ISO 8601 writes it, or 31.10.2026, or that of an instant as it is written, or of a Unix time (UTC)."""
    try:
        if re.fullmatch(r"\d{9,10}", text):
            return date.fromordinal(date(1970, 1, 1).toordinal() + int(text) // 86_400)
        iso = _iso(text)
        return datetime.fromisoformat(iso).date() if len(iso) > 10 else date.fromisoformat(iso)
    except ValueError:
        raise ValueError(f"{text!r} is no day; write it as in 2026-11-01 or 01.11.2026") from None


def last_day_in(text: str, first: date) -> date:
    """The last day, which counts; an instant at midnight is the end of the day before."""
    day, iso = day_in(text), _iso(text)
    is_instant = len(iso) > 10 or text.isdigit()
    at_midnight = int(text) % 86_400 == 0 if text.isdigit() else re.search(r"[T ]00:00(:00(\.0+)?)?(?![\d:.])", iso)
    return day - timedelta(days=1) if is_instant and at_midnight and day > first else day


def _iso(text: str) -> str:
    """With dots the day comes first, everywhere that dates are written so; with slashes nobody knows."""
    dotted = DOTTED.match(text)
    if dotted is None:
        return text
    day, month, year = dotted.groups()
    return f"{year}-{month:0>2}-{day:0>2}{text[dotted.end() :]}"


def _bare(text: str) -> str:
    return re.sub(rf"[\s{''.join(SIGNS.values())}]", "", text)
