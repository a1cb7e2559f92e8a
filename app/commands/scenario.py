"""``tollbook scenario``: what traffic would cost under other rates and usage; saved by name, run again, compared."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.entered import AsJson, Who, author_of, one_of
from app.present import present_of, present_without_reader
from app.session import Session, UserMistake, print_json, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.scenarios import WhatIf
    from planning.scenario import Scenario
    from warehouse.scenarios import SavedScenario
    from warehouse.scope import Scope

SLIDERS = ("cache", "volume", "move", "batch", "discount", "input_ratio", "output_ratio", "retries")
NONE = "no scenario was saved: tollbook scenario --template prints one, tollbook scenario save FILE keeps it"
scenario = typer.Typer()
Asked = Annotated[
    list[str],
    typer.Argument(metavar="FILE|NAME...", help="Files (.yaml, - for standard input), saved names or numbers."),
]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME...]", help="Names or numbers. [default: all]", show_default=False)
]
Which = Annotated[str, typer.Argument(metavar="NAME", help="Its name or its number, as list shows them.")]
Since = Annotated[str | None, typer.Option(metavar="DAY", help="First day of the traffic, where it says none.")]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts.")]
Only = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="DIMENSION=VALUE", help="Only this traffic; repeat it for more."),
]


@scenario.callback(invoke_without_command=True)
def scenario_alone(
    context: typer.Context,
    template: Annotated[bool, typer.Option("--template", help="Print a scenario to begin with.")] = False,
    as_json: AsJson = False,
) -> None:
    """What-if: what traffic would cost under other rates and usage.

    Without a command: the same as list.
    """
    if template:
        from app.scenario_template import TEMPLATE

        typer.echo(TEMPLATE, nl=False)
        raise typer.Exit
    if context.invoked_subcommand is None:
        list_scenarios(context, as_json)


@scenario.command("run")
def run_scenarios(
    context: typer.Context,
    asked: Asked,
    since: Since = None,
    until: Until = None,
    where: Only = None,
    as_json: AsJson = False,
) -> None:
    """What scenarios come to, step by step from what was billed; several side by side.

    A saved one says so where the rates or the calls have changed since.
    """
    from app.commands.cost import scope_of
    from app.commands.scenario_object import as_object
    from app.commands.scenario_tables import print_run
    from app.saved_scenarios import named, stale_of

    session = session_of(context)
    wanted = named(session.warehouse, asked, tell=session.tell)
    is_whole = since is None and until is None and not where
    found, notes = _computed(session, [each.scenario for each in wanted], scope_of(since, until, where or []))
    stale = [
        stale_of(each.saved, one) if each.saved and is_whole else None for each, one in zip(wanted, found, strict=True)
    ]
    if as_json:
        print_json({"rows": [as_object(*each) for each in zip(wanted, found, stale, strict=True)]})
    else:
        print_run(found, [each for each in stale if each], notes)


@scenario.command("check")
def check_scenarios(
    context: typer.Context,
    names: Names = None,
    as_json: AsJson = False,
) -> None:
    """Whether saved scenarios still hold: exit code 1 where rates or calls have changed since.

    For cron and continuous integration. Saving one again keeps today's figures.
    """
    from app.commands.scenario_saved import print_check
    from app.saved_scenarios import of_saved, pick, stale_of
    from warehouse import scenarios

    session = session_of(context)
    known = scenarios.list_scenarios(session.warehouse, tell=session.tell)
    chosen = [of_saved(pick(known, name)) for name in names] if names else [of_saved(each) for each in known]
    tried, _ = _tried(session, [each.scenario for each in chosen], scope_of_all())
    rows = [
        (each.saved, one if isinstance(one, UserMistake) else stale_of(each.saved, one))
        for each, one in zip(chosen, tried, strict=True)
        if each.saved
    ]
    print_check(rows, as_json)
    raise typer.Exit(1 if any(state for _, state in rows) else 0)


@scenario.command("save")
def save_scenarios(
    context: typer.Context,
    asked: Asked,
    owner: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who answers for it. [default: who saves it first]")
    ] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Save scenarios by their names, with what they come to now: all or none.

    One of a name that there is takes its place. A saved one, saved again, keeps
    what it says and takes today's figures.
    """
    from app.saved_scenarios import draft_of, named
    from warehouse import scenarios

    session = session_of(context)
    wanted = [each.scenario for each in named(session.warehouse, asked, tell=session.tell)]
    found, _ = _computed(session, wanted, scope_of_all())
    drafts = [draft_of(each, owner=owner) for each in found]
    kept = scenarios.save_scenarios(session.warehouse, drafts, author_of(session, who), tell=session.tell)
    rows = [{"no": one.number, "name": each.name, "what": one.what} for one, each in zip(kept, wanted, strict=True)]
    if as_json:
        print_json({"rows": rows})
    else:
        for row in rows:
            session.tell(f"{row['what']}: scenario {row['no']}, {row['name']}")


