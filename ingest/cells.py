"""Cells of foreign tables to values: what tools write for counts, money, times and truth.

A cell that cannot be used is refused with the name that its column has in the file.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ingest.clock import parse_time
from ingest.problem import Unreadable
from ingest.reading import PICO, text_of
from ingest.redact import shown
from ingest.table import NOTHING

MONEY_UNITS = {
    "usd": Decimal(1),
    "usd_cents": Decimal("0.01"),
    "microusd": Decimal("0.000001"),
    "nanousd": Decimal("0.000000001"),
    "whole": Decimal(1),
    "cents": Decimal("0.01"),
}
"""Units of money and what one of them is worth; ``whole`` and ``cents`` are of the currency that is named."""
DURATION_UNITS = {"s": Decimal(1000), "ms": Decimal(1), "us": Decimal("0.001"), "ns": Decimal("0.000001")}
EPOCHS = {"epoch": None, "epoch_s": 0, "epoch_ms": 3, "epoch_us": 6, "epoch_ns": 9}
"""Counts of time since 1970, and the digits that each has after the second; ``epoch``: told by its size."""
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
WHOLE = re.compile(r"\+?\d+(?:\.0*)?")
POINT_OR_GROUP = re.compile(r"\+?[1-9]\d{0,2}\.000")
COMMA_OR_GROUP = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""Texts that two countries read a thousandfold apart: ``9.000`` is 9 or 9000."""
LONGEST_NOTHING = 16
MARK = re.compile(r"[$€£¥]|\b[A-Z]{3}\b")
SIGNS = {"€": {"EUR"}, "£": {"GBP"}, "¥": {"CNY", "JPY"}}
NO_DOLLARS = {currency for currencies in SIGNS.values() for currency in currencies}
TRUTH = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}
EACH = "each."
"""What leads to the fields of a call that stands inside a record."""
MOST_MONEY = 9_000_000
TWO_INSTANTS = "the local time stands for two instants; the earlier was taken"


class Cell(NamedTuple):
    """What stands in a column of the file, under the name that it has there."""

    name: str
    value: Any

    def refuse(self, wanted: str) -> Unreadable:
        """Why the cell cannot be used."""
        return Unreadable(f"{self.name} is {shown(str(text_of(self.value)))}, not {wanted}")


def find_cell(record: Any, paths: Iterable[str]) -> Cell | None:
    """The first of several paths that holds something."""
    for path in paths:
        value = record[path] if type(record) is dict and path in record else reach(record, path)
        if isinstance(value, str):
            value = value.strip()
        if not is_nothing(value):
            return Cell(path.removeprefix(EACH), value)
    return None


