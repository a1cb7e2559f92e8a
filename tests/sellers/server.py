"""The server: one thread, one loop, a task for each connection."""

import asyncio
import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from tests.sellers import chat, messages, responses
from tests.sellers.answer import Piece, Whole
from tests.sellers.ledger import Attempt, Ledger
from tests.sellers.plan import Plan, read_plan
from tests.sellers.wire import ChunkedBody, Request, client_left, head, read_request

APIS = {"/chat/completions": "chat", "/responses": "responses", "/messages": "messages"}
ID_STARTS = {"chat": "chatcmpl-", "responses": "resp_", "messages": "msg_"}
STATUSES = {
    "400": (400, "invalid_request"),
    "401": (401, "authentication"),
    "401_empty": (401, ""),
    "404": (404, "not_found"),
    "429": (429, "rate_limit"),
    "500": (500, "server"),
    "503_html": (503, ""),
}
HOLD_AFTER = 3
"""Events that a stream has before it is held."""
PATHS = {"openai": "/v1", "stepfun": "/v1", "novita": "/openai/v1", "deepseek": "", "anthropic": ""}
"""Where a seller's interface begins, after its name."""


class Sellers:
    """The running server."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.port = 0

    @property
    def address(self) -> str:
        """Of the server, without any seller."""
        return f"http://127.0.0.1:{self.port}"

    def url(self, seller: str) -> str:
        """The base URL that a client of the seller is given."""
        return f"{self.address}/{seller}{PATHS[seller]}"

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests until either end closes."""
        try:
            while request := await read_request(reader):
                if not await self._answer(request, reader, writer):
                    return
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    async def _answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        row = self._arrived(request)
        try:
            going_on = await Answering(row, reader, writer).run()
        except ConnectionError:
            # Some clients leave at the last event, before the end of the body.
            row.outcome = "left" if row.outcome == "open" else row.outcome
            raise
        except BaseException as error:
            row.outcome = f"broken: {error!r}"
            raise
        return going_on

    def _arrived(self, request: Request) -> Attempt:
        plan = read_plan(request.headers)
        seller, path = request.path.lstrip("/").split("/", 1)
        api = next(api for end, api in APIS.items() if f"/{path}".split("?")[0].endswith(end))
        row = Attempt(
            plan=plan,
            number=self.ledger.next_number(plan.ref),
            seller=seller,
            api=api,
            request=json.loads(request.body),
            headers=request.headers,
            request_id=f"req_{uuid4().hex}",
            response_id=ID_STARTS[api] + uuid4().hex,
        )
        self.ledger.add(row)
        return row


