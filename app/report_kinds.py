"""What the Reports page can make, and the command that makes it: the page knows no more than a person would type."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from app.periods import Period, month_of, period_of
from warehouse.scope import Scope


class Kind(NamedTuple):
    """One kind of report."""

    title: str
    noun: str
    about: str
    """What it is, in a sentence."""
    command: tuple[str, ...]
    formats: tuple[str, ...]
    usual: tuple[str, ...]
    """The formats that are chosen unless somebody chooses others."""
    monthly: bool = False
    """It is of one month, not of any period."""
    scoped: bool = True
    """It can be narrowed to sellers, models and teams."""
    converted: bool = False
    """Its figures can be shown in one currency."""
    planned: bool = False
    """Scenarios and a launch plan can be in it."""


KINDS = {
    "procurement": Kind(
        "Procurement",
        "the procurement report",
        "What was spent, on what, at which rates, what is not known, and what may come: a report to sign.",
        ("report", "procurement"),
        ("pdf", "xlsx", "html"),
        ("pdf",),
        converted=True,
        planned=True,
    ),
    "chargeback": Kind(
        "Chargeback",
        "the chargeback",
        "What each team pays for a month: its own cost, and its share of what belongs to no team.",
        ("report", "chargeback"),
        ("pdf", "xlsx", "html", "csv"),
        ("pdf", "csv"),
        monthly=True,
        scoped=False,
        converted=True,
    ),
    "focus": Kind(
        "FOCUS",
        "the FOCUS export",
        "What was billed as FOCUS 1.2, the format that tools for cloud cost read.",
        ("export", "focus"),
        ("parquet", "csv"),
        ("parquet",),
    ),
    "feeds": Kind(
        "Feeds",
        "the feeds",
        "Extracts for other systems, with a description of every column.",
        ("export", "feed"),
        ("parquet", "csv"),
        ("parquet",),
    ),
}


class Wanted(NamedTuple):
    """What a person chose on the page."""

    kind: str
    period: str
    scope: Scope
    formats: tuple[str, ...]
    currency: str | None = None
    """None: as priced."""
    scenarios: tuple[str, ...] = ()
    launch: str | None = None
    rule: str | None = None
    """How shared cost is divided. None: as the settings say."""
    team: str | None = None
    feeds: tuple[str, ...] = ()


def arguments_of(wanted: Wanted) -> list[str]:
    """The command line, without the warehouse and where files go."""
    kind = KINDS[wanted.kind]
    found = [*kind.command, *wanted.feeds, f"--{'month' if kind.monthly else 'period'}={wanted.period}"]
    if kind.scoped:
        found += [f"--where={name}={value}" for name, values in wanted.scope.values for value in values]
    if kind.converted and wanted.currency:
        found.append(f"--in={wanted.currency}")
    if kind.planned:
        found += [f"--scenario={name}" for name in wanted.scenarios]
        found += [f"--launch={wanted.launch}"] if wanted.launch else []
    said = {"rule": wanted.rule, "team": wanted.team}
    return [
        *found,
        *(f"--{name}={text}" for name, text in said.items() if text),
        f"--format={','.join(wanted.formats)}",
    ]


def schedule_arguments_of(wanted: Wanted) -> list[str]:
    """The command line that has the same written every month, without the warehouse, its name and where files go."""
    kind = {"feeds": "feed"}.get(wanted.kind, wanted.kind)
    alone = ("--period=", "--month=", "--team=")
    options = [each for each in arguments_of(wanted) if each.startswith("--") and not each.startswith(alone)]
    return ["report", "schedule", "add", f"--kind={kind}", *(f"--feed={each}" for each in wanted.feeds), *options]


def periods_between(first: date, last: date) -> list[Period]:
    """Months, quarters and years with a day from the first to the last one, the newest of each first."""
    months: list[Period] = []
    day = last
    while not months or months[-1].first > first:
        months.append(month_of(day))
        day = date.fromordinal(months[-1].first.toordinal() - 1)
    names = [f"{each.first.year}-Q{(each.first.month + 2) // 3}" for each in months]
    years = [str(each.first.year) for each in months]
    return [*months, *(period_of(name) for name in dict.fromkeys([*names, *years]))]


def is_month(period: Period) -> bool:
    """Whether it is one calendar month."""
    return month_of(period.first) == period


def usual_of(periods: Sequence[Period], today: date) -> int:
    """The place of the newest month that is over, else of the first period."""
    months = (place for place, each in enumerate(periods) if is_month(each) and each.last < today)
    return next(months, 0)
