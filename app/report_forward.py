"""What a report shows of the days to come, read from a warehouse: the same figures as commands and pages show."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from pathlib import Path

from app.report_budgets import read_budget_part
from app.report_claims import read_claims
from app.report_launch import read_launch
from app.report_projection import read_projection
from app.report_scenarios import read_scenarios
from app.report_sellers import read_sellers
from planning.launch_plan import PlanError
from reports.asked import Asked
from reports.forward import Forward
from reports.forward_parts import Launched
from warehouse.connection import open_reader
from warehouse.locks import Tell
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of

NO_PLAN = "No launch plan was saved: tollbook launch --template prints one to begin with."


def read_forward(root: Path, asked: Asked, now: datetime, *, tell: Tell) -> Forward:
    """Everything that looks ahead, for the traffic that a report is about.

    Raises WarehouseError where nothing was loaded, UserMistake or WarehouseError for a scenario or a launch plan that
    nobody saved.
    """
    with open_reader(root, tell=tell) as reader:
        today = billing_day(now, zone_of(reader))
    why_not: dict[str, str] = {}
    # The projection calculates while the database answers the others.
    with ThreadPoolExecutor(1, "projection") as beside:
        projection = beside.submit(copy_context().run, partial(read_projection, root, asked, now, tell=tell))
        sellers, claims = read_sellers(root, asked, now, tell=tell), read_claims(root, asked, tell=tell)
        return Forward(
            budgets=read_budget_part(root, asked, today, tell=tell),
            scenarios=read_scenarios(root, asked, now, tell=tell),
            launch=_launch_of(root, asked, now, why_not, tell=tell),
            sellers=sellers,
            claims=claims,
            projection=projection.result(),
            why_not=why_not,
        )


def _launch_of(root: Path, asked: Asked, now: datetime, why_not: dict[str, str], *, tell: Tell) -> Launched | None:
    """A launch that cannot be shown leaves the reason in ``why_not``."""
    try:
        launch = read_launch(root, asked, now, tell=tell)
    except PlanError as error:
        why_not["launch"] = f"The launch plan cannot be drawn: {error}"
        return None
    if launch is None:
        why_not["launch"] = NO_PLAN
    return launch
