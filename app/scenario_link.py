"""A whole scenario in a link: its document as text that a URL can hold."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from app.session import UserMistake

MOST_TEXT = 8_000
"""Characters that a link may have: browsers and proxies cut longer ones."""
MOST_BYTES = 200_000
"""What they may unpack to."""


def write_link(document: Mapping[str, Any]) -> str | None:
    """The document for a URL; None where it is too long for one, and only a file or a saved name can hold it."""
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    text = base64.urlsafe_b64encode(zlib.compress(plain.encode(), 9)).decode().rstrip("=")
    return text if len(text) <= MOST_TEXT else None


def read_link(text: str) -> dict[str, Any]:
    """The document that a URL holds; raises UserMistake where it holds none, as when it was cut."""
    try:
        packed = base64.urlsafe_b64decode(text[:MOST_TEXT] + "=" * (-len(text[:MOST_TEXT]) % 4))
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, MOST_BYTES)
        document = json.loads(plain) if unpacker.eof else None
    except (binascii.Error, zlib.error, ValueError):
        document = None
    if not isinstance(document, dict):
        raise UserMistake("the link holds no whole scenario: it may have been cut; ask for it again, or for its file")
    return document
