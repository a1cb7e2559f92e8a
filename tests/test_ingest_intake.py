"""What a receiver writes down of a record: nothing that was said, and everything that is read."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import litellm, openai_compatible, otlp
from ingest.capture import is_report
from ingest.document import Value, read_values
from ingest.intake.envelope import envelope_lines
from ingest.intake.kept import TELLING, telling
from ingest.intake.litellm import litellm_line
from ingest.intake.otlp import otlp_request
from ingest.intake.span_attributes import EXACT, kept_attributes
from ingest.outcome import ERROR_CATEGORIES, categorise
from ingest.prepare import open_content
from ingest.problem import Unreadable
from ingest.record import ENVELOPE_KEYS, read_value
from ingest.source import Source
from ingest.traces.request import is_request
from ingest.traces.spans import NO_TIME
from tests.conftest import GOLDEN, ROOT
from tests.secrets_planted import ENVELOPE, LITELLM, TRACES, assert_clean, planted

LOOKED_AT = {"error_text": None, "ended": None}
"""Looked at, and not stored: an error's words, and what says that a stream was whole."""


def values_in(path: Path) -> Iterator[dict[str, Any]]:
    with open_content(path) as content:
        text = b"".join(iter(lambda: content.read(1 << 23), b"")).decode(errors="replace")
    for value in read_values(text):
        if isinstance(value, Value):
            yield from (item for item in _listed(value.content) if isinstance(item, dict))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def readings(source: Source, values: Iterable[dict[str, Any]]) -> list[Any]:
    """What a source reads of records; where it cannot, why."""
    read = source.reader() or read_value
    found: list[Any] = []
    for value in values:
        try:
            found += ({**item, **LOOKED_AT} if isinstance(item, dict) else item for item in _read(read, source, value))
        except Unreadable as problem:
            found.append(str(problem))
    return found


def _read(read: Any, source: Source, value: dict[str, Any]) -> list[Any]:
    return [str(item) if isinstance(item, Exception) else item for item in read(value, source.leaves, None)]


def as_written(record: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(record, allow_nan=False))


@pytest.mark.parametrize("plant", [lambda value: value, planted], ids=["as it is", "with more names"])
def test_nothing_that_was_said_is_kept(plant):
    assert_clean(json.dumps(list(envelope_lines(plant(ENVELOPE))), ensure_ascii=False))
    assert_clean(json.dumps(litellm_line(plant(LITELLM)), ensure_ascii=False))
    assert_clean(json.dumps(otlp_request(plant(TRACES)).request, ensure_ascii=False))


def test_what_is_read_of_an_envelope_full_of_secrets_is_kept():
    (line,) = envelope_lines(ENVELOPE)
    assert line["base_url"] == "https://api.novita.ai/openai/v1"
    assert line["request"] == {
        "model": "stepfun/step-3.7-flash",
        "tools": True,
        "messages": [{"content": [{"type": "text"}, {"type": "image_url"}]}],
    }
    assert line["response"]["usage"] == {
        "prompt_tokens": 9100, "completion_tokens": 220, "total_tokens": 9320, "said": None,
    }  # fmt: skip
    assert (
        line["error"] == {"code": 429, "type": "content_filter", "message": "rate_limit"}
        or line["error"]["code"] == 429
    )
    assert line["tags"]["feature"] == "summary"
    assert line["key_alias"].startswith("key ")


def test_a_failures_word_leads_to_its_category():
    assert TELLING.keys() == set(ERROR_CATEGORIES)
    assert {name: categorise(None, word) for name, word in TELLING.items()} == {name: name for name in TELLING}
    assert telling("Error: please do not say timeout") == "timeout"


