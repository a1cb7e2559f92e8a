"""What a server of one's own gets done: a throughput at the mix of input and output at which somebody took it."""

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from pricing.card_fields import Day, Part, Prose, Quantity, Text, Tokens
from pricing.yaml_text import parse_yaml

Word = Literal["measured", "third party", "claim", "guess"]
"""On whose word a figure is: counted here, by somebody who does not sell it, by who does, or nobody's."""
_SHIPPED = Path(__file__).with_name("throughputs.yaml")


class Throughput(Part):
    """A server, and the output of all its answers together in a second, at one mix of input and output."""

    name: Text = Field(description="As a person picks it: 8x H100.")
    model: Text = Field(description="The model that it served.")
    gpu: Text = Field(description="The kind of GPU.")
    gpus: Annotated[int, Field(ge=1, le=100_000, strict=True)] = Field(description="How many it takes: all or none.")
    output_per_s: Quantity = Field(description="Output tokens in a second, of all answers together.")
    input_tokens: Tokens = Field(description="Input of the mix, all of it worked through.")
    output_tokens: Tokens = Field(description="Output of the mix.")
    concurrent: Annotated[int, Field(ge=1, strict=True)] | None = Field(None, description="Answers at the same time.")
    word: Word
    by: Text
    harness: Text | None = None
    date: Day = Field(description="The day of which it is.")
    source: Text
    note: Prose | None = None

    @model_validator(mode="after")
    def _does_something(self) -> "Throughput":
        if not Fraction(self.output_per_s):
            raise ValueError("output_per_s is 0: such a server does nothing")
        return self

    @property
    def output_speed(self) -> Fraction:
        """Output tokens in a second."""
        return Fraction(self.output_per_s)

    @property
    def input_speed(self) -> Fraction:
        """Input tokens in a second, beside that output."""
        return self.output_speed * self.input_tokens / self.output_tokens

    @property
    def text(self) -> str:
        """``1245 output tokens/s at 8192 in / 2048 out, 32 at once (third party: Lambda, 2026-11-22)``."""
        at_once = f", {self.concurrent} at once" if self.concurrent else ""
        mix = f"{self.input_tokens} in / {self.output_tokens} out"
        return f"{self.output_per_s} output tokens/s at {mix}{at_once} ({self.word}: {self.by}, {self.date})"


@cache
def shipped() -> tuple[Throughput, ...]:
    """The figures that Tollbook ships; a vendor's that says neither how many GPUs nor what mix is not among them."""
    document, repeats = parse_yaml(_SHIPPED.read_text(encoding="utf-8"))
    assert not repeats, repeats
    return TypeAdapter(tuple[Throughput, ...]).validate_python(document)
