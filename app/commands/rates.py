"""``tollbook rates``: the rate cards, what they say and where from, how they stood, and whether a card holds."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.rate_tables import moment_text, print_rates
from app.commands.rerate import moment
from app.figures import instant, things
from app.session import UserMistake, session_of

if TYPE_CHECKING:
    from pricing.card import Card
    from pricing.rates import Rate

rates = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Seller = Annotated[str | None, typer.Option(metavar="NAME", help="Only this seller's.")]
MORE = "Other meters, sources and notes: --json, or tollbook rates show MODEL."


@rates.callback(invoke_without_command=True)
def rates_alone(context: typer.Context) -> None:
    """The rate cards: what is asked, since when, on whose word.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_rates(context)


@rates.command("list")
def list_rates(
    context: typer.Context,
    seller: Seller = None,
    every: Annotated[bool, typer.Option("--all", help="With those that stand on a price registry's word.")] = False,
    as_json: AsJson = False,
) -> None:
    """The rates in force now, per 1,000,000 tokens, with their age."""
    session = session_of(context)
    found = [rate for rate in in_force(all_rates(session.warehouse), session.now) if seller in (None, rate.seller)]
    shown = found if every or seller or as_json else [rate for rate in found if rate.precedence > 0]
    left = len(found) - len(shown)
    notes = [f"{things(left, 'rate')} more on a price registry's word: --all, or --seller NAME."] if left else []
    print_rates(shown, session.now, as_json, MORE, *notes)


@rates.command("show")
def show_rate(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model string, or part of one.")],
    seller: Seller = None,
    as_json: AsJson = False,
) -> None:
    """Every rate of a model, past and present, with source and note."""
    session = session_of(context)
    every = all_rates(session.warehouse)
    found = [rate for rate in every if is_asked(rate, model, seller)]
    if not found:
        raise _unknown(every, model, seller)
    print_rates(found, session.now, as_json, *_evidence(found))


@rates.command("as-of")
def rates_as_of(
    context: typer.Context,
    at: Annotated[str, typer.Argument(metavar="TIME", help="A day, or an instant: what was in force then.")],
    known_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="As this warehouse knew it then. [default: now]")
    ] = None,
    model: Annotated[str, typer.Option(metavar="MODEL", help="A model string, or part of one.")] = "",
    seller: Seller = None,
    as_json: AsJson = False,
) -> None:
    """The card as it stood: what was in force at a time, as it was known at another."""
    from warehouse.rates_known import rates_at

    session = session_of(context)
    until = moment(at, session.now, "TIME")
    since = until - timedelta(days=1, microseconds=-1) if len(at) == len("2026-11-01") else until
    known = moment(known_at or "now", session.now, "--known-at")
    every = _in_order(rates_at(session.warehouse, known, now=session.now, tell=session.tell))
    found = [rate for rate in in_force(every, since, until) if is_asked(rate, model, seller)]
    print_rates(found, session.now, as_json, f"In force at {at}, as this warehouse knew it at {instant(known)}.")


@rates.command("validate")
def validate_cards(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="CARD", help="Rate cards, as YAML.", exists=True, dir_okay=False)
    ],
) -> None:
    """Check rate cards. One line for each mistake; exit code 1 when there is any."""
    from pricing.card import read_card
    from pricing.errors import CardError

    problems: list[str] = []
    for path in paths:
        try:
            card = read_card(path)
        except CardError as error:
            problems += error.problems
        else:
            typer.echo(f"{path.name}: {card.seller}, {things(len(card.models), 'model')}, in order")
            for idle in _idle(session_of(context).warehouse, card):
                typer.echo(f"warning: {idle}", err=True)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)


def _idle(warehouse: Path, card: "Card") -> list[str]:
    """Discounts of a card that no rate of the others answers to."""
    from warehouse.folder import Folder
    from warehouse.rates import idle_discounts, read_cards

    if not card.discounts:
        return []
    cards = read_cards(Folder(warehouse))
    return idle_discounts(cards._replace(own=(card, *(own for own in cards.own if own.file != card.file))))


def all_rates(warehouse: Path) -> "list[Rate]":
    """Every rate of every card, by model."""
    from warehouse.folder import Folder
    from warehouse.rates import compile_rates, read_cards

    return _in_order(compile_rates(read_cards(Folder(warehouse))))


def in_force(every: "Sequence[Rate]", since: datetime, until: datetime | None = None) -> "list[Rate]":
    """Of rates, those that price calls of some moment from one instant to another, both included."""
    from pricing.spans import spans

    last = until or since
    held = {(span.seller, span.digest) for span in spans(every) if span.valid_from <= last and since < span.valid_until}
    # A figure that two cards give alike is one rate: the card that counts more has it.
    found = {rate.digest: rate for rate in sorted(every, key=lambda rate: rate.precedence)}
    return [rate for rate in every if rate is found[rate.digest] and (rate.seller, rate.digest) in held]


def is_asked(rate: "Rate", model: str, seller: str | None) -> bool:
    """Whether a rate is of a seller, and of a model with this in its name."""
    return any(model in name for name in rate.strings) and seller in (None, rate.seller)


def _in_order(every: "Sequence[Rate]") -> "list[Rate]":
    return sorted(
        every,
        key=lambda rate: (
            rate.model.rsplit("/", 1)[-1], rate.seller, rate.valid_from, rate.correction, rate.cell.tier != "standard",
            rate.cell.tier, rate.cell.region, rate.cell.context_from, rate.cell.window or "",
        ),
    )  # fmt: skip


def _unknown(every: "Sequence[Rate]", model: str, seller: str | None) -> UserMistake:
    from difflib import get_close_matches

    names = sorted({name for rate in every if seller in (None, rate.seller) for name in rate.strings})
    near = get_close_matches(model, names, n=5)
    of = f" of {seller}" if seller else ""
    if len(names) <= 30:
        return UserMistake(f"no rate card{of} names {model!r}; there are {', '.join(names) or 'none'}")
    hint = f"; near it: {', '.join(near)}" if near else ""
    return UserMistake(f"no rate card{of} names {model!r}{hint}")


def _evidence(found: "Sequence[Rate]") -> list[str]:
    """Source, note, hours and other sightings of each entry, once however many terms it has."""
    lines = (
        f"{rate.seller} {rate.model} from {moment_text(rate.valid_from)}: {line}"
        for rate in found
        for line in _said(rate)
    )
    return list(dict.fromkeys(lines))


def _said(rate: "Rate") -> Iterator[str]:
    from pricing.rates import to_naive
    from pricing.terms_text import render_week

    yield f"{rate.source}" + (f". {rate.note}" if rate.note else "")
    if rate.corrects:
        yield f"corrects: {rate.corrects}"
    if rate.promotion:
        yield f"promotion: {rate.promotion}"
    if week := render_week(rate.cell):
        yield week
    for seen in rate.sightings:
        start = f" from {moment_text(to_naive(seen.valid_from))}" if seen.valid_from else ""
        figures = ", ".join(f"{meter} {figure}" for meter, figure in seen.per_mtok.items())
        parts = (f"{seen.source}, seen {seen.seen}{start}", figures, seen.note)
        yield "also: " + ": ".join(part for part in parts if part)
