"""Compiles a source's leaves to one statement, which reads a file of JSON lines into the staging database."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from warehouse.errors import WarehouseError
from warehouse.reading import COLUMNS, EXTRA_COLUMNS, MOST_TOKENS, SQL_TYPES, Leaf
from warehouse.sqlfiles import sql

Structure = dict[str, Any]
BODY = "body."
UNCHECKED = {"text", "present", "equals", "part", "tags", "which"}
"""Casts that cannot fail."""


class Statement(NamedTuple):
    """A compiled read: its text, and the shape it asks ``json_transform`` for."""

    text: str
    structure: str


def compile_read(leaves: Sequence[Leaf], envelope_key: str) -> Statement:
    """The statement that turns each non-blank line of ``$path`` into one row of ``stage``, in the file's order.

    A line whose object holds something under ``envelope_key`` has its body there; any other line is its own body.
    A row that is not ``plain`` (``sql/plain.sql``), or whose cast fails, is to be read again in Python.
    Raises WarehouseError when two leaves cannot both be in one object.
    """
    shape = _structure(leaves, envelope_key)
    body = [
        path.removeprefix(BODY).split(".")[0].removesuffix("[]")
        for path in _paths(leaves)
        if path.startswith(BODY)
    ]
    fields = ", ".join(f"{_name(name)} := own.{_name(name)}" for name in dict.fromkeys(body))
    inside = f"own.{_name(envelope_key)}"
    values = ",\n        ".join(f"{_value(leaf)} as {_name(leaf.column)}" for leaf in leaves)
    valid = "\n        and ".join(f"({_valid(leaf)})" for leaf in leaves if leaf.cast not in UNCHECKED)
    text = f"""
create or replace temp table stage as
with line as (
    select json_transform(json, $structure) as own
    from read_json_objects($path, format = 'newline_delimited', ignore_errors = true,
        maximum_object_size = $longest, compression = 'uncompressed')
),
bodied as (
    select own, case when {inside} is null then struct_pack({fields}) else struct_pack({_inside(fields, inside)}) end as body
    from line
),
reading as (
    select
        {values},
        {valid} as valid
    from bodied
),
timed as (
{sql("start_at")}
from reading
)
select * exclude (valid), coalesce(valid and ({sql("plain")}), false) as plain
from timed"""
    return Statement(text, json.dumps(shape))


def reading_columns() -> dict[str, str]:
    """SQL types of the columns of a reading, in order."""
    leaves = {name: SQL_TYPES[cast] for name, cast in COLUMNS.items() if name != "time_text"}
    return {**leaves, **EXTRA_COLUMNS}


def _inside(fields: str, inside: str) -> str:
    return fields.replace(":= own.", f":= {inside}.")


def _paths(leaves: Sequence[Leaf]) -> list[str]:
    return [path for leaf in leaves for path in leaf.paths]


def _structure(leaves: Sequence[Leaf], envelope_key: str) -> Structure:
    """The nested shape that ``json_transform`` is asked for: every leaf as text, every body in both its places."""
    shape: Structure = {}
    for leaf in leaves:
        ending = {"present": "JSON", "tags": "MAP(VARCHAR, VARCHAR)"}.get(leaf.cast, "VARCHAR")
        for path in leaf.paths:
            inner = path.removeprefix(BODY)
            places = [inner, f"{envelope_key}.{inner}"] if path.startswith(BODY) else [inner]
            for place in places:
                _place(shape, place, ending)
    return shape


def _place(shape: Structure, path: str, ending: str) -> None:
    """Put a leaf into the shape; raises WarehouseError when a value and an object would share a name."""
    at: Any = shape
    *parents, last = path.split(".")
    for parent in parents:
        items = parent.endswith("[]")
        at = at.setdefault(parent.removesuffix("[]"), [{}] if items else {})
        at = at[0] if isinstance(at, list) else at
        if not isinstance(at, dict):
            raise WarehouseError(f"the field {path} cannot be read: {parent} is a value there, not an object")
    if isinstance(at.setdefault(last, ending), dict | list):
        raise WarehouseError(f"the field {path} cannot be read: it is an object there, not a value")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _reach(path: str, *, every: bool = False) -> str:
    """The SQL expression that reaches a path; of a list, its first item unless every one is wanted."""
    root, rest = ("body", path.removeprefix(BODY)) if path.startswith(BODY) else ("own", path)
    text = root
    for part in rest.split("."):
        text += "." + _name(part.removesuffix("[]"))
        if part.endswith("[]") and not every:
            text += "[1]"
    return text


def _raw(leaf: Leaf) -> str:
    """The leaf's text: of the first path that holds something."""
    reached = [f"nullif({_reach(path)}, '')" for path in leaf.paths]
    return f"coalesce({', '.join(reached)})" if len(reached) > 1 else reached[0]


def _value(leaf: Leaf) -> str:
    """The SQL expression for a leaf's value; NULL where the text cannot be cast."""
    match leaf.cast:
        case "text":
            return _raw(leaf)
        case "count":
            return f"try_cast({_raw(leaf)} as bigint)"
        case "integer":
            return f"try_cast({_raw(leaf)} as integer)"
        case "milliseconds":
            return f"cast(round(try_cast({_raw(leaf)} as decimal(18, 3))) as bigint)"
        case "money":
            return f"try_cast(try_cast({_raw(leaf)} as decimal(30, 12)) * 1000000000000 as bigint)"
        case "flag":
            return f"case {_raw(leaf)} when 'true' then true when 'false' then false end"
        case "present":
            return _present(leaf)
        case "equals":
            return f"{_raw(leaf)} = '{leaf.argument}'"
        case "part":
            return _part(leaf)
        case "tags":
            return _reach(leaf.paths[0])
        case "which":
            return _which(leaf)


def _present(leaf: Leaf) -> str:
    reached = ", ".join(_reach(path) for path in leaf.paths)
    # Not `in (...)`: DuckDB plans that as a join, and a join loses the order of the lines.
    return f"not list_contains(['null', 'false', '[]', '{{}}', '0', '\"\"'], cast(coalesce({reached}) as varchar))"


def _which(leaf: Leaf) -> str:
    whens = zip(leaf.paths, leaf.argument.split(), strict=True)
    return (
        "case " + " ".join(f"when {_reach(path)} is not null then '{word}'" for path, word in whens) + " end"
    )


def _part(leaf: Leaf) -> str:
    """Whether one content part of one message is of a kind."""
    words = ", ".join(f"'{word}'" for word in leaf.argument.split())
    tests = []
    for path in leaf.paths:
        messages, kind = path.split(".content[].")
        kinds = f"list_transform({_reach(messages, every=True)}, lambda m: list_transform(m.content, lambda c: c.{kind}))"
        tests.append(f"list_has_any(flatten({kinds}), [{words}])")
    return f"coalesce({', '.join(tests)})"


def _valid(leaf: Leaf) -> str:
    """The SQL condition that a leaf is absent or cast without loss."""
    raw, value = _raw(leaf), _value(leaf)
    match leaf.cast:
        case "count":
            return (
                f"{raw} is null or (cast({value} as varchar) = {raw} and {value} between 0 and {MOST_TOKENS})"
            )
        case "integer":
            return f"{raw} is null or (cast({value} as varchar) = {raw} and {value} >= 0)"
        case "milliseconds":
            return f"{raw} is null or {value} >= 0"
        case _:
            return f"{raw} is null or {value} is not null"
