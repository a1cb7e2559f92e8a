"""``tollbook export focus``: what was billed, in the format that tools for cloud cost read."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import known_dimensions, scope_of
from app.commands.report_options import HERE, Folder, Only, PeriodText, formats_of
from app.figures import count, instant, things
from app.focus import FORMATS, Wanted, write_focus
from app.periods import Period, last_whole_month, period_of
from app.present import today_without_reader
from app.session import UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from reports.focus.export import Exported


def export_focus(
    context: typer.Context,
    period: PeriodText = None,
    only: Only = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="FORMATS", help="parquet, csv: one or both, with a comma.")
    ] = "parquet",
    folder: Folder = HERE,
    sub_account: Annotated[
        str, typer.Option("--sub-account", metavar="DIMENSION", help="What a sub-account is: team, org, project, ...")
    ] = "team",
    tags: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="DIMENSION", help="A dimension told in Tags; repeat it.  [default: project]"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Write what was billed as FOCUS 1.2.

    One row per day, sub-account, seller, model, meter and rate. Recurring
    charges, credits and taxes are rows of their own. Calls of unknown cost are
    in no row: they are counted here and in the description beside the file.
    """
    session = session_of(context)
    days = last_whole_month(today_without_reader(session)) if period is None else period_of(period)
    scope = scope_of(None, None, only or [])
    made = write_focus(session, Wanted(days, scope, formats_of(formats, FORMATS), folder, *_cut(sub_account, tags)))
    if as_json:
        print_json(_as_object(days, made))
    else:
        _print(made)


def _cut(sub_account: str, tags: Sequence[str] | None) -> tuple[str, list[str]]:
    """Which dimension is the sub-account, and which are tags; raises UserMistake."""
    from reports.focus.asked import SUB_ACCOUNTS
    from warehouse.scope import DETAIL_DIMENSIONS

    if sub_account not in SUB_ACCOUNTS:
        raise UserMistake(f"--sub-account: {sub_account!r} is none of {', '.join(SUB_ACCOUNTS)}")
    chosen = known_dimensions(["project"] if tags is None else tags)
    for name in chosen:
        if name not in (*DETAIL_DIMENSIONS, "team"):
            raise UserMistake(f"--tag: {name!r} can be no tag; a row holds many of it")
    return sub_account, [name for name in chosen if name != sub_account]


def _print(made: "Exported") -> None:
    table = plain_table()
    for title in ("file", "rows", "calls", "charges", "taxes, credits, fees"):
        table.add_column(title, justify="right" if title == "rows" else "left", overflow="fold")
    for path, checked in made.checked:
        sums = (_sums(made, *bases) for bases in (("rated", "free"), ("charge",), ("invoice",)))
        table.add_row(str(path), count(checked.rows), *sums)
    print_table(table, f"What the columns are, and what is left out: {made.files[-1]}", *_notes(made))


def _sums(made: "Exported", *bases: str) -> str:
    """What rows of one kind add up to, a sum per currency: kinds are never added to one another."""
    sums: dict[str, Decimal] = {}
    for (basis, currency), amount in made.checked[0][1].billed.items():
        if basis in bases:
            sums[currency] = sums.get(currency, Decimal()) + amount
    return ", ".join(f"{_plain(amount)} {currency}" for currency, amount in sorted(sums.items())) or "–"


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _notes(made: "Exported") -> list[str]:
    from reports.focus.closings import closing_notes

    known = made.known
    notes = ["Checked as written: columns, types, nulls, allowed values, prices times quantities, sum of calls."]
    if known.coverage.unpriced:
        left_out = things(known.coverage.unpriced, "call")
        notes.append(f"{left_out} of unknown cost of {count(known.coverage.requests)}: in no row, and never 0.")
        for one in known.left_out:
            names = f"{one.seller or 'no seller known'}, {one.model or 'no model known'}"
            notes.append(f"  {names}: {things(one.calls, 'call')}, {one.reason}")
    if known.coverage.review:
        notes.append(f"{things(known.coverage.review, 'call')} under review: the description has the band of the sum.")
    if known.coverage.data_through:
        notes.append(f"Data through {instant(known.coverage.data_through)}.")
    notes += closing_notes(made.closings)
    if made.holds_demo_data:
        notes.append("Demo data, made up, is in it: tollbook demo --remove takes it out of the warehouse.")
    return notes


def _as_object(period: Period, made: "Exported") -> dict[str, Any]:
    from reports.focus.closings import closing_objects

    return {
        "period": {"name": period.name, "first": str(period.first), "last": str(period.last)},
        "files": [str(path) for path in made.files],
        "rows": made.checked[0][1].rows,
        "billed": [
            {"basis": basis, "currency": currency, "cost": _plain(amount)}
            for (basis, currency), amount in sorted(made.checked[0][1].billed.items())
        ],
        "calls": made.known.coverage.requests,
        "calls_left_out": made.known.coverage.unpriced,
        "left_out": [one._asdict() for one in made.known.left_out],
        "holds_demo_data": made.holds_demo_data,
        "books": closing_objects(made.closings),
        "data_through": instant(made.known.coverage.data_through),
    }
