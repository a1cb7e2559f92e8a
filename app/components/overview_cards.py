"""The figures at the head of the overview."""

from app.components.cards import Card, show_cards
from app.components.formats import count, money, plural, share
from warehouse.cost import CostRow
from warehouse.overview import Overview


def show_overview_cards(overview: Overview, currency: str | None) -> None:
    """Spend, cost per task, requests, cache share, coverage, needs review."""
    show_cards(
        [
            _spend(overview, currency),
            _per_task(overview, currency),
            _requests(overview.totals),
            _cache(overview.totals),
            _coverage(overview),
            _review(overview, currency),
        ]
    )


def _first(currency: str | None, names: list[str]) -> list[str]:
    """The charted currency first, the others by name."""
    return sorted(names, key=lambda name: (name != currency, name))


def _spend(overview: Overview, currency: str | None) -> Card:
    costs = {row.currency: row.cost for row in overview.totals if row.currency and row.cost is not None}
    values = tuple(money(costs[name], name) for name in _first(currency, list(costs)))
    note = "in several currencies, not added" if len(values) > 1 else "as priced, at dated rates"
    return Card("Spend", values or ("unknown",), note if values else "nothing here has a price")


def _per_task(overview: Overview, currency: str | None) -> Card:
    spreads = {spread.currency: spread for spread in overview.spreads}
    values = tuple(money(spreads[name].mean, name) for name in _first(currency, list(spreads)))
    known = sum(spread.tasks for spread in overview.spreads)
    return Card(
        "Cost per task",
        values or ("–",),
        f"mean of {plural(known, 'task')}" if known else "no task of known cost",
        "Over the tasks that began in the period and whose every call has a known cost, in one currency.",
    )


def _requests(totals: list[CostRow]) -> Card:
    requests, errors = sum(row.requests for row in totals), sum(row.errors for row in totals)
    return Card("Requests", (count(requests),), f"{share(errors, requests)} failed", "Every attempt counts as one.")


def _cache(totals: list[CostRow]) -> Card:
    read = sum(row.cache_read for row in totals)
    everything = sum(row.input + row.cache_read + row.cache_written for row in totals)
    return Card(
        "Cache share",
        (share(read, everything),),
        f"of {count(everything)} input tokens",
        "Input tokens read from the seller's cache, of all input tokens: uncached, read and written.",
    )


def _coverage(overview: Overview) -> Card:
    coverage = overview.coverage
    note = f"{count(coverage.unpriced)} of unknown cost" if coverage.unpriced else "every cost is known"
    return Card(
        "Coverage",
        (share(coverage.requests - coverage.unpriced, coverage.requests),),
        note,
        "Share of attempts whose cost is known. Unknown cost is in no total, and never counted as 0.",
    )


def _review(overview: Overview, currency: str | None) -> Card:
    review = overview.coverage.review
    known = {row.currency: row for row in overview.totals if row.currency and row.review}
    bands = {name: row for name, row in known.items() if row.cost_low != row.cost_high}
    texts = [_band(bands[name]) for name in _first(currency, [name for name in bands if name])]
    if not review:
        note = "all usage adds up"
    elif not known:
        note = "their cost is unknown"
    else:
        note = f"spend {' and '.join(texts)}" if texts else "every reading costs the same"
    return Card(
        "Needs review",
        (count(review),),
        note,
        "Calls whose reported usage contradicts itself: spend is between the least and the most it can mean.",
    )


def _band(row: CostRow) -> str:
    """Between what and what; a band too narrow to see in rounded figures is given by its width."""
    low, high = money(row.cost_low, row.currency), money(row.cost_high, row.currency)
    if low != high:
        return f"{low}–{high}"
    return f"within {money((row.cost_high or 0) - (row.cost_low or 0), row.currency)}"
