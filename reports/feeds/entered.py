"""Feeds of what people enter: recurring charges by day, and budgets by period."""

from pricing.charges import SCOPES
from reports.feeds.feed import Column, Feed, amount, dimension, number

RECURRING = Feed(
    name="recurring",
    version=1,
    grain="One recurring charge on one billing day.",
    period="Billing days of the period, both ends included, and none after today.",
    columns=(
        Column("day", "day", "The billing day.", nullable=False),
        number("charge", "Its number in this warehouse.", "number"),
        Column("name", "text", "What it is.", nullable=False),
        Column("kind", "text", "`gpu_hours`, `licence`, `plan`, `support` or `other`.", nullable=False),
        dimension("org", "The organisation that it belongs to; null: none."),
        dimension("team", "The team that it belongs to; null: none."),
        dimension("project", "The project that it belongs to; null: none."),
        dimension("seller", "The seller that it belongs to; null: none."),
        Column("currency", "text", "Its currency.", nullable=False),
        *amount("cost", "The day's share of its amount. In no cost of calls: add it, or show it beside them."),
        dimension("evidence", "Where it stands, as the person who entered it says."),
    ),
    narrowed_by=SCOPES,
)
BUDGETS = Feed(
    name="budgets",
    version=1,
    grain="One budget in one of its periods.",
    period="Periods of budgets that share a day with it; the newest of each as it stands today.",
    columns=(
        number("budget", "Its number in this warehouse.", "number"),
        Column("name", "text", "What it is called.", nullable=False),
        dimension("owner", "Whose it is."),
        Column(
            "scope", "text", 'What it is about, as JSON: `{"team": ["research"]}`; `{}`: everything.', nullable=False
        ),
        Column("first", "day", "The first day of the period.", nullable=False),
        Column("last", "day", "The last day of the period; null: open."),
        Column("is_newest", "flag", "Whether it is the period of today, or the last there is.", nullable=False),
        Column("currency", "text", "The budget's currency; amounts in others do not count for it.", nullable=False),
        *amount("amount", "The period's amount, with what was carried over."),
        *amount("carried", "What of it was carried over from the period before."),
        *amount("spent", "What was spent in it so far."),
        *amount("left", "Amount less spent; below 0: overspent."),
        Column("state", "text", "`on track`, `at risk`, `likely over`, `over` and so on; `ended` for one before."),
        *amount("projected", "What it is likely to end at: half of the projected courses end lower."),
        *amount("projected_low", "One in ten projected courses ends lower."),
        *amount("projected_high", "One in ten projected courses ends higher."),
        Column("probability", "number", "The share of projected courses that end above the amount, 0 to 1."),
        Column("unpriced", "count", "Calls of its scope whose cost is unknown: they are in no amount.", "calls"),
    ),
)
