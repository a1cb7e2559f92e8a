"""Pytest options and the fixtures that every test file may use."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.reported import demo_report, demo_warehouse_for_reports
from tests.tollbook_command import Tollbook

__all__ = ["demo_report", "demo_warehouse_for_reports"]

if "PYTEST_XDIST_WORKER" in os.environ:
    # As many tests run at once as there are cores: more threads in each would only wait for one another.
    os.environ.setdefault("TOLLBOOK_THREADS", "1")

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-update",
        action="store_true",
        help="rewrite the files under tests/golden instead of comparing with them; runs only tests that do",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--golden-update"):
        return
    others = [item for item in items if "golden" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say last, and loudly, which check by others was left out: everything else can be green without it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    reasons = [report.longrepr for report in reporter.stats.get("skipped", ())]
    lines = {str(reason[2]) for reason in reasons if isinstance(reason, tuple) and "WAS NOT RUN" in str(reason[2])}
    for line in sorted(lines):
        reporter.write_sep("!", line.removeprefix("Skipped: "), red=True, bold=True)


def golden_text(name: str, value: object) -> str:
    """Text as it is; anything else as JSON, one item a line where the file is JSON lines."""
    if isinstance(value, str):
        return value
    if name.endswith(".jsonl"):
        assert isinstance(value, list), f"{name} holds a list"
        return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in value)
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """`golden("openrouter/stream.out.json", value)`: the value is what that file under tests/golden says."""

    def check(name: str, value: object) -> None:
        path, text = GOLDEN / name, golden_text(name, value)
        if request.config.getoption("--golden-update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"tests/golden/{name} is not there: `make golden` writes it"
        assert text == path.read_text(encoding="utf-8"), f"tests/golden/{name} differs: see `make golden`"

    return check


@pytest.fixture(autouse=True)
def same_main() -> Iterator[None]:
    """Streamlit's AppTest leaves its page as the main module, which processes started later would run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real logs beside the checkout; it is too large to be part of it."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip("the real logs are not here: ../shared")
    return path


@pytest.fixture(scope="session")
def first_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with one call in it, to be copied: the first load of one takes long."""
    from tests.warehouse_state import load_here, write_log

    folder = tmp_path_factory.mktemp("first")
    load_here(folder / "warehouse", write_log(folder / "first.jsonl", range(999_999, 1_000_000)))
    return folder / "warehouse"


@pytest.fixture
def tmp_warehouse(tmp_path: Path) -> Path:
    """Where a test's own warehouse goes; nothing is there yet."""
    return tmp_path / "warehouse"


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse without calls, to be copied: its databases and rates are there, which takes longest."""
    from ingest.load import load_files
    from ingest.options import Options
    from tests.warehouse_child import NOW

    folder = tmp_path_factory.mktemp("begun")
    (folder / "no-call.jsonl").write_text('{"request": {"model": "m"}, "response": null}\n')
    list(load_files(folder / "warehouse", [folder / "no-call.jsonl"], Options(), now=NOW, tell=lambda message: None))
    return folder / "warehouse"


@pytest.fixture
def warehouse_begun(begun: Path, tmp_warehouse: Path) -> Path:
    """A test's own warehouse, in which no call is yet."""
    return shutil.copytree(begun, tmp_warehouse)


@pytest.fixture
def tollbook(tmp_warehouse: Path, capsys: pytest.CaptureFixture[str]) -> Tollbook:
    """The command line, on a warehouse of the test's own."""
    return Tollbook(tmp_warehouse, capsys)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The Chromium on PATH; without one a test skips, and fails in continuous integration."""
    found = subprocess.run(["sh", ROOT / "scripts" / "chromium"], capture_output=True, text=True)
    if found.returncode == 0:
        return found.stdout.strip()
    if os.environ.get("CI") == "true":
        pytest.fail(found.stderr.strip())
    pytest.skip(found.stderr.strip())
