"""``tollbook delete``: calls of a user, or from before a day, taken out for good; and what was deleted before."""

import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.delete_tables import deletion_object, found_object, print_deletions, print_found
from app.commands.entered import AsJson, author_of, day_of
from app.figures import things
from app.session import Session, UserMistake, print_json, session_of

if TYPE_CHECKING:
    from warehouse.deletion import Which


def delete(
    context: typer.Context,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Calls of this user, as the log named them.")] = None,
    user_hash: Annotated[
        str | None, typer.Option(metavar="HASH", help="The same, by the hash that the warehouse has.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(metavar="DAY", help="Calls from before this day; with --user, theirs alone.")
    ] = None,
    retention: Annotated[
        bool, typer.Option("--retention", help="Calls that are older than retention_days in tollbook.toml.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and delete nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="The deletions so far.")] = False,
    lift: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Let the calls of this deletion in again, when loaded again.")
    ] = None,
    who: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who deletes, for the audit. [default: the user of this machine]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take calls out for good: first what would go, then, confirmed, it goes.

    Rollups follow, months that are closed keep their figures, and loads leave
    deleted calls out until the deletion is lifted. There is no undo: take a
    backup first, with tollbook backup.
    """
    from warehouse.deletion import lift as lift_one
    from warehouse.deletion import list_deletions

    session = session_of(context)
    chosen = [user is not None or user_hash is not None, retention, listed, lift is not None]
    if sum(chosen) > 1 or before is not None and any(chosen[1:]) or not any([*chosen, before]):
        raise UserMistake("give --user or --user-hash, --before, or both; or one of --retention, --list, --lift")
    if listed:
        deletions = list_deletions(session.warehouse, tell=session.tell)
        print_json({"rows": [deletion_object(each) for each in deletions]}) if as_json else print_deletions(deletions)
    elif lift is not None:
        lifted = lift_one(session.warehouse, lift, author_of(session, who), tell=session.tell)
        session.tell(
            f"deletion {lift} is lifted: tollbook ingest --again FILE loads its {things(lifted.calls, 'call')}"
        )
        if as_json:
            print_json({"lifted": deletion_object(lifted)})
    else:
        which = _which(session, user, user_hash, _day(session, before, retention=retention))
        _delete(session, which, who, dry_run=dry_run, yes=yes, as_json=as_json)


def _day(session: Session, before: str | None, *, retention: bool) -> date | None:
    """The first day that stays."""
    if not retention:
        return None if before is None else day_of("--before", before)
    from app.present import today_of
    from warehouse.connection import open_reader
    from warehouse.folder import Folder

    with open_reader(session.warehouse, tell=session.tell) as reader:
        today = today_of(session, reader)
    days = Folder(session.warehouse).settings().retention_days
    if days is None:
        raise UserMistake(f"{Folder(session.warehouse).settings_file} has no retention_days: write how many days stay")
    return today - timedelta(days=days)


def _which(session: Session, user: str | None, user_hash: str | None, day: date | None) -> "Which":
    from warehouse.deletion import Which, hashes_of, instant_of
    from warehouse.errors import WarehouseMissing
    from warehouse.folder import Folder

    folder = Folder(session.warehouse)
    if not folder.settings_file.exists():
        raise WarehouseMissing(session.warehouse)
    settings = folder.settings()
    hashes = (*(hashes_of(settings, user) if user is not None else ()), *([user_hash] if user_hash else []))
    return Which(hashes or None, None if day is None else instant_of(day, settings))


def _delete(session: Session, which: "Which", who: str | None, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    from planning.close import in_force
    from warehouse.deletion import delete as take_out
    from warehouse.deletion import look
    from warehouse.month_close import list_closings

    author = author_of(session, who)
    found = look(session.warehouse, which, now=session.now, tell=session.tell)
    closed = frozenset(each.month for each in in_force(list_closings(session.warehouse, tell=session.tell)))
    told = found_object(found, closed)
    if not as_json:
        print_found(found, closed)
    done = None
    if (found.records or found.samples) and not dry_run and _confirmed(yes=yes, as_json=as_json):
        done = take_out(session.warehouse, which, author, closed=closed, tell=session.tell)
    if as_json:
        print_json({**told, "deleted": deletion_object(done) if done else None})
    if done:
        session.tell(
            f"deleted {things(done.calls, 'call')} as deletion {done.deletion_id}; tollbook compact frees the room"
        )
    elif not dry_run and (found.records or found.samples):
        session.tell("nothing was deleted; --yes deletes without asking")


def _confirmed(*, yes: bool, as_json: bool) -> bool:
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        return False
    return typer.confirm("delete them for good?", err=True)
