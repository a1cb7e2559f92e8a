"""What ``tollbook ingest`` can be told, apart from what it does with it."""

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[str] | None, typer.Argument(metavar="PATH", help="Files, folders or patterns; - is standard input.")
]
Discover = Annotated[
    bool, typer.Option("--discover", help="Load the sessions of Claude Code and Codex on this machine.")
]
Source = Annotated[str | None, typer.Option(metavar="NAME", help="The source, where the content does not tell it.")]
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="A mapping file: which column is what, for tables no source knows."),
]
Preview = Annotated[
    bool, typer.Option("--preview", help="Show the first 1,000 records as they would be read; load nothing.")
]
Seller = Annotated[str | None, typer.Option(metavar="NAME", help="Who bills, where a record does not say.")]
BaseUrl = Annotated[str | None, typer.Option(metavar="URL", help="The address called, where a record does not say.")]
Time = Annotated[
    str | None, typer.Option(metavar="TIME", help="The start, where a record does not say: ISO 8601 or epoch seconds.")
]
Team = Annotated[str | None, typer.Option(metavar="NAME", help="The team, where a record does not say.")]
Project = Annotated[str | None, typer.Option(metavar="NAME", help="The project, where a record does not say.")]
Tags = Annotated[
    list[str] | None, typer.Option(metavar="KEY=VALUE", help="A tag for every record; repeat it for more.")
]
TaskField = Annotated[str | None, typer.Option(metavar="FIELD", help="Dotted name of the field that holds the task.")]
StepField = Annotated[str | None, typer.Option(metavar="FIELD", help="Dotted name of the field that holds the step.")]
Again = Annotated[bool, typer.Option("--again", help="Read files again that are known; nothing is stored twice.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
