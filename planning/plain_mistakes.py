"""What pydantic finds wrong with a document, in plain words that say what to write."""

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
    r"^[A-Z]{3}$": "write a currency's code, as in USD",
    r"^\S(.*\S)?$": "write some text, without a space at either end",
}


def plain_message(error: ErrorDetails) -> str:
    """What is wrong, without pydantic's own words where there are plainer ones."""
    told, context = error["type"], error.get("ctx", {})
    if told.endswith(("_type", "_parsing")) and (kind := told.rpartition("_")[0]) in _KINDS:
        return _KINDS[kind]
    if told == "literal_error":
        return f"there is no {error['input']!r} here; there are {str(context['expected']).replace(chr(39), '')}"
    if told in ("greater_than_equal", "less_than_equal"):
        word, limit = next(iter(context.items()))
        return f"{error['input']} is {'below' if word == 'ge' else 'above'} {limit}"
    if told == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    return error["msg"].removeprefix("Value error, ")


def plain_place(error: ErrorDetails) -> tuple[str | int, ...]:
    """Where it is; of a key that is wrong, the key."""
    return tuple(part for part in error["loc"] if part != "[key]")
