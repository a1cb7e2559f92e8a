"""Makes a procurement report: gathers what happened and what may come, has it built once, and writes its files."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reports.formats import render_files
from reports.written import write_file

if TYPE_CHECKING:
    from reports.asked import Asked
    from reports.document import Document
    from reports.workings import Workings
    from warehouse.locks import Tell

Step = Callable[[str], None]
"""Hears what is being done, in a few words."""


class Written(NamedTuple):
    """A file that was written."""

    path: Path
    size: int
    digest: str
    """SHA-256: who signs the file signs these."""


class Report(NamedTuple):
    """A report that can be written in any format."""

    document: "Document"
    workings: "Workings | None"
    """What the workbook calculates with. None: no workbook is wanted."""


def make_report(
    root: Path, asked: "Asked", now: datetime, *, tell: "Tell", step: Step, with_workings: bool = False
) -> Report:
    """Everything of a report, read from the warehouse; raises WarehouseError."""
    from app.report_forward import read_forward
    from reports.past import read_past
    from reports.procurement import build
    from reports.workings import read_workings
    from warehouse.connection import open_reader

    with open_reader(root, tell=tell) as reader:
        past = read_past(reader, root, asked, now, tell=step)
        workings = read_workings(reader, root, asked, tell=tell) if with_workings else None
    step("looking ahead")
    forward = read_forward(root, asked, now, tell=tell)
    return Report(build(asked, past, forward, now), workings)


def report_document(root: Path, asked: "Asked", now: datetime, *, tell: "Tell", step: Step) -> "Document":
    """The report as a document; raises WarehouseError."""
    return make_report(root, asked, now, tell=tell, step=step).document


def write_files(report: Report, stem: str, forms: Sequence[str], folder: Path, *, step: Step) -> list[Written]:
    """Write a report's files, all of them made before the first is written; raises ReportError."""
    made = []
    for form in forms:
        step(f"making {stem}.{form}")
        made += render_files(report.document, stem, [form], report.workings)
    for name, content in made:
        write_file(folder / name, content)
    return [Written(folder / name, len(content), hashlib.sha256(content).hexdigest()) for name, content in made]
