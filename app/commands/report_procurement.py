"""``tollbook report procurement``: what was spent, at which rates, and what may come, as files that people sign."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.entered import AsJson
from app.commands.report_options import HERE, Folder, Into, Only, PeriodText, formats_of
from app.figures import instant
from app.session import print_json, session_of
from reports.formats import FORMATS, PREVIEW

if TYPE_CHECKING:
    from app.reporting import Made


def procurement(
    context: typer.Context,
    period: PeriodText = None,
    where: Only = None,
    into: Into = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A saved scenario; repeat it for more. [default: all saved ones, at most 5]"),
    ] = None,
    launch: Annotated[
        str | None, typer.Option(metavar="NAME", help="A saved launch plan. [default: the newest]")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMATS", help=f"Some of {', '.join(FORMATS)}, with commas between.")
    ] = "pdf",
    to: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """The report that procurement signs: spend, tasks, rates, coverage, what may come.

    The same figures in each format. The workbook's totals move when a rate in
    it is changed. On the same data, cards and present, the same bytes again.
    """
    from app.report_asked import Wanted
    from app.reporting import write_report

    forms = formats_of(form, (*FORMATS, PREVIEW))
    made = write_report(session_of(context), Wanted(period, where or (), into, scenario or (), launch), forms, to)
    if as_json:
        print_json(_as_object(made))
    else:
        for file in made.files:
            typer.echo(file.path)


def _as_object(made: "Made") -> dict[str, object]:
    asked = made.question.asked
    return {
        "title": made.title,
        "period": {"name": asked.name, "first": str(asked.first), "last": str(asked.last)},
        "currency": asked.currency,
        "scenarios": list(asked.scenarios),
        "launch": asked.launch,
        "made_at": instant(made.question.now),
        "files": [{"path": str(file.path), "bytes": file.size, "sha256": file.digest} for file in made.files],
    }
