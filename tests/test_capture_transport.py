"""What the recorder notes of calls as they pass, whatever comes of them; the caller gets what the seller sent."""

import asyncio
import contextlib
import copy
import gc
import gzip
import json
import logging
import zlib
from typing import Any

import httpx
import httpx2
import pytest
import tollbook_capture
import zstandard
from tollbook_capture import transport as recording
from tollbook_capture.asked import place_of

from tests.captured import CHAT, LIBRARIES, URL, USAGE, ask, chunk, client, event, lines, streaming, transport, whole

both = pytest.mark.parametrize("http", LIBRARIES, ids=lambda module: module.__name__)
ANSWER = json.dumps(CHAT).encode()


@both
def test_an_answer_is_noted_and_handed_on(http, tmp_path):
    caller = client(http, whole(headers={"x-request-id": "req-7"}), tmp_path, team="search")
    with tollbook_capture.task("ticket-7", step=2, user="ada", tags={"try": 1}):
        assert ask(caller, max_completion_tokens=50, reasoning_effort="low").json() == CHAT
    (line,) = lines(tmp_path)
    assert line["base_url"] == "https://api.openai.com/v1"
    assert line["api_path"] == "/chat/completions"
    assert line["request"] == {"model": "m", "reasoning_effort": "low", "max_completion_tokens": 50}
    assert line["response"]["usage"] == USAGE
    assert line["response"]["choices"] == [{"finish_reason": "stop"}]
    assert (line["status"], line["ended"], line["request_id"]) == (200, True, "req-7")
    assert (line["task"], line["step"], line["team"], line["tags"]) == ("ticket-7", 2, "search", {"try": "1"})
    assert len(line["user"]) == 64
    assert "attempt" not in line and "error" not in line and "ttft_ms" not in line


@both
def test_a_stream_that_is_not_asked_passes_byte_for_byte(http, tmp_path):
    seller = streaming(chunk("Hel"), chunk("lo"), chunk("", "stop", usage=USAGE), "[DONE]")
    caller = client(http, seller, tmp_path, ask_for_usage=False)
    assert ask(caller, stream=True).content == b"".join(seller(None)[2])
    (line,) = lines(tmp_path)
    assert line["response"]["usage"] == USAGE
    assert line["ended"] is True
    assert line["sizes"]["answer"] == [{"kind": "text", "chars": 5}]
    assert line["ttft_ms"] <= line["latency_ms"]


ADDED = {**chunk(), "choices": [], "usage": USAGE}


@both
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_usage_that_the_recorder_asked_for_is_taken_out_again(http, size, tmp_path):
    callers: list[Any] = [chunk("Hé\u2028l"), chunk("lo", "stop"), "[DONE]"]
    sent = b"".join(map(event, [*callers[:2], ADDED, callers[2]]))
    asked = []

    def seller(request):
        asked.append(json.loads(request.content))
        assert int(request.headers["content-length"]) == len(request.content)
        pieces = [sent[place : place + size] for place in range(0, len(sent), size)]
        return 200, {"content-type": "text/event-stream; charset=utf-8"}, pieces

    caller = client(http, seller, tmp_path)
    assert ask(caller, stream=True).content == b"".join(map(event, callers))
    assert asked[0]["stream_options"] == {"include_usage": True}
    (line,) = lines(tmp_path)
    assert line["response"]["usage"] == USAGE


@both
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"stream_options": {"include_usage": True}}, [chunk("lo", "stop"), ADDED]),
        ({"stream_options": {"include_usage": False}}, [chunk("lo", "stop"), ADDED]),
        ({"stream_options": {"other": 1}}, [chunk("lo", "stop")]),
        ({"stream_options": None}, [chunk("lo", "stop")]),
    ],
)
def test_what_the_caller_says_about_usage_holds(http, options, expected, tmp_path):
    asked = []

    def seller(request):
        asked.append(json.loads(request.content)["stream_options"])
        return streaming(chunk("lo", "stop"), ADDED)(request)

    caller = client(http, seller, tmp_path)
    assert ask(caller, stream=True, **options).content == b"".join(map(event, expected))
    wanted = len(expected) == 1
    given = options["stream_options"] or {}
    assert asked == [{**given, "include_usage": True} if wanted else given]


