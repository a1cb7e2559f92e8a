"""Files that changed since they were loaded: grown, cut, rewritten, renamed, packed, damaged."""

import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest
import zstandard

from ingest import prepare
from ingest.load import FileLoad, load_files
from ingest.options import Options
from tests.kept import empty
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
PLAIN = Options()
USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def line(number: int, **more: object) -> bytes:
    """A call at Novita, as a line of a log."""
    body = {"id": f"chatcmpl-{number}", "model": "stepfun/step-3.7-flash", "usage": USAGE}
    call = {"time": 1782907200 + number, "base_url": "https://api.novita.ai/openai", "response": body, **more}
    return json.dumps(call).encode() + b"\n"


def lines(*numbers: int) -> bytes:
    return b"".join(map(line, numbers))


def load(folder: Path, content: bytes, *, name: str = "log.jsonl", options: Options = PLAIN) -> FileLoad:
    """Write a log and load it."""
    path = folder / name
    path.write_bytes(content)
    (result,) = load_files(folder / "warehouse", [path], options, now=NOW, tell=lambda message: None)
    assert result.error is None
    return result


def rows(folder: Path, text: str) -> list[tuple]:
    with open_reader(folder / "warehouse") as reader:
        return reader.rows(text)


def places(folder: Path) -> list[tuple]:
    """Which call stands in which file, on which line."""
    return rows(folder, "select response_id, file_id, line from usage order by start_at, response_id")


def rejects(folder: Path) -> list[tuple[int, str]]:
    return rows(folder, "select line, reason from reject order by file_id, line")


def files(folder: Path, columns: str = "file_id, records, loaded, rejected") -> list[tuple]:
    return rows(folder, f"select {columns} from ingest_file order by file_id")


def test_a_grown_file_loads_its_new_lines_only(tmp_path):
    """Twice in a row; numbers go on where they were, blank lines included."""
    load(tmp_path, b"\n" + lines(1, 2) + b"\n")
    for content, new in [
        (b"\n" + lines(1, 2) + b"\n" + b"\n\n" + lines(3) + b"not json\n\n" + lines(4), 2),
        (b"\n" + lines(1, 2) + b"\n" + b"\n\n" + lines(3) + b"not json\n\n" + lines(4) + lines(5) + b"  \n", 1),
    ]:
        merged = load(tmp_path, content).merged
        assert (merged.records, merged.loaded, merged.already_there) == (new, new, 0)
    assert [place for _, _, place in places(tmp_path)] == [2, 3, 7, 10, 11]
    assert rejects(tmp_path)[0][0] == 8
    assert files(tmp_path) == [(1, 5, 5, 1)]


def test_a_half_written_line_is_rejected_until_it_is_whole(tmp_path):
    whole = lines(1, 2, 3)
    assert load(tmp_path, whole[:-40]).merged.rejected == 1
    assert [number for number, _ in rejects(tmp_path)] == [3]
    merged = load(tmp_path, whole[:-20]).merged
    assert (merged.loaded, merged.rejected) == (0, 1)
    merged = load(tmp_path, whole + lines(4)).merged
    assert (merged.loaded, merged.rejected) == (2, 0)
    assert rejects(tmp_path) == []
    assert places(tmp_path) == [(f"chatcmpl-{number}", 1, number) for number in (1, 2, 3, 4)]
    assert files(tmp_path) == [(1, 4, 4, 0)]


def test_a_whole_last_line_without_its_line_feed_is_one_record(tmp_path):
    load(tmp_path, lines(1, 2)[:-1])
    merged = load(tmp_path, lines(1, 2, 3)).merged
    assert (merged.loaded, merged.already_there) == (1, 1)
    assert places(tmp_path) == [(f"chatcmpl-{number}", 1, number) for number in (1, 2, 3)]


def test_a_file_that_grew_is_known_under_its_new_name(tmp_path):
    load(tmp_path, lines(1, 2), name="today.jsonl")
    (tmp_path / "today.jsonl").unlink()
    assert load(tmp_path, lines(1, 2, 3), name="yesterday.jsonl").merged.records == 1
    assert files(tmp_path, "file_id, parse_filename(path)") == [(1, "yesterday.jsonl")]
    # The name may begin anew.
    assert load(tmp_path, lines(4, 5), name="today.jsonl").merged.loaded == 2
    assert files(tmp_path, "file_id, parse_filename(path)") == [(1, "yesterday.jsonl"), (2, "today.jsonl")]


