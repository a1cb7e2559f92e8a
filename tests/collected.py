"""Runs ``tollbook collect`` as a process of its own, and sends to it; or keeps and loads as it does."""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from app.receiver.loading import Loading, Plan
from app.receiver.segments import Appender
from warehouse.connection import open_reader
from warehouse.errors import WarehouseMissing

ROOT = Path(__file__).parents[1]
RUN = "from app.cli import main; main()"
LISTENS = re.compile(r"http://127\.0\.0\.1:(\d+)")
WHERE = "http://127.0.0.1:4318"
PATIENCE_S = 60.0
JSON = {"content-type": "application/json"}
PROTOBUF = {"content-type": "application/x-protobuf"}
START_NS = 1_795_166_102_000_000_000


class Collect:
    """One run of the command."""

    def __init__(self, root: Path, *options: str, **environment: str) -> None:
        self.said: list[str] = []
        self.port = 0
        self.listens = threading.Event()
        command = [sys.executable, "-c", RUN, "--warehouse", str(root), "collect", "--port", "0", *options]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True
        )
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.listens.wait(PATIENCE_S)

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                self.said.append(line.rstrip())
                if match := LISTENS.search(line):
                    self.port = int(match.group(1))
                    self.listens.set()
        self.listens.set()

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def stop(self) -> int:
        """End it as a service's keeper does; what it took is loaded then."""
        self.process.send_signal(signal.SIGTERM)
        return self._wait()

    def kill(self, *, with_loading: bool = False) -> None:
        """As a machine that loses its power would, if only that."""
        children = self.children() if with_loading else []
        self.process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._wait()

    def children(self) -> list[int]:
        """The processes that it started, whichever of its threads did."""
        lists = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(child) for each in lists for child in each.read_text().split()]

    def _wait(self) -> int:
        code = self.process.wait(PATIENCE_S)
        self.listener.join(PATIENCE_S)
        return code


@contextmanager
def collecting(root: Path, *options: str, **environment: str) -> Iterator[Collect]:
    """Receive until the block ends."""
    collect = Collect(root, *options, **environment)
    try:
        assert collect.port, collect.said
        yield collect
    finally:
        if collect.process.poll() is None:
            collect.stop()


def envelope(number: int) -> dict[str, Any]:
    usage = {"prompt_tokens": number, "completion_tokens": 1, "total_tokens": number + 1}
    body = {"id": f"envelope-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return {"time": "2026-11-20T09:15:02Z", "base_url": "https://api.stepfun.ai/v1", "response": body}


def payload(number: int) -> dict[str, Any]:
    return {
        "id": f"litellm-{number}",
        "litellm_call_id": f"call-{number}",
        "call_type": "acompletion",
        "status": "success",
        "startTime": 1795166102.5,
        "endTime": 1795166103.5,
        "model": "step-3.7-flash",
        "prompt_tokens": number,
        "completion_tokens": 1,
        "total_tokens": number + 1,
    }


def traces(number: int) -> bytes:
    request = ExportTraceServiceRequest()
    span = request.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id = number.to_bytes(16, "big"), number.to_bytes(8, "big")
    span.start_time_unix_nano, span.end_time_unix_nano = START_NS, START_NS + 10**9
    texts = {"gen_ai.operation.name": "chat", "gen_ai.response.id": f"otlp-{number:020}"}
    for name, text in texts.items():
        pair = span.attributes.add()
        pair.key, pair.value.string_value = name, text
    for name, count in {"gen_ai.usage.input_tokens": number, "gen_ai.usage.output_tokens": 1}.items():
        pair = span.attributes.add()
        pair.key, pair.value.int_value = name, count
    return bytes(request.SerializeToString())


def stored(root: Path) -> Counter[str]:
    """How many rows each answer has in the warehouse."""
    try:
        with open_reader(root) as reader:
            return Counter(dict(reader.rows("select response_id, count(*) from usage group by response_id")))
    except WarehouseMissing:
        return Counter()


def keep(root: Path, kind: str, batches: Iterable[bytes]) -> None:
    """Bring lines to the disk, batch by batch, as the receiver does."""
    appender = Appender(root, kind)
    appender.open()
    for lines in batches:
        appender.append([lines], "20261122")
    appender.close()


def load_once(root: Path) -> None:
    """Load what was received, as the process beside the receiver does."""
    with closing(Loading(Plan(root, 1.0, 1.0, WHERE))) as loading:
        assert loading.round()
