"""The files that make up Streamlit's page, sent compressed: a third of their size, and compressed once."""

import gzip
import mimetypes
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

SHRINK = frozenset({".js", ".css", ".svg", ".json", ".wasm"})
"""Kinds of files that become smaller; pictures and fonts are compressed already."""
FEWEST_BYTES = 1_000
LEVEL = 6
FOREVER = "public, immutable, max-age=31536000"
"""A file's name holds a digest of what is in it: another content has another name."""


@cache
def _files() -> dict[str, Path]:
    """The files by their addresses; what is not here is not ours to send."""
    root = Path(file_util.get_static_dir())
    found = (path for path in (root / "static").rglob("*") if path.suffix in SHRINK)
    return {f"/{path.relative_to(root).as_posix()}": path for path in found if path.stat().st_size >= FEWEST_BYTES}


@cache
def _compressed(path: Path) -> bytes:
    """A file's content, kept for as long as the server runs: all of them are some 8 MB."""
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)


class SmallFiles:
    """Before the app: answers for the files that it compresses, to browsers that can read them so."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = _files().get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if path is None or not _is_read_compressed(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        kind = mimetypes.guess_type(path.name)[0]
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": FOREVER}
        answer = Response(await run_in_threadpool(_compressed, path), headers=headers, media_type=kind)
        await answer(scope, receive, send)


def _is_read_compressed(headers: Headers) -> bool:
    """Whether a browser asks for a whole file and says that it reads gzip."""
    offers = [offer.strip().lower() for offer in headers.get("accept-encoding", "").split(",")]
    return "range" not in headers and any(offer == "gzip" or offer.startswith("gzip;") for offer in offers)
