"""What a scenario may change, kind by kind. Every change is linear in the calls it is about.

Whatever the order in a document, changes are applied in the order of ORDER; those of one kind as they are listed.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from pricing.card_fields import Part, Prose, Text, TokenFigure, Tokens, UnitFigure, same_as
from pricing.meters import TokenMeter, UnitMeter
from pricing.money import RATE_PATTERN, parse_signed_amount

Kind = Literal[
    "drop_failed", "retries", "volume", "move", "effort", "output_cap", "media", "cache", "batch", "rates", "discount"
]
Source = Literal["measured", "claim", "guess"]
"""Where a figure comes from: these records, a vendor, or somebody's head."""
MOST_TIMES = 1000


def _number(value: object, what: str) -> Decimal:
    if not isinstance(value, str):
        raise ValueError(f'{value} is not quoted; write {what} as in "0.5"')
    try:
        return Decimal(parse_signed_amount(value)) / 10**12
    except ValueError:
        raise ValueError(f'{value} is no plain decimal; write {what} as in "0.5"') from None


def _share(value: object) -> object:
    if not 0 <= _number(value, "a share") <= 1:
        raise ValueError(f'{value} is no share; write a quoted decimal from 0 to 1, as in "0.3" for 30%')
    return value


def _times(value: object) -> object:
    if not 0 <= _number(value, "a factor") <= MOST_TIMES:
        raise ValueError(f'{value} is no factor from 0 to {MOST_TIMES}; write it quoted, as in "1.5"')
    return value


def _percent(value: object) -> object:
    if not 0 <= _number(value, "a percentage") <= 100:
        raise ValueError(f'{value} is no percentage from 0 to 100; write it quoted, as in "15"')
    return value


def _figure(value: object) -> object:
    if isinstance(value, str) and same_as(value):
        raise ValueError("write the figure itself: same_as belongs to rate cards")
    return value


_DECIMAL = Field(pattern=RATE_PATTERN)
Share = Annotated[str, _DECIMAL, BeforeValidator(_share)]
"""A quoted decimal from 0 to 1."""
Times = Annotated[str, _DECIMAL, BeforeValidator(_times)]
"""A quoted decimal that counts are multiplied by."""
Percent = Annotated[str, _DECIMAL, BeforeValidator(_percent)]
Figure = Annotated[TokenFigure, BeforeValidator(_figure)]


class Where(Part):
    """Which calls: of a seller, of a model, of a team. What is absent is all."""

    seller: Text | None = None
    model: Text | None = None
    team: Text | None = None


class Ratio(Part):
    """A figure with its source."""

    value: Times
    source: Source = "guess"
    note: Prose | None = Field(None, description="Where it was measured, who claims it.")


SAME = Ratio(value="1")


class Change(Part):
    """What every change has: the calls it is about, told apart by where they are after the changes before it."""

    where: Where = Where()


class DropFailed(Change):
    """Calls that ended in an error are not made."""

    kind: Literal["drop_failed"] = "drop_failed"


class Retries(Change):
    """Charged tries per call: so many instead of what is."""

    kind: Literal["retries"] = "retries"
    attempts: Ratio = Field(description="Wanted charged tries per call; 1: none is repeated.")
    now: Ratio | None = Field(None, description="What is; absent: as measured from the records.")

    @model_validator(mode="after")
    def _at_least_one(self) -> "Retries":
        if any(Decimal(each.value) < 1 for each in (self.attempts, self.now) if each is not None):
            raise ValueError("a call has at least one try: write 1 or more")
        return self


class Volume(Change):
    """So many times the calls."""

    kind: Literal["volume"] = "volume"
    times: Times


class Move(Change):
    """A share of the calls goes to another seller or model. They keep their tier, organisation and team."""

    kind: Literal["move"] = "move"
    seller: Text = Field(description="Where they go.")
    model: Text = Field(description="The model string, as that seller's card names it.")
    share: Share = "1"
    input: Ratio = Field(SAME, description="Input tokens there for one here, for the same task.")
    output: Ratio = Field(SAME, description="Output tokens there for one here, for the same task.")


class Effort(Change):
    """Another mix of reasoning efforts: output tokens per call follow what each tier takes; input stays as it is."""

    kind: Literal["effort"] = "effort"
    mix: dict[Text, Share] = Field(description="Share of calls per tier; together 1.")
    tokens: dict[Text, Ratio] = Field({}, description="Output tokens per call of a tier; absent ones as measured.")

    @model_validator(mode="after")
    def _adds_up(self) -> "Effort":
        total = sum(map(Decimal, self.mix.values()))
        if total != 1:
            raise ValueError(f"the shares of the mix add up to {total}, not to 1")
        return self


class OutputCap(Change):
    """No answer is longer than so many tokens: longer ones end there."""

    kind: Literal["output_cap"] = "output_cap"
    tokens: Tokens


class Media(Change):
    """Images and videos in every call."""

    kind: Literal["media"] = "media"
    images: Times = Field("0", description="Per call.")
    image_tokens: Tokens | None = Field(None, description="Tokens of one image; absent: as the model's card says.")
    videos: Times = "0"
    video_tokens: Tokens | None = None
    detail: Text = Field("low", description="Which of the card's figures, where it has several.")


class Cache(Change):
    """Another share of the input is read from the cache."""

    kind: Literal["cache"] = "cache"
    share: Share | None = Field(None, description="Of all text input, over the calls it is about.")
    times: Times | None = Field(None, description='So many times the share as it is: "0.5" halves it.')

    @model_validator(mode="after")
    def _one_of_them(self) -> "Cache":
        if (self.share is None) == (self.times is None):
            raise ValueError("give one of share and times")
        return self


class Batch(Change):
    """A share of the standard calls goes through the batch interface."""

    kind: Literal["batch"] = "batch"
    share: Share


class Rates(Change):
    """Other figures for the meters named; what is not named stays."""

    kind: Literal["rates"] = "rates"
    per_mtok: dict[TokenMeter, Figure] = Field({}, description="Quoted, per 1,000,000 tokens.")
    per_unit: dict[UnitMeter, UnitFigure] = {}
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        None, description="With it, these are all the figures there are, also where no card has any."
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Rates":
        if not self.per_mtok and not self.per_unit:
            raise ValueError("it names no figure; write per_mtok: {input: ...}")
        return self


class Discount(Change):
    """So many percent off every figure, rounded as a card's discount is."""

    kind: Literal["discount"] = "discount"
    percent_off: Percent


AnyChange = Annotated[
    DropFailed | Retries | Volume | Move | Effort | OutputCap | Media | Cache | Batch | Rates | Discount,
    Field(discriminator="kind"),
]
ORDER: tuple[Kind, ...] = (
    "drop_failed", "retries", "volume", "move", "effort", "output_cap", "media", "cache", "batch", "rates", "discount",
)  # fmt: skip
"""In which changes are applied, whatever the order in the document."""
