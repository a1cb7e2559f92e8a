"""A launch plan: what it may cost and how surely, what it hangs on, and whether the sellers' limits hold."""

from collections.abc import Iterator

from planning.launch import Band as Quantiles
from planning.launch import PlanDay
from pricing.meters import METERS, TokenMeter
from reports.charts import Band, BandDay, Range, Ranges
from reports.document import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Money,
    Section,
    Share,
    Table,
    UnitRate,
    Words,
    count_column,
    money_column,
)
from reports.document import text_column as text
from reports.evidence import source_cell
from reports.figures import text_of
from reports.forward_parts import Launched, Limited, Priced

TITLE = "Launch plan"
SHOWN = 8
"""Inputs that are drawn."""
LISTED = 12
"""Inputs that are listed."""
EVERY = (1, 7, 14, 30, 60, 90, 120, 180, 270, 365, 540)
"""Days that the table shows, beside the last."""
PRICED: tuple[TokenMeter, ...] = ("input", "cache_read", "output")
"""Meters of a route whose rates are shown."""
FAR = 0.01
"""Above this share of calls over a limit a tier does not hold."""
QUANTILES = ("P10", "P50", "P90", "P99")
SAYS = ("One draw in ten is below.", "Half of the draws are below.", "One in ten is above.", "One in 100 is above.")
BAND_COLUMNS = tuple(money_column(*each) for each in zip(QUANTILES, SAYS, strict=True))
TOTAL_COLUMNS = (text("What", "All days of the plan, or the tasks of one kind."), *BAND_COLUMNS)
DAY_COLUMNS = (
    Column("Day", "day", "A day of the plan."),
    *(money_column(f"Cost {each.title}", f"Of that day alone. {each.meaning}") for each in BAND_COLUMNS),
    money_column("So far P50", "From the first day through this one: half of the draws are below."),
    money_column("So far P90", "One in ten is above."),
    count_column("Calls P50", "Attempts of that day, charged or not: half of the draws are below."),
)
INPUT_COLUMNS = (
    text("Input", "What the plan assumes."),
    text("Low to high", "One launch in ten stays below the low end, one in ten exceeds the high one."),
    text("Source", "Whose word it is: measured here, somebody's claim, or a guess."),
    money_column("P50 at low", "The middle of the total with this input at its low, all others as drawn."),
    money_column("P50 at high", "The same with it at its high."),
)
RATE_COLUMNS = (
    text("Seller", "Where the plan's calls go."),
    text("Model", "The model there."),
    text("Tier", "The service tier."),
    *(Column(name, "rate", f"The rate of {name.lower()} tokens on the plan's first day.") for name in
      ("Input", "Cached input", "Output")),
    Column("Source", "link", "Where the rate is written."),
    Column("Checked", "day", "When somebody last looked."),
    text("Confidence", "Official, registry, article or contract."),
)  # fmt: skip
LIMIT_COLUMNS = (
    text("Seller", "Whose limits."),
    text("Model", "The model there."),
    text("Tier", "The tier as the card names it."),
    Column("Calls over", "share", "Share of the busiest day's calls that begin when a limit of the tier is full."),
    Column("At the least", "share", "The same if all growth is more users who come independently of each other."),
    text("Binds first", "The limit that growing traffic meets first."),
    count_column("Limit", "What it allows."),
    Column("Source", "link", "Where the limit is written."),
    Column("Checked", "day", "When somebody last looked."),
)


def launch_section(found: Launched) -> Section:
    """Headline, course, what it hangs on, prices, limits and notes."""
    plan = found.simulation.plan
    blocks: list[Block] = [_headline(found), _totals(found), _course(found), _days(found)]
    if found.inputs:
        blocks += [_tornado(found), _inputs(found)]
    blocks += [_rates(found), _limits(found)]
    if notes := tuple(_notes(found)):
        blocks.append(Words(notes))
    if found.stale:
        blocks.insert(0, Words((found.stale,), "warning"))
    lead = f"{found.name}, {plan.start} to {plan.last}: traffic without a history, drawn from low, likely and high."
    return Section("launch", TITLE, lead, tuple(blocks))


def launch_facts(found: Launched) -> list[Fact]:
    """The middle, with what one launch in ten exceeds."""
    code, total = found.simulation.plan.currency, found.simulation.total
    ninth = text_of(Money(total.p90, code), "money")
    return [Fact(f"Launch: {found.name}, P50", Money(total.p50, code), f"one launch in ten exceeds {ninth}")]


def _headline(found: Launched) -> Facts:
    sim, plan = found.simulation, found.simulation.plan
    code, rank = plan.currency, text_of(Share(sim.at_likely_rank), "share")
    facts = [
        Fact("P50", Money(sim.total.p50, code), "half of the draws are below"),
        Fact("P90", Money(sim.total.p90, code), "one launch in ten exceeds it"),
        Fact("Everything at likely", Money(sim.at_likely, code), f"no percentile: {rank} of the draws are below"),
        Fact("Contingency", Money(sim.contingency, code), "from P50 to P90"),
    ]
    if plan.budget_pico is not None:
        budget = text_of(Money(plan.budget_pico, code), "money")
        facts.append(Fact("Chance to exceed", Share(sim.over_budget), f"of the draws, a budget of {budget}"))
    return Facts("launch_headline", tuple(facts))


