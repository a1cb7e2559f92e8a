"""A scenario: named changes to rates and usage, as a document that a person writes, saves and sends.

A mapping of plain text: figures are quoted decimals, unknown keys are refused. ``read_scenario`` names every mistake.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from planning.scenario_changes import ORDER, AnyChange, Kind, Where
from pricing.card_fields import Day, Instant, Part, Prose, Text
from pricing.errors import PricingError
from pricing.plain_mistakes import plain_message, plain_place
from pricing.rates import to_naive

OWN = "own"
"""Rates as of each call's own time."""
MOST_DAYS = 3660
_WORDS = {
    "extra_forbidden": "there is no such field",
    "missing": "it is missing",
    "union_tag_invalid": f"there is no such kind of change; there are {', '.join(ORDER)}",
    "union_tag_not_found": f"it says no kind; there are {', '.join(ORDER)}",
}


_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def _as_of(value: object) -> object:
    if value is None or value == OWN:
        return value
    try:
        return _INSTANT.validate_python(value)
    except ValidationError as invalid:
        said = invalid.errors()[0]["msg"].removeprefix("Value error, ")
        raise ValueError(f"{said}; for each call's own time write own") from None


AsOf = Annotated[datetime | Literal["own"] | None, BeforeValidator(_as_of)]
"""An instant with its zone, ``own``, or None: now."""


class Scenario(Part):
    """Named changes to some traffic, and the instant whose rates it uses."""

    name: Text
    note: Prose | None = None
    where: Where = Where()
    since: Day | None = Field(None, description="First billing day of the traffic; absent: as it is looked at.")
    until: Day | None = Field(None, description="Last billing day, included.")
    last_days: Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)] | None = Field(
        None, description="The last whole days with data, instead of since and until."
    )
    projected_until: Day | None = Field(None, description="Traffic that may come, up to this day, instead of what was.")
    rates_as_of: AsOf = Field(
        None, description="The instant whose rates are used; absent: now; own: each call's own time."
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        None, description="In which all amounts are added up; absent: each in its own."
    )
    changes: tuple[AnyChange, ...] = ()

    @model_validator(mode="after")
    def _one_period(self) -> "Scenario":
        if self.last_days is not None and (self.since or self.until):
            raise ValueError("give last_days, or since and until, not both")
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"until {self.until} is before since {self.since}")
        if self.projected_until and (self.since or self.until or self.last_days):
            raise ValueError("projected_until is about traffic to come: leave since, until and last_days out")
        if self.projected_until and self.rates_as_of == OWN:
            raise ValueError("traffic to come has no time of its own yet: give an instant, or leave rates_as_of out")
        return self

    @property
    def at(self) -> datetime | None:
        """The instant whose rates it names (naive UTC); None: it names none."""
        return to_naive(self.rates_as_of) if isinstance(self.rates_as_of, datetime) else None

    def ordered(self) -> list[tuple[int, AnyChange]]:
        """The changes as they are applied, each with its place in the document."""
        return sorted(enumerate(self.changes), key=lambda pair: ORDER.index(pair[1].kind))


class Mistake(NamedTuple):
    """One mistake in a document."""

    place: tuple[str | int, ...]
    """Keys and numbers of items, from the outermost: ``("changes", 0, "share")``."""
    message: str

    def __str__(self) -> str:
        """The place in words, then what is wrong."""
        where = ": ".join(f"number {part + 1}" if isinstance(part, int) else part for part in self.place)
        return f"{where}: {self.message}" if where else self.message


class ScenarioError(PricingError):
    """A scenario that cannot be used: every mistake in ``mistakes``, or what its traffic or rates do not allow."""

    def __init__(self, mistakes: "list[Mistake] | str") -> None:
        self.mistakes = [Mistake((), mistakes)] if isinstance(mistakes, str) else mistakes
        super().__init__("\n".join(map(str, self.mistakes)))


def read_scenario(document: object) -> Scenario:
    """The scenario that a mapping says; raises ScenarioError with every mistake."""
    if not isinstance(document, Mapping):
        raise ScenarioError("a scenario is a mapping with a name and a list of changes")
    try:
        # Through JSON, as it is kept: dates and instants of YAML are text there.
        return Scenario.model_validate(json.loads(json.dumps(dict(document), default=_text)))
    except ValidationError as invalid:
        raise ScenarioError([_mistake(error) for error in invalid.errors()]) from None


def write_scenario(scenario: Scenario) -> dict[str, Any]:
    """The mapping that says it, of plain text; what it leaves out is as without it."""
    document: dict[str, Any] = scenario.model_dump(mode="json", exclude_defaults=True)
    document["changes"] = [
        {"kind": change.kind, **change.model_dump(mode="json", exclude_defaults=True)} for change in scenario.changes
    ]
    return {"name": scenario.name, **document}


def _text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _mistake(error: Any) -> Mistake:
    # Of a change, pydantic names the kind between its number and its field.
    place = tuple(
        part for number, part in enumerate(plain_place(error)) if not (number == 2 and error["loc"][0] == "changes")
    )
    return Mistake(place, _WORDS.get(error["type"]) or plain_message(error))


__all__ = ["OWN", "Kind", "Mistake", "Scenario", "ScenarioError", "read_scenario", "write_scenario"]
