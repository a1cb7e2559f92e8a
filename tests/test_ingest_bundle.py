"""Many small files loaded at once: the same rows, lines, rejects and manifest as one load each."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest import bundle
from ingest.load import FileLoad, load_files
from ingest.options import Options
from tests.test_ingest_claude_code import ID, line
from tests.test_ingest_codex import HISTORY, count, usage
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
ROWS = """
    select parse_filename(f.path), u.line, u.response_id, u.model_served, u.input, u.cache_read, u.output
    from usage u join ingest_file f using (file_id) order by all"""
FILES = """
    select parse_filename(path), source, lines, records, loaded, replaced, already_there, rejected, unpriced, first_at,
        last_at, complete_lines
    from ingest_file order by all"""
REJECTS = "select parse_filename(path), line, reason from reject join ingest_file using (file_id) order by all"


def text(*lines: dict[str, Any] | str) -> str:
    return "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in lines)


def answer(number: int, **more: Any) -> dict[str, Any]:
    return line(id=f"{ID}{number}", **more)


BEGUN = {
    "a.jsonl": text("", answer(1), {"type": "summary", "leafUuid": "x"}, "no json", answer(2)),
    "b.jsonl": text(answer(2), answer(3, stop_reason=None)),
    "c.jsonl": text({"type": "summary", "leafUuid": "x"}),
    "d.jsonl": text(answer(4, output_tokens=1.5), "", "", answer(5), answer(6, new_tokens=1))[:-1],
    "r-1.jsonl": text(*HISTORY, "no json"),
    "r-2.jsonl": text(*HISTORY, count(9, usage(1600, 400))),
    "z.csv": "a,b\n1,2\n",
}
GROWN = {
    "a.jsonl": BEGUN["a.jsonl"] + text("no json either", answer(7), {"type": "system"}),
    "b.jsonl": BEGUN["b.jsonl"] + text(answer(3)),
    "e.jsonl": text(answer(8)),
    "r-1.jsonl": BEGUN["r-1.jsonl"] + text(count(12, usage(2600, 600))),
}


def write(folder: Path, files: dict[str, str]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content)
    return sorted(folder.glob("*"))


def load(warehouse: Path, paths: Sequence[Path]) -> list[FileLoad]:
    return list(load_files(warehouse, paths, Options(), now=NOW, tell=lambda message: None))


def held(warehouse: Path) -> list[list[tuple]]:
    with open_reader(warehouse) as reader:
        return [reader.rows(query) for query in (ROWS, FILES, REJECTS)]


def plain(loads: Sequence[FileLoad]) -> list[tuple]:
    return [(Path(load.path).name, load.merged, load.note, load.rejects, load.left_out) for load in loads]


def test_files_loaded_together_are_as_files_loaded_one_by_one(tmp_path):
    together, apart = tmp_path / "together", tmp_path / "apart"
    for files in (BEGUN, GROWN):
        paths = write(tmp_path / "logs", files)
        at_once = load(together, paths)
        one_by_one = [result for path in paths for result in load(apart, [path])]
        assert [result.path for result in at_once] == [result.path for result in one_by_one]
        assert plain(at_once) == plain(one_by_one)
        assert held(together) == held(apart)


def test_a_bundle_is_as_large_as_it_may_be(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "MOST_FILES", 2)
    paths = write(tmp_path / "logs", {f"{number}.jsonl": text(answer(number)) for number in range(5)})
    told: list[str] = []
    loads = list(load_files(tmp_path / "w", paths, Options(), now=NOW, tell=told.append))
    assert [load.merged.loaded for load in loads] == [1] * 5
    assert [message for message in told if message.startswith("reading")] == [
        "reading 2 files as claude_code",
        "reading 2 files as claude_code",
        "reading 4.jsonl as claude_code",
    ]


@pytest.mark.parametrize("again", [False, True])
def test_the_same_content_under_two_names_is_known(tmp_path, again):
    paths = write(tmp_path / "logs", {"a.jsonl": BEGUN["b.jsonl"], "b.jsonl": BEGUN["b.jsonl"]})
    loads = list(load_files(tmp_path / "w", paths, Options(again=again), now=NOW, tell=lambda message: None))
    assert [load.merged.loaded for load in loads] == [2, 0]
    assert loads[1].note == (None if again else "already loaded")
