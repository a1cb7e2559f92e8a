"""``tollbook pull``: what a seller's own API says of usage and costs, kept and loaded."""

import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.figures import count, plain
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from ingest.loading import FileLoad
    from ingest.pull.http import Login
    from ingest.pull.report import Provider
    from ingest.pull.run import Plan, Pulled, Puller, Step, Wish

USAGE, GENERATION = "usage", "generation"
SHORTEST_KEY = 8


def pull(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="openrouter, openai or anthropic.")],
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="First day (UTC). [default: the first that was ever pulled]")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts. [default: yesterday]")] = None,
    what: Annotated[
        str | None, typer.Option(metavar="NAMES", help="Reports, with commas between them. [default: all]")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask also for days that are settled.")] = False,
    most: Annotated[
        int, typer.Option("--most", min=0, metavar="N", help="Calls of OpenRouter to ask for one by one.")
    ] = 500,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Another address of the API: over https, or on this machine.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be asked; ask nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Ask a seller's API for its own sums of usage and costs, and load what it answers.

    The key comes from the environment. Days that were asked for more than a week after their end are not asked for
    again. Ends with exit code 2 when something could not be had; what could is loaded.
    """
    from ingest.pull.http import check_base_url
    from ingest.pull.run import Puller

    session = session_of(context)
    wish = _wish(session, provider, (since, until), what, again=again, most=most)
    if base_url:
        check_base_url(base_url)
    puller = Puller(session.warehouse, wish, session.now, session.tell)
    if dry_run:
        _print_plan(wish, puller.plan(None), as_json=as_json)
        return
    pulled = _pull(puller, base_url, _logins(wish))
    if as_json:
        loads = [{"file": load.path, **_counts(load), "warnings": list(load.warnings)} for load in pulled.loads]
        steps = [*map(_as_object, pulled.steps)]
        print_json({"provider": wish.provider.name, "asked": steps, "loads": loads, "errors": pulled.errors})
    else:
        _print(pulled)
    for error in pulled.errors:
        session.tell(f"tollbook: {error}")
    if pulled.errors:
        raise typer.Exit(2)


def _pull(puller: "Puller", base_url: str | None, logins: "tuple[Login | None, Login | None]") -> "Pulled":
    """Ask and load; what was done before an error is told as well."""
    from ingest.pull.run import Pulled, open_api

    pulled = Pulled([], [], [])
    with puller.alone() as kept:
        pulled.loads.extend(puller.load(kept))
        plan = puller.plan(kept)
        for note in plan.notes:
            puller.tell(note)
        of_reports, of_calls = logins
        if plan.windows and of_reports:
            with open_api(puller.wish, base_url, of_reports, puller.tell) as api:
                puller.run(kept, plan, api, pulled)
        if plan.calls and of_calls:
            with open_api(puller.wish, base_url, of_calls, puller.tell) as api:
                puller.run_calls(kept, plan, api, pulled)
        if pulled.steps or pulled.errors:
            pulled.loads.extend(puller.load(kept))
    pulled.errors.extend(step.error for step in pulled.steps if step.error)
    pulled.errors.extend(load.error for load in pulled.loads if load.error)
    return pulled


def _wish(  # noqa: PLR0913 - what a person can ask for
    session: Session,
    name: str,
    days: tuple[str | None, str | None],
    what: str | None,
    *,
    again: bool,
    most: int,
) -> "Wish":
    from ingest.pull.run import Wish

    provider = _provider(name)
    today = session.now.date()
    since = _day("--since", days[0]) if days[0] else None
    until = _day("--until", days[1]) if days[1] else today - timedelta(days=1)
    if until > today:
        raise UserMistake(f"--until {until} is a day to come")
    if since and since > until:
        raise UserMistake(f"--since {since} is after --until {until}: a day is asked for when it is over")
    chosen = _chosen(provider, what)
    reports = tuple(report for report in provider.reports if report.name in chosen)
    return Wish(provider, reports, GENERATION in chosen, since, until, again, most)


def _provider(name: str) -> "Provider":
    from ingest.pull.anthropic import ANTHROPIC
    from ingest.pull.openai import OPENAI
    from ingest.pull.openrouter import OPENROUTER

    every = {provider.name: provider for provider in (OPENROUTER, OPENAI, ANTHROPIC)}
    if name not in every:
        raise UserMistake(f"{name!r} is no provider that can be asked: there are {', '.join(every)}")
    return every[name]


def _chosen(provider: "Provider", what: str | None) -> set[str]:
    """Names of reports; `usage` stands for all that are no costs."""
    every = [report.name for report in provider.reports]
    usage = [name for name in every if name != "costs"]
    every += [GENERATION] if provider.name == "openrouter" else []
    groups = {USAGE: usage} | {name: [name] for name in every}
    named = [name.strip() for name in what.split(",")] if what is not None else every
    for name in named:
        if name not in groups:
            raise UserMistake(f"--what: {name!r} is no report of {provider.title}: there are {', '.join(groups)}")
    return {report for name in named for report in groups[name]}


def _logins(wish: "Wish") -> "tuple[Login | None, Login | None]":
    """The keys of reports and of single calls, as far as they are needed."""
    from ingest.pull.openrouter import CALL_KEYS

    of_reports = _login(wish.provider.keys) if wish.reports else None
    return of_reports, _login(CALL_KEYS) if wish.generations else None


def _login(variables: Sequence[str]) -> "Login":
    """The key, out of the first of these variables that is set; raises UserMistake, which does not say what it is."""
    from ingest.pull.http import Login

    for variable in variables:
        key = os.environ.get(variable, "").strip()
        if not key:
            continue
        if len(key) < SHORTEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
            raise UserMistake(f"{variable} holds no key: a key is a long word of plain letters and digits")
        return Login(variable, key)
    raise UserMistake(f"no key: set {' or '.join(variables)} in the environment")


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserMistake(f"{option}: {text!r} is no day, as 2026-11-01 is") from None


def _print_plan(wish: "Wish", plan: "Plan", *, as_json: bool) -> None:
    found = [
        {"what": report.name, "path": report.path, "since": plain(window.first), "until": plain(window.last)}
        for report, window in plan.windows
    ]
    if as_json:
        print_json({"provider": wish.provider.name, "would_ask": found, "calls": len(plan.calls)})
        return
    table = plain_table()
    for name in ("what", "since", "until", "path"):
        table.add_column(name, no_wrap=True)
    for row in found:
        table.add_row(row["what"], str(row["since"]), str(row["until"]), row["path"])
    notes = [*plan.notes, *([f"And single calls: {count(len(plan.calls))}"] if plan.calls else [])]
    print_table(table, *notes, *([] if found or plan.calls else ["Nothing to ask: every day is settled."]))


def _print(pulled: "Pulled") -> None:
    table = plain_table()
    for name in ("what", "since", "until"):
        table.add_column(name, no_wrap=True)
    table.add_column("requests", justify="right")
    table.add_column("")
    for step in pulled.steps:
        days = (str(step.window.first), str(step.window.last)) if step.window else ("single calls", "")
        table.add_row(step.what, *days, count(step.requests), "not had" if step.error else "")
    nothing = not pulled.steps and not pulled.errors
    notes = ["Nothing to ask: every day is settled."] if nothing else []
    print_table(table, *_notes(pulled), *notes)


def _notes(pulled: "Pulled") -> Iterator[str]:
    for step in pulled.steps:
        if step.lacking:
            days = ", ".join(map(str, step.lacking[:5])) + (" and more" if len(step.lacking) > 5 else "")
            yield f"{step.what}: the answer has nothing about {days}; what was known of them stays"
        if step.unknown:
            yield f"{step.what}: calls that the seller does not know (yet): {count(step.unknown)}"
    for load in pulled.loads:
        if not load.error:
            told = ", ".join(f"{count(number)} {name}" for name, number in _counts(load).items())
            yield f"loaded {Path(load.path).name}: {told}"
        yield from load.warnings
        yield from (f"{reason} (first in line {line}, {count(lines)} in all)" for reason, lines, line in load.rejects)


def _counts(load: "FileLoad") -> dict[str, int]:
    merged = load.merged
    found = {"read": merged.records + merged.rejected, "new": merged.loaded, "changed": merged.replaced}
    return {**found, "unchanged": merged.already_there, "rejected": merged.rejected}


def _as_object(step: "Step") -> dict[str, Any]:
    return {
        "what": step.what,
        "since": plain(step.window.first) if step.window else None,
        "until": plain(step.window.last) if step.window else None,
        "requests": step.requests,
        "lacking": [plain(day) for day in step.lacking],
        "unknown": step.unknown if step.window is None else None,
        "error": step.error,
    }
