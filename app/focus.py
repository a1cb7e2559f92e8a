"""The FOCUS export of a warehouse: reads what people entered, and writes the files of a period."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.periods import Period
from app.present import today_of
from app.session import Session, UserMistake

if TYPE_CHECKING:
    from reports.focus.export import Exported
    from warehouse.scope import Scope

FORMATS = ("parquet", "csv")


class Wanted(NamedTuple):
    """What the options ask for."""

    period: Period
    scope: "Scope"
    """Without the period."""
    formats: Sequence[str]
    folder: Path
    sub_account: str = "team"
    tags: Sequence[str] = ("project",)


def write_focus(session: Session, wanted: Wanted) -> "Exported":
    """Write the files of a period.

    Raises UserMistake for a period that has not begun, ReportError where a file cannot be written.
    """
    from reports.asked import Asked
    from reports.focus.asked import FocusAsked
    from reports.focus.export import Entered, Target, export_focus
    from reports.readings.months import read_months
    from reports.readings.periods import Days
    from warehouse.charges import list_charges
    from warehouse.connection import open_reader
    from warehouse.invoices import list_invoices
    from warehouse.traffic import zone_of

    charges = list_charges(session.warehouse, tell=session.tell)
    invoices = list_invoices(session.warehouse, tell=session.tell)
    period = wanted.period
    with open_reader(session.warehouse, tell=session.tell) as reader:
        today = today_of(session, reader)
        if period.first > today:
            raise UserMistake(f"{period.name} has not begun: today is {today}")
        scope = wanted.scope._replace(since=period.first, until=period.last)
        days = Days(period.first, period.last)
        months = read_months(reader, session.warehouse, days, charges, today, tell=session.tell)
        asked = Asked(period.name, period.first, period.last, scope)
        return export_focus(
            reader,
            Entered(charges, invoices, today, months),
            FocusAsked(asked, wanted.sub_account, tuple(wanted.tags), zone_of(reader)),
            Target(wanted.folder, wanted.formats, session.now),
            step=session.tell,
        )
