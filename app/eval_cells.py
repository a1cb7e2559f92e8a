"""The cells of a row of evaluation runs: found by the names that they go by, and read."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException
from math import isfinite
from typing import Any, NamedTuple

from pricing.money import PICO
from warehouse.outcomes import yes_or_no

Row = Mapping[str, Any]
NAMES: dict[str, tuple[str, ...]] = {
    "set": ("set", "evaluation", "benchmark"),
    "task": ("task", "task_id", "instance_id", "case", "work"),
    "effort": ("effort", "tier", "reasoning_effort"),
    "pass": ("pass", "run", "trial", "epoch", "attempt"),
    "model": ("model",),
    "seller": ("seller", "provider"),
    "variant": ("variant",),
    "kind": ("kind",),
    "solved": ("solved", "resolved", "passed", "success"),
    "score": ("score",),
    "input": ("input_tokens", "prompt_tokens"),
    "cache_read": ("cached_tokens", "cache_read_tokens"),
    "output": ("output_tokens", "completion_tokens", "tokens"),
    "reasoning": ("reasoning_tokens",),
    "calls": ("calls", "steps", "requests"),
    "latency_ms": ("latency_ms", "duration_ms"),
    "latency_s": ("latency_s", "latency_seconds", "duration_s", "seconds"),
    "cost": ("cost", "cost_usd"),
    "currency": ("currency",),
    "time": ("time", "date", "at"),
}
"""What a run says, and the columns that it is looked for under, the first of them first."""


class Cells(NamedTuple):
    """A row, asked by what is wanted of it."""

    row: Row
    fields: Mapping[str, str]

    def value(self, wanted: str) -> tuple[str, Any]:
        """The column's name and what stands there; None where nothing does."""
        names = (self.fields[wanted],) if wanted in self.fields else NAMES[wanted]
        for name in names:
            found: Any = self.row.get(name)
            if found is None and "." in name:
                found = self.row
                for part in name.split("."):
                    found = found.get(part) if isinstance(found, Mapping) else None
            if found is not None and not (isinstance(found, str) and not found.strip()):
                return name, found.strip() if isinstance(found, str) else found
        return names[0], None

    def read(self, wanted: str, read: Callable[[Any], Any], what: str) -> Any:
        """The value read; raises ValueError naming the column."""
        name, found = self.value(wanted)
        if found is None:
            return None
        try:
            return read(found)
        except (TypeError, ValueError, OverflowError, DecimalException):
            raise ValueError(f"{name} {found!r} is no {what}") from None

    def word(self, wanted: str) -> str | None:
        """A text, or a whole number as one."""
        found: str | None = self.read(wanted, _text, "text")
        return found

    def whole(self, wanted: str) -> int | None:
        """A whole number that is not below 0."""
        found: int | None = self.read(wanted, _whole, "count")
        return found


def pico_of(value: object) -> int:
    """Pico-units of a cost that a program wrote, rounded half-even once: such figures have digits without meaning."""
    amount = Decimal(str(value))
    if isinstance(value, bool) or not amount.is_finite() or abs(amount) >= 10**9:
        raise ValueError
    return int((amount * PICO).to_integral_value(ROUND_HALF_EVEN))


def _text(value: Any) -> str:
    if isinstance(value, str) or type(value) is int:
        return str(value)
    raise TypeError


def _whole(value: Any) -> int:
    number = Decimal(str(value))
    if isinstance(value, bool) or number < 0 or number != int(number):
        raise ValueError
    return int(number)


def number_of(value: Any) -> float:
    """A number that is finite."""
    number = float(value)
    if isinstance(value, bool) or not isfinite(number):
        raise TypeError
    return number


def yes_of(value: Any) -> float:
    """1 for yes, 0 for no, in any of the words for it."""
    said = value if isinstance(value, bool) else yes_or_no(str(value))
    if said is None:
        raise ValueError
    return float(said)


def instant_of(value: Any) -> datetime:
    """A day or a time, naive UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
