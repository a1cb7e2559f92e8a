"""What changes an entry's figures: long contexts, hours, service tiers, regions, contracts; and other sightings."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from pricing.card_fields import Day, Factor, Instant, Part, Percent, Prose, Text, TokenFigure, Tokens, UnitFigure, Zone
from pricing.meters import TokenMeter, UnitMeter
from pricing.week import Ranges, parse_hours

STANDARD = "standard"
"""The service tier of a call that names none."""


def _hours(value: object) -> object:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for pair in value.items() for text in pair):
        raise ValueError('write hours like {mon-fri: "00:00-01:00, 10:00-24:00"}')
    parse_hours(value)
    return value


class Change(Part):
    """How some calls are charged otherwise: by a factor on every token meter, by figures of their own, or both."""

    multiply: Factor | None = Field(None, description="Factor on every token meter, quoted.")
    per_mtok: dict[TokenMeter, TokenFigure] = Field({}, description="Figures of their own; they go before the factor.")
    per_unit: dict[UnitMeter, UnitFigure] = {}


class ContextTier(Change):
    """The whole request is charged so from a size of all its input on: cached, written and other kinds included."""

    above: Tokens | None = Field(None, description="More input tokens than this.")
    at_least: Tokens | None = Field(None, description="This many input tokens, or more.")

    @property
    def least_tokens(self) -> int:
        """The smallest input that is charged so."""
        return self.at_least if self.at_least is not None else (self.above or 0) + 1


class Window(Change):
    """Calls that begin in these hours are charged so."""

    name: Text
    zone: Zone = Field(description="Whose wall clock the hours are on: UTC, Asia/Shanghai, ...")
    hours: Annotated[dict[str, str], BeforeValidator(_hours)] = Field(
        description="Weekdays and their hours: mon-fri: 00:00-01:00, 10:00-24:00."
    )

    @property
    def week(self) -> Ranges:
        """Its minutes of the week."""
        return parse_hours(self.hours)


class ServiceTier(Change):
    """Calls of a service tier are charged so; its own ``context`` takes the place of the entry's."""

    context: tuple[ContextTier, ...] = ()


class Sighting(Part):
    """What another source says of these rates, whether it agrees or not."""

    seen: Day
    source: Text
    valid_from: Instant | None = Field(None, description="The start that this source gives.")
    per_mtok: dict[TokenMeter, TokenFigure] = Field({}, description="The figures that this source gives.")
    note: Prose | None = None


class Contract(Part):
    """Whose contract a card is: its rates go before all others for these calls."""

    name: Text
    org: Text | None = Field(None, description="Calls of this organisation alone.")
    team: Text | None = Field(None, description="Calls of this team alone.")


class Discount(Part):
    """So much off every figure of the list rates in force, whichever card says them."""

    valid_from: Instant
    valid_until: Instant | None = None
    percent_off: Percent
    models: tuple[Text, ...] = Field((), description="Exact model strings; absent: all of the seller's.")
    source: Text
    checked: Day
    note: Prose | None = None


TierName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
"""A service tier as the API names it: ``batch``, ``flex``, ``priority``."""
