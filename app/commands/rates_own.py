"""``tollbook rates add`` and ``remove``: the warehouse's own cards, checked beside all others, audited, never lost."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.entered import AsJson, Who, author_of
from app.session import UserMistake, print_json, session_of

if TYPE_CHECKING:
    from app.session import Session
    from warehouse.own_cards import Placed


def rates_add(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="CARD", help="A rate card, as YAML.", exists=True, dir_okay=False)],
    name: Annotated[
        str | None, typer.Option("--as", metavar="FILE", help="Its name among the cards. [default: the file's]")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the card of that name.")] = False,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Add a card to the warehouse's own, once it holds beside all others.

    Calls loaded from then on are priced by it; what was priced stays. A card
    that it replaces is kept in rate_cards/removed.
    """
    from warehouse.own_cards import OwnCard, put_card

    session = session_of(context)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserMistake(f"{path.name}: byte {error.start + 1} is not UTF-8") from None
    card = OwnCard(name or path.name, text)
    placed = put_card(session.warehouse, card, author_of(session, who), tell=session.tell, replace=replace)
    _say(session, placed, as_json, "for calls that had no rate: tollbook rerate --unpriced")


def rates_remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FILE", help="Its name in the warehouse's rate_cards folder.")],
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take a card out of the warehouse's own; a copy is kept.

    One whose rates have priced calls stays: give its entries a valid_until.
    """
    from warehouse.own_cards import remove_card

    session = session_of(context)
    placed = remove_card(session.warehouse, name, author_of(session, who), tell=session.tell)
    _say(session, placed, as_json, f"to put it back: tollbook rates add {placed.kept} --as {name}")


def _say(session: "Session", placed: "Placed", as_json: bool, then: str) -> None:
    if as_json:
        kept = str(placed.kept) if placed.kept else None
        print_json({"what": placed.what, "card": placed.file, "kept": kept})
        return
    said = "is there already" if placed.what == "same" else placed.what
    session.tell(f"card {placed.file}: {said}; {then}")
