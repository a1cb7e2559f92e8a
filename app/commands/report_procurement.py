"""``tollbook report procurement``: what was spent, at which rates, and what may come, as files that people sign."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.entered import AsJson
from app.commands.report_options import HERE, Folder, Into, Only, PeriodText, formats_of
from app.session import print_json, session_of

if TYPE_CHECKING:
    from app.report_asked import Question
    from app.reporting import Written

KNOWN = "pdf, xlsx, html"


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
        str, typer.Option("--format", metavar="FORMATS", help=f"Some of {KNOWN}, with commas between.")
    ] = "pdf",
    to: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """The report that procurement signs: spend, tasks, rates, coverage, what may come.

    The same figures in each format. The workbook's totals move when a rate in
    it is changed. On the same data, cards and present, the same bytes again.
    """
    from app.report_asked import Wanted, asked_of
    from app.reporting import make_report, write_files
    from reports.formats import FORMATS, PREVIEW

    session = session_of(context)
    forms = formats_of(form, (*FORMATS, PREVIEW))
    found = asked_of(session, Wanted(period, where or (), into, scenario or (), launch))
    report = make_report(
        session.warehouse,
        found.asked,
        found.now,
        tell=session.tell,
        step=session.tell,
        with_workings="xlsx" in forms,
    )
    stem = f"tollbook-procurement-{found.period.in_file_names}"
    files = write_files(report, stem, forms, to, step=session.tell)
    if as_json:
        print_json(_as_object(found, report.document.title, files))
    else:
        for file in files:
            typer.echo(file.path)


def _as_object(found: "Question", title: str, files: "list[Written]") -> dict[str, object]:
    asked = found.asked
    return {
        "title": title,
        "period": {"name": asked.name, "first": str(asked.first), "last": str(asked.last)},
        "currency": asked.currency,
        "scenarios": list(asked.scenarios),
        "launch": asked.launch,
        "made_at": f"{found.now.isoformat(timespec='seconds')}Z",
        "files": [{"path": str(file.path), "bytes": file.size, "sha256": file.digest} for file in files],
    }
