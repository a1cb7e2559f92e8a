"""What vendors and third parties say of models: shown beside measurements, labelled, and an input of nothing.

A claim is somebody's word. No projection, budget or price is made from one.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from pricing.card_fields import Day, Part, Prose, Quantity, Text

Status = Literal[
    "vendor claim, not replicated",
    "vendor claim, replicated",
    "vendor claim, contradicted",
    "third-party claim, not replicated",
]
"""Whose word it is, and whether anybody else came to the same."""

Bound = Literal["up to", "at least", "about"]


class Figure(Part):
    """A number as its source gives it, or a range of two."""

    figure: Quantity = Field(description="Quoted; of a range its lower end.")
    figure_to: Quantity | None = Field(None, description="Upper end of a range.")
    bound: Bound | None = None

    @property
    def text(self) -> str:
        """``0.19``, ``up to 600`` or ``64.5–71.5``."""
        return f"{self.bound} {_number(self)}" if self.bound else _number(self)


class Comparator(Part):
    """What a claim compares with."""

    model: Text
    version: Text | None = Field(None, description="The version that is meant, where the name leaves it open.")
    figure: Quantity | None = Field(None, description="Its figure in the same unit; absent: not given.")
    figure_to: Quantity | None = None

    @property
    def text(self) -> str:
        """``claude-opus-4-6 (4.6): 1.76``."""
        name = f"{self.model} ({self.version})" if self.version else self.model
        return name if self.figure is None else f"{name}: {_number(self)}"


class Claim(Figure):
    """One figure that somebody claims of a model."""

    model: Text = Field(description="The model it is about, as its seller names it.")
    about: Text = Field(description="What was counted: a benchmark, a cost per task, a speed.")
    unit: Text
    by: Text = Field(description="Who says so.")
    comparator: Comparator | None = None
    harness: Text | None = Field(None, description="On what it was run; absent: not said.")
    conditions: Text | None = Field(None, description="Hardware, lengths, concurrency, modes.")
    date: Day = Field(description="The day on which the claim stood so.")
    source: Text
    checked: Day = Field(description="When someone last looked at the source.")
    status: Status
    note: Prose | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> "Claim":
        for part in (self, self.comparator):
            if part is not None and part.figure_to is not None:
                if part.figure is None or Decimal(part.figure_to) <= Decimal(part.figure):
                    raise ValueError("figure_to is not above figure")
        return self


def _number(part: Figure | Comparator) -> str:
    return f"{part.figure}–{part.figure_to}" if part.figure_to else str(part.figure)
