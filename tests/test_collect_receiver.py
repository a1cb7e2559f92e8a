"""The receiver's addresses: what they take and refuse, what is on the disk, and in what words they answer."""

import asyncio
import errno
import gzip
import json
import os
import stat
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceResponse,
)
from starlette.testclient import TestClient

from app.receiver import body as receiver_body
from app.receiver import commit as receiver_commit
from app.receiver import segments as receiver_segments
from app.receiver.body import Room
from app.receiver.commit import Commit
from app.receiver.routes import Receiver, application
from app.receiver.segments import FOLDER, Appender, finished, segments
from tests.collected import JSON, PROTOBUF, envelope, payload, traces
from tests.secrets_planted import ENVELOPE, LITELLM, TRACES, assert_clean, planted
from warehouse.errors import WarehouseError

NOW = datetime(2026, 11, 22)
LINES = {"content-type": "application/x-ndjson"}
TOKEN = "0123456789abcdef0123456789abcdef"


class Scene:
    """A receiver on a warehouse of its own."""

    def __init__(self, root: Path, room: Room, token: str | None = None) -> None:
        self.root = root
        self.commit = Commit(root, lambda: NOW)
        self.commit.start()
        self.app = application(Receiver(self.commit, room, token))
        self.client = TestClient(self.app, base_url="http://127.0.0.1")

    def post(self, path, content, headers=JSON):
        return self.client.post(path, content=content, headers=headers)

    def lines(self, kind: str) -> list[dict]:
        texts = [segment.path.read_text() for segment in segments(self.root / FOLDER / kind)]
        return [json.loads(line) for text in texts for line in text.splitlines()]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, Room(1 << 20, 4 << 20))
    yield scene
    scene.commit.stop()


def test_what_was_taken_is_on_the_disk_for_its_owner_alone(scene):
    answer = scene.post("/envelopes", json.dumps([envelope(1), envelope(2)]))
    assert (answer.status_code, answer.json()) == (200, {"accepted": 2, "refused": 0})
    assert [line["response"]["id"] for line in scene.lines("envelopes")] == ["envelope-1", "envelope-2"]
    (segment,) = segments(scene.root / FOLDER / "envelopes")
    assert stat.S_IMODE(segment.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(segment.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("headers", [JSON, LINES])
def test_lines_a_list_and_a_single_record_are_read(scene, headers):
    both = [json.dumps(envelope(1)), json.dumps(envelope(2))]
    for body in ("\n".join(both), "\n" + "\r\n".join(both) + "\n\n", f"[{','.join(both)}]", both[0]):
        assert scene.post("/envelopes", body, headers).status_code == 200
    assert len(scene.lines("envelopes")) == 7


def test_a_record_that_is_none_is_refused_and_the_others_are_kept(scene):
    answer = scene.post("/litellm", json.dumps([payload(1), {"hello": 1}, 5]))
    assert answer.json() == {
        "accepted": 1,
        "refused": 2,
        "reason": "no payload of LiteLLM's: it has no call_type and startTime; a number stands here, not an object",
    }
    assert [line["id"] for line in scene.lines("litellm")] == ["litellm-1"]


@pytest.mark.parametrize("plant", [lambda value: value, planted], ids=["as it is", "with more names"])
def test_nothing_that_was_said_reaches_the_disk(scene, plant):
    scene.post("/envelopes", json.dumps(plant(ENVELOPE)))
    scene.post("/litellm", json.dumps([plant(LITELLM)]))
    scene.post("/v1/traces", json.dumps(plant(TRACES)))
    written = [path for path in scene.root.rglob("*.jsonl")]
    assert len(written) == 3
    for path in written:
        assert path.stat().st_size > 300
        assert_clean(path.read_bytes())


def test_spans_are_answered_in_the_type_they_came_in(scene):
    answer = scene.post("/v1/traces", traces(7), PROTOBUF)
    assert answer.headers["content-type"] == "application/x-protobuf"
    assert ExportTraceServiceResponse.FromString(answer.content) == ExportTraceServiceResponse()
    answer = scene.post("/v1/traces", json.dumps(TRACES))
    assert (answer.status_code, answer.json()) == (200, {})
    assert len(scene.lines("otlp")) == 2


def test_spans_without_ids_are_told_as_a_partial_success(scene):
    broken = {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "x"}, *_spans(TRACES)]}]}]}
    partial = scene.post("/v1/traces", json.dumps(broken)).json()["partialSuccess"]
    assert partial["rejectedSpans"] == "1"
    assert len(scene.lines("otlp")) == 1


