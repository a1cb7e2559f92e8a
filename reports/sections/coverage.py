"""Coverage: of how many calls the cost is known, what is not known and why, and what a person should look at."""

from collections.abc import Sequence

from analysis.coverage import Headline, Risk, is_elsewhere
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
    count_column,
    money_column,
    text_column,
)
from reports.past import Past
from reports.readings.grounds import CEILING_DAYS
from reports.sections.cells import MISSING, count_text, things
from warehouse.cost import CostRow
from warehouse.imports import ReviewReason
from warehouse.report_facts import RejectedIn

TITLE = "Coverage and what is not known"
SHORT = "Coverage"
MOST_ROWS = 40
ELSEWHERE = "another bill has it"
MISSING_PRICE = "not known"
RISK_COLUMNS = (
    text_column("Currency", "The currency of the amounts."),
    money_column("Known", "What the calls of known cost cost."),
    money_column("At least", "The same with every doubtful call at its lowest reading."),
    money_column("At most", "The same with every doubtful or unpriced call at its highest, as far as that is known."),
)
UNKNOWN_COLUMNS = (
    text_column("Why", "Why the cost is unknown."),
    text_column("Seller", "Who bills, as far as the log says."),
    text_column("Model", "The model that answered, or else was asked for."),
    text_column("What it means", "Whether another bill has the cost, or nobody knows it."),
    count_column("Calls", "Attempts of unknown cost."),
    count_column("Input tokens", "What they sent, as far as it was reported."),
    count_column("Output tokens", "What they got, as far as it was reported."),
)
REVIEW_COLUMNS = (
    text_column("Why", "What in the log's own figures does not agree."),
    count_column("Calls", "Attempts that a person should look at; they count as known."),
    money_column("Cost", "As priced: the reading that the log's format declares."),
    money_column("At least", "The lowest that the figures can mean."),
    money_column("At most", "The highest that the figures can mean."),
)
REJECT_COLUMNS = (
    text_column("File", "Its name."),
    text_column("Source", "What kind of log it is."),
    count_column("Lines", "Lines that could not be read, and are in no figure."),
    count_column("First", "The number of the first of them."),
    text_column("Why", "Why the first of them could not be read."),
    Column("Calls from", "instant", "The file's first call (UTC); a dash: none could be read."),
    Column("Calls to", "instant", "The file's last call (UTC)."),
)


def coverage_section(past: Past) -> Section:
    """What is known, and what is not."""
    grounds = past.grounds
    found = grounds.headline
    blocks: list[Block] = [Facts("coverage", tuple(_facts(found, past)))]
    if found.risks and (found.unknown > found.elsewhere or grounds.coverage.review):
        blocks.append(_risks(found))
    blocks += [_unknown(grounds.unknown), _reviews(grounds.reviews), _rejects(grounds.rejects)]
    return Section("coverage", TITLE, _lead(found), tuple(blocks), SHORT)


def _lead(found: Headline) -> str:
    if not found.attempts:
        return "There are no calls in this period."
    if found.unknown:
        return "A call of unknown cost is counted, is in no amount, and is never taken for 0."
    return "The cost of every call is known."


def _facts(found: Headline, past: Past) -> list[Fact]:
    coverage = past.grounds.coverage
    facts = [
        Fact("Calls", found.attempts, f"{count_text(found.with_usage)} report their usage"),
        Fact("Cost known", found.priced, "free calls among them"),
        Fact("Coverage", Share(coverage.share), "of the calls"),
        Fact("Cost unknown", found.unknown, f"{count_text(found.elsewhere)} of them: {ELSEWHERE}"),
        Fact("Under review", coverage.review, "their figures do not agree"),
        Fact("Cut off", found.partial, "priced by what was seen, at least"),
    ]
    words = ", ".join(f"{word} {count_text(calls)}" for word, calls in coverage.words)
    if words:
        facts.append(Fact("On whose word", words, "priced calls by the confidence of their rate"))
    return facts


def _risks(found: Headline) -> Table:
    rows = [_risk(risk) for risk in found.risks]
    notes = [
        "A call without usage may cost from nothing to what 95 of 100 calls of its seller and model cost at most "
        f"(of the last {CEILING_DAYS} days of the period); one without a price, from the cheapest to the dearest rate "
        "of a model of its name."
    ]
    if found.unbounded:
        notes.append(f"Of {things(found.unbounded, 'call')} not even that is known.")
    return Table("coverage_risk", "Between which amounts the truth lies", RISK_COLUMNS, tuple(rows), notes=tuple(notes))


def _risk(risk: Risk) -> tuple[Cell, ...]:
    amounts = (risk.known, risk.known + risk.low, risk.known + risk.high)
    return (risk.currency, *(Money(pico, risk.currency) for pico in amounts))


def _unknown(rows: Sequence[CostRow]) -> Table:
    kept, rest = rows[:MOST_ROWS], rows[MOST_ROWS:]
    found: list[tuple[Cell, ...]] = [_unknown_row(row) for row in kept]
    notes = []
    if rest:
        notes.append(f"{things(len(rest), 'more group')} with {things(sum(row.unpriced for row in rest), 'call')}.")
    totals = (("Total", None, None, None, *_sums(rows)),) if rows else ()
    open_rows = frozenset(place for place, row in enumerate(kept) if not is_elsewhere(row.group[0] or ""))
    return Table(
        "coverage_unknown",
        "Calls of unknown cost, and why",
        UNKNOWN_COLUMNS,
        tuple(found),
        totals,
        tuple(notes),
        marked=open_rows,
        empty="There are none.",
    )


def _unknown_row(row: CostRow) -> tuple[Cell, ...]:
    reason, seller, model = row.group
    means = ELSEWHERE if is_elsewhere(reason or "") else MISSING_PRICE
    names = (reason or "not said", seller or MISSING["seller"], model or MISSING["model"])
    return (*names, means, row.unpriced, *_tokens(row))


def _tokens(row: CostRow) -> tuple[int, int]:
    return row.input + row.cache_read + row.cache_written, row.output


def _sums(rows: Sequence[CostRow]) -> tuple[int, ...]:
    tokens = [_tokens(row) for row in rows]
    return sum(row.unpriced for row in rows), sum(sent for sent, _ in tokens), sum(got for _, got in tokens)


def _reviews(rows: Sequence[ReviewReason]) -> Table:
    found = tuple(_review(row) for row in rows)
    return Table(
        "coverage_review",
        "Calls under review",
        REVIEW_COLUMNS,
        found,
        marked=frozenset(range(len(found))),
        empty="There are none.",
    )


def _review(row: ReviewReason) -> tuple[Cell, ...]:
    amounts = (row.cost, row.cost_low, row.cost_high)
    return (row.reason, row.calls, *(Money(pico, row.currency if pico is not None else None) for pico in amounts))


def _rejects(rows: Sequence[RejectedIn]) -> Table:
    kept = rows[:MOST_ROWS]
    found = tuple(
        (row.file, row.source, row.lines, row.first_line, row.first_reason, row.first_at, row.last_at) for row in kept
    )
    left = sum(row.lines for row in rows[MOST_ROWS:])
    notes = ["Of files that hold calls of the period, whatever its scope: an unread line says of no call whose it was."]
    notes += [f"{things(left, 'line')} of other files beside these."] if left else []
    totals = (("Total", None, sum(row.lines for row in rows), None, None, None, None),) if rows else ()
    return Table(
        "coverage_rejects",
        "Lines that could not be read",
        REJECT_COLUMNS,
        found,
        totals,
        tuple(notes) if rows else (),
        marked=frozenset(range(len(found))),
        empty="There are none in files with calls of this period.",
    )
