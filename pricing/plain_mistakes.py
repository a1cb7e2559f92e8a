"""What pydantic finds wrong with a document or an option, in plain words: what was found and what to write."""

from difflib import get_close_matches

from pydantic_core import ErrorDetails

_KINDS = {
    "tuple": "write a list here, an item a line, each with a dash",
    "list": "write a list here, an item a line, each with a dash",
    "model": "write fields here, as in name: value",
    "model_attributes": "write fields here, as in name: value",
    "dict": "write fields here, as in name: value",
    "string": "write text here, in quotes",
    "int": "write a whole number here, without quotes",
    "float": "write a number here",
    "bool": "write true or false here, without quotes",
}
_PATTERNS = {
    r"^[A-Z]{3}$": "write a currency's code of three capital letters, as in USD",
    r"^\S(.*\S)?$": "write some text, without a space at either end",
    r"\S": "write some text",
    r"^[a-z0-9][a-z0-9.-]*$": "write small letters, digits, dots and dashes, as in my-seller",
    r"^[a-z][a-z0-9_-]*$": "write small letters, digits, dashes and underscores, as in batch",
    r"^https?://[^\s/]+[^\s]*$": "write an address that begins with https:// or http://, as in https://api.example.com/v1",
}
_BOUNDS = {"ge": "is below", "le": "is above", "gt": "is not above", "lt": "is not below"}
_LONGEST = 60
"""Characters of a value that are shown."""


def plain_message(error: ErrorDetails) -> str:
    """What is wrong, without pydantic's own words where there are plainer ones."""
    told, context, found = error["type"], error.get("ctx", {}), _found(error["input"])
    if told.endswith(("_type", "_parsing")) and (kind := told.rpartition("_")[0]) in _KINDS:
        return f"{_KINDS[kind]}; found {found}"
    if told == "literal_error":
        return f"there is no {found} here; there are {str(context['expected']).replace(chr(39), '')}"
    for word, says in _BOUNDS.items():
        if word in context:
            # An option's bounds are floats where its value is: 24.0 hours are 24.
            bound = context[word]
            whole = isinstance(bound, float) and bound.is_integer()
            return f"{error['input']} {says} {int(bound) if whole else bound}"
    if told == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        return f"{_PATTERNS[context['pattern']]}; found {found}"
    return error["msg"].removeprefix("Value error, ")


def plain_place(error: ErrorDetails) -> tuple[str | int, ...]:
    """Where it is; of a key that is wrong, the key."""
    return tuple(part for part in error["loc"] if part != "[key]")


def near_key(key: object, keys: frozenset[str]) -> str:
    """``; did you mean output?`` where a known key is like it; else nothing."""
    near = get_close_matches(str(key), sorted(keys), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _found(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "fields"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
