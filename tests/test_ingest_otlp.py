"""Spans in any order, twice, above one another and broken: each call counts once, and none of its words is kept."""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from app.cli import run
from ingest.load import load_files
from ingest.options import Options
from ingest.traces import tree as spans_tree
from ingest.traces.values import attributes_of, id_of, instant, nanoseconds
from tests.kept import empty
from tests.recorders import NOW, all_rows
from warehouse.connection import open_reader

TRACE = "5b8efff798038103d269b633813fc60c"
START = 1_795_318_060_000_000_000
COUNTS = {"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 10}
ANSWER: dict[str, Any] = {"gen_ai__response__id": "chatcmpl-0123456789abcdef"}
AGENT: dict[str, Any] = {"gen_ai__operation__name": None, "gen_ai__usage__input_tokens": 300}
"""A span above calls that says no more than how many tokens they used."""
INVOKED: dict[str, Any] = {"gen_ai__operation__name": "invoke_agent"}
BESIDE: dict[str, Any] = {"gen_ai__usage__cache_read__input_tokens": 80}


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def span(number: int, parent: int = 0, **attributes: Any) -> dict[str, Any]:
    """A chat span; keyword names write ``__`` for a dot, None takes an attribute away."""
    named = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5-mini", **COUNTS}
    named |= {name.replace("__", "."): value for name, value in attributes.items()}
    found = {
        "traceId": TRACE,
        "spanId": f"{number:016x}",
        "name": "chat",
        "startTimeUnixNano": str(START + number * 1000),
        "endTimeUnixNano": str(START + number * 1000 + 5_000_000),
        "attributes": [{"key": name, "value": typed(value)} for name, value in named.items() if value is not None],
    }
    return {**found, "parentSpanId": f"{parent:016x}"} if parent else found


def typed(value: Any) -> dict[str, Any]:
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def request(*spans: dict[str, Any], scope: str = "demo.instrumentation") -> dict[str, Any]:
    return {"resourceSpans": [{"scopeSpans": [{"scope": {"name": scope}, "spans": list(spans)}]}]}


def load(folder: Path, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows after loading the requests, a line each."""
    log = folder / "spans.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in requests), encoding="utf-8")
    (result,) = load_files(folder / "warehouse", [log], Options(), now=NOW, tell=lambda message: None)
    assert result.error is None
    return all_rows(folder / "warehouse")


@pytest.mark.parametrize(
    "lines",
    [
        [request(span(1, 9), span(2, 9)), request(span(9, **AGENT))],
        [request(span(9, **AGENT), span(1, 9), span(2, 9))],
        [
            request(span(1, 8), span(2, 8)),
            request(span(8, 9, gen_ai__operation__name="invoke_agent"), span(9, **AGENT)),
        ],
        [
            request(span(8, 9, gen_ai__operation__name="execute_tool")),
            request(span(1, 8), span(2, 8)),
            request(span(9, **AGENT)),
        ],
    ],
    ids=["parent last", "parent first in one batch", "through an agent", "through a tool that passed before"],
)
def test_a_span_above_calls_does_not_count(lines, tmp_path):
    assert [row["span_id"][-1] for row in load(tmp_path, *lines)] == ["1", "2"]


def test_a_parent_of_another_service_that_came_first_is_one_with_its_child(tmp_path):
    rows = load(tmp_path, request(span(9, gen_ai__response__id="x" * 20)), request(span(1, 9)))
    assert [row["input"] for row in rows] == [100]


def test_a_parent_has_the_usage_that_its_child_lacks(tmp_path):
    bare: dict[str, Any] = dict.fromkeys(("gen_ai__usage__input_tokens", "gen_ai__usage__output_tokens"))
    rows = load(tmp_path, request(span(1, 9, **bare)), request(span(9)))
    assert [(row["usage_status"], row["input"]) for row in rows] == [("reported", 100)]


def test_a_span_delivered_again_counts_once_and_a_retry_twice(tmp_path):
    assert len(load(tmp_path, request(span(1), span(2)), request(span(1)), request(span(1), span(2)))) == 2


def test_one_answer_through_two_instrumentations_is_one_record(tmp_path):
    found = load(tmp_path, request(span(1, 9, **ANSWER), scope="one"), request(span(2, 9, **ANSWER), scope="two"))
    assert len(found) == 1


def test_short_ids_of_answers_tell_no_calls_apart(tmp_path):
    """Some servers number their answers up to a thousand."""
    same: dict[str, Any] = {"gen_ai__response__id": "chatcmpl-577"}
    assert len(load(tmp_path, request(span(1, **same)), request(span(2, **same)))) == 2


def test_what_is_remembered_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(spans_tree, "MOST", 20)
    tree = spans_tree.Tree()
    monkeypatch.setattr("ingest.otlp.Tree", lambda: tree)
    load(tmp_path, *(request(span(number, number + 1000)) for number in range(1, 200)))
    assert [len(memory) for memory in (tree.below, tree.passed, tree.counted, tree.beside)] == [20] * 4


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (BESIDE, (20, 80, "openai_chat")),
        ({"gen_ai__usage__cache_read__input_tokens": 180}, (100, 180, "anthropic")),
        ({**BESIDE, "gen_ai__usage__total_tokens": 190}, (100, 80, "anthropic")),
        ({**BESIDE, "gen_ai__usage__total_tokens": 110}, (20, 80, "openai_chat")),
        ({**BESIDE, "gen_ai__request__model": "claude-opus-4-6"}, (100, 80, "anthropic")),
    ],
    ids=["inside", "more than the input", "total says beside", "total says inside", "Claude, unproven"],
)
def test_where_cached_tokens_stand(attributes, expected, tmp_path):
    (row,) = load(tmp_path, request(span(1, **attributes)))
    assert (row["input"], row["cache_read"], row["usage_flavour"]) == expected


def test_no_tokens_at_all_and_no_cost_are_unknown(tmp_path):
    zeros: dict[str, Any] = {
        "gen_ai__usage__input_tokens": 0,
        "gen_ai__usage__output_tokens": 0,
        "gen_ai__usage__cost": 0,
    }
    (row,) = load(tmp_path, request(span(1, **zeros)))
    assert (row["usage_status"], row["input"], row["output"], row["cost_reported"]) == ("missing", None, None, None)


def test_one_span_that_cannot_be_read_does_not_keep_others_out(tmp_path):
    rows = load(tmp_path, request(span(1), span(2, gen_ai__usage__output_tokens=-1), span(3)))
    assert len(rows) == 2
    with open_reader(tmp_path / "warehouse") as reader:
        ((reason, text),) = reader.rows("select reason, text from reject")
    assert (reason.split(",")[0], text) == ("gen_ai.usage.output_tokens is -1", "")


def message(*spans: dict[str, Any]) -> bytes:
    """A request as protobuf, made by the protocol's own package."""
    for one in spans:
        for name in ("traceId", "spanId", "parentSpanId"):
            if name in one:
                one[name] = base64.b64encode(bytes.fromhex(one[name])).decode()
    return ParseDict(request(*spans), ExportTraceServiceRequest()).SerializeToString()


def framed(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


@pytest.mark.parametrize("write", [bytes, framed], ids=["bare", "framed"])
def test_protobuf_is_read_as_json_is(write, tmp_path):
    path = tmp_path / "spans.pb"
    path.write_bytes(write(message(span(1, **ANSWER), span(2, 1))))
    (result,) = load_files(tmp_path / "other", [path], Options(), now=NOW, tell=lambda message: None)
    assert (result.source, result.merged.loaded, result.merged.rejected) == ("otlp", 1, 0)


def test_a_broken_frame_is_named_by_its_byte_and_those_before_it_load(tmp_path):
    one, two, three = (message(span(number)) for number in (1, 2, 3))
    path = tmp_path / "spans.pb"
    path.write_bytes(framed(one) + framed(b"\xff" * len(two)) + framed(three)[:-7])
    (result,) = load_files(tmp_path / "warehouse", [path], Options(), now=NOW, tell=lambda message: None)
    assert result.merged.loaded == 1
    at, after = len(framed(one)), len(framed(one)) + len(framed(two))
    cut = f"the frame at byte {after} is cut off: it says {len(three)} bytes, and {len(three) - 7} are left"
    assert {reason for reason, *_ in result.rejects} == {f"the message at byte {at} is no export request", cut}


def verdict(label: str) -> dict[str, Any]:
    named = {
        "gen_ai.evaluation.name": "Relevance",
        "gen_ai.evaluation.score.label": label,
        "gen_ai.evaluation.explanation": "the geheime zebrafink answer",
    }
    pairs = [{"key": name, "value": typed(value)} for name, value in named.items()]
    return {"name": "gen_ai.evaluation.result", "timeUnixNano": str(START), "attributes": pairs}


def test_verdicts_are_kept_once_without_their_explanation_and_listed(tmp_path, capsys):
    judged = {**span(1), "events": [verdict("good")]}
    record = {**verdict("bad"), "eventName": "gen_ai.evaluation.result", "traceId": TRACE, "spanId": f"{1:016x}"}
    logs = {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}
    load(tmp_path, request(judged), logs)
    load(tmp_path, logs, request(judged), request(span(2)))
    assert run(["--warehouse", str(tmp_path / "warehouse"), "evaluations", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    found = sorted((row["name"], row["label"], row["model"]) for row in rows)
    assert found == [("Relevance", "bad", "gpt-5-mini"), ("Relevance", "good", "gpt-5-mini")]
    assert run(["--warehouse", str(tmp_path / "warehouse"), "evaluations"]) == 0
    assert "Relevance" in capsys.readouterr().out
    assert b"zebrafink" not in (tmp_path / "warehouse" / "usage.duckdb").read_bytes()


def test_no_word_of_a_call_is_kept(tmp_path):
    planted = "meine geheime zebrafink Frage"
    failed = span(1, error__type=planted, ai__prompt=planted, gen_ai__tool__description=planted)
    failed |= {"name": planted, "status": {"code": 2, "message": f"Error code: 400 - {planted}"}}
    failed["events"] = [{"name": "exception", "attributes": [{"key": "exception.message", "value": typed(planted)}]}]
    told = span(2, metadata=json.dumps({"question": planted, "user_email": "someone@example.com", "team": "demo"}))
    rows = load(tmp_path, request(failed, told), {"resourceSpans": planted})
    assert [(row["error_category"], row["http_status"], row["team"]) for row in rows] == [
        ("invalid_request", 400, None),
        (None, None, "demo"),
    ]
    content = (tmp_path / "warehouse" / "usage.duckdb").read_bytes()
    assert b"zebrafink" not in content
    assert b"someone@" not in content


def test_ids_times_and_values_in_every_form():
    assert id_of(TRACE) == id_of(base64.b64encode(bytes.fromhex(TRACE)).decode()) == TRACE
    assert [id_of(value) for value in (None, "", "0" * 32, "zz", 7)] == [None] * 5
    assert nanoseconds(str(START)) == nanoseconds(START) == START
    assert [nanoseconds(value) for value in (0, -1, "x", 10**40, None)] == [None] * 5
    assert instant(START).isoformat() == "2026-11-22T03:27:40"
    listed = {"arrayValue": {"values": [{"intValue": 1}]}}
    pairs = [{"key": "a", "value": {"doubleValue": 5.0}}, {"key": "b", "value": listed}]
    assert attributes_of([*pairs, {"key": "a", "value": {"intValue": "9"}}, 7]) == {"a": 5, "b": [1]}


def test_langfuses_own_names_for_tokens_are_read(tmp_path):
    details = json.dumps({"input": 20, "output": 10, "input_cached_tokens": 80, "total": 110})
    given: dict[str, Any] = {
        "langfuse__observation__type": "generation",
        "langfuse__observation__usage_details": details,
    }
    (row,) = load(tmp_path, request(span(1, **given), scope="langfuse-sdk"))
    assert (row["input"], row["cache_read"], row["output"], row["check_gap"]) == (20, 80, 10, 0)
