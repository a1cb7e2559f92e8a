"""The past half of a report: everything that happened, read once from the warehouse and from what people entered."""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from reports.asked import Asked
from reports.readings.into import Into, read_into
from reports.readings.periods import Days, compared
from reports.readings.spend import Spend, Spent, read_spend
from warehouse.charges import list_charges
from warehouse.connection import Reader
from warehouse.cost import Coverage, cost_by, coverage_of
from warehouse.demo import DemoState, demo_state
from warehouse.locks import Tell
from warehouse.overview import read_models
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of


class Past(NamedTuple):
    """Values only: the document is built from them without asking anything more."""

    now: datetime
    zone: str
    """The billing zone, whose midnights begin the days."""
    through: date | None
    """The billing day of the newest call."""
    demo: DemoState
    models: tuple[str, ...]
    """Of the warehouse, in the order in which they first appeared."""
    into: Into | None
    spend: Spend
    coverage: Coverage

    def beside(self, asked: Asked) -> "Beside":
        """What the period is compared with."""
        period, before = compared(Days(asked.first, asked.last), self.through)
        return Beside(period, before, self.spend.daily(period, self.into), self.spend.daily(before, self.into))


class Beside(NamedTuple):
    """Two stretches of days that can be compared, and what calls cost on each, by currency."""

    days: Days
    days_before: Days
    now: tuple[Spent, ...]
    before: tuple[Spent, ...]


def read_past(reader: Reader, root: Path, asked: Asked, now: datetime, *, tell: Tell) -> Past:
    """Read it all in one borrowed connection; raises WarehouseError."""
    zone, coverage = zone_of(reader), coverage_of(reader, asked.scope)
    charges = list_charges(root, tell=tell)
    currencies = [row.currency for row in cost_by(reader, ())] + [charge.currency for charge in charges]
    into = read_into(root, asked.currency, currencies, tell=tell)
    tell("adding up what calls cost")
    return Past(
        now=now,
        zone=zone,
        through=billing_day(coverage.data_through, zone) if coverage.data_through else None,
        demo=demo_state(reader),
        models=tuple(read_models(reader)),
        into=into,
        spend=read_spend(reader, Days(asked.first, asked.last), asked.scope, into),
        coverage=coverage,
    )
