"""How the recorder is set: by arguments, else by the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple, Union

from tollbook_capture.guard import LOG

AskForUsage = Union[bool, str]
VARIABLE = "TOLLBOOK_CAPTURE_"
FROM_ENVIRONMENT = ("team", "project", "environment", "application", "region", "seller", "key_alias")


class Settings(NamedTuple):
    """What one recorder does."""

    directory: str
    ask_for_usage: AskForUsage = "known"
    """Whether to ask chat streams for usage: True, False, or ``known``, of sellers that are known to give it."""
    names: Mapping[str, Any] = {}
    """What is said of every call, unless a context manager says otherwise."""


class Limits(NamedTuple):
    """Bounds of what a writer holds in memory and in one file."""

    records: int = 10_000
    """Calls that wait to be written; more are dropped and counted."""
    memory: int = 64 << 20
    """Bytes of bodies that wait to be read."""
    file_bytes: int = 32 << 20
    file_seconds: float = 3600.0


def settings_from(directory: object, ask_for_usage: AskForUsage | None, names: Mapping[str, Any]) -> Settings | None:
    """The settings as given, else as the environment says; None where no directory is named."""
    found = directory if directory is not None else os.environ.get(VARIABLE + "DIR")
    if not found:
        LOG.warning("Nothing is recorded: name a directory, or set %sDIR.", VARIABLE)
        return None
    said = {name: os.environ.get(VARIABLE + name.upper()) for name in FROM_ENVIRONMENT}
    known = {name: value for name, value in said.items() if value}
    asking = ask_for_usage if ask_for_usage is not None else _asking(os.environ.get(VARIABLE + "ASK_FOR_USAGE"))
    return Settings(os.path.abspath(os.path.expanduser(os.fspath(found))), asking, {**known, **names})  # type: ignore[call-overload]


def limits_from_environment() -> Limits:
    """The limits, as far as the environment sets them."""
    return Limits(
        records=_number("QUEUE", Limits().records),
        file_bytes=_number("FILE_BYTES", Limits().file_bytes),
        file_seconds=_number("FILE_SECONDS", int(Limits().file_seconds)),
    )


def _number(name: str, otherwise: int) -> int:
    text = os.environ.get(VARIABLE + name, "")
    if not text:
        return otherwise
    if text.isdecimal() and int(text) > 0:
        return int(text)
    LOG.warning("%s%s is no whole number above 0: %s is taken.", VARIABLE, name, otherwise)
    return otherwise


def _asking(text: str | None) -> AskForUsage:
    return {"true": True, "1": True, "false": False, "0": False}.get((text or "").lower(), "known")
