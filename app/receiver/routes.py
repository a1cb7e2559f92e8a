"""The receiver's addresses: what is posted to them is answered once it is on the disk."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.receiver.answers import accepted, refused
from app.receiver.body import Held, Ledger, Refused, Room, read_body, unpack
from app.receiver.commit import Commit, NotKept
from app.receiver.door import check_sender
from app.receiver.taking import JSON, NDJSON, PROTOBUF, Taken, take_envelopes, take_litellm, take_traces

RETRY_S = 5
AT_ONCE = 2
"""Bodies that are taken apart at the same time: each takes several times its size in memory."""
Take = Callable[[bytes, str], Taken]
Endpoint = Callable[[Request], Awaitable[Response]]


class Receiver:
    """What the addresses share."""

    def __init__(self, commit: Commit, room: Room, token: str | None) -> None:
        self.commit = commit
        self.ledger = Ledger(room)
        self.token = token
        self.taking = asyncio.Semaphore(AT_ONCE)
        self.counts: dict[str, int] = {"requests": 0, "records": 0, "refused": 0}
        """What was taken since the start."""

    async def take(self, request: Request, kind: str, take: Take, content_type: str) -> Taken:
        """Bring a request's records to the disk; raises Refused."""
        check_sender(request.headers, self.token)
        with Held(self.ledger) as held:
            body = await read_body(request, held)
            async with self.taking:
                taken = await asyncio.to_thread(self._take, request, body, take, content_type)
            held.take(len(taken.lines))
            if taken.lines:
                await self._keep(kind, taken.lines)
        self.counts["requests"] += 1
        self.counts["records"] += taken.records
        self.counts["refused"] += taken.refused
        return taken

    def _take(self, request: Request, body: bytes, take: Take, content_type: str) -> Taken:
        encoding = request.headers.get("content-encoding", "")
        return take(unpack(body, encoding, self.ledger.room.body), content_type)

    async def _keep(self, kind: str, lines: bytes) -> None:
        try:
            # Who goes away does not take back what is being written.
            await asyncio.shield(asyncio.wrap_future(self.commit.add(kind, lines)))
        except NotKept as problem:
            raise Refused(503, f"nothing was kept: {problem}", retry_s=RETRY_S) from problem


def application(receiver: Receiver) -> Starlette:
    """The ASGI application."""

    async def health(request: Request) -> Response:
        try:
            check_sender(request.headers, receiver.token)
        except Refused:
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "ok", **receiver.counts, "waiting_bytes": receiver.ledger.held})

    kinds: dict[str, tuple[str, Take, tuple[str, ...]]] = {
        "/v1/traces": ("otlp", take_traces, (PROTOBUF, JSON)),
        "/litellm": ("litellm", take_litellm, (JSON, *NDJSON)),
        "/envelopes": ("envelopes", take_envelopes, (JSON, *NDJSON)),
    }
    posts = [Route(path, _endpoint(receiver, *how), methods=["POST"]) for path, how in kinds.items()]
    return Starlette(routes=[*posts, Route("/health", health, methods=["GET"])])


def _endpoint(receiver: Receiver, kind: str, take: Take, types: tuple[str, ...]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if content_type not in types:
                raise Refused(415, f"content-type {content_type[:40]!r} is not read here; {' and '.join(types)} are")
            return accepted(kind, await receiver.take(request, kind, take, content_type), content_type)
        except Refused as problem:
            return refused(kind, problem, content_type)

    return endpoint
