"""What a call is part of: task, step, team and the like, said by a context manager around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tollbook_capture.guard import failed

NAMES = (
    "task", "step", "session", "agent", "org", "team", "project", "environment", "application", "user", "key_alias",
    "trace", "span", "seller", "gateway", "region", "role", "tags",
)  # fmt: skip
"""What can be said of a call; each is a field of its line."""
LONGEST = 512

_current: ContextVar[Mapping[str, Any]] = ContextVar("tollbook_capture_work")


@contextmanager
def work(**names: Any) -> Iterator[None]:
    """Say of all calls inside what they are part of: ``task``, ``step``, ``team`` and the other ``NAMES``.

    Inner ones add to outer ones; a name given as None is taken back. ``tags`` are added to tags.
    """
    token = None
    try:
        token = _current.set(together(current(), names))
    except Exception:
        failed("work")
    try:
        yield
    finally:
        if token is not None:
            _leave(token)


@contextmanager
def task(name: str, **names: Any) -> Iterator[None]:
    """Say of all calls inside which piece of work they belong to, and what else is known of them."""
    with work(task=name, **names):
        yield


@contextmanager
def step(number: int, **names: Any) -> Iterator[None]:
    """Say of all calls inside which step of their task they are."""
    with work(step=number, **names):
        yield


def current() -> Mapping[str, Any]:
    """What is said of a call that is made now."""
    return _current.get({})


def together(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    """What the outer says, with what the inner adds, replaces and takes back; what is no name is left out."""
    found = {**outer, **{name: value for name, value in inner.items() if name in NAMES}}
    if isinstance(outer.get("tags"), Mapping) and isinstance(inner.get("tags"), Mapping):
        found["tags"] = {**outer["tags"], **inner["tags"]}
    return {name: value for name, value in found.items() if value is not None}


def written(names: Mapping[str, Any]) -> dict[str, Any]:
    """The names as a line holds them: text, but for the step, which is a whole number, and the tags."""
    found: dict[str, Any] = {}
    for name, value in names.items():
        if name == "step":
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31:
                found[name] = value
        elif name == "tags":
            if isinstance(value, Mapping):
                found[name] = {_text(key): _text(each) for key, each in value.items()}
        elif text := _text(value):
            found[name] = text
    return found


def _text(value: Any) -> str:
    """Anything as text of whole characters; an empty one where it has none."""
    try:
        return str(value)[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    except Exception:
        failed("a name")
        return ""


def _leave(token: Any) -> None:
    try:
        _current.reset(token)
    except ValueError:
        # A generator that is closed from another context than it was begun in.
        failed("work")
