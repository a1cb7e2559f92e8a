"""Lines that other readers get wrong: each is loaded as it is meant, or kept with its address and a reason."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from ingest.load import FileLoad, load_files
from ingest.options import Options
from tests.kept import empty
from warehouse.batch import Given
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
PLAIN = Options()
USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def envelope(number: int, usage: object = None, **more: object) -> dict[str, object]:
    """A call at Novita on 2026-07-01, ``number`` seconds after noon."""
    body = {"id": f"chatcmpl-{number}", "model": "stepfun/step-3.7-flash", "usage": usage or USAGE}
    return {"time": 1782907200 + number, "base_url": "https://api.novita.ai/openai", "response": body, **more}


def line(number: int, usage: object = None, **more: object) -> str:
    """The same as a line of a log."""
    return json.dumps(envelope(number, usage, **more))


def load(folder: Path, content: str | bytes, *, name: str = "log.jsonl", options: Options = PLAIN) -> FileLoad:
    """Write a log and load it."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (result,) = load_files(folder / "warehouse", [path], options, now=NOW, tell=lambda message: None)
    assert result.error is None
    return result


def rows(folder: Path, columns: str, *, table: str = "usage_priced", order: str = "line") -> list[tuple]:
    with open_reader(folder / "warehouse") as reader:
        return reader.rows(f"select {columns} from {table} order by {order}")


def rejects(folder: Path) -> list[tuple[int, str]]:
    return rows(folder, "line, reason", table="reject")


@pytest.mark.parametrize(
    "cut", ['{"time": 1782907200, "response":', '{"time": 1782907200, "response": [', '{"time": 1,']
)
def test_a_cut_line_takes_no_good_neighbour_with_it(tmp_path, cut):
    result = load(tmp_path, "\n".join([line(1), cut, line(2), line(3)]) + "\n")
    assert (result.merged.loaded, result.merged.rejected) == (3, 1)
    assert [number for number, _ in rejects(tmp_path)] == [2]
    assert [found for (found,) in rows(tmp_path, "line")] == [1, 3, 4]


@pytest.mark.parametrize(
    ("written", "shown"),
    [("1.5", "1.5"), ("1e3", "1000.0"), ("-4", "-4"), ("true", "true"), ('"ten"', "ten")],
)
def test_what_is_no_whole_number_is_no_token_count(tmp_path, written, shown):
    bad = line(2).replace('"completion_tokens": 10', f'"completion_tokens": {written}')
    result = load(tmp_path, f"{line(1)}\n{bad}\n{line(3)}\n")
    assert result.merged.loaded == 2
    ((number, reason),) = rejects(tmp_path)
    assert number == 2
    assert f"usage.completion_tokens is {shown}" in reason


def test_a_number_with_leading_zeros_is_no_json(tmp_path):
    bad = line(2).replace('"completion_tokens": 10', '"completion_tokens": 007')
    assert load(tmp_path, f"{line(1)}\n{bad}\n{line(3)}\n").merged.loaded == 2
    assert rejects(tmp_path)[0][0] == 2
    text = line(4).replace('"completion_tokens": 10', '"completion_tokens": "007"')
    assert load(tmp_path, f"{text}\n", name="text.jsonl").merged.rejected == 1


def test_counts_written_as_text_are_counts(tmp_path):
    usage = {"prompt_tokens": "100", "completion_tokens": "10", "total_tokens": "110"}
    assert load(tmp_path, line(1, usage) + "\n").merged.loaded == 1
    assert rows(tmp_path, "input, output") == [(100, 10)]


def test_a_count_that_no_call_can_have_is_refused(tmp_path):
    usage = {"prompt_tokens": 10**12, "completion_tokens": 10}
    load(tmp_path, line(1, usage) + "\n")
    assert "1000000000000" in rejects(tmp_path)[0][1]


def test_a_byte_order_mark_is_stripped(tmp_path):
    assert load(tmp_path, b"\xef\xbb\xbf" + f"{line(1)}\n{line(2)}\n".encode()).merged.loaded == 2


def test_two_objects_on_a_line_are_two_records(tmp_path):
    result = load(tmp_path, f"{line(1)}\n{line(2)}{line(3)}\n{line(4)}\n")
    assert (result.merged.loaded, result.merged.rejected) == (4, 0)
    assert [found for (found,) in rows(tmp_path, "line")] == [1, 2, 2, 3]


def test_a_good_object_before_a_cut_one_on_the_same_line_loads(tmp_path):
    result = load(tmp_path, f"{line(1)}\n{line(2)}" + '{"time": 17\n' + f"{line(4)}\n")
    assert (result.merged.loaded, result.merged.rejected) == (3, 1)


def test_blank_lines_do_not_move_the_numbers(tmp_path):
    result = load(tmp_path, f"\n{line(1)}\n   \n\nnot json\n\n{line(2)}\n\n")
    assert (result.merged.loaded, result.merged.rejected) == (2, 1)
    assert [found for (found,) in rows(tmp_path, "line")] == [2, 7]
    assert [number for number, _ in rejects(tmp_path)] == [5]


def test_bytes_that_are_no_text_are_one_reject(tmp_path):
    content = line(1).encode() + b'\n{"time": "\xff\xfe"}\n' + line(2).encode() + b"\n"
    result = load(tmp_path, content)
    assert (result.merged.loaded, rejects(tmp_path)) == (2, [(2, "not UTF-8")])


