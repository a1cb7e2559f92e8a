"""What a tier allows at most: calls a minute, what they cost, which limit can never be met, and which calls fit."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from planning.capacity import Caps, Kind

MINUTES_A_DAY = 24 * 60
DAYS_A_MONTH = 30


class Spend(NamedTuple):
    """What a limit lets one spend, in pico-units: an upper bound of any bill while it holds."""

    per_minute: Fraction
    per_day: Fraction
    per_month: Fraction
    """Of 30 days."""


class Pace(NamedTuple):
    """How many calls of a mean size begin in a minute when a tier is used to the full."""

    per_minute: Fraction
    kind: Kind
    """The limit that says so."""


def most_calls(caps: Caps, tokens: Fraction | None, duration_us: Fraction | None) -> Pace | None:
    """The calls that all limits together allow; None where no limit is known that says anything of such calls."""
    found = []
    if caps.rpm is not None:
        found.append(Pace(Fraction(caps.rpm), "rpm"))
    if caps.tpm is not None and tokens:
        found.append(Pace(caps.tpm / tokens, "tpm"))
    if caps.concurrency is not None and duration_us:
        found.append(Pace(caps.concurrency * Fraction(60_000_000) / duration_us, "concurrency"))
    return min(found, default=None)


def spend_at(pace: Fraction, pico: Fraction) -> Spend:
    """What so many calls a minute cost, at so much a call, all day long."""
    per_minute = pace * pico
    return Spend(per_minute, per_minute * MINUTES_A_DAY, per_minute * MINUTES_A_DAY * DAYS_A_MONTH)


def tpm_never_binds(caps: Caps, context_tokens: int | None) -> bool:
    """Whether even the longest calls, as many as are allowed, are fewer tokens than a minute may have."""
    if caps.rpm is None or caps.tpm is None or context_tokens is None:
        return False
    return caps.rpm * context_tokens <= caps.tpm


class Longest(NamedTuple):
    """The dearest call that a model takes."""

    input_tokens: int
    output_tokens: int
    pico: int


def dearest_call(
    context_tokens: int, max_output_tokens: int | None, rates: Sequence[tuple[int, int, int]]
) -> Longest | None:
    """The dearest split of the context into input and output.

    ``rates`` are (the least input at which they hold, pico-units of an input token, of an output token). Cost is linear
    between those steps, so that the dearest is at one of their ends.
    """
    most = context_tokens if max_output_tokens is None else min(max_output_tokens, context_tokens)
    steps = sorted(rates)
    ends = [step[0] for step in steps[1:]] + [context_tokens + 1]
    found = []
    for (least, of_input, of_output), end in zip(steps, ends, strict=True):
        # Input alone costs at its most; with an answer as long as it may be, what is left goes to the input.
        for size in {least, end - 1, context_tokens - most}:
            if least <= size < end and size <= context_tokens:
                answer = min(most, context_tokens - size)
                found.append(Longest(size, answer, size * of_input + answer * of_output))
    return max(found, key=lambda call: call.pico, default=None)