@pytest.mark.parametrize(
    ("url", "setting", "request_", "asks"),
    [
        (URL, None, {"stream": True}, True),
        (URL, False, {"stream": True}, False),
        (URL, None, {"stream": False}, False),
        (URL, None, {"tools": [{"properties": {"stream": True}}]}, False),
        ("https://gateway.example/v1/chat/completions", None, {"stream": True}, False),
        ("https://gateway.example/v1/chat/completions", True, {"stream": True}, True),
        ("https://api.openai.com/v1/responses", True, {"stream": True}, False),
        ("https://openrouter.ai/api/v1/chat/completions", None, {"stream": True}, False),
    ],
)
def test_usage_is_asked_for_where_it_is_given(url, setting, request_, asks, tmp_path):
    sent = []

    def seller(request):
        sent.append(json.loads(request.content))
        return streaming(chunk("a", "stop"))(request)

    ask(client(httpx2, seller, tmp_path, ask_for_usage=setting), url, **request_)
    assert ("stream_options" in sent[0]) is asks


@both
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_compressed_answers_are_read(http, encoding, tmp_path):
    pack: Any = {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstandard.compress}[encoding]
    caller = client(http, whole(pack(ANSWER), headers={"content-encoding": encoding}), tmp_path)
    with caller.stream("POST", URL, json={"model": "m"}) as response:
        list(response.iter_raw())
    assert lines(tmp_path)[0]["response"]["usage"] == USAGE


@both
def test_a_compressed_stream_loses_only_what_was_asked_for(http, tmp_path):
    packed = gzip.compress(event(chunk("a", "stop")) + event(ADDED) + event("[DONE]"))
    seller = lambda request: (  # noqa: E731
        200, {"content-type": "text/event-stream", "content-encoding": "gzip"}, [packed[:9], packed[9:]],
    )  # fmt: skip
    assert ask(client(http, seller, tmp_path), stream=True).content == event(chunk("a", "stop")) + event("[DONE]")
    assert lines(tmp_path)[0]["response"]["usage"] == USAGE


@both
@pytest.mark.parametrize(
    ("pieces", "ended", "error"),
    [
        ([event(chunk("a")), "ReadError"], False, {"type": "disconnect", "code": "ReadError"}),
        ([event(chunk("a")), "RemoteProtocolError"], False, {"type": "disconnect", "code": "RemoteProtocolError"}),
        ([event(chunk("a")), "ReadTimeout"], False, {"type": "timeout", "code": "ReadTimeout"}),
        ([event(chunk("a"))], False, {"type": "disconnect"}),
        ([event(chunk("a", "stop"))], True, None),
        ([event(chunk("a", "stop")), event("[DONE]"), "ReadError"], True, None),
        ([event(chunk("a")), event({"error": {"code": 502, "message": "All is lost"}})], False, {"code": "502"}),
    ],
)
def test_how_a_stream_ended_is_told(http, pieces, ended, error, tmp_path):
    made = [getattr(http, each)("gone") if isinstance(each, str) else each for each in pieces]
    caller = client(http, lambda request: (200, {"content-type": "text/event-stream"}, made), tmp_path)
    with contextlib.suppress(http.HTTPError):
        ask(caller, stream=True)
    (line,) = lines(tmp_path)
    assert (line["ended"], line.get("error")) == (ended, error)


@both
@pytest.mark.parametrize("name", ["ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"])
def test_a_call_without_an_answer_is_a_line(http, name, tmp_path):
    def seller(request):
        raise getattr(http, name)("no way")

    with pytest.raises(getattr(http, name)):
        ask(client(http, seller, tmp_path))
    (line,) = lines(tmp_path)
    assert line["error"] == {"code": name, "type": "timeout" if "Timeout" in name else "disconnect"}
    assert line["ended"] is False
    assert "status" not in line and "response" not in line


@both
def test_a_caller_that_goes_away_is_told_from_one_that_saw_the_end(http, tmp_path):
    caller = client(http, streaming(chunk("a"), chunk("b", "stop"), "[DONE]"), tmp_path)
    for stop in (1, 2):
        with caller.stream("POST", URL, json={"model": "m", "stream": True}) as response:
            raw = response.iter_raw()
            for _ in range(stop):
                next(raw)
    with caller.stream("POST", URL, json={"model": "m", "stream": True}):
        pass
    found = [(line["ended"], line.get("error")) for line in lines(tmp_path)]
    gone = (False, {"type": "cancelled"})
    assert found == [gone, (True, None), gone]


def test_an_answer_that_is_forgotten_is_a_line(tmp_path):
    caller = client(httpx2, streaming(chunk("a")), tmp_path)
    response = caller.send(caller.build_request("POST", URL, json={"model": "m", "stream": True}), stream=True)
    next(response.iter_raw())
    del response
    gc.collect()
    assert lines(tmp_path)[0]["error"] == {"type": "cancelled"}


@both
def test_a_cancelled_task_is_a_line(http, tmp_path):
    class Slow(http.AsyncBaseTransport):  # type: ignore[misc, name-defined]
        async def handle_async_request(self, request):
            await asyncio.sleep(30)

    async def run():
        caller = tollbook_capture.record(http.AsyncClient(transport=Slow()), tmp_path)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(caller.post(URL, json={"model": "m"}), 0.05)

    asyncio.run(run())
    assert lines(tmp_path)[0]["error"] == {"code": "CancelledError", "type": "cancelled"}


