"""``tollbook reconcile``: what calls cost beside what sellers bill and what logs report, and why they differ."""

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.cost import demo_notes, notes_on, scope_of
from app.commands.entered import AsJson, amount_of, one_of
from app.present import today_of
from app.session import UserMistake, print_json, session_of

if TYPE_CHECKING:
    from app.reconciling import Asked
    from warehouse.scope import Scope

AGAINST = ("all", "invoices", "buckets", "reported")


def reconcile(
    context: typer.Context,
    against: Annotated[
        str, typer.Option(metavar="WHAT", help="invoices, buckets (sellers' own reports), reported, or all.")
    ] = "all",
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day, as in 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts.")] = None,
    seller: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this seller; repeat it.")] = None,
    model: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this model; repeat it.")] = None,
    key: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this key, by its alias.")] = None,
    tolerance: Annotated[
        str, typer.Option(metavar="AMOUNT", help="What a comparison may be off, as in 0.05 or 0.5%.")
    ] = "0",
    lag: Annotated[int, typer.Option(metavar="DAYS", help="Days after which a call is to be on a bill.", min=0)] = 3,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="In which the days of invoices are.")] = "UTC",
    calls: Annotated[
        int | None, typer.Option(metavar="NO", help="The calls behind the difference of this number.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="End with 1 where something differs.")] = False,
    as_json: AsJson = False,
) -> None:
    """Do our figures match: what calls cost beside bills and logs.

    Each line of a bill is compared with the calls that it names most closely.
    Every difference has a suggested reason; together they are all of it.
    """
    from app.commands.reconcile_figures import Answer, Wish, answer_to, as_object
    from app.commands.reconcile_tables import print_answer, print_calls
    from app.reconcile_words import has_open
    from app.reconciling import Asked
    from warehouse.connection import open_reader
    from warehouse.cost import coverage_of
    from warehouse.invoices import list_invoices
    from warehouse.reported import Room

    session = session_of(context)
    one_of("--against", against, AGAINST)
    scope = scope_of(since, until, [])
    pico, share = _tolerance(tolerance)
    asked = _asked(scope, Asked(None, None, tuple(seller or ()), tuple(model or ()), tuple(key or ())), zone)
    asked = asked._replace(allowed=asked.allowed._replace(pico=pico, share=share, lag_days=lag))
    invoices = list_invoices(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        narrowed = _narrowed(scope, asked)
        wish = Wish(asked, narrowed, Room(pico, int(share * 1_000_000)), against, today_of(session, reader), calls)
        answer: Answer = answer_to(reader, invoices, wish)
        notes = [*notes_on(coverage_of(reader, narrowed), ()), *demo_notes(reader)]
    if as_json:
        print_json(as_object(answer))
    elif calls is not None:
        print_calls(answer)
    else:
        print_answer(answer, notes)
    if check and any(has_open(side) for side in answer.sides):
        raise typer.Exit(1)


def _asked(scope: "Scope", asked: "Asked", zone: str) -> "Asked":
    """With the period, and the zone checked; raises UserMistake."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserMistake(f"--zone: there is no {zone!r}; write it as in Asia/Shanghai") from None
    if scope.since and scope.until and scope.until < scope.since:
        raise UserMistake(f"--since {scope.since} is after --until {scope.until}")
    return asked._replace(since=scope.since, until=scope.until, zone=zone)


def _narrowed(scope: "Scope", asked: "Asked") -> "Scope":
    """The calls themselves, narrowed to the same sellers, models and keys."""
    values = (("seller", asked.sellers), ("model", asked.models), ("key_alias", asked.keys))
    return scope._replace(values=tuple((name, wanted) for name, wanted in values if wanted))


def _tolerance(text: str) -> tuple[int, Fraction]:
    """Pico-units, or a share of what the calls cost."""
    if text.endswith("%"):
        return 0, Fraction(amount_of("--tolerance", text[:-1]), 100 * 10**12)
    return amount_of("--tolerance", text), Fraction(0)
