"""Reading rate cards: one YAML file per seller, with every mistake of a file named at once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pricing.card_model import BaseUrl, BillingRule, Card, Entry
from pricing.checks import (
    find_card_problems,
    find_correction_problems,
    find_entry_problems,
    find_gaps,
    find_name_problems,
    find_overlaps,
    find_region_problems,
)
from pricing.errors import CardError
from pricing.plain_mistakes import near_key, plain_message
from pricing.registries.compiled import read_compiled
from pricing.yaml_text import parse_yaml

__all__ = [
    "BaseUrl",
    "BillingRule",
    "Card",
    "Entry",
    "read_card",
    "read_folder",
    "read_imported",
    "read_registry",
    "read_shipped",
]

_SHIPPED = Path(__file__).parent / "rate_cards"
_KEYS = frozenset(key for part in (Card, BaseUrl, BillingRule, Entry) for key in part.model_fields)
_MISSING = {
    "seller": "who bills, as in seller: my-seller",
    "valid_from": "from when it holds, as in 2026-06-18T00:00:00Z",
    "currency": "the code of the currency that is billed, as in USD",
    "source": "the address or the document that says so",
    "checked": "the day when somebody last looked at the source, as in 2026-06-18",
    "confidence": "on whose word it is: official, registry, article or contract",
    "url": "the beginning of the address, as in https://api.example.com/v1",
}
"""What to write where a key is not there."""


def read_card(path: Path) -> Card:
    """The card in ``path``. Raises CardError with one message per mistake, each naming file and model."""
    try:
        document, problems = parse_yaml(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CardError([f"{path.name}: it cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise CardError([f"{path.name}: byte {error.start + 1} is not UTF-8"]) from error
    except yaml.YAMLError as error:
        raise CardError([f"{path.name}: not YAML: {' '.join(str(error).split())}"]) from error
    try:
        card = Card.model_validate(document)
        problems += find_card_problems(card)
    except ValidationError as invalid:
        problems += [_message(detail) for detail in invalid.errors()]
    problems += _find_model_problems(document)
    if problems:
        raise CardError([f"{path.name}: {problem}" for problem in problems])
    return card.from_file(path.name)


def read_folder(path: Path) -> list[Card]:
    """Every card (``*.yaml``, ``*.yml``) of a folder by file name; none where there is no such folder.

    Raises CardError with the mistakes of all its files.
    """
    cards: list[Card] = []
    problems: list[str] = []
    for file in sorted(file for file in path.glob("*") if file.suffix in (".yaml", ".yml")):
        try:
            cards.append(read_card(file))
        except CardError as error:
            problems += error.problems
    if problems:
        raise CardError(problems)
    return cards


@cache
def read_shipped() -> tuple[Card, ...]:
    """The cards that come with the program."""
    return tuple(read_folder(_SHIPPED))


@cache
def read_registry() -> tuple[Card, ...]:
    """The cards that come with the program and stand on a price registry's word."""
    return read_imported(_SHIPPED / "registry")


def read_imported(folder: Path) -> tuple[Card, ...]:
    """A registry's cards in a folder; from their compiled form where that is right."""
    compiled = read_compiled(folder)
    return tuple(read_folder(folder) if compiled is None else compiled)


def _find_model_problems(document: object) -> Iterator[str]:
    """Mistakes of every model, from the entries that can be read even where others cannot."""
    sound: dict[str, list[Entry]] = {}
    for model, written in _models(document).items():
        if not written:
            yield f"{model}: it has no entries"
        sound[model] = entries = [entry for item in written if (entry := _read_entry(item)) is not None]
        for entry in entries:
            yield from (f"{model}: {problem}" for problem in find_entry_problems(entry))
        dated = [entry for entry in entries if entry.corrects is None]
        yield from (f"{model}: {problem}" for problem in find_overlaps(dated))
        yield from (f"{model}: {problem}" for problem in find_correction_problems(entries))
        yield from (f"{model}: {problem}" for problem in find_region_problems(entries))
        if len(entries) == len(written):  # An entry that cannot be read may be what fills a gap.
            yield from (f"{model}: {problem}" for problem in find_gaps(dated))
    yield from find_name_problems(sound)


def _models(document: object) -> dict[str, list[Any]]:
    models = document.get("models") if isinstance(document, dict) else None
    if not isinstance(models, dict):
        return {}
    return {name: entries for name, entries in models.items() if isinstance(entries, list)}


def _read_entry(written: object) -> Entry | None:
    try:
        return Entry.model_validate(written)
    except ValidationError:
        return None


def _message(detail: ErrorDetails) -> str:
    """Where a mistake is and what it is: ``step-3.7-flash: entry 1: per_mtok: input: ...``."""
    place = [f"entry {part + 1}" if isinstance(part, int) else part for part in detail["loc"]]
    # A model's name says enough; only of `models` itself the word is needed.
    told = [part for part in place if part not in ("models", "[key]")] or place
    return ": ".join([*told, _what(detail)])


def _what(detail: ErrorDetails) -> str:
    key = detail["loc"][-1] if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return f"this key is unknown{near_key(key, _KEYS)}"
    if detail["type"] == "missing":
        return f"it is missing: write {_MISSING[str(key)]}" if key in _MISSING else "it is missing"
    return plain_message(detail)