def _totals(found: Launched) -> Table:
    sim, code = found.simulation, found.simulation.plan.currency
    rows: list[tuple[Cell, ...]] = [("All days", *_amounts(sim.total, code))]
    if len(sim.kinds) > 1:
        rows += [(found.kind_names[part.name], *_amounts(part.cost, code)) for part in sim.kinds]
    note = f"{sim.draws:,} draws, seed {sim.seed}. Figures of kinds do not add up to those of all."
    return Table("launch_totals", "What it may cost", TOTAL_COLUMNS, tuple(rows), notes=(note,))


def _amounts(band: Quantiles, code: str) -> tuple[Money, ...]:
    return tuple(Money(pico, code) for pico in band)


def _course(found: Launched) -> Band:
    sim, plan = found.simulation, found.simulation.plan
    ends = [text_of(Money(pico, plan.currency), "money") for pico in (sim.total.p10, sim.total.p50, sim.total.p90)]
    days = tuple(BandDay(day.day, None, *day.cumulative[:3]) for day in sim.days)
    alt = f"By {plan.last} half of the draws are below {ends[1]}; 80% lie between {ends[0]} and {ends[2]}."
    return Band("launch_course", "Cost so far, P10 to P90", alt, plan.currency, days, plan.budget_pico)


def _days(found: Launched) -> Table:
    sim, code = found.simulation, found.simulation.plan.currency
    shown = [day for number, day in enumerate(sim.days, 1) if number in EVERY or number == len(sim.days)]
    return Table("launch_days", "Some of its days", DAY_COLUMNS, tuple(_day(day, code) for day in shown))


def _day(day: PlanDay, code: str) -> tuple[Cell, ...]:
    so_far = (Money(pico, code) for pico in (day.cumulative.p50, day.cumulative.p90))
    return day.day, *_amounts(day.cost, code), *so_far, day.calls.p50


def _tornado(found: Launched) -> Ranges:
    middle, code = found.simulation.total.p50, found.simulation.plan.currency
    shown = [each for each in found.inputs if each.at_low != each.at_high][:SHOWN]
    ranges = tuple(
        Range(each.name, min(each.at_low, each.at_high), middle, max(each.at_low, each.at_high)) for each in shown
    )
    told = "; ".join(
        f"{each.name}: {text_of(Money(each.low, code), 'money')} to {text_of(Money(each.high, code), 'money')}"
        for each in ranges[:3]
    )
    alt = f"The middle of the total with one input at its low or its high. {told}."
    return Ranges("launch_tornado", "What it hangs on", alt, code, ranges, Range("P50", None, middle, None))


def _inputs(found: Launched) -> Table:
    code = found.simulation.plan.currency
    rows = tuple(
        (each.name, each.span, each.source, Money(each.at_low, code), Money(each.at_high, code))
        for each in found.inputs[:LISTED]
    )
    rest = len(found.inputs) - LISTED
    notes = (f"{rest} more inputs with a spread, each with a smaller effect.",) if rest > 0 else ()
    return Table("launch_inputs", "Inputs that are not certain", INPUT_COLUMNS, rows, notes=notes)


def _rates(found: Launched) -> Table:
    rows = tuple(_rate(each) for each in found.priced_by)
    return Table("launch_rates", "Rates on its first day", RATE_COLUMNS, rows)


def _rate(each: Priced) -> tuple[Cell, ...]:
    rate = each.rate
    figures = (UnitRate(rate.pico[METERS.index(meter)], rate.currency) for meter in PRICED)
    return each.seller, each.model, each.tier, *figures, source_cell(rate.source), rate.checked, rate.confidence


def _limits(found: Launched) -> Table:
    rows = [(route, row) for route in found.limits for row in _tiers(route)]
    notes = [
        f"{route.model} at {route.seller}: {route.calls_per_day:,.0f} calls on the busiest day at its P90. "
        f"{route.basis} {route.said}".replace("  ", " ")
        for route in found.limits
    ]
    return Table(
        "launch_limits",
        "Will the limits hold?",
        LIMIT_COLUMNS,
        tuple(row for _, row in rows),
        notes=(*notes, "Shares are estimates: nothing was replayed."),
        marked=frozenset(place for place, (_, row) in enumerate(rows) if _is_over(row)),
        empty="No card knows a limit of the plan's routes.",
    )


def _tiers(route: Limited) -> Iterator[tuple[Cell, ...]]:
    for each in route.tiers:
        source = source_cell(each.source) if each.source else None
        shares = Share(each.over), Share(each.least_over)
        yield route.seller, route.model, each.name, *shares, each.binds, each.limit, source, each.checked


def _is_over(row: tuple[Cell, ...]) -> bool:
    over = row[3]
    return isinstance(over, Share) and (over.value or 0) > FAR


def _notes(found: Launched) -> list[str]:
    notes = [found.saved, *found.notes]
    if found.left_out:
        notes.append(f"Saved, and not shown here: {', '.join(found.left_out)}.")
    return notes