@pytest.mark.parametrize("usage", [5, [1], "x", True])
def test_usage_of_the_wrong_kind_is_not_no_usage(tmp_path, usage):
    content = json.dumps({"time": 1782907200, "response": {"id": "a", "model": "m", "usage": usage}})
    load(tmp_path, f"{line(1)}\n{content}\n")
    assert rejects(tmp_path)[0][1].startswith("usage is ")


def test_a_key_first_seen_late_is_not_lost(tmp_path):
    lines = [line(number) for number in range(3000)]
    lines.append(line(3000, {**USAGE, "prompt_tokens_details": {"cached_tokens": 60}}))
    load(tmp_path, "\n".join(lines) + "\n")
    assert rows(tmp_path, "sum(cache_read)", order="1") == [(60,)]


def test_a_very_long_line_is_one_reject(tmp_path):
    long = json.dumps({"time": 1782907200, "note": "x" * (70 << 20)})
    result = load(tmp_path, f"{line(1)}\n{long}\n{line(2)}\n")
    assert result.merged.loaded == 2
    assert rejects(tmp_path) == [(2, "the line is longer than 64 MiB")]


def test_a_long_line_within_the_limit_loads(tmp_path):
    result = load(tmp_path, f"{line(1)}\n{line(2, request={'note': 'x' * (20 << 20)})}\n{line(3)}\n")
    assert result.merged.loaded == 3


@pytest.mark.parametrize("unended", ["", "\n"])
def test_a_line_feed_at_the_end_makes_no_difference(tmp_path, unended):
    assert load(tmp_path, f"{line(1)}\n{line(2)}{unended}").merged.loaded == 2


def test_no_time_is_a_reject_and_a_given_time_loads(tmp_path):
    content = json.dumps({"model": "stepfun/step-3.7-flash", "usage": USAGE})
    assert load(tmp_path, f"{content}\n{content}\n").merged.rejected == 2
    given = Options(given=Given(seller="novita", time=datetime(2026, 7, 1)))
    result = load(tmp_path, f"{content}\n{content}\n", options=given)
    assert (result.merged.loaded, result.merged.unpriced) == (2, 0)


@pytest.mark.parametrize(
    ("written", "at", "quality"),
    [
        (1782907200, datetime(2026, 7, 1, 12), "exact"),
        (1782907200.364766, datetime(2026, 7, 1, 12, 0, 0, 364766), "exact"),
        ("2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12), "exact"),
        ("2026-07-01T14:00:00.5+02:00", datetime(2026, 7, 1, 12, 0, 0, 500000), "exact"),
        ("2026-07-01 12:00:00", datetime(2026, 7, 1, 12), "assumed_utc"),
        ("2026-07-01T12:00", datetime(2026, 7, 1, 12), "assumed_utc"),
        ("2026-07-01T12:00:00.123456789Z", datetime(2026, 7, 1, 12, 0, 0, 123456), "exact"),
    ],
)
def test_times_are_utc_to_the_microsecond(tmp_path, written, at, quality):
    load(tmp_path, json.dumps({**envelope(1), "time": written}) + "\n")
    assert rows(tmp_path, "start_at, time_quality") == [(at, quality)]


@pytest.mark.parametrize("written", [1782907200000, "yesterday", "2026-13-01T00:00:00Z", "infinity", "epoch"])
def test_what_is_no_time_is_refused(tmp_path, written):
    load(tmp_path, f"{line(1)}\n{json.dumps({**envelope(2), 'time': written})}\n")
    assert "time" in rejects(tmp_path)[0][1]


def test_rejected_lines_are_kept_without_their_content(tmp_path):
    secret = '{"time": 1, "api_key": "sk-abcdefgh12345678", "content": "the patient", "usage": {"prompt_tokens": 1.5}'
    load(tmp_path, f"{line(1)}\n{secret}\n")
    ((text,),) = rows(tmp_path, "text", table="reject")
    assert "sk-abc" not in text
    assert "patient" not in text
    assert "1.5" in text


def test_no_prompt_or_key_reaches_the_warehouse(tmp_path):
    request = {"model": "m", "messages": [{"role": "user", "content": "very private words"}]}
    body = {
        "id": "a",
        "model": "m",
        "usage": {**USAGE, "total_tokens": 5},
        "choices": [{"message": {"content": "private answer"}}],
    }
    content = {
        "time": 1782907200,
        "request": request,
        "response": body,
        "user": "user-07",
        "key_alias": "sk-abcdefghijkl1234567890",
    }
    load(tmp_path, json.dumps(content) + "\n" + json.dumps(content)[:-30] + "\n")
    stored = (tmp_path / "warehouse" / "usage.duckdb").read_bytes()
    for secret in (b"private", b"user-07", b"sk-abcdefghij"):
        assert secret not in stored


def test_the_tier_is_read_where_anthropic_writes_it(tmp_path):
    """In the usage: a batch is charged half, and would look like an ordinary call."""
    assert load(tmp_path, line(1, {"input_tokens": 5, "output_tokens": 5, "service_tier": "batch"})).error is None
    assert rows(tmp_path, "service_tier") == [("batch",)]
