"""Servers of one's own for traffic as it was: how many GPUs, what they cost in a month, how much of them is used.

A throughput is known at one mix of input and output. To say what it is at another, an input token is taken to be so
many output tokens' work, whatever the length and however many calls there are at once. Without that figure both ends
are reckoned: input that is no work at all, and input that is all the work. Tokens that a seller reads from its cache
are worked through here in full: a cache of one's own is not assumed.
"""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from planning.throughput import Throughput
from pricing.card_fields import Part, Quantity
from pricing.money import PICO

MONTH_HOURS = 730
"""Of a month: a twelfth of 365 days. Reserved GPUs are paid for all of them."""
MTOK = 10**6
HOUR_S = 3600
USUAL_UTILISATION = "0.7"
"""Taken where nobody says one: a guess, and labelled so."""
TRIED = tuple(Fraction(tenth, 10) for tenth in (3, 5, 7, 9, 10))
"""Utilisations that are shown beside the one asked for."""


def _share(value: object) -> object:
    if isinstance(value, str) and value.count(".") <= 1 and value.replace(".", "", 1).isdecimal():
        if 0 < Fraction(value) <= 1:
            return value
    raise ValueError(f"{value} is no share; write a number above 0 and up to 1, as in {USUAL_UTILISATION}")


Size = Literal["peak", "mean"]


class Hosting(Part):
    """What a person says of servers of their own. What is not said is in no figure, and the answer says so."""

    throughput: Throughput
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    gpu_hour: Quantity | None = Field(None, description="Price of one GPU for one reserved hour.")
    licence_gpu_year: Quantity | None = Field(None, description="Licence of one GPU for a year.")
    staff_month: Quantity | None = Field(None, description="What the people cost who run it, in a month.")
    utilisation: Annotated[str, BeforeValidator(_share)] = Field(
        USUAL_UTILISATION, description="Share of the throughput that is counted on in the hour sized for."
    )
    input_weight: Quantity | None = Field(None, description="Output tokens' work that an input token is.")
    sized_for: Size = Field("peak", description="The busiest hour, or the mean one.")

    @property
    def gpu_fixed(self) -> Fraction:
        """Pico-units of one GPU in a month beside its hours."""
        return _pico(self.licence_gpu_year) / 12

    @property
    def gpu_month(self) -> Fraction | None:
        """Pico-units of one GPU in a month, used or not; None: its price is not known."""
        return None if self.gpu_hour is None else _pico(self.gpu_hour) * MONTH_HOURS + self.gpu_fixed

    @property
    def staff(self) -> Fraction:
        """Pico-units in a month, whatever the number of servers."""
        return _pico(self.staff_month)


class Hour(NamedTuple):
    """Traffic of one hour; ``input`` is all of it, cached and written tokens too."""

    at: datetime
    requests: int
    input: int
    output: int


class Traffic(NamedTuple):
    """Traffic as it was, hour by hour."""

    hours: int
    """From the first hour with a call to the last, quiet ones too."""
    busy: tuple[Hour, ...]
    """Those with calls, in order."""
    cached: int
    """Of the input, what the sellers read from their caches."""
    tasks: int | None
    """None: some call names no task."""

    @property
    def requests(self) -> int:
        """All calls."""
        return sum(hour.requests for hour in self.busy)

    @property
    def input(self) -> int:
        """All input tokens."""
        return sum(hour.input for hour in self.busy)

    @property
    def output(self) -> int:
        """All output tokens."""
        return sum(hour.output for hour in self.busy)

    def monthly(self, number: Fraction | int) -> Fraction:
        """So much of the traffic, in a month like it."""
        return Fraction(number) * MONTH_HOURS / self.hours


End = Literal["weighed", "output", "input"]
"""How input counts beside output: as said, not at all, or alone."""


class Case(NamedTuple):
    """The servers that the traffic takes, under one way to count its input; amounts in pico-units, in a month."""

    end: End
    mean: Fraction
    """Servers at work in the mean hour, at the throughput as taken."""
    peak: Fraction
    """The same in the busiest hour."""
    peak_at: datetime
    sized: Fraction
    """Servers that the hour sized for takes at the utilisation, before they are made whole."""
    servers: int
    gpus: int
    cost: Fraction | None
    """None: no price per GPU-hour was given."""

    @property
    def gpu_hours(self) -> int:
        """Reserved, used or not."""
        return self.gpus * MONTH_HOURS

    @property
    def used(self) -> Fraction:
        """Share of the reserved time that is work, at the throughput as taken; above 1: they cannot keep up."""
        return self.mean / self.servers


