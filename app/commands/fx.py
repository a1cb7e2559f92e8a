"""``tollbook fx``: exchange rates for display, the library's and those of one's own."""

from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from app.commands.entered import AsJson, Source, Who, author_of, currency_of, day_of
from app.figures import count, things
from app.session import UserMistake, plain_table, print_json, print_table, session_of

fx = typer.Typer()
DIGITS = 10
"""Digits of a rate that is shown; figures are converted with the exact one."""


@fx.callback(invoke_without_command=True)
def fx_alone(context: typer.Context) -> None:
    """Exchange rates, for display.

    The European Central Bank's, as a library ships them, and your own.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_rates(context)


@fx.command("list")
def list_rates(context: typer.Context, as_json: AsJson = False) -> None:
    """Which pairs of currencies are known, from when to when, on whose word."""
    from warehouse.fx import coverage_of_rates

    session = session_of(context)
    known = coverage_of_rates(session.warehouse, tell=session.tell)
    if as_json:
        rows = [each._asdict() | {"first": str(each.first), "last": str(each.last)} for each in known]
        print_json({"rows": rows})
        return
    table = plain_table()
    for head in ("pair", "rates", "from", "until", "source"):
        table.add_column(head, justify="right" if head == "rates" else "left", overflow="fold")
    for each in known:
        source = f"your own: {each.source}" if each.own else each.source
        table.add_row(f"{each.base}/{each.quote}", count(each.rates), str(each.first), str(each.last), source)
    print_table(table, "A pair of your own goes before the library's from its first day on.")


@fx.command("show")
def show_rate(
    context: typer.Context,
    pair: Annotated[str, typer.Argument(metavar="PAIR", help="As in USD/EUR: so many EUR for one USD.")],
    day: Annotated[str | None, typer.Option(metavar="DAY", help="Of which day. [default: today]")] = None,
    as_json: AsJson = False,
) -> None:
    """The rate that a day's figures are converted at, and where it comes from."""
    from pricing.fx import rate_at
    from warehouse.fx import read_rates

    session = session_of(context)
    base, quote = _pair(pair)
    wanted = session.now.date() if day is None else day_of("--day", day)
    found = rate_at(read_rates(session.warehouse, {base, quote}, tell=session.tell), base, quote, wanted)
    if found is None:
        raise UserMistake(f"no rate of {base}/{quote} is known on {wanted} or before")
    text = _digits(found.rate)
    legs = [
        {"pair": "/".join(leg.pair), "day": str(leg.known), "source": leg.source, "wanted": str(leg.wanted)}
        for leg in found.legs
    ]
    if as_json:
        exact = f"{found.rate.numerator}/{found.rate.denominator}"
        print_json({"pair": f"{base}/{quote}", "day": str(wanted), "rate": text, "exact": exact, "from": legs})
        return
    typer.echo(f"1 {base} = {text} {quote} on {wanted}")
    for leg in found.legs:
        age = (leg.wanted - leg.known).days
        old = f", the last before it, {things(age, 'day')} old" if age else ""
        typer.echo(f"  {'/'.join(leg.pair)} of {leg.known}{old}: {leg.source}")


@fx.command("import")
def import_rates(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV.", exists=True, dir_okay=False)],
    source: Source = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take a table of your own: date,currency,per_eur or date,base,quote,rate.

    All of it or none; a rate of the same day and pair takes the place of the one before.
    """
    from pricing.fx_table import read_table
    from warehouse import fx as rates

    session = session_of(context)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = read_table(lines, path.name)
    except UnicodeDecodeError:
        raise UserMistake(f"{path.name} is no text in UTF-8") from None
    author = author_of(session, who)
    done = rates.import_rates(session.warehouse, table, source or path.name, author, tell=session.tell)
    if as_json:
        print_json(done._asdict())
    else:
        session.tell(f"{things(done.added, 'rate')} added, {done.replaced:,} replaced, {done.same:,} there already")


@fx.command("remove")
def remove_rates(
    context: typer.Context,
    pair: Annotated[str, typer.Argument(metavar="PAIR", help="As it was imported, as in EUR/USD.")],
    who: Who = None,
) -> None:
    """Take every rate of your own of a pair out; the audit keeps them."""
    from warehouse import fx as rates

    session = session_of(context)
    taken = rates.remove_rates(session.warehouse, *_pair(pair), author_of(session, who), tell=session.tell)
    session.tell(f"{things(taken, 'rate')} of {pair.upper()} removed")


def _digits(rate: Fraction) -> str:
    """A rate in decimal digits, rounded half-even; as many as are worth reading."""
    return f"{Context(prec=DIGITS).divide(Decimal(rate.numerator), Decimal(rate.denominator)):f}"


def _pair(text: str) -> tuple[str, str]:
    base, slash, quote = text.partition("/")
    if not slash:
        raise UserMistake(f"{text!r} is no pair of currencies; write it as in USD/EUR")
    return currency_of(base, "PAIR"), currency_of(quote, "PAIR")
