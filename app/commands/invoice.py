"""``tollbook invoice``: what sellers invoiced, as people enter it, to stand beside what calls cost."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.entered import AsJson, Number, Source, Who, amount_of, author_of, currency_of, day_of
from app.figures import money
from app.session import UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from warehouse.invoices import Invoice

invoice = typer.Typer()


@invoice.callback(invoke_without_command=True)
def invoice_alone(context: typer.Context) -> None:
    """What sellers invoiced.

    It stands beside what calls cost: tollbook cost --four.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_invoices(context)


@invoice.command("list")
def list_invoices(context: typer.Context, as_json: AsJson = False) -> None:
    """Every line of an invoice that was entered."""
    from warehouse import invoices

    session = session_of(context)
    _print(invoices.list_invoices(session.warehouse, tell=session.tell), as_json)


@invoice.command("add")
def add_invoice(
    context: typer.Context,
    seller: Annotated[str, typer.Option(metavar="NAME", help="Who invoiced, as cost --by seller names them.")],
    first: Annotated[str, typer.Option(metavar="DAY", help="First day of what is invoiced.")],
    last: Annotated[str, typer.Option(metavar="DAY", help="Last day; it counts.")],
    amount: Annotated[str, typer.Option(metavar="AMOUNT", help="Without tax, as in 812.40; below 0 for a credit.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="Its currency, as in USD.")],
    model: Annotated[str | None, typer.Option(metavar="NAME", help="The one model that the line is about.")] = None,
    number: Annotated[str | None, typer.Option(metavar="TEXT", help="The invoice's own number.")] = None,
    source: Source = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Enter an invoice, or one line of it."""
    from warehouse import invoices

    session = session_of(context)
    begins, ends = day_of("--first", first), day_of("--last", last)
    if ends < begins:
        raise UserMistake(f"--first {begins} is after --last {ends}")
    pico, code = amount_of("--amount", amount, signed=True), currency_of(currency)
    entered = invoices.Invoice(0, seller, model, begins, ends, code, pico, number, source)
    found = invoices.add_invoice(session.warehouse, entered, author_of(session, who), tell=session.tell)
    _print([entered._replace(invoice_id=found)], as_json)


@invoice.command("remove")
def remove_invoice(context: typer.Context, number: Number, who: Who = None, as_json: AsJson = False) -> None:
    """Take an invoice out; the audit keeps it."""
    from warehouse import invoices

    session = session_of(context)
    removed = invoices.remove_invoice(session.warehouse, number, author_of(session, who), tell=session.tell)
    if as_json:
        print_json({"removed": as_object(removed)})
    else:
        session.tell(f"removed invoice {number} of {removed.seller}")


def as_object(found: "Invoice") -> dict[str, Any]:
    """An invoice as JSON has it."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in found._asdict().items()}
    del plain["pico"]
    return plain | {"amount": format_pico(found.pico)}


def _print(found: "Sequence[Invoice]", as_json: bool) -> None:
    if as_json:
        print_json({"rows": [as_object(each) for each in found]})
        return
    table = plain_table()
    for head in ("no.", "seller", "model", "amount", "from", "until", "number", "source"):
        table.add_column(head, justify="right" if head in ("no.", "amount") else "left", overflow="fold")
    for each in found:
        about = (each.seller, each.model or "all", money(each.pico, each.currency), str(each.first), str(each.last))
        table.add_row(str(each.invoice_id), *about, each.number or "–", each.source or "–")
    notes = [] if found else ["No invoice was entered: tollbook invoice add."]
    print_table(table, *notes, spare=("source", "number"))
