"""``tollbook fields``: usage fields that nobody reads: what a seller began to report."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from app.figures import count, instant, plain, things
from app.session import plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from rich.table import Table

    from warehouse.unknown_fields import UnknownField


def fields(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Usage fields that Tollbook does not know: kept and counted, in no figure."""
    from warehouse.connection import open_reader
    from warehouse.unknown_fields import unknown_fields

    session = session_of(context)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = unknown_fields(reader)
    if as_json:
        print_json({"rows": [{name: plain(value) for name, value in row._asdict().items()} for row in found]})
    elif found:
        print_table(_table(found), _note(found))
    else:
        print_table(plain_table(), "Every usage field of every record is known.")


def _table(found: "Sequence[UnknownField]") -> "Table":
    table = plain_table("Usage fields that nobody reads")
    for name in ("field", "source", "seller", "model"):
        table.add_column(name, overflow="fold")
    table.add_column("records", justify="right")
    for name in ("since", "example", "first at"):
        table.add_column(name, overflow="fold")
    for row in found:
        table.add_row(
            row.field,
            row.source,
            row.seller or "unknown",
            row.model or "unknown",
            count(row.records),
            instant(row.first_at),
            row.example or "–",
            f"{PurePath(row.path).name}:{row.line}",
        )
    return table


def _note(found: "Sequence[UnknownField]") -> str:
    names = len({row.field for row in found})
    return (
        f"{things(names, 'field')} in no figure. Where the totals of such calls still add up, nothing that is billed "
        "by the token is missing; calls whose totals do not are marked for review."
    )
