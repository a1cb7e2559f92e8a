"""What a recorder writes: attempts told apart, answers that broke off, sizes of messages, calls that it dropped."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.openai_compatible import SOURCE
from ingest.options import Options
from ingest.registry import find_source
from ingest.source import Sample
from ingest.stage import Readable, stage_file
from warehouse.connection import open_reader, open_staging
from warehouse.dropped import dropped_calls
from warehouse.folder import Folder

NOW = datetime(2026, 11, 22)
BASE = {
    "schema": "tollbook-capture/1",
    "time": "2026-11-20T09:15:02.140123Z",
    "base_url": "https://api.novita.ai/openai/v1",
    "api_path": "/chat/completions",
    "request": {"model": "stepfun/step-3.7-flash"},
    "ended": True,
    "status": 200,
}
USAGE = {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}
ANSWER = {"object": "chat.completion", "model": "stepfun/step-3.7-flash", "usage": USAGE}
REPORT = {
    "schema": "tollbook-capture/1",
    "time": "2026-11-20T09:16:00Z",
    "since": "2026-11-20T09:15:30Z",
    "dropped": 17,
}


def answered(number: int, **more: Any) -> dict[str, Any]:
    return {**BASE, "record": f"r{number}", "response": {"id": f"chatcmpl-{number}", **ANSWER}, **more}


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def load(tmp_path, warehouse_begun) -> Any:
    """Loads lines, and gives what came of the file."""

    def load(lines: list[dict[str, Any]], name: str = "capture.jsonl") -> Any:
        path = write(tmp_path / name, lines)
        (result,) = load_files(tmp_path / "warehouse", [path], Options(), now=NOW, tell=lambda message: None)
        return result

    return load


@pytest.fixture
def rows(tmp_path) -> Any:
    """The stored calls, in order."""

    def rows(columns: str) -> list[tuple[Any, ...]]:
        with open_reader(tmp_path / "warehouse") as reader:
            return reader.rows(f"select {columns} from usage_priced order by line")

    return rows


def staged(tmp_path: Path, lines: list[dict[str, Any]], *, in_python: bool) -> list[tuple[Any, ...]]:
    """What a file's lines read as, the plain ones or those read in Python."""
    columns = "tools, json_schema, image, video, sent_messages, known_messages, new_answer_chars, new_call_chars, "
    columns += "new_thinking_chars, new_other_chars, new_media, answer_chars, call_chars, thinking_chars"
    readable = Readable(write(tmp_path / "x.jsonl", lines), "lines", 1, 1 << 20, (), None, "mixed", "mark")
    with open_staging(Folder(tmp_path / "staging")) as staging:
        stage_file(staging, readable, SOURCE, Options(), in_python=in_python)
        return staging.execute(f"select {columns} from {'reread' if in_python else 'stage where plain'}").fetchall()


SIZES = {
    "messages": 14,
    "known": 12,
    "new": [
        {"role": "assistant", "kind": "text", "chars": 812},
        {"role": "assistant", "kind": "tool_call", "chars": 90},
        {"role": "assistant", "kind": "reasoning", "chars": 7},
        {"role": "tool", "kind": "text", "chars": 3021},
        {"role": "user", "kind": "text", "chars": 9},
        {"role": "user", "kind": "image", "count": 2, "bytes": 48213},
    ],
    "answer": [
        {"kind": "text", "chars": 640},
        {"kind": "refusal", "chars": 1},
        {"kind": "encrypted", "count": 1, "bytes": 900},
        {"kind": "reasoning", "chars": 1200},
        {"kind": "tool_call", "chars": 91},
    ],
}
READ = (14, 12, 812, 90, 7, 3030, 2, 641, 91, 1200)


@pytest.mark.parametrize("in_python", [False, True])
def test_sizes_are_added_up_per_role_and_kind(tmp_path, in_python):
    features = {"tools": True, "json_schema": False, "image": True}
    lines = [answered(1, features=features, sizes=SIZES), answered(2)]
    found = staged(tmp_path, lines, in_python=in_python)
    assert found == [(True, False, True, None, *READ), (None,) * 14]


