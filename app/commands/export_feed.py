"""``tollbook export feed``: stable extracts for other systems, each with a description of its columns."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import scope_of
from app.commands.report_options import HERE, Folder, Only, PeriodText, formats_of
from app.figures import count, money, plain
from app.periods import Period, last_whole_month, period_of
from app.present import today_without_reader
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.feeds import Made, Wanted
    from reports.feeds.feed import Feed

FORMATS = ("parquet", "csv")


def export_feed(
    context: typer.Context,
    feeds: Annotated[
        list[str] | None, typer.Argument(metavar="FEED...", help="usage_day, tasks, rates, ...; all: every one.")
    ] = None,
    period: PeriodText = None,
    only: Only = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="FORMATS", help=f"{', '.join(FORMATS)}: one or more, with commas.")
    ] = "parquet",
    folder: Folder = HERE,
    listed: Annotated[bool, typer.Option("--list", help="Which feeds there are; of those named, the columns.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Write extracts for other systems.

    Each comes with FEED.schema.json beside it: what every column holds, in
    which unit, and the digests of the files.
    """
    session = session_of(context)
    if listed:
        _list(known_feeds(feeds or ["all"]), bool(feeds), as_json)
        return
    if not feeds:
        raise UserMistake("say which feeds: tollbook export feed --list shows them; all writes every one")
    wanted = wanted_of(session, feeds, period, only or [], (formats, folder))
    from app.feeds import write_feeds

    made = write_feeds(session, wanted)
    if as_json:
        print_json(_as_object(wanted.period, made))
    else:
        _print(made)


def known_feeds(names: list[str]) -> "list[Feed]":
    """The feeds of these names, each once; raises UserMistake naming those there are."""
    from reports.feeds.registry import FEEDS

    asked = [name.strip() for text in names for name in text.split(",") if name.strip()]
    for name in asked:
        if name not in FEEDS and name != "all":
            raise UserMistake(f"there is no feed {name!r}; there are {', '.join(FEEDS)}")
    return [*FEEDS.values()] if "all" in asked else [FEEDS[name] for name in dict.fromkeys(asked)]


def wanted_of(
    session: Session, feeds: list[str], period: str | None, only: list[str], target: tuple[str, Path]
) -> "Wanted":
    """What the options ask for; raises UserMistake."""
    from app.feeds import Wanted

    formats, folder = target
    found = known_feeds(feeds)
    today = today_without_reader(session)
    days = last_whole_month(today) if period is None else period_of(period)
    if days.first > today and any(feed.name != "budgets" for feed in found):
        raise UserMistake(f"{days.name} has not begun: today is {today}; the feed budgets alone looks ahead")
    scope = scope_of(None, None, only)._replace(since=days.first, until=days.last)
    return Wanted(found, days, scope, formats_of(formats, FORMATS), folder)


def _list(feeds: "list[Feed]", with_columns: bool, as_json: bool) -> None:
    if as_json:
        print_json({"feeds": [_described(feed) for feed in feeds]})
        return
    if not with_columns:
        table = plain_table()
        for title in ("feed", "one row is", "a period means"):
            table.add_column(title, overflow="fold")
        for feed in feeds:
            table.add_row(feed.name, feed.grain, feed.period)
        print_table(table, "Columns: tollbook export feed FEED --list")
        return
    for feed in feeds:
        table = plain_table(f"{feed.name}, version {feed.version}: {feed.grain}")
        for title in ("column", "type", "unit", "meaning"):
            table.add_column(title, overflow="fold")
        for column in feed.columns:
            table.add_row(column.name, _type(column.kind), column.unit or "", column.meaning)
        print_table(table, f"A period: {feed.period}")


def _type(kind: Any) -> str:
    from reports.feeds.feed import TYPES

    return TYPES[kind][0]


def _described(feed: "Feed") -> dict[str, Any]:
    columns = [column._asdict() | {"type": _type(column.kind)} for column in feed.columns]
    return feed._asdict() | {"columns": columns, "narrowed_by": list(feed.narrowed_by)}


def _print(made: "list[Made]") -> None:
    table = plain_table()
    for title in ("feed", "rows", "cost", "file"):
        table.add_column(title, justify="right" if title == "rows" else "left", overflow="fold")
    for each in made:
        cost = ", ".join(money(pico, code) for code, pico in sorted(each.cost.items()))
        for place, file in enumerate(each.files):
            head = ("", "", "") if place else (each.name, count(each.rows), cost)
            table.add_row(*head, str(file.path))
    print_table(table)


def _as_object(period: Period, made: "list[Made]") -> dict[str, Any]:
    return {
        "period": {"name": period.name, "first": plain(period.first), "last": plain(period.last)},
        "feeds": [
            {
                "feed": each.name,
                "rows": each.rows,
                "cost": {code: format_pico(pico) for code, pico in sorted(each.cost.items())},
                "files": [
                    {"path": str(file.path), "format": file.format, "bytes": file.size_bytes, "sha256": file.sha256}
                    for file in each.files
                ],
            }
            for each in made
        ],
    }
