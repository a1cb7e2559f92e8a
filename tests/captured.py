"""A seller inside the process, for both HTTP libraries, and the lines that the recorder wrote of its calls."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import httpx2
import tollbook_capture
from tollbook_capture.writer import writers

LIBRARIES = (httpx, httpx2)
URL = "https://api.openai.com/v1/chat/completions"
USAGE = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
CHAT = {
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1795166102, "model": "gpt-5.1-mini", "usage": USAGE,
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
}  # fmt: skip

Pieces = Iterable[Any]
"""Bytes; an exception among them is raised."""
Seller = Callable[[Any], tuple[int, dict[str, str], Pieces]]


def transport(http: ModuleType, seller: Seller) -> Any:
    """A synchronous transport of ``http`` behind which the seller stands; an exception among the pieces is raised."""

    class Body(http.SyncByteStream):  # type: ignore[misc, name-defined]
        closed = False

        def __init__(self, pieces: Pieces) -> None:
            self.pieces = pieces

        def __iter__(self) -> Any:
            for piece in self.pieces:
                if isinstance(piece, BaseException):
                    raise piece
                yield piece

        def close(self) -> None:
            self.closed = True

    class Inside(http.BaseTransport):  # type: ignore[misc, name-defined]
        def handle_request(self, request: Any) -> Any:
            status, headers, pieces = seller(request)
            return http.Response(status, headers=headers, stream=Body(pieces))

    return Inside()


def client(http: ModuleType, seller: Seller, directory: Path, **settings: Any) -> Any:
    """A client of ``http`` whose calls reach the seller and are recorded in the directory."""
    return tollbook_capture.record(http.Client(transport=transport(http, seller)), directory, **settings)


def event(value: dict[str, Any] | str) -> bytes:
    """One server-sent event."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def chunk(text: str = "", reason: str | None = None, **more: Any) -> dict[str, Any]:
    """One chunk of a chat stream."""
    choices = [{"index": 0, "delta": {"content": text}, "finish_reason": reason}]
    return {
        "id": "chatcmpl-2",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": choices,
    } | more


def streaming(*events: dict[str, Any] | str, **headers: str) -> Seller:
    """A seller that streams these events."""
    return lambda request: (200, {"content-type": "text/event-stream", **headers}, [event(each) for each in events])


def whole(body: bytes | None = None, status: int = 200, headers: dict[str, str] | None = None) -> Seller:
    """A seller that answers with this body, in two pieces."""
    said = json.dumps(CHAT).encode() if body is None else body
    return lambda request: (status, {"content-type": "application/json"} | (headers or {}), [said[:7], said[7:]])


def lines(directory: Path) -> list[dict[str, Any]]:
    """All lines that were written, once everything is."""
    assert all(writer.flush(10) for writer in writers() if writer.directory == str(directory))
    files = sorted(directory.glob("capture-*.jsonl"), key=lambda path: int(path.stem.rsplit("-", 1)[1]))
    return [json.loads(line) for path in files for line in path.read_bytes().splitlines()]


def ask(http_client: Any, url: str = URL, **request: Any) -> Any:
    """One chat call."""
    return http_client.post(url, json={"model": "m", "messages": [{"role": "user", "content": "Hi"}]} | request)
