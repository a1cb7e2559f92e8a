"""The options of ``tollbook capacity``."""

from typing import Annotated

import typer

MOST_A_DAY = 10_000_000
"""Calls a day beyond which nothing is drawn."""
Text = str | None
Seller = Annotated[Text, typer.Option(metavar="NAME", help="Whose limits. [default: of the model with most calls]")]
Model = Annotated[Text, typer.Option(metavar="NAME", help="Its model, or part of it.")]
Tier = Annotated[Text, typer.Option(metavar="NAME", help="Only this tier.")]
Rpm = Annotated[
    int | None, typer.Option(min=1, metavar="COUNT", help="Requests a minute, in place of the cards' limits.")
]
Tpm = Annotated[int | None, typer.Option(min=1, metavar="COUNT", help="Tokens a minute, likewise.")]
Concurrency = Annotated[int | None, typer.Option(min=1, metavar="COUNT", help="Requests at the same time, likewise.")]
TrafficSeller = Annotated[Text, typer.Option(metavar="NAME", help="Another seller's calls against these limits.")]
TrafficModel = Annotated[Text, typer.Option(metavar="NAME", help="Another model's calls, likewise.")]
TrafficClass = Annotated[
    Text, typer.Option("--class", metavar="CLASS", help="No own calls: steady, chat, agent or code.")
]
CallsPerDay = Annotated[
    float | None, typer.Option(min=1, max=MOST_A_DAY, metavar="COUNT", help="At this rate, not as they came.")
]
Hours = Annotated[
    float, typer.Option(min=1, max=24, metavar="HOURS", help="Of the day, in which a class's calls come.")
]
InputTokens = Annotated[float | None, typer.Option(min=1, metavar="COUNT", help="Of a call, in the mean; cached too.")]
OutputTokens = Annotated[float | None, typer.Option(min=0, metavar="COUNT", help="Of a call, in the mean.")]
CachedTokens = Annotated[float, typer.Option(min=0, metavar="COUNT", help="Of the input tokens.")]
Seconds = Annotated[
    float | None, typer.Option(min=0.001, metavar="SECONDS", help="How long a call takes, for concurrency.")
]
Plan = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|NAME",
        help="A launch plan, a file or a saved one: calls of its busiest day (P90), tokens per call.",
    ),
]
Since = Annotated[Text, typer.Option(metavar="DAY", help="First day of the calls, as in 2026-11-01.")]
Until = Annotated[Text, typer.Option(metavar="DAY", help="Last day; it counts.")]
Where = Annotated[list[str] | None, typer.Option(metavar="DIMENSION=VALUE", help="Only these calls; may be repeated.")]
Within = Annotated[
    float, typer.Option("--within", min=0, max=100, metavar="PERCENT", help="A tier holds with at most so many over.")
]
