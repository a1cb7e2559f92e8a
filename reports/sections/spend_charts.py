"""Pictures of the spend: by month or by day, stacked by model, one per currency that figures are shown in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from reports.asked import Asked
from reports.charts import Bars, Series
from reports.past import Past
from reports.readings.periods import Days, months_of
from reports.readings.spend import Spent
from reports.sections.cells import money_text, name_of, things

MOST_MODELS = 6
"""So many are told apart; the others are one colour."""
MOST_DAYS = 62
"""A longer period is drawn by month."""
Value = Callable[[Spent], int | None]


class Course(NamedTuple):
    """What is drawn over time: the moments with their labels, and cells by moment and model."""

    title: str
    labels: Mapping[date, str]
    cells: Sequence[Spent]


def month_charts(past: Past) -> list[Bars]:
    """Months up to the period's end."""
    labels = _month_labels(months_of(past.spend.context))
    if len(labels) < 2:
        # One bar alone says nothing that its figure in the table does not.
        return []
    months = Course("Spend by month", labels, past.spend.month_models)
    return [
        _stacked(f"spend_months_{currency.lower()}", months, currency, value) for currency, value in _currencies(past)
    ]


def day_chart(asked: Asked, past: Past) -> Bars | None:
    """The period day by day in the currency that most was spent in; by month where it is long."""
    currencies = _currencies(past)
    if not currencies:
        return None
    if asked.days > MOST_DAYS:
        labels = _month_labels(months_of(Days(asked.first, asked.last)))
        return _stacked("summary_spend", Course("Spend by month", labels, past.spend.month_models), *currencies[0])
    days = [asked.first + timedelta(days=number) for number in range(asked.days)]
    course = Course("Spend by day", {day: f"{day:%m-%d}" for day in days}, past.spend.days)
    return _stacked("summary_spend", course, *currencies[0])


def _month_labels(months: Iterable[date]) -> dict[date, str]:
    return {month: f"{month:%Y-%m}" for month in months}


def _currencies(past: Past) -> list[tuple[str, Value]]:
    """All in the report's currency, or each currency for itself, the one with most calls first."""
    if past.into:
        return [(past.into.currency, lambda each: each.shown.pico if each.shown else None)] if past.spend.totals else []
    billed = sorted((each for each in past.spend.totals if each.currency), key=lambda each: -each.calls.requests)
    return [(each.currency, _billed_in(each.currency)) for each in billed if each.currency and each.cost]


def _billed_in(currency: str) -> Value:
    return lambda each: each.cost if each.currency == currency else None


def _stacked(key: str, course: Course, currency: str, value: Value) -> Bars:
    """Bars with one label per moment; a moment without calls is 0."""
    sums: dict[str | None, dict[date, int]] = {}
    for each in course.cells:
        moment, model = each.group
        pico = value(each)
        if moment in course.labels and pico is not None:
            column = sums.setdefault(model, {})
            column[moment] = column.get(moment, 0) + pico
    ranked = sorted(sums, key=lambda model: (-sum(sums[model].values()), model or ""))
    series = [
        Series(name_of("model", model), tuple(sums[model].get(moment, 0) for moment in course.labels), model)
        for model in ranked[:MOST_MODELS]
    ]
    if rest := ranked[MOST_MODELS:]:
        values = tuple(sum(sums[model].get(moment, 0) for model in rest) for moment in course.labels)
        series.append(Series(things(len(rest), "other model"), values, tone="other"))
    totals = [(model, sum(sums[model].values())) for model in ranked]
    alt = _alt(course.title, currency, totals)
    return Bars(key, f"{course.title}, {currency}", alt, currency, tuple(course.labels.values()), tuple(series))


def _alt(title: str, currency: str, totals: Sequence[tuple[str | None, int]]) -> str:
    told = [f"{name_of('model', model)} {money_text(pico, currency)}" for model, pico in totals[:3]]
    whole = money_text(sum(pico for _, pico in totals), currency)
    return f"{title} in {currency}: {whole} in all" + (f"; most of it {', '.join(told)}." if told else ".")
