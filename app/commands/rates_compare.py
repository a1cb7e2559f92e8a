"""``tollbook rates compare``: our cards against price registries at a date, with who says what."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.rates_figures import UNKNOWN, add_differences, change, difference_table, figure
from app.figures import instant
from app.session import Session, UserMistake, print_json, print_table, session_of

if TYPE_CHECKING:
    from pricing.rates import Rate
    from pricing.registries.compare import Kind, Verdict

KINDS: tuple["Kind", ...] = ("agree", "differ", "missing")


def rates_compare(
    context: typer.Context,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="As of when. [default: now]")] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REGISTRY[=FILE]",
            help="genai-prices, litellm=FILE, models-dev=FILE or csv=FILE; may be repeated. [default: genai-prices]",
        ),
    ] = None,
    sellers: Annotated[
        list[str] | None, typer.Option("--seller", metavar="NAME", help="Only this seller's; may be repeated.")
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="TEXT", help="Only models with this in their name.")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="Also list what either side does not have.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Our cards against price registries: what agrees, what differs, what is missing. Nothing is downloaded."""
    from warehouse.folder import Folder
    from warehouse.rates import compile_rates, read_cards

    session = session_of(context)
    when = _instant(at, session)

    def fits(seller: str, name: str) -> bool:
        return (not sellers or seller in sellers) and (model is None or model in name)

    rates = [rate for rate in compile_rates(read_cards(Folder(session.warehouse))) if fits(rate.seller, rate.model)]
    sides = [_compared(rates, spec, when, fits) for spec in against or ["genai-prices"]]
    if as_json:
        print_json({"at": instant(when), "registries": [_as_object(*side) for side in sides]})
        return
    for name, verdicts, alone in sides:
        _print(name, verdicts, alone, when, missing)


def _instant(text: str | None, session: Session) -> datetime:
    if text is None:
        return session.now
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserMistake(f"--at: {text!r} is no time; write it like 2026-06-18 or 2026-06-18T12:00:00Z") from error
    return given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given


def _compared(rates: "Sequence[Rate]", spec: str, at: datetime, fits: Any) -> "tuple[str, list[Verdict], list[Rate]]":
    """A registry's name, what became of its prices of our sellers, and our rates of its sellers that it has not."""
    from pricing.registries.compare import Ours, compare, in_force
    from pricing.registries.readers import read_registry_named

    name, _, file = spec.partition("=")
    ours = Ours(rates)
    reading = read_registry_named(name, Path(file) if file else None)
    quotes = [quote for quote in in_force(reading.quotes, at) if fits(quote.seller, quote.model)]
    verdicts = [compare(ours, quote, at) for quote in quotes if quote.seller in ours.sellers]
    theirs = {quote.seller for quote in quotes}
    listed = {(quote.seller, string) for quote in quotes for string in (quote.model, *quote.aliases)}
    alone = [
        rate
        for rate in ours.in_force(at)
        if rate.seller in theirs and not any((rate.seller, string) in listed for string in rate.strings)
    ]
    return spec, verdicts, alone


def _print(name: str, verdicts: "Sequence[Verdict]", alone: "Sequence[Rate]", at: datetime, missing: bool) -> None:
    table = difference_table(name, ("our card", "their date"))
    for verdict in verdicts:
        if verdict.kind == "differ" or (missing and verdict.kind == "missing"):
            started = verdict.quote.valid_from
            ours = verdict.rate.card if verdict.rate else UNKNOWN
            add_differences(table, verdict, (ours, f"{started:%Y-%m-%d}" if started else "none"))
    for rate in alone if missing else ():
        table.add_row(rate.seller, rate.model, "", "", "there", UNKNOWN, "", rate.card, "")
    found = Counter(verdict.kind for verdict in verdicts)
    counts = f"{found['agree']:,} agree, {found['differ']:,} differ, {found['missing']:,} are missing here"
    notes = [
        f"{name} at {instant(at)}: {counts}, {len(alone):,} there.",
        "Per 1,000,000 tokens; searches and requests each. Of the sellers that our cards have rates of.",
    ]
    if verdicts and all(verdict.quote.valid_from is None for verdict in verdicts):
        notes.append("It gives no dates: its figures are those of its file, whatever the day asked for.")
    if not missing and (found["missing"] or alone):
        notes.append("What is missing: --missing. To add what is missing here: tollbook rates import.")
    print_table(table, *notes)


def _as_object(name: str, verdicts: "Sequence[Verdict]", alone: "Sequence[Rate]") -> dict[str, Any]:
    found = Counter(verdict.kind for verdict in verdicts)
    return {
        "registry": name,
        "counts": {kind: found[kind] for kind in KINDS} | {"missing_there": len(alone)},
        "rows": [_verdict_object(verdict) for verdict in verdicts if verdict.kind != "agree"],
        "missing_there": [{"seller": rate.seller, "model": rate.model, "card": rate.card} for rate in alone],
    }


def _verdict_object(verdict: "Verdict") -> dict[str, Any]:
    quote, rate = verdict.quote, verdict.rate
    return {
        "seller": quote.seller,
        "model": quote.model,
        "kind": verdict.kind,
        "ours": None if rate is None else {"card": rate.card, "source": rate.source, "currency": rate.currency},
        "theirs": {
            "source": quote.source,
            "currency": quote.currency,
            "valid_from": None if quote.valid_from is None else f"{quote.valid_from:%Y-%m-%dT%H:%M:%SZ}",
            "notes": list(quote.notes),
        },
        "figures": [
            {
                "for": row.terms or None,
                "meter": row.meter,
                "ours": figure(row.meter, row.ours),
                "theirs": figure(row.meter, row.theirs),
                "change": change(verdict, row) or None,
            }
            for row in verdict.rows
        ],  # fmt: skip
    }
