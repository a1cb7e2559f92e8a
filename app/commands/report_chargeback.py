"""``tollbook report chargeback``: a month, charged back to its teams."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.allocation_rule import rule_of
from app.charging_back import FORMATS, Charged, Wanted, charge_month, files_of
from app.commands.close import month_named
from app.commands.conversion import NATIVE
from app.commands.entered import AsJson, currency_of
from app.commands.report_options import HERE, Folder, formats_of
from app.figures import UNKNOWN, money, things
from app.session import plain_table, print_json, print_table, session_of
from app.spool import told_apart
from pricing.money import PICO, format_pico
from reports.formats import PREVIEW
from reports.written import write_file

if TYPE_CHECKING:
    from rich.table import Table

    from reports.statements import Chargeback, Entry

USUAL = "pdf,csv"


def chargeback(
    context: typer.Context,
    month: Annotated[
        str | None, typer.Option(metavar="MONTH", help="As in 2026-10. [default: the last whole month]")
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help="How shared cost is divided: cost, tokens, requests, even, or a CSV file of teams and their shares. "
            "[default: chargeback_rule in tollbook.toml, else cost]",
        ),
    ] = None,
    team: Annotated[str | None, typer.Option(metavar="NAME", help="The statement of this team alone.")] = None,
    into: Annotated[
        str | None,
        typer.Option("--in", metavar="CODE", help="Convert amounts, as to EUR, at the rate of the month's last day."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMATS", help=f"Some of {', '.join(FORMATS)}, with commas between.")
    ] = USUAL,
    to: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Charge a month back to its teams.

    What each team used itself, and its share of what belongs to no team:
    calls without a team, and recurring charges that name none. It adds up
    to the month's books. Calls of unknown cost are listed, never charged.
    """
    session = session_of(context)
    wanted = Wanted(
        None if month is None else month_named(month),
        None if rule is None else rule_of(rule),
        currency_of(into, "--in") if into not in (None, NATIVE) else None,
    )
    forms = formats_of(form, (*FORMATS, PREVIEW))
    charged = charge_month(session.warehouse, session.now, wanted, now_given=session.now_given, tell=session.tell)
    files = _write(charged, team, forms, to)
    if as_json:
        print_json(_object(charged, team) | {"files": [str(path) for path in files]})
        return
    print_table(_table(charged.found, team), *_notes(charged, team), spare=("share",))
    for path in files:
        session.tell(f"wrote {path}")


def _write(charged: Charged, team: str | None, forms: Sequence[str], to: Path) -> list[Path]:
    """Each format as a file, all made before the first is written."""
    of = f"-{told_apart(team)}" if team else ""
    made = files_of(charged, team, f"tollbook-chargeback-{charged.found.month:%Y-%m}{of}", forms)
    for name, content in made.items():
        write_file(to / name, content)
    return [to / name for name in made]


def _table(found: "Chargeback", team: str | None) -> "Table":
    """A row per team and currency: its own, its share, adjustments, all of it."""
    from reports.statements import KINDS

    sums = found.sums()
    table = plain_table(f"{found.month:%Y-%m}, shared cost by {found.rule.name}")
    table.add_column("team", overflow="fold")
    for title, _ in KINDS.values():
        table.add_column(title.lower(), justify="right")
    for head in ("total", "unknown"):
        table.add_column(head, justify="right")
    for name in [*found.teams, *([None] if found.has_nobody else [])]:
        if team not in (None, name):
            continue
        unknown = sum(each.requests for each in found.unknown if each.team == name)
        codes = [code for code in found.currencies if any((name, code, kind) in sums for kind in KINDS)]
        for place, code in enumerate(codes):
            own = {kind: sums[name, code, kind] for kind in KINDS if (name, code, kind) in sums}
            cells = [money(own[kind], code) if kind in own else "–" for kind in KINDS]
            whole = money(sum(own.values()), code)
            table.add_row(name or "no team", *cells, whole, things(unknown, "call") if unknown and not place else "–")
        if not codes:
            table.add_row(name or "no team", *["–"] * len(KINDS), UNKNOWN, things(unknown, "call"))
    for code in found.currencies if team is None else []:
        parts = [[pico for key, pico in sums.items() if key[1:] == (code, kind)] for kind in KINDS]
        cells = [money(sum(part), code) if part else "–" for part in parts]
        table.add_row("total", *cells, money(sum(map(sum, parts)), code), "", style="bold")
    return table


def _notes(charged: Charged, team: str | None) -> list[str]:
    from reports.statement_sections import RULES

    found = charged.found
    rules = {pool.weights.rule for pool in found.pools if pool.weights.parts}
    notes = [f"Shared cost is divided {RULES[found.rule.name]}."] if found.pools else []
    notes += [f"Where no team has any of that, {RULES[rule]}." for rule in sorted(rules - {found.rule.name})]
    if any(each.team is None for each in found.entries):
        notes.append("There is no team to take what stays with no team.")
    if any(team in (None, each.team) for each in found.unknown):
        notes.append("Calls of unknown cost are in no amount: tollbook rates unpriced says why.")
    if found.books.closing is None:
        notes.append(f"{found.month:%Y-%m} is open: tollbook close {found.month:%Y-%m} freezes it.")
    if charged.standing.changed:
        notes.append(f"The lines of {found.month:%Y-%m} are not those that were closed: do not charge by them.")
    return notes


def _object(charged: Charged, team: str | None) -> dict[str, Any]:
    found, closing = charged.found, charged.found.books.closing
    totals = {code: 0 for code in found.currencies}
    for entry in found.entries:
        totals[entry.currency] += entry.pico if team in (None, entry.team) else 0
    return {
        "month": f"{found.month:%Y-%m}",
        "state": "closed" if closing else "open",
        "digest": closing.digest if closing else None,
        "rule": found.rule.name,
        "rows": [_row(entry) for entry in found.entries if team in (None, entry.team)],
        "unknown": [
            {"team": each.team, "about": f"{each.about:%Y-%m}", "what": each.what, "calls": each.requests}
            for each in found.unknown
            if team in (None, each.team)
        ],
        "total": [{"currency": code, "cost": format_pico(pico)} for code, pico in totals.items()],
    }


def _row(entry: "Entry") -> dict[str, Any]:
    return {
        "team": entry.team,
        "kind": entry.kind,
        "about": f"{entry.about:%Y-%m}",
        "what": entry.what,
        "project": entry.project,
        "currency": entry.currency,
        "cost": format_pico(entry.pico),
        "rule": entry.rule,
        "share": None if entry.share is None else format_pico(round(entry.share * PICO)),
        "calls": entry.requests,
        "under_review": entry.review,
    }