def _spans(traces):
    return traces["resourceSpans"][0]["scopeSpans"][0]["spans"]


def test_an_empty_export_is_taken_and_no_export_is_not(scene):
    assert scene.post("/v1/traces", b"", PROTOBUF).status_code == 200
    answer = scene.post("/v1/traces", b"\xff\xff\xff", PROTOBUF)
    assert answer.status_code == 400
    # OTLP's Status has its message where this message has it.
    assert ExportTracePartialSuccess.FromString(answer.content).error_message == "this is no ExportTraceServiceRequest"
    assert scene.post("/v1/traces", "[1]").json() == {"code": 3, "message": "an export request is an object"}


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/envelopes", b"{", JSON, 400),
        ("/envelopes", b"[" * 100_000, JSON, 400),
        ("/envelopes", b"\xff\xfe{}", JSON, 400),
        ("/envelopes", b"{}", {"content-type": "text/plain"}, 415),
        ("/envelopes", b"{}", {}, 415),
        ("/envelopes", b"{}", {**JSON, "content-encoding": "br"}, 415),
        ("/envelopes", b"{}", {**JSON, "content-encoding": "gzip"}, 400),
        ("/envelopes", gzip.compress(b"{}", mtime=0)[:-3], {**JSON, "content-encoding": "gzip"}, 400),
        ("/v1/traces", b"{}", LINES, 415),
        ("/nothing", b"{}", JSON, 404),
    ],
)
def test_what_cannot_be_read_is_refused(scene, path, body, headers, status):
    assert scene.post(path, body, headers).status_code == status
    assert not list(scene.root.rglob("*.jsonl"))


def test_a_packed_body_is_unpacked(scene):
    body = gzip.compress(json.dumps(envelope(1)).encode()) + gzip.compress(b"\n" + json.dumps(envelope(2)).encode())
    assert scene.post("/envelopes", body, {**LINES, "content-encoding": "gzip"}).json()["accepted"] == 2


def test_a_body_that_is_too_long_is_refused_packed_or_not(scene):
    long = b"[" + b" " * (1 << 20) + b"]"
    assert scene.post("/envelopes", long).status_code == 413
    assert scene.post("/envelopes", iter([long[:1000], long])).status_code == 413
    bomb = gzip.compress(b"[" + b" " * (20 << 20) + b"]")
    assert scene.post("/envelopes", bomb, {**JSON, "content-encoding": "gzip"}).status_code == 413
    assert scene.client.get("/health").json()["waiting_bytes"] == 0


def test_a_body_that_stops_coming_is_not_waited_for(scene, monkeypatch):
    monkeypatch.setattr(receiver_body, "READ_S", 0.05)

    def slow():
        yield b"["
        time.sleep(0.3)
        yield b"]"

    assert scene.post("/envelopes", slow()).status_code in (200, 408)


