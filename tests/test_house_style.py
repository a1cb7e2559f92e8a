"""The house's rules that no linter knows: sizes, names, where SQL may stand, what a file may never say."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"app", "reports", "planning", "analysis", "ingest", "warehouse", "pricing"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SQL = re.compile(
    r"^\s*(--.*\n\s*)*(select\b.*\bfrom\b|with\b.*\bselect\b|insert into\b|delete from\b|update \w+ set\b"
    r"|create (or replace )?(temp )?(table|view)\b|copy\b.*\bto\b|attach\b.*\bas\b)",
    re.DOTALL,
)
REGISTRY_HOST = re.compile(r"\b(pypi|pythonhosted|npmjs|debian)\.(org|com|io)\b|/simple[/]")
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(home|root|Users|work|farm)/\w")


def listed(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


@cache
def parsed() -> tuple[tuple[str, str, ast.Module], ...]:
    """Every Python file: its path in the checkout, its text and its tree."""
    texts = [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in listed("*.py")]
    return tuple((name, text, ast.parse(text)) for name, text in texts)


def is_sql(text: str) -> bool:
    return bool(SQL.match(text) or SQL.match(text.swapcase()))


def test_files_and_functions_fit_a_reader():
    found = []
    for name, source, tree in parsed():
        found += [name] if len(source.splitlines()) > 500 else []
        functions = [node for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]
        found += [f"{name}: {node.name}" for node in functions if (node.end_lineno or 0) - node.lineno >= 60]
    assert found == []


def test_every_module_says_what_it_is():
    assert [name for name, _, tree in parsed() if not ast.get_docstring(tree)] == []


def test_no_module_is_named_for_nothing():
    assert [path for path in listed("*.py") if re.search(r"utils?|helpers?|manager", path.stem)] == []


def test_sql_stands_in_warehouse_alone():
    found = []
    for name, _, tree in parsed():
        if name.partition("/")[0] not in ("warehouse", "tests", "bench"):
            texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            found += [f"{name}: {text[:60]}" for text in texts if isinstance(text, str) and is_sql(text)]
    assert found == []


def test_every_sql_file_starts_with_its_grain():
    files = listed("warehouse/sql/*.sql")
    assert [file.name for file in files if not file.read_text(encoding="utf-8").startswith("-- ")] == []


def test_nothing_beside_the_entrypoint_shadows_a_package():
    """Streamlit puts app/ first on the path: app/pricing.py would be imported instead of pricing/."""
    beside = {path.stem for path in (ROOT / "app").glob("*.py")}
    beside |= {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert beside & PACKAGES == set()


def test_no_registry_and_no_machine_is_named():
    found = []
    for path in listed(":!*.gz", ":!*.zst", ":!*.png", ":!LICENSE"):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if REGISTRY_HOST.search(line) or MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select model from usage", True),
        ("\n  INSERT INTO usage VALUES ($a)", True),
        ("with day as (select 1) select * from day", True),
        ("Select a seller from the list", False),
        ("with no rate known", False),
    ],
)
def test_sql_is_recognised(text, expected):
    assert is_sql(text) is expected
