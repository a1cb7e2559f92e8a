"""The command line: ``tollbook COMMAND``. A user's mistake is one plain line and exit code 2."""

import functools
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from app.clock import now
from app.commands.anomalies import anomalies
from app.commands.backup import backup
from app.commands.budget import budget
from app.commands.budget_check import budget_check
from app.commands.capacity import capacity
from app.commands.charge import charge
from app.commands.claims import claims
from app.commands.close import close
from app.commands.collect import collect
from app.commands.compact import compact
from app.commands.cost import cost
from app.commands.delete import delete
from app.commands.demo import demo
from app.commands.doctor import doctor
from app.commands.effort import effort
from app.commands.effort_plan import effort_plan
from app.commands.escalations import escalations
from app.commands.evaluations import evaluations
from app.commands.event import event
from app.commands.export import export
from app.commands.export_feed import export_feed
from app.commands.export_focus import export_focus
from app.commands.failures import failures
from app.commands.fields import fields
from app.commands.forecast import forecast
from app.commands.fx import fx
from app.commands.ingest import ingest
from app.commands.invoice import invoice
from app.commands.launch import launch
from app.commands.limits import rates_limits
from app.commands.outcome import outcome
from app.commands.prefix_cache import prefix_cache
from app.commands.prepaid import prepaid
from app.commands.pull import pull
from app.commands.rates import rates
from app.commands.rates_compare import rates_compare
from app.commands.rates_import import rates_import
from app.commands.rates_own import rates_add, rates_remove
from app.commands.rates_stale import rates_stale
from app.commands.rates_unpriced import rates_unpriced
from app.commands.reconcile import reconcile
from app.commands.report import report
from app.commands.report_chargeback import chargeback
from app.commands.report_due import report_alone
from app.commands.report_procurement import procurement
from app.commands.report_schedule import schedule
from app.commands.rerate import rerate, reruns
from app.commands.restore import restore
from app.commands.scenario import scenario
from app.commands.selfhost import selfhost
from app.commands.serve import serve
from app.commands.sightings import sightings
from app.commands.sums import sums
from app.commands.task import task
from app.commands.tasks import tasks
from app.commands.view import view
from app.commands.watch import watch
from app.option_mistakes import option_mistake
from app.session import Session, UserMistake, warehouse_folder
from ingest.problem import IngestError
from pricing.errors import PricingError
from reports.errors import ReportError
from warehouse.errors import WarehouseError, WarehouseOld

USER_MISTAKES = (UserMistake, WarehouseError, IngestError, PricingError, ReportError)
STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""

app = typer.Typer(
    help="What your LLM traffic costs, per call and per task, to the last digit.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def prepare(
    context: typer.Context,
    warehouse: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the warehouse. [default: $TOLLBOOK_WAREHOUSE or data/warehouse]"),
    ] = None,
    now_text: Annotated[
        str | None,
        typer.Option(
            "--now",
            metavar="TIME",
            help="The present, for repeatable runs: ISO 8601. [default: $TOLLBOOK_NOW or the clock]",
        ),
    ] = None,
) -> None:
    """What your LLM traffic costs, per call and per task, to the last digit."""
    try:
        instant = now(now_text)
    except ValueError as error:
        raise UserMistake(f"--now: {error}") from error
    context.obj = Session(warehouse_folder(warehouse), instant, now_given=now_text is not None)


app.command()(forecast)
for command in (demo, ingest, cost, tasks, task, sightings, sums, evaluations, fields, claims, rerate, reruns, serve):
    app.command()(command)
app.command()(pull)
app.command()(anomalies)
app.command()(reconcile)
app.command()(escalations)
app.command()(failures)
app.command()(doctor)
app.command()(watch)
app.command()(selfhost)
app.command()(capacity)
app.command()(prefix_cache)
app.command()(backup)
app.command()(restore)
app.command()(compact)
app.command()(delete)
app.command()(launch)
app.command()(collect)
budget.command("check")(budget_check)
effort.command("plan")(effort_plan)
export.command("feed")(export_feed)
export.command("focus")(export_focus)
rates.command("limits")(rates_limits)
report.callback(invoke_without_command=True)(report_alone)
report.add_typer(schedule, name="schedule")
rates.command("stale")(rates_stale)
rates.command("unpriced")(rates_unpriced)
rates.command("import")(rates_import)
rates.command("add")(rates_add)
rates.command("remove")(rates_remove)
rates.command("compare")(rates_compare)
app.add_typer(rates, name="rates")
app.add_typer(budget, name="budget")
app.add_typer(effort, name="effort")
app.add_typer(charge, name="charge")
app.add_typer(invoice, name="invoice")
app.add_typer(fx, name="fx")
app.add_typer(close, name="close")
app.add_typer(prepaid, name="prepaid")
app.add_typer(event, name="event")
app.add_typer(export, name="export")
app.add_typer(outcome, name="outcome")
app.add_typer(scenario, name="scenario")
app.add_typer(view, name="view")
report.command("procurement")(procurement)
report.command("chargeback")(chargeback)
app.add_typer(report, name="report")


class WithoutPandas(MetaPathFinder):
    """Keeps the database from importing pandas on every query that has a parameter.

    No command needs it, it takes longer than the query, and a Ctrl-C during that import would be lost.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Say that pandas is not there, and leave everything else to the next finder."""
        if fullname == "pandas":
            raise ModuleNotFoundError("the command line does without pandas", name=fullname)
        return None


def main() -> None:
    """Run the command line; the entry point of ``tollbook``."""
    sys.meta_path.insert(0, WithoutPandas())
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str], refuse: Callable[[Exception], None] | None = None) -> int:
    """Run one command, on a warehouse of today's schema; returns its exit code.

    What keeps it from being done is told to ``refuse`` where that is given, else said on standard error.
    """
    refuse = refuse or (lambda error: _say(str(error)))
    try:
        return _run(arguments, refuse)
    except WarehouseOld as error:
        return _run(arguments, refuse, old=error.root)


def _run(arguments: list[str], refuse: Callable[[Exception], None], old: Path | None = None) -> int:
    """Run one command, after bringing the warehouse up to date that was found too old for it."""
    try:
        if old:
            from warehouse.upgrade import bring_up_to_date

            bring_up_to_date(old, now=now(None), tell=_say)
        # Without a command there is nothing to do but say which there are.
        code = _command()(arguments or ["--help"], prog_name="tollbook", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        code = STOPPED
    except RuntimeError as error:
        # What the database makes of a Ctrl-C while it works.
        if str(error) != "Query interrupted":
            raise
        code = STOPPED
    except typer.TyperException as error:
        _say(option_mistake(error))
        return 2
    except WarehouseOld:
        raise
    except USER_MISTAKES as error:
        refuse(error)
        return 2
    if code == STOPPED:
        _say("stopped; the warehouse is as the last finished file left it")
    return code if isinstance(code, int) else 0


@functools.cache
def _command() -> typer.core.TyperGroup:
    """The whole of the command line, put together once."""
    return typer.main.get_group(app)


def _say(message: str) -> None:
    print(f"tollbook: {message}", file=sys.stderr)  # noqa: T201 - the command line's own voice
