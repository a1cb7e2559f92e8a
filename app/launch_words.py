"""A launch plan's inputs in a reader's words: what each is called, what it means, and how its figure is written."""

from typing import NamedTuple

from planning.guess import Guess, Span

PERCENT, COUNT = "%", ""
DIGITS = 3
"""Digits that a shortened figure keeps."""
THOUSAND, MILLION, BILLION = 1e3, 1e6, 1e9
DASH = "–"


class Field(NamedTuple):
    """How one kind of input is asked for."""

    label: str
    about: str
    unit: str = COUNT
    step: float = 1.0
    """In the unit."""

    @property
    def scale(self) -> float:
        """What one of the document is in the unit."""
        return 100.0 if self.unit == PERCENT else 1.0

    def text(self, value: float) -> str:
        """A value as people read it: 2.5, 35%, 1.2k, 3.40M."""
        return figure(value * self.scale) + self.unit


FIELDS = {
    "users": Field("Users", "Everyone who may use it.", step=100.0),
    "adoption.ceiling": Field(
        "Active in the end", "Share of the users who are active on a day, once it has grown.", "%"
    ),
    "adoption.half_way": Field("Half-way day", "The day on which half of that is reached."),
    "adoption.growth_days": Field("Days of growth", "From a tenth of that to nine tenths."),
    "adoption": Field("Active users", "The share of the users who are active, on every day of the plan.", "%"),
    "adoption.day": Field("Active", "Share of the users who are active on this day.", "%"),
    "sessions": Field("Sessions", "Of an active user, on a day.", step=0.5),
    "tasks": Field("Tasks", "In a session.", step=0.5),
    "weekend": Field("Weekends", "Tasks of a Saturday or Sunday, in percent of another day's.", "%", 5.0),
    "day_noise": Field(
        "Days differ", "How much one day differs from the next beside all this: 20% is usual.", "%", 5.0
    ),
    "kinds.share": Field("Share of tasks", "The other kinds make room for it.", "%", 5.0),
    "kinds.steps": Field("Steps", "Calls of a task.", step=1.0),
    "kinds.input_tokens": Field(
        "Input tokens", "Of a call, in the mean: cached or not, without images and videos.", step=500.0
    ),
    "kinds.output_tokens": Field("Output tokens", "Of a call, in the mean: reasoning included.", step=50.0),
    "kinds.cache_share": Field("Cached input", "Of the text's input tokens, how many the cache answers.", "%", 5.0),
    "kinds.retries": Field("Retried", "Billed attempts beyond the first, in percent of the calls.", "%"),
    "kinds.images": Field("Images", "Of a call."),
    "kinds.image_tokens": Field("Tokens an image", "The seller's count.", step=50.0),
    "kinds.videos": Field("Videos", "Of a call."),
    "kinds.video_tokens": Field("Tokens a video", "The seller's count.", step=500.0),
    "kinds.charged": Field("Charged", "Share of these calls that the seller charges.", "%", 5.0),
    "routes.share": Field("Share of calls", "The other routes make room for it.", "%", 5.0),
    "effort.share": Field("Share of calls", "The other tiers make room for it.", "%", 5.0),
    "effort.input": Field("Input, times", "Its input tokens, as a factor of those above.", step=0.1),
    "effort.output": Field("Output, times", "Its output tokens, as a factor of those above.", step=0.1),
    "escalation.share": Field("Escalated", "Share of the calls that the larger model answers.", "%"),
    "escalation.input": Field("Input, times", "Its input tokens, as a factor of the routes'.", step=0.1),
    "escalation.output": Field("Output, times", "Its output tokens, as a factor of the routes'.", step=0.1),
}
KINDS = {
    "short_text": "Short text",
    "long_context": "Long context",
    "image": "Image",
    "video": "Video",
    "tool_call": "Tool call",
    "json_schema": "JSON schema",
    "failure": "Failure",
}
"""Kinds of task that every plan knows."""


def field_of(name: str) -> Field:
    """How an input of this name is asked for."""
    head, _, rest = name.partition(".")
    if rest.startswith("day "):
        day = rest.removeprefix("day ")
        return FIELDS["adoption.day"]._replace(label=f"Active on day {day}")
    if head in ("kinds", "routes", "effort"):
        return FIELDS[f"{head}.{rest.rpartition('.')[2]}"]
    return FIELDS[name]


def kind_words(name: str) -> str:
    """A kind of task, to a reader."""
    return KINDS.get(name, name)


def input_words(name: str) -> str:
    """An input in words that tell it from every other one: "Input tokens, long context"."""
    head, _, rest = name.partition(".")
    label = field_of(name).label
    if head == "kinds":
        kind = kind_words(rest.rpartition(".")[0])
        return f"{label}, {kind.lower() if kind in KINDS.values() and not kind.startswith('JSON') else kind}"
    if head == "effort":
        return f"{label}, {rest.rpartition('.')[0]} effort"
    if head == "routes":
        return f"{label}, route {rest.partition('.')[0]}"
    return f"{label}, escalated" if head == "escalation" and rest != "share" else label


def span_words(field: Field, guess: Guess) -> str:
    """Low to high, in few characters: "600 – 2k", "25 – 40%"; a dash where there is no spread."""
    if guess.is_open or not guess.has_spread:
        return "no spread"
    low, _, high = (value * field.scale for value in Span(*guess.span))
    return f"{figure(low)} {DASH} {figure(high)}{field.unit}"


def figure(value: float) -> str:
    """A number in few characters: 0.25, 12.5, 1,200 as 1.2k."""
    for least, unit in ((BILLION, "B"), (MILLION, "M"), (10 * THOUSAND, "k")):
        if value >= least:
            return _digits(value / (THOUSAND if unit == "k" else least)) + unit
    return f"{value:,.0f}" if value >= THOUSAND else _digits(value)


def _digits(value: float) -> str:
    return f"{float(f'{value:.{DIGITS}g}'):,.10g}"
