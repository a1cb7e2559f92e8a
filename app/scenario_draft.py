"""A scenario that is being put together: a document of which a form shows one change of each kind.

What a form has no place for (a second move, a change of other calls) stays in the document as it is.
"""

from collections.abc import Mapping
from typing import Any

from planning.scenario_changes import ORDER

Document = dict[str, Any]
NAME = "What if"
"""The name of one that has none yet: a document needs some."""
MOVE = "move"


def empty() -> Document:
    """Nothing is changed."""
    return {"name": NAME, "changes": []}


def about_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The calls that the form's changes are about: those of the first that is no move; all of them where none is."""
    return next((change.get("where", {}) for change in document["changes"] if change["kind"] != MOVE), {})


def change_of(document: Mapping[str, Any], kind: str, about: Mapping[str, str]) -> dict[str, Any] | None:
    """The change of a kind that the form shows: the first move, or the first about the calls that it is about."""
    for change in document["changes"]:
        if change["kind"] == kind and (kind == MOVE or change.get("where", {}) == about):
            return dict(change)
    return None


def with_change(
    document: Mapping[str, Any], kind: str, about: Mapping[str, str], change: Mapping[str, Any] | None
) -> Document:
    """The document with the form's change of a kind replaced, added or, where there is none, taken out."""
    was = change_of(document, kind, about)
    changes = list(document["changes"])
    place = changes.index(was) if was is not None else len(changes)
    return {**document, "changes": [*changes[:place], *([dict(change)] if change else []), *changes[place + 1 :]]}


def with_about(document: Mapping[str, Any], about: Mapping[str, str]) -> Document:
    """The document with every change that the form shows about other calls."""
    was = about_of(document)
    changes = [
        _about(change, about) if change["kind"] != MOVE and change.get("where", {}) == was else change
        for change in document["changes"]
    ]
    return {**document, "changes": changes}


def further(document: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The changes that the form has no place for, each with its place in the document."""
    about = about_of(document)
    shown = [change_of(document, kind, about) for kind in ORDER]
    found = []
    for place, change in enumerate(document["changes"]):
        if change in shown:
            shown.remove(change)
        else:
            found.append((place, change))
    return found


def without(document: Mapping[str, Any], place: int) -> Document:
    """The document without the change at a place."""
    changes = document["changes"]
    return {**document, "changes": [*changes[:place], *changes[place + 1 :]]}


def _about(change: Mapping[str, Any], about: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: value for name, value in change.items() if name != "where"}
    return kept | ({"where": dict(about)} if about else {})
