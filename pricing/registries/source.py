"""Files of registries: plain or gzip, numbers as they were written."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

from pricing.errors import PricingError


class RegistryError(PricingError):
    """A registry's file, or its package, cannot be read as what it was said to be."""


def read_text(path: Path) -> str:
    """The text of a file, unpacked where it is gzip; raises RegistryError."""
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except OSError as error:
        raise RegistryError(f"{path.name}: it cannot be read: {error.strerror or error}") from error
    except (EOFError, UnicodeDecodeError) as error:
        raise RegistryError(f"{path.name}: it is neither text nor a whole gzip file") from error


def read_json(path: Path) -> object:
    """The JSON of a file with exact numbers: a price of 1.5e-07 stays that, and never becomes a binary float."""
    try:
        document: object = json.loads(read_text(path), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise RegistryError(f"{path.name}: not JSON: {error}") from error
    return document
