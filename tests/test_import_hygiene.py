"""What the command line must not load: it answers at once because it does not."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SLOW = {"streamlit", "pandas", "plotly"}

IMPORT_EACH = """
import importlib, sys
slow, modules = set(sys.argv[1].split()), sys.argv[2:]
for module in modules:
    importlib.import_module(module)
    loaded = slow & set(sys.modules)
    assert not loaded, f"importing {module} loads {sorted(loaded)}"
"""

ASK_FOR_HELP = """
import sys
from app.cli import main
unwanted, sys.argv = set(sys.argv[1].split()), ["tollbook", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code, f"tollbook --help ended with {end.code}"
loaded = unwanted & set(sys.modules)
assert not loaded, f"tollbook --help loads {sorted(loaded)}"
"""


def run(script: str, *arguments: str) -> None:
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_command_loads_what_only_the_app_needs():
    files = sorted((ROOT / "app" / "commands").glob("*.py"))
    modules = [f"app.commands.{file.stem}" for file in files if file.stem != "__init__"]
    assert modules
    run(IMPORT_EACH, " ".join(SLOW), "app.cli", *modules)


def test_help_opens_no_database():
    run(ASK_FOR_HELP, " ".join(SLOW | {"duckdb"}))
