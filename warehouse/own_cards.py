"""The warehouse's own rate cards as files: which there are; adding, replacing and taking out one, all of it or none.

A card is checked beside all the others before it counts, and what a change replaces or takes out is kept.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from pricing.card import read_card
from pricing.errors import CardError
from warehouse.audit import keep_audit
from warehouse.connection import Reader, io_errors, open_staging, open_writer
from warehouse.entries import Author
from warehouse.errors import RateConflict, WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rate_edits import refuse_edits
from warehouse.rates import Cards, compile_rates, read_cards, sync_rates
from warehouse.rollups import follow_settings

KEPT = "removed"
"""The folder, beside the cards, of what was replaced or taken out; nothing reads it by itself."""
BESIDE = "cards"
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}\.ya?ml", re.ASCII)
ENDINGS = (".yaml", ".yml")
What = Literal["added", "replaced", "removed", "same"]


class OwnCard(NamedTuple):
    """A file among the warehouse's own cards."""

    file: str
    text: str
    seller: str = ""
    models: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """Every mistake in it: then nothing is loaded until it is put right."""


class Placed(NamedTuple):
    """What became of a card."""

    what: What
    file: str
    kept: Path | None
    """The copy of what stood there before."""


def list_own_cards(root: Path) -> list[OwnCard]:
    """The warehouse's own cards by file name, those with mistakes too."""
    return [_own_card(path) for path in _files(Folder(root))]


def check_own_card(reader: Reader, name: str, text: str, cards: object = None) -> tuple[str, ...]:
    """Every mistake that keeps a card from counting under this file name, beside the other cards; none: it may.

    ``cards`` is the state of the warehouse's own cards, for callers that keep answers.
    """
    try:
        with tempfile.TemporaryDirectory() as scratch:
            found = _cards_with(reader.folder, Path(scratch), {name: text})
        refuse_edits(reader.connection, found.own, compile_rates(found))
    except CardError as error:
        return tuple(problem.removeprefix(f"{name}: ") for problem in error.problems)
    except RateConflict as error:
        # Each is one mistake of the card; what to do about it belongs to the last.
        *others, last = error.problems
        return (*others, ". ".join([last, *error.advice]))
    except WarehouseError as error:
        return tuple(str(error).split("\n"))
    return ()


def put_card(root: Path, card: OwnCard, author: Author, *, tell: Tell, replace: bool = False) -> Placed:
    """Add a card under its file name, or put it in the place of the one there; raises CardError, WarehouseError."""
    folder = Folder(root)
    _refuse_name(card.file)
    was = _text_of(folder.own_cards / card.file)
    if was is not None and not replace:
        raise WarehouseError(f"there is a card {card.file} already: replace it, or give the new one another name")
    if was == card.text:
        return Placed("same", card.file, None)
    return _change(folder, card.file, card.text, author, tell)


def remove_card(root: Path, name: str, author: Author, *, tell: Tell) -> Placed:
    """Take a card out; raises WarehouseError where there is none, or one of its rates has priced calls."""
    folder = Folder(root)
    names = [path.name for path in _files(folder)]
    if name not in names:
        known = ", ".join(names) or "none"
        raise WarehouseError(f"there is no card {name} of this warehouse's own; there are: {known}")
    return _change(folder, name, None, author, tell)


def _change(folder: Folder, name: str, text: str | None, author: Author, tell: Tell) -> Placed:
    """The database first, then the file: a kill in between leaves what the next load puts right by itself."""
    with open_staging(folder) as staging, folder.scratch() as scratch, io_errors(folder.root):
        found = _cards_with(folder, scratch, {name: text})
        with open_writer(folder, "usage", staging, purpose="a rate card", now=author.now, tell=tell):
            follow_settings(staging, folder.settings())
            sync_rates(staging, found, author.now, author.who)
            draft = scratch / BESIDE / name if text is not None else None
            placed = _place(folder, name, draft, author)
            before = {"kept": f"{KEPT}/{placed.kept.name}"} if placed.kept else None
            after = {"digest": hashlib.sha256(text.encode()).hexdigest()} if text is not None else None
            what = f"rate card {name} {placed.what}"
            keep_audit(staging, what, who=author.who, now=author.now, before=before, after=after)
    return placed


def _place(folder: Folder, name: str, draft: Path | None, author: Author) -> Placed:
    """Keep a copy of what stands there, then rename the draft to it, or take it away."""
    path = folder.own_cards / name
    path.parent.mkdir(exist_ok=True)
    kept = None
    if path.exists():
        kept = _kept_name(folder, name, author)
        kept.parent.mkdir(exist_ok=True)
        shutil.copy2(path, kept)
    if draft is None:
        path.unlink()
        return Placed("removed", name, kept)
    os.replace(draft, path)
    return Placed("added" if kept is None else "replaced", name, kept)


def _kept_name(folder: Folder, name: str, author: Author) -> Path:
    """A name that says when; never that of another copy."""
    stem, dot, ending = name.rpartition(".")
    at = f"{author.now:%Y%m%dT%H%M%SZ}"
    place = 1
    while (kept := folder.own_cards / KEPT / f"{stem}-{at}{f'-{place}' if place > 1 else ''}{dot}{ending}").exists():
        place += 1
    return kept


def _cards_with(folder: Folder, scratch: Path, changes: Mapping[str, str | None]) -> Cards:
    """Every card as if some of the own files said this, or were gone (None); raises CardError with every mistake."""
    beside = scratch / BESIDE
    beside.mkdir()
    for path in _files(folder):
        if path.name not in changes:
            shutil.copy2(path, beside / path.name)
    for name, text in changes.items():
        if text is not None:
            (beside / name).write_text(text, encoding="utf-8", newline="")
    return read_cards(folder, own=beside)


def _files(folder: Folder) -> list[Path]:
    return sorted(path for path in folder.own_cards.glob("*") if path.suffix in ENDINGS)


def _own_card(path: Path) -> OwnCard:
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    try:
        card = read_card(path)
    except CardError as error:
        return OwnCard(path.name, text, problems=error.problems)
    names = dict.fromkeys([*card.models, *(name for each in card.discounts for name in each.models)])
    return OwnCard(path.name, text, card.seller, tuple(names))


def _text_of(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else None


def _refuse_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise WarehouseError(
            f"{name!r} is no name for a card: letters, digits, dots, dashes and underscores, ending in .yaml"
        )
