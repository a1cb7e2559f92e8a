"""Feeds, written: what each is made from is gathered once, in one borrowed connection."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.figures import instant
from app.periods import Period
from app.present import present_of, today_of
from app.session import Session, UserMistake
from warehouse.scope import Scope

if TYPE_CHECKING:
    from app.budgets import Stood
    from pricing.charges import Charge
    from reports.feeds.feed import Feed
    from reports.feeds.rows import Basis
    from reports.feeds.write import Written
    from warehouse.connection import Reader
    from warehouse.outcomes import Entered


class Wanted(NamedTuple):
    """Which feeds, of what, as what, and where they go."""

    feeds: "Sequence[Feed]"
    period: Period
    scope: Scope
    """With the period in it."""
    formats: Sequence[str]
    folder: Path


class Made(NamedTuple):
    """One feed that was written."""

    name: str
    rows: int
    cost: dict[str, int]
    """Pico-units by currency; empty for a feed without a cost."""
    files: "tuple[Written, ...]"


class State(NamedTuple):
    """What people entered that the feeds need: read before the calls are."""

    charges: "Sequence[Charge]"
    outcomes: "Sequence[Entered]"


def write_feeds(session: Session, wanted: Wanted) -> list[Made]:
    """Write feeds, one after the other; raises UserMistake, ReportError."""
    from warehouse.charges import list_charges
    from warehouse.connection import open_reader
    from warehouse.outcomes import list_outcomes

    check_scope(wanted.feeds, wanted.scope)
    root, names = session.warehouse, {feed.name for feed in wanted.feeds}
    state = State(
        list_charges(root, tell=session.tell) if "recurring" in names else (),
        list_outcomes(root, tell=session.tell) if "tasks" in names else (),
    )
    budgets = _budgets(session, wanted.period) if "budgets" in names else []
    with open_reader(root, tell=session.tell) as reader:
        basis = _basis(session, reader, wanted.scope, state)._replace(budgets=budgets)
        about = _about(session, reader, wanted)
        return [_write(feed, basis, wanted, about, session) for feed in wanted.feeds]


def check_scope(feeds: "Sequence[Feed]", scope: Scope) -> None:
    """Refuse what a feed cannot be narrowed by; raises UserMistake."""
    for feed in feeds:
        if unknown := sorted(scope.dimensions - {*feed.narrowed_by}):
            known = ", ".join(feed.narrowed_by) or "nothing"
            raise UserMistake(f"--where: the feed {feed.name} is not narrowed by {unknown[0]}; it is by {known}")


def _basis(session: Session, reader: "Reader", scope: Scope, state: State) -> "Basis":
    from reports.feeds.rows import Basis
    from warehouse.outcomes import outcomes_beside

    outcomes = outcomes_beside(reader, state.outcomes)
    return Basis(reader, scope, today_of(session, reader), state.charges, outcomes)


def _write(feed: "Feed", basis: "Basis", wanted: Wanted, about: dict[str, Any], session: Session) -> Made:
    from reports.feeds.rows import read_feed
    from reports.feeds.write import Target, write_feed

    session.tell(f"writing {feed.name}")
    target = Target(wanted.folder, wanted.period.in_file_names, wanted.formats, about)
    written, sums = write_feed(feed, read_feed(feed, basis), target)
    return Made(feed.name, sums.rows, sums.totals, tuple(written))


def _about(session: Session, reader: "Reader", wanted: Wanted) -> dict[str, Any]:
    """What the descriptions say of all feeds alike."""
    from warehouse.cost import coverage_of
    from warehouse.demo import demo_state
    from warehouse.traffic import zone_of

    known = coverage_of(reader, wanted.scope)
    period = wanted.period
    return {
        "period": {"name": period.name, "first": str(period.first), "last": str(period.last)},
        "narrowed_to": {name: list(values) for name, values in wanted.scope.values},
        "billing_zone": zone_of(reader),
        "data_through": instant(known.data_through),
        "calls": known.requests,
        "calls_of_unknown_cost": known.unpriced,
        "demo_data": demo_state(reader).demo_files > 0,
        "made_at": instant(present_of(session, reader)),
    }


def _budgets(session: Session, period: Period) -> list[tuple[Any, ...]]:
    """Every period of every budget that shares a day with the one asked for."""
    from app.budgets import Known, read_beside, read_budgets
    from warehouse.budgets import list_budgets
    from warehouse.connection import open_reader

    entries = list_budgets(session.warehouse, tell=session.tell)
    if not entries:
        return []
    beside = read_beside(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = read_budgets(reader, Known(tuple(entries), beside, today_of(session, reader)))
    rows = [row for stood in sorted(found.stood, key=lambda each: each.entry.number) for row in budget_rows(stood)]
    return [row for row in rows if row[4] <= period.last and (row[5] is None or row[5] >= period.first)]


def budget_rows(stood: "Stood") -> list[tuple[Any, ...]]:
    """A budget's periods, the oldest first, as the feed of budgets has them."""
    place = stood.standing
    budget = place.budget
    scope = json.dumps({name: list(values) for name, values in budget.scope}, ensure_ascii=False)

    def row(first: date, last: date | None, *rest: object) -> tuple[Any, ...]:
        newest, *figures = rest
        return (stood.entry.number, budget.name, budget.owner, scope, first, last, newest, budget.currency, *figures)

    unknown = (None, None, None, None, None)
    rows = [
        row(*each.span, False, each.amount, each.carried, each.spent, each.left, "ended", *unknown)
        for each in place.before
    ]
    band = (place.projected.median, place.projected.low, place.projected.high) if place.projected else (None,) * 3
    now = (place.amount, place.carried, place.spent, place.left, place.state)
    return [*rows, row(*place.span, True, *now, *band, place.probability, stood.unpriced)]
