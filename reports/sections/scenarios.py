"""Chosen scenarios: what the same calls would come to, beside as priced, with the steps from one to the other."""

from fractions import Fraction

from planning.bridge import Bridge
from planning.bridge import Step as Move
from planning.scenario_points import ScenarioPoints
from planning.what_if import Result
from reports.charts import Step, Waterfall
from reports.document import Block, Cell, Column, Money, Section, Share, Table, Words, count_column, money_column
from reports.document import text_column as text
from reports.figures import MINUS, text_of
from reports.forward_parts import Answered, Scenarios

TITLE = "Scenarios"
KINDS = {
    "price": "Price",
    "volume": "Volume",
    "mix": "Mix",
    "cache": "Cache",
    "effort": "Effort",
    "retries": "Retries",
}
APART = "Calls apart"
STEPS = (
    "Price: the rates of one day instead of each call's own, other rates, a discount, batch. Volume: more or fewer "
    "calls, pictures and videos. Mix: traffic moved to another model or seller. Cache: more or less of the input read "
    "from the cache. Effort: other tiers of effort, shorter answers. Retries: more or fewer attempts. Calls apart: "
    "calls whose cost is known on one side alone."
)
COLUMNS = (
    text("Scenario", "The name under which it was saved."),
    money_column("As priced", "What the calls that it is about cost."),
    money_column("In the scenario", "What they come to under its changes."),
    money_column("Difference", "Of the calls whose cost is known on both sides; unknown where there are none."),
    Column("Change", "share", "The difference as a share of what those calls cost."),
    count_column("Calls", "Calls that it is about, of known and of unknown cost."),
    count_column("Of unknown cost", "Calls without a known cost under the scenario: they are in no amount."),
    text("Still holds", "Whether rates and calls are those of when it was saved."),
)
BRIDGE_COLUMNS = (
    text("Step", "What changes, in the order in which it is taken."),
    money_column("Amount", "What the step comes to; from as priced they add up to the scenario, to the last digit."),
    money_column("At the least", "The least that it comes to over all orders of the steps."),
    money_column("At the most", "The most over all orders."),
)
POINT_COLUMNS = (
    text("Scenario", "The name under which it was saved."),
    text("Traffic", "As the forecast has it, under the scenario, or the difference path by path."),
    Column("From", "day", "First day of the traffic to come."),
    Column("To", "day", "Last day."),
    money_column("P10", "A tenth of the sample paths end below."),
    money_column("P50", "Half of the sample paths end below."),
    money_column("P90", "A tenth of the sample paths end above."),
    Column("No known cost", "share", "Share of the calls to come that no rate prices: they are in no amount."),
)

SIDES = ("as it is", "in the scenario", "difference")


def scenarios_section(found: Scenarios) -> Section:
    """All at a glance, then each with its question and its steps."""
    blocks: list[Block] = [_glance(found)]
    for number, each in enumerate(found.answered, 1):
        blocks += _one(number, each)
    blocks += _ahead(found)
    if found.answered:
        blocks.append(Words((STEPS,)))
    lead = "What the same calls would come to under saved changes of rates and usage, beside what they were billed."
    return Section("scenarios", TITLE, lead if found.answered else "No saved scenario is shown.", tuple(blocks))


def _glance(found: Scenarios) -> Table:
    rows = [(each, bridge) for each in found.answered for bridge in each.bridges]
    notes = [f"{name} cannot be computed: {why}" for name, why in found.refused]
    notes += [each.stale for each in found.answered if each.stale]
    if found.left_out:
        notes.append(f"Saved, and not shown here: {', '.join(found.left_out)}.")
    notes += [f"{each.name} is about no call of this period." for each in found.answered if not each.bridges]
    return Table(
        "scenarios",
        "Scenarios side by side",
        COLUMNS,
        tuple(_row(each, bridge) for each, bridge in rows),
        notes=tuple(notes),
        marked=frozenset(place for place, (each, _) in enumerate(rows) if each.stale),
        empty="There is none: tollbook scenario save FILE keeps one.",
    )


def _row(each: Answered, bridge: Bridge) -> tuple[Cell, ...]:
    code, difference = bridge.currency, bridge.difference
    change = difference / bridge.known_billed if difference is not None and bridge.known_billed else None
    return (
        each.name,
        Money(bridge.billed, code),
        Money(bridge.scenario, code),
        Money(difference, code),
        Share(change),
        each.result.requests,
        round(each.result.unpriced),
        "stale" if each.stale else "yes",
    )


