"""The shipped registry cards in a form that is read at once: nearly a megabyte of YAML takes seconds.

``cards.json.gz`` beside the cards holds what they say and a digest of their files. It counts only while that digest is
right: a card that somebody edits is read from its YAML again.
"""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from pricing.card_model import Card

COMPILED = "cards.json.gz"
_CARDS: TypeAdapter[dict[str, Card]] = TypeAdapter(dict[str, Card])


def digest_of(folder: Path) -> str:
    """SHA-256 of the names and contents of a folder's cards."""
    digest = hashlib.sha256()
    for file in _files(folder):
        # Without the line ends that a checkout may have changed.
        digest.update(f"{file.name}\n".encode() + file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def compile_cards(folder: Path, documents: dict[str, Any]) -> bytes:
    """The compiled form of a folder whose files hold these documents: the digest on one line, the cards on the next."""
    text = f"{digest_of(folder)}\n{json.dumps(documents, separators=(',', ':'))}\n"
    return gzip.compress(text.encode(), mtime=0)


def read_compiled(folder: Path) -> list[Card] | None:
    """The cards of a folder by file name, as ``read_folder`` would give them; None where no compiled form fits."""
    try:
        digest, _, cards = gzip.decompress((folder / COMPILED).read_bytes()).partition(b"\n")
    except (OSError, EOFError):
        return None
    if digest.decode("ascii", "replace") != digest_of(folder):
        return None
    return [card.from_file(name) for name, card in _CARDS.validate_json(cards).items()]


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*") if file.suffix in (".yaml", ".yml"))
