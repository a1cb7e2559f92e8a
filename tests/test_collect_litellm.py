"""LiteLLM's generic callback: what a proxy posted is posted again, and a real proxy posts to the receiver."""

import gzip
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.receiver.taking import JSON as JSON_TYPE
from app.receiver.taking import take_litellm
from ingest.load import load_files
from ingest.options import Options
from tests.collected import JSON, Collect, collecting, keep, load_once
from tests.sellers import serving
from tests.warehouse_child import NOW
from warehouse.connection import open_reader

BODIES = Path(__file__).parent / "golden" / "collect" / "litellm_post_bodies.jsonl"
PYTHON = "TOLLBOOK_TEST_LITELLM"
"""Names a Python that has ``litellm[proxy]``: then none is installed."""
KEY = "sk-made-up-for-this-test-0001"
CALLS = 40
COLUMNS = (
    "request_id, response_id, start_at, model_served, input, cache_read, output, http_status, team, task, user_hash"
)


def rows_of(root: Path) -> list[tuple]:
    with open_reader(root) as reader:
        return reader.rows(f"select {COLUMNS} from usage order by all")


def loaded_from(other: Path, bodies: list[bytes]) -> list[tuple]:
    """The rows of a warehouse that was given the same bodies as files."""
    log = other.with_suffix(".jsonl")
    log.write_text("".join(json.dumps(item) + "\n" for body in bodies for item in json.loads(body)))
    list(load_files(other, [log], Options(), now=NOW, tell=lambda message: None))
    return rows_of(other)


def assert_same_as_files(begun: Path, folder: Path, bodies: list[bytes]) -> None:
    # Copies of one warehouse have one salt, and so the same users.
    root, other = (shutil.copytree(begun, folder / name) for name in ("received", "files"))
    taken = [take_litellm(body, JSON_TYPE) for body in bodies]
    assert [(each.records, each.refused) for each in taken] == [(len(json.loads(body)), 0) for body in bodies]
    keep(root, "litellm", [each.lines for each in taken])
    load_once(root)
    found = rows_of(root)
    assert found and found == loaded_from(other, bodies)


def test_posted_payloads_give_the_rows_of_their_files(begun, tmp_path):
    assert_same_as_files(begun, tmp_path, BODIES.read_bytes().splitlines())


@pytest.mark.long
def test_all_recorded_payloads_give_the_rows_of_their_files(begun, tmp_path, shared):
    for number, path in enumerate(sorted(shared.glob("recorded/litellm_*/generic_api_post_bodies.jsonl.gz"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert_same_as_files(begun, folder, gzip.decompress(path.read_bytes()).splitlines())


@pytest.fixture(scope="module")
def litellm_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    if named := os.environ.get(PYTHON):
        return named
    folder = tmp_path_factory.mktemp("litellm")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    done = subprocess.run([python, "-m", "pip", "install", "-q", "litellm[proxy]"], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"litellm[proxy] cannot be installed here: {done.stderr[-200:]}")
    return python


@contextmanager
def proxy(python: str, folder: Path, upstream: str, collect: Collect) -> Iterator[int]:
    """LiteLLM's proxy as its own process, set up as docs/collect.md says."""
    # Nobody listens at the second address.
    addresses = {"good": upstream, "bad": "http://127.0.0.1:1/v1"}
    known = {"model": "openai/gpt-5-mini", "api_key": KEY}
    models = [{"model_name": name, "litellm_params": {**known, "api_base": at}} for name, at in addresses.items()]
    config = {
        "model_list": models,
        "litellm_settings": {"callbacks": ["tollbook"], "num_retries": 0},
        "general_settings": {"master_key": KEY},
        "callback_settings": {
            "tollbook": {
                "callback_type": "generic_api",
                "endpoint": f"http://127.0.0.1:{collect.port}/litellm",
                "headers": {"Content-Type": "application/json"},
                "max_retries": 5,
                "retry_delay": 1,
            }
        },
    }
    (folder / "config.yaml").write_text(json.dumps(config))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(python).with_name("litellm")), "--config", "config.yaml", "--host", "127.0.0.1"]
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=folder,
            env={**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            stdout=log,
            stderr=log,
        )
        try:
            yield port
        finally:
            process.terminate()
            process.wait(60)


def ask(port: int, model: str, *, stream: bool) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    messages = [{"role": "user", "content": "a secret of the caller"}]
    body = json.dumps({"model": model, "stream": stream, "messages": messages, "metadata": {"tags": ["team:search"]}})
    connection.request("POST", "/v1/chat/completions", body, {**JSON, "authorization": f"Bearer {KEY}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def wait_until_up(port: int) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            if ask(port, "good", stream=False) == 200:
                return
        except OSError:
            pass
        time.sleep(1)
    raise TimeoutError("the proxy did not come up")


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_what_a_real_proxy_posts_is_the_sellers_ledger(tmp_path, litellm_python):
    root = tmp_path / "warehouse"
    with serving() as sellers, collecting(root, "--every", "1") as collect:
        with proxy(litellm_python, tmp_path, sellers.url("openai"), collect) as port:
            wait_until_up(port)
            for number in range(CALLS):
                ask(port, "bad" if number % 8 == 5 else "good", stream=number % 2 == 0)
                # Longer than the proxy's own pause between two batches, now and then.
                time.sleep(6 if number % 10 == 9 else 0.05)
            time.sleep(8)
        told = [row.sent for row in sellers.ledger.rows() if row.status == 200 and row.sent]
    sums = [sum(getattr(tokens, name) or 0 for tokens in told) for name in ("input", "cache_read", "output")]
    with open_reader(root) as reader:
        good = "select count(*), sum(input), sum(cache_read), sum(output) from usage where error_category is null"
        assert reader.row(good) == (len(told), *sums)
        assert reader.row("select count(*) from usage where error_category is not null") == (CALLS // 8,)
    received = b"".join(path.read_bytes() for path in root.rglob("*.jsonl"))
    assert b"secret" not in received and KEY.encode() not in received
