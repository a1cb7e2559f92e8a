"""``tollbook rates limits``: what the sellers allow, with source and age of every figure."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.figures import count, days_since, instant, plain, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from pricing.card_model import Card
    from pricing.limits import Limit

SHOWN = {
    "rpm": "requests/min",
    "tpm": "tokens/min",
    "concurrency": "concurrent",
    "context_tokens": "context",
    "max_output_tokens": "longest output",
}


def rates_limits(
    context: typer.Context,
    model: Annotated[str | None, typer.Argument(metavar="[MODEL]", help="A model string, or part of one.")] = None,
    seller: Annotated[str | None, typer.Option(metavar="NAME", help="Only this seller's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What the sellers allow: requests and tokens a minute, concurrency, sizes, with their source and age.

    A limit that names no model holds for all of its seller's, so it is listed for every MODEL.
    """
    session = session_of(context)
    every = _all_limits(session)
    found = [
        (card, limit)
        for card, limit in every
        if (model is None or limit.is_about(model)) and seller in (None, card.seller)
    ]
    if not found:
        asked = " and ".join(repr(text) for text in (model, seller) if text)
        there = ", ".join(sorted({card.seller for card, _ in every})) or "none"
        raise UserMistake(f"no rate card gives a limit of {asked or 'anything'}; there are limits of {there}")
    if as_json:
        print_json({"rows": [_as_object(card, limit, session) for card, limit in found]})
        return
    _print(found, session)


def _all_limits(session: Session) -> "list[tuple[Card, Limit]]":
    """Those that hold now, by seller; those of own cards go first."""
    from warehouse.folder import Folder
    from warehouse.rates import read_cards

    cards = sorted(read_cards(Folder(session.warehouse)).all, key=lambda card: card.seller)
    return [(card, limit) for card in cards for limit in card.limits if limit.holds(session.now)]


def _print(found: "list[tuple[Card, Limit]]", session: Session) -> None:
    table = plain_table()
    for name in ("seller", "models", "tier", "from"):
        table.add_column(name, overflow="fold")
    for title in SHOWN.values():
        table.add_column(title, justify="right", no_wrap=True)
    for name in ("other", "checked", "age", "confidence"):
        table.add_column(name, no_wrap=True)
    notes: dict[str, None] = {}
    for card, limit in found:
        figures = [count(getattr(limit, name)) for name in SHOWN]
        dates = [str(limit.checked), things(days_since(limit.checked, session.now), "day"), limit.confidence]
        models = ", ".join(limit.models) or "all"
        table.add_row(card.seller, models, limit.tier or "–", _reached(limit), *figures, _other(limit), *dates)
        notes[f"{card.seller}: {limit.source}" + (f". {limit.note}" if limit.note else "")] = None
    print_table(table, *notes, spare=("confidence", "checked", "other", "age"))


def _reached(limit: "Limit") -> str:
    if limit.top_up is not None:
        return f"{limit.top_up.amount} {limit.top_up.currency} paid in"
    return limit.reached_by or "–"


def _other(limit: "Limit") -> str:
    sizes = [
        f"about {tokens:,} tokens per {kind} ({detail})"
        for kind, known in (("image", limit.image_tokens), ("video", limit.video_tokens))
        for detail, tokens in known.items()
    ]
    media = [f"{', '.join(limit.reads)} in"] * bool(limit.reads) + [f"{', '.join(limit.writes)} out"] * bool(
        limit.writes
    )
    released = [f"released {limit.released}"] if limit.released else []
    return "; ".join(media + sizes + released) or "–"


def _as_object(card: "Card", limit: "Limit", session: Session) -> dict[str, Any]:
    from pricing.rates import to_naive

    found = limit.model_dump(mode="json")
    for name in ("valid_from", "valid_until"):
        at = getattr(limit, name)
        found[name] = at and instant(to_naive(at))
    return {
        "seller": card.seller,
        **found,
        "checked": plain(limit.checked),
        "age_days": days_since(limit.checked, session.now),
        "card": card.file,
    }
