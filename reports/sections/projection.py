"""Where the period in progress and the next month end: a band, plain figures beside it, and how good the method was."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate

from planning.backtest import Score
from planning.course import NANO_IN_PICO, Course, LeftOut
from planning.glance import DAY, Glance, Period, running
from reports.charts import Band, BandDay
from reports.document import (
    Block,
    Cell,
    Column,
    Fact,
    Money,
    Section,
    Share,
    Table,
    Words,
    count_column,
    money_column,
    text_column,
)
from reports.figures import text_of
from reports.forward_parts import Budgeted, Projected

TITLE = "Projection"
BAND = "80% of what may come ends within the band."
NAMED = 5
"""Parts without a forecast that are listed; the rest is added up."""
COLUMNS = (
    text_column("Period", "The days that the figures of the row are of."),
    money_column("Spent so far", "As priced from the first day of the period to the newest data."),
    money_column("Projected", "The middle of what the whole period may come to: half of the sample paths end below."),
    money_column("Low", "A tenth of the sample paths end below: the lower end of the 80% band."),
    money_column("High", "A tenth of the sample paths end above: the upper end of the 80% band."),
    money_column("Run-rate", "As if each day to come cost the mean of the period's whole days so far."),
    money_column("Period before", "What the period before was billed; a dash where the data does not hold all of it."),
    Column("Chance of more", "share", "Share of the sample paths on which it costs more than the period before."),
)
PICTURED = "Spent so far has the day in progress; the picture's line ends with the last whole day."
TEST_COLUMNS = (
    text_column("Currency", "The currency of the totals that were forecast."),
    text_column("Horizon", "How far ahead past days were forecast, from what was known then."),
    count_column("Forecasts", "On how many past days a forecast was made again."),
    Column("Error", "share", "Median error of the forecast total, as a share of what came."),
    Column("Run-rate's error", "share", "The same of the run-rate on the same days."),
    Column("Period before's error", "share", "The same of taking the period before once more."),
    count_column("Within band", "How many times what came lay within the 80% band."),
    text_column("Why not", "Why nothing can be said."),
)
LEFT_COLUMNS = (
    text_column("Seller", "Who bills the traffic that has no forecast."),
    text_column("Model", "Its model."),
    text_column("Team", "Its team."),
    text_column("Why", "Why it cannot be forecast."),
    money_column("Taken for", "What it comes to if it goes on as in its last days: an assumption within the figures."),
)


def projection_section(found: Projected, budgets: Mapping[str, Budgeted]) -> Section:
    """Totals with their band, the course of the first period, the backtest, and what has no forecast.

    ``budgets``: per currency, one about the same calls and days, to be drawn beside them.
    """
    blocks: list[Block] = [_totals(found), *_charts(found, budgets), _backtest(found)]
    blocks += _without_forecast(found)
    if found.notes:
        blocks.append(Words(found.notes))
    return Section("projection", TITLE, found.about, tuple(blocks))


def projection_facts(found: Projected) -> list[Fact]:
    """The middle of the first period, with its band."""
    first = found.ends[0]
    return [
        Fact(f"Projected, {first.period.name}", Money(each.middle, each.currency), _band_text(each))
        for each in first.totals
    ]


def _band_text(each: Glance) -> str:
    if not each.is_forecast:
        return "no forecast: it is taken to go on as in its last days"
    low, high = (text_of(Money(pico, each.currency), "money") for pico in (each.low, each.high))
    return f"80% of what may come ends between {low} and {high}"


def _totals(found: Projected) -> Table:
    rows = [_row(end.period, each) for end in found.ends for each in end.totals]
    return Table(
        "projection_totals",
        "Where the period ends",
        COLUMNS,
        tuple(rows),
        notes=(f"Totals are taken along whole sample paths, never by adding up days. {BAND}", PICTURED),
        empty="Nothing of it has a price, so there is no amount to forecast.",
    )


def _row(period: Period, each: Glance) -> tuple[Cell, ...]:
    code = each.currency
    ends = (each.low, each.high) if each.is_forecast else (None, None)
    before = each.before if each.before_is_whole else None
    return (
        period.name,
        Money(each.spent, code),
        Money(each.middle, code),
        *(None if pico is None else Money(pico, code) for pico in (*ends, each.run_rate, before)),
        Share(each.above_before),
    )


def _charts(found: Projected, budgets: Mapping[str, Budgeted]) -> list[Block]:
    """The sum through each day of the first period: as priced, then the band."""
    first = found.ends[0]
    charts: list[Block] = []
    for number, course in enumerate(found.courses, 1):
        (total,) = (each for each in first.totals if each.currency == course.currency)
        spent, middle = (text_of(Money(pico, course.currency), "money") for pico in (total.spent, total.middle))
        budget = budgets.get(course.currency)
        beside, amount = _beside(budget) if budget else ("", None)
        charts.append(
            Band(
                f"projection_course_{number}",
                f"{first.period.name} in {course.currency}: spent, and what may come",
                f"{spent} spent so far; {middle} projected by {first.period.last}; {_band_text(total)}.{beside}",
                course.currency,
                _days(course, first.period),
                amount,
            )
        )
    return charts


def _beside(budget: Budgeted) -> tuple[str, int]:
    """A budget in words, and its amount."""
    amount = budget.standing.amount
    return f" The budget {budget.name} is {text_of(Money(amount, budget.standing.budget.currency), 'money')}.", amount


def _days(course: Course, period: Period) -> tuple[BandDay, ...]:
    """Sums from the period's first day: billed ones through the last whole day, on which the band begins."""
    known = (course.first - period.first).days
    billed = accumulate(course.spent(day, day) for day in _each_day(period.first, max(0, known)))
    days = [BandDay(period.first + number * DAY, total, None, None, None) for number, total in enumerate(billed)]
    if days:
        total = days[-1].billed
        days[-1] = days[-1]._replace(low=total, middle=total, high=total)
    return (*days, *(BandDay(each.day, None, *each[1:]) for each in running(course, period)))


