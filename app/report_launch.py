"""What a report says of a launch: one saved plan, drawn again, held against the limits of its sellers."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.capacities import Asked as Wanted
from app.capacities import Capacity, Standing, capacity
from app.capacity_plans import Demand, demands_of
from app.capacity_words import NAMES, needed_text
from app.launch_words import field_of, input_words, kind_words, span_words
from app.launches import Launch, launch_of, stale_note
from app.saved_scenarios import moment
from app.session import UserMistake
from planning.crowd import FEW_CALLS
from planning.guess import Guess
from planning.launch_plan import read_launch_plan
from planning.launch_tornado import ADOPTION, Swing
from planning.traffic_classes import traffic_classes
from reports.asked import Asked
from reports.forward_parts import Input, Launched, Limited, Priced, TierOver
from warehouse.capacity import routes_seen
from warehouse.connection import Reader, open_reader
from warehouse.launch_plans import SavedPlan, get_launch_plan, list_launch_plans
from warehouse.locks import Tell
from warehouse.scope import Scope


def read_launch(root: Path, asked: Asked, now: datetime, *, tell: Tell) -> Launched | None:
    """The named plan, else the one saved last; None where none was saved.

    Raises WarehouseError for a name that nobody saved, PlanError for a plan that cannot be drawn.
    """
    known = list_launch_plans(root, tell=tell)
    if asked.launch:
        saved = get_launch_plan(root, asked.launch, tell=tell)
    elif known:
        saved = max(known, key=lambda each: (each.changed_at, each.number))
    else:
        return None
    launch = launch_of(root, read_launch_plan(saved.document), now, tell=tell)
    return Launched(
        name=saved.name,
        saved=f"Saved by {saved.changed_by}, {moment(saved.changed_at)}.",
        simulation=launch.simulation,
        inputs=tuple(_input(swing) for swing in launch.simulation.tornado),
        priced_by=tuple(Priced(*each) for each in launch.priced_by),
        limits=read_limits(root, launch, now, tell=tell),
        stale=stale_note(saved.figures, launch),
        kind_names={name: kind_words(name) for name in launch.plan.kinds},
        notes=tuple(_notes(launch)),
        left_out=_others(known, saved),
    )


def _others(known: Sequence[SavedPlan], saved: SavedPlan) -> tuple[str, ...]:
    return tuple(each.name for each in known if each.number != saved.number)


def _input(swing: Swing) -> Input:
    low, likely, high = swing.span
    guess = Guess(low=low, likely=likely, high=high, source=swing.source)
    # Its points are low and high together: the span is that of the last one.
    field = field_of("adoption.day 1" if swing.name == ADOPTION else swing.name)
    return Input(input_words(swing.name), span_words(field, guess), swing.source, swing.at_low, swing.at_high)


def _notes(launch: Launch) -> list[str]:
    exchanged = [f"{'/'.join(leg.pair)} of {leg.known}: {leg.source}." for leg in launch.exchanged]
    return [*exchanged, *launch.notes]


def read_limits(root: Path, launch: Launch, now: datetime, *, tell: Tell) -> tuple[Limited, ...]:
    """Each route of the plan on its busiest day against every tier that a card knows."""
    demands = [each for each in demands_of(launch.simulation) if each.calls_per_day > 0]
    with open_reader(root, tell=tell) as reader:
        calls = {(row[0], row[1]): row[2] for row in routes_seen(reader)}
        return tuple(_limited(reader, root, each, calls.get((each.seller, each.model), 0), now) for each in demands)


def _limited(reader: Reader, root: Path, demand: Demand, own: int, now: datetime) -> Limited:
    head = demand.seller, demand.model, demand.calls_per_day
    kind = None if own >= FEW_CALLS else next(iter(traffic_classes()))
    values = (("seller", (demand.seller,)), ("model", (demand.model,)))
    wanted = Wanted(
        demand.seller,
        demand.model,
        None if kind else Scope(values=values),
        kind,
        demand.calls_per_day,
        input_tokens=demand.input_tokens,
        output_tokens=demand.output_tokens,
        cached_tokens=demand.cached_tokens,
        queues=False,
    )
    try:
        found = capacity(reader, root, wanted, now)
    except UserMistake:
        return Limited(*head, "", (), f"No card knows a rate limit of {demand.model} at {demand.seller}.")
    return Limited(*head, f"As bursty as {_crowd(found)}.", _tiers(found), needed_text(found))


def _crowd(found: Capacity) -> str:
    kind = found.basis.kind
    return f"traffic of class {kind.name}: {kind.about}" if kind else "our own calls of this route"


def _tiers(found: Capacity) -> tuple[TierOver, ...]:
    return tuple(_tier(each) for each in found.standings)


def _tier(each: Standing) -> TierOver:
    tier, binds = each.tier, each.binds
    return TierOver(
        name=tier.name,
        over=each.over,
        least_over=each.least_over,
        binds=NAMES[binds.kind] if binds else None,
        limit=binds.limit if binds else None,
        source=tier.source,
        checked=tier.checked,
    )
