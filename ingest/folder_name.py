"""The project that a folder on a person's machine stands for: its last name, and nothing else of the path."""

import re

HOME = re.compile(r"(/home/[^/]+|/Users/[^/]+|/root|[A-Za-z]:\\Users\\[^\\]+)?[/\\]?")
"""A folder of a person's own: its name is the person's, not a project's."""


def project_of(folder: str | None) -> str | None:
    """The last name of a folder's path; None for a person's own folder."""
    if not folder or HOME.fullmatch(folder):
        return None
    return re.split(r"[/\\]", folder.rstrip("/\\"))[-1] or None
