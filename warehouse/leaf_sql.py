"""One leaf as SQL: the expression for its value, and the condition that the cast lost nothing."""

from collections.abc import Callable

from warehouse.reading import MOST_TOKENS, STATUS_WORDS, Cast, Leaf, wanted_of

BODY = "body."
"""Paths that begin so look into the answer's body, others into the line's own object."""
UNCHECKED: frozenset[Cast] = frozenset({"text", "present", "equals", "part", "tags", "which"})
"""Casts that cannot fail."""
NOTHING = "['null', 'false', '[]', '{}', '0', '\"\"']"


def value(leaf: Leaf) -> str:
    """The expression for a leaf's value; NULL where the text cannot be cast."""
    return VALUES[leaf.cast](leaf)


def valid(leaf: Leaf) -> str:
    """The condition that a leaf is absent or was cast without loss: numbers survive the way to text and back."""
    raw, cast = _raw(leaf), value(leaf)
    match leaf.cast:
        case "sum":
            return f"{_reach(leaf.paths[0])} is null or {cast} is not null"
        case "count":
            return f"{raw} is null or (cast({cast} as varchar) = {raw} and {cast} between 0 and {MOST_TOKENS})"
        case "integer":
            return f"{raw} is null or (cast({cast} as varchar) = {raw} and {cast} >= 0)"
        case "status":
            words = ", ".join(f"'{word}'" for word in STATUS_WORDS)
            return f"{raw} is null or cast({cast} as varchar) = {raw} or list_contains([{words}], {raw})"
        case "milliseconds":
            return f"{raw} is null or {cast} >= 0"
        case _:
            return f"{raw} is null or {cast} is not null"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _reach(path: str, *, every: bool = False) -> str:
    """The expression that reaches a path; of a list, its first item unless every one is wanted."""
    root, rest = ("body", path.removeprefix(BODY)) if path.startswith(BODY) else ("own", path)
    text = root
    for part in rest.split("."):
        text += "." + quoted(part.removesuffix("[]"))
        if part.endswith("[]") and not every:
            text += "[1]"
    return text


def _raw(leaf: Leaf) -> str:
    """The leaf's text: of the first path that holds something."""
    reached = [f"nullif({_reach(path)}, '')" for path in leaf.paths]
    return f"coalesce({', '.join(reached)})" if len(reached) > 1 else reached[0]


def _count(leaf: Leaf) -> str:
    return f"try_cast({_raw(leaf)} as bigint)"


def _integer(leaf: Leaf) -> str:
    return f"try_cast({_raw(leaf)} as integer)"


def _milliseconds(leaf: Leaf) -> str:
    return f"cast(round(try_cast({_raw(leaf)} as decimal(18, 3))) as bigint)"


def _money(leaf: Leaf) -> str:
    return f"try_cast(try_cast({_raw(leaf)} as decimal(30, 12)) * 1000000000000 as bigint)"


def _flag(leaf: Leaf) -> str:
    return f"case {_raw(leaf)} when 'true' then true when 'false' then false end"


def _present(leaf: Leaf) -> str:
    reached = ", ".join(_reach(path) for path in leaf.paths)
    # Not `in (...)`: DuckDB plans that as a join, and a join loses the order of the lines.
    return f"not list_contains({NOTHING}, cast(coalesce({reached}) as varchar))"


def _equals(leaf: Leaf) -> str:
    # Not `list_contains`: where nothing stands, nothing is known.
    tests = [f"{_raw(leaf)} = '{word}'" for word in leaf.argument.split()]
    return f"({' or '.join(tests)})"


def _part(leaf: Leaf) -> str:
    """Whether one content part of one message is of a kind."""
    words = ", ".join(f"'{word}'" for word in leaf.argument.split())
    tests = []
    for path in leaf.paths:
        if ".content[]." not in path:
            tests.append(f"case {_reach(path)} when 'true' then true when 'false' then false end")
            continue
        messages, kind = path.split(".content[].")
        inner = f"lambda m: list_transform(m.content, lambda c: c.{kind})"
        kinds = f"list_transform({_reach(messages, every=True)}, {inner})"
        tests.append(f"list_has_any(flatten({kinds}), [{words}])")
    return f"coalesce({', '.join(tests)})"


def _tags(leaf: Leaf) -> str:
    return _reach(leaf.paths[0])


def _which(leaf: Leaf) -> str:
    words = zip(leaf.paths, leaf.argument.split(), strict=True)
    return "case " + " ".join(f"when {_reach(path)} is not null then '{word}'" for path, word in words) + " end"


def _sum(leaf: Leaf) -> str:
    """What the wanted items of a list add up to; NULL where one of them has no whole number."""
    items, wanted = _reach(leaf.paths[0]), wanted_of(leaf.argument)
    tests = []
    for name, among, words in wanted.conditions:
        listed = ", ".join(f"'{word}'" for word in words)
        tests.append(f"{'' if among else 'not '}list_contains([{listed}], coalesce(i.{quoted(name)}, ''))")
    field = f"i.{quoted(wanted.field)}"
    digits = f"case when regexp_full_match({field}, '0|[1-9][0-9]{{0,9}}') then cast({field} as bigint) end"
    chosen = f"list_transform(list_filter({items}, lambda i: {' and '.join(tests)}), lambda i: {digits})"
    total = f"list_reduce(list_prepend(cast(0 as bigint), {chosen}), lambda a, b: a + b)"
    # Few lines have such a list: the others are not to pay for it.
    return f"case when {items} is not null then try_cast({total} as integer) end"


VALUES: dict[Cast, Callable[[Leaf], str]] = {
    "text": _raw,
    "count": _count,
    "integer": _integer,
    "status": _integer,
    "milliseconds": _milliseconds,
    "money": _money,
    "flag": _flag,
    "present": _present,
    "equals": _equals,
    "part": _part,
    "tags": _tags,
    "which": _which,
    "sum": _sum,
}