@pytest.mark.parametrize("in_python", [False, True])
def test_what_a_recorder_says_of_the_request_goes_before_what_is_left_of_it(tmp_path, in_python):
    request = {"model": "m", "tools": [1], "response_format": {"type": "json_schema"}}
    seen = {"messages": [{"content": [{"type": "image_url"}]}], **request}
    features = {"tools": False, "json_schema": False, "image": False}
    lines = [answered(1, request=seen, features=features), answered(2, request=seen, features={})]
    found = [row[:4] for row in staged(tmp_path, lines, in_python=in_python)]
    assert found == [(False, False, False, False), (True, True, True, False)]


@pytest.mark.parametrize("in_python", [False, True])
def test_a_size_that_is_not_there_is_unknown_and_not_none(tmp_path, in_python):
    lines = [answered(1, sizes={"messages": 3, "new": [{"role": "user", "kind": "text"}], "answer": []})]
    (row,) = (
        staged(tmp_path, lines, in_python=True)
        if in_python
        else staged(tmp_path, lines, in_python=False) or [staged(tmp_path, lines, in_python=True)[0]]
    )
    assert row[4:] == (3, None, 0, 0, 0, None, 0, 0, 0, 0)


def test_words_beside_a_picture_or_a_voice_do_not_stand_for_what_was_billed(load, rows):
    text, sealed = {"kind": "text", "chars": 40}, {"kind": "encrypted", "count": 1, "bytes": 9}
    media = [{"kind": kind, "count": 1, "bytes": 900} for kind in ("image", "audio")]
    answers = [[text], *([text, each] for each in media), [text, sealed]]
    assert load([answered(n, sizes={"answer": parts}) for n, parts in enumerate(answers)]).merged.loaded == 4
    assert rows("answer_chars, call_chars") == [(40, 0), (None, 0), (None, 0), (40, 0)]


def test_half_a_character_in_a_name_loses_no_call(load, rows):
    half = "emoji \ud83d"
    event = "data: " + json.dumps({"id": "c", **ANSWER, "provider": half, "choices": []}) + "\n\ndata: [DONE]\n\n"
    packed = json.dumps({"id": "d", **ANSWER, "provider": half})
    named = answered(1, task=half, user=half, tags={half: half}, agent="\U0001f600")
    assert load([named, answered(2), answered(3, response=event), answered(4, response=packed)]).merged.loaded == 4
    whole = "emoji \ufffd"
    assert rows("task, agent, upstream_provider") == [
        (whole, "\U0001f600", None), (None, None, None), (None, None, whole), (None, None, whole),
    ]  # fmt: skip


def test_a_size_that_is_no_number_is_rejected_by_name(load):
    bad = answered(1, sizes={"answer": [{"kind": "text", "chars": -4}]})
    assert load([bad, answered(2)]).rejects[0][0].startswith("sizes.answer is -4, not a whole number")


def test_attempts_that_nothing_else_tells_apart_are_two_by_the_recorders_id(load, rows):
    refused = {**BASE, "status": 401, "latency_ms": 12}
    attempts = [{**refused, "record": name, "logical_call": "call-1"} for name in ("r1", "r2")]
    assert load(attempts).merged.loaded == 2
    assert load([*attempts, answered(3)]).merged.loaded == 1
    assert load(attempts, "copy.jsonl").merged.loaded == 0
    assert rows("logical_call, error_category, operation, api_path")[0] == (
        "call-1", "auth", "chat", "/chat/completions",
    )  # fmt: skip


def test_an_answer_that_a_gateways_log_has_too_is_one(load, rows):
    load([answered(1)])
    seen = {name: value for name, value in answered(1).items() if name not in ("record", "schema")}
    assert load([{**seen, "team": "search"}], "gateway.jsonl").merged.loaded == 0
    assert rows("team") == [("search",)]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, tuple[Any, ...]]:
    """What is stored of answers that ended in all ways, by the recorder's id."""
    folder = tmp_path_factory.mktemp("outcomes")
    begun = {"id": "c", "object": "chat.completion.chunk", "model": "stepfun/step-3.7-flash"}
    lines = []
    for word in ("disconnect", "cancelled", "timeout"):
        cut = {"ended": False, "error": {"type": word}}
        nothing = {**BASE, "status": None, **cut}
        parted = [answered(1, **cut), answered(2, response=begun, **cut), nothing]
        lines += [{**line, "record": f"{word} {place}"} for place, line in enumerate(parted)]
    ended = {**begun, "choices": [{"finish_reason": "stop"}]}
    stream = {"model": "m", "stream": True}
    lines.append({**answered(4, ended=False), "record": "no word"})
    lines.append({**answered(5, response=ended, request=stream), "record": "no usage"})
    lines.append({**answered(6, request={"model": "m", "service_tier": "flex"}), "record": "flex"})
    for number, line in enumerate(lines):
        line["logical_call"] = line["record"]
        if line.get("response"):
            line["response"] = {**line["response"], "id": f"chatcmpl-{number}"}
    path = write(folder / "capture.jsonl", lines)
    list(load_files(folder / "warehouse", [path], Options(), now=NOW, tell=lambda message: None))
    with open_reader(folder / "warehouse") as reader:
        columns = "usage_status, error_category, output, cost is null, streamed, service_tier_asked, service_tier"
        found = reader.rows(f"select logical_call, {columns} from usage_priced")
    return {name: tuple(rest) for name, *rest in found}


