"""``tollbook claims``: what vendors and others say of models, always labelled as that."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.figures import days_since, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from pricing.card_model import Card
    from pricing.claims import Claim

LABEL = "Claims, not measurements: somebody's word, measured by nobody here. No figure of Tollbook is made from one."


def claims(
    context: typer.Context,
    model: Annotated[str | None, typer.Argument(metavar="[MODEL]", help="A model string, or part of one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What vendors and others claim of models: figure, comparator, harness, source, age, status."""
    session = session_of(context)
    every = _all_claims(session)
    found = [(card, claim) for card, claim in every if model is None or model in claim.model]
    if not found:
        names = ", ".join(sorted({claim.model for _, claim in every})) or "none"
        raise UserMistake(f"no rate card has a claim about {model or 'anything'}; there are claims about {names}")
    if as_json:
        print_json({"label": LABEL, "rows": [_as_object(card, claim, session) for card, claim in found]})
        return
    _print(found, session)


def _all_claims(session: Session) -> "list[tuple[Card, Claim]]":
    from warehouse.folder import Folder
    from warehouse.rates import read_cards

    cards = read_cards(Folder(session.warehouse)).all
    every = [(card, claim) for card in cards for claim in card.claims]
    return sorted(every, key=lambda pair: (pair[1].model, pair[0].seller))


def _print(found: "list[tuple[Card, Claim]]", session: Session) -> None:
    table = plain_table()
    for name in ("model", "about"):
        table.add_column(name, overflow="fold")
    table.add_column("claimed", justify="right", no_wrap=True)
    for name in ("unit", "compared with", "harness", "by", "status", "of", "age"):
        table.add_column(name, overflow="fold")
    notes: dict[str, None] = {}
    for _, claim in found:
        compared = claim.comparator.text if claim.comparator else "–"
        age = things(days_since(claim.date, session.now), "day")
        about = f"{claim.about} ({claim.conditions})" if claim.conditions else claim.about
        said = [claim.unit, compared, claim.harness or "not said", claim.by, claim.status, str(claim.date), age]
        table.add_row(claim.model, about, claim.text, *said)
        notes[f"{claim.by}, {claim.date}: {claim.source}" + (f". {claim.note}" if claim.note else "")] = None
    print_table(table, LABEL, *notes, spare=("harness", "by", "age"))


def _as_object(card: "Card", claim: "Claim", session: Session) -> dict[str, Any]:
    return {
        **claim.model_dump(mode="json"),
        "age_days": days_since(claim.date, session.now),
        "seller": card.seller,
        "card": card.file,
    }
