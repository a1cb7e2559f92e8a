"""Whatever a log of any source holds: no crash, no hang, no negative count, and every line is accounted for."""

import random
import time
from datetime import datetime
from pathlib import Path

import pytest

from ingest.load import load_files
from ingest.options import Options
from ingest.problem import Reject
from ingest.registry import SOURCES
from tests.fuzzed import OPTIONS, Unreadable, mutate, problems, read_everything
from tests.test_ingest_golden import INPUTS
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
SLOW_S = 20
"""Longer than any of these small files may take, on the slowest machine."""


def inputs_of(name: str) -> list[Path]:
    return [path for path in INPUTS if path.parent.name == name]


def strange_files(source: str, folder: Path, seed: int, count: int) -> list[Path]:
    """Copies of a source's golden inputs, each made strange in its own way."""
    draw = random.Random(f"{source} {seed}")
    found = []
    for number in range(count):
        path = draw.choice(inputs_of(source))
        copy = folder / f"{seed}-{number}{path.suffix}"
        copy.write_bytes(mutate(path.read_bytes(), draw))
        found.append(copy)
    return found


def check(source: str, folder: Path, seed: int, count: int) -> None:
    (known,) = [each for each in SOURCES if each.name == source]
    for path in strange_files(source, folder, seed, count):
        began = time.monotonic()
        try:
            found, rereader, shape = read_everything(path, known)
        except Unreadable:
            continue
        assert time.monotonic() - began < SLOW_S, path
        assert list(problems(found)) == [], path
        if shape == "lines":
            told = {item.line if isinstance(item, Reject) else item["line"] for item in found}
            written = [line for line in path.read_bytes().split(b"\n") if line and not line.isspace()]
            assert len(told) + rereader.left_out >= len(written), path


@pytest.mark.parametrize("source", [source.name for source in SOURCES])
def test_no_strange_file_breaks_a_reader(source, tmp_path):
    check(source, tmp_path, 1, 60)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("source", [source.name for source in SOURCES])
def test_many_strange_files_break_no_reader(source, seed, tmp_path):
    check(source, tmp_path, seed, 400)


@pytest.fixture(scope="module")
def strange(tmp_path_factory) -> tuple[Path, dict[str, list[Path]]]:
    """A warehouse with some strange files of every source, and those files."""
    folder = tmp_path_factory.mktemp("strange")
    files: dict[str, list[Path]] = {}
    for source in (source.name for source in SOURCES):
        (folder / source).mkdir()
        files[source] = strange_files(source, folder / source, 50, 1)
        options = OPTIONS._replace(source=source)
        for result in load_files(folder / "warehouse", files[source], options, now=NOW, tell=lambda message: None):
            assert result.error is None or str(folder) in result.error
    return folder / "warehouse", files


def test_strange_files_load_or_say_why_not(strange):
    warehouse, files = strange
    with open_reader(warehouse) as reader:
        text = "select distinct source from ingest_file where records + rejected > 0"
        loaded = {source for (source,) in reader.rows(text)}
        assert reader.rows("select count(*) from usage_priced where cost < 0 or output < 0") == [(0,)]
    assert loaded == set(files)


@pytest.mark.long
def test_a_second_load_of_strange_files_adds_nothing(strange):
    warehouse, files = strange
    sums = "select count(*), sum(input), sum(output) from usage"
    with open_reader(warehouse) as reader:
        before = reader.rows(sums)
    for source, paths in files.items():
        options = OPTIONS._replace(source=source, again=True)
        for result in load_files(warehouse, paths, options, now=NOW, tell=lambda message: None):
            assert result.merged.loaded == 0, result.path
    with open_reader(warehouse) as reader:
        assert reader.rows(sums) == before


@pytest.mark.parametrize("depth", [100, 100_000])
@pytest.mark.parametrize("source", [source.name for source in SOURCES])
def test_deep_nesting_is_refused_not_followed(source, depth, tmp_path):
    path = tmp_path / "deep.jsonl"
    good = inputs_of(source)[0].read_bytes()
    path.write_bytes(b'{"a":' * depth + b"1" + b"}" * depth + b"\n" + b"[" * depth + b"]" * depth + b"\n" + good)
    (known,) = [each for each in SOURCES if each.name == source]
    try:
        found, _, _ = read_everything(path, known)
    except Unreadable:
        return
    assert list(problems(found)) == []


@pytest.mark.parametrize("source", ["openai_compatible", pytest.param("litellm", marks=pytest.mark.long)])
def test_lines_of_fifty_megabytes_are_read(source, tmp_path):
    (path, *_) = [path for path in inputs_of(source) if path.suffix == ".jsonl"]
    lines = path.read_bytes().split(b"\n")
    padding = b'{"padding": "' + b"x" * (50 << 20) + b'", '
    log = tmp_path / "huge.jsonl"
    with log.open("wb") as file:
        for line in lines[:3]:
            file.write(line.replace(b"{", padding, 1) + b"\n")
    (result,) = load_files(tmp_path / "warehouse", [log], Options(source=source), now=NOW, tell=lambda message: None)
    assert result.error is None
    with open_reader(tmp_path / "warehouse") as reader:
        assert reader.rows("select count(*) from usage where line = 1") == [(1,)]
