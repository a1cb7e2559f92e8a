"""A workbook computed anew by LibreOffice: what its formulas give, whatever values it was written with."""

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook

Cells = dict[tuple[str, str], object]
"""Values by sheet and address."""


def formulas(book: bytes) -> Cells:
    """Every formula; text that begins like one is none."""
    return _cells(opened(book), lambda cell: cell.data_type == "f")


def written(book: bytes) -> Cells:
    """The value of every cell as the file was written: of formulas, the one that is cached."""
    return _cells(openpyxl.load_workbook(BytesIO(book), data_only=True))


def opened(book: bytes) -> Workbook:
    """The workbook with its formulas, to be changed."""
    return openpyxl.load_workbook(BytesIO(book))


def recalculated(book: bytes, folder: Path, change: Callable[[Workbook], None] = lambda book: None) -> Cells:
    """What LibreOffice makes of it after a change; without LibreOffice the test is skipped."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not here: no workbook is computed anew")
    stripped = opened(book)  # It is saved without any cached value.
    change(stripped)
    folder.mkdir(parents=True, exist_ok=True)
    stripped.save(folder / "stripped.xlsx")
    out = folder / "out"
    command = [office, "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", out, folder / "stripped.xlsx"], check=True, capture_output=True, timeout=180)
    return _cells(openpyxl.load_workbook(out / "stripped.xlsx", data_only=True))


def _cells(book: Workbook, wanted: Callable[[Cell], bool] = lambda cell: cell.value is not None) -> Cells:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if wanted(cell)
    }
