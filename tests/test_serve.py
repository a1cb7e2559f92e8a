"""`tollbook serve`: one process, which tells browsers what they may do and sends its files small."""

import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from streamlit import file_util

from scripts.running import wait_until_up

ROOT = Path(__file__).parents[1]
COMMAND = "import sys; from app.cli import main; sys.argv = ['tollbook', *sys.argv[1:]]; main()"
STATIC = Path(file_util.get_static_dir())
CHART = next(path for path in (STATIC / "static" / "js").glob("PlotlyChart*.js"))
FONT = next((STATIC / "static" / "media").glob("*.woff2"))
ENDS_S = 30


class Served(NamedTuple):
    """A server as it runs."""

    port: int
    process: "subprocess.Popen[bytes]"


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", COMMAND, "--warehouse", str(tmp_path_factory.mktemp("served")), "serve"]
    process = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_until_up(port)
        yield Served(port, process)
    finally:
        process.kill()
        process.wait()


def asked(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """What the server answers, as it came over the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ENDS_S)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


@pytest.mark.parametrize("path", ["/", "/tasks", f"/static/js/{CHART.name}", "/_stcore/health", "/_stcore/metrics"])
def test_every_answer_forbids_what_comes_from_outside(served, path):
    answer, _ = asked(served.port, path, accept_encoding="gzip")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'"
    sources = {source for each in policy.values() for source in each.split()}
    assert {each for each in sources if not each.startswith("'")} == {"data:", "blob:"}
    assert "'unsafe-inline'" not in policy["script-src"] and "'unsafe-eval'" not in policy["script-src"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact"])
def test_how_the_server_is_used_is_told_to_nobody(served, path):
    answer, content = asked(served.port, path)
    assert (answer.status, content) == (404, b"Not found")


def test_files_are_sent_compressed_once_to_whom_can_read_them(served):
    path = f"/static/js/{CHART.name}"
    answer, content = asked(served.port, path, accept_encoding="gzip, deflate, br")
    assert answer.headers["content-encoding"] == "gzip" and "immutable" in answer.headers["cache-control"]
    assert gzip.decompress(content) == CHART.read_bytes()
    assert len(content) < CHART.stat().st_size / 2
    assert "javascript" in answer.headers["content-type"]
    assert asked(served.port, path, accept_encoding="gzip")[1] == content
    plain, as_it_is = asked(served.port, path)
    assert "content-encoding" not in plain.headers and as_it_is == CHART.read_bytes()
    part, few = asked(served.port, path, accept_encoding="gzip", range="bytes=0-9")
    assert part.status == 206 and few == CHART.read_bytes()[:10]


@pytest.mark.parametrize("path", [f"/static/media/{FONT.name}", "/static/js/nobody.js", "/static/js/../index.html"])
def test_other_files_are_left_to_streamlit(served, path):
    answer, _ = asked(served.port, path, accept_encoding="gzip")
    assert "content-encoding" not in answer.headers


def test_nobody_reaches_the_app_under_another_name(served):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    statuses = []
    for host in ("localhost", "elsewhere.example"):
        origin = {"Host": f"{host}:{served.port}", "Origin": f"http://{host}:{served.port}"}
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=ENDS_S)
        connection.request("GET", "/_stcore/stream", headers={**upgrade, **key, **origin})
        statuses.append(connection.getresponse().status)
        connection.close()
    assert statuses == [101, 403]


def test_the_server_is_the_process_that_was_started_and_ends_with_it(served):
    """Stands last: it ends the server."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children")
    if children.exists():
        assert children.read_text() == ""
    os.kill(served.process.pid, signal.SIGINT)
    assert served.process.wait(timeout=ENDS_S) == 0
    with socket.socket() as probe:
        # Else a connection that was just closed would still hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", served.port))
