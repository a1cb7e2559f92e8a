"""``tollbook report schedule``: which reports are written again and again, and where they go."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import scope_of
from app.commands.entered import AsJson, Who, author_of, currency_of, day_of, one_of
from app.commands.report_options import Only, formats_of
from app.figures import instant, plain
from app.present import today_without_reader
from app.report_schedule import EVERY, KINDS, OPTIONS, Plan, check_plan, document_of, plan_of, shown_path
from app.session import plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from warehouse.report_schedule import Done, Schedule

NONE = "Nothing is scheduled: tollbook report schedule add NAME --kind procurement --to DIR"

schedule = typer.Typer()


@schedule.callback(invoke_without_command=True)
def schedule_alone(context: typer.Context) -> None:
    """Reports that are written again and again, by `tollbook report --due`.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_all(context)


@schedule.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help=f"{', '.join(KINDS)}.")],
    folder: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where the files go.")],
    every: Annotated[str, typer.Option(metavar="PERIOD", help=f"{', '.join(EVERY)}: how long a period is.")] = "month",
    formats: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMATS", help="As the kind's own command takes them. [default: its usual]"),
    ] = None,
    only: Only = None,
    into: Annotated[str | None, typer.Option("--in", metavar="CODE", help="Show figures in this currency.")] = None,
    scenario: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A saved scenario; repeat it for more.")
    ] = None,
    launch: Annotated[str | None, typer.Option(metavar="NAME", help="A saved launch plan.")] = None,
    rule: Annotated[str | None, typer.Option(metavar="RULE", help="How a chargeback divides shared cost.")] = None,
    feed: Annotated[list[str] | None, typer.Option(metavar="FEED", help="A feed; repeat it for more.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="A day in its first period. [default: today, so the present one]")
    ] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Schedule a report: each period is written once, when it is over and its data is there."""
    from warehouse.report_schedule import add_schedule, list_schedules

    session = session_of(context)
    scope_of(None, None, only or [])
    asked = {
        "where": only or [],
        "in": [currency_of(into, "--in")] if into else [],
        "scenario": scenario or [],
        "launch": [launch] if launch else [],
        "rule": [] if rule is None else [_rule(rule)],
        "feed": [each.name for each in _feeds(feed)] if feed else [],
    }
    plan = Plan(
        name,
        one_of("--kind", kind, tuple(KINDS)),
        one_of("--every", every, EVERY),
        tuple(formats_of(formats or KINDS[kind].usual, KINDS[kind].formats)),
        folder.resolve(),
        tuple((option, tuple(asked[option])) for option in OPTIONS if asked[option]),
    )
    known = [plan_of(each.document) for each in list_schedules(session.warehouse, tell=session.tell)]
    check_plan(plan, known)
    _check_feeds(plan)
    first = plan.period_at(day_of("--since", since) if since else today_without_reader(session))
    author = author_of(session, who)
    number = add_schedule(session.warehouse, document_of(plan), first.first, author, tell=session.tell)
    if as_json:
        print_json({"number": number, "first": first.name})
    else:
        typer.echo(f"{number}  {name}: {plan.title} every {every} from {first.name} on, into {shown_path(plan.folder)}")


@schedule.command("list")
def list_all(context: typer.Context, as_json: AsJson = False) -> None:
    """Every schedule, and the last period that it wrote."""
    from app.commands.report_outdated import outdated_objects, outdated_of, outdated_words
    from warehouse.report_schedule import list_done, list_schedules

    session = session_of(context)
    schedules = list_schedules(session.warehouse, tell=session.tell)
    done = list_done(session.warehouse, tell=session.tell)
    if as_json:
        outdated = outdated_objects(outdated_of(session))
        print_json({"rows": [_as_object(each, done) for each in schedules], "outdated": outdated})
        return
    table = plain_table()
    for title in ("no.", "schedule", "kind", "every", "formats", "only", "last written", "sent", "into"):
        table.add_column(title, overflow="fold")
    for each in schedules:
        table.add_row(*_cells(each, [one for one in done if one.number == each.number]))
    notes = outdated_words(outdated_of(session))
    print_table(table, "To write what is due: tollbook report --due" if schedules else NONE, *notes)


@schedule.command("remove")
def remove(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="NAME", help="Its name, or its number.")],
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take a schedule out. What it wrote stays where it is."""
    from warehouse.report_schedule import remove_schedule

    session = session_of(context)
    was = remove_schedule(session.warehouse, which, author_of(session, who), tell=session.tell)
    if as_json:
        print_json({"number": was.number, "name": was.name})
    else:
        typer.echo(f"removed {was.number}  {was.name}; what it wrote stays where it is")


def _rule(text: str) -> str:
    """A rule's name as it is; a file's place as seen from anywhere. Raises UserMistake for what is neither."""
    from app.allocation_rule import rule_of

    rule_of(text)
    path = Path(text)
    return str(path.resolve()) if path.is_file() else text


def _feeds(names: list[str]) -> list[Any]:
    from app.commands.export_feed import known_feeds

    return list(known_feeds(names))


def _check_feeds(plan: Plan) -> None:
    """Refuse a scope that one of the feeds does not know; raises UserMistake."""
    from app.feeds import check_scope
    from warehouse.scope import Scope

    check_scope(_feeds(list(dict(plan.options).get("feed", ()))), Scope(values=plan.only))


def _cells(each: "Schedule", done: "list[Done]") -> list[str]:
    plan = plan_of(each.document)
    last = done[-1] if done else None
    options = (f"{name} {value}" for name, values in plan.options for value in values)
    written = (
        f"{last.period} ({last.written_at:%Y-%m-%d})" if last else f"– (from {plan.period_at(each.first_day).name})"
    )
    sent = last.delivery if last else "–"
    head = [str(each.number), plan.name, plan.kind, plan.every, ",".join(plan.formats)]
    return [*head, ", ".join(options), written, sent, shown_path(plan.folder)]


def _as_object(each: "Schedule", done: "list[Done]") -> dict[str, Any]:
    rows = [one for one in done if one.number == each.number]
    entered = {"since": plain(each.first_day), "by": each.changed_by, "at": instant(each.changed_at)}
    return {"number": each.number, **each.document, **entered, "written": [_written(one) for one in rows]}


def _written(one: "Done") -> dict[str, Any]:
    return {
        "period": one.period,
        "first": plain(one.first),
        "last": plain(one.last),
        "files": [file._asdict() for file in one.files],
        "note": one.note,
        "delivery": one.delivery,
        "written_at": instant(one.written_at),
    }
