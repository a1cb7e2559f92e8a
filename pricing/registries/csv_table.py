"""A price list of your own as CSV: one row a price, figures per 1,000,000 tokens as rate cards write them.

Columns: ``seller``, ``model`` and at least one meter; further ``valid_from``, ``valid_until`` (days), ``currency``
(USD where absent), ``source``, ``checked``, ``note``. An empty cell is unknown. Every mistake is named with its line.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pricing.errors import RateError
from pricing.meters import TOKEN_METERS, UNIT_METERS
from pricing.money import parse_rate, parse_unit_rate
from pricing.registries.quote import ROUNDED, Quote, Reading, Unsayable, decimal_of, is_rounded, midnight, per_mtok_text
from pricing.registries.quote import reading as reading_of
from pricing.registries.source import RegistryError, read_text

_METERS = (*TOKEN_METERS, *UNIT_METERS)
_COLUMNS = {"seller", "model", "valid_from", "valid_until", "currency", "source", "checked", "note", *_METERS}
_NEEDED = ("seller", "model")


def read_csv(path: Path) -> Reading:
    """Every row; raises RegistryError with one line for each mistake."""
    rows = csv.DictReader(read_text(path).splitlines())
    columns = rows.fieldnames or []
    unknown = [name for name in columns if name not in _COLUMNS]
    missing = [name for name in _NEEDED if name not in columns]
    if unknown or missing or not set(columns) & set(_METERS):
        raise RegistryError(f"{path.name}: {_columns_problem(unknown, missing)}")
    quotes: list[Quote] = []
    problems: list[str] = []
    for number, row in enumerate(rows, 2):
        try:
            quotes.append(_quote(row, path.name))
        except (ValueError, Unsayable) as error:
            problems.append(f"{path.name}: line {number}: {error}")
    if problems:
        raise RegistryError("\n".join(problems))
    return reading_of(quotes, ())


def _columns_problem(unknown: list[str], missing: list[str]) -> str:
    if missing:
        return f"it has no column {' or '.join(missing)}"
    if unknown:
        return f"the columns {', '.join(unknown)} are unknown; there are {', '.join(sorted(_COLUMNS))}"
    return f"it has no column of a meter: {', '.join(_METERS)}"


def _quote(row: Mapping[str, str | None], file: str) -> Quote:
    cells = {name: (text or "").strip() for name, text in row.items() if name in _COLUMNS}
    if not cells["seller"] or not cells["model"]:
        raise ValueError("it names no seller or no model")
    tokens, is_long = _figures(cells)
    units = {str(meter): cells[meter] for meter in UNIT_METERS if cells.get(meter)}
    for figure in units.values():
        parse_unit_rate(figure)
    if not tokens and not units:
        raise ValueError("it prices nothing")
    starts, ends, checked = (_day(cells.get(name)) for name in ("valid_from", "valid_until", "checked"))
    return Quote(
        seller=cells["seller"],
        model=cells["model"],
        per_mtok=tokens,
        per_unit=units,
        currency=cells.get("currency") or "USD",
        valid_from=None if starts is None else midnight(starts),
        valid_until=None if ends is None else midnight(ends),
        source=cells.get("source") or file,
        checked=checked,
        notes=tuple(_notes(cells.get("note"), is_long)),
    )


def _figures(cells: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """Token figures, and whether any was rounded."""
    found: dict[str, str] = {}
    is_long = False
    for meter in TOKEN_METERS:
        if text := cells.get(meter):
            value = decimal_of(text)
            if value is None:
                raise RateError(text, f"{meter} is no number")
            is_long = is_long or is_rounded([value])
            found[meter] = per_mtok_text(value)
            parse_rate(found[meter])
    return found, is_long


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _notes(note: str | None, is_long: bool) -> Iterator[str]:
    if note:
        yield note
    if is_long:
        yield ROUNDED
