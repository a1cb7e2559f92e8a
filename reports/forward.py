"""The half of a report that looks ahead: projection, budgets, scenarios, a launch, other sellers; and claims."""

from collections.abc import Mapping
from typing import NamedTuple

from reports.asked import Asked
from reports.document import Fact, Section, Words
from reports.forward_parts import Budgets, Claims, Launched, Projected, Scenarios, Sellers
from reports.sections.projection import projection_facts, projection_section

CURRENCIES = (
    "Amounts in the sections that look ahead are in the currencies in which they are billed: of days to come no "
    "exchange rate is known."
)


class Forward(NamedTuple):
    """What planning and analysis say; a part that is None is missing for the reason that ``why_not`` gives."""

    projection: Projected | None
    budgets: Budgets | None
    scenarios: Scenarios | None
    launch: Launched | None
    sellers: Sellers | None
    claims: Claims | None
    why_not: Mapping[str, str]
    """By the key of its section, why a part cannot be had, as a sentence."""


def forward_sections(asked: Asked, forward: Forward) -> list[Section]:
    """The sections in the order in which they are read: what is planned, and claims last."""
    sections = [projection_section(forward.projection)] if forward.projection else []
    if asked.currency and sections:
        first = sections[0]
        sections[0] = first._replace(blocks=(Words((CURRENCIES,)), *first.blocks))
    return sections


def forward_facts(forward: Forward) -> list[Fact]:
    """What the summary says of the days to come."""
    return projection_facts(forward.projection) if forward.projection else []
