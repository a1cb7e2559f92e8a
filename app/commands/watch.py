"""``tollbook watch``: loads logs as they are written, until it is stopped."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import ingest_options as told
from app.commands.ingest import load_object, parse_given_time, parse_tags, print_loads, read_options
from app.session import Session, UserMistake, print_json, session_of

if TYPE_CHECKING:
    from ingest.options import Options

MOST_NAMES = 3
"""Files that are named; of more, how many."""

Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Files, folders or patterns; what is not there yet may come."),
]
Every = Annotated[
    float, typer.Option(metavar="SECONDS", min=0.1, max=3600.0, help="How long to wait between two looks.")
]
Once = Annotated[bool, typer.Option("--once", help="Load what is new now, and end.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line for each look that loaded something.")]


def watch(
    context: typer.Context,
    paths: Paths,
    every: Every = 3.0,
    once: Once = False,
    source: told.Source = None,
    mapping: told.MappingFile = None,
    seller: told.Seller = None,
    base_url: told.BaseUrl = None,
    time: told.Time = None,
    team: told.Team = None,
    project: told.Project = None,
    tag: told.Tags = None,
    task_field: told.TaskField = None,
    step_field: told.StepField = None,
    as_json: AsJson = False,
) -> None:
    """Load logs as they are written, until it is stopped.

    Files may appear, grow, be rotated, packed, truncated or replaced: every call is stored once. A line that is half
    written waits for its end. SIGTERM ends it with exit code 0; what was loaded by then stays, and the next start
    goes on from there.
    """
    from warehouse.batch import Given

    session = session_of(context)
    if "-" in paths:
        raise UserMistake("standard input cannot be watched; tollbook ingest - loads it")
    given = Given(seller, base_url, parse_given_time(time), team, project, parse_tags(tag))
    options = read_options(given, source, mapping)._replace(task_field=task_field, step_field=step_field)
    if once:
        _load_once(session, paths, options, as_json=as_json)
        return
    from app.watching import watch_files

    raise typer.Exit(watch_files(session, paths, options, every_s=every, as_json=as_json))


def _few(paths: list[str]) -> str:
    rest = len(paths) - MOST_NAMES
    return ", ".join(paths[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def _load_once(session: Session, paths: list[str], options: "Options", *, as_json: bool) -> None:
    """One look, as ``tollbook ingest`` ends: with a table, and exit code 2 where a file could not be read."""
    from ingest.follow import Follower

    follower = Follower(session.warehouse, paths, options, clock=lambda: session.now, tell=session.tell)
    loads = follower.round(ending=True).loads
    read = {load.path for load in loads}
    known = sorted(str(path) for path in follower.seen if str(path) not in read and path not in follower.told)
    if as_json:
        print_json({"files": [load_object(load) for load in loads if not load.error], "known": known})
    else:
        if any(not load.error for load in loads):
            print_loads(loads)
        elif not loads:
            session.tell("nothing new" if follower.found else f"nothing new: no log is there: {', '.join(paths)}")
        if known:
            session.tell(f"known already, copies too, and nothing was loaded from: {_few(known)}")
    errors = [load.error for load in loads if load.error]
    for error in errors:
        session.tell(f"tollbook: {error}")
    if errors:
        raise typer.Exit(2)