def cases(traffic: Traffic, hosting: Hosting) -> tuple[Case, ...]:
    """One case where it is said what an input token weighs, or where it does not matter; else both ends."""
    if hosting.input_weight is not None:
        return (case_of(traffic, hosting, "weighed"),)
    ends = tuple(case_of(traffic, hosting, end) for end in ("output", "input"))
    same = ends[0].mean == ends[1].mean and ends[0].peak == ends[1].peak
    return ends[:1] if same else ends


def case_of(traffic: Traffic, hosting: Hosting, end: End) -> Case:
    """The servers under one way to count input."""
    by_hour = [(work(hour.input, hour.output, hosting, end), hour.at) for hour in traffic.busy]
    peak, peak_at = max(by_hour, key=lambda each: each[0])
    seconds = traffic.hours * HOUR_S
    mean, peak = sum((done for done, _ in by_hour), Fraction()) / seconds, peak / HOUR_S
    sized = (peak if hosting.sized_for == "peak" else mean) / Fraction(hosting.utilisation)
    servers = max(1, ceil(sized))
    return Case(end, mean, peak, peak_at, sized, servers, servers * hosting.throughput.gpus, month(hosting, servers))


def work(input_tokens: int, output_tokens: int, hosting: Hosting, end: End) -> Fraction:
    """Seconds that one server takes for so many tokens."""
    speed = hosting.throughput
    if end == "output":
        return output_tokens / speed.output_speed
    if end == "input":
        return input_tokens / speed.input_speed
    weight = Fraction(hosting.input_weight or 0)
    return (output_tokens + weight * input_tokens) / (speed.output_speed + weight * speed.input_speed)


def month(hosting: Hosting, servers: int) -> Fraction | None:
    """Pico-units that so many servers cost in a month, and those who run them; None: no price is known."""
    gpu = hosting.gpu_month
    return None if gpu is None else servers * hosting.throughput.gpus * gpu + hosting.staff


class Unit(NamedTuple):
    """What the month comes to by the piece of our traffic, in pico-units; None: unknown."""

    mtok: Fraction | None
    """A million tokens of our mix, input and output together."""
    thousand_calls: Fraction | None
    task: Fraction | None


def units(cost: Fraction | None, traffic: Traffic) -> Unit:
    """A month's cost by the piece."""
    if cost is None:
        return Unit(None, None, None)
    tokens, calls = traffic.monthly(traffic.input + traffic.output), traffic.monthly(traffic.requests)
    per_task = cost / traffic.monthly(traffic.tasks) if traffic.tasks else None
    return Unit(cost / tokens * MTOK, cost / calls * 1000, per_task)


class Tried(NamedTuple):
    """One utilisation."""

    share: Fraction
    cases: tuple[Case, ...]
    around_the_clock: tuple[Fraction | None, ...]
    """Pico-units of a million tokens of our mix, of a server at work for that share of all its hours; without staff."""


def sensitivity(traffic: Traffic, hosting: Hosting, shares: Sequence[Fraction] = TRIED) -> list[Tried]:
    """The same servers at other utilisations."""
    tried = sorted({*shares, Fraction(hosting.utilisation)})
    found = []
    for share in tried:
        other = hosting.model_copy(update={"utilisation": _decimal(share)})
        held = cases(traffic, other)
        found.append(Tried(share, held, tuple(full_mtok(traffic, hosting, case, share) for case in held)))
    return found


def full_mtok(traffic: Traffic, hosting: Hosting, case: Case, share: Fraction) -> Fraction | None:
    """Pico-units of a million tokens of our mix from servers that work for a share of all their hours."""
    gpu = hosting.gpu_month
    if gpu is None or not case.mean:
        return None
    tokens = Fraction(traffic.input + traffic.output, traffic.hours * HOUR_S) / case.mean
    return hosting.throughput.gpus * gpu / (tokens * share * MONTH_HOURS * HOUR_S) * MTOK


def _decimal(share: Fraction) -> str:
    """A share whose decimals end, as text."""
    return f"{float(share):.12f}".rstrip("0").rstrip(".")


def _pico(amount: str | None) -> Fraction:
    return Fraction(amount or 0) * PICO
