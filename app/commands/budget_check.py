"""``tollbook budget check``: which thresholds were crossed, for cron."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import typer

from app.commands.alerting import All, Ending, Notify, Quiet, channels_for, deliver, say
from app.commands.budget import standings
from app.commands.entered import AsJson
from app.figures import instant, plain, things
from app.session import print_json, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.budget_alerts import Crossed
    from warehouse.alerts import Alert


def budget_check(
    context: typer.Context,
    everything: All = False,
    quiet: Quiet = False,
    notify: Notify = None,
    as_json: AsJson = False,
) -> None:
    """Thresholds that were crossed since the last check. For cron.

    Each is told once per period. Ends with 1 when there is a new one, with 0
    when there is none, with 3 when a notification was not delivered.
    """
    from app.budget_alerts import crossed
    from warehouse.alerts import told_alerts

    session = session_of(context)
    to = channels_for(notify, everything)
    found = standings(session)
    told = told_alerts(session.warehouse, tell=session.tell)
    fired = crossed(found)
    new = [each for each in fired if each.alert not in told]
    shown = fired if everything else new
    lines = [line for each in shown for line in _lines(each, told)]
    if as_json:
        rows = [_as_object(each, told) for each in shown]
        print_json({"rows": rows, "today": plain(found.today), "data_through": instant(found.data_through)})
    else:
        say(lines)
        if not quiet:
            say(_notes(len(found.stood), len(shown), len(fired) - len(new)))
    if everything:
        raise typer.Exit(Ending.FIRED if shown else Ending.NOTHING)
    title = f"Tollbook: {things(len(new), 'budget threshold')} crossed"
    raise typer.Exit(deliver(session, to, [each.alert for each in new], (title, "\n".join(lines))))


def _lines(each: "Crossed", told: "Collection[Alert]") -> list[str]:
    owner = f"  owner: {each.budget.owner}" if each.budget.owner else None
    text = f"{each.text}{' (told before)' if each.alert in told else ''}"
    return [line for line in (text, owner, f"  look at: {each.command}") if line]


def _notes(budgets: int, shown: int, old: int) -> list[str]:
    if not budgets:
        return ["No budget was entered: tollbook budget add"]
    notes = [] if shown else [f"Nothing new was crossed in {things(budgets, 'budget')}."]
    return [*notes, f"Told before: {old}; --all shows what stands."] if old and not shown else notes


def _as_object(each: "Crossed", told: "Collection[Alert]") -> dict[str, Any]:
    return {
        "budget": each.budget.number,
        "name": each.budget.name,
        "owner": each.budget.owner,
        "first": plain(each.span.first),
        "last": plain(each.span.last),
        "threshold": each.alert.what,
        "on": each.threshold.on,
        "currency": each.budget.currency,
        "limit": format_pico(each.limit),
        "amount": format_pico(each.amount),
        "spent": format_pico(each.spent),
        "day": plain(each.day),
        "chance": each.chance,
        "told_before": each.alert in told,
        "text": each.text,
        "command": each.command,
    }
