"""Compiles a source's leaves to one statement, which reads a file of JSON lines into the staging database."""

import json
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from warehouse.errors import WarehouseError
from warehouse.leaf_sql import BODY, UNCHECKED, quoted, valid, value
from warehouse.reading import COLUMNS, EXTRA_COLUMNS, SQL_TYPES, Leaf, wanted_of
from warehouse.sqlfiles import sql

Structure = dict[str, Any]
USAGE = "body.usage."


class Statement(NamedTuple):
    """A compiled read: its text, and the shape it asks ``json_transform`` for."""

    text: str
    structure: str
    values: dict[str, str] = {}
    """Further values that the text names."""


Form = Literal["envelope", "bare", "mixed"]
"""Where the bodies of a file's lines are: under the envelope's key, the line itself, or either."""


def compile_read(leaves: Sequence[Leaf], envelope_key: str, form: Form = "mixed") -> Statement:
    """The statement that turns each non-blank line of ``$path`` into one row of ``stage``, in the file's order.

    A line whose object holds something under ``envelope_key`` has its body there; any other line is its own body. A
    file in which only one form is expected is read with half the shape; a line of the other form is not plain.
    A row that is not ``plain`` (``sql/plain.sql``), or whose cast fails, is to be read again in Python.
    Raises WarehouseError when two leaves cannot both be in one object.
    """
    shape = _structure(leaves, envelope_key, form)
    values = ",\n        ".join(f"{value(leaf)} as {quoted(leaf.column)}" for leaf in leaves)
    checks = "\n        and ".join(f"({valid(leaf)})" for leaf in leaves if leaf.cast not in UNCHECKED)
    text = f"""
create or replace temp table stage as
with line as (
    select json_transform(json, $structure) as own, {_usage_shape(leaves, envelope_key, form)} as usage_shape
    from read_json_objects($path, format = 'newline_delimited', ignore_errors = true,
        maximum_object_size = $longest, compression = 'uncompressed')
),
bodied as (
    select own, usage_shape, {_body(leaves, envelope_key, form)} as body
    from line
),
reading as (
    select
        {values},
        {checks} as valid, usage_shape,
        {"own." + quoted(envelope_key) + " is not null" if form == "bare" else "false"} as strange
    from bodied
),
timed as (
{sql("start_at")}
from reading
)
select * exclude (valid, strange), coalesce(valid and not strange and ({sql("plain")}), false) as plain
from timed"""
    return Statement(text, json.dumps(shape))


def compile_lines(leaves: Sequence[Leaf], body_key: str, model: str, sign: str) -> Statement:
    """The statement that reads lines whose body is under a key of their own, by a source's own model.

    Only lines in which the text ``sign`` stands are looked into. The model, ``sql/MODEL.sql``, has a row for each
    non-blank line with the value of every leaf, whether all could be cast (``valid``), whether the body has usage
    (``has_usage``), whether the line is an object (``is_object``), and its start. It makes the readings, and of each
    says whether it is ``plain``: NULL where the line is no call.
    """
    shape = _structure(leaves, body_key, "envelope")
    values = ",\n        ".join(f"{value(leaf)} as {quoted(leaf.column)}" for leaf in leaves)
    checks = "\n        and ".join(f"({valid(leaf)})" for leaf in leaves if leaf.cast not in UNCHECKED)
    text = f"""
create or replace temp table stage as
with raw as (
    select json, contains(cast(json as varchar), $sign) as signed
    from read_json_objects($path, format = 'newline_delimited', ignore_errors = true,
        maximum_object_size = $longest, compression = 'uncompressed')
),
line as (
    select
        case when signed then json_transform(json, $structure) end as own,
        coalesce(starts_with(cast(json as varchar), '{{'), false) as is_object,
        case when signed then {_usage_shape(leaves, body_key, "envelope")} end as usage_shape
    from raw
),
bodied as (
    select own, is_object, usage_shape, own.{quoted(body_key)} as body
    from line
),
reading as (
    select
        {values},
        {checks} as valid, body.usage is not null as has_usage, is_object, usage_shape
    from bodied
),
timed as (
{sql("start_at")}
from reading
)
{sql(model)}"""
    return Statement(text, json.dumps(shape), {"sign": sign})


def reading_columns() -> dict[str, str]:
    """SQL types of the columns of a reading, in order."""
    leaves = {name: SQL_TYPES[cast] for name, cast in COLUMNS.items() if name != "time_text"}
    return {**leaves, **EXTRA_COLUMNS}


def _body(leaves: Sequence[Leaf], envelope_key: str, form: Form) -> str:
    """The expression for the body of a line."""
    inside = f"own.{quoted(envelope_key)}"
    if form != "mixed":
        return inside if form == "envelope" else "own"
    paths = [path.removeprefix(BODY) for leaf in leaves for path in leaf.paths if path.startswith(BODY)]
    names = dict.fromkeys(path.split(".")[0].removesuffix("[]") for path in paths)

    def fields(place: str) -> str:
        return ", ".join(f"{quoted(name)} := {place}.{quoted(name)}" for name in names)

    return f"case when {inside} is null then struct_pack({fields('own')}) else struct_pack({fields(inside)}) end"


def _usage_shape(leaves: Sequence[Leaf], envelope_key: str, form: Form) -> str:
    """The expression that tells lines apart whose usage, or an object right in it, has other fields."""
    inside = [path.removeprefix(USAGE) for leaf in leaves for path in leaf.paths if path.startswith(USAGE)]
    objects = dict.fromkeys(path.split(".")[0] for path in inside if "." in path)
    bodies = {"envelope": [f'$."{envelope_key}"'], "bare": ["$"], "mixed": [f'$."{envelope_key}"', "$"]}[form]
    paths = [f"{body}.usage{name}" for body in bodies for name in ("", *(f'."{each}"' for each in objects))]
    return f"hash(json_keys(json, [{', '.join(map(_literal, paths))}]))"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _structure(leaves: Sequence[Leaf], envelope_key: str, form: Form) -> Structure:
    """The nested shape that ``json_transform`` is asked for: every leaf as text, the body where it may be."""
    shape: Structure = {envelope_key: "VARCHAR"} if form == "bare" else {}
    for leaf in leaves:
        ending = {"present": "JSON", "tags": "MAP(VARCHAR, VARCHAR)"}.get(leaf.cast, "VARCHAR")
        for path in _places(leaf):
            inner = path.removeprefix(BODY)
            if not path.startswith(BODY):
                _place(shape, inner, ending)
                continue
            if form != "envelope":
                _place(shape, inner, ending)
            if form != "bare":
                _place(shape, f"{envelope_key}.{inner}", ending)
    return shape


def _places(leaf: Leaf) -> tuple[str, ...]:
    """Every path that a leaf looks at: of a sum, those inside the items of its list."""
    if leaf.cast != "sum":
        return leaf.paths
    wanted = wanted_of(leaf.argument)
    return tuple(f"{leaf.paths[0]}[].{name}" for name in (wanted.field, *(each[0] for each in wanted.conditions)))


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
