"""Reads a request's body: never more than the limit, neither packed nor unpacked, and never for ever."""

import asyncio
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from starlette.requests import ClientDisconnect, Request

READ_S = 30.0
"""A body that takes longer has stopped coming."""
RETRY_S = 1
PIECE = 1 << 16
WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""By content encoding, what zlib is told of the wrapping."""


class Refused(Exception):
    """A request that is not taken: its status, why, and whether it may be sent again."""

    def __init__(self, status: int, reason: str, *, retry_s: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_s = retry_s


class Room(NamedTuple):
    """What may be in memory: of one body, and of all that wait together."""

    body: int
    waiting: int


class Ledger:
    """Counts the bytes of all requests under way; all on the event loop's thread."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.held = 0

    def take(self, size: int) -> None:
        """Note more bytes; raises Refused when there are too many."""
        if self.held + size > self.room.waiting:
            raise Refused(429, "too much is waiting to be written; send it again", retry_s=RETRY_S)
        self.held += size

    def give_back(self, size: int) -> None:
        """Bytes that no longer wait."""
        self.held -= size


class Held:
    """The bytes that one request holds: given back when it ends."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.size = 0

    def take(self, size: int) -> None:
        """Note more bytes; raises Refused."""
        self.ledger.take(size)
        self.size += size

    def __enter__(self) -> "Held":
        return self

    def __exit__(self, *error: object) -> None:
        self.ledger.give_back(self.size)


async def read_body(request: Request, held: Held) -> bytes:
    """The body as it was sent; raises Refused where it is too long, too slow, or there is no room for it."""
    most = held.ledger.room.body
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most:
        raise too_long(most)
    pieces: list[bytes] = []
    try:
        async with asyncio.timeout(READ_S):
            async for piece in request.stream():
                if held.size + len(piece) > most:
                    raise too_long(most)
                held.take(len(piece))
                pieces.append(piece)
    except TimeoutError:
        raise Refused(408, f"the body did not come within {READ_S:.0f} s") from None
    except ClientDisconnect:
        raise Refused(400, "the body ended early") from None
    return b"".join(pieces)


def unpack(body: bytes, encoding: str, most: int) -> bytes:
    """A body without its packing, however often one byte stands in it; raises Refused."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in WINDOWS:
        raise Refused(415, f"content-encoding {encoding[:20]!r} is not read; gzip and deflate are")
    try:
        return b"".join(_unpacked(body, WINDOWS[encoding], most))
    except zlib.error:
        raise Refused(400, f"the body is no whole {encoding}") from None


def _unpacked(body: bytes, window: int, most: int) -> Iterator[bytes]:
    total = 0
    while body:
        unpacking = zlib.decompressobj(window)
        rest = body
        while not unpacking.eof:
            piece = unpacking.decompress(rest, PIECE)
            rest = unpacking.unconsumed_tail
            if not piece and not rest and not unpacking.eof:
                raise zlib.error("it ends early")
            total += len(piece)
            if total > most:
                raise too_long(most)
            yield piece
        # Another member may follow.
        body = unpacking.unused_data


def too_long(most: int) -> Refused:
    """What is said of a body that is longer than the limit."""
    return Refused(413, f"the body is longer than {most >> 20} MiB; send smaller batches")
