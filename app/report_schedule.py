"""What a schedule of reports says, and the command that writes one of its periods."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from app.periods import Period, day_of, month_of, week_of
from app.session import UserMistake

Every = Literal["month", "week", "day"]
EVERY: tuple[Every, ...] = get_args(Every)
PERIODS: dict[str, Callable[[date], Period]] = {"month": month_of, "week": week_of, "day": day_of}


class Kind(NamedTuple):
    """A kind of report that can be scheduled: the command that writes it, and what may be asked of it."""

    command: tuple[str, ...]
    title: str
    formats: tuple[str, ...]
    usual: str
    """The formats that are written where none are named."""
    options: tuple[str, ...]
    """Of a schedule's own options, those that it takes."""
    every: tuple[Every, ...] = EVERY
    period_option: str = "--period"
    needs_calls: bool = False
    """A period without a call has no such report."""


KINDS: dict[str, Kind] = {
    "procurement": Kind(
        ("report", "procurement"),
        "procurement report",
        ("pdf", "xlsx", "html"),
        "pdf,xlsx,html",
        ("where", "in", "scenario", "launch"),
        needs_calls=True,
    ),
    "chargeback": Kind(
        ("report", "chargeback"),
        "chargeback",
        ("pdf", "xlsx", "html", "csv"),
        "pdf,csv",
        ("in", "rule"),
        every=("month",),
        period_option="--month",
    ),
    "focus": Kind(("export", "focus"), "FOCUS export", ("parquet", "csv"), "parquet", ("where",)),
    "feed": Kind(("export", "feed"), "feeds", ("parquet", "csv"), "parquet", ("where", "feed")),
}
OPTIONS = ("where", "in", "scenario", "launch", "rule", "feed")


class Plan(NamedTuple):
    """What a schedule says."""

    name: str
    kind: str
    every: str
    formats: tuple[str, ...]
    folder: Path
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """By name, in the order of ``OPTIONS``: what the kind's command is asked beside."""

    @property
    def title(self) -> str:
        """What it writes, in words."""
        return KINDS[self.kind].title

    @property
    def only(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The values wanted of some dimensions, as ``Scope`` has them."""
        wanted: dict[str, list[str]] = {}
        for item in dict(self.options).get("where", ()):
            name, _, value = item.partition("=")
            wanted.setdefault(name.strip(), []).append(value)
        return tuple((name, tuple(values)) for name, values in wanted.items())

    def period_at(self, day: date) -> Period:
        """The period that a day is in."""
        return PERIODS[self.every](day)

    def ended(self, first: date, today: date) -> list[Period]:
        """The periods from that of a day on that are over, the oldest first."""
        found = []
        period = self.period_at(first)
        while period.last < today:
            found.append(period)
            period = self.period_at(period.last + timedelta(days=1))
        return found

    def command(self, period: Period, folder: Path) -> list[str]:
        """The command that writes a period into a folder, without the program's name."""
        kind, asked = KINDS[self.kind], dict(self.options)
        feeds = asked.pop("feed", ())
        others = [f"--{name}={value}" for name, values in asked.items() for value in values]
        said = [f"{kind.period_option}={period.name}", f"--format={','.join(self.formats)}", f"--to={folder}"]
        return [*kind.command, *feeds, *said, *others]


def shown_path(path: Path) -> str:
    """A path as seen from the folder that the command runs in, where it is inside of it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def plan_of(document: Mapping[str, Any]) -> Plan:
    """What a kept schedule says."""
    options = tuple((name, tuple(document["options"][name])) for name in OPTIONS if name in document["options"])
    formats, folder = tuple(document["formats"]), Path(document["folder"])
    return Plan(document["name"], document["kind"], document["every"], formats, folder, options)


def document_of(plan: Plan) -> dict[str, Any]:
    """A schedule as it is kept."""
    options = {name: list(values) for name, values in plan.options}
    return plan._asdict() | {"formats": list(plan.formats), "folder": str(plan.folder), "options": options}


def check_plan(plan: Plan, others: Sequence[Plan]) -> None:
    """Refuse what no run could do; raises UserMistake."""
    kind = KINDS[plan.kind]
    if plan.every not in kind.every:
        raise UserMistake(f"--every: a {kind.title} is written every {' or '.join(kind.every)}")
    for name, _ in plan.options:
        if name not in kind.options:
            takes = ", ".join(f"--{each}" for each in kind.options) or "nothing of that sort"
            raise UserMistake(f"--{name}: --kind {plan.kind} takes {takes}")
    if plan.kind == "feed" and "feed" not in dict(plan.options):
        raise UserMistake("--feed: say which feeds; tollbook export feed --list shows them")
    for other in others:
        if (other.kind, other.folder) == (plan.kind, plan.folder) and other.name != plan.name:
            raise UserMistake(
                f"--to: {other.name!r} writes files of the same names into {plan.folder}: take another folder"
            )
