"""What a seller allows: requests and tokens a minute, concurrency, the size of one request. Data beside the rates.

A figure that a source does not give is absent, never 0 and never guessed.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pricing.card_fields import Confidence, Day, Instant, Part, Prose, Quantity, Text, Tokens

Medium = Literal["text", "image", "audio", "video"]
Count = Annotated[int, Field(ge=1, lt=1 << 40, strict=True)]
FIGURES = ("rpm", "tpm", "concurrency", "context_tokens", "max_output_tokens")
"""The figures of a limit that are one number."""


class TopUp(Part):
    """The sum of all payments into an account from which on a tier holds."""

    amount: Quantity
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Limit(Part):
    """What one tier of one seller allows, or what a model can take, for a stretch of time."""

    models: tuple[Text, ...] = Field((), description="Exact model strings; absent: all of the seller's.")
    tier: Text | None = Field(None, description="The seller's name of the tier; absent: every account.")
    top_up: TopUp | None = Field(None, description="Cumulative payments from which on the tier holds.")
    reached_by: Prose | None = Field(None, description="How else one gets the tier.")
    region: Text | None = None
    rpm: Count | None = Field(None, description="Requests per minute.")
    tpm: Count | None = Field(None, description="Tokens per minute.")
    concurrency: Count | None = Field(None, description="Requests at the same time.")
    context_tokens: Tokens | None = Field(None, description="Longest input and output together.")
    max_output_tokens: Tokens | None = Field(None, description="Longest output.")
    reads: tuple[Medium, ...] = Field((), description="What a request may hold.")
    writes: tuple[Medium, ...] = Field((), description="What an answer may hold.")
    image_tokens: dict[Text, Tokens] = Field({}, description="About how many tokens one image is, by `detail`.")
    video_tokens: dict[Text, Tokens] = Field({}, description="About how many tokens one video is, by `detail`.")
    released: Day | None = Field(None, description="When the model came out.")
    valid_from: Instant | None = Field(None, description="Inclusive; absent: nobody says since when.")
    valid_until: Instant | None = Field(None, description="Exclusive; absent: open.")
    source: Text
    checked: Day = Field(description="When someone last looked at the source.")
    confidence: Confidence
    note: Prose | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Limit":
        said = [getattr(self, name) for name in (*FIGURES, "reads", "writes", "image_tokens", "video_tokens")]
        if not any(said):
            raise ValueError("it limits nothing; give rpm, tpm, concurrency, context_tokens or another figure")
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValueError("valid_until is not after valid_from")
        return self

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant (naive UTC); a side without a date is open."""
        instant = at.replace(tzinfo=UTC)
        began = self.valid_from is None or self.valid_from <= instant
        return began and (self.valid_until is None or instant < self.valid_until)

    def is_about(self, part: str) -> bool:
        """Whether it holds for a model whose string has ``part`` in it."""
        return not self.models or any(part in model for model in self.models)
