"""Bodies that come compressed: read as they pass, where this Python can."""

from __future__ import annotations

import importlib
import zlib
from typing import Any, Protocol


class Decoder(Protocol):
    """Takes compressed bytes and gives those that they hold."""

    def decompress(self, data: bytes) -> bytes:
        """What these bytes add."""


class Inflate:
    """``deflate``, which some servers send with a header and some without."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj()
        self._begun = False

    def decompress(self, data: bytes) -> bytes:
        """What these bytes add."""
        try:
            found = self._inner.decompress(data)
        except zlib.error:
            if self._begun:
                raise
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            found = self._inner.decompress(data)
        self._begun = True
        return found


class Chain:
    """Several encodings, one inside the other."""

    def __init__(self, decoders: list[Decoder]) -> None:
        self._decoders = decoders

    def decompress(self, data: bytes) -> bytes:
        """What these bytes add."""
        for decoder in self._decoders:
            data = decoder.decompress(data)
        return data


def decoder_of(encoding: str | None) -> Decoder | None:
    """What reads bodies of this ``content-encoding``; None for those that are not encoded. Raises LookupError."""
    names = [name.strip().lower() for name in (encoding or "").split(",")]
    found = [_decoder(name) for name in reversed(names) if name not in ("", "identity")]
    return (found[0] if len(found) == 1 else Chain(found)) if found else None


def _decoder(name: str) -> Decoder:
    if name in ("gzip", "x-gzip"):
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    if name == "deflate":
        return Inflate()
    if name == "br":
        return _Brotli(_first("brotli", "brotlicffi").Decompressor())
    if name == "zstd":
        module = _first("compression.zstd", "backports.zstd", "zstandard")
        made = module.ZstdDecompressor()
        return made if hasattr(made, "unused_data") else made.decompressobj()  # type: ignore[no-any-return]
    raise LookupError(f"no decoder for {name}")


class _Brotli:
    """Both packages' decompressors, whose methods are called differently."""

    def __init__(self, inner: Any) -> None:
        self._read = getattr(inner, "decompress", None) or inner.process

    def decompress(self, data: bytes) -> bytes:
        """What these bytes add."""
        return self._read(data)  # type: ignore[no-any-return]


def _first(*names: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise LookupError(f"none of {', '.join(names)} is installed")
