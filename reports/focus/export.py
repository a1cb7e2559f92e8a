"""Writes the FOCUS files of a period: rows once, to every format at a time, with a description beside them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pricing.charges import Charge
from pricing.money import to_decimal
from reports.errors import NOTHING, ReportError
from reports.focus.asked import FocusAsked
from reports.focus.checks import Checked, check_file
from reports.focus.closings import Closings, closings_of
from reports.focus.columns import Row
from reports.focus.files import BATCH, Writer, writing
from reports.focus.left_out import Known, read_known
from reports.focus.metadata import metadata_of
from reports.focus.other_rows import charge_rows, invoice_rows
from reports.focus.usage_rows import usage_rows
from reports.readings.months import Month
from reports.written import replacing, write_file
from warehouse.connection import Reader
from warehouse.demo import demo_state
from warehouse.invoices import Invoice
from warehouse.rates_by_number import read_rates_by_number

Step = Callable[[str], None]


class Entered(NamedTuple):
    """What people entered beside the calls."""

    charges: Sequence[Charge]
    invoices: Sequence[Invoice]
    today: date
    """The last day on which recurring charges are counted."""
    months: Sequence[Month] = ()
    """The months of the period in the books."""


class Target(NamedTuple):
    """Which files are written where."""

    folder: Path
    formats: Sequence[str]
    """Of ``reports.focus.files.FORMATS``, each once."""
    made_at: datetime
    """The injected clock, naive UTC: the same question on the same data gives the same bytes."""


class Exported(NamedTuple):
    """What was written."""

    files: tuple[Path, ...]
    """The description is the last."""
    checked: tuple[tuple[Path, Checked], ...]
    known: Known
    closings: Closings
    holds_demo_data: bool


def export_focus(reader: Reader, entered: Entered, asked: FocusAsked, target: Target, *, step: Step) -> Exported:
    """Write the files, read them back and check them; nothing is left of an export that fails.

    Raises ReportError where a file cannot be written, or is found wrong.
    """
    known = read_known(reader, asked)
    name = f"tollbook-focus-{asked.asked.name.replace('..', '_')}"
    paths = [target.folder / f"{name}.{kind}" for kind in target.formats]
    with ExitStack() as stack:
        drafts = [stack.enter_context(replacing(path)) for path in paths]
        if not _write(_rows(reader, entered, asked), drafts, target.formats, step):
            raise ReportError(_nothing(asked.asked.name, known))
        step("checking")
        checked = [_checked(draft, path, known) for draft, path in zip(drafts, paths, strict=True)]
        files = [_described(draft, path, one) for draft, path, one in zip(drafts, paths, checked, strict=True)]
    about = target.folder / f"{name}.metadata.json"
    demo, closings = demo_state(reader).demo_files > 0, closings_of(entered.months, asked)
    write_file(about, metadata_of(asked, known, closings, files, made_at=target.made_at, demo=demo))
    return Exported((*paths, about), tuple(zip(paths, checked, strict=True)), known, closings, demo)


def _rows(reader: Reader, entered: Entered, asked: FocusAsked) -> Iterator[Row]:
    rates = read_rates_by_number(reader)
    yield from usage_rows(reader, asked, rates)
    yield from charge_rows(entered.charges, asked, rates.seller_names, today=entered.today)
    yield from invoice_rows(entered.invoices, asked, rates.seller_names)


def _write(rows: Iterator[Row], drafts: Sequence[Path], formats: Sequence[str], step: Step) -> int:
    """Write every row to every file; returns how many there were."""
    with ExitStack() as stack:
        writers: list[Writer] = [
            stack.enter_context(writing(draft, kind)) for draft, kind in zip(drafts, formats, strict=True)
        ]
        written = 0
        while batch := list(islice(rows, BATCH)):
            for writer in writers:
                writer.write(batch)
            written += len(batch)
            step(f"{written:,} rows")
        return written


def _nothing(period: str, known: Known) -> str:
    if known.coverage.requests:
        why = "tollbook cost --by seller,model,unpriced_reason says why"
        return f"no call of {period} has a known cost, so that there is no row to write: {why}"
    return f"{NOTHING} {period} to write: no call, no charge, no line of an invoice"


def _checked(draft: Path, path: Path, known: Known) -> Checked:
    """What the check says of a file; raises ReportError where it finds anything, or another sum than the app's."""
    checked = check_file(draft, path.suffix)
    findings = list(checked.findings)
    for total in known.totals:
        currency = total.currency or ""
        found = sum(checked.billed.get((basis, currency), 0) for basis in ("rated", "free"))
        if found != to_decimal(total.cost):
            findings.append(f"its calls cost {found} {currency}, and the warehouse says {to_decimal(total.cost)}")
    if findings:
        raise ReportError(f"{path.name} was not written: {'; '.join(findings)}")
    return checked


def _described(draft: Path, path: Path, checked: Checked) -> dict[str, Any]:
    with draft.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"Name": path.name, "Rows": checked.rows, "Bytes": draft.stat().st_size, "SHA256": digest}
