"""``tollbook invoice``: what sellers invoiced, as people enter it, to stand beside what calls cost."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.entered import AsJson, Source, Who, amount_of, author_of, currency_of, day_of, one_of
from app.figures import count, money, things
from app.session import UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.invoice_doubles import Double
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
    amount: Annotated[str, typer.Option(metavar="AMOUNT", help="As in 812.40; below 0 for a credit. Tax is a line.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="Its currency, as in USD.")],
    model: Annotated[str | None, typer.Option(metavar="NAME", help="The one model that the line is about.")] = None,
    key: Annotated[
        str | None, typer.Option(metavar="NAME", help="The one key, by its alias, that it is about.")
    ] = None,
    kind: Annotated[str, typer.Option(metavar="KIND", help="usage, credit, tax, fee or byok.")] = "usage",
    label: Annotated[str | None, typer.Option(metavar="TEXT", help="What the line says of itself.")] = None,
    number: Annotated[str | None, typer.Option(metavar="TEXT", help="The invoice's own number.")] = None,
    source: Source = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Enter an invoice, or one line of it.

    Only usage and credits stand beside what calls cost; tax, fees and what is
    asked for calls with an own upstream key (byok) are kept apart.
    """
    from app.invoice_doubles import doubles
    from app.invoice_file import fault_of
    from warehouse import invoices

    session = session_of(context)
    begins, ends = day_of("--first", first), day_of("--last", last)
    pico, code = amount_of("--amount", amount, signed=True), currency_of(currency)
    about = (one_of("--kind", kind, invoices.KINDS), key, label)
    entered = invoices.Invoice(0, seller, model, begins, ends, code, pico, number, source, *about)
    if wrong := fault_of(entered):
        raise UserMistake(wrong)
    beside = doubles([entered], invoices.list_invoices(session.warehouse, tell=session.tell))
    found = invoices.add_invoice(session.warehouse, entered, author_of(session, who), tell=session.tell)
    for each in beside:
        session.tell(f"entered, and {each.words}: both count")
    _print([entered._replace(invoice_id=found)], as_json)


@invoice.command("import")
def import_invoice(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV.", exists=True, dir_okay=False)],
    seller: Annotated[str | None, typer.Option(metavar="NAME", help="Who invoiced, where no column says it.")] = None,
    currency: Annotated[str | None, typer.Option(metavar="CODE", help="Its currency, where no column says it.")] = None,
    number: Annotated[str | None, typer.Option(metavar="TEXT", help="The invoice's own number.")] = None,
    total: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="What all lines add up to: another sum is refused.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=HEADING", help="Which column is what; repeat it for more.")
    ] = None,
    count_both: Annotated[
        bool, typer.Option("--count-both", help="Take it beside an invoice that is about the same days.")
    ] = False,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take the lines of an invoice from a file; all of it or none.

    A line has a day, or a first and a last one, and an amount; where it says
    them, a model, a key, a currency, a kind. Twice the same changes nothing.
    """
    from app.invoice_file import Given, check_sum, read_invoice
    from warehouse import invoices

    session = session_of(context)
    pairs = [text.partition("=") for text in column or ()]
    if wrong := next((text for text in column or () if "=" not in text), None):
        raise UserMistake(f"--column {wrong}: write it as in amount=Cost")
    code = currency_of(currency) if currency else None
    given = Given(seller, code, number, tuple((ours.strip(), theirs) for ours, _, theirs in pairs))
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            lines = read_invoice(text, path.name, given)
    except UnicodeDecodeError:
        raise UserMistake(f"{path.name} is no text in UTF-8: save it as CSV UTF-8") from None
    if total is not None:
        check_sum(lines, path.name, amount_of("--total", total, signed=True), total)
    if not count_both:
        _refuse_doubles(lines, invoices.list_invoices(session.warehouse, tell=session.tell), path.name)
    numbers = invoices.add_invoice_lines(session.warehouse, lines, author_of(session, who), tell=session.tell)
    _print_import(lines, len(numbers), as_json)


@invoice.command("remove")
def remove_invoice(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", help="The line's, as list shows it.")] = None,
    whole: Annotated[
        str | None, typer.Option("--invoice", metavar="TEXT", help="Every line of this number, or of this file.")
    ] = None,
    seller: Annotated[str | None, typer.Option(metavar="NAME", help="With --invoice: only of this seller.")] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take a line of an invoice out, or all of one; the audit keeps it."""
    from warehouse import invoices

    session = session_of(context)
    author = author_of(session, who)
    if (number is None) == (whole is None):
        raise UserMistake("say which: NUMBER for a line, or --invoice TEXT for all lines of one")
    if whole is not None:
        taken = invoices.remove_invoice_lines(session.warehouse, whole, seller, author, tell=session.tell)
        if as_json:
            print_json({"removed": taken})
        else:
            session.tell(f"removed {things(len(taken), 'line')} of invoice {whole}")
        return
    assert number is not None
    removed = invoices.remove_invoice(session.warehouse, number, author, tell=session.tell)
    if as_json:
        print_json({"removed": as_object(removed)})
    else:
        session.tell(f"removed invoice {number} of {removed.seller}")