def test_a_stream_in_an_envelope_becomes_its_answers():
    events = [
        {"id": "a", "choices": [{"delta": {"content": "secret"}}]},
        {"id": "a", "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}},
        {"id": "b", "choices": [{"delta": {"content": "secret"}, "finish_reason": "stop"}]},
    ]
    text = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
    first, second = envelope_lines({"time": "2026-11-20T09:15:02Z", "request": {"model": "m"}, "response": text})
    assert (first["ended"], second["ended"]) == (False, True)
    assert first["response"]["usage"] == {"prompt_tokens": 1, "completion_tokens": 2}
    assert first["request"] == {"model": "m", "stream": True}
    assert "secret" not in json.dumps([first, second])


@pytest.mark.parametrize("record", [5, None, [], "text", {}, {"usage": {}}, {"response": [1]}])
def test_what_is_no_record_is_refused(record):
    with pytest.raises(Unreadable):
        list(envelope_lines(record))
    with pytest.raises(Unreadable):
        litellm_line(record)


ENVELOPES = [
    *sorted((GOLDEN / "ingest" / "openai_compatible").glob("*.in.json*")),
    ROOT / "data" / "samples" / "workbench.jsonl",
]


@pytest.mark.parametrize("path", ENVELOPES, ids=[path.name for path in ENVELOPES])
def test_envelopes_say_the_same_as_they_did(path):
    every = [value for value in values_in(path) if _is_envelope(value)]
    kept: list[dict[str, Any]] = []
    for value in list(every):
        try:
            kept += envelope_lines(value)
        except Unreadable:
            every.remove(value)
    source = openai_compatible.SOURCE
    assert readings(source, map(as_written, kept)) == readings(source, every)


def _is_envelope(value: dict[str, Any]) -> bool:
    return bool(ENVELOPE_KEYS & value.keys()) or ("error" in value and "time" in value) or is_report(value)


def golden_inputs(name: str) -> list[Path]:
    return [path for path in sorted((GOLDEN / "ingest" / name).glob("*.in.*")) if path.suffix != ".pb"]


@pytest.mark.parametrize("path", golden_inputs("otlp"), ids=lambda path: path.name)
def test_spans_say_the_same_as_they_did(path):
    assert_spans_say_the_same(path)


def assert_spans_say_the_same(path: Path) -> None:
    every = [value for value in values_in(path) if is_request(value) and "resourceMetrics" not in value]
    kept = [as_written(otlp_request(value).request) for value in every if "resourceLogs" not in value]
    whole = [value for value in every if "resourceLogs" not in value]
    # A span without a start is refused at the door.
    assert readings(otlp.SOURCE, kept) == [item for item in readings(otlp.SOURCE, whole) if item != NO_TIME]


def test_recorded_traces_say_the_same_as_they_did(shared):
    for path in sorted(shared.glob("recorded/*/otlp_traces*.jsonl*")):
        assert_spans_say_the_same(path)


def test_recorded_payloads_say_the_same_as_they_did(shared):
    paths = sorted(shared.glob("recorded/litellm_*/generic_api_post_bodies.jsonl.gz"))
    for path in [*paths, *shared.glob("recorded/litellm_*/spend_logs_rows.jsonl.gz")]:
        every = list(values_in(path))
        kept = [as_written(litellm_line(value)) for value in every]
        assert every and readings(litellm.SOURCE, kept) == readings(litellm.SOURCE, every)


SAID = "Please write to Ada that her results came back and that she should call the clinic"
SHORT = "results of Ada"


def test_one_line_that_was_said_is_kept_under_no_name():
    envelope: dict[str, Any] = {
        "time": "2026-11-20T09:15:02Z",
        "task": SAID,
        "team": "Search and Ranking",
        "step": SHORT,
    }
    envelope |= {"request": {"model": SAID, "max_tokens": SHORT}, "response": {"id": SAID, "usage": {"total": SHORT}}}
    (kept,) = envelope_lines(envelope)
    assert "Ada" not in json.dumps(kept)
    assert (kept["team"], kept["step"]) == ("Search and Ranking", "…")


def test_one_line_that_was_said_is_no_attribute():
    names = sorted(EXACT)
    told = {name: kept for name in names if (kept := kept_attributes({name: SAID}).get(name)) is not None}
    assert {name: kept for name, kept in told.items() if "Ada" in str(kept)} == {}
    counted = {"gen_ai.usage.input_tokens": SHORT, "http.response.status_code": SHORT, "step": SHORT}
    assert "Ada" not in str(kept_attributes(counted))
