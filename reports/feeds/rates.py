"""The feed of rates: what each meter was priced at, on whose word, and what came of it."""

from reports.feeds.calls import NARROWED_BY
from reports.feeds.feed import Column, Feed, amount, dimension

RATES = Feed(
    name="rates",
    version=1,
    grain="One rate that priced calls of the period, and one meter that they used.",
    period="Rates that priced calls of its billing days; quantities and costs are of these days alone.",
    columns=(
        Column("rate_id", "count", "Its number in this warehouse, as in the feed `usage_day`.", nullable=False),
        Column("rate_digest", "text", "What tells it from every other rate, in any warehouse.", nullable=False),
        Column("seller", "text", "Who asks for it.", nullable=False),
        Column("model", "text", "The model, as the card names it.", nullable=False),
        Column("currency", "text", "The currency of the rate.", nullable=False),
        Column("meter", "text", "What is charged, as the columns of `usage_day` are called.", nullable=False),
        Column("per", "text", "What the price is for: one `token` or one `unit`.", nullable=False),
        *amount("price", "What one costs; null: the card asks nothing for it."),
        Column("quantity", "count", "How many were used; below 0 where a log counts more cached than input.", "`per`"),
        *amount("cost", "Quantity times price; the rows of a currency add up to `cost` of `usage_day`."),
        dimension("region", "The region that it is for; null: any."),
        Column("valid_from", "instant", "From when it applies.", nullable=False),
        Column("valid_until", "instant", "Until when; that instant is no longer in it. Null: open."),
        dimension("tier", "The service tier that it is for."),
        Column("context_from", "count", "Calls with at least so much input, cached input too.", "tokens"),
        Column("context_until", "count", "Calls with less input than this; null: any.", "tokens"),
        dimension("hours", "The name of the hours that it is for; null: any hour."),
        dimension("hours_zone", "The time zone of these hours."),
        dimension("contract_org", "The organisation whose contract it is; null: anybody's."),
        dimension("contract_team", "The team whose contract it is; null: anybody's."),
        Column("evidence", "text", "Where the figure stands, as the card says.", nullable=False),
        Column("checked", "day", "When somebody last looked there.", nullable=False),
        Column("confidence", "text", "On whose word: `official`, `registry`, `article` or `contract`.", nullable=False),
        Column("card", "text", "The card that it is from.", nullable=False),
        dimension("note", "What the card adds."),
    ),
    narrowed_by=NARROWED_BY,
)
