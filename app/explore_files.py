"""What Explore shows, as a file: its figures in full, and inside the file where they come from."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from app.explore_view import View
from app.pivot import Cell, Key, Others, Pivot, Table, Value
from pricing.money import to_decimal
from reports.characters import visible
from warehouse.explore import label_of

if TYPE_CHECKING:
    import pyarrow as pa

    from warehouse.connection import Reader
    from warehouse.scope import Scope

FORMATS = ("csv", "xlsx", "parquet")
Notes = tuple[tuple[str, str], ...]
"""Where figures come from: what each line is about, and what it says."""
SHARE_DIGITS = 12


class Line(NamedTuple):
    """One cell of what is shown, as a row of a file."""

    row: str | None
    column: str | date | None
    currency: str | None
    value: Decimal | int | None
    requests: int
    unknown: int


def explored_file(pivot: Pivot, view: View, notes: Notes, format: str) -> bytes:
    """The file of what is shown, ``csv``, ``xlsx`` or ``parquet``; raises KeyError for another format.

    A workbook has the tables as they are shown, with their totals; the others a line for each cell.
    """
    write = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}[format]
    return write(pivot, view, tuple((name, visible(text)) for name, text in notes))


def notes_of(reader: "Reader", view: View, scope: "Scope", made_at: datetime) -> Notes:
    """What is shown, of which calls, on whose word, and how far the data goes."""
    from importlib.metadata import version

    from app.pivot import MEASURES
    from warehouse.cost import coverage_of
    from warehouse.demo import demo_state
    from warehouse.traffic import zone_of

    coverage = coverage_of(reader, scope)
    words = ", ".join(f"{word} {calls:,} calls" for word, calls in coverage.words)
    filters = "; ".join(f"{label_of(name)}: {', '.join(wanted)}" for name, wanted in scope.values)
    through = coverage.data_through
    return (
        ("Measure", f"{MEASURES[view.measure].label}. {MEASURES[view.measure].help}"),
        ("Period", f"{scope.since or 'the first call'} to {scope.until or 'the last call'}, days in {zone_of(reader)}"),
        ("Filters", filters or "none"),
        ("Data through", f"{through:%Y-%m-%d %H:%M} UTC" if through else "no data"),
        ("Calls of known cost", f"{coverage.requests - coverage.unpriced:,} of {coverage.requests:,}"),
        ("Rates on the word of", words or "nobody: no call was priced"),
        ("Oldest rate checked", str(coverage.checked_from or "none")),
        ("Made at", f"{made_at:%Y-%m-%d %H:%M} UTC by Tollbook {version('tollbook')}"),
        *((("Demo data", "made-up calls are among these"),) if demo_state(reader).demo_files else ()),
    )


def lines_of(pivot: Pivot) -> Iterator[Line]:
    """The cells of what is shown, table by table, in the order of rows and columns; a pair without calls is none."""
    for table in pivot.tables:
        for row in table.rows:
            for column, cell in _cells_of(table, row):
                value = plain_value(cell.value, pivot.measure.unit)
                requests = cell.sums.requests + (cell.unknown if pivot.measure.unit == "money" else 0)
                yield Line(name_of(row), _across(column), table.currency, value, requests, cell.unknown)


def _cells_of(table: Table, row: Key) -> Iterator[tuple[Key, Cell]]:
    if not table.columns:
        yield None, table.row_totals[row]
    for column in table.columns:
        if cell := table.cells.get((row, column)):
            yield column, cell


def plain_value(value: Value, unit: str) -> Decimal | int | None:
    """A figure in full: amounts as decimals, shares rounded half-even to twelve digits."""
    if value is None:
        return None
    if unit == "money":
        return to_decimal(int(value))
    if isinstance(value, Fraction):
        return Decimal(round(value * 10**SHARE_DIGITS)).scaleb(-SHARE_DIGITS)
    return value


def name_of(key: Key) -> str | None:
    """A row's or a column's name as text; None where the log says none."""
    if isinstance(key, Others):
        return f"{key.number:,} others"
    return None if key is None else str(key)


def _across(key: Key) -> str | date | None:
    return key if isinstance(key, date) else name_of(key)


def _headings(pivot: Pivot, view: View) -> list[str]:
    """The columns of lines: those that a view has not are left out."""
    is_money = pivot.measure.unit == "money"
    across = view.columns or view.step
    return [
        view.rows,
        *([across] if across else []),
        *(["currency"] if is_money else []),
        view.measure,
        *(["requests"] if view.measure != "requests" else []),
        *(["unpriced_requests"] if is_money else []),
    ]


def _values(line: Line, pivot: Pivot, view: View) -> list[Any]:
    is_money = pivot.measure.unit == "money"
    return [
        line.row,
        *([line.column] if view.columns or view.step else []),
        *([line.currency] if is_money else []),
        line.value,
        *([line.requests] if view.measure != "requests" else []),
        *([line.unknown] if is_money else []),
    ]


def _csv(pivot: Pivot, view: View, notes: Notes) -> bytes:
    """Notes as lines that begin with a number sign, headings, and a line for each cell: text in quotes."""
    text = io.StringIO()
    for name, said in notes:
        text.write(f"# {name}: {said}\n")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(_headings(pivot, view))
    for line in lines_of(pivot):
        writer.writerow(_values(line, pivot, view))
    return text.getvalue().encode()


def _parquet(pivot: Pivot, view: View, notes: Notes) -> bytes:
    """A row for each cell; the notes stand in the file's own description, under ``tollbook``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = _headings(pivot, view)
    rows = [_values(line, pivot, view) for line in lines_of(pivot)]
    columns = [
        pa.array([row[place] for row in rows], _type_of(names[place], pivot, view)) for place in range(len(names))
    ]
    table = pa.Table.from_arrays(columns, names).replace_schema_metadata(
        {"tollbook": json.dumps(dict(notes), ensure_ascii=False)}
    )
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _type_of(name: str, pivot: Pivot, view: View) -> "pa.DataType":
    import pyarrow as pa

    if name == view.measure:
        return pa.int64() if pivot.measure.unit in ("calls", "tokens") else pa.decimal128(38, 12)
    if name.endswith("requests"):
        return pa.int64()
    if name == view.step and not view.columns:
        return pa.timestamp("us", "UTC") if name == "hour" else pa.date32()
    return pa.string()


