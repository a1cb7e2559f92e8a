"""A launch plan: a budget for traffic that has no history yet, as a document that a person writes, saves and sends.

Users times adoption times sessions times tasks times steps times attempts times tokens, each as low, likely and high.
``read_launch_plan`` names every mistake; ``inputs_of`` lists every input by its name.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from planning.guess import SHARE, Bounds, Guess
from planning.scenario import Mistake
from pricing.card_fields import Day, Part, Prose, Seller, Text
from pricing.errors import PricingError
from pricing.money import parse_signed_amount
from pricing.plain_mistakes import plain_message, plain_place

MOST_DAYS = 731
KINDS = ("short_text", "long_context", "image", "video", "tool_call", "json_schema", "failure")
"""Kinds of call that the records can be told apart by; a plan may have others, by a tag of the log."""
STANDARD = "standard"
HOURS = 24
MOST_NOISE = 2.0
"""Of more, nearly every day would cost nothing, and a few all of it."""
NEAR = 0.001
"""Shares that should be one together may miss it by this."""

_WORDS = {"extra_forbidden": "there is no such field", "missing": "it is missing"}


def _amount(value: object) -> object:
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    try:
        amount = parse_signed_amount(str(text))
    except ValueError:
        raise ValueError(f'{value} is no amount; write it as in "25000.50"') from None
    if amount <= 0:
        raise ValueError(f"{value} is no budget: it has to be above 0")
    return text


Amount = Annotated[str, BeforeValidator(_amount)]
"""Money as a decimal."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+( [A-Za-z0-9_-]+)*$")]
"""Of a kind of task, or of a tier: words without points, for an input is named by them."""
PlanDay = Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)]
"""A day of the plan, the first 1."""


class Point(Part):
    """The share of users who are active on one day."""

    day: PlanDay
    share: Guess


