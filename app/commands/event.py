"""``tollbook event``: what happened to the traffic, and what seems to have happened."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from app.commands.entered import AsJson, Number, Who, author_of, day_of, one_of
from app.commands.forecast_figures import as_object as glance_object
from app.commands.forecast_figures import figure
from app.figures import plain
from app.present import present_of, today_of
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from app.proposed import Open, Proposed
    from planning.events import Event, Kind, State

KINDS = "launch, migration, outage, backfill or ended"
Proposal = Annotated[str, typer.Argument(metavar="NAME", help="Its name, as propose shows it.")]
event = typer.Typer()


@event.callback(invoke_without_command=True)
def event_alone(context: typer.Context) -> None:
    """What happened to the traffic: what a forecast must not learn from.

    Launches and migrations restart the history; outages and backfills mask their days.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_events(context)


@event.command("list")
def list_events(context: typer.Context, as_json: AsJson = False) -> None:
    """Every event that was entered or confirmed, and every proposal that was dismissed."""
    from app.outlook import read_events

    session = session_of(context)
    _print(read_events(session.warehouse, tell=session.tell), as_json)


@event.command("add")
def add_event(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"{KINDS}.")],
    first: Annotated[str, typer.Option(metavar="DAY", help="Its first day.")],
    last: Annotated[
        str | None, typer.Option(metavar="DAY", help="The last day of an outage or a backfill. [default: its first]")
    ] = None,
    seller: Annotated[str | None, typer.Option(metavar="NAME", help="Only this seller's traffic.")] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="Only this model's.")] = None,
    team: Annotated[str | None, typer.Option(metavar="NAME", help="Only this team's.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything to remember.")] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Enter an event; every forecast from now on takes it into account."""
    from app.proposed import enter
    from planning.events import KINDS as ALL
    from planning.events import MASKS, Event, Kind

    session = session_of(context)
    wanted, begins = cast(Kind, one_of("KIND", kind, ALL)), day_of("--first", first)
    ends = day_of("--last", last) if last else begins if wanted in MASKS else None
    entered = Event(0, wanted, begins, ends, seller, model, team, note)
    _check(session, entered)
    _print([enter(session.warehouse, entered, author_of(session, who), tell=session.tell)], as_json)


@event.command("propose")
def propose_events(context: typer.Context, as_json: AsJson = False) -> None:
    """What seems to have happened: shifts of the level, and zeros where there were hardly ever any.

    A proposal changes nothing until it is confirmed.
    """
    _print_proposed(_proposed(session_of(context)), as_json)


@event.command("confirm")
def confirm_event(
    context: typer.Context,
    name: Proposal,
    kind: Annotated[
        str | None, typer.Option("--as", metavar="KIND", help="What it was. [default: as proposed]")
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything to remember.")] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Say yes to a proposal: it becomes an event."""
    session = session_of(context)
    found = _named(session, name).proposal
    if kind is None and _must_choose(found.choices):
        raise UserMistake(f"the data cannot tell what {name} was; say it: --as {' or --as '.join(found.choices)}")
    chosen = cast("Kind", one_of("--as", kind or found.event.kind, found.choices))
    last = found.event.last if chosen in ("outage", "backfill") else None
    _answer(session, found.event._replace(kind=chosen, last=last, note=note), "confirmed", who, as_json)


