"""HTTP/1.1, as much of it as a server needs that must be able to break it."""

import asyncio
import zlib
from typing import NamedTuple


class Request(NamedTuple):
    """A request that arrived whole."""

    path: str
    headers: dict[str, str]
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None where the client has left."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(first.split()[1], headers, body)


async def client_left(reader: asyncio.StreamReader, within_s: float = 30) -> None:
    """Wait until the client has closed its end."""
    try:
        await asyncio.wait_for(reader.read(1), within_s)
    except (TimeoutError, ConnectionError):
        return


def head(status: int, headers: dict[str, str]) -> bytes:
    """Status line and headers."""
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class ChunkedBody:
    """A body that goes out in parts, packed or not, and need not be ended."""

    def __init__(self, writer: asyncio.StreamWriter, *, torn: int, gzip: bool) -> None:
        self.writer = writer
        self.torn = torn
        self.packer = zlib.compressobj(wbits=31) if gzip else None

    async def send(self, data: bytes) -> None:
        """Send a part, so that a reader has all of it."""
        for start in range(0, len(data), self.torn or len(data)):
            await self._chunk(data[start : start + (self.torn or len(data))])

    async def _chunk(self, data: bytes) -> None:
        if self.packer:
            data = self.packer.compress(data) + self.packer.flush(zlib.Z_SYNC_FLUSH)
        self.writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        await self.writer.drain()

    async def end(self) -> None:
        """Send the proper end."""
        if self.packer:
            data = self.packer.flush(zlib.Z_FINISH)
            self.writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()