class Points(Part):
    """Adoption through points: a straight line between them, level before the first and after the last."""

    curve: Literal["points"] = "points"
    points: Annotated[tuple[Point, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> "Points":
        days = [point.day for point in self.points]
        if days != sorted(set(days)):
            raise ValueError("write the points in the order of their days, each day once")
        return self


class Logistic(Part):
    """Adoption that grows slowly, then fast, then slowly towards a ceiling."""

    curve: Literal["logistic"] = "logistic"
    ceiling: Guess = Field(description="The share of users who are active on a day in the end.")
    half_way: Guess = Field(description="The day on which half of that is reached.")
    growth_days: Guess = Field(description="Days from 10% to 90% of it.")


Adoption = Annotated[Points | Logistic, Field(discriminator="curve")]


class Kind(Part):
    """Tasks of one kind. Tokens, images and videos are those of one step: one call."""

    share: Guess = Field(description="Of all tasks.")
    steps: Guess = Guess(likely=1)
    input_tokens: Guess = Field(description="Of text, cached or not; those of images and videos come on top.")
    output_tokens: Guess
    cache_share: Guess = Field(Guess(likely=0), description="Of the text's input tokens, how many the cache answers.")
    retries: Guess = Field(Guess(likely=0), description="Billed attempts beyond the first, per step.")
    images: Guess = Guess(likely=0)
    image_tokens: Guess = Guess(likely=0)
    videos: Guess = Guess(likely=0)
    video_tokens: Guess = Guess(likely=0)
    charged: Guess = Field(Guess(likely=1), description="Share of these calls that the seller charges.")
    length_spread: Annotated[float, Field(ge=0, le=4)] | None = Field(
        None, description="How much lengths differ from call to call: the standard deviation of their logarithms."
    )


class Effort(Part):
    """One tier of effort: how many calls ask for it, and their tokens as a factor of those of the kinds."""

    share: Guess
    output: Guess = Guess(likely=1)
    input: Guess = Guess(likely=1)


class Route(Part):
    """Where calls go."""

    seller: Seller
    model: Text
    tier: Text = STANDARD
    region: Text | None = None
    share: Guess = Guess(likely=1)


class Escalation(Part):
    """The share of calls that another, larger model answers in place of the routes."""

    share: Guess
    seller: Seller
    model: Text
    tier: Text = STANDARD
    region: Text | None = None
    input: Guess = Field(Guess(likely=1), description="Its input tokens, as a factor of the routes'.")
    output: Guess = Guess(likely=1)


class Traffic(Part):
    """Which calls in the warehouse are like the launch's, or are the launch's. What is absent is all."""

    seller: Text | None = None
    model: Text | None = None
    team: Text | None = None
    application: Text | None = None
    project: Text | None = None
    environment: Text | None = None


class LaunchPlan(Part):
    """A launch and what it may cost."""

    name: Text
    note: Prose | None = None
    start: Day
    days: PlanDay = 90
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    budget: Amount | None = Field(None, description="For all days of the plan together.")
    seed: Annotated[int, Field(ge=0, lt=1 << 53, strict=True)] = 1
    measured_from: Traffic = Field(Traffic(), description="The calls that measured inputs are read from.")
    measured_days: Annotated[int, Field(ge=1, le=366, strict=True)] = 28
    launched: Traffic | None = Field(None, description="The launch's own calls, for actual against plan.")
    users: Guess
    adoption: Adoption
    sessions: Guess = Field(description="Per active user and day.")
    tasks: Guess = Field(description="Per session.")
    weekend: Guess = Field(Guess(likely=1), description="Tasks of a Saturday or Sunday, as a factor of other days'.")
    day_noise: Guess = Field(Guess(likely=0), description="How much days differ beside that: 0.2 for about a fifth.")
    hours: tuple[Annotated[float, Field(ge=0)], ...] | None = Field(
        None, description="Weights of the 24 hours of a day; absent: all alike. Only rates with hours ask for it."
    )
    kinds: Annotated[dict[Name, Kind], Field(min_length=1)]
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    effort: dict[Name, Effort] = {}
    escalation: Escalation | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> "LaunchPlan":
        _check_whole("kinds", [kind.share for kind in self.kinds.values()])
        _check_whole("routes", [route.share for route in self.routes])
        _check_whole("effort", [tier.share for tier in self.effort.values()])
        if self.hours is not None and (len(self.hours) != HOURS or not sum(self.hours)):
            raise ValueError("hours: write 24 weights, not all of them 0")
        return self

    @property
    def last(self) -> date:
        """The last day of the plan."""
        return self.start + timedelta(days=self.days - 1)

    @property
    def budget_pico(self) -> int | None:
        """The budget in pico-units."""
        return None if self.budget is None else parse_signed_amount(self.budget)


class Input(NamedTuple):
    """One uncertain input: its name is its place in the document."""

    name: str
    guess: Guess
    bounds: Bounds


class PlanError(PricingError):
    """A plan that cannot be used: every mistake in ``mistakes``, or what the rates or the records do not allow."""

    def __init__(self, mistakes: "list[Mistake] | str") -> None:
        self.mistakes = [Mistake((), mistakes)] if isinstance(mistakes, str) else mistakes
        super().__init__("\n".join(map(str, self.mistakes)))


def read_launch_plan(document: object) -> LaunchPlan:
    """The plan that a mapping says; raises PlanError with every mistake."""
    if not isinstance(document, Mapping):
        raise PlanError("a launch plan is a mapping with name, start, users, adoption, kinds, routes and the rest")
    try:
        plan = LaunchPlan.model_validate(json.loads(json.dumps(dict(document), default=str)))
    except ValidationError as invalid:
        raise PlanError([_mistake(error) for error in invalid.errors()]) from None
    mistakes = [mistake for each in inputs_of(plan) if (mistake := _out_of_bounds(each))]
    if mistakes:
        raise PlanError(mistakes)
    return plan


def write_launch_plan(plan: LaunchPlan) -> dict[str, Any]:
    """The mapping that says it; what it leaves out is as without it, and a plain number is a plain number."""
    document = plan.model_dump(mode="json", exclude_defaults=True)
    document["adoption"] = {"curve": plan.adoption.curve, **document["adoption"]}
    return {"name": plan.name, **_plain(document)}


def inputs_of(plan: LaunchPlan) -> tuple[Input, ...]:
    """Every uncertain input of a plan, in the document's order; all points of adoption are one."""
    return tuple(_inputs(plan))


def _inputs(plan: LaunchPlan) -> Iterator[Input]:
    yield Input("users", plan.users, Bounds())
    if isinstance(plan.adoption, Points):
        for point in plan.adoption.points:
            yield Input(f"adoption.day {point.day}", point.share, SHARE)
    else:
        yield Input("adoption.ceiling", plan.adoption.ceiling, SHARE)
        yield Input("adoption.half_way", plan.adoption.half_way, Bounds())
        yield Input("adoption.growth_days", plan.adoption.growth_days, Bounds(0.5))
    for name in ("sessions", "tasks", "weekend"):
        yield Input(name, getattr(plan, name), Bounds())
    yield Input("day_noise", plan.day_noise, Bounds(0.0, MOST_NOISE))
    for name, kind in plan.kinds.items():
        yield from _of_part(f"kinds.{name}", kind)
    for number, route in enumerate(plan.routes, 1):
        if len(plan.routes) > 1:
            yield Input(f"routes.{number}.share", route.share, SHARE)
    for name, tier in plan.effort.items():
        yield from _of_part(f"effort.{name}", tier)
    if plan.escalation is not None:
        yield from _of_part("escalation", plan.escalation)


def _of_part(place: str, part: Part) -> Iterator[Input]:
    """The guesses of a part, with what is possible for each."""
    for field in type(part).model_fields:
        guess = getattr(part, field)
        if isinstance(guess, Guess):
            yield Input(f"{place}.{field}", guess, _BOUNDS.get(field, Bounds()))


_BOUNDS = {"share": SHARE, "cache_share": SHARE, "charged": SHARE, "steps": Bounds(1.0)}


def _check_whole(name: str, shares: list[Guess]) -> None:
    """Raise ValueError where the likely shares are not the whole; one that is open is not known yet."""
    if not shares or any(share.is_open for share in shares):
        return
    whole = sum(share.span.likely for share in shares)
    if abs(whole - 1) > NEAR:
        raise ValueError(f"{name}: the likely shares add up to {whole:g}, and have to add up to 1")


def _out_of_bounds(each: Input) -> Mistake | None:
    if each.guess.is_open:
        return None
    span, (least, most) = each.guess.span, each.bounds
    if span.low >= least and span.high <= most:
        return None
    wanted = f"from {least:g} to {most:g}" if most < float("inf") else f"at least {least:g}"
    return Mistake(tuple(each.name.split(".")), f"it has to be {wanted}")


def _plain(value: Any) -> Any:
    """Guesses without spread, note or source as plain numbers; open ones as the word measured."""
    if isinstance(value, dict):
        if set(value) == {"likely"}:
            return _plain(value["likely"])
        if value == {"source": "measured"}:
            return "measured"
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _mistake(error: ErrorDetails) -> Mistake:
    # Of the adoption, pydantic names the curve before its field.
    place = tuple(
        part for number, part in enumerate(plain_place(error)) if not (number == 1 and error["loc"][0] == "adoption")
    )
    return Mistake(place, _WORDS.get(error["type"]) or plain_message(error))