def reach(value: Any, path: str) -> Any:
    """What stands at a dotted path. A key with dots in it goes before the way in; JSON in a text is read."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, list):
        head, _, rest = path.partition(".")
        inner = value[int(head)] if head.isdigit() and int(head) < len(value) else None
        return reach(inner, rest) if rest else inner
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    at = path.rfind(".")
    while at > 0:
        if path[:at] in value and (found := reach(value[path[:at]], path[at + 1 :])) is not None:
            return found
        at = path.rfind(".", 0, at)
    return None


def is_nothing(value: Any) -> bool:
    """Whether a cell holds nothing: absent, empty, or a word that tools write for that."""
    if isinstance(value, str):
        # A text of spaces alone may be longer than any word for nothing.
        return (len(value) < LONGEST_NOTHING or value.isspace()) and value.strip().lower() in NOTHING
    return value is None or (isinstance(value, float) and value != value)


def count(cell: Cell, most: int) -> int:
    """A whole number from 0: ``12``, ``1,234`` or, as data frames write it, ``12.0``."""
    text = _plain_number(cell)
    if isinstance(cell.value, str) and POINT_OR_GROUP.fullmatch(text):
        raise cell.refuse("a count that reads in one way only: it may be a thousand times as much")
    if not WHOLE.fullmatch(text) or (found := int(text.partition(".")[0])) > most:
        raise cell.refuse(f"a whole number from 0 to {most}")
    return found


def money(cell: Cell, unit: str, currency: str) -> int:
    """An amount in pico-units: ``4e-06``, ``$1,234.50``."""
    text = str(text_of(cell.value))
    for mark in MARK.findall(text):
        if currency not in SIGNS.get(mark, {mark}) and not (mark == "$" and currency not in NO_DOLLARS):
            raise cell.refuse(f"an amount of {currency}")
    bare = MARK.sub("", text).strip()
    if COMMA_OR_GROUP.fullmatch(bare):
        raise cell.refuse("an amount that reads in one way only: its comma may be a decimal comma")
    amount = _number(cell, bare) * MONEY_UNITS[unit]
    if abs(amount) >= MOST_MONEY:
        raise cell.refuse("an amount below nine million")
    return int((amount * PICO).to_integral_value(ROUND_HALF_UP))


def milliseconds(cell: Cell, unit: str) -> int:
    """A duration, to whole milliseconds."""
    text = str(text_of(cell.value))
    if COMMA_OR_GROUP.fullmatch(text):
        raise cell.refuse("a duration that reads in one way only: its comma may be a decimal comma")
    value = _number(cell, text) * DURATION_UNITS[unit]
    if value < 0 or value >= 10**15:
        raise cell.refuse("a duration")
    return int(value.quantize(Decimal("0.001"), ROUND_HALF_EVEN).quantize(Decimal(1), ROUND_HALF_UP))


def flag(cell: Cell) -> bool:
    """True or false."""
    found = TRUTH.get(str(text_of(cell.value)).lower())
    if found is None:
        raise cell.refuse("true or false")
    return found


class Instant(NamedTuple):
    """A time in naive UTC, its quality, and what is doubtful about it."""

    at: datetime
    quality: str
    doubt: str | None = None


def instant(cell: Cell, form: str | None, zone: str | None, *, days: bool) -> Instant:
    """A time, by its format; where it names no zone, it is in ``zone``, else taken for UTC.

    ``days``: a date without a time is its midnight.
    """
    if form in EPOCHS:
        return Instant(_from_epoch(cell, EPOCHS[form]), "exact")
    local = _local(cell, form, days=days)
    if local.tzinfo is not None:
        return Instant(local.astimezone(UTC).replace(tzinfo=None), "exact")
    if zone is None:
        return Instant(local, "assumed_utc")
    early, late = (local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    # Where clocks go back, the later reading is later; where they go forward, it is earlier and the time is none.
    if late < early:
        raise cell.refuse(f"a time that there was in {zone}")
    return Instant(early.replace(tzinfo=None), "exact", TWO_INSTANTS if late > early else None)


def _local(cell: Cell, form: str | None, *, days: bool) -> datetime:
    """The time as it is written, with its zone where it names one."""
    value = cell.value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        value = value.isoformat()
    text = str(text_of(value))
    if form not in (None, "iso"):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the mapping says the zone
        except ValueError:
            raise cell.refuse(f"a time in the format {form}") from None
    if days and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        text += "T00:00:00"
    try:
        at, quality = parse_time(text)
    except Unreadable as problem:
        raise Unreadable(f"{cell.name}: {problem}") from None
    return at.replace(tzinfo=UTC) if quality == "exact" else at


def _from_epoch(cell: Cell, digits: int | None) -> datetime:
    number = _number(cell, str(text_of(cell.value)))
    if digits is None:
        # 1973 to 2286 in seconds; the same years are a thousand times that in milliseconds, and so on.
        digits = next((each for each in (0, 3, 6, 9) if 10**8 <= number / 10**each < 10**10), None)
    # Before 2001 there was nothing to log: the unit is another one.
    if digits is None or not 10**9 <= number / 10**digits < 10**10:
        raise cell.refuse("a time since 1970 in this unit")
    return datetime(1970, 1, 1) + timedelta(microseconds=int(number * 1_000_000 / 10**digits))


def _plain_number(cell: Cell) -> str:
    text = str(text_of(cell.value))
    return text.replace(",", "") if GROUPED.fullmatch(text) else text


def _number(cell: Cell, text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "") if GROUPED.fullmatch(text) else text)
    except InvalidOperation:
        raise cell.refuse("a number") from None
    if not value.is_finite():
        raise cell.refuse("a number")
    return value
