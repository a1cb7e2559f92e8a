"""A receiver of notifications on this machine: what was posted to it, and whether it takes it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Receiver:
    """``took`` is what was posted; ``answer`` the status that it answers with."""

    def __init__(self) -> None:
        self.took: list[dict[str, str]] = []
        self.answer = 200
        self.port = 0

    def url(self, path: str = "") -> str:
        return f"json://127.0.0.1:{self.port}/{path}"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen on 127.0.0.1 until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.took.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(receiver.answer)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