async def send_at_once(app, bodies: list[str], watch) -> list[httpx.Response]:
    """Send bodies side by side; ``watch`` is called until it says that what is held may go on."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        posts = [asyncio.create_task(client.post("/envelopes", content=body, headers=JSON)) for body in bodies]
        while not watch(posts):
            await asyncio.sleep(0.01)
        return await asyncio.gather(*posts)


def hold(monkeypatch) -> threading.Event:
    """Hold back the disk until the event is set."""
    free, append = threading.Event(), Appender.append
    monkeypatch.setattr(Appender, "append", lambda *given: (free.wait(10), append(*given)))
    return free


def test_a_flood_is_told_to_come_again_and_what_was_taken_is_kept(scene, monkeypatch):
    free = hold(monkeypatch)
    body = json.dumps([{**envelope(number), "agent": "a" * 400} for number in range(1500)])

    def watch(posts):
        if any(post.done() for post in posts):
            free.set()
        return free.is_set()

    answers = asyncio.run(send_at_once(scene.app, [body] * 6, watch))
    taken = [answer for answer in answers if answer.status_code == 200]
    sent_away = [answer for answer in answers if answer.status_code == 429]
    assert len(taken) + len(sent_away) == 6 and taken and sent_away
    assert {answer.headers["retry-after"] for answer in sent_away} == {"1"}
    assert len(scene.lines("envelopes")) == 1500 * len(taken)


def test_a_full_disk_keeps_nothing_and_says_so(scene, monkeypatch):
    assert scene.post("/envelopes", json.dumps(envelope(1))).status_code == 200
    write = os.write

    def half(file, data):
        write(file, bytes(data)[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", half)
        answer = scene.post("/envelopes", json.dumps(envelope(2)))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "No space left" in answer.json()["error"]
    assert scene.post("/envelopes", json.dumps(envelope(3))).status_code == 200
    assert [line["response"]["id"] for line in scene.lines("envelopes")] == ["envelope-1", "envelope-3"]


def test_the_last_room_on_the_disk_is_left_to_the_database(scene, monkeypatch):
    monkeypatch.setattr(receiver_commit, "SPARE", 1 << 60)
    assert scene.post("/envelopes", json.dumps(envelope(1))).status_code == 503


def test_one_forced_write_is_enough_for_many(scene, monkeypatch):
    free, add = hold(monkeypatch), Commit.add
    handed: list[str] = []

    def hand(commit, kind, lines):
        handed.append(kind)
        return add(commit, kind, lines)

    monkeypatch.setattr(Commit, "add", hand)

    def watch(posts):
        if len(handed) == len(posts):
            free.set()
        return free.is_set()

    answers = asyncio.run(send_at_once(scene.app, [json.dumps(envelope(number)) for number in range(8)], watch))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len(scene.lines("envelopes")) == 8
    assert scene.commit.written <= 2


class TestWhoMaySend:
    def test_without_a_token_no_web_page_and_no_other_name_of_this_machine(self, scene):
        body = json.dumps(envelope(1))
        assert scene.post("/envelopes", body, {**JSON, "origin": "http://127.0.0.1"}).status_code == 403
        assert scene.post("/envelopes", body, {**JSON, "host": "rebound.example"}).status_code == 403
        assert scene.post("/envelopes", body, {**JSON, "host": "localhost:4318"}).status_code == 200
        assert scene.post("/envelopes", body, {**JSON, "host": "[::1]:4318"}).status_code == 200

    def test_with_a_token_nobody_without_it(self, tmp_path):
        scene = Scene(tmp_path, Room(1 << 20, 4 << 20), TOKEN)
        body = json.dumps(envelope(1))
        for given in ({}, {"authorization": f"Bearer {TOKEN}x"}, {"authorization": TOKEN}, {"authorization": "Bearer"}):
            answer = scene.post("/envelopes", body, {**JSON, **given})
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        told = {**JSON, "authorization": f"Bearer {TOKEN}", "host": "collect.example", "origin": "http://x.example"}
        assert scene.post("/envelopes", body, told).status_code == 200
        assert scene.client.get("/health").json() == {"status": "ok"}
        scene.commit.stop()


class TestSegments:
    def test_a_torn_line_is_cut_off_at_the_next_start(self, tmp_path):
        folder = tmp_path / FOLDER / "envelopes"
        folder.mkdir(parents=True)
        (folder / "00000001-20261121.jsonl").write_bytes(b'{"torn')
        (folder / "00000002-20261122.jsonl").write_bytes(b'{"whole": 1}\n{"torn": "' + b"x" * 100_000)
        Appender(tmp_path, "envelopes").open()
        assert [each.path.read_bytes() for each in segments(folder)] == [b"", b'{"whole": 1}\n']

    def test_a_new_one_begins_with_each_day_and_when_one_is_full(self, tmp_path, monkeypatch):
        monkeypatch.setitem(receiver_segments.LARGEST, "litellm", 30)
        appender = Appender(tmp_path, "litellm")
        appender.open()
        for number, day in enumerate(("20261121", "20261122", "20261122", "20261122", "20261122")):
            appender.append([b'{"number": %d}\n' % number], day)
        found = segments(tmp_path / FOLDER / "litellm")
        names = [each.path.name for each in found]
        assert names == ["00000001-20261121.jsonl", "00000002-20261122.jsonl", "00000003-20261122.jsonl"]
        assert [each.path.read_bytes().count(b"\n") for each in found] == [1, 3, 1]
        assert finished(tmp_path / FOLDER / "litellm") == found[:-1]
        appender.close()

    def test_spans_of_the_one_before_are_repeated_in_the_next(self, tmp_path, monkeypatch):
        monkeypatch.setitem(receiver_segments.LARGEST, "otlp", 100)
        monkeypatch.setitem(receiver_segments.REPEATED, "otlp", 30)
        appender = Appender(tmp_path, "otlp")
        appender.open()
        for number in range(9):
            appender.append([b'{"number": %d}\n' % number], "20261122")
        texts = [each.path.read_text().split("\n") for each in segments(tmp_path / FOLDER / "otlp")]
        assert texts[1][:2] == texts[0][-3:-1]
        appender.close()

    def test_two_receivers_do_not_share_a_warehouse(self, scene):
        with pytest.raises(WarehouseError, match="another tollbook collect"):
            Commit(scene.root, lambda: NOW).start()
