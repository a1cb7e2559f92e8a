"""``tollbook effort plan``: an evaluation before anybody runs it: how many passes, and what it costs on each seller."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.entered import AsJson
from app.figures import UNKNOWN, count, rounded, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from analysis.evaluation_plan import Plan
    from app.evaluation_plans import Offer

LEAST_MEASURED = 20
"""Tasks that were run several times; fewer say nothing of how alike runs are."""


def effort_plan(
    context: typer.Context,
    models: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="TEXT", help="Models with this in their name; may be repeated."),
    ] = None,
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="A plan of your own; see --template.")] = None,
    within: Annotated[
        float, typer.Option(min=0.5, max=49, metavar="POINTS", help="Half the interval of the share solved.")
    ] = 10,
    tiers: Annotated[int, typer.Option(min=1, max=20, metavar="N", help="Tiers of effort to try.")] = 1,
    solved: Annotated[
        float,
        typer.Option(min=1, max=99, metavar="PERCENT", help="What you expect to be solved. 50 is the worst case."),
    ] = 50,
    alike: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="SHARE",
            help="How alike a task's runs are, 0 to 1. [default: as in the evaluations loaded, else 0.5]",
        ),
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print the plan as a CSV, to be changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """What an evaluation costs before anyone runs it."""
    from analysis.evaluation_plan import TEMPLATE, plan
    from app.evaluation_plans import offers, read_plan, template_text
    from app.present import present_without_reader

    session = session_of(context)
    kinds = TEMPLATE if file is None else read_plan(file)
    if template:
        typer.echo(template_text(kinds), nl=False)
        return
    if not models:
        raise UserMistake("say which model: --model step-3.7-flash; repeat it to compare several")
    likeness, measured = (alike, None) if alike is not None else _measured(session)
    made = plan(kinds, within / 100, tiers=tiers, rate=solved / 100, alike=likeness)
    at = present_without_reader(session)
    found = offers(made, models, session.warehouse, at)
    if not found:
        raise UserMistake(f"no card sells a model with {' or '.join(models)} in its name; tollbook rates lists them")
    if as_json:
        print_json(_as_object(made, found, likeness))
        return
    _print(made, found, [_likeness_text(likeness, alike, measured), f"Rates as of {at:%Y-%m-%d %H:%M} UTC."])


def _measured(session: Session) -> tuple[float, int | None]:
    """How alike the runs of a task were in the evaluations loaded, and in how many tasks; 0.5 where none tells."""
    from analysis.passes import Tally, likeness
    from warehouse.eval_runs import list_eval_runs

    tasks: dict[tuple[object, ...], list[float]] = {}
    for run in list_eval_runs(session.warehouse, tell=session.tell):
        if run.solved is not None and run.cases == 1:
            tasks.setdefault((run.run_set, run.task, *run[3:7]), []).append(run.solved)
    often = {key: held for key, held in tasks.items() if len(held) > 1}
    count_of_tasks = len({key[1] for key in often})
    found = likeness([Tally(len(held), sum(held)) for held in often.values()])
    return (0.5, None) if found is None or count_of_tasks < LEAST_MEASURED else (found, count_of_tasks)


def _likeness_text(alike: float, given: float | None, tasks: int | None) -> str:
    if given is not None:
        return f"A task's runs are taken to be {alike:.2f} alike, as you say."
    if tasks is None:
        return "A task's runs are taken to be 0.50 alike: a guess, until 20 tasks run several times are loaded."
    return f"A task's runs are {alike:.2f} alike, as in {things(tasks, 'task')} of the evaluations loaded."


def _print(made: "Plan", found: "Sequence[Offer]", notes: list[str]) -> None:
    kinds = plain_table()
    for head in ("kind", "tasks", "calls each", "input", "cached", "output", "known within"):
        kinds.add_column(head, justify="left" if head == "kind" else "right", no_wrap=True)
    widths = dict(made.by_kind)
    for kind in made.kinds:
        width = f"±{100 * widths[kind.name]:.0f} points" if kind.name in widths else "–"
        kinds.add_row(kind.name, *(count(number) for number in kind[1:6]), width)
    print_table(kinds, *_passes_notes(made), *notes)
    table = plain_table()
    for head in ("seller", "model", "one pass", "all passes", "of it if failures are charged", "rate"):
        table.add_column(head, justify="left" if head in ("seller", "model", "rate") else "right", overflow="fold")
    for offer in found:
        told = offer.why or f"{offer.confidence}, checked {offer.checked}"
        money = (_money(pico, offer.currency) for pico in (offer.one_pass, offer.whole, offer.failing))
        table.add_row(offer.seller, offer.model, *money, told)
    print_table(table, "Tokens are those of the plan: what a tier of effort adds to them is what you are to measure.")


def _passes_notes(made: "Plan") -> list[str]:
    judged = sum(kind.tasks for kind in made.kinds if not kind.fails)
    passes = f"{made.passes} passes"
    size = f"{count(made.runs)} runs and {count(made.calls)} calls on each seller"
    if made.needed.passes:
        return [
            f"{passes} of {things(judged, 'task')}: {size}; "
            f"the share solved is known within ±{100 * made.reached:.1f} points."
        ]
    return [
        f"No number of passes over {things(judged, 'task')} tells the share solved within "
        f"±{100 * made.wanted:g} points: that takes {count(made.needed.tasks_needed)} tasks, run {made.passes} times "
        "each.",
        f"{passes}, the fewest that count: {size}; {_reached_text(made, judged)}.",
    ]


def _reached_text(made: "Plan", judged: int) -> str:
    from analysis.intervals import LEAST_CLUSTERS

    if judged < LEAST_CLUSTERS:
        return f"no interval from fewer than {LEAST_CLUSTERS} tasks"
    return f"within ±{100 * made.reached:.1f} points"


def _money(pico: int | None, currency: str | None) -> str:
    return UNKNOWN if pico is None else f"{rounded(Fraction(pico))} {currency}"


def _as_object(made: "Plan", found: "Sequence[Offer]", alike: float) -> dict[str, Any]:
    return {
        "kinds": [kind._asdict() for kind in made.kinds],
        "tiers": made.tiers,
        "passes": made.passes,
        "enough": made.needed.passes is not None,
        "tasks_needed": made.needed.tasks_needed,
        "within": made.reached,
        "alike": alike,
        "runs": made.runs,
        "calls": made.calls,
        "rows": [
            offer._asdict() | {name: format_pico(getattr(offer, name)) for name in ("one_pass", "whole", "failing")}
            for offer in found
        ],
    }
