"""The shape of a rate card: what one YAML file may say, field by field.

The JSON schema for editors is generated from these models. What a single field cannot know (overlaps, gaps,
a cache read dearer than input) is in ``pricing.checks``. Unknown keys are refused, so that nothing a card
says is ignored.
"""

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from pricing.card_fields import Confidence, Day, Instant, Part, Prose, Seller, Status, Text, TokenFigure, UnitFigure
from pricing.card_terms import Change, ContextTier, Contract, Discount, ServiceTier, Sighting, TierName, Window
from pricing.claims import Claim
from pricing.limits import Limit
from pricing.meters import TokenMeter, UnitMeter


class BaseUrl(Part):
    """A URL prefix whose calls this seller bills."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*$")]
    region: Text | None = None


class BillingRule(Part):
    """Which HTTP statuses a seller charges for a stretch of time. One in neither list takes the default."""

    valid_from: Instant
    valid_until: Instant | None = Field(None, description="Exclusive; absent: until the next rule, or open.")
    charged: tuple[Status, ...] = ()
    not_charged: tuple[Status, ...] = ()
    source: Text
    checked: Day
    note: Prose | None = None


class Entry(Part):
    """What a seller asks for one model for a stretch of time. Never edited: the next one succeeds it."""

    valid_from: Instant = Field(description="Inclusive: the day its source proves, never earlier.")
    valid_until: Instant | None = Field(None, description="Exclusive; absent: until the next entry, or open.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(description="ISO 4217, as billed.")
    region: Text | None = None
    aliases: tuple[Text, ...] = Field(
        (), description="Other model strings billed at these rates: exact, or with {date} for a day in it."
    )
    per_mtok: dict[TokenMeter, TokenFigure] = Field({}, description="Quoted, per 1,000,000 tokens.")
    per_unit: dict[UnitMeter, UnitFigure] = Field({}, description="Quoted, per search or request.")
    context: tuple[ContextTier, ...] = Field((), description="Other figures for long inputs.")
    windows: tuple[Window, ...] = Field((), description="Other figures in some hours of the week.")
    service_tiers: dict[TierName, ServiceTier] = Field({}, description="Batch, flex, priority: absent ones have none.")
    regions: dict[Text, Change] = Field({}, description="Other figures in some regions.")
    promotion: Text | None = Field(None, description="What promotion these figures are; it needs an end.")
    corrects: Prose | None = Field(None, description="What was wrong: it goes before the entries it overlaps.")
    sightings: tuple[Sighting, ...] = Field((), description="What other sources say, disagreements included.")
    source: Text = Field(description="URL or citation.")
    checked: Day = Field(description="When someone last looked at the source.")
    confidence: Confidence
    note: Prose | None = None


Entries = Annotated[tuple[Entry, ...], Field(json_schema_extra={"minItems": 1})]
"""At least one entry. Not asked here: pydantic would say of a mistaken one that it is not there."""


class Card(Part):
    """Everything one file says of one seller."""

    seller: Seller
    name: Text | None = Field(None, description="For people; the seller's id where absent.")
    base_urls: tuple[BaseUrl, ...] = ()
    token_price: Literal["none"] | None = Field(None, description="none: self-hosted; `note` says what it costs.")
    note: Prose | None = None
    billing: tuple[BillingRule, ...] = ()
    contract: Contract | None = Field(None, description="A card of your own that a contract stands behind.")
    discounts: tuple[Discount, ...] = Field((), description="A contract's discount on list rates.")
    models: dict[Text, Entries] = Field({}, description="Exact model string: its rates over time.")
    sightings: tuple[Sighting, ...] = Field((), description="What sources say of models that have no rate here.")
    limits: tuple[Limit, ...] = Field((), description="What the seller allows: requests, tokens, sizes.")
    claims: tuple[Claim, ...] = Field((), description="What is claimed of its models; never an input of anything.")
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
