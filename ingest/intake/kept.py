"""Takes out of an object what a table of fields allows: by what is read, not by what looks dangerous.

Whatever no field names is gone: a new kind of content, a header, a prompt under a name that nobody has thought of.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ingest.outcome import categorise
from ingest.problem import kind_of
from ingest.reading import EMPTY
from ingest.redact import HIDDEN, is_plain
from ingest.unknown_usage import usage_text
from warehouse.reading import Leaf

Keep = Callable[[Any], Any]
"""From what stands in a field to what may be kept of it; None: nothing."""
Tree = Mapping[str, Any]
"""Names, each with a Keep or with the Tree of what is inside; ``NAME[]`` is a list of which the first item counts."""
LONGEST = 500
MOST_WORDS = 12
"""Letters and words of a name or an id; what is longer is something that was said, under a name's name."""
LONGEST_ADDRESS = 2_000
MOST_TAGS = 100
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
KEY_INSIDE = re.compile(
    r"(?<![A-Za-z0-9_-])(?:sk|pk|rk|gsk|xai|hf|nvapi|ghp|pplx|github_pat)[-_](?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{12,}"
    r"|(?<![A-Za-z0-9])(?:AIza|AKIA|eyJ)[A-Za-z0-9_-]{12,}|xox[bap]-[A-Za-z0-9-]{10,}|[Bb]earer\s+\S{6,}"
)
ADDRESS = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@|[?#].*$")
TELLING = {
    "context_length": "context_length",
    "media": "media",
    "content_filter": "content_filter",
    "rate_limit": "rate_limit",
    "auth": "unauthorized",
    "payment": "billing",
    "timeout": "timeout",
    "cancelled": "cancel",
    "disconnect": "disconnect",
    "not_found": "not_found",
    "forbidden": "forbidden",
    "provider_error": "server_error",
    "invalid_request": "invalid_request",
    "other": "error",
}
"""For each category of failure the word that stands for a message of that category."""


def pick(value: Any, tree: Tree) -> dict[str, Any]:
    """What a tree allows of an object; empty where there is none."""
    found: dict[str, Any] = {}
    for name, inner in tree.items() if isinstance(value, dict) else ():
        plain = name.removesuffix("[]")
        given = value.get(plain)
        if given is None:
            continue
        if plain != name:
            given = given[0] if isinstance(given, list) and given else None
        kept = inner(given) if callable(inner) else pick(given, inner)
        if kept is not None and kept != {}:
            found[plain] = [kept] if plain != name else kept
    return found


def tree_of(leaves: Iterable[Leaf], *, inside: bool = False) -> dict[str, Any]:
    """The tree of the paths of leaves: of those that begin in the answer's body, or of the others."""
    tree: dict[str, Any] = {}
    for leaf in leaves:
        for path in leaf.paths:
            if path.startswith("body.") == inside:
                _add(tree, path.removeprefix("body.").split("."), leaf)
    return tree


def _add(tree: dict[str, Any], parts: list[str], leaf: Leaf) -> None:
    name, rest = parts[0], parts[1:]
    if leaf.cast == "part" and name.endswith("[]"):
        # Every message and every part of it is looked at, and of each its type alone.
        tree[name.removesuffix("[]")] = part_types
    elif not rest:
        # Where both a number and a name are looked for, the name decides.
        if tree.get(name) in (None, figure):
            tree[name] = keep_of(leaf)
    elif not callable(inner := tree.setdefault(name, {})):
        _add(inner, rest, leaf)


def keep_of(leaf: Leaf) -> Keep:
    """What may be kept of a value that a leaf reads."""
    return figure if leaf.cast in FIGURES else KEEPS.get(leaf.cast, word)


def word(value: Any) -> Any:
    """A number, a truth, or a text that can be a name, an id or a time: short, one line, without a key in it."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if not isinstance(value, str) or len(value) > LONGEST or CONTROL.search(value) or len(value.split()) > MOST_WORDS:
        return None
    return _without_keys(value)


def figure(value: Any) -> Any:
    """What stands where a number or a truth belongs: text that is none of them stays wrong, without its words."""
    return word(value) if not isinstance(value, str) or is_plain(value.strip('[]" ')) else HIDDEN


def _without_keys(value: str) -> str:
    return KEY_INSIDE.sub(_hashed, value).encode("utf-8", errors="replace").decode()


def _hashed(match: re.Match[str]) -> str:
    """Tells one key from another without being one."""
    return f"key {hashlib.sha256(match.group().encode('utf-8', errors='replace')).hexdigest()[:8]}"


def plain(value: Any) -> Any:
    """A number or one plain word; of a longer text the word that stands for the failure it tells of."""
    return telling(value) if isinstance(value, str) and not is_plain(value) else word(value)


def address(value: Any) -> str | None:
    """An address without user, password, query and fragment."""
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS:
        return None
    bare = ADDRESS.sub(r"\1", value)
    return None if "@" in bare or CONTROL.search(bare) or " " in bare else _without_keys(bare)


def words(value: Any) -> Any:
    """A word, or a list of some."""
    if isinstance(value, list):
        return [kept for item in value[:MOST_TAGS] if (kept := word(item)) is not None]
    return word(value)


def present(value: Any) -> bool:
    """Whether anything stands here."""
    return value not in EMPTY


def tags(value: Any) -> dict[str, Any] | None:
    """A flat object of words."""
    if not isinstance(value, dict):
        return None
    pairs = ((word(name), word(item)) for name, item in list(value.items())[:MOST_TAGS])
    return {name: item for name, item in pairs if name is not None and item is not None}


def counts(value: Any) -> Any:
    """An object of counts: numbers and plain words, however deep."""
    return json.loads(usage_text(value), parse_constant=_nothing) if isinstance(value, dict) else None


def _nothing(constant: str) -> None:
    """NaN and the infinities are no counts."""


def part_types(value: Any) -> list[dict[str, Any]] | None:
    """Of messages which types their parts have."""
    if not isinstance(value, list):
        return None
    contents = (message.get("content") for message in value if isinstance(message, dict))
    parts = (part for content in contents if isinstance(content, list) for part in content if isinstance(part, dict))
    types = dict.fromkeys(kind for part in parts if isinstance(kind := word(part.get("type")), str))
    return [{"content": [{"type": kind} for kind in types]}] if types else []


def telling(value: Any) -> str | None:
    """The word that stands for a failure's message: it leads to the same category, and says nothing else."""
    text = value if isinstance(value, str) else None if value is None else kind_of(value)
    return TELLING[categorise(None, text) or "other"] if text else None


def failure(value: Any) -> Any:
    """An error, as an object or as text, without its words."""
    if isinstance(value, dict):
        return pick(value, ERROR)
    return telling(value) if isinstance(value, str) else None


def first(tree: Tree) -> Keep:
    """Keeps the first item of a list, as a tree allows; an item of which nothing is kept stays as an empty one."""

    def keep(value: Any) -> list[dict[str, Any]] | None:
        return [pick(value[0], tree)] if isinstance(value, list) and value else None

    return keep


ERROR: Tree = {"code": plain, "type": plain, "param": plain, "message": telling, "error": telling}
FIGURES = frozenset(("count", "integer", "status", "milliseconds", "money", "flag", "sum"))
KEEPS: dict[str, Keep] = {"present": present, "tags": tags}
"""How a leaf's value is kept, by its cast; all others hold a word."""
