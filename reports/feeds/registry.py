"""Which feeds there are."""

from reports.feeds.calls import COVERAGE, USAGE_DAY
from reports.feeds.entered import BUDGETS, RECURRING
from reports.feeds.feed import Feed
from reports.feeds.rates import RATES
from reports.feeds.tasks import TASKS

FEEDS: dict[str, Feed] = {feed.name: feed for feed in (USAGE_DAY, TASKS, RATES, RECURRING, BUDGETS, COVERAGE)}
