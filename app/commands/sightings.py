"""``tollbook sightings``: calls that several logs saw, which row counts, and what seems to be one call."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import demo_notes
from app.figures import count, instant, money, plain, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from rich.table import Table

    from warehouse.completeness import Overlap
    from warehouse.sightings import Proposal, Sighted, Sighting, SightingCounts

SHOWN = 20
KEY_LETTERS = 12
"""So much of a record's key is shown: enough to name it."""


def sightings(
    context: typer.Context,
    key: Annotated[
        str | None, typer.Argument(metavar="KEY", help="One record: its key, or how that begins.", show_default=False)
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Take what is proposed for one call: all, or that of KEY.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take what was confirmed of KEY back.")] = False,
    top: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="The newest so many. [default: 20; all with --json]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Calls that several logs saw, and what seems to be one call."""
    session = session_of(context)
    if confirm or undo:
        _decide(session, key, confirm=confirm, undo=undo)
    elif key is not None:
        raise UserMistake("a key goes with --confirm or --undo")
    _show(session, top if as_json or top else SHOWN, as_json)


def _decide(session: Session, key: str | None, *, confirm: bool, undo: bool) -> None:
    from warehouse import sighting_links

    if confirm and undo:
        raise UserMistake("--confirm and --undo exclude each other")
    if confirm:
        pairs = sighting_links.confirm(session.warehouse, key, now=session.now, tell=session.tell)
        session.tell(f"confirmed {things(pairs, 'proposal')}")
        return
    if key is None:
        raise UserMistake("--undo takes the key of one record; tollbook sightings lists them")
    pairs = sighting_links.undo(session.warehouse, key, now=session.now, tell=session.tell)
    session.tell(f"took {things(pairs, 'match')} back" if pairs == 1 else f"took {pairs} matches back")


def _show(session: Session, top: int | None, as_json: bool) -> None:
    from warehouse.completeness import overlaps
    from warehouse.connection import open_reader
    from warehouse.sightings import count_sightings, proposed, sighted

    with open_reader(session.warehouse, tell=session.tell) as reader:
        counts = count_sightings(reader)
        known = sighted(reader, top) if counts.calls else ()
        pairs = proposed(reader, top) if counts.proposed else ()
        met = overlaps(reader)
        demo = demo_notes(reader)
    if as_json:
        print_json(
            {
                "rows": [
                    {"counted": _object(call.counted), "others": [_object(other) for other in call.others]}
                    for call in known
                ],
                "proposed": [{"one": _object(pair.one), "other": _object(pair.other)} for pair in pairs],
                "overlaps": [{name: plain(value) for name, value in found._asdict().items()} for found in met],
                "total": counts._asdict(),
            }
        )
        return
    if known:
        rows = [(call.counted, other) for call in known for other in call.others]
        print_table(_table("Seen more than once", ("counted", "not counted"), rows), _known_note(counts, known))
    if pairs:
        print_table(_table("Seems to be one call", ("one", "other"), pairs), _proposed_note(counts, pairs))
    if met:
        print_table(_overlap_table(met), *_overlap_notes(met))
    nothing = [] if known or pairs else ["No call was seen through two sources."]
    print_table(plain_table(), *nothing, *demo)


def _overlap_table(met: "Sequence[Overlap]") -> "Table":
    """One line per two logs and seller: what both saw, and what one alone did."""
    table = plain_table("Where two logs saw the same traffic")
    for name in ("one", "other", "seller", "from", "until"):
        table.add_column(name, overflow="fold")
    for name in ("in both", "in one alone", "charged", "in the other alone", "charged"):
        table.add_column(name, justify="right")
    for found in met:
        sides = (found.calls_in_one, found.charged_in_one, found.calls_in_other, found.charged_in_other)
        times = (instant(found.first_at), instant(found.last_at))
        seller = found.seller or "unknown"
        table.add_row(found.one, found.other, seller, *times, count(found.calls_in_both), *map(count, sides))
    return table


def _overlap_notes(met: "Sequence[Overlap]") -> list[str]:
    """What is charged for and stands in one log alone: something the other never wrote down."""
    sides = [
        side
        for found in met
        for side in (
            (found.one, found.other, found.charged_in_one, found.seller),
            (found.other, found.one, found.charged_in_other, found.seller),
        )
    ]
    missing = [
        f"{here} never logged {things(calls, 'call')} of {seller or 'an unknown seller'} that {there} has, "
        "and that cost something or may have."
        for there, here, calls, seller in sides
        if calls
    ]
    return missing or ["No call that cost something stands in one of them alone."]


def _object(row: "Sighting") -> dict[str, Any]:
    costs = {name: format_pico(getattr(row, name)) for name in ("cost", "cost_reported")}
    return {name: plain(value) for name, value in row._asdict().items()} | costs


def _table(title: str, sides: tuple[str, str], pairs: "Sequence[tuple[Sighting, Sighting]]") -> "Table":
    """One line per pair; what both say alike stands once."""
    table = plain_table(title)
    for name in ("start", "model", *sides):
        table.add_column(name, overflow="fold")
    for name in ("cost", "reported"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("key", no_wrap=True)
    for one, other in pairs:
        table.add_row(
            instant(one.start_at),
            one.model or "unknown",
            _place(one),
            _place(other),
            money(one.cost, one.currency),
            _reported(other),
            other.record_key[:KEY_LETTERS],
        )
    return table


def _place(row: "Sighting") -> str:
    """``litellm gateway.jsonl:12``."""
    return f"{row.source} {(row.file or 'unknown').rsplit('/', 1)[-1]}:{row.line}"


def _reported(row: "Sighting") -> str:
    return "–" if row.cost_reported is None else money(row.cost_reported, row.cost_reported_currency)


def _known_note(counts: "SightingCounts", known: "Sequence[Sighted]") -> str:
    of = f", the newest {count(len(known))} shown" if counts.calls > len(known) else ""
    return (
        f"{things(counts.calls, 'call')} seen more than once{of}: "
        f"{things(counts.others, 'row')} kept for comparison and not counted."
    )


def _proposed_note(counts: "SightingCounts", pairs: "Sequence[Proposal]") -> str:
    of = f", the newest {count(len(pairs))} shown" if counts.proposed > len(pairs) else ""
    return (
        f"{things(counts.proposed, 'pair')}{of}: same seller, model and tokens within a second, both counted. "
        "tollbook sightings --confirm takes each pair for one call."
    )
