"""Imported cards in a warehouse's folder: written whole, only ever with more entries than before."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pricing.card import read_card
from pricing.card_model import Card
from pricing.registries.compiled import COMPILED, compile_cards
from pricing.registries.entries import JsonObject, card_text
from pricing.registries.source import RegistryError
from pricing.yaml_text import parse_yaml

_HEADER = (
    "Written by `tollbook rates import`, which only ever adds entries.",
    "Prices of your own belong one folder up: those go before these.",
)


def read_document(path: Path) -> Mapping[str, Any]:
    """An imported card as it is written; empty where there is none."""
    if not path.exists():
        return {}
    document, _ = parse_yaml(path.read_text(encoding="utf-8-sig"))
    assert isinstance(document, dict)  # It has been read as a card.
    return document


def write_cards(folder: Path, cards: Mapping[str, JsonObject], before: Mapping[str, Card]) -> list[Path]:
    """Write cards by seller, each as a whole, after all were read back.

    Raises CardError or RegistryError before any is written. ``before`` are the cards that are there; each of their
    entries has to come out as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drafts: dict[Path, Path] = {}
    try:
        for seller, card in sorted(cards.items()):
            draft = folder / f".{seller}.draft"
            draft.write_text(card_text(_HEADER, card), encoding="utf-8")
            drafts[draft] = folder / f"{seller}.yaml"
            _refuse_losses(before.get(seller), read_card(draft))
        for draft, path in drafts.items():
            os.replace(draft, path)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
    _write_compiled(folder)
    return list(drafts.values())


def _refuse_losses(before: Card | None, after: Card) -> None:
    for model, entries in before.models.items() if before else ():
        if after.models.get(model, ())[: len(entries)] != entries:
            raise RegistryError(f"{after.seller}: the entries of {model} would change; nothing was written")


def _write_compiled(folder: Path) -> None:
    documents = {path.name: parse_yaml(path.read_text(encoding="utf-8-sig"))[0] for path in _cards(folder)}
    draft = folder / f".{COMPILED}.draft"
    draft.write_bytes(compile_cards(folder, documents))
    os.replace(draft, folder / COMPILED)


def _cards(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))
