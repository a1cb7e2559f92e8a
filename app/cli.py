"""The command line: ``tollbook COMMAND``. A user's mistake is one plain line and exit code 2."""

import sys
from pathlib import Path
from typing import Annotated

import click
import typer

from app.clock import now
from app.commands.cost import cost
from app.commands.demo import demo
from app.commands.ingest import ingest
from app.commands.rates import rates
from app.commands.serve import serve
from app.commands.tasks import task, tasks
from app.session import Session, warehouse_folder
from ingest.problem import IngestError
from pricing.errors import PricingError
from warehouse.errors import WarehouseError

USER_MISTAKES = (WarehouseError, IngestError, PricingError)
app = typer.Typer(
    help="What your LLM traffic costs, per call and per task, to the last digit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def prepare(
    context: typer.Context,
    warehouse: Annotated[
        Path | None,
        typer.Option(help="Folder of the warehouse. [default: $TOLLBOOK_WAREHOUSE or data/warehouse]"),
    ] = None,
    now_text: Annotated[
        str | None,
        typer.Option("--now", help="The present, for repeatable runs: ISO 8601. [default: the clock]"),
    ] = None,
) -> None:
    """What your LLM traffic costs, per call and per task, to the last digit."""
    try:
        instant = now(now_text)
    except ValueError as error:
        raise click.UsageError(f"--now: {error}") from error
    context.obj = Session(warehouse_folder(warehouse), instant)


for command in (demo, ingest, cost, tasks, task, serve):
    app.command()(command)
app.add_typer(rates, name="rates")


def main() -> None:
    """Run the command line; the entry point of ``tollbook``."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    try:
        code = app(arguments, standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("stopped; the warehouse is as the last finished file left it")
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except USER_MISTAKES as error:
        _say(str(error))
        return 2
    return code if isinstance(code, int) else 0


def _say(message: str) -> None:
    print(f"tollbook: {message}", file=sys.stderr)  # noqa: T201 - the command line's own voice
