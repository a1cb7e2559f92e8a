"""The draft of a mapping file as a person works on it: which guesses they took, and what they answered."""

import re
from collections.abc import Collection
from typing import NamedTuple

from ingest.mapping import Mapping
from ingest.mapping_file import MappingError, parse_mapping

ANSWER = re.compile(r"^cached_tokens:[ \t]*(\w*).*$", re.MULTILINE)
GUESS = re.compile(r"^(?P<off>#?)  (?P<ours>\w+): (?P<theirs>.+?)(?:  # (?P<thought>.*))?$")
COLUMNS, AFTER_COLUMNS = "columns:", re.compile(r"^#?\w")
NAME = "mapping"


class Guess(NamedTuple):
    """One line of the draft's columns: ours, the file's, what stands there; and whether it counts."""

    ours: str
    theirs: str
    thought: str
    taken: bool

    @property
    def told(self) -> str:
        """The line in words: ``time ← started, zone: UTC``."""
        return f"{self.ours} ← {self.theirs.strip('{}').removeprefix('column: ').replace(chr(34), '')}"


def guesses(text: str) -> dict[str, Guess]:
    """The lines of a draft's columns, by our name."""
    found = {}
    for line in _column_lines(text.split("\n")).values():
        ours, theirs, thought = line["ours"], line["theirs"], line["thought"] or ""
        found[ours] = Guess(ours, theirs, thought, not line["off"])
    return found


def take(text: str, wanted: Collection[str]) -> str:
    """The draft with those of its guesses in force that a person took, and the others as comments."""
    lines = text.split("\n")
    for number, line in _column_lines(lines).items():
        lines[number] = ("" if line["ours"] in wanted else "#") + lines[number].removeprefix("#")
    return "\n".join(lines)


def _column_lines(lines: list[str]) -> dict[int, re.Match[str]]:
    """Lines below ``columns:`` that name one of our columns, in force or as a comment."""
    if COLUMNS not in lines:
        return {}
    found = {}
    for number in range(lines.index(COLUMNS) + 1, len(lines)):
        if AFTER_COLUMNS.match(lines[number]):
            break
        if match := GUESS.match(lines[number]):
            found[number] = match
    return found


def answer(text: str) -> str | None:
    """Where the draft says that cached tokens stand; None: it does not say it yet."""
    match = ANSWER.search(text)
    return (match[1] or None) if match else None


def put_answer(text: str, where: str) -> str:
    """The draft with the place of cached tokens said."""
    if not ANSWER.search(text):
        return f"cached_tokens: {where}\n{text}"
    return ANSWER.sub(f"cached_tokens: {where}", text, count=1)


PLAINLY = {
    "cached_tokens: ": "cached_tokens: say where cached tokens stand",
    "columns: write fields here": "columns: choose the guesses that are right, or write your own",
    "key: write a list here": "key: name the columns that tell a row from all others",
}
"""Mistakes that a draft begins with, by how they are told; a page has other ways to put them right than a file."""


def check(text: str) -> tuple[Mapping | None, list[str]]:
    """The mapping, or what keeps it from being one: a sentence each."""
    try:
        return parse_mapping(text, NAME), []
    except MappingError as error:
        return None, [_plainly(line.removeprefix(f"{NAME}: "), text) for line in str(error).split("\n")]


def _plainly(problem: str, text: str) -> str:
    if problem.startswith("cached_tokens: ") and answer(text):
        return problem
    return next((plain for beginning, plain in PLAINLY.items() if problem.startswith(beginning)), problem)
