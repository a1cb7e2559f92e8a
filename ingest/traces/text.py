"""Objects that instrumentations write as text into one attribute: JSON, or what Python prints of a dict."""

import ast
import json
import re
from typing import Any

from ingest.redact import is_plain
from ingest.traces.fields import NESTED
from ingest.traces.request import Span

LONGEST = 20_000
"""Letters of an object's text; a longer one holds content and is not looked at."""
QUOTED = re.compile(r'\[?"([^"\\]{1,64})"\]?')
PRINTED = re.compile(r"[\w\s{}\[\](),:.'\"+/-]*", re.ASCII)
"""What Python prints of usage; no quoting that could be an escape."""


def object_of(text: Any) -> dict[str, Any]:
    """The object that an attribute holds, as itself or as text; empty where it holds none."""
    if isinstance(text, dict):
        return text
    if not isinstance(text, str) or len(text) > LONGEST or not text.lstrip().startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = _printed(text)
    return found if isinstance(found, dict) else {}


def _printed(text: str) -> Any:
    if not PRINTED.fullmatch(text):
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None


def unpacked(span: Span) -> dict[str, Any]:
    """A span's attributes over its resource's, with the plain values of objects in text; a list is its first item."""
    own: dict[str, Any] = {}
    for name in NESTED:
        for field, value in object_of(span.attributes.get(name)).items():
            if isinstance(value, bool | int | float) or (isinstance(value, str) and is_plain(value)):
                own[f"{name}.{field}"] = value
    own = {**span.resource, **own, **span.attributes}
    return {name: _one(value) for name, value in own.items()}


def _one(value: Any) -> Any:
    if isinstance(value, list):
        return next((item for item in value if isinstance(item, str | int | float)), None)
    # Langfuse writes a caller's text with its quotation marks, LiteLLM a list as text.
    match = QUOTED.fullmatch(value) if isinstance(value, str) else None
    return match.group(1) if match else value
