"""What the commands that write reports share: options, and reading what was typed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.session import UserMistake

PeriodText = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="PERIOD",
        help="2026-10, 2026-Q4, 2026, or days as in 2026-10-01..2026-10-15. [default: the last whole month]",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="DIMENSION=VALUE", help="Only this traffic; repeat it for more."),
]
Into = Annotated[
    str | None,
    typer.Option(
        "--in",
        metavar="CODE",
        help="Show figures in this currency, as in EUR, each day at its rate; native: as priced.",
    ),
]
Folder = Annotated[Path, typer.Option("--to", metavar="DIR", help="Where the files go.")]
HERE = Path()


def formats_of(text: str, known: Sequence[str]) -> list[str]:
    """The formats that ``--format`` names, each once; raises UserMistake naming those there are."""
    wanted = list(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    for name in wanted:
        if name not in known:
            raise UserMistake(f"--format: there is no {name!r}; there are {', '.join(known)}")
    if not wanted:
        raise UserMistake(f"--format: give one or more of {', '.join(known)}, with commas between them")
    return wanted