@pytest.mark.parametrize("word", ["disconnect", "cancelled", "timeout"])
def test_an_answer_that_broke_off_is_a_part_or_unknown(outcomes, word):
    found = [outcomes[f"{word} {place}"][:4] for place in range(3)]
    assert found == [("partial", word, 10, False), ("missing", word, None, True), ("missing", word, None, True)]


def test_an_answer_that_broke_off_without_a_word_is_a_disconnect(outcomes):
    assert outcomes["no word"][:2] == ("partial", "disconnect")


def test_a_stream_that_ended_without_usage_is_missing_and_no_failure(outcomes):
    assert outcomes["no usage"][:5] == ("missing", None, None, True, True)


def test_the_tier_that_was_asked_for_is_not_the_one_that_is_billed(outcomes):
    assert outcomes["flex"][5:] == ("flex", None)


def test_dropped_calls_are_told_and_kept_once(load, rows, tmp_path):
    result = load([answered(1), REPORT])
    assert (result.merged.records, result.merged.loaded, result.merged.rejected) == (1, 1, 0)
    assert result.warnings == (
        "the recorder dropped 17 calls between 2026-11-20 09:15:30 and 2026-11-20 09:16:00 UTC: in no figure",
    )
    later = {**REPORT, "time": "2026-11-20T09:17:00Z", "since": REPORT["time"], "dropped": 1}
    assert load([answered(1), REPORT, later]).warnings[0].startswith("the recorder dropped 1 call between")
    write(tmp_path / "more.jsonl", [answered(2), REPORT])
    with gzip.open(tmp_path / "more.jsonl.gz", "wt") as packed:
        packed.write((tmp_path / "more.jsonl").read_text())
    list(load_files(tmp_path / "warehouse", [tmp_path / "more.jsonl.gz"], Options(), now=NOW, tell=lambda _: None))
    with open_reader(tmp_path / "warehouse") as reader:
        (found,) = dropped_calls(reader)
        assert (found.calls, found.since, found.told_at) == (
            18, datetime(2026, 11, 20, 9, 15, 30), datetime(2026, 11, 20, 9, 17),
        )  # fmt: skip
        assert dropped_calls(reader, since=datetime(2026, 11, 21)) == ()
        assert dropped_calls(reader, until=datetime(2026, 11, 20, 9, 16))[0].calls == 17
    assert len(rows("line")) == 2


def test_a_file_of_nothing_but_a_report_is_known(load):
    result = load([REPORT])
    assert (result.error, result.merged.loaded, len(result.warnings)) == (None, 0, 1)


def test_a_report_that_cannot_be_read_is_rejected(load):
    bad = [{**REPORT, "dropped": "many"}, {**REPORT, "time": None}, {**REPORT, "dropped": 0}, answered(1)]
    assert [reason.split(" ")[0] for reason, *_ in load(bad).rejects] == ["dropped", "no"]


@pytest.mark.parametrize(
    "body",
    [
        {"id": "gen-1", "provider": "StepFun", **ANSWER},
        {"id": "msg_1", "type": "message", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}},
        {"id": "resp_1", "object": "response", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}},
        None,
    ],
)
def test_whatever_is_recorded_one_source_knows_the_file(body):
    line = {**answered(1, sizes=SIZES, features={}), "response": body}
    found = {name: value for name, value in line.items() if value is not None}
    assert find_source(Sample("lines", (found,)), "capture.jsonl") is SOURCE
