"""Our cost beside the cost that logs report, call by call."""

from typing import NamedTuple

from warehouse.bills import Call
from warehouse.connection import Reader
from warehouse.scope import EVERYTHING, Scope, condition
from warehouse.sqlfiles import sql

STATES = ("matched", "different", "ours_only", "theirs_only", "other_currency", "own_key", "free", "unknown")
"""How a call's two costs stand to one another; ``free``: none is due and none reported; ``unknown``: none is known."""


class ReportedRow(NamedTuple):
    """Calls of one seller, model and state; costs in pico-units, None where no call has any."""

    seller: str | None
    model: str | None
    key: str | None
    currency: str | None
    reported_currency: str | None
    kind: str | None
    """What the reported figure is, as the log says: billed, list, estimate, upstream."""
    state: str
    calls: int
    cost: int | None
    reported: int | None

    @property
    def beyond(self) -> int | None:
        """What is reported beyond ours; None where they cannot be compared."""
        if self.cost is None or self.reported is None or self.state not in ("matched", "different"):
            return None
        return self.reported - self.cost


class Room(NamedTuple):
    """How far a call's two costs may be apart, beside the log's own rounding."""

    pico: int = 0
    millionths: int = 0
    """Of what it costs."""


NO_ROOM = Room()


def read_reported(
    reader: Reader, scope: Scope = EVERYTHING, room: Room = NO_ROOM, *, by_key: bool = False
) -> list[ReportedRow]:
    """Both costs of every call in scope, added up by seller, model and state."""
    text, values = _asked("reported_states", scope, room)
    rows = reader.rows(text, values | {"by_key": by_key})
    return [ReportedRow(*row[:8], *(None if value is None else int(value) for value in row[8:])) for row in rows]


def read_reported_calls(  # noqa: PLR0913 - which calls, in which scope, and how many
    reader: Reader,
    state: str,
    scope: Scope = EVERYTHING,
    room: Room = NO_ROOM,
    *,
    seller: str | None = None,
    model: tuple[str | None] | None = None,
    top: int = 100,
) -> list[Call]:
    """The calls of a state, the furthest off first; ``model`` as ``(name,)``: only of that one."""
    text, values = _asked("reported_rows", scope, room)
    own = {"state": state, "of_seller": seller, "one_model": model is not None, "of_model": (model or (None,))[0]}
    values |= own | {"top": top}
    return [Call(*row) for row in reader.rows(text, values)]


def _asked(name: str, scope: Scope, room: Room) -> tuple[str, dict[str, object]]:
    where, parameters = condition(scope)
    text = sql(name).replace("where true", f"where {where}")
    return text, parameters | {"tolerance": room.pico, "millionths": room.millionths}
