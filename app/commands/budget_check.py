"""``tollbook budget check``: which thresholds were crossed, for cron."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import typer

from app.budget_notes import behind_note, data_line
from app.commands.alerting import All, Ending, Notify, Quiet, channels_for, deliver, say
from app.commands.budget import standings
from app.commands.entered import AsJson
from app.figures import instant, plain, things
from app.session import print_json, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.budget_alerts import Crossed
    from app.budgets import Budgets
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
    behind = behind_note(found)
    lines = [line for each in shown for line in _lines(each, told)]
    if lines and behind:
        lines.append(f"{data_line(found)}. {behind}")
    if as_json:
        rows = [_as_object(each, told) for each in shown]
        days = {"today": plain(found.today), "data_through": instant(found.data_through)}
        print_json({"rows": rows, **days, "data_behind": found.is_behind})
    else:
        say(lines)
        if not quiet:
            say(_notes(found, len(shown), len(fired) - len(new)))
    if everything:
        raise typer.Exit(Ending.FIRED if shown else Ending.NOTHING)
    title = f"Tollbook: {things(len(new), 'budget threshold')} crossed"
    raise typer.Exit(deliver(session, to, [each.alert for each in new], (title, "\n".join(lines))))


def _lines(each: "Crossed", told: "Collection[Alert]") -> list[str]:
    owner = f"  owner: {each.budget.owner}" if each.budget.owner else None
    text = f"{each.text}{' (told before)' if each.alert in told else ''}"
    return [line for line in (text, owner, f"  look at: {each.command}") if line]


def _notes(found: "Budgets", shown: int, old: int) -> list[str]:
    """What is known although nothing was crossed, and how far the data goes."""
    if not found.stood:
        return ["No budget was entered: tollbook budget add"]
    notes = [] if shown else [f"Nothing new was crossed in {things(len(found.stood), 'budget')}."]
    if old and not shown:
        notes.append(f"Told before: {old}; --all shows what stands.")
    lacking = sum(1 for each in found.stood if each.unpriced_ahead)
    if lacking:
        notes.append(f"Some of the projected calls of {things(lacking, 'budget')} have no rate: tollbook budget show.")
    behind = None if shown else behind_note(found)
    return [*notes, f"{data_line(found)}.", *([behind] if behind else [])]


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
        "unpriced_share": each.unpriced,
        "told_before": each.alert in told,
        "text": each.text,
        "command": each.command,
    }
