"""The words of the pages and what they mean, each said once: help beside a figure, and the glossary of the docs."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")
ALSO = "also"
"""The table of other words for the terms."""


@cache
def glossary() -> dict[str, dict[str, str]]:
    """Each group of terms, and what each of them means."""
    tables: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: terms for name, terms in tables.items() if name != ALSO}


def help_on(term: str) -> str:
    """What a word means, in a sentence or two; raises KeyError for a word that the glossary does not hold."""
    return _meanings()[term.casefold()]


def help_if_known(label: str) -> str | None:
    """What the label of a figure or a column means; None where it is no word of the glossary."""
    return _meanings().get(label.casefold())


@cache
def other_words() -> dict[str, str]:
    """The other words under which a page shows a term."""
    words: dict[str, str] = tomllib.loads(FILE.read_text(encoding="utf-8"))[ALSO]
    return words


@cache
def _meanings() -> dict[str, str]:
    meanings = {term.casefold(): text for terms in glossary().values() for term, text in terms.items()}
    return meanings | {word.casefold(): meanings[term.casefold()] for word, term in other_words().items()}
