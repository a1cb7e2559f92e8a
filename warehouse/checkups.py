"""What a check-up asks of the calls in scope, beside what the other modules answer."""

from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql


class RefusedKey(NamedTuple):
    """Attempts that were refused for want of a valid key, at one base URL, of one key or caller."""

    seller: str
    base_url: str | None
    caller: str | None
    """The key's alias, else the application, else the team."""
    refused: int
    attempts: int
    last_refused: datetime
    last_answered: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether the same caller got an answer after it was last refused."""
        return self.last_answered is not None and self.last_answered > self.last_refused


class MissingUsage(NamedTuple):
    """Answers of one seller in one source that came without usage: their cost is unknown."""

    seller: str | None
    source: str
    is_stream: bool
    missing: int
    answers: int


class Loaded(NamedTuple):
    """Lines of all loaded files that could not be read, and calls of all of them that are under review."""

    rejected: int
    review: int


def refused_keys(reader: Reader, scope: Scope) -> list[RefusedKey]:
    """Refused keys in scope, most refused first."""
    where, parameters = condition(scope)
    rows = reader.rows(sql("refused_keys").replace("and true", f"and {where}"), parameters)
    return [RefusedKey(*row) for row in rows]


def missing_usage(reader: Reader, scope: Scope) -> list[MissingUsage]:
    """Answers in scope without usage, most first."""
    where, parameters = condition(scope)
    rows = reader.rows(sql("missing_usage").replace("and true", f"and {where}"), parameters)
    return [MissingUsage(*row) for row in rows]


def loaded(reader: Reader) -> Loaded:
    """What the loads left for a person to look at."""
    _, _, rejected, _, review, _ = map(int, reader.rows(sql("import_totals"))[0])
    return Loaded(rejected, review)