class Answering:
    """The answer to one attempt, whole or not."""

    def __init__(self, row: Attempt, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.row, self.reader, self.writer = row, reader, writer
        self.plan: Plan = row.plan
        self.fault = row.plan.fault(row.number)
        self.headers = {"request-id" if row.api == "messages" else "x-request-id": row.request_id}

    async def run(self) -> bool:
        """Answer; returns whether the connection goes on."""
        if self.fault in STATUSES:
            return await self._refuse()
        self.row.made = self.plan.tokens
        if self.fault == "drop":
            self.row.outcome = "cut"
            return False
        if self.fault == "silent":
            await client_left(self.reader)
            self.row.outcome = "left"
            return False
        if self.fault == "slow":
            await asyncio.sleep(self.plan.pause_s or 0.05)
        return await (self._stream() if self.row.stream else self._whole())

    async def _refuse(self) -> bool:
        status, kind = STATUSES[self.fault]
        row, self.row.status, self.row.outcome = self.row, status, "error"
        said = b""
        if kind:
            body = (messages if row.api == "messages" else chat).error(kind, status, row.request_id)
            said = json.dumps(body).encode()
        elif self.fault == "503_html":
            said = b"<html><body>Secret words for people.</body></html>"
        self.headers["retry-after-ms"] = "5"
        kind = "text/html" if self.fault == "503_html" else "application/json"
        self._send(status, said, kind)
        await self.writer.drain()
        return True

    def _send(self, status: int, body: bytes, kind: str) -> None:
        more = {"content-type": kind} if body else {}
        self.writer.write(head(status, self.headers | more | {"content-length": str(len(body))}) + body)

    async def _whole(self) -> bool:
        row, answer = self.row, self._made()
        row.status = 200
        body = json.dumps(answer.body, ensure_ascii=False).encode()
        if self.fault == "garbled":
            row.outcome = "error"
            self._send(200, b'{"id": "chat' + body[:9], "application/json")
            return True
        if self.plan.gzip:
            body, self.headers["content-encoding"] = gzip.compress(body), "gzip"
        whole = head(200, self.headers | {"content-type": "application/json", "content-length": str(len(body))}) + body
        if self.fault in ("cut", "cut_late", "hold", "error_event"):
            self.writer.write(whole[: -(len(body) // 2)])
            await self.writer.drain()
            if self.fault == "hold":
                await client_left(self.reader)
            row.outcome = "left" if self.fault == "hold" else "cut"
            return False
        self.writer.write(whole)
        row.sent, row.outcome = answer.sent, "ok"
        row.answered.update(answer.answered)
        await self.writer.drain()
        return True

    def _made(self) -> Whole:
        row = self.row
        if row.api == "chat":
            return chat.whole(row.seller, row.plan, row.request, row.response_id)
        return (messages if row.api == "messages" else responses).whole(row.plan, row.request, row.response_id)

    def _pieces(self) -> list[Piece]:
        row = self.row
        if row.api == "chat":
            return chat.pieces(row.seller, row.plan, row.request, row.response_id)
        return (messages if row.api == "messages" else responses).pieces(row.plan, row.request, row.response_id)

    async def _stream(self) -> bool:
        row, pieces = self.row, self._pieces()
        row.status = 200
        packed = {"content-encoding": "gzip"} if self.plan.gzip else {}
        more = {"content-type": "text/event-stream; charset=utf-8", "transfer-encoding": "chunked"}
        self.writer.write(head(200, self.headers | more | packed))
        body = ChunkedBody(self.writer, torn=self.plan.torn, gzip=self.plan.gzip)
        if self.fault == "garbled":
            row.outcome = "error"
            await body.send(b"data: {not so\n\ndata: [1, 2]\n\n")
            await body.end()
            return True
        ends = {"": len(pieces), "slow": len(pieces), "cut_late": len(pieces) - 1, "hold": HOLD_AFTER}
        stop = ends.get(self.fault, len(pieces) // 2)
        for piece in pieces[:stop]:
            if self.plan.pause_s:
                await asyncio.sleep(self.plan.pause_s)
            # Noted before it goes out: who has the last event may be gone before the write is over.
            row.sent = piece.sent or row.sent
            if piece.chars:
                row.answered[piece.kind] += piece.chars
            if piece is pieces[-1]:
                row.outcome = "ok"
            await body.send(piece.data)
        return await self._finish(body, pieces[stop:])

    async def _finish(self, body: ChunkedBody, rest: list[Piece]) -> bool:
        row = self.row
        if self.fault == "error_event":
            dialect = {"chat": chat, "responses": responses, "messages": messages}[row.api]
            row.outcome = "error"
            await body.send(dialect.error_event(row.request_id))
        elif self.fault == "hold":
            await client_left(self.reader)
            row.outcome = "left"
            return False
        elif rest:
            row.outcome = "cut"
            await body.send(rest[0].data[: len(rest[0].data) // 2])
            return False
        await body.end()
        return True


@contextmanager
def serving() -> Iterator[Sellers]:
    """Listen on 127.0.0.1 until the block ends."""
    sellers, loop, started = Sellers(), asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(sellers.connection, "127.0.0.1", 0, limit=1 << 20)
        sellers.port = server.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    started.wait()
    try:
        yield sellers
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
