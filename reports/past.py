"""The past half of a report: everything that happened, read once from the warehouse and from what people entered."""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from reports.asked import Asked
from reports.readings.change import Change, read_changes
from reports.readings.charges import Charges, read_charges
from reports.readings.four import FourCosts, read_four
from reports.readings.grounds import Grounds, read_grounds
from reports.readings.into import Into, read_into
from reports.readings.months import Month, read_months
from reports.readings.periods import Days, compared
from reports.readings.spend import Spend, Spent, read_spend
from reports.readings.task_groups import Tasks, read_tasks
from warehouse.charges import list_charges
from warehouse.connection import Reader
from warehouse.cost import cost_by
from warehouse.demo import DemoState, demo_state
from warehouse.invoices import list_invoices
from warehouse.locks import Tell
from warehouse.outcomes import list_outcomes, outcomes_beside
from warehouse.overview import read_models
from warehouse.recurring import billing_day
from warehouse.traffic import traffic_span, zone_of


class Compared(NamedTuple):
    """Two stretches of days that can be compared, what calls cost on each, and why that differs."""

    days: Days
    before: Days
    spent: tuple[Spent, ...]
    spent_before: tuple[Spent, ...]
    changes: tuple[Change, ...]


class Past(NamedTuple):
    """Values only: the document is built from them without asking anything more."""

    now: datetime
    today: date
    """The billing day of the present."""
    zone: str
    """The billing zone, whose midnights begin the days."""
    begins: date | None
    """The first billing day with a call."""
    through: date | None
    """The billing day of the newest call."""
    demo: DemoState
    models: tuple[str, ...]
    """Of the warehouse, in the order in which they first appeared."""
    into: Into | None
    spend: Spend
    compared: Compared
    tasks: Tasks | None
    """None: the scope is by something that tasks cannot be narrowed by."""
    charges: Charges
    grounds: Grounds
    months: tuple[Month, ...]
    four: FourCosts


def read_past(reader: Reader, root: Path, asked: Asked, now: datetime, *, tell: Tell) -> Past:
    """Read it all in one borrowed connection; raises WarehouseError."""
    charges, period, scope = list_charges(root, tell=tell), Days(asked.first, asked.last), asked.scope
    today = billing_day(now, zone_of(reader))
    span = traffic_span(reader, today)
    currencies = [row.currency for row in cost_by(reader, ())] + [charge.currency for charge in charges]
    into = read_into(root, asked.currency, currencies, tell=tell)
    tell("adding up what calls cost")
    spend = read_spend(reader, period, scope, into)
    between = _compared(reader, asked, spend, span.begun, into)
    tell("what a task costs")
    tasks = read_tasks(reader, scope, outcomes_beside(reader, list_outcomes(root, tell=tell)))
    tell("rates, coverage and what is not known")
    return Past(
        now=now,
        today=today,
        zone=span.zone,
        begins=span.first,
        through=span.begun,
        demo=demo_state(reader),
        models=tuple(read_models(reader)),
        into=into,
        spend=spend,
        compared=between,
        tasks=tasks,
        charges=read_charges(charges, scope, today, into),
        grounds=read_grounds(reader, root, period, scope),
        months=read_months(reader, root, period, charges, today, tell=tell),
        four=read_four(reader, list_invoices(root, tell=tell), scope),
    )


def _compared(reader: Reader, asked: Asked, spend: Spend, through: date | None, into: Into | None) -> Compared:
    days, before = compared(Days(asked.first, asked.last), through)
    spent, spent_before = spend.daily(days, into), spend.daily(before, into)
    currencies = dict.fromkeys(each.currency for each in (*spent, *spent_before) if each.currency)
    return Compared(days, before, spent, spent_before, read_changes(reader, asked.scope, days, before, currencies))
