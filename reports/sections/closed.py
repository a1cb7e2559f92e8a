"""Closed months in a report: what was closed, beside what became known later. The report's own figures have both."""

from planning.book_sums import Sum, cost_of, sums_of
from pricing.books import CALLS, month_end
from reports.asked import Asked
from reports.closed_words import ClosedMonths, closed_months, later_text
from reports.document import Cell, Fact, Facts, Money
from reports.past import Past
from reports.sections.cells import things


def closed_of(past: Past) -> ClosedMonths | None:
    """The closed months of the period; None where none is closed."""
    months = [each.month for each in past.months]
    if not months:
        return None
    return closed_months([each.books for each in past.months if each.books], min(months), month_end(max(months)))


def closed_facts(asked: Asked, past: Past) -> list[Fact]:
    """For the cover: both figures side by side, and the digest that the closing is verified by."""
    found = closed_of(past)
    if found is None:
        return []
    last = found.last
    the_last = "" if len(found.closings) == 1 else "the last one "
    # A demo brings its own present; who closes a month does so at the machine's.
    is_before = past.demo.demo_files > 0 and last.closed_at > past.now
    clock = f"; the report is made by the demo's clock, {past.now:%Y-%m-%d}" if is_before else ""
    when = f"{found.names}, {the_last}on {last.closed_at:%Y-%m-%d} by {last.who}{clock}"
    facts = [Fact("Closed", found.closed, when)]
    if booked := later_text(found.booked):
        facts.append(Fact("Adjustments closed with it", booked, "of months that were closed before"))
    facts.append(Fact("Known after closing", found.came_later or "nothing", _where(asked, found)))
    verify = f"of {last.month:%Y-%m}; tollbook close show {last.month:%Y-%m} verifies it"
    return [*facts, Fact("Closing digest", last.digest, verify)]


def _where(asked: Asked, found: ClosedMonths) -> str:
    """Whether the figures of the report have it."""
    if not asked.is_of_whole_months:
        return "closings are of whole months and all traffic, this report is not"
    return "in the figures of this report, which are of all calls known now" if found.came_later else ""


def closed_words(past: Past) -> list[str]:
    """For whoever signs: what came after closing, if anything did."""
    found = closed_of(past)
    if found is None or not found.came_later:
        return []
    were = "was" if len(found.closings) == 1 else "were"
    return [
        f"{found.names} {were} closed at {found.closed}. {found.came_later} became known after closing: it is in the "
        f"figures of this report, which are of all calls known now, and not in what was closed."
    ]


def closed_figures(past: Past) -> list[Facts]:
    """Both figures of each currency in which calls became known later, side by side."""
    found = closed_of(past)
    late = [each for each in sums_of(found.later) if each.kind == CALLS and each.currency] if found else []
    facts = [fact for each in late if found for fact in _side_by_side(found, each)]
    return [Facts("closed", tuple(facts))] if facts else []


def _side_by_side(found: ClosedMonths, late: Sum) -> list[Fact]:
    code = str(late.currency)
    closed = cost_of(found.own).get((CALLS, code), 0)
    return [
        Fact(f"Calls as closed, {code}", Money(closed, code), f"{found.names}, closed {found.last.closed_at:%Y-%m-%d}"),
        Fact(f"Known after closing, {code}", Money(late.cost, code), things(late.requests, "call")),
        Fact(f"Both together, {code}", Money(closed + late.cost, code), "all calls known now"),
    ]


def closing_grounds(past: Past) -> list[tuple[Cell, ...]]:
    """For the method: each closing's digest, and that of the rates that had priced the month then."""
    return [
        row
        for month in past.months
        if (closing := month.closing)
        for row in (
            (f"Closing digest of {month.month:%Y-%m}", closing.digest),
            (
                "Rates digest of that closing",
                f"{closing.rates_digest} ({things(closing.rates, 'rate')}), of the calls that were closed",
            ),
        )
    ]


def rates_note(past: Past) -> str:
    """Whether the rates of the report are those of its closing; empty where it has none, or several."""
    closings = [month.closing for month in past.months if month.closing]
    if len(closings) != 1 or len(past.months) != 1:
        return ""
    if closings[0].rates_digest == past.grounds.used.rates_digest:
        return "the same as of the closing"
    return "of the calls in this report; the closing's own is under Method"
