"""What a feed is: its grain, and columns that say what they hold, in which unit, and what it means."""

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["day", "instant", "text", "count", "flag", "number", "pico", "decimal"]
"""What a column holds. ``decimal`` is text: the ``pico`` column of its name in units, exact, every digit kept."""
TYPES: dict[Kind, tuple[str, str]] = {
    "day": ("DATE", "2026-10-31"),
    "instant": ("TIMESTAMP, UTC", "2026-10-31T23:59:59.000000Z"),
    "text": ("VARCHAR", "text"),
    "count": ("BIGINT", "a whole number"),
    "flag": ("BOOLEAN", "true or false"),
    "number": ("DOUBLE", "a number"),
    "pico": ("DECIMAL(38, 0)", "a whole number"),
    "decimal": ("VARCHAR", "a decimal number, every digit kept"),
}
"""By kind: the type in Parquet, and how CSV writes it."""
PICO_END = "_pico"


class Column(NamedTuple):
    """One column of a feed."""

    name: str
    kind: Kind
    meaning: str
    unit: str | None = None
    nullable: bool = True


class Feed(NamedTuple):
    """One extract."""

    name: str
    version: int
    grain: str
    """What one row is."""
    period: str
    """What a period means for it."""
    columns: tuple[Column, ...]
    narrowed_by: tuple[str, ...] = ()
    """Dimensions that ``--where`` may name."""


def dimension(name: str, meaning: str) -> Column:
    """A column of names; empty where the log does not say."""
    return Column(name, "text", meaning)


def number(name: str, meaning: str, unit: str) -> Column:
    """A count that is always there."""
    return Column(name, "count", meaning, unit, nullable=False)


def tokens(name: str, meaning: str) -> Column:
    """A count of tokens; null where nothing was reported, which is not 0."""
    return Column(name, "count", meaning, "tokens")


def amount(name: str, meaning: str, currency: str = "currency") -> tuple[Column, Column]:
    """An amount, as whole pico-units and as a decimal number. Null where it is unknown, which is not 0."""
    return (
        Column(name, "decimal", meaning, f"units of `{currency}`"),
        Column(f"{name}{PICO_END}", "pico", f"`{name}` as a whole number.", f"10^-12 units of `{currency}`"),
    )


def schema_of(feed: Feed) -> "pa.Schema":
    """The feed's columns as Arrow has them, their meaning with them."""
    import pyarrow as pa

    types: dict[Kind, pa.DataType] = {
        "day": pa.date32(),
        "instant": pa.timestamp("us", "UTC"),
        "count": pa.int64(),
        "flag": pa.bool_(),
        "number": pa.float64(),
        "pico": pa.decimal128(38, 0),
    }
    fields = [
        pa.field(each.name, types.get(each.kind, pa.string()), each.nullable, {"meaning": each.meaning})
        for each in feed.columns
    ]
    return pa.schema(fields, {"feed": feed.name, "version": str(feed.version)})