@scenario.command("list")
def list_scenarios(context: typer.Context, as_json: AsJson = False) -> None:
    """Every saved scenario, with what it came to when it was saved."""
    from app.commands.scenario_saved import print_list
    from warehouse import scenarios

    session = session_of(context)
    print_list(scenarios.list_scenarios(session.warehouse, tell=session.tell), as_json)


@scenario.command("show")
def show_scenario(context: typer.Context, which: Which, as_json: AsJson = False) -> None:
    """What a saved scenario says, whose it is, and what it came to when it was saved."""
    from app.commands.scenario_saved import print_saved

    print_saved(_saved(session_of(context), which), as_json)


@scenario.command("export")
def export_scenarios(
    context: typer.Context,
    names: Names = None,
    as_json: AsJson = False,
) -> None:
    """Write saved scenarios as the YAML that run and save read."""
    from app.saved_scenarios import of_saved, pick
    from app.scenario_file import write_scenario_text
    from warehouse import scenarios

    session = session_of(context)
    known = scenarios.list_scenarios(session.warehouse, tell=session.tell)
    chosen = [pick(known, name) for name in names] if names else known
    if as_json:
        print_json({"scenarios": [each.document for each in chosen]})
    elif chosen:
        typer.echo(write_scenario_text([of_saved(each).scenario for each in chosen]), nl=False)
    else:
        session.tell(NONE)


@scenario.command("remove")
def remove_scenario(context: typer.Context, which: Which, who: Who = None, as_json: AsJson = False) -> None:
    """Take a saved scenario out; the audit keeps what it said."""
    from warehouse import scenarios

    session = session_of(context)
    name = _saved(session, which).name
    gone = scenarios.remove_scenario(session.warehouse, name, author_of(session, who), tell=session.tell)
    if as_json:
        print_json({"no": gone.number, "name": gone.name, "what": "removed", "document": gone.document})
    else:
        session.tell(f"removed: scenario {gone.number}, {gone.name}")


@scenario.command("break-even")
def break_even_scenarios(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A", help="The one whose slider moves: a file or a saved name.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The one it is compared with, as it is.")],
    slider: Annotated[str, typer.Option(metavar="WHAT", help=f"What moves: {', '.join(SLIDERS)}.")],
    since: Since = None,
    until: Until = None,
    where: Only = None,
    as_json: AsJson = False,
) -> None:
    """How far a slider of one scenario has to go until it costs what another does.

    As in: how high must the cache share be for A to beat B? Without a change of
    that kind, cache, volume, batch and discount begin one about all of A's calls.
    """
    from app.commands.cost import scope_of
    from app.commands.scenario_break_even import print_break_even
    from app.saved_scenarios import named
    from app.scenarios import asking, break_even_of, read_basis

    session = session_of(context)
    moved: Any = one_of("--slider", slider, SLIDERS)
    wanted = named(session.warehouse, [first, second], tell=session.tell)
    if len(wanted) != 2:
        raise UserMistake("a break-even is of two scenarios: give two files of one each, or two saved names")
    pair = wanted[0].scenario, wanted[1].scenario
    now, scope = present_without_reader(session), scope_of(since, until, where or [])
    basis = read_basis(session.warehouse, converts=any(each.currency for each in pair), tell=session.tell)
    with asking(session.warehouse, tell=session.tell) as ask:
        found = break_even_of(ask, basis, pair, moved, scope, now)
    print_break_even(pair, moved, found, as_json)


def scope_of_all() -> "Scope":
    """All traffic: what a saved scenario is about, it says itself."""
    from warehouse.scope import EVERYTHING

    return EVERYTHING


def _computed(session: Session, wanted: "Sequence[Scenario]", scope: "Scope") -> "tuple[list[WhatIf], list[str]]":
    """What they come to, and what is to be said of a demo; raises UserMistake naming one that cannot be computed."""
    tried, notes = _tried(session, wanted, scope)
    if broken := [str(each) for each in tried if isinstance(each, UserMistake)]:
        raise UserMistake("\n".join(broken))
    return [each for each in tried if not isinstance(each, UserMistake)], notes


def _tried(
    session: Session, wanted: "Sequence[Scenario]", scope: "Scope"
) -> "tuple[list[WhatIf | UserMistake], list[str]]":
    """The same of each by itself, in one borrowed connection."""
    from app.commands.cost import demo_notes
    from app.scenarios import asking_of, read_basis, what_if_from
    from planning.scenario import ScenarioError
    from warehouse.connection import open_reader

    basis = read_basis(session.warehouse, converts=any(each.currency for each in wanted), tell=session.tell)
    found: list[WhatIf | UserMistake] = []
    with open_reader(session.warehouse, tell=session.tell) as reader:
        now, ask = present_of(session, reader), asking_of(reader)
        for each in wanted:
            try:
                found += what_if_from(ask, basis, [each], scope, now)
            except ScenarioError as error:
                found.append(UserMistake(f"{each.name}: {error}"))
        return found, demo_notes(reader)


def _saved(session: Session, which: str) -> "SavedScenario":
    from app.saved_scenarios import pick
    from warehouse import scenarios

    return pick(scenarios.list_scenarios(session.warehouse, tell=session.tell), which)
