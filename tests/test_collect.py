"""``tollbook collect`` as a program: what a real exporter sends is in the warehouse, and it ends cleanly."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from app.clock import now
from app.live import read_watchers
from app.receiver import segments as receiver_segments
from app.receiver.loading import Loading, Plan
from app.receiver.segments import FOLDER, Appender, segments
from app.receiver.taking import JSON as JSON_TYPE
from app.receiver.taking import PROTOBUF, take_envelopes, take_litellm, take_traces
from tests.collected import ROOT, WHERE, Collect, collecting, envelope, keep, load_once, stored, traces
from tests.secrets_planted import ENVELOPE, LITELLM, SECRETS, SENTENCE, TRACES
from tests.tollbook_command import Tollbook
from warehouse.connection import open_reader

TOKEN = "0123456789abcdef0123456789abcdef"
CALLS = 300


@contextmanager
def exporting(collect: Collect, *, compression: Compression, token: str | None = None) -> Iterator[TracerProvider]:
    """An application's tracing, set up as docs/collect.md says."""
    exporter = OTLPSpanExporter(
        endpoint=f"http://127.0.0.1:{collect.port}/v1/traces",
        headers={"authorization": f"Bearer {token}"} if token else None,
        compression=compression,
    )
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=200, max_export_batch_size=64))
    try:
        yield provider
    finally:
        provider.shutdown()


def call_models(provider: TracerProvider, calls: int) -> None:
    """Agents' runs with a call in each, as instrumentations trace them."""
    tracer = provider.get_tracer("opentelemetry.instrumentation.openai_v2")
    for number in range(calls):
        with tracer.start_as_current_span("invoke_agent", attributes={"gen_ai.operation.name": "invoke_agent"}):
            said: dict[str, str | int] = {
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": "gpt-5-mini",
                "gen_ai.response.id": f"chatcmpl-{number:020}",
                "gen_ai.usage.input_tokens": number,
                "gen_ai.usage.output_tokens": 7,
                "gen_ai.input.messages": SENTENCE,
                "server.address": "api.openai.com",
            }
            with tracer.start_as_current_span("chat gpt-5-mini", attributes=said):
                pass


PLAIN = pytest.param(Compression.NoCompression, marks=pytest.mark.long)


@pytest.mark.parametrize("compression", [PLAIN, Compression.Gzip], ids=["plain", "gzip"])
def test_what_a_real_exporter_sends_is_stored(warehouse_begun, compression):
    with collecting(warehouse_begun, "--every", "0.5", TOLLBOOK_COLLECT_TOKEN=TOKEN) as collect:
        with exporting(collect, compression=compression, token=TOKEN) as provider:
            call_models(provider, CALLS)
        # As systemd does, which asks every process of a service to end.
        while not read_watchers(warehouse_begun, now()):
            time.sleep(0.1)
        for child in collect.children():
            os.kill(child, signal.SIGTERM)
        assert collect.stop() == 0
    (told,) = read_watchers(warehouse_begun, now())
    assert (told.state, told.rows, told.error) == ("ended", CALLS, None)
    with open_reader(warehouse_begun) as reader:
        assert reader.row("select count(*), sum(output), min(source), min(seller) from usage") == (
            CALLS,
            7 * CALLS,
            "otlp",
            "openai",
        )
        assert reader.row("select count(*) from ingest_file") == (2,)
    assert len(segments(warehouse_begun / FOLDER / "otlp")) == 1


