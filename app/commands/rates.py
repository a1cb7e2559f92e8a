"""``tollbook rates``: the rate cards, what they say and where from, and whether a card holds."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer

from app.figures import instant, plain
from app.session import plain_table, print_json, print_table, session_of
from pricing.meters import METERS

if TYPE_CHECKING:
    from pricing.rates import Rate

rates = typer.Typer(help="The rate cards: what each seller asks, since when, and on whose word.", no_args_is_help=True)
SHOWN = ("input", "cache_read", "output")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@rates.command("list")
def list_rates(context: typer.Context, as_json: AsJson = False) -> None:
    """The rates in force now, per 1,000,000 tokens, with their age."""
    session = session_of(context)
    found = [rate for rate in _all_rates(session.warehouse) if rate.valid_from <= session.now < rate.valid_until]
    _print(found, session.now, as_json)


@rates.command("show")
def show_rate(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model string, or part of one.")],
    seller: Annotated[str | None, typer.Option(help="Only this seller's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every rate of a model that is known, past and present, with source and note."""
    session = session_of(context)
    every = _all_rates(session.warehouse)
    found = [rate for rate in every if _is_asked(rate, model, seller)]
    if not found:
        names = ", ".join(sorted({rate.model for rate in every}))
        raise click.UsageError(f"no rate card names {model!r}; there are {names}")
    _print(found, session.now, as_json)
    if not as_json:
        for rate in found:
            note = f" Note: {rate.note}" if rate.note else ""
            session.tell(f"{rate.seller} {rate.model} from {rate.valid_from:%Y-%m-%d}: {rate.source}.{note}")


@rates.command("validate")
def validate_cards(
    paths: Annotated[list[Path], typer.Argument(help="Rate cards, as YAML.", exists=True, dir_okay=False)],
) -> None:
    """Check rate cards: one line for each mistake; exit code 1 when there is any."""
    from pricing.card import read_card
    from pricing.errors import CardError

    problems: list[str] = []
    for path in paths:
        try:
            card = read_card(path)
        except CardError as error:
            problems += error.problems
        else:
            typer.echo(f"{path.name}: {card.seller}, {len(card.models)} models, in order")
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


def _print(found: "Sequence[Rate]", now: datetime, as_json: bool) -> None:
    if as_json:
        print_json({"rows": [_as_object(rate, now) for rate in found]})
        return
    table = plain_table()
    for name in ("seller", "model"):
        table.add_column(name, overflow="fold")
    for name in (*SHOWN, "currency"):
        table.add_column(name.replace("_", " "), justify="right")
    for name in ("from", "until", "checked", "age", "confidence"):
        table.add_column(name)
    for rate in found:
        figures = [_per_mtok(rate, meter) or "–" for meter in SHOWN]
        until = "open" if rate.valid_until.year == 9999 else f"{rate.valid_until:%Y-%m-%d}"
        age = f"{(now.date() - rate.checked).days} days"
        dates = [f"{rate.valid_from:%Y-%m-%d}", until, str(rate.checked), age]
        table.add_row(rate.seller, rate.model, *figures, rate.currency, *dates, rate.confidence)
    print_table(table, "Per 1,000,000 tokens. Other meters, sources and notes: --json, or tollbook rates show MODEL.")


def _per_mtok(rate: "Rate", meter: str) -> str | None:
    """A token meter's rate as it is quoted: per 1,000,000 tokens."""
    from pricing.money import format_pico

    pico = rate.pico[METERS.index(meter)]  # type: ignore[arg-type]
    return None if pico is None else format_pico(pico * 1_000_000)


def _as_object(rate: "Rate", now: datetime) -> dict[str, Any]:
    from pricing.meters import TOKEN_METERS, UNIT_METERS
    from pricing.money import format_pico

    units = {meter: format_pico(rate.pico[METERS.index(meter)]) for meter in UNIT_METERS}
    return {
        "seller": rate.seller,
        "model": rate.model,
        "aliases": list(rate.strings[1:]),
        "currency": rate.currency,
        "per_mtok": {meter: text for meter in TOKEN_METERS if (text := _per_mtok(rate, meter))},
        "per_unit": {meter: text for meter, text in units.items() if text},
        "valid_from": instant(rate.valid_from),
        "valid_until": None if rate.valid_until.year == 9999 else instant(rate.valid_until),
        "checked": plain(rate.checked),
        "age_days": (now.date() - rate.checked).days,
        "confidence": rate.confidence,
        "source": rate.source,
        "note": rate.note,
        "card": rate.card,
    }
