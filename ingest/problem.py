"""What is wrong with a log: a line that cannot be read is a value with an address, a hopeless file an error.

IngestError          the file, or the command, cannot be used; one plain line, exit code 2
Unreadable           this record cannot be read; becomes a ``Reject``
"""

from typing import NamedTuple


class IngestError(Exception):
    """A file or a command that a user can put right."""


class Unreadable(Exception):
    """A record that cannot be read; the message says why and what to do."""


class Reject(NamedTuple):
    """A line that could not be read: where, why, and its redacted text."""

    line: int
    reason: str
    text: str


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    names = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "null" if value is None else "a value")
