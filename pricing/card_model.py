"""The shape of a rate card: what one YAML file may say, field by field.

The JSON schema for editors is generated from these models. What a single field cannot know (overlaps, gaps,
a cache read dearer than input) is in ``pricing.checks``. Unknown keys are refused, so that nothing a card
says is ignored. Context tiers, windows of hours and weekdays, and modifiers (batch, service tier, discount)
will be optional keys of ``Entry``, each absent by default: until the arithmetic knows them a card that has
them is refused instead of being priced at its base rates.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema

from pricing.meters import TokenMeter, UnitMeter
from pricing.money import RATE_PATTERN, parse_rate, parse_unit_rate

Confidence = Literal["official", "registry", "article", "contract"]
"""On whose word: the seller's, a price registry's, an article's, or a signed contract's."""

_SAME_AS = re.compile(r"same_as ([a-z0-9_]+)")
_YEARS = range(2000, 9999)


def same_as(figure: str) -> str | None:
    """The meter that a figure points at: ``"same_as input"`` gives ``input``; None where there is none."""
    match = _SAME_AS.fullmatch(figure)
    return match[1] if match else None


def _token_figure(value: object) -> object:
    if not (isinstance(value, str) and same_as(value)):
        parse_rate(value)
    return value


def _unit_figure(value: object) -> object:
    parse_unit_rate(value)
    return value


def _instant(value: object) -> datetime:
    example = "write it like 2026-06-18T00:00:00Z"
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value} is no date and time; {example}") from None
    if not isinstance(value, datetime):
        raise ValueError(f"{value} is no date and time; {example}")
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone; {example}")
    if value.microsecond or value.year not in _YEARS:
        raise ValueError(f"{value} is not a whole second of the years 2000 to 9998; for no end leave it out")
    return value.astimezone(UTC)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value} is no date; write it like 2026-06-18") from None


Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A second with its zone; kept in UTC."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
TokenFigure = Annotated[
    str,
    BeforeValidator(_token_figure),
    WithJsonSchema({"type": "string", "pattern": f"{RATE_PATTERN}|^{_SAME_AS.pattern}$"}),
]
"""A quoted decimal per 1,000,000 tokens, or ``same_as`` and a meter that has one."""
UnitFigure = Annotated[str, BeforeValidator(_unit_figure), WithJsonSchema({"type": "string", "pattern": RATE_PATTERN})]
"""A quoted decimal per single unit."""
Text = Annotated[str, Field(pattern=r"^\S(.*\S)?$")]
"""A line of text without spaces around it."""
Prose = Annotated[str, Field(pattern=r"\S")]
Seller = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Status = Annotated[int, Field(ge=100, le=599, strict=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BaseUrl(_Part):
    """A URL prefix whose calls this seller bills."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*$")]
    region: Text | None = None


class BillingRule(_Part):
    """Which HTTP statuses a seller charges for a stretch of time. One in neither list takes the default."""

    valid_from: Instant
    valid_until: Instant | None = Field(None, description="Exclusive; absent: until the next rule, or open.")
    charged: tuple[Status, ...] = ()
    not_charged: tuple[Status, ...] = ()
    source: Text
    checked: Day
    note: Prose | None = None


class Entry(_Part):
    """What a seller asks for one model for a stretch of time. Never edited: the next one succeeds it."""

    valid_from: Instant = Field(description="Inclusive: the day its source proves, never earlier.")
    valid_until: Instant | None = Field(None, description="Exclusive; absent: until the next entry, or open.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(description="ISO 4217, as billed.")
    region: Text | None = None
    aliases: tuple[Text, ...] = Field((), description="Other exact model strings billed at these rates.")
    per_mtok: dict[TokenMeter, TokenFigure] = Field({}, description="Quoted, per 1,000,000 tokens.")
    per_unit: dict[UnitMeter, UnitFigure] = Field({}, description="Quoted, per search or request.")
    source: Text = Field(description="URL or citation.")
    checked: Day = Field(description="When someone last looked at the source.")
    confidence: Confidence
    note: Prose | None = None


Entries = Annotated[tuple[Entry, ...], Field(json_schema_extra={"minItems": 1})]
"""At least one entry. Not asked here: pydantic would say of a mistaken one that it is not there."""


class Card(_Part):
    """Everything one file says of one seller."""

    seller: Seller
    name: Text | None = Field(None, description="For people; the seller's id where absent.")
    base_urls: tuple[BaseUrl, ...] = ()
    token_price: Literal["none"] | None = Field(None, description="none: self-hosted; `note` says what it costs.")
    note: Prose | None = None
    billing: tuple[BillingRule, ...] = ()
    models: dict[Text, Entries] = Field({}, description="Exact model string: its rates over time.")
    _file: str = PrivateAttr("")

    @property
    def file(self) -> str:
        """Name of the file it was read from; empty for a card made in code."""
        return self._file

    def from_file(self, name: str) -> "Card":
        """The same card, naming the file it was read from."""
        copy = self.model_copy()
        copy._file = name
        return copy
