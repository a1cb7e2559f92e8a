"""Names of models on bills: what a bill calls a model is found among what the calls call it."""

import re
from collections.abc import Iterable

DATE = re.compile(r"[-@_:](20\d{2}-?\d{2}-?\d{2}|\d{4}|latest)$")
VARIANT = re.compile(r":(free|beta|batch|flex|nitro|floor)$")


def plain_name(name: str) -> str:
    """A model's name without its maker's prefix, its date and its capitals."""
    name = name.strip().lower().rpartition("/")[2]
    return DATE.sub("", VARIANT.sub("", name)).replace(" ", "-")


def names_on_bill(ours: Iterable[str], theirs: Iterable[str]) -> dict[str, str]:
    """Of each of our names that the bill has not, the one on the bill that is the same but for maker and date.

    Where two of the bill's would do, none is taken.
    """
    on_bill = set(theirs)
    plain: dict[str, list[str]] = {}
    for name in on_bill:
        plain.setdefault(plain_name(name), []).append(name)
    found = {}
    for name in set(ours) - on_bill:
        candidates = plain.get(plain_name(name), [])
        if len(candidates) == 1:
            found[name] = candidates[0]
    return found
