"""``tollbook evaluations``: what judges said of answers, and what those answers cost."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.figures import instant, money, plain
from app.session import plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from warehouse.evaluations import Verdict

SHOWN = 50
NONE = "No evaluation event was loaded; traces bring them (gen_ai.evaluation.result)."


def evaluations(
    context: typer.Context,
    top: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="The newest so many. [default: 50; all with --json]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What evaluation events say of answers: name, score, label, and the call with its cost."""
    from warehouse.connection import open_reader
    from warehouse.evaluations import list_verdicts

    session = session_of(context)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = list_verdicts(reader, top if as_json or top else SHOWN)
    if as_json:
        print_json({"rows": [_as_object(verdict) for verdict in found]})
        return
    table = plain_table()
    for name in ("time", "evaluation", "label", "model", "task", "answer"):
        table.add_column(name, overflow="fold")
    for name in ("score", "cost"):
        table.add_column(name, justify="right")
    for verdict in found:
        about = verdict.response_id or verdict.span_id or "unknown"
        names = (verdict.label or "–", verdict.model or "unknown", verdict.task or "–", about)
        score = "–" if verdict.score is None else f"{verdict.score:g}"
        cost = money(verdict.cost, verdict.currency)
        table.add_row(instant(verdict.judged_at) or "unknown", verdict.name, *names, score, cost)
    print_table(table, *([] if found else [NONE]))


def _as_object(verdict: "Verdict") -> dict[str, Any]:
    """Money as a decimal text, times in UTC."""
    return {**verdict._asdict(), "judged_at": plain(verdict.judged_at), "cost": format_pico(verdict.cost)}
