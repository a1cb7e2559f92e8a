"""Makes a procurement report: gathers what happened and what may come, has it built once, and writes its files."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.report_asked import Question, Wanted, asked_of
from app.session import Session
from reports.formats import render_files
from reports.written import make_folder, write_file

if TYPE_CHECKING:
    from reports.asked import Asked
    from reports.document import Document
    from reports.forward import Forward
    from reports.past import Past
    from reports.workings import Workings
    from warehouse.locks import Tell

NAME = "tollbook-procurement"
READERS = 3
"""That are open at once: of what was, of what may come, and of its projection."""


class Written(NamedTuple):
    """A file that was written."""

    path: Path
    size: int
    digest: str
    """SHA-256 of its bytes: whoever signs the file signs these."""


class Report(NamedTuple):
    """A report that can be written in any format."""

    document: "Document"
    workings: "Workings | None"
    """What the workbook calculates with. None: no workbook is wanted."""


class Made(NamedTuple):
    """A report whose files are there."""

    question: Question
    title: str
    files: list[Written]


def write_report(session: Session, wanted: Wanted, forms: Sequence[str], folder: Path) -> Made:
    """Make a report and write its files, saying what is done; raises UserMistake, WarehouseError, ReportError."""
    question = asked_of(session, wanted)
    make_folder(folder)
    report = make_report(session.warehouse, question.asked, question.now, forms, tell=session.tell)
    stem = f"{NAME}-{question.period.in_file_names}"
    files = write_files(report, stem, forms, folder, tell=session.tell)
    return Made(question, report.document.title, files)


def make_report(root: Path, asked: "Asked", now: datetime, forms: Sequence[str], *, tell: "Tell") -> Report:
    """Everything that a report has in some formats, read from the warehouse; raises WarehouseError.

    Calls that come in meanwhile wait until it is read: no figure is of another moment than the one beside it.
    """
    from reports.procurement import build
    from warehouse.connection import read_together

    past, workings, forward = read_together(
        root, READERS, partial(_read, root, asked, now, tell=tell, with_workings="xlsx" in forms), tell=tell
    )
    return Report(build(asked, past, forward, now), workings)


def _read(
    root: Path, asked: "Asked", now: datetime, *, tell: "Tell", with_workings: bool
) -> "tuple[Past, Workings | None, Forward]":
    from reports.past import read_past
    from reports.workings import read_workings
    from warehouse.connection import open_reader

    # Side by side: some mostly wait for the database, the others mostly calculate.
    with ThreadPoolExecutor(1, "looking ahead") as beside:
        ahead = beside.submit(copy_context().run, partial(_look_ahead, root, asked, now, tell=tell))
        with open_reader(root, tell=tell) as reader:
            past = read_past(reader, root, asked, now, tell=tell)
            workings = read_workings(reader, root, asked, tell=tell) if with_workings else None
        tell("looking ahead")
        return past, workings, ahead.result()


def _look_ahead(root: Path, asked: "Asked", now: datetime, *, tell: "Tell") -> "Forward":
    from app.report_forward import read_forward

    return read_forward(root, asked, now, tell=tell)


def write_files(report: Report, stem: str, forms: Sequence[str], folder: Path, *, tell: "Tell") -> list[Written]:
    """Write a report's files, all of them made before the first is written; raises ReportError."""
    made: list[tuple[str, bytes]] = []
    for form in forms:
        tell(f"making {stem}.{form}")
        made += render_files(report.document, stem, [form], report.workings)
    for name, content in made:
        write_file(folder / name, content)
    return [Written(folder / name, len(content), hashlib.sha256(content).hexdigest()) for name, content in made]
