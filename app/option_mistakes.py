"""What is wrong with an option of the command line, in plain words."""

import typer

_KINDS = {"int": "whole number", "float": "number", "datetime": "date and time", "bool": "yes or no"}


def option_mistake(error: typer.TyperException) -> str:
    """``--top: 0 is below 1``; what the parser itself says, where no value of an option is wrong."""
    find = getattr(error.__cause__, "errors", None)
    param = getattr(error, "param", None)
    # Values are checked by pydantic, whose words are for programmers.
    if find is None or param is None or not (found := find()):
        return error.format_message()
    from pricing.plain_mistakes import plain_message

    first = found[0]
    kind = _KINDS.get(first["type"].removesuffix("_parsing").removesuffix("_type"))
    said = f"{first['input']} is no {kind}" if kind else plain_message(first)
    return f"{' or '.join(param.opts) if param.param_type_name == 'option' else param.metavar}: {said}"
