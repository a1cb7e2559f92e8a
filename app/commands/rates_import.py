"""``tollbook rates import``: what a price registry would add to the cards, as a diff; applied only as it was shown."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.rates_figures import add_differences, change, difference_table, figure
from app.figures import things
from app.session import Session, UserMistake, print_json, print_table, session_of

if TYPE_CHECKING:
    from pricing.card_model import Card
    from pricing.registries.proposal import Proposal
    from pricing.registries.quote import Quote

SHOWN_SKIPPED = 5
Registry = Annotated[str, typer.Argument(metavar="REGISTRY", help="genai-prices, litellm, models-dev or csv.")]


def rates_import(
    context: typer.Context,
    registry: Registry,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="Its file; genai-prices is read as installed.", exists=True, dir_okay=False
        ),
    ] = None,
    sellers: Annotated[
        list[str] | None, typer.Option("--seller", metavar="NAME", help="Only this seller's; may be repeated.")
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="TEXT", help="Only models with this in their name.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also sellers that no card names yet.")] = False,
    seen: Annotated[str | None, typer.Option(metavar="DAY", help="When the registry said so. [default: today]")] = None,
    apply: Annotated[
        str | None, typer.Option(metavar="DIFF", help="Write this diff, by the name that it was shown with.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What a price registry says otherwise, or besides, as a diff to review.

    Nothing is downloaded, and nothing is written but a diff that was shown. What is unknown stays unknown.
    """
    from pricing.registries.proposal import digest_of, propose
    from warehouse.folder import Folder
    from warehouse.rates import read_cards

    session = session_of(context)
    day = _day(seen, session)
    cards = read_cards(Folder(session.warehouse))
    imported = {card.seller: card for card in cards.imported}
    ours = _ours(cards)
    quotes, others = _asked(_read(registry, file), sellers, model, known=None if everything else ours.sellers)
    proposals = propose(ours, quotes.quotes, imported, now=session.now, seen=day)
    name = digest_of(proposals)
    if as_json:
        print_json(_as_object(registry, name, proposals, quotes.skipped, others))
    else:
        _print(proposals, _notes(name, proposals, quotes.skipped, others, applied=apply is not None))
    if apply is not None:
        _apply(session, apply, name, proposals, imported, day)


def _day(text: str | None, session: Session) -> date:
    try:
        return date.fromisoformat(text) if text else session.now.date()
    except ValueError as error:
        raise UserMistake(f"--seen: {text!r} is no day; write it like 2026-11-22") from error


def _ours(cards: Any) -> Any:
    from pricing.registries.compare import Ours
    from warehouse.rates import compile_rates

    return Ours(compile_rates(cards))


def _read(registry: str, file: Path | None) -> Any:
    from pricing.registries.readers import read_registry_named

    return read_registry_named(registry, file)


def _asked(reading: Any, sellers: list[str] | None, model: str | None, *, known: Any) -> tuple[Any, int]:
    """The part of a reading that was asked for, and how many prices are of sellers that no card names."""
    from pricing.registries.quote import Reading

    def fits(item: "Quote | Any") -> bool:
        return (not sellers or item.seller in sellers) and (model is None or model in item.model)

    fitting = [quote for quote in reading.quotes if fits(quote)]
    kept = [quote for quote in fitting if sellers or known is None or quote.seller in known]
    skipped = [item for item in reading.skipped if fits(item) and (sellers or known is None or item.seller in known)]
    return Reading(tuple(kept), tuple(skipped)), len(fitting) - len(kept)


def _apply(
    session: Session, wanted: str, name: str, proposals: "Sequence[Proposal]", imported: "dict[str, Card]", day: date
) -> None:
    from pricing.registries.proposal import added
    from pricing.registries.store import read_document, write_cards
    from warehouse.folder import Folder

    if wanted != name:
        raise UserMistake(f"the diff is {name} now, not {wanted}; review it, then apply it by that name")
    folder = Folder(session.warehouse).own_cards / "registry"
    by_seller: dict[str, list[Proposal]] = defaultdict(list)
    for item in proposals:
        if item.obstacle is None:
            by_seller[item.quote.seller].append(item)
    documents = {
        seller: {"seller": seller} | added(imported.get(seller), read_document(folder / f"{seller}.yaml"), items, day)
        for seller, items in by_seller.items()
    }
    if not documents:
        session.tell("nothing to write")
        return
    written = write_cards(folder, documents, imported)
    rates = things(sum(map(len, by_seller.values())), "rate")
    session.tell(f"{rates} written, in {things(len(written), 'card')} in {folder}")
    session.tell(
        "They price what is loaded from now on, where no own or shipped card has a rate. "
        "For the calls that had none: tollbook rerate --unpriced"
    )


def _print(proposals: "Sequence[Proposal]", notes: Sequence[str]) -> None:
    table = difference_table(None, ("since", "what"))
    for item in proposals:
        add_differences(table, item.verdict, (f"{item.since:%Y-%m-%d}", _what(item)))
    print_table(table, *notes)


def _what(item: "Proposal") -> str:
    new = "new" if item.verdict.kind == "missing" else "changed"
    return new if item.obstacle is None else f"not written: {item.obstacle}"


def _notes(
    name: str, proposals: "Sequence[Proposal]", skipped: Sequence[Any], others: int, *, applied: bool
) -> list[str]:
    notes = ["Per 1,000,000 tokens; searches and requests each. A meter that the registry does not price is not shown."]
    if not proposals:
        notes = ["Our cards say all that the registry says."]
    writable = sum(item.obstacle is None for item in proposals)
    if skipped:
        said = "; ".join(f"{item.seller} {item.model}: {item.why}" for item in skipped[:SHOWN_SKIPPED])
        more = f"; {len(skipped) - SHOWN_SKIPPED} more with --json" if len(skipped) > SHOWN_SKIPPED else ""
        notes.append(f"Left out, because no card can say it exactly: {said}{more}.")
    if others:
        notes.append(f"{things(others, 'price')} of sellers that no card names: --all, or --seller NAME.")
    if writable and not applied:
        notes.append(
            f"This is diff {name}. To write its {things(writable, 'rate')}: the same command with --apply {name}"
        )
    return notes


def _as_object(
    registry: str, name: str, proposals: "Sequence[Proposal]", skipped: Sequence[Any], others: int
) -> dict[str, Any]:
    return {
        "registry": registry,
        "diff": name,
        "rows": [
            {
                "seller": item.quote.seller,
                "model": item.quote.model,
                "what": "new" if item.verdict.kind == "missing" else "changed",
                "since": item.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "currency": item.quote.currency,
                "for": row.terms or None,
                "meter": row.meter,
                "ours": figure(row.meter, row.ours),
                "theirs": figure(row.meter, row.theirs),
                "change": change(item.verdict, row) or None,
                "card": item.verdict.rate.card if item.verdict.rate else None,
                "source": item.quote.source,
                "not_written": item.obstacle,
            }
            for item in proposals
            for row in item.verdict.rows
        ],
        "left_out": [item._asdict() for item in skipped],
        "of_unnamed_sellers": others,
    }