@pytest.mark.parametrize(("name", "pack"), [("log.gz", gzip.compress), ("log.zst", zstandard.compress)])
def test_a_packed_file_grows_by_its_content(tmp_path, name, pack):
    load(tmp_path, pack(lines(1, 2)), name=name)
    assert load(tmp_path, pack(lines(1, 2)) + pack(lines(3)), name=name).merged.records == 1
    assert load(tmp_path, lines(1, 2, 3, 4), name="plain").merged.records == 1
    assert files(tmp_path, "file_id, loaded") == [(1, 4)]


def test_a_truncated_or_rewritten_file_is_read_whole_and_adds_what_is_new(tmp_path):
    load(tmp_path, lines(1, 2, 3))
    merged = load(tmp_path, lines(1, 2)).merged
    assert (merged.records, merged.loaded, merged.already_there) == (2, 0, 2)
    merged = load(tmp_path, line(1, note="edited") + lines(2, 3, 4)).merged
    assert (merged.records, merged.loaded, merged.already_there) == (4, 1, 3)
    assert [name for name, *_ in places(tmp_path)] == [f"chatcmpl-{number}" for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(("name", "pack"), [("log.gz", gzip.compress), ("log.zst", zstandard.compress)])
def test_a_cut_packed_file_loads_what_could_be_unpacked(tmp_path, name, pack):
    numbers = range(2000)
    packed = pack(lines(*numbers))
    cut = load(tmp_path, packed[: len(packed) // 2], name=name).merged
    assert 100 < cut.loaded < 1900
    ((last, reason),) = [(number, reason) for number, reason in rejects(tmp_path) if "packed" in reason]
    assert reason.startswith("the packed data is damaged or ends early: ")
    assert last > cut.loaded
    # It arrives whole: the reject goes with what it said.
    whole = load(tmp_path, packed, name=name).merged
    assert cut.loaded + whole.loaded == len(numbers)
    assert rejects(tmp_path) == []


def test_a_packed_file_whose_end_is_damaged_loads_with_a_reject(tmp_path):
    packed = gzip.compress(lines(1, 2, 3))
    assert load(tmp_path, packed[:-8] + bytes(8), name="log.gz").merged.loaded == 3
    ((number, reason),) = rejects(tmp_path)
    assert (number, "damaged" in reason) == (4, True)


def test_a_packed_file_with_nothing_in_it_is_an_error(tmp_path):
    (tmp_path / "log.gz").write_bytes(gzip.compress(lines(1))[:5])
    (result,) = load_files(tmp_path / "w", [tmp_path / "log.gz"], PLAIN, now=NOW, tell=lambda message: None)
    assert result.error


def test_lines_that_are_too_long_have_their_numbers_in_a_grown_file(tmp_path, monkeypatch):
    """Read in very small blocks, so that every line crosses the end of one."""
    monkeypatch.setattr(prepare, "LONGEST_LINE", 2000)
    monkeypatch.setattr(prepare, "BLOCK", 100)
    long = line(9, note="x" * 3000)
    load(tmp_path, lines(1) + long + lines(2))
    merged = load(tmp_path, lines(1) + long + lines(2) + b"\n" + lines(3) + long + lines(4)).merged
    assert (merged.loaded, merged.rejected) == (2, 1)
    assert [number for number, _ in rejects(tmp_path)] == [2, 6]
    assert {reason for _, reason in rejects(tmp_path)} == {"the line is longer than 64 MiB"}
    assert [place for *_, place in places(tmp_path)] == [1, 3, 5, 7]


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 20])
def test_a_survey_says_the_same_in_blocks_of_any_size(tmp_path, monkeypatch, block):
    content = lines(1, 2) + b"\n" + line(3, note="x" * 500) + b"half a line"
    path = tmp_path / "log"
    path.write_bytes(content)
    with path.open("rb") as file:
        whole = prepare.survey(file, [])
    mark = prepare.Mark(whole.complete_bytes, whole.complete_digest)
    monkeypatch.setattr(prepare, "BLOCK", block)
    monkeypatch.setattr(prepare, "LONGEST_LINE", 400)
    with path.open("rb") as file:
        found = prepare.survey(file, [mark, prepare.Mark(5, "no such digest")])
    assert (found.size_bytes, found.digest) == (len(content), whole.digest)
    assert (found.complete_bytes, found.complete_lines) == (content.rindex(b"\n") + 1, 4)
    assert found.grown_from == mark
    if block < 400:
        assert (found.too_long, found.longest) == ((4,), len(line(1)) - 1)
