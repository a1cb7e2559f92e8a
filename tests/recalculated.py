"""A workbook computed anew by LibreOffice: what its formulas give, whatever values it was written with."""

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

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
    """What LibreOffice makes of it after a change."""
    stripped = opened(book)  # It is saved without any cached value.
    change(stripped)
    folder.mkdir(parents=True, exist_ok=True)
    stripped.save(folder / "stripped.xlsx")
    converted = in_office(folder / "stripped.xlsx", "xlsx", folder / "out")
    return _cells(openpyxl.load_workbook(converted, data_only=True))


def in_office(path: Path, kind: str, folder: Path) -> Path:
    """The file as LibreOffice converts it; without LibreOffice the test is skipped."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not here: no workbook is computed anew")
    profile = f"-env:UserInstallation={Path(_profile().name).as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{kind}"


@cache
def _profile() -> TemporaryDirectory[str]:
    """Settings of its own: one LibreOffice does not wait for another, and a second start is quicker."""
    return TemporaryDirectory()


def _cells(book: Workbook, wanted: Callable[[Cell], bool] = lambda cell: cell.value is not None) -> Cells:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if wanted(cell)
    }
