"""No prompt, answer, argument, header or key is left anywhere after a load, whatever the format."""

from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from app.cli import run
from ingest.registry import SOURCES
from tests.planted import PLANTED, planted_copy
from tests.test_ingest_golden import INPUTS
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
SAID = (
    ("cost",),
    ("cost", "--by", "seller,model"),
    ("tasks",),
    ("sightings",),
    ("fields",),
    ("evaluations",),
    ("rates", "unpriced"),
)
"""Commands that show what is stored."""


def words_in(text: str) -> list[str]:
    return [word for word in PLANTED if word in text]


def texts_of(database: Path) -> Iterator[tuple[str, str]]:
    """Every table of a database with all of its rows as text, and the very bytes of the file."""
    yield database.name, database.read_bytes().decode("latin-1")
    with duckdb.connect(str(database), read_only=True) as connection:
        for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            yield name, "\n".join(map(str, connection.execute(f'select * from "{name}"').fetchall()))


@pytest.fixture(scope="module", params=[1, pytest.param(None, marks=pytest.mark.long)], ids=["fullest", "all"])
def inputs(request, tmp_path_factory) -> list[Path]:
    """Planted copies of the fullest inputs of each source, so many; None: of all."""
    folder = tmp_path_factory.mktemp("planted")
    copies = [copy for path in INPUTS if (copy := planted_copy(path, folder))]
    sizes = {source.name: [path for path in copies if path.parent.name == source.name] for source in SOURCES}
    return [
        path for of in sizes.values() for path in sorted(of, key=lambda each: -each.stat().st_size)[: request.param]
    ]


class Loaded(NamedTuple):
    """A warehouse with every planted input in it, and all that was said meanwhile, by the command's arguments."""

    warehouse: Path
    said: dict[str, str]


@pytest.fixture(scope="module")
def loaded(inputs, tmp_path_factory) -> Loaded:
    root = tmp_path_factory.mktemp("planted-warehouse")
    found = Loaded(root / "warehouse", {})
    # One preview a source: what it says is put together by the same code for every file.
    for source in (source.name for source in SOURCES):
        paths = [str(path) for path in inputs if path.parent.name == source]
        say(found, "ingest", "--preview", "--source", source, *paths[:1])
        say(found, "ingest", "--source", source, *paths)
    # Some are read again, in the words of programs: what they say is put together by the same code for every source.
    for path in inputs[::12]:
        say(found, "ingest", "--again", "--json", "--source", path.parent.name, str(path))
    for command in SAID:
        say(found, *command)
        say(found, *command, "--json")
    return found


def say(loaded: Loaded, *arguments: str) -> None:
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        run(["--warehouse", str(loaded.warehouse), "--now", NOW.isoformat(), *arguments])
    loaded.said[" ".join(arguments)] = out.getvalue() + err.getvalue()


def test_every_source_has_something_planted(inputs):
    planted = {path.parent.name for path in inputs if words_in(path.read_text(encoding="utf-8"))}
    assert planted == {source.name for source in SOURCES}


def test_every_source_stored_something(loaded):
    with open_reader(loaded.warehouse) as reader:
        found = reader.rows("select source, sum(records), sum(rejected) from ingest_file group by 1")
    assert {source for source, *_ in found} == {source.name for source in SOURCES}
    assert all(records + rejected for _, records, rejected in found)


def test_nothing_that_was_planted_is_said(loaded):
    assert len(loaded.said) > 2 * len(SOURCES) + len(SAID)
    assert {command: words for command, text in loaded.said.items() if (words := words_in(text))} == {}


def test_nothing_that_was_planted_is_stored(loaded):
    databases = sorted(loaded.warehouse.rglob("*.duckdb"))
    assert len(databases) == 2
    found = {name: words for database in databases for name, text in texts_of(database) if (words := words_in(text))}
    assert found == {}
