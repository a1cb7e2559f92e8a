"""Terms: the words of this report, and on which terms sellers charged for the calls."""

from pricing.rates import OPEN
from pricing.terms_text import render_context, render_week
from reports.document import Block, Cell, Column, Link, Section, Table, count_column, text_column
from reports.past import Past
from reports.sections.cells import MISSING
from warehouse.report_facts import SellerRule
from warehouse.used_rates import UsedRate

TITLE = "Terms"
WORDS = (
    ("call", "One try over HTTP, also called an attempt; a request that is tried again has several."),
    ("task", "All calls of one piece of work: an agent's run, a ticket, a job."),
    ("seller", "Who bills for a call; the same model may be sold by several."),
    ("meter", "A class of tokens or units that is charged for apart, such as input, cached input and output."),
    ("rate", "What a seller asks for one of a meter, from when to when. It is never edited; another succeeds it."),
    ("as priced", "The cost at the rate that was in force when the call began. It is set once."),
    ("as reported", "What the log says that a call cost."),
    ("re-rated", "The same tokens at other rates; shown beside the cost as priced, never in its place."),
    ("as invoiced", "What the seller's invoice says."),
    ("unknown", "Nobody knows the cost: there is no rate, no usage, or no seller. It is never shown as 0."),
    ("coverage", "The share of calls whose cost is known."),
    ("under review", "The log's own figures do not agree; the cost is one reading, between a lowest and a highest."),
    ("cut off", "The answer ended early; the cost is of what was seen, at least."),
    ("recurring charge", "An amount that is due whether or not anything is called, spread over its days."),
    ("resolved", "Somebody said that the task ended well."),
    ("95% interval", "Were the tasks drawn anew, the figure would lie within it 95 times of 100."),
    ("stale", "A rate in force whose source nobody has looked at for longer than the settings allow."),
    ("projection", "What traffic may come to, as a band, from how it went so far. It is no promise."),
    ("scenario", "Named changes to rates or usage, and what the same traffic would cost then."),
    ("claim", "A vendor's figure. It is shown beside what was measured, and goes into none of it."),
)
WORD_COLUMNS = (text_column("Word", "As this report uses it."), text_column("Meaning", "What it means here."))
RULE_COLUMNS = (
    text_column("Seller", "Who bills."),
    Column("From", "day", "The first day on which the rule holds (UTC)."),
    Column("Until", "day", "The day on which it ends (UTC); a dash: no end is known."),
    text_column("Charges", "HTTP statuses that are charged, by the seller's own word."),
    text_column("Does not charge", "HTTP statuses that are not charged, by the seller's own word."),
    Column("Source", "link", "Where the seller says so."),
)
REASON_COLUMNS = (
    text_column("Seller", "Who bills."),
    text_column("Why", "Why a call was charged, was not, or may have been."),
    text_column("Outcome", "Charged, free, or of unknown cost."),
    count_column("Calls", "Calls of the period."),
)
STEP_COLUMNS = (
    text_column("Seller", "Who bills."),
    text_column("Model", "The model string that the card prices."),
    text_column("Size of input", "The whole call is at this rate when its input, cached tokens included, is so large."),
    text_column("Hours", "The hours of the week at which the rate holds, and their time zone."),
    text_column("Service tier", "The tier or batch that it is asked for."),
)
OUTCOMES = {"rated": "charged", "free": "free", "unknown": "unknown cost"}


def terms_section(past: Past) -> Section:
    """Words first, then what sellers' terms did."""
    grounds = past.grounds
    stepped = [each for each in grounds.used.rates if _is_stepped(each)]
    blocks: list[Block] = [
        Table("words", "Words", WORD_COLUMNS, WORDS),
        Table(
            "seller_rules",
            "Which statuses sellers charge",
            RULE_COLUMNS,
            tuple(_rule(rule) for rule in grounds.rules),
            notes=(
                "Without a rule of the seller: an error without usage is assumed to cost nothing, and a timeout or "
                "disconnect without usage has an unknown cost.",
            ),
            empty="No seller of these calls says which statuses it charges.",
        ),
        Table(
            "charged_reasons",
            "What that did",
            REASON_COLUMNS,
            tuple(
                (each.seller or MISSING["seller"], each.reason, OUTCOMES[each.costing], each.calls)
                for each in grounds.charged
            ),
            empty="There are no calls, or they are asked for by task, session or user: then this is not known.",
        ),
    ]
    if stepped:
        rows = tuple(dict.fromkeys(_step(each) for each in stepped))
        blocks.append(Table("rate_steps", "Rates that differ by size, hour or tier", STEP_COLUMNS, rows))
    return Section(
        "terms", TITLE, "What the words of this report mean, and on which terms calls were charged.", tuple(blocks)
    )


def _rule(rule: SellerRule) -> tuple[Cell, ...]:
    until = None if rule.valid_until >= OPEN else rule.valid_until.date()
    source: Cell = Link(rule.source) if rule.source.startswith(("https://", "http://")) else rule.source
    statuses = (", ".join(map(str, found)) or None for found in (rule.charged, rule.not_charged))
    return (rule.seller, rule.valid_from.date(), until, *statuses, source)


def _is_stepped(each: UsedRate) -> bool:
    cell = each.rate.cell
    return bool(render_context(cell) or render_week(cell) or cell.tier != "standard")


def _step(each: UsedRate) -> tuple[Cell, ...]:
    cell = each.rate.cell
    return each.rate.seller, each.rate.model, render_context(cell) or "any", render_week(cell) or "all", cell.tier
