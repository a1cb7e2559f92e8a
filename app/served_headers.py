"""What every answer tells a browser: load nothing from elsewhere, show this in no other page; and what none tells."""

import hashlib
import re
from base64 import b64encode
from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
POLICY = {
    "default-src": "'none'",
    # Streamlit's parts state their styles where they stand.
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self' data:",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "manifest-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""Where a page may load from: this server, and what the page itself made."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CLOSED = ("/_stcore/metrics", "/_stcore/agent/")
"""What Streamlit would tell anyone who asks: how the server is used, and a way to use it without a browser."""


@cache
def _headers() -> dict[str, str]:
    """The headers; of scripts, only the server's files and what Streamlit's own page begins with may run."""
    page = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
    digests = [b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in INLINE.findall(page)]
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    policy = {**POLICY, "script-src": scripts}
    return {**HEADERS, "Content-Security-Policy": "; ".join(f"{name} {where}" for name, where in policy.items())}


class ClosedDoors:
    """Around the app: puts the headers on each answer, and does not know what is closed."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_headers())
            await send(message)

        answer = PlainTextResponse("Not found", 404) if scope["path"].startswith(CLOSED) else self.app
        await answer(scope, receive, send_with_headers)