def test_no_secret_is_anywhere_in_the_warehouse(warehouse_begun):
    takes = {"envelopes": take_envelopes, "litellm": take_litellm, "otlp": take_traces}
    for (kind, take), body in zip(takes.items(), (ENVELOPE, [LITELLM], TRACES), strict=True):
        keep(warehouse_begun, kind, [take(json.dumps(body).encode(), JSON_TYPE).lines])
    load_once(warehouse_begun)
    assert sum(stored(warehouse_begun).values()) == 3
    for path in warehouse_begun.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert [secret for secret in SECRETS if secret.encode() in content] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_unit_in_the_guide_is_one_that_systemd_takes(tmp_path):
    text = (ROOT / "docs" / "collect.md").read_text().split("```ini\n")[1].split("```")[0]
    unit = tmp_path / "tollbook-collect.service"
    unit.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and unit.name not in done.stderr, done.stderr
    assert "ReadWritePaths=/var/lib/tollbook\n" in text and "--warehouse /var/lib/tollbook collect" in text


def test_it_says_what_is_in_its_way(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("TOLLBOOK_COLLECT_TOKEN", raising=False)
    tollbook = Tollbook(tmp_path / "warehouse", capsys)
    assert tollbook("collect", "--host", "0.0.0.0") == 2
    assert "0.0.0.0 is not this machine alone: set $TOLLBOOK_COLLECT_TOKEN or --token-file" in tollbook.err
    file = tmp_path / "token"
    file.write_text("short\n")
    file.chmod(0o644)
    assert tollbook("collect", "--token-file", file) == 2
    assert "others may read it; chmod 600" in tollbook.err
    file.chmod(0o600)
    assert tollbook("collect", "--token-file", file) == 2
    assert "at least 16 letters" in tollbook.err
    assert tollbook("collect", "--waiting-limit", 16) == 2
    assert "give at least 32" in tollbook.err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert tollbook("collect", "--port", taken.getsockname()[1]) == 2
    assert "cannot be listened on" in tollbook.err


def received(root: Path, days: dict[str, int]) -> Loading:
    """Lines received on several days, and what loads them."""
    appender = Appender(root, "envelopes")
    appender.open()
    for day, number in days.items():
        appender.append([json.dumps(envelope(number)).encode() + b"\n"], day)
    appender.close()
    return Loading(Plan(root, 1.0, 1.0, WHERE))


def test_a_finished_file_goes_when_it_is_loaded_and_old_enough(warehouse_begun):
    loading = received(warehouse_begun, {"20261120": 1, "20261121": 2, "20261122": 3})
    first, second, third = (segment.path for segment in segments(warehouse_begun / FOLDER / "envelopes"))
    old = time.time() - 7200
    os.utime(first, (old, old))
    os.utime(third, (old, old))
    assert loading.round()
    assert sum(stored(warehouse_begun).values()) == 3
    (told,) = read_watchers(warehouse_begun, now())
    assert (told.kind, told.state, told.paths, told.files, told.rows) == ("collect", "looking", (WHERE,), 3, 3)
    assert [path.exists() for path in (first, second, third)] == [False, True, True]
    loading.close()


def test_a_file_that_was_not_loaded_stays(warehouse_begun):
    loading = received(warehouse_begun, {"20261120": 1, "20261121": 2})
    paths = [segment.path for segment in segments(warehouse_begun / FOLDER / "envelopes")]
    for path in paths:
        os.utime(path, (0, 0))
    (warehouse_begun / "rate_cards").mkdir(exist_ok=True)
    (warehouse_begun / "rate_cards" / "broken.yaml").write_text("seller: [")
    assert not loading.round()
    assert all(path.exists() for path in paths)
    (warehouse_begun / "rate_cards" / "broken.yaml").unlink()
    assert loading.round()
    assert [path.exists() for path in paths] == [False, True]
    loading.close()


def test_spans_of_two_files_that_overlap_are_stored_once(warehouse_begun, monkeypatch):
    monkeypatch.setitem(receiver_segments.LARGEST, "otlp", 2000)
    keep(warehouse_begun, "otlp", [take_traces(traces(number), PROTOBUF).lines for number in range(1, 20)])
    assert len(segments(warehouse_begun / FOLDER / "otlp")) > 2
    load_once(warehouse_begun)
    assert set(stored(warehouse_begun).values()) == {1} and len(stored(warehouse_begun)) == 19
