"""``tollbook launch``: what traffic without a history may cost, from a plan of low, likely and high inputs."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from app.commands.entered import AsJson, Who, author_of
from app.launch_named import Named, named_plan
from app.present import present_without_reader
from app.session import Session, UserMistake, print_json, session_of

if TYPE_CHECKING:
    from app.launches import Launch

DRAWS, MOST_DRAWS = 10_000, 100_000
ACTS = ("--save", "--remove", "--yaml", "--measured", "--actual", "--template")


def launch(
    context: typer.Context,
    asked: Annotated[
        str | None,
        typer.Argument(metavar="[FILE|NAME]", help="A plan: a file (.yaml, - for standard input), or a saved name."),
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a plan to begin with.")] = False,
    save: Annotated[bool, typer.Option("--save", help="Save it by its name, with what it comes to now.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take the saved plan out.")] = False,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the plan itself.")] = False,
    measured: Annotated[bool, typer.Option("--measured", help="What the records say of each input.")] = False,
    actual: Annotated[
        bool, typer.Option("--actual", help="The launch's own calls beside the plan, and both blended.")
    ] = False,
    seed: Annotated[int | None, typer.Option(min=0, metavar="N", help="Other draws. [default: the plan's]")] = None,
    draws: Annotated[int, typer.Option(min=100, max=MOST_DRAWS, metavar="N", help="How often it is drawn.")] = DRAWS,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """What a launch may cost, from a plan: users, adoption, tasks, tokens.

    Each input is low, likely and high. P50 is the middle: half of what may come is below it; one launch in ten exceeds
    P90. Without a plan: those that were saved.
    """
    from app.commands import launch_acts as acts

    session = session_of(context)
    chosen = [name for name, on in zip(ACTS, (save, remove, as_yaml, measured, actual, template), strict=True) if on]
    if len(chosen) > 1:
        raise UserMistake(f"give one of {' and '.join(chosen)}, not both")
    if template:
        typer.echo(acts.template(present_without_reader(session).date()), nl=False)
    elif asked is None:
        if chosen:
            raise UserMistake(f"{chosen[0]}: say which plan, a file or a saved name")
        acts.list_plans(session, as_json)
    elif remove:
        acts.remove(session, asked, author_of(session, who))
    elif as_yaml:
        typer.echo(acts.as_yaml(named_plan(session, asked).plan), nl=False)
    elif measured:
        acts.print_measured(session, named_plan(session, asked).plan, as_json)
    else:
        _run(session, asked, named_plan(session, asked), _How(seed, draws, save, actual, who, as_json))


class _How(NamedTuple):
    seed: int | None
    draws: int
    save: bool
    actual: bool
    who: str | None
    as_json: bool


def _run(session: Session, asked: str, opened: Named, how: _How) -> None:
    from app.commands import launch_acts as acts
    from app.commands.launch_tables import as_object, print_actual, print_launch
    from app.launches import launch_of, stale_note

    now = present_without_reader(session)
    found: Launch = launch_of(session.warehouse, opened.plan, now, seed=how.seed, draws=how.draws, tell=session.tell)
    same_draws = how.seed is None and how.draws == DRAWS
    stale = stale_note(opened.saved.figures, found) if opened.saved and same_draws else None
    seen = acts.actual(session, found) if how.actual else None
    # Saved before anything is printed: whoever reads only the first lines ends this program.
    if how.save:
        acts.save(session, found, author_of(session, how.who), is_quiet=how.as_json)
    if how.as_json:
        print_json(as_object(found, seen, stale))
    elif seen is not None:
        print_actual(found, seen, stale)
    else:
        name = found.plan.name if opened.saved or how.save else asked
        print_launch(found, stale, None if name == "-" else name)