@both
@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b"", None),
        (401, b"<html>no</html>", None),
        (400, b'{"error": {"code": "bad", "type": "invalid_request_error", "message": "Said: X"}}', "bad"),
        (429, b'{"code": 429, "reason": "RATE_LIMIT", "message": "Slowly, X"}', "429"),
        (500, b'{"error": "a sentence of words"}', None),
    ],
)
def test_a_refusal_is_told_in_plain_words(http, status, body, error, tmp_path):
    assert ask(client(http, whole(body, status), tmp_path)).content == body
    (line,) = lines(tmp_path)
    assert (line["status"], line["ended"], line.get("error", {}).get("code")) == (status, True, error)
    assert "sentence" not in json.dumps(line) and "X" not in json.dumps(line.get("error"))


@both
@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 99_999, b'{"usage": NaN}'])
def test_a_body_that_is_no_answer_is_handed_on(http, body, tmp_path):
    caller = client(http, whole(body), tmp_path)
    assert caller.post(URL, content=body).content == body
    assert len(lines(tmp_path)) == 1


def test_a_huge_body_is_handed_on_and_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("tollbook_capture.attempt.MOST", 1000)
    body = b'{"usage": {"prompt_tokens": 5}, "x": "' + b"x" * 5000 + b'"}'
    assert ask(client(httpx2, whole(body), tmp_path)).content == body
    (line,) = lines(tmp_path)
    assert line["status"] == 200 and line["ended"] is True and "response" not in line


@both
@pytest.mark.parametrize(
    ("url", "base", "path"),
    [
        (
            "https://us.openai.azure.com/openai/deployments/mini/chat/completions?api-version=1",
            "https://us.openai.azure.com/openai/deployments/mini",
            "/chat/completions",
        ),
        ("http://[::1]:8000/v1/completions", "http://[::1]:8000/v1", "/completions"),
        ("https://api.deepseek.com/chat/completions", "https://api.deepseek.com", "/chat/completions"),
        ("https://api.anthropic.com/v1/messages?beta=true", "https://api.anthropic.com/v1", "/messages"),
        ("https://api.openai.com/v1/responses", "https://api.openai.com/v1", "/responses"),
        ("https://api.openai.com/v1/embeddings", "https://api.openai.com/v1", "/embeddings"),
    ],
)
def test_where_a_call_went_is_told_in_two_parts(http, url, base, path):
    place = place_of(http.URL(url))
    assert place and (place.base_url, place.api_path) == (base, path)


def test_a_recording_transport_can_be_copied(tmp_path):
    made = copy.copy(tollbook_capture.RecordingTransport(transport(httpx2, whole()), tmp_path))
    assert ask(httpx2.Client(transport=made)).json() == CHAT
    assert len(lines(tmp_path)) == 1


@both
def test_what_is_no_call_of_a_model_is_left_alone(http, tmp_path):
    caller = client(http, whole(), tmp_path)
    caller.get("https://api.openai.com/v1/models")
    caller.post("https://api.openai.com/v1/files", content=b"x")
    caller.post("https://api.openai.com/v1/threads/t/messages", json={})
    caller.post("https://api.anthropic.com/v1/messages/count_tokens", json={})
    ask(client(http, lambda request: (307, {"location": "/elsewhere"}, []), tmp_path))
    assert lines(tmp_path) == []


@both
def test_a_body_that_is_sent_as_it_is_made_is_recorded_without_it(http, tmp_path):
    client(http, whole(), tmp_path).post(URL, content=iter([b"{", b"}"]))
    (line,) = lines(tmp_path)
    assert line["response"]["usage"] == USAGE and "request" not in line


@both
def test_an_answer_that_was_read_before_is_noted(http, tmp_path):
    inner = http.MockTransport(lambda request: http.Response(200, json=CHAT))
    with http.Client(transport=tollbook_capture.RecordingTransport(inner, tmp_path, team="search")) as caller:
        assert ask(caller).json() == CHAT
    (line,) = lines(tmp_path)
    assert (line["response"]["usage"], line["team"]) == (USAGE, "search")


@both
def test_an_async_transport_of_ones_own_records(http, tmp_path):
    async def run():
        inner = http.MockTransport(lambda request: http.Response(200, json=CHAT))
        made = tollbook_capture.AsyncRecordingTransport(inner, tmp_path)
        async with http.AsyncClient(transport=made) as caller:
            return await caller.post(URL, json={"model": "m"})

    assert asyncio.run(run()).json() == CHAT
    assert len(lines(tmp_path)) == 1


