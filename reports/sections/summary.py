"""The summary, on one page: what was spent, how that differs from before and why, and what needs a person."""

from collections.abc import Iterable, Sequence

from pricing.fx import uses_of
from reports.asked import Asked
from reports.document import Block, Fact, Facts, Money, Section, Share, Words
from reports.past import Past
from reports.readings.into import whole
from reports.readings.spend import Spent
from reports.sections.books import changed_months, deleted_from, invoiced_of, is_apart, lead_of
from reports.sections.cells import cost_cells, count_text, money_text, shown_cell, shown_total, things
from reports.sections.change import change_facts, change_words
from reports.sections.closed import closed_figures, closed_words
from reports.sections.rates import is_stale
from reports.sections.spend_charts import day_chart
from reports.sections.tasks import task_facts


def summary_section(asked: Asked, past: Past, forward: Sequence[Fact]) -> Section:
    """What the reader has to know who reads nothing else."""
    blocks: list[Block] = [Facts("headline", tuple(_spend(past)))]
    blocks += closed_figures(past)
    chart = day_chart(asked, past)
    blocks += [chart] if chart else []
    if beside := [*change_facts(past), *task_facts(past), *_charges(past)]:
        blocks.append(Facts("beside", tuple(beside)))
    if forward:
        blocks.append(Facts("ahead", tuple(forward)))
    if why := change_words(past):
        blocks.append(Words(tuple(why)))
    needs = needs_a_person(past)
    blocks.append(Words(tuple(needs), "warning") if needs else Words(("Nothing in this period needs a person.",)))
    return Section("summary", "Summary", _lead(asked, past), tuple(blocks))


def needs_a_person(past: Past) -> list[str]:
    """What somebody should look at before this is signed."""
    grounds = past.grounds
    found = closed_words(past)
    open_calls = grounds.headline.unknown - grounds.headline.elsewhere
    if open_calls:
        found.append(f"{things(open_calls, 'call')} of unknown cost: in no amount, and never counted as 0.")
    if elsewhere := grounds.headline.elsewhere:
        found.append(f"{things(elsewhere, 'call')} are on another bill, such as servers of one's own: in no amount.")
    found += _reviews(past.spend.totals)
    if stale := sum(is_stale(each, past.now, grounds.stale_days) for each in grounds.used.rates):
        found.append(f"{things(stale, 'rate')} not checked for more than {grounds.stale_days} days.")
    if lines := sum(each.lines for each in grounds.rejects):
        found.append(f"{things(lines, 'line')} of the logs of this period could not be read.")
    found += _invoices(past)
    found += [f"{month}: the stored lines are not those that were closed." for month in changed_months(past)]
    found += [
        f"{month}: calls were deleted since it was closed. The books have their cost, the other figures have not."
        for month in deleted_from(past)
    ]
    if not all(month.closing for month in past.months):
        found.append(lead_of(past))
    return found


def _reviews(totals: Sequence[Spent]) -> list[str]:
    return [
        f"{things(each.calls.review, 'call')} under review: calls billed in {each.currency} cost between "
        f"{money_text(each.cost_low, each.currency)} and {money_text(each.cost_high, each.currency)}."
        for each in totals
        if each.calls.review and each.currency and (each.cost_low, each.cost_high) != (each.cost, each.cost)
    ]


def _invoices(past: Past) -> list[str]:
    """Invoices that say something else than the calls, the one that is furthest off by name."""
    apart = [each for each in invoiced_of(past) if is_apart(each)]
    if not apart:
        return []
    first = max(apart, key=lambda each: abs(each.unexplained) / max(abs(each.billed), 1))
    invoiced, billed = (money_text(pico, first.currency) for pico in (first.invoiced, first.billed))
    return [
        f"Invoices of {things(len(apart), 'seller')} differ from what calls cost as priced, most that of "
        f"{first.seller}: {invoiced} invoiced, {billed} as priced."
    ]


def _lead(asked: Asked, past: Past) -> str:
    coverage = past.grounds.coverage
    if not coverage.requests:
        return f"There are no calls from {asked.first} to {asked.last}."
    through = ""
    if past.begins and past.begins > asked.first:
        through = f" The data begins on {past.begins}: the days before it are not there."
    if past.through and past.through < asked.last:
        through += f" The data goes through {past.through}: the period is not over."
    known = coverage.requests - coverage.unpriced
    return (
        f"{things(coverage.requests, 'call')} from {asked.first} to {asked.last}. The cost of {count_text(known)} of "
        f"them is known.{through}"
    )


def _spend(past: Past) -> list[Fact]:
    """The spend in each currency, and together in the one that is asked for."""
    facts = [
        Fact(f"Calls, billed in {each.currency}", cost_cells(each, None)[0], _note(each))
        for each in sorted(past.spend.totals, key=lambda each: -each.calls.requests)
        if each.currency
    ]
    if past.into and (together := shown_total(past.spend.totals, past.into)):
        cell = shown_cell(together, past.into)
        facts.insert(0, Fact(f"All calls, in {past.into.currency}", cell, _how_converted(past.spend.totals)))
    facts.append(Fact("Cost known", Share(past.grounds.coverage.share), "of the calls"))
    return facts


def _how_converted(totals: Iterable[Spent]) -> str:
    """A day without a rate of its own took an older one: whoever signs the sum has to know."""
    legs = {leg for each in totals if each.shown for leg in each.shown.legs}
    oldest = max((use.carried_days for use in uses_of(legs)), default=0)
    told = f"; of some days the last rate is up to {things(oldest, 'day')} older" if oldest else ""
    return f"converted for display, each day at its rate{told}"


def _note(each: Spent) -> str:
    calls = things(each.calls.requests, "call")
    return f"{calls}, {each.calls.review:,} under review" if each.calls.review else calls


def _charges(past: Past) -> list[Fact]:
    """Recurring charges, which are in no figure of calls."""
    note = "in no figure of calls"
    if past.into and past.charges.totals:
        total = whole([row.converted for row in past.charges.totals if row.converted])
        return [Fact("Recurring charges", shown_cell(total, past.into), f"{note}; converted for display")]
    return [Fact("Recurring charges", Money(row.cost, row.currency), note) for row in past.charges.totals]
