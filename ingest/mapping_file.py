"""Reading mapping files, with every mistake of a file named at once."""

from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ingest.mapping import EXPLAINED, Mapping
from ingest.mapping_checks import find_problems
from ingest.problem import IngestError
from pricing.plain_mistakes import plain_message
from pricing.yaml_text import parse_yaml

_WORDS = {"extra_forbidden": "this key is unknown", "missing": "it is missing"}


class MappingError(IngestError):
    """A mapping file with mistakes: all of them, one a line."""


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file. Raises MappingError with one message per mistake."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MappingError(f"{path.name}: it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{path.name}: byte {error.start + 1} is not UTF-8") from error
    return parse_mapping(text, path.name)


def parse_mapping(text: str, name: str) -> Mapping:
    """The mapping in a text; ``name`` is the file's, for messages."""
    try:
        document, problems = parse_yaml(text)
    except yaml.YAMLError as error:
        raise MappingError(f"{name}: not YAML: {' '.join(str(error).split())}") from error
    mapping = None
    try:
        mapping = Mapping.model_validate(document)
    except ValidationError as invalid:
        problems += [_message(detail) for detail in invalid.errors()]
    problems += find_problems(mapping) if mapping else ()
    if problems or mapping is None:
        raise MappingError("\n".join(f"{name}: {problem}" for problem in problems))
    return mapping


def _message(detail: ErrorDetails) -> str:
    """Where a mistake is and what it is: ``columns: cost_reported: currency: ...``."""
    place = [f"item {part + 1}" if isinstance(part, int) else str(part) for part in detail["loc"]]
    if place == ["cached_tokens"]:
        return f"cached_tokens: {EXPLAINED}"
    return ": ".join([*place, _WORDS.get(detail["type"]) or plain_message(detail)])
