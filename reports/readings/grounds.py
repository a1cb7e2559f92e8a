"""What is known of the calls, what is not and why, and what needs a person."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from analysis.coverage import Group, Headline, headline
from reports.readings.periods import Days
from warehouse.connection import Reader
from warehouse.cost import CostRow, Coverage, cost_by, coverage_of
from warehouse.coverage import read_known_by_day
from warehouse.folder import Folder
from warehouse.imports import ReviewReason
from warehouse.rate_book import stale_days_of
from warehouse.report_facts import (
    Charged,
    Loaded,
    RejectedIn,
    SellerRule,
    charged_reasons,
    engine_version,
    loaded,
    rejects_in,
    reviews_in_scope,
    seller_rules,
)
from warehouse.scope import Scope
from warehouse.used_rates import Used, read_used

CEILING_DAYS = 31
"""What bounds calls without usage is taken from so many last days of the period."""


class Grounds(NamedTuple):
    """What the figures rest on, and where they end."""

    coverage: Coverage
    headline: Headline
    unknown: tuple[CostRow, ...]
    """Calls of unknown cost by reason, seller and model, most calls first."""
    reviews: tuple[ReviewReason, ...]
    rejects: tuple[RejectedIn, ...]
    used: Used
    charged: tuple[Charged, ...]
    rules: tuple[SellerRule, ...]
    loaded: Loaded
    engine: str
    stale_days: int
    task_rule: str


def read_grounds(reader: Reader, root: Path, period: Days, scope: Scope) -> Grounds:
    """All of it, from sums by day."""
    coverage = coverage_of(reader, scope)
    unknown = [row for row in cost_by(reader, ("unpriced_reason", "seller", "model"), scope) if row.unpriced]
    charged = charged_reasons(reader, scope)
    settings = Folder(root).settings()
    return Grounds(
        coverage=coverage,
        headline=_headline(reader, period, scope),
        unknown=tuple(sorted(unknown, key=lambda row: (-row.unpriced, str(row.group)))),
        reviews=tuple(reviews_in_scope(reader, scope)) if coverage.review else (),
        rejects=tuple(rejects_in(reader, period.first, period.last)),
        used=read_used(reader, scope),
        charged=tuple(charged),
        rules=tuple(seller_rules(reader, _sellers(charged))),
        loaded=loaded(reader),
        engine=engine_version(reader),
        stale_days=stale_days_of(root),
        task_rule=settings.task_rule.text,
    )


def _headline(reader: Reader, period: Days, scope: Scope) -> Headline:
    since = max(period.first, period.last - timedelta(days=CEILING_DAYS - 1))
    known = read_known_by_day(reader, scope, since)
    return headline((Group(*row) for row in known.groups), known.ceilings, known.ranges)


def _sellers(charged: Sequence[Charged]) -> list[str]:
    return sorted({each.seller for each in charged if each.seller})
