"""``tollbook rates``: the rate cards, what they say and where from, and whether a card holds."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.figures import instant, plain, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.meters import METERS

if TYPE_CHECKING:
    from pricing.rates import Rate

rates = typer.Typer()
WORDS = ("registry", "shipped", "own", "contract")
"""Whose card it is, by precedence."""
SHOWN = ("input", "cache_read", "output")
OWN = 2
"""From this precedence on a card belongs to the warehouse, not to the program."""
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@rates.callback(invoke_without_command=True)
def rates_alone(context: typer.Context) -> None:
    """The rate cards: what is asked, since when, on whose word.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_rates(context)


@rates.command("list")
def list_rates(context: typer.Context, as_json: AsJson = False) -> None:
    """The rates in force now, per 1,000,000 tokens, with their age."""
    from pricing.spans import spans

    session = session_of(context)
    every = _all_rates(session.warehouse)
    pricing = {(span.seller, span.digest) for span in spans(every) if span.valid_from <= session.now < span.valid_until}
    # A figure that two cards give alike is one rate: the card that counts more has it.
    found = {rate.digest: rate for rate in sorted(every, key=lambda rate: rate.precedence)}
    _print(
        [rate for rate in every if rate is found[rate.digest] and (rate.seller, rate.digest) in pricing],
        session,
        as_json,
    )


@rates.command("show")
def show_rate(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model string, or part of one.")],
    seller: Annotated[str | None, typer.Option(metavar="NAME", help="Only this seller's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every rate of a model, past and present, with source and note."""
    session = session_of(context)
    every = _all_rates(session.warehouse)
    found = [rate for rate in every if _is_asked(rate, model, seller)]
    if not found:
        names = ", ".join(sorted({rate.model for rate in every if seller in (None, rate.seller)}))
        of = f" of {seller}" if seller else ""
        raise UserMistake(f"no rate card{of} names {model!r}; there are {names or 'none'}")
    evidence = dict.fromkeys(
        f"{rate.seller} {rate.model} from {_moment(rate.valid_from)}: {line}" for rate in found for line in _said(rate)
    )
    _print(found, session, as_json, *evidence)


@rates.command("validate")
def validate_cards(
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
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)


def _all_rates(warehouse: Path) -> "list[Rate]":
    from warehouse.folder import Folder
    from warehouse.rates import compile_rates, read_cards

    every = compile_rates(read_cards(Folder(warehouse)))
    return sorted(every, key=lambda rate: (rate.model.rsplit("/", 1)[-1], rate.seller, rate.valid_from))


def _is_asked(rate: "Rate", model: str, seller: str | None) -> bool:
    return any(model in name for name in rate.strings) and seller in (None, rate.seller)


def _said(rate: "Rate") -> Iterator[str]:
    """Source and note, what else one should know of the rate, and what other sources say of it."""
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
        start = f" from {_moment(to_naive(seen.valid_from))}" if seen.valid_from else ""
        figures = ", ".join(f"{meter} {figure}" for meter, figure in seen.per_mtok.items())
        parts = (f"{seen.source}, seen {seen.seen}{start}", figures, seen.note)
        yield "also: " + ": ".join(part for part in parts if part)


def _moment(at: datetime) -> str:
    """The day, and the minute where it is not midnight."""
    return f"{at:%Y-%m-%d}" if at == at.replace(hour=0, minute=0) else f"{at:%Y-%m-%d %H:%M}"


def _print(found: "Sequence[Rate]", session: Session, as_json: bool, *notes: str) -> None:
    if as_json:
        print_json({"rows": [_as_object(rate, session.now) for rate in found]})
        return
    from pricing.terms_text import render_when

    table = plain_table()
    for name in ("seller", "model"):
        table.add_column(name, overflow="fold")
    for name in SHOWN:
        table.add_column(name.replace("_", " "), justify="right", no_wrap=True)
    for name in ("currency", "when", "from", "until", "checked", "age", "confidence", "card"):
        table.add_column(name, no_wrap=True)
    for rate in found:
        figures = [_per_mtok(rate, meter) or "–" for meter in SHOWN]
        until = "open" if rate.valid_until.year == 9999 else _moment(rate.valid_until)
        dates = [
            render_when(rate) or "always",
            _moment(rate.valid_from),
            until,
            str(rate.checked),
            things(_age(rate, session.now), "day"),
        ]
        table.add_row(rate.seller, rate.model, *figures, rate.currency, *dates, rate.confidence, WORDS[rate.precedence])
    more = () if notes else ("Other meters, sources and notes: --json, or tollbook rates show MODEL.",)
    spare = ("card", "until", "checked", "confidence", "age")
    print_table(table, "Per 1,000,000 tokens.", *notes, *more, spare=spare)


def _age(rate: "Rate", now: datetime) -> int:
    """Days since someone looked at the rate's source; 0 for a clock that is set to before."""
    return max(0, (now.date() - rate.checked).days)


def _per_mtok(rate: "Rate", meter: str) -> str | None:
    """A token meter's rate as it is quoted: per 1,000,000 tokens."""
    from pricing.money import format_pico

    pico = rate.pico[METERS.index(meter)]
    return None if pico is None else format_pico(pico * 1_000_000)


def _as_object(rate: "Rate", now: datetime) -> dict[str, Any]:
    from pricing.cells import NO_LIMIT
    from pricing.meters import TOKEN_METERS, UNIT_METERS
    from pricing.money import format_pico
    from pricing.terms_text import render_hours, render_when

    units = {meter: format_pico(rate.pico[METERS.index(meter)]) for meter in UNIT_METERS}
    return {
        "seller": rate.seller,
        "model": rate.model,
        "aliases": list(rate.strings[1:]),
        "currency": rate.currency,
        "per_mtok": {meter: text for meter in TOKEN_METERS if (text := _per_mtok(rate, meter))},
        "per_unit": {meter: text for meter, text in units.items() if text},
        "when": render_when(rate),
        "context_from": rate.cell.context_from,
        "context_until": None if rate.cell.context_until == NO_LIMIT else rate.cell.context_until,
        "window": rate.cell.window,
        "zone": rate.cell.zone,
        "hours": render_hours(rate.cell.week),
        "service_tier": rate.cell.tier,
        "for_region": rate.cell.region or None,
        "org": rate.org or None,
        "team": rate.team or None,
        "promotion": rate.promotion,
        "corrects": rate.corrects,
        "sightings": [sighting.model_dump(mode="json") for sighting in rate.sightings],
        "valid_from": instant(rate.valid_from),
        "valid_until": None if rate.valid_until.year == 9999 else instant(rate.valid_until),
        "checked": plain(rate.checked),
        "age_days": _age(rate, now),
        "confidence": rate.confidence,
        "source": rate.source,
        "note": rate.note,
        "card": rate.card,
        "own": rate.precedence >= OWN,
    }
