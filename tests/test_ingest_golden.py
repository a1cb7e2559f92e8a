"""What each kind of log becomes: a case and its expected rows side by side.

A case is ``golden/ingest/SOURCE/CASE.in.json``, ``.in.jsonl`` or ``.in.sse``; beside it, in ``CASE.out.json``, is what
the warehouse holds after loading it. ``make golden`` rewrites what is expected.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.options import Options
from ingest.registry import SOURCES
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
CASES = Path(__file__).parent / "golden" / "ingest"
INPUTS = sorted(path for path in CASES.glob("*/*.in.*"))
DERIVED = ("record_key", "file_id", "rate_id", "user_hash", "fullness", "raw_usage")
"""Columns of which a person can judge nothing, or which ``currency`` and ``cost`` show."""


def read_back(warehouse: Path, path: Path) -> dict[str, Any]:
    """A file's rows, without what is NULL, and the lines it could not give."""
    with open_reader(warehouse) as reader:
        text = f"""
            select u.* exclude ({", ".join(DERIVED)}) from usage_priced u
            join ingest_file f on f.file_id = u.file_id where f.path = $path
            order by u.line, u.response_id, u.record_key
        """
        found = reader.connection.execute(text, {"path": str(path)})
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        text = """
            select r.line, reason, text from reject r join ingest_file f on f.file_id = r.file_id
            where f.path = $path order by r.line, reason
        """
        rejects = reader.rows(text, {"path": str(path)})
    return {
        "rows": [{name: _plain(value) for name, value in row.items() if value is not None} for row in rows],
        "rejects": [dict(zip(("line", "reason", "text"), reject, strict=True)) for reject in rejects],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() + "Z" if isinstance(value, datetime) else value


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> Path:
    """The warehouse after loading every case, each as the source whose folder it is in."""
    warehouse = tmp_path_factory.mktemp("golden") / "warehouse"
    for result in load_files(warehouse, INPUTS, Options(), now=NOW, tell=lambda message: None):
        assert (result.error, result.source) == (None, Path(result.path).parent.name), result.path
    return warehouse


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name.split('.')[0]}")
def test_a_log_becomes_what_its_twin_says(cases, golden, path):
    name = path.name.split(".in.")[0]
    golden(f"ingest/{path.parent.name}/{name}.out.json", read_back(cases, path.resolve()))


def test_every_source_has_a_case_and_every_case_a_source():
    assert {path.parent.name for path in INPUTS} == {source.name for source in SOURCES}
    expected = {path.parent / f"{path.name.split('.in.')[0]}.out.json" for path in INPUTS}
    assert set(CASES.glob("*/*.out.json")) == expected


def test_a_case_holds_no_content():
    for path in INPUTS:
        for text in json_texts(path.read_text(encoding="utf-8")):
            assert len(text) < 40 or " " not in text or text.startswith(("data: ", "{")), f"{path.name}: {text[:100]}"


def json_texts(text: str) -> Iterator[str]:
    """Every string of a text of JSON documents, lines or events."""
    found: list[Any] = []
    for line in [text, *text.split("\n")]:
        try:
            found.append(json.loads(line.removeprefix("data: ")))
        except ValueError:
            continue
    while found:
        value = found.pop()
        if isinstance(value, str):
            yield value
        found += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
