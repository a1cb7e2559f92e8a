"""The half of a report that looks ahead: projection, budgets, scenarios, a launch, other sellers; and claims."""

from collections.abc import Mapping
from typing import NamedTuple

from reports.asked import Asked
from reports.document import Fact, Section, Words
from reports.forward_parts import Budgeted, Budgets, Claims, Launched, Projected, Scenarios, Sellers
from reports.sections.budgets import budget_facts, budgets_section
from reports.sections.claims import claims_section
from reports.sections.launch import TITLE as LAUNCH
from reports.sections.launch import launch_facts, launch_section
from reports.sections.projection import projection_facts, projection_section
from reports.sections.scenarios import scenarios_section
from reports.sections.sellers import sellers_section

CURRENCIES = (
    "Amounts in the sections that look ahead are in the currencies in which they are billed: of days to come no "
    "exchange rate is known."
)


class Forward(NamedTuple):
    """What planning and analysis say of the days to come, and of the same calls elsewhere."""

    projection: Projected
    budgets: Budgets
    scenarios: Scenarios
    launch: Launched | None
    sellers: Sellers
    claims: Claims
    why_not: Mapping[str, str]
    """By the key of a section, why there is nothing in it, as a sentence."""


def forward_sections(asked: Asked, forward: Forward) -> list[Section]:
    """The sections in the order in which they are read: what is planned, other sellers, and claims last."""
    first = projection_section(forward.projection, _budgets_beside(asked, forward))
    if asked.currency:
        first = first._replace(blocks=(Words((CURRENCIES,)), *first.blocks))
    launch = Section("launch", LAUNCH, forward.why_not.get("launch", ""), ())
    if forward.launch:
        launch = launch_section(forward.launch)
    return [
        first,
        budgets_section(forward.budgets, asked),
        scenarios_section(forward.scenarios),
        launch,
        sellers_section(forward.sellers),
        claims_section(forward.claims),
    ]


def _budgets_beside(asked: Asked, forward: Forward) -> dict[str, Budgeted]:
    """Per currency, the worst budget about the calls of the report and the days that are projected first.

    One that counts recurring charges or credits too is about more than calls, and stands in its own section alone.
    """
    period, found = forward.projection.ends[0].period, dict[str, Budgeted]()
    for each in forward.budgets.budgets:
        budget = each.standing.budget
        same = dict(budget.scope) == dict(asked.scope.values) and each.standing.span == period[1:]
        if same and not budget.recurring and not budget.credits:
            found.setdefault(budget.currency, each)
    return found


def forward_facts(forward: Forward) -> list[Fact]:
    """What the summary says of the days to come."""
    launch = launch_facts(forward.launch) if forward.launch else []
    return [*projection_facts(forward.projection), *budget_facts(forward.budgets), *launch]
