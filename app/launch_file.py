"""A launch plan as a YAML file: read with the line of every mistake, and written."""

from datetime import date, timedelta
from pathlib import Path

import yaml

from app.launch_template import TEMPLATE
from app.session import UserMistake
from app.yaml_lines import read_document, read_text
from planning.launch_plan import LaunchPlan, PlanError, read_launch_plan, write_launch_plan

SOON = timedelta(days=14)
BUDGET = "1500"


def template_text(today: date) -> str:
    """The plan to begin with, starting on a Monday soon."""
    soon = today + SOON
    return TEMPLATE.format(start=soon + timedelta(days=-soon.weekday() % 7), budget=BUDGET)


def read_plan_file(path: Path) -> LaunchPlan:
    """The plan of a file; raises UserMistake naming every mistake. ``-`` is standard input."""
    return read_plan_text(*read_text(path))


def read_plan_text(text: str, name: str) -> LaunchPlan:
    """The same of its text; ``name`` is what the mistakes call it."""
    document, lines = read_document(text, name)
    try:
        return read_launch_plan(document)
    except PlanError as error:
        told = (f"{name} line {lines.line_of(each.place)}: {each}" for each in error.mistakes)
        raise UserMistake("\n".join(told)) from None


def plan_text(plan: LaunchPlan) -> str:
    """The YAML that says a plan."""
    return yaml.safe_dump(
        write_launch_plan(plan), sort_keys=False, allow_unicode=True, width=120, default_flow_style=None
    )
