"""A mapping file: which column of a table, or field of a JSON record, is which of ours, and in what unit.

What a column's name cannot tell has to be said: whether cached tokens stand inside the input's count, in what unit a
cost is, which zone a time without one is in. ``docs/presets.md`` shows a whole one.
"""

import hashlib
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from warehouse.reading import COLUMNS, Cast

Kind = Literal["text", "count", "integer", "status", "duration", "money", "flag", "tags", "time"]
KINDS: dict[Cast, Kind] = {
    "text": "text",
    "count": "count",
    "integer": "integer",
    "status": "status",
    "milliseconds": "duration",
    "money": "money",
    "flag": "flag",
    "present": "flag",
    "equals": "flag",
    "part": "flag",
    "tags": "tags",
}
NOT_MAPPED = (
    {"time_text", "created_text", "usage_flavour", "usage_foreign", "cache_read_other", "cache_miss"}
    | {"object", "error_text", "http_status", "record_id", "ended"}
    | {column for column, cast in COLUMNS.items() if cast == "sum" or column in ("sent_messages", "known_messages")}
)  # fmt: skip
TARGETS: dict[str, Kind] = {
    "time": "time",
    "end": "time",
    **{name: KINDS[cast] for name, cast in COLUMNS.items() if name not in NOT_MAPPED},
    "status": "status",
    "error": "text",
    "requests": "count",
    "cost_currency": "text",
}
"""What a column may be mapped to, and how its cells are read."""
CACHE_COLUMNS = ("cache_read", "cache_write", "cache_write_5m", "cache_write_1h")
CONSTANTS = {name for name, kind in TARGETS.items() if kind == "text"} - {"error", "cost_currency"} | {"cost_kind"}
COST_KINDS = ("billed", "list", "estimate", "upstream")
EXPLAINED = (
    "say where cached tokens stand: `inside` the input's count (OpenAI's way: prompt 1000 of which 800 cached), "
    "`beside` it (Anthropic's way: input 200 and 800 read from the cache), `not_logged` where the log has no count of "
    "them, or `by_total` where each row's total decides. To tell: where cached tokens are not 0, see whether the total "
    "is input + output (inside) or input + cached + output (beside); `--preview` counts both"
)


def _as_paths(given: object) -> object:
    return (given,) if isinstance(given, str) else given


def _as_column(given: object) -> object:
    return {"column": given} if isinstance(given, str | list) else given


def _as_words(given: object) -> object:
    """Words as a file has them: YAML makes numbers and truth of some."""
    if not isinstance(given, dict):
        return given
    return {(str(word).lower() if isinstance(word, bool) else str(word)): meaning for word, meaning in given.items()}


Dotted = Annotated[str, Field(min_length=1)]
Paths = Annotated[tuple[Dotted, ...], BeforeValidator(_as_paths), Field(min_length=1)]
Cell = str | int | float | bool


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """Where one of our columns stands in the file, and what its cells mean."""

    column: Paths
    """The file's column, or several: the first that holds something. Dots lead into nested JSON."""
    unit: str | None = None
    """Of money and durations: see ``UNITS``."""
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    zone: str | None = None
    """IANA name of the zone of times that name none."""
    format: str | None = None
    """Of times: ``iso``, ``epoch``, ``epoch_s``, ``epoch_ms``, ``epoch_us``, ``epoch_ns``, or a strptime pattern."""
    values: Annotated[dict[str, Cell | None], BeforeValidator(_as_words)] = Field(default_factory=dict)
    """What the file's words mean, told without case; ``*`` is every other word; null: nothing."""


class Condition(_Strict):
    """Rows to leave out: those whose column holds one of the words, none of them, or nothing."""

    column: Paths
    equals: Annotated[tuple[str, ...], BeforeValidator(_as_paths)] = ()
    differs_from: Annotated[tuple[str, ...], BeforeValidator(_as_paths)] = ()
    empty: bool = False


class Each(_Strict):
    """Several calls in one record: the items of a list, or an object's objects."""

    under: str
    having: str | None = None
    """Only what holds this is a call."""


class Mapping(_Strict):
    """One shape of table: a mapping file's content."""

    name: str = Field(pattern="^[a-z][a-z0-9_]{1,39}$")
    """The source's name: records of two sources are never the same record."""
    title: str = "Rows under a mapping file"
    cached_tokens: Literal["inside", "beside", "not_logged", "by_total"]
    reasoning_tokens: Literal["inside", "beside", "not_logged"] = "not_logged"
    granularity: Literal["request", "bucket"] = "request"
    key: tuple[Paths, ...] = Field(min_length=1)
    """What tells a record from all others of this name; each item may be several columns, of which the first counts."""
    columns: dict[str, Annotated[Column, BeforeValidator(_as_column)]]
    constants: dict[str, str] = Field(default_factory=dict)
    """What every record says that does not say it itself."""
    tags: dict[str, Paths] = Field(default_factory=dict)
    """Free tags, each from a column."""
    ignore_rows: tuple[Condition, ...] = ()
    each: Each | None = None
    doubt: str | None = None
    """Why rows with cached tokens need a look, where their total does not prove how they are counted."""
    columns_required: tuple[tuple[str, ...], ...] = ()
    """Sets of columns: a preset knows a file that has all of one set."""
    documented_at: str | None = None
    seen: bool = True
    """Whether a real file of this shape was there to try it on."""

    @cached_property
    def words(self) -> dict[str, dict[str, Cell | None]]:
        """What each column's words mean, in lower case."""
        return {
            name: {word.lower(): meaning for word, meaning in column.values.items()}
            for name, column in self.columns.items()
        }

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """Our columns whose cells are taken one by one, as they stand."""
        return tuple(name for name in self.columns if name in COLUMNS or name == "requests")

    @cached_property
    def digest(self) -> str:
        """Tells this mapping from any other."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]