@both
def test_recording_twice_writes_one_line_where_it_was_said_last(http, tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    proxied = {"https://api.openai.com": transport(http, whole())}
    caller = http.Client(mounts=proxied)
    assert tollbook_capture.record(caller, first) is caller
    assert tollbook_capture.record(caller, second) is caller
    ask(caller)
    assert (len(lines(first)), len(lines(second))) == (0, 1)


def test_retries_are_attempts_of_one_call(tmp_path):
    caller = client(httpx, whole(), tmp_path)

    def call(*counts):
        for count in counts:
            caller.post(URL, json={"model": "m"}, headers={"x-stainless-retry-count": str(count)})

    call(0, 1, 2)
    call(0)
    call(0, 1)
    found = lines(tmp_path)
    assert [(line["attempt"], line["retries"]) for line in found] == [(1, 0), (2, 1), (3, 2), (1, 0), (1, 0), (2, 1)]
    calls = [line["logical_call"] for line in found]
    assert [calls.index(each) for each in calls] == [0, 0, 0, 3, 4, 4]
    assert len({line["record"] for line in found}) == 6


@both
@pytest.mark.parametrize("hook", ["place_of", "body_of", "asking", "passing"])
def test_a_recorder_that_fails_breaks_no_call(http, hook, tmp_path, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(recording, hook, fail)
    seller = streaming(chunk("a", "stop"), "[DONE]")
    caller = client(http, seller, tmp_path)
    with caplog.at_level(logging.WARNING, "tollbook_capture"):
        for _ in range(3):
            assert ask(caller, stream=True).content == b"".join(seller(None)[2])
    assert sum(tollbook_capture.failures().values()) >= 3
    assert not any("cancelled" in json.dumps(line) for line in lines(tmp_path))
    assert len(caplog.records) <= 1


@both
@pytest.mark.parametrize("hook", ["event", "head"])
def test_an_event_that_cannot_be_noted_is_handed_on(http, hook, tmp_path, monkeypatch):
    monkeypatch.setattr(f"tollbook_capture.answer.Streamed.{hook}", lambda *_: 1 / 0)
    seller = streaming(chunk("a", "stop"), "[DONE]")
    assert ask(client(http, seller, tmp_path), stream=True).content == b"".join(seller(None)[2])
    (line,) = lines(tmp_path)
    assert line["status"] == 200 and "ended" not in line and "error" not in line


@pytest.mark.parametrize("thing", [None, object(), "client", httpx])
def test_what_cannot_be_recorded_is_said_and_given_back(thing, tmp_path, caplog):
    assert tollbook_capture.record(thing, tmp_path) is thing
    assert "no HTTP client" in caplog.text


def test_without_a_directory_nothing_is_recorded(monkeypatch, caplog):
    monkeypatch.delenv("TOLLBOOK_CAPTURE_DIR", raising=False)
    caller = httpx2.Client(transport=transport(httpx2, whole()))
    before = caller._transport
    assert tollbook_capture.record(caller)._transport is before
    assert "TOLLBOOK_CAPTURE_DIR" in caplog.text
    made = tollbook_capture.RecordingTransport(transport(httpx2, whole()))
    assert ask(httpx2.Client(transport=made)).status_code == 200


def test_the_environment_sets_what_is_not_given(tmp_path, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_CAPTURE_DIR", str(tmp_path))
    monkeypatch.setenv("TOLLBOOK_CAPTURE_TEAM", "search")
    monkeypatch.setenv("TOLLBOOK_CAPTURE_ASK_FOR_USAGE", "false")
    sent = []

    def seller(request):
        sent.append(json.loads(request.content))
        return streaming(chunk("a", "stop"))(request)

    ask(tollbook_capture.record(httpx2.Client(transport=transport(httpx2, seller))), stream=True)
    assert "stream_options" not in sent[0]
    assert lines(tmp_path)[0]["team"] == "search"


def test_every_public_name_is_listed():
    assert tollbook_capture.__all__ == sorted(tollbook_capture.__all__)
    assert all(hasattr(tollbook_capture, name) for name in tollbook_capture.__all__)


def test_a_name_that_is_no_text_loses_no_call(tmp_path):
    class Nameless:
        def __str__(self):
            raise ValueError

    caller = client(httpx2, whole(), tmp_path)
    nameless: Any = Nameless()
    with tollbook_capture.task(nameless, step=1 << 31, team="emoji \ud83d", tags={"of": nameless}):
        ask(caller)
    (line,) = lines(tmp_path)
    assert not {"task", "step"} & line.keys()
    assert (line["team"], line["tags"]) == ("emoji ?", {"of": ""})
