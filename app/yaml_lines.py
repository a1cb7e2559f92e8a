"""The lines of a YAML document: where a place of it stands, so that every mistake has an address."""

import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from app.session import UserMistake
from pricing.yaml_text import parse_yaml

STDIN = Path("-")
MOST_TEXT = 1_000_000
"""Characters of a document that a person writes; more is another file by mistake."""


class Lines:
    """A document of which every place can be found again."""

    def __init__(self, text: str) -> None:
        self._root = yaml.compose(text, Loader=yaml.SafeLoader)

    def line_of(self, place: Sequence[str | int]) -> int:
        """The line of a place, keys and numbers of items from the outermost; of what is missing, that of its parent."""
        node, line = self._root, 1
        for part in place:
            found = _within(node, part)
            if found is None:
                break
            mark, node = found
            line = mark.line + 1
        return line


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file, and what its mistakes call it; ``-`` is standard input. Raises UserMistake."""
    try:
        data = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
        return data.decode("utf-8-sig"), "standard input" if path == STDIN else str(path)
    except OSError as error:
        raise UserMistake(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UserMistake(f"{path}: byte {error.start + 1} is not UTF-8") from None


def read_document(text: str, name: str) -> tuple[object, Lines]:
    """What a text says, with its lines; raises UserMistake naming every mistake of the YAML itself.

    ``name`` is what the mistakes call it, as a rule its file.
    """
    if len(text) > MOST_TEXT:
        raise UserMistake(f"{name}: it is longer than {MOST_TEXT:,} characters: this is another file")
    try:
        # What repeats itself by name may unfold without end.
        alias = next((token for token in yaml.scan(text) if isinstance(token, yaml.AliasToken)), None)
        if alias is not None:
            raise UserMistake(f"{name} line {alias.start_mark.line + 1}: write out what *{alias.value} stands for")
        document, mistakes = parse_yaml(text)
        lines = Lines(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise UserMistake(f"{name}: this is not YAML: {' '.join(str(error).split())}") from None
    if mistakes:
        raise UserMistake("\n".join(f"{name} {mistake}" for mistake in mistakes))
    return document, lines


def _within(node: yaml.Node | None, part: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark, item
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark, value
    return None