@event.command("dismiss")
def dismiss_event(
    context: typer.Context,
    name: Proposal,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything to remember.")] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Say no to a proposal: it is not made again, and changes nothing."""
    session = session_of(context)
    _answer(session, _named(session, name).proposal.event._replace(note=note), "dismissed", who, as_json)


@event.command("remove")
def remove_event(context: typer.Context, number: Number, who: Who = None, as_json: AsJson = False) -> None:
    """Take an event out of every forecast, or forget that a proposal was dismissed; the audit keeps it."""
    from planning.events import Event
    from warehouse import events

    session = session_of(context)
    removed = Event._make(events.remove_event(session.warehouse, number, author_of(session, who), tell=session.tell))
    if as_json:
        print_json({"removed": as_object(removed)})
    else:
        session.tell(f"removed event {number}, {removed.kind} of {removed.about}")


def as_object(found: "Event") -> dict[str, Any]:
    """An event as JSON has it."""
    return {name: plain(value) for name, value in found._asdict().items()}


def _must_choose(choices: "Sequence[Kind]") -> bool:
    """Whether the kinds that a proposal may be do different things to a forecast."""
    return not {*choices} <= {"launch", "migration"} and len(choices) > 1


def _check(session: Session, entered: "Event") -> None:
    """Refuse an event that no forecast could use; raises UserMistake, and WarehouseMissing."""
    from planning.events import SCOPES, why_not
    from warehouse.connection import open_reader
    from warehouse.overview import read_choices
    from warehouse.traffic import traffic_span

    with open_reader(session.warehouse, tell=session.tell) as reader:
        newest, known = traffic_span(reader, today_of(session, reader)).begun, read_choices(reader).values
    reason = why_not(entered, newest) if newest else "there is no traffic yet: load a log first, with tollbook ingest"
    if reason:
        raise UserMistake(reason)
    for name in SCOPES:
        value = getattr(entered, name)
        if value is not None and value not in known[name]:
            raise UserMistake(f"--{name}: there is no {value!r}; there are {', '.join(known[name]) or 'none'}")


def _proposed(session: Session) -> "Open":
    from app.outlook import read_events
    from app.proposed import read_proposed
    from planning.glance import month_of
    from warehouse.connection import open_reader
    from warehouse.recurring import billing_day
    from warehouse.traffic import zone_of

    events = read_events(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        now = present_of(session, reader)
        return read_proposed(reader, events, now, month_of(billing_day(now, zone_of(reader))))


def _named(session: Session, name: str) -> "Proposed":
    found = _proposed(session).proposed
    for each in found:
        if each.proposal.name == name:
            return each
    names = ", ".join(each.proposal.name for each in found)
    raise UserMistake(f"there is no proposal {name!r}; {f'there are {names}' if names else 'there is none'}")


def _answer(session: Session, event: "Event", state: "State", who: str | None, as_json: bool) -> None:
    from app.proposed import enter

    answered = enter(session.warehouse, event._replace(state=state), author_of(session, who), tell=session.tell)
    _print([answered], as_json)


def _print(found: "Sequence[Event]", as_json: bool) -> None:
    if as_json:
        print_json({"rows": [as_object(each) for each in found]})
        return
    table = plain_table()
    for head in ("no.", "kind", "days", "about", "state", "note"):
        table.add_column(head, justify="right" if head == "no." else "left", overflow="fold")
    for each in found:
        table.add_row(str(each.event_id), each.kind, each.days, each.about, each.state, each.note or "–")
    notes = [] if found else ["No event was entered: tollbook event add, or see tollbook event propose."]
    print_table(table, *notes, spare=("note",))


def _print_proposed(found: "Open", as_json: bool) -> None:
    if as_json:
        together = [glance_object(one) for one in found.together]
        print_json({"rows": [_proposal_object(each) for each in found.proposed], "all_confirmed": together})
        return
    if not found.proposed:
        print_table(plain_table(), "Nothing seems to have happened that no event says.")
        return
    for each in found.proposed:
        _print_one(each)
    if found.together:
        figures = ", ".join(f"{figure(one)} {one.currency}" for one in found.together)
        print_table(plain_table(), f"With all of them confirmed, the month ends at {figures}.")


def _print_one(each: "Proposed") -> None:
    proposal = each.proposal
    event, choices = proposal.event, proposal.choices
    table = plain_table()
    for head in ("month's end", "as it is", "if confirmed"):
        table.add_column(head, justify="left" if head == "month's end" else "right", no_wrap=True)
    for now, then in zip(each.now, each.confirmed, strict=False):
        if now == then and each.now != each.confirmed:
            continue
        table.add_row(now.currency, figure(now), figure(then))
    way = f" --as {' or --as '.join(choices)}" if _must_choose(choices) else ""
    print_table(
        plain_table(),
        f"{proposal.name}  {event.kind}, {event.days}: {event.about}",
        f"      {proposal.why}",
    )
    print_table(
        table, f"      tollbook event confirm {proposal.name}{way}", f"      tollbook event dismiss {proposal.name}", ""
    )


def _proposal_object(each: "Proposed") -> dict[str, Any]:
    event = as_object(each.proposal.event)
    return {
        "name": each.proposal.name,
        **{name: event[name] for name in ("kind", "first", "last", "seller", "model", "team")},
        "why": each.proposal.why,
        "choices": list(each.proposal.choices),
        "as_it_is": [glance_object(one) for one in each.now],
        "if_confirmed": [glance_object(one) for one in each.confirmed],
    }
