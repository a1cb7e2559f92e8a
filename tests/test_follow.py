"""Files that change while they are watched: every line is loaded once, whatever becomes of its file."""

import gzip
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from ingest.follow import Follower, Round
from ingest.options import Options
from tests.warehouse_state import envelope
from warehouse.connection import open_reader

Entry = tuple[str, int, int]
"""A file of the manifest: its name, its lines, and the calls of it that were stored."""
long = pytest.mark.long


class Scene:
    """A folder that is watched, and a writer of calls, each its own."""

    def __init__(self, folder: Path, *, written: int = 0) -> None:
        self.root = folder / "warehouse"
        self.logs = folder / "logs"
        self.log = self.logs / "app.jsonl"
        self.written = written
        self.logs.mkdir(exist_ok=True)
        self.follower = self.another()

    def another(self) -> Follower:
        """A follower that remembers nothing: the watch was started anew."""
        return Follower(
            self.root, [str(self.logs)], Options(), clock=lambda: datetime(2026, 11, 23), tell=lambda message: None
        )

    def lines(self, count: int) -> str:
        """The next calls as lines."""
        first, self.written = self.written, self.written + count
        return "".join(json.dumps(envelope(number)) + "\n" for number in range(first, self.written))

    def write(self, text: str, path: Path | None = None) -> None:
        with (path or self.log).open("a", encoding="utf-8") as file:
            file.write(text)

    def round(self, *, ending: bool = False) -> Round:
        found = self.follower.round(ending=ending)
        assert [load.error for load in found.loads if load.error] == []
        return found

    def assert_each_once(self) -> list[Entry]:
        """Every call that was written is stored, and the manifest's sums say so, too."""
        with open_reader(self.root) as reader:
            assert reader.rows("select count(*), count(distinct response_id) from usage where file_id > 1") == [
                (self.written,) * 2
            ]
            files = reader.rows(
                "select path, lines, loaded, rejected from ingest_file where file_id > 1 order by file_id"
            )
        assert sum(loaded for _, _, loaded, _ in files) == self.written and not any(row[-1] for row in files)
        return [(Path(path).name, lines, loaded) for path, lines, loaded, _ in files]


@pytest.fixture(scope="module")
def begun(first_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where five calls of a log are loaded; each test has a copy."""
    folder = tmp_path_factory.mktemp("begun")
    shutil.copytree(first_warehouse, folder / "warehouse")
    scene = Scene(folder)
    scene.write(scene.lines(5))
    assert scene.round().rows == 5
    scene.assert_each_once()
    return folder


@pytest.fixture
def scene(begun: Path, tmp_path: Path) -> Scene:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    made = Scene(tmp_path, written=5)
    assert made.round().loads == (), "a copy is known"
    return made


def test_what_grows_and_what_appears_is_one_load(scene):
    assert scene.round().loads == ()
    scene.write(scene.lines(2))
    scene.write(scene.lines(3), scene.logs / "other.jsonl")
    assert [load.merged.loaded for load in scene.round().loads] == [2, 3]
    assert scene.assert_each_once() == [("app.jsonl", 7, 7), ("other.jsonl", 3, 3)]


def test_half_a_line_waits_for_its_end(scene):
    line = scene.lines(1)
    scene.write(line[:70])
    for _ in range(2):
        found = scene.round()
        assert found.loads == () and found.waiting == (str(scene.log),)
    scene.write(line[70:])
    found = scene.round()
    assert found.rows == 1 and found.waiting == ()
    scene.assert_each_once()


def rename(scene: Scene) -> None:
    scene.log.rename(scene.logs / "app.jsonl.1")


def rename_out_of_sight(scene: Scene) -> None:
    scene.log.rename(scene.logs / "app.jsonl.old")


def copy_and_truncate(scene: Scene) -> None:
    shutil.copy(scene.log, scene.logs / "app.jsonl.1")
    scene.log.write_text("")


def pack(scene: Scene) -> None:
    (scene.logs / "app.jsonl.1.gz").write_bytes(gzip.compress(scene.log.read_bytes()))
    scene.log.unlink()


WAYS = [(rename, 3, 9), (copy_and_truncate, 3, 2), (pack, 3, 2)]
MORE = [
    (way, unseen, after)
    for way in (rename, rename_out_of_sight, copy_and_truncate, pack)
    for unseen in (0, 3)
    for after in (2, 9)
]


@pytest.mark.parametrize(
    ("rotate", "unseen", "after"),
    [*WAYS, *(pytest.param(*way, marks=long) for way in MORE if way not in WAYS)],
)
def test_a_rotated_file_is_read_to_its_end(rotate: Callable[[Scene], None], unseen: int, after: int, scene: Scene):
    """Whatever was written last before it was rotated, and however long the new file is by then."""
    scene.write(scene.lines(unseen))
    rotate(scene)
    scene.write(scene.lines(after))
    found = [scene.round(), scene.round()]
    assert sum(each.rows for each in found) == unseen + after
    assert sum(load.merged.already_there for each in found for load in each.loads) == 0
    scene.assert_each_once()


def test_a_watch_that_is_started_anew_goes_on_where_the_last_one_ended(scene):
    scene.write(scene.lines(2))
    scene.follower = scene.another()
    assert [load.merged.records for load in scene.round().loads] == [2]
    scene.follower = scene.another()
    assert scene.round().loads == ()
    assert len(scene.assert_each_once()) == 1


def test_two_watches_on_one_warehouse(scene):
    other = scene.another()
    other.round()
    scene.write(scene.lines(3))
    assert scene.round().rows + other.round().rows == 3
    scene.write(scene.lines(3))
    assert other.round().rows + scene.round().rows == 3
    scene.assert_each_once()


def test_a_file_written_anew_with_its_old_size_and_time_is_read(scene):
    before, text = scene.log.stat(), scene.log.read_text()
    scene.log.write_text(text.replace("chatcmpl-", "chatcmpl_"))
    os.utime(scene.log, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = scene.log.stat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)
    scene.written += 5
    assert scene.round().rows == 5
    scene.assert_each_once()


def test_what_cannot_be_read_is_said_once(scene):
    (scene.logs / "unknown.jsonl").write_text('{"x": 1}\n')
    errors = [load.error for load in scene.follower.round().loads]
    assert len(errors) == 1 and errors[0] and "no source recognises it" in errors[0]
    assert scene.follower.round().loads == ()
    (scene.logs / "unknown.jsonl").write_text('{"x": 1, "y": 2}\n{"x": 2}\n')
    assert scene.follower.round().loads == (), "the same mistake again"
