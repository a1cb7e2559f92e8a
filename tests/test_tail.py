"""Reading on where an earlier look ended: whole lines, piece by piece, never of another file under the same name."""

import hashlib
import json
from pathlib import Path

import pytest

from ingest import codex, openai_compatible, tail
from ingest.tail import Tail, TooLong, begin, goes_on, read_more
from warehouse.manifest import Known

LINES = [json.dumps({"id": number, "text": "x" * (number * 37 % 90)}).encode() + b"\n" for number in range(300)]
ALL = b"".join(LINES)


def known(path: Path, content: bytes, file_id: int = 7) -> Known:
    """What the manifest keeps of a file whose lines were all loaded."""
    digest, lines = hashlib.sha256(content).hexdigest(), content.count(b"\n")
    return Known(file_id, str(path), 0, len(content), digest, len(content), lines, digest, lines, "{}")


def start(path: Path) -> Tail:
    return begin(path, openai_compatible.SOURCE, [])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.jsonl"
    path.write_bytes(ALL)
    return path


@pytest.mark.parametrize("most", [200, 5_000, len(ALL)])
def test_pieces_are_whole_lines_and_make_up_the_file(most, log):
    place, texts = start(log), []
    while (more := read_more(log, place, most=most)) and more.text:
        assert more.text.endswith(b"\n") and more.is_all == (more.next.at_bytes == len(ALL))
        texts.append(more.text)
        place = more.next
    assert b"".join(texts) == ALL
    assert (place.lines, place.records, place.digest) == (300, 300, hashlib.sha256(ALL).hexdigest())


def test_a_new_start_goes_on_at_the_furthest_place_that_still_holds(log):
    half = b"".join(LINES[:100])
    others = [known(log, b"".join(LINES[:40]), 1), known(log, half, 2), known(log, b"other" + half, 3)]
    place = begin(log, openai_compatible.SOURCE, sorted(others, key=lambda each: each.complete_bytes))
    assert (place.file_id, place.at_bytes, place.lines, place.digest) == (2, len(half), 100, others[1].digest)
    nothing = begin(log, openai_compatible.SOURCE, [known(log, b"other" + half)])
    assert (nothing.file_id, nothing.at_bytes, nothing.digest) == (None, 0, hashlib.sha256().hexdigest())


def test_of_equal_places_the_files_own_is_taken(log):
    twins = [known(log, ALL, 1), known(log.with_name("copy"), ALL, 2)]
    for order in (twins, twins[::-1]):
        assert begin(log, openai_compatible.SOURCE, order).file_id == 1


@pytest.mark.parametrize("other", [b"", ALL[1:], b"".join(LINES[::-1]), b'{"id": 1}\n' * 3_000])
def test_another_file_under_the_name_is_seen_however_long_it_is(other, log):
    first = read_more(log, start(log))
    assert first
    log.write_bytes(other)
    assert not goes_on(log, first.next)
    assert read_more(log, first.next) is None


def test_a_line_without_an_end_waits_unless_it_is_whole_and_asked_for(log):
    first = read_more(log, start(log))
    assert first
    for rest, taken in ((b'{"id": 30', b""), (b'{"id": 300}', b'{"id": 300}\n'), (b"300", b"")):
        log.write_bytes(ALL + rest)
        waits, asked = read_more(log, first.next), read_more(log, first.next, unended=True)
        assert waits and asked and waits.text == b"" and asked.text == taken
        assert asked.next.at_bytes == len(ALL), "once it has an end it is read again"
        assert asked.size == len(ALL) + (len(rest) if taken else 0)


def test_a_source_with_a_memory_reads_from_the_beginning(log):
    first = read_more(log, begin(log, codex.SOURCE, []))
    assert first and first.whole
    with log.open("ab") as file:
        file.write(LINES[0])
    again = read_more(log, first.next)
    assert again and again.text == ALL + LINES[0] and again.next.lines == 301
    assert (unchanged := read_more(log, again.next)) and unchanged.text == b""


def test_a_line_that_is_too_long_is_not_read_as_a_part(log, monkeypatch):
    monkeypatch.setattr(tail, "LONGEST_LINE", 50)
    with pytest.raises(TooLong):
        read_more(log, start(log))
