"""``tollbook view``: views of Explore that were saved: shown as tables, written as files, taken out."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from app.commands.entered import AsJson, Who, author_of, one_of
from app.figures import count, money
from app.session import Session, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.explore_files import Notes
    from app.explore_view import SavedView
    from app.pivot import Cell, Measure, Pivot, Table

NONE = "No view was saved: Explore, in the app, saves them."
view = typer.Typer()
Which = Annotated[str, typer.Argument(metavar="NAME", help="Its name or its number, as list shows them.")]


class Shown(NamedTuple):
    """A saved view with what it shows now."""

    saved: "SavedView"
    pivot: "Pivot"
    notes: "Notes"


@view.callback(invoke_without_command=True)
def view_alone(context: typer.Context, as_json: AsJson = False) -> None:
    """Views of Explore that were saved by name.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_saved(context, as_json)


@view.command("list")
def list_saved(context: typer.Context, as_json: AsJson = False) -> None:
    """Every saved view, with what it is about."""
    from warehouse.saved_views import list_views

    session = session_of(context)
    kept = list_views(session.warehouse, tell=session.tell)
    if as_json:
        print_json({"rows": [{"no": each.number, "name": each.name, **each.document} for each in kept]})
        return
    table = plain_table()
    for name in ("no", "name", "shows", "period", "saved by"):
        table.add_column(name, overflow="fold")
    for each in kept:
        said = each.document
        by = [said["rows"], said["columns"], said["step"]]
        shows = f"{said['measure']} by {', '.join(name for name in by if name)}"
        table.add_row(str(each.number), each.name, shows, str(said["period"]), each.changed_by)
    print_table(table, *([] if kept else [NONE]))


@view.command("show")
def show_saved(context: typer.Context, which: Which, as_json: AsJson = False) -> None:
    """What a saved view shows of today's data, with totals."""
    session = session_of(context)
    shown = _shown(session, which)
    if as_json:
        print_json(_as_object(shown))
        return
    for table in shown.pivot.tables:
        _print(shown, table)


@view.command("export")
def export_saved(
    context: typer.Context,
    which: Which,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write; an old one is replaced.")],
    written_as: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="csv, xlsx or parquet. [default: as the file's name ends]"),
    ] = None,
) -> None:
    """Write what a saved view shows to a file, with where its figures come from inside."""
    from app.explore_files import FORMATS, explored_file
    from reports.written import write_file

    session = session_of(context)
    chosen = one_of("--format", written_as or out.suffix.removeprefix(".").lower(), FORMATS)
    shown = _shown(session, which)
    write_file(out, explored_file(shown.pivot, shown.saved.view, shown.notes, chosen))
    session.tell(f"written: {out}")


@view.command("remove")
def remove_saved(context: typer.Context, which: Which, who: Who = None) -> None:
    """Take a saved view out; the audit keeps what it said."""
    from warehouse.saved_views import remove_view

    session = session_of(context)
    was = remove_view(session.warehouse, which, author_of(session, who), tell=session.tell)
    session.tell(f"removed: view {was.number}, {was.name}")


def _shown(session: Session, which: str) -> Shown:
    from app.explore_files import notes_of
    from app.explore_view import from_document, scope_of_view
    from app.pivot import pivot
    from app.present import present_of, today_of
    from warehouse.connection import open_reader
    from warehouse.explore import explored
    from warehouse.saved_views import get_view

    saved = from_document(get_view(session.warehouse, which, tell=session.tell).document)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        scope = scope_of_view(saved, today_of(session, reader))
        rows = explored(reader, saved.view.dimensions, scope, step=saved.view.step)
        notes = notes_of(reader, saved.view, scope, present_of(session, reader))
    return Shown(saved, pivot(rows, saved.view), notes)


def _as_object(shown: Shown) -> dict[str, Any]:
    """One row per cell; amounts and shares are decimal strings, whole numbers are numbers."""
    from app.explore_files import lines_of

    view = shown.saved.view
    rows = [
        {
            view.rows: line.row,
            **({view.columns or str(view.step): _plain(line.column)} if view.columns or view.step else {}),
            "currency": line.currency,
            view.measure: _plain(line.value),
            "requests": line.requests,
            "unpriced": line.unknown,
        }
        for line in lines_of(shown.pivot)
    ]
    totals = [
        {"currency": table.currency, view.measure: _total(table, shown.pivot.measure), "unpriced": table.total.unknown}
        for table in shown.pivot.tables
    ]
    return {"rows": rows, "total": totals, "about": dict(shown.notes)}


def _total(table: "Table", measure: "Measure") -> Any:
    from app.explore_files import plain_value

    return _plain(plain_value(table.total.value, measure.unit))


def _plain(value: Any) -> Any:
    """A cell's value for JSON: exact decimals and days as text."""
    if value is None or isinstance(value, int):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _print(shown: Shown, table: "Table") -> None:
    from app.explore_files import name_of

    measure = shown.pivot.measure
    grid = plain_table()
    grid.add_column(shown.saved.view.rows, overflow="fold")
    for column in table.columns:
        grid.add_column(name_of(column) or "–", justify="right")
    grid.add_column("total", justify="right", no_wrap=True)
    for row in table.rows:
        cells = [table.cells.get((row, column)) for column in table.columns]
        grid.add_row(name_of(row) or "–", *_told([*cells, table.row_totals[row]], measure, table.currency))
    totals = [*(table.column_totals[column] for column in table.columns), table.total]
    grid.add_row("total", *_told(totals, measure, table.currency), style="bold")
    print_table(grid, *(f"{name}: {said}" for name, said in shown.notes))


def _told(cells: "Sequence[Cell | None]", measure: "Measure", currency: str | None) -> list[str]:
    return ["–" if cell is None else _figure(cell, measure, currency) for cell in cells]


def _figure(cell: "Cell", measure: "Measure", currency: str | None) -> str:
    if cell.value is None:
        return "unknown" if cell.unknown else "–"
    if measure.unit == "money":
        return money(int(cell.value), currency)
    return count(int(cell.value)) if measure.unit != "share" else f"{float(cell.value):.1%}"
