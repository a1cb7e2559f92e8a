"""``tollbook charge``: recurring amounts that no token pays for, as people enter them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, cast

import typer

from app.commands.entered import AsJson, Number, Source, Who, amount_of, author_of, currency_of, day_of, one_of
from app.figures import money, things
from app.session import UserMistake, plain_table, print_json, print_table, session_of
from pricing.charges import KINDS, PERIODS, SCOPES, Charge, Kind, Period, multiplied
from pricing.money import format_pico

charge = typer.Typer()


@charge.callback(invoke_without_command=True)
def charge_alone(context: typer.Context) -> None:
    """Charges that are not per token.

    GPU-hours, licences, plans, support: spread over days, rows of their own.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_charges(context)


@charge.command("list")
def list_charges(context: typer.Context, as_json: AsJson = False) -> None:
    """Every charge: how much, how often, from when to when, and whose."""
    from warehouse import charges

    session = session_of(context)
    _print(charges.list_charges(session.warehouse, tell=session.tell), as_json)


@charge.command("add")
def add_charge(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is, in a few words.")],
    period: Annotated[str, typer.Option(metavar="PERIOD", help="once, month, quarter or year.")],
    first: Annotated[str, typer.Option(metavar="DAY", help="Its first day; each period begins on that day.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="Its currency, as in USD.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help=f"{', '.join(KINDS)}.")] = "other",
    amount: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Per period, as in 1512.00.")] = None,
    quantity: Annotated[str | None, typer.Option(metavar="N", help="In its place: so many, as in 720.")] = None,
    unit_price: Annotated[str | None, typer.Option(metavar="AMOUNT", help="... at so much each, as in 2.10.")] = None,
    last: Annotated[str | None, typer.Option(metavar="DAY", help="Its last day. [default: open]")] = None,
    org: Annotated[str | None, typer.Option(metavar="NAME", help="The organisation it belongs to.")] = None,
    team: Annotated[str | None, typer.Option(metavar="NAME", help="The team it belongs to.")] = None,
    project: Annotated[str | None, typer.Option(metavar="NAME", help="The project it belongs to.")] = None,
    seller: Annotated[str | None, typer.Option(metavar="NAME", help="The seller it belongs to.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything to remember.")] = None,
    source: Source = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Enter a charge. It counts in every period that its days are in, past ones too."""
    from warehouse import charges

    session = session_of(context)
    begins, ends = day_of("--first", first), None if last is None else day_of("--last", last)
    if ends and ends < begins:
        raise UserMistake(f"--first {begins} is after --last {ends}")
    entered = Charge(
        charge_id=0,
        name=_some_text(name),
        kind=cast(Kind, one_of("--kind", kind, KINDS)),
        pico=_amount(amount, quantity, unit_price),
        currency=currency_of(currency),
        quantity=quantity,
        unit_price=unit_price,
        period=cast(Period, one_of("--period", period, PERIODS)),
        first=begins,
        last=ends,
        org=org,
        team=team,
        project=project,
        seller=seller,
        note=note,
        source=source,
    )
    number = charges.add_charge(session.warehouse, entered, author_of(session, who), tell=session.tell)
    _print([entered._replace(charge_id=number)], as_json)


@charge.command("end")
def end_charge(
    context: typer.Context,
    number: Number,
    last: Annotated[str, typer.Option(metavar="DAY", help="The last day on which it is charged.")],
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Give a charge its last day; what it cost before stays."""
    from warehouse import charges

    session, day = session_of(context), day_of("--last", last)
    ended = charges.end_charge(session.warehouse, number, day, author_of(session, who), tell=session.tell)
    if cut := charges.days_cut_off(ended):
        session.tell(f"its period would have had {things(cut, 'more day')}, which cost nothing now")
    _print([ended], as_json)


@charge.command("remove")
def remove_charge(context: typer.Context, number: Number, who: Who = None, as_json: AsJson = False) -> None:
    """Take a charge out of every period, as if it had never been entered; the audit keeps it."""
    from warehouse import charges

    session = session_of(context)
    removed = charges.remove_charge(session.warehouse, number, author_of(session, who), tell=session.tell)
    if as_json:
        print_json({"removed": as_object(removed)})
    else:
        session.tell(f"removed charge {number}, {removed.name}")


def as_object(found: Charge) -> dict[str, Any]:
    """A charge as JSON has it."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in found._asdict().items()}
    del plain["pico"]
    return plain | {"amount": format_pico(found.pico)}


def _amount(amount: str | None, quantity: str | None, unit_price: str | None) -> int:
    if amount is not None and quantity is None and unit_price is None:
        return amount_of("--amount", amount)
    if amount is None and quantity is not None and unit_price is not None:
        amount_of("--quantity", quantity, decimals=6)
        amount_of("--unit-price", unit_price, decimals=6)
        return multiplied(quantity, unit_price)
    raise UserMistake("give either --amount, or --quantity and --unit-price")


def _some_text(name: str) -> str:
    if not name.strip():
        raise UserMistake("a charge needs a name")
    return name.strip()


def _print(found: Sequence[Charge], as_json: bool) -> None:
    if as_json:
        print_json({"rows": [as_object(each) for each in found]})
        return
    table = plain_table()
    for head in ("no.", "charge", "kind", "amount", "each", "from", "until", "belongs to"):
        table.add_column(head, justify="right" if head in ("no.", "amount") else "left", overflow="fold")
    for each in found:
        until = str(each.last) if each.last else "open"
        cells = (each.name, each.kind, money(each.pico, each.currency), each.period, str(each.first), until)
        table.add_row(str(each.charge_id), *cells, owner_of(each))
    notes = [] if found else ["No charge was entered: tollbook charge add."]
    print_table(table, *notes, spare=("kind",))


def owner_of(found: Charge) -> str:
    """``team research, seller nim``: to whom a charge belongs."""
    return ", ".join(f"{name} {getattr(found, name)}" for name in SCOPES if getattr(found, name)) or "–"