def _one(number: int, each: Answered) -> list[Block]:
    """One scenario: its question, and a bridge for each currency."""
    blocks: list[Block] = [Words((f"{each.name}. {each.question}", f"{each.about} {each.saved}"))]
    for place, bridge in enumerate(each.bridges, 1):
        key = f"scenario_{number}" if place == 1 else f"scenario_{number}_{place}"
        if any(step.counts for step in bridge.steps) or bridge.apart:
            blocks.append(_waterfall(key, each.name, bridge))
        blocks.append(_steps(key, each.name, bridge))
    if notes := (*each.notes, *_unknown(each.result)):
        blocks.append(Words(tuple(notes)))
    return blocks


def _unknown(result: Result) -> list[str]:
    """Calls that are known on one side alone."""
    told = []
    if result.only_billed.requests:
        told.append(
            f"{calls_text(result.only_billed.requests)} cannot be priced under the scenario: in as priced alone."
        )
    if result.only_scenario.requests:
        told.append(
            f"{calls_text(result.only_scenario.requests)} of unknown billed cost: in the scenario's total alone."
        )
    return told


def calls_text(requests: Fraction | int) -> str:
    """``1 call``, ``1,234 calls``."""
    return f"{round(requests):,} call{'' if round(requests) == 1 else 's'}"


def _waterfall(key: str, name: str, bridge: Bridge) -> Waterfall:
    code = bridge.currency
    steps = [Step(KINDS[step.kind], step.pico) for step in bridge.steps if step.counts]
    if bridge.apart:
        steps.append(Step(APART, bridge.apart))
    told = ", ".join(f"{step.name} {signed(step.pico, code)}" for step in steps)
    ends = [text_of(Money(pico, code), "money") for pico in (bridge.billed, bridge.scenario)]
    return Waterfall(
        f"{key}_bridge",
        f"{name}: from as priced to the scenario, in {code}",
        f"From {ends[0]} as priced to {ends[1]} in the scenario: {told}.",
        code,
        Step("As priced", bridge.billed),
        tuple(steps),
        Step("Scenario", bridge.scenario),
    )


def signed(pico: int, currency: str) -> str:
    """An amount with its sign, plus too."""
    text = text_of(Money(pico, currency), "money")
    return text if text.startswith(MINUS) or not pico else f"+{text}"


def _steps(key: str, name: str, bridge: Bridge) -> Table:
    """The steps; with how far each depends on their order, where any does."""
    code = bridge.currency
    shown = [step for step in bridge.steps if step.counts]
    orders = any(step.order for step in shown)
    rows: list[tuple[Cell, ...]] = [("As priced", Money(bridge.billed, code), None, None)]
    rows += [_step(step, code) for step in shown]
    if bridge.apart:
        rows.append((APART, Money(bridge.apart, code), None, None))
    total = ("In the scenario", Money(bridge.scenario, code), None, None)
    width = len(BRIDGE_COLUMNS) if orders else 2
    return Table(
        f"{key}_steps",
        f"{name}, step by step, in {code}",
        BRIDGE_COLUMNS[:width],
        tuple(row[:width] for row in rows),
        (total[:width],),
    )


def _step(step: Move, code: str) -> tuple[Cell, ...]:
    return KINDS[step.kind], *(Money(pico, code) for pico in (step.pico, step.least, step.most))


def _ahead(found: Scenarios) -> list[Block]:
    """Of scenarios about traffic to come, what it may come to."""
    every = [(each.name, points) for each in found.answered for points in each.points]
    if not every:
        return []
    rows = [_points(name, points) for name, points in every]
    # The difference is the last of each one's rows.
    marked = [len(SIDES) * (place + 1) - 1 for place, (_, points) in enumerate(every) if not points.is_of_the_same]
    notes = ["Estimates over the forecast's own paths; the exact steps above are of the last whole days."]
    if marked:
        notes.append("Marked: the calls of known cost are not the same on both sides, so the difference says little.")
    table = tuple(row for some in rows for row in some)
    return [Table("scenarios_ahead", "Traffic to come", POINT_COLUMNS, table, (), tuple(notes), frozenset(marked))]


def _points(name: str, each: ScenarioPoints) -> list[tuple[Cell, ...]]:
    figures = ((each.as_is, each.unpriced_as_is), (each.scenario, each.unpriced), (each.difference, None))
    return [
        (name, side, each.first, each.last, *(Money(pico, each.currency) for pico in points), Share(unpriced))
        for side, (points, unpriced) in zip(SIDES, figures, strict=True)
    ]
