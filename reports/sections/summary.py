"""The summary, on one page: what was spent, how that differs from before and why, and what needs a person."""

from collections.abc import Sequence

from reports.asked import Asked
from reports.document import Block, Fact, Facts, Section, Share, Words
from reports.past import Past
from reports.readings.spend import Spent
from reports.sections.cells import cost_cells, shown_cell, shown_total, things
from reports.sections.spend_charts import day_chart


def summary_section(asked: Asked, past: Past, forward: Sequence[Fact]) -> Section:
    """What the reader has to know who reads nothing else."""
    blocks: list[Block] = [Facts("headline", tuple(_spend(asked, past)))]
    chart = day_chart(asked, past)
    blocks += [chart] if chart else []
    if forward:
        blocks.append(Facts("ahead", tuple(forward)))
    blocks.append(Words(tuple(needs_a_person(past)) or ("Nothing in this period needs a person.",), "warning"))
    return Section("summary", "Summary", _lead(asked, past), tuple(blocks))


def _lead(asked: Asked, past: Past) -> str:
    coverage = past.grounds.coverage
    if not coverage.requests:
        return f"There are no calls in {asked.name}."
    known = coverage.requests - coverage.unpriced
    return (
        f"{things(coverage.requests, 'call')} from {asked.first} to {asked.last}; the cost of {known:,} of them is "
        f"known, and of {coverage.unpriced:,} it is not."
    )


def _spend(asked: Asked, past: Past) -> list[Fact]:
    """The spend in each currency, and together in the one that is asked for."""
    facts = [
        Fact(f"Calls, billed in {each.currency}", cost_cells(each, None)[0], _note(each))
        for each in past.spend.totals
        if each.currency
    ]
    if past.into and (together := shown_total(past.spend.totals, past.into)):
        cell = shown_cell(together, past.into)
        facts.insert(0, Fact(f"All calls, in {past.into.currency}", cell, "converted for display"))
    facts.append(Fact("Cost known for", Share(past.grounds.coverage.share), "of the calls"))
    return facts


def _note(each: Spent) -> str:
    calls = things(each.calls.requests, "call")
    return f"{calls}, {each.calls.review:,} under review" if each.calls.review else calls


def needs_a_person(past: Past) -> list[str]:
    """What somebody should look at before this is signed."""
    coverage = past.grounds.coverage
    found = []
    if coverage.unpriced:
        found.append(f"{things(coverage.unpriced, 'call')} of unknown cost: in no amount, and never counted as 0.")
    return found
