"""``tollbook demo``: made-up logs to look around with, and out again."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from app.commands.ingest import load_all, print_loads
from app.session import session_of
from ingest.problem import IngestError


class Samples(NamedTuple):
    """The demo's own present, its logs in order, and all that ``demo.toml`` says."""

    now: datetime
    files: list[Path]
    told: dict[str, Any]


SAMPLES = Path(__file__).parents[2] / "data" / "samples"


def demo(
    context: typer.Context,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing when the warehouse holds any log.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take the demo logs out again; yours stay.")] = False,
) -> None:
    """Load the demo logs: made-up traffic with its own present, outcomes, invoices, budgets and plans."""
    from app.demo_entries import enter_demo, remove_entered
    from app.demo_scenarios import save_demo_scenarios
    from ingest.options import Options
    from warehouse.demo import keep_demo_now, remove_demo
    from warehouse.manifest import has_files

    session = session_of(context)
    if remove:
        rows = remove_demo(session.warehouse, now=session.now, tell=session.tell)
        remove_entered(session)
        session.tell(f"took {rows:,} demo calls out of {session.warehouse}")
        return
    if if_empty and has_files(session.warehouse):
        return
    samples = read_samples(SAMPLES)
    loads = load_all(session, samples.files, Options(demo=True))
    enter_demo(session, SAMPLES, samples.told)
    at_its_now = session._replace(now=samples.now)
    save_demo_scenarios(at_its_now, SAMPLES / samples.told["scenarios"])
    keep_demo_now(session.warehouse, samples.now, clock=session.now, tell=session.tell)
    print_loads(loads)


def read_samples(folder: Path) -> Samples:
    """The demo's own present, and its files; raises IngestError when it is not there."""
    try:
        with (folder / "demo.toml").open("rb") as file:
            told = tomllib.load(file)
    except FileNotFoundError:
        raise IngestError(f"the demo logs are not in {folder}; they come with a clone of the project") from None
    return Samples(told["now"].replace(tzinfo=None), [folder / name for name in told["files"]], told)