def _xlsx(pivot: Pivot, view: View, notes: Notes) -> bytes:
    """A sheet for each table as it is shown, and one with the notes."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for table in pivot.tables:
        _write_table(book, table, pivot, view)
    about = book.add_worksheet("About")
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 90)
    for place, (name, said) in enumerate(notes):
        about.write_string(place, 0, name)
        about.write_string(place, 1, said)
    book.close()
    return out.getvalue()


def _write_table(book: Any, table: Table, pivot: Pivot, view: View) -> None:
    sheet = book.add_worksheet(table.currency or "Explore")
    bold, looks = book.add_format({"bold": True}), book.add_format({"num_format": _looks(pivot, table)})
    total = book.add_format({"num_format": _looks(pivot, table), "bold": True})
    heads = [label_of(view.rows), *(_head(column, view) for column in table.columns), "Total"]
    for place, text in enumerate([*heads, *(["Unpriced requests"] if pivot.measure.unit == "money" else [])]):
        sheet.write_string(0, place, text, bold)
    for place, row in enumerate(table.rows, 1):
        sheet.write_string(place, 0, visible(name_of(row) or "–"))
        cells = [table.cells.get((row, column)) for column in table.columns]
        _write_row(sheet, place, [*cells, table.row_totals[row]], looks, pivot)
    last = len(table.rows) + 1
    sheet.write_string(last, 0, "Total", bold)
    _write_row(sheet, last, [*(table.column_totals[column] for column in table.columns), table.total], total, pivot)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(table.columns) + 2, 16)
    sheet.freeze_panes(1, 1)


def _write_row(sheet: Any, place: int, cells: Sequence[Cell | None], looks: Any, pivot: Pivot) -> None:
    """The figures of a row; what is unknown says so, and where there were no calls nothing stands."""
    for column, cell in enumerate(cells, 1):
        if cell is None:
            continue
        value = plain_value(cell.value, pivot.measure.unit)
        if value is None:
            sheet.write_string(place, column, "unknown" if cell.unknown else "–")
        else:
            sheet.write_number(place, column, float(value), looks)
    if pivot.measure.unit == "money" and cells[-1] is not None:
        sheet.write_number(place, len(cells) + 1, cells[-1].unknown)


def _looks(pivot: Pivot, table: Table) -> str:
    return {"money": f'#,##0.00###### "{table.currency or ""}"', "share": "0.0%"}.get(pivot.measure.unit, "#,##0")


def _head(key: Key, view: View) -> str:
    if isinstance(key, datetime):
        return f"{key:%Y-%m-%d %H:%M %z}"
    if isinstance(key, date):
        return f"{key:%Y-%m}" if view.step == "month" else str(key)
    return visible(name_of(key) or "–")
