"""Feeds of calls added up by day: what was used and what it cost, and how much of it is known."""

from reports.feeds.feed import Column, Feed, amount, dimension, number, tokens
from warehouse.scope import DAY_DIMENSIONS, DETAIL_DIMENSIONS

NARROWED_BY = tuple(name for name in (*DAY_DIMENSIONS, *DETAIL_DIMENSIONS) if name != "day")
DAYS = "Billing days of the period, both ends included."
DAY = Column("day", "day", "The billing day on which the calls began, in the warehouse's billing zone.", nullable=False)
COSTING = Column(
    "costing",
    "text",
    "`rated`: priced by a rate; `free`: the seller charges nothing for such calls; `unknown`: no price is known.",
    nullable=False,
)
REASON = dimension("unpriced_reason", "Why the cost is unknown.")
CURRENCY = dimension("currency", "The currency that the seller bills in; null where the cost is unknown or nothing.")
MODEL = dimension("model", "The model that answered, else the one that was asked for.")
CALLS = (
    number("requests", "Attempts that count: second sightings of a call are left out.", "calls"),
    number("errors", "Attempts that failed.", "calls"),
    number("review", "Attempts whose counts contradict each other; their cost may lie between low and high.", "calls"),
    number("partial", "Attempts whose answer was cut off: their usage is a part.", "calls"),
)
COSTS = (
    *amount("cost", "What the seller's rates in force ask for these calls; null where that is unknown, never 0."),
    *amount("cost_low", "The least it can be, by another reading of calls under review."),
    *amount("cost_high", "The most it can be, by another reading of calls under review."),
)
METERS = (
    tokens("input", "Input that came from no cache."),
    tokens("cache_read", "Input read from a cache."),
    tokens("cache_write_5m", "Input written to a cache for five minutes."),
    tokens("cache_write_1h", "Input written to a cache for one hour."),
    tokens("cache_write", "Input written to a cache, no time being said."),
    tokens("output", "Output, reasoning included."),
    tokens("input_image", "Image input, where a card prices it apart."),
    tokens("input_audio", "Audio input, where a card prices it apart."),
    tokens("input_video", "Video input, where a card prices it apart."),
    tokens("output_audio", "Audio output, where a card prices it apart."),
    tokens("output_image", "Image output, where a card prices it apart."),
    Column("web_search", "count", "Searches of the web.", "searches"),
    Column("request", "count", "Requests as a billable unit, for sellers that charge each.", "requests"),
)

USAGE_DAY = Feed(
    name="usage_day",
    version=1,
    grain="One billing day, who asked, what was asked of whom, the rate that priced it, and its currencies.",
    period=DAYS,
    columns=(
        DAY,
        dimension("org", "The organisation that asked."),
        dimension("team", "The team that asked."),
        dimension("project", "The project that it was for."),
        dimension("environment", "The environment that it was for, as in production."),
        dimension("application", "The application that asked."),
        dimension("key_alias", "The name of the key that was used; never the key."),
        dimension("source", "The kind of log that told of it."),
        dimension("gateway", "The gateway that it went through."),
        dimension("seller", "Who bills it."),
        dimension("region", "The region in which it was answered."),
        dimension("upstream_provider", "Who answered, where the seller passes calls on."),
        dimension("operation", "What was asked for, as in chat or embeddings."),
        dimension("model_requested", "The model that was asked for."),
        MODEL,
        dimension("role", "The part it played in a task: executor, advisor, compaction, fallback."),
        dimension("service_tier", "The service tier that the log names."),
        Column("batch", "flag", "Whether it was sent as part of a batch; null where the log does not say."),
        dimension("reasoning_effort", "The effort that was asked for."),
        COSTING,
        REASON,
        Column("rate_id", "count", "The rate that priced it: the one of that number in the feed `rates`."),
        CURRENCY,
        dimension("cost_reported_currency", "The currency of what the log itself reports."),
        *CALLS,
        number("reported", "Attempts of which the log itself reports a cost.", "calls"),
        *METERS,
        tokens("reasoning", "Reasoning; it is inside `output`, and adds nothing to it."),
        *COSTS,
        *amount(
            "cost_reported", "What the log itself reports as their cost; beside our figure.", "cost_reported_currency"
        ),
    ),
    narrowed_by=NARROWED_BY,
)
COVERAGE = Feed(
    name="coverage",
    version=1,
    grain="One billing day, seller, model, team and project, and what is known of its calls' cost and usage.",
    period=DAYS,
    columns=(
        DAY,
        dimension("seller", "Who bills it."),
        MODEL,
        dimension("team", "The team that asked."),
        dimension("project", "The project that it was for."),
        COSTING,
        REASON,
        dimension("usage_status", "Whether the usage was `reported`, `estimated`, `partial` or is `missing`."),
        Column("http_status", "count", "The status of the answer; null where the log has none.", "HTTP status"),
        dimension("error_category", "What went wrong; null where nothing did."),
        CURRENCY,
        *CALLS,
        *COSTS,
    ),
    narrowed_by=NARROWED_BY,
)