def _refuse_doubles(lines: "Sequence[Invoice]", there: "Sequence[Invoice]", name: str) -> None:
    """Raise UserMistake where an invoice would count twice, with the ways out."""
    from app.invoice_doubles import doubles

    found = doubles(lines, there)
    if found:
        removals = {_removal(each, there) for each in found}
        raise UserMistake(
            "\n".join(f"{name}: {each.words}: both would count" for each in found)
            + "\nNone of the file was taken. Where it takes the other's place, take that out first: "
            + "; ".join(sorted(removals))
            + ". Where both are owed: --count-both."
        )


def _removal(double: "Double", there: "Sequence[Invoice]") -> str:
    """The command that takes an invoice out: by its number or file, or a line that has neither by its own number."""
    for line in there:
        if double.there == f"line {line.invoice_id}" and not (line.number or line.source):
            return f"tollbook invoice remove {line.invoice_id}"
    return f"tollbook invoice remove --invoice {quote(double.there)} --seller {quote(double.seller)}"


def _print_import(lines: "Sequence[Invoice]", added: int, as_json: bool) -> None:
    """How many lines of which kind a file has, and what they add up to."""
    from app.invoice_file import summed

    kinds = summed(lines)
    if as_json:
        rows = [
            {"seller": seller, "kind": kind, "lines": number, "currency": code, "amount": format_pico(pico)}
            for seller, kind, code, number, pico in kinds
        ]
        print_json({"rows": rows, "added": added, "already_there": len(lines) - added})
        return
    table = plain_table()
    for head in ("seller", "kind", "lines", "amount"):
        table.add_column(head, justify="right" if head in ("lines", "amount") else "left")
    for seller, kind, code, number, pico in kinds:
        table.add_row(seller, kind, count(number), money(pico, code))
    print_table(table, f"{things(added, 'line')} added, {len(lines) - added:,} there already.")


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
    more = tuple(head for head in ("kind", "key") if any(getattr(each, head) not in ("usage", None) for each in found))
    for head in ("no.", "seller", "model", *more, "amount", "from", "until", "number", "source"):
        table.add_column(head, justify="right" if head in ("no.", "amount") else "left", overflow="fold")
    for each in found:
        about = (each.seller, each.model or "all", *(getattr(each, name) or "all" for name in more))
        amount = (money(each.pico, each.currency), str(each.first), str(each.last))
        table.add_row(str(each.invoice_id), *about, *amount, each.number or "–", each.source or "–")
    notes = [] if found else ["No invoice was entered: tollbook invoice add."]
    print_table(table, *notes, spare=("source", "number"))
