"""What a check-up asks of the calls in scope, beside what the other modules answer."""

from datetime import date, datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql


class KeyPlace(NamedTuple):
    """Attempts of one key or caller at one base URL; somewhere it was refused for want of a valid key."""

    seller: str | None
    base_url: str | None
    caller: str | None
    """The key's alias, else the application, else the team."""
    is_key: bool
    """It is the key's alias."""
    refused: int
    answered: int
    attempts: int
    last_refused: datetime | None
    last_answered: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether the same caller got an answer here after it was last refused."""
        answered, refused = self.last_answered, self.last_refused
        return answered is not None and refused is not None and answered > refused


class MissingUsage(NamedTuple):
    """Answers of one seller in one source that came without usage: their cost is unknown."""

    seller: str | None
    source: str
    gateway: str | None
    is_stream: bool | None
    """None: the log does not say."""
    missing: int
    answers: int


class Loaded(NamedTuple):
    """Lines of all loaded files that could not be read, and calls of all of them that are under review."""

    rejected: int
    review: int


class RejectedFile(NamedTuple):
    """A file with lines that could not be read."""

    path: str
    lines: int
    first_line: int
    first_reason: str


class LastLoad(NamedTuple):
    """When a file of a source was last loaded, and the newest call in any of them."""

    source: str
    loaded_at: datetime
    newest: datetime | None


def refused_keys(reader: Reader, scope: Scope) -> list[KeyPlace]:
    """Where the keys went that were refused somewhere in scope, most refused first."""
    where, parameters = condition(scope)
    rows = reader.rows(sql("refused_keys").replace("and true", f"and {where}"), parameters)
    return [KeyPlace(*row) for row in rows]


def missing_usage(reader: Reader, scope: Scope) -> list[MissingUsage]:
    """Answers in scope without usage, most first."""
    where, parameters = condition(scope)
    rows = reader.rows(sql("missing_usage").replace("and true", f"and {where}"), parameters)
    return [MissingUsage(*row) for row in rows]


def loaded(reader: Reader) -> Loaded:
    """What the loads left for a person to look at."""
    _, _, rejected, _, review, _ = map(int, reader.rows(sql("import_totals"))[0])
    return Loaded(rejected, review)


def rejected_files(reader: Reader) -> list[RejectedFile]:
    """Files with lines that could not be read, most lines first."""
    return [RejectedFile(*row) for row in reader.rows(sql("rejects_by_file"))]


def last_loads(reader: Reader) -> list[LastLoad]:
    """When each source was last loaded."""
    return [LastLoad(*row) for row in reader.rows(sql("last_loads"))]


def daily_calls(reader: Reader, first: date) -> list[tuple[date, str, str | None, str | None, int]]:
    """Calls by billing day from the first on, source, seller and team."""
    return [
        (day, source, seller, team, calls)
        for day, source, seller, team, calls in reader.rows(sql("daily_calls"), {"first": first})
    ]


def hourly_calls(reader: Reader, first: datetime) -> list[tuple[datetime, int]]:
    """Hours from the first on with calls, and how many."""
    return [(hour, calls) for hour, calls in reader.rows(sql("hourly_calls"), {"first": first})]
