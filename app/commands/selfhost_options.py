"""The options of ``tollbook selfhost``: servers, what they cost, and one's own throughput."""

from typing import Annotated, NamedTuple

import typer

WORDS = ("measured", "third party", "claim", "guess")
SIZES = ("peak", "mean")
DIMENSIONS = ("seller", "team", "org", "region")

Model = Annotated[str | None, typer.Argument(metavar="[MODEL]", help="Whose calls. [default: the model with most]")]
Servers = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A throughput that is known, as in 8xH100; or measured. [default: all]"),
]
GpuHour = Annotated[str | None, typer.Option(metavar="PRICE", help="Of one GPU for one reserved hour, as in 2.50.")]
Licence = Annotated[str | None, typer.Option(metavar="AMOUNT", help="Of one GPU for a year.")]
Staff = Annotated[str | None, typer.Option(metavar="AMOUNT", help="The people who run it, in a month.")]
Currency = Annotated[str, typer.Option(metavar="CODE", help="Of these amounts.")]
Utilisation = Annotated[
    str | None,
    typer.Option(metavar="SHARE", help="Of the throughput, counted on in the hour sized for. [default: 0.7, a guess]"),
]
InputWeight = Annotated[
    str | None,
    typer.Option(metavar="NUMBER", help="Output tokens' work that an input token is. [default: both ends]"),
]
SizeFor = Annotated[str, typer.Option(metavar="HOUR", help="peak or mean: the hour that is to fit.")]
OutputSpeed = Annotated[
    str | None,
    typer.Option("--throughput", metavar="NUMBER", help="Your own figure: output tokens/s of one server in all."),
]
Mix = Annotated[
    str | None, typer.Option(metavar="IN/OUT", help="The tokens of a call at which it was taken, as in 8192/2048.")
]
Gpu = Annotated[str | None, typer.Option(metavar="NAME", help="The kind of GPU of such a server.")]
Gpus = Annotated[int | None, typer.Option(metavar="NUMBER", help="How many GPUs such a server has.")]
Word = Annotated[str | None, typer.Option(metavar="WORD", help=f"On whose word: {', '.join(WORDS)}. [default: guess]")]
Since = Annotated[str | None, typer.Option(metavar="DAY", help="First day of the traffic.")]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts.")]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="DIMENSION=VALUE", help=f"Only this: {', '.join(DIMENSIONS)}; may be repeated."),
]
OPTIONS = {
    "gpu_hour": "--gpu-hour",
    "licence_gpu_year": "--licence",
    "staff_month": "--staff",
    "utilisation": "--utilisation",
    "input_weight": "--input-weight",
    "output_per_s": "--throughput",
    "input_tokens": "--mix",
    "output_tokens": "--mix",
    "gpu": "--gpu",
    "gpus": "--gpus",
}
"""How the command line calls what may be said of servers."""


class Own(NamedTuple):
    """A throughput as the command line gives it."""

    output_per_s: str | None
    mix: str | None
    gpu: str | None
    gpus: int | None
    word: str | None