def _each_day(first: date, count: int) -> list[date]:
    return [first + number * DAY for number in range(count)]


def _backtest(found: Projected) -> Table:
    rows = [_score(code, score) for code, scores in found.scores.items() for score in scores]
    return Table(
        "projection_backtest",
        "How well it would have done",
        TEST_COLUMNS,
        tuple(rows),
        notes=(
            "The forecast made again as of past days, from what was known then, at today's rates: a change of price is "
            "neither an error nor a success.",
        ),
        empty="There is nothing to test it on.",
    )


def _score(code: str, score: Score) -> tuple[Cell, ...]:
    if score.why_not:
        return code, score.horizon, None, None, None, None, None, score.why_not
    errors = (Share(each) for each in (score.error, score.run_rate, score.last_period))
    return code, score.horizon, len(score.trials), *errors, score.covered, None


def _without_forecast(found: Projected) -> list[Block]:
    last = found.ends[-1].period.last
    cells = [(course.currency, each) for course in found.courses for each in course.left_out_within(course.first, last)]
    if not cells:
        return []
    held = sorted(cells, key=lambda pair: -pair[1].nano)
    rows = [_left_out(code, each) for code, each in held[:NAMED]]
    return [
        Table(
            "projection_left_out",
            "Parts without a forecast",
            LEFT_COLUMNS,
            tuple(rows),
            notes=(f"Amounts are of the days to come through {last}.", *_rest(held[NAMED:])),
        )
    ]


def _left_out(code: str, each: LeftOut) -> tuple[Cell, ...]:
    return *each.cell, each.why, Money(each.nano * NANO_IN_PICO, code)


def _rest(held: Sequence[tuple[str, LeftOut]]) -> list[str]:
    """What is not listed, added up by currency."""
    sums: dict[str, int] = {}
    for code, each in held:
        sums[code] = sums.get(code, 0) + each.nano * NANO_IN_PICO
    if not sums:
        return []
    told = " and ".join(text_of(Money(pico, code), "money") for code, pico in sums.items())
    return [f"{len(held)} more of them come to {told}."]
