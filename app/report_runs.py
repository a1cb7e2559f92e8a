"""Writes what is due, remembers it, sends it: one period after the other, and one that fails stops no other."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from app.notify import Channel, send_files
from app.present import today_of
from app.report_child import NothingThere, draft_folder, move_into, write_in_child
from app.report_due import Data, Due, Found, find_due
from app.report_schedule import KINDS
from app.session import Session, UserMistake
from pricing.errors import PricingError
from reports.errors import ReportError
from warehouse.connection import open_reader
from warehouse.cost import coverage_of
from warehouse.errors import WarehouseError
from warehouse.locks import take_if_free
from warehouse.report_schedule import Delivery, Done, WrittenFile, keep_done, list_done, list_schedules
from warehouse.scope import Scope
from warehouse.traffic import traffic_span

LOCK = "reports.lock"
WAIT_S = 600.0
POLL_S = 0.2
NO_CALLS = "no call began in it: there is nothing to write"
BEHIND = "no call after its end is known: its data may not be whole"
Say = Callable[[str], None]


class Result(NamedTuple):
    """What became of one period that was due."""

    due: Due
    what: Literal["written", "sent", "empty", "failed"]
    """``sent``: it was written before, and now everybody has it."""
    files: tuple[WrittenFile, ...] = ()
    note: str | None = None
    delivery: Delivery = "not asked"
    refused: tuple[str, ...] = ()
    """Addresses that did not take it, by their numbers."""


@contextmanager
def alone(root: Path, say: Say) -> Iterator[None]:
    """Wait until no other process writes what is due of this warehouse; raises UserMistake after ten minutes."""
    deadline, told = time.monotonic() + WAIT_S, False
    while (lock := take_if_free(root / LOCK)) is None:
        if not told:
            say("waiting: another process writes the reports that are due")
            told = True
        if time.monotonic() > deadline:
            raise UserMistake("another process has been writing reports for ten minutes: try again when it is done")
        time.sleep(POLL_S)
    with lock:
        yield


def read_due(session: Session) -> Found:
    """What is due of the warehouse; without schedules, nothing is read of the calls."""
    schedules = list_schedules(session.warehouse, tell=session.tell)
    if not schedules:
        return Found((), (), ())
    done = list_done(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        today = today_of(session, reader)
        span = traffic_span(reader, today)
    return find_due(schedules, done, Data(today, span.first, span.begun, span.data_through))


def write_due(session: Session, due: Sequence[Due], to: Sequence[Channel], say: Say) -> Iterator[Result]:
    """Write, remember and send each; raises nothing for one that fails, and tells of it in its result."""
    for each in due:
        try:
            yield _do(session, each, to, say)
        except (ReportError, WarehouseError, PricingError, UserMistake, OSError) as error:
            yield Result(each, "failed", note=str(error))


def _do(session: Session, due: Due, to: Sequence[Channel], say: Say) -> Result:
    if due.done is not None and _is_as_written(due.done):
        return _send(session, due.done, Result(due, "sent", due.done.files, due.done.note), to)
    if _lacks_calls(session, due):
        return _empty(session, due, NO_CALLS)
    say(f"{due.plan.name}, {due.period.name}: writing")
    try:
        files = _written(session, due, say)
    except NothingThere as error:
        return _empty(session, due, str(error))
    result = Result(due, "written", files, BEHIND if due.is_behind else None)
    done = _as_done(session, result, "pending" if to else "not asked")
    keep_done(session.warehouse, done, tell=session.tell)
    return _send(session, done, result, to)


def _empty(session: Session, due: Due, why: str) -> Result:
    """Remember a period as done of which there is nothing to write."""
    result = Result(due, "empty", note=why)
    keep_done(session.warehouse, _as_done(session, result, "not asked"), tell=session.tell)
    return result


def _written(session: Session, due: Due, say: Say) -> tuple[WrittenFile, ...]:
    """Write a period's files and give them their places."""
    with draft_folder(due.plan.folder) as draft:
        # What it says of its files is said of where they go.
        write_in_child(
            session,
            due.plan.command(due.period, draft),
            lambda line: say(line.replace(str(draft), str(due.plan.folder))),
        )
        return tuple(measured(path) for path in move_into(draft, due.plan.folder))


def _send(session: Session, done: Done, result: Result, to: Sequence[Channel]) -> Result:
    """Send the files; remembered as sent once every address has taken them."""
    if not to:
        return result._replace(delivery=done.delivery)
    plan = result.due.plan
    title = f"Tollbook: {plan.title} {done.period} ({plan.name})"
    refused = send_files(to, title, "\n".join(message_of(result)), [Path(each.path) for each in done.files])
    if not refused:
        keep_done(session.warehouse, done._replace(delivery="sent"), tell=session.tell)
    return result._replace(delivery="pending" if refused else "sent", refused=tuple(refused))


def message_of(result: Result) -> list[str]:
    """What is said of a report that was written: its files, where they are, and what has to be known."""
    due = result.due
    days = f"{due.period.first} to {due.period.last}"
    lines = [f"{due.plan.title.capitalize()} of {days}."]
    lines += [f"{Path(each.path).name}: {each.size_bytes:,} bytes, SHA-256 {each.sha256}" for each in result.files]
    lines.append(f"They are in {due.plan.folder}.")
    return [*lines, *([f"{result.note[0].upper()}{result.note[1:]}."] if result.note else [])]


def _lacks_calls(session: Session, due: Due) -> bool:
    """Whether there is nothing that a report of this kind could be about."""
    if not KINDS[due.plan.kind].needs_calls:
        return False
    with open_reader(session.warehouse, tell=session.tell) as reader:
        return coverage_of(reader, Scope(due.period.first, due.period.last, due.plan.only)).requests == 0


def _is_as_written(done: Done) -> bool:
    """Whether every file is there as it was written; what was moved or changed is written anew."""
    return all(Path(each.path).is_file() and measured(Path(each.path)) == each for each in done.files)


def measured(path: Path) -> WrittenFile:
    """A file as it is now."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return WrittenFile(str(path), path.stat().st_size, digest)


def _as_done(session: Session, result: Result, delivery: Delivery) -> Done:
    due = result.due
    days = (due.period.first, due.period.last)
    return Done(due.schedule.number, due.period.name, *days, result.files, result.note, delivery, session.now)
