"""The demo and its report, made once for all tests of a run: whoever changes something works on a copy."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import portalocker
import pytest

from app.cli import run

ROOT = Path(__file__).parents[1]
DEMO_NOW = tomllib.loads((ROOT / "data" / "samples" / "demo.toml").read_text(encoding="utf-8"))["now"]
MONTH = "2026-10"
"""The demo's last whole month."""


def shared_folder(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first test to ask fills, whichever process it is in."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / name
    with portalocker.Lock(shared / f"{name}.lock", timeout=300):
        if not folder.exists():
            draft = folder.with_suffix(".draft")
            make(draft)
            draft.rename(folder)
    return folder


@pytest.fixture(scope="session")
def demo_warehouse_for_reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the demo and what is entered beside it; for reading alone."""

    def make(folder: Path) -> None:
        assert run(["--warehouse", str(folder), "--now", DEMO_NOW.isoformat(), "demo"]) == 0

    return shared_folder(tmp_path_factory, "reported-warehouse", make)


@pytest.fixture(scope="session")
def demo_report(demo_warehouse_for_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``tollbook-procurement-2026-10`` as pdf, xlsx and html, written by the command."""

    def make(folder: Path) -> None:
        written = ["--period", MONTH, "--format", "pdf,xlsx,html", "--to", str(folder)]
        assert run(["--warehouse", str(demo_warehouse_for_reports), "report", "procurement", *written]) == 0

    return shared_folder(tmp_path_factory, "reported-files", make)
