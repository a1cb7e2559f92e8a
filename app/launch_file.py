"""A launch plan as a YAML file: read with the line of every mistake, and written."""

from datetime import date, timedelta

import yaml

from app.launch_template import TEMPLATE
from planning.launch_plan import LaunchPlan, PlanError, read_launch_plan, write_launch_plan
from planning.scenario import Mistake
from pricing.yaml_text import parse_yaml

SOON = timedelta(days=14)
BUDGET = "1500"


def template_text(today: date) -> str:
    """The plan to begin with, starting on a Monday soon."""
    soon = today + SOON
    return TEMPLATE.format(start=soon + timedelta(days=-soon.weekday() % 7), budget=BUDGET)


def read_plan_text(text: str, name: str) -> LaunchPlan:
    """The plan of a YAML text; raises PlanError, every mistake with the line of the file called ``name``."""
    try:
        document, repeats = parse_yaml(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise PlanError(f"{name}: this is not YAML: {' '.join(str(error).split())}") from None
    mistakes = [Mistake((), f"{name} {repeat}") for repeat in repeats]
    try:
        plan = read_launch_plan(document)
    except PlanError as error:
        mistakes += [_with_line(each, root, name) for each in error.mistakes]
        raise PlanError(mistakes) from None
    if mistakes:
        raise PlanError(mistakes)
    return plan


def plan_text(plan: LaunchPlan) -> str:
    """The YAML that says a plan."""
    return yaml.safe_dump(
        write_launch_plan(plan), sort_keys=False, allow_unicode=True, width=120, default_flow_style=None
    )


def _with_line(mistake: Mistake, root: yaml.Node | None, name: str) -> Mistake:
    """The mistake, told with the line of the deepest key of its place that the file has."""
    node, line = root, 1
    for part in mistake.place:
        found = _inside(node, part)
        if found is None:
            break
        node, line = found
    return Mistake((), f"{name} line {line}: {mistake}")


def _inside(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, int] | None:
    """What a key or a number of an item leads to, and its line."""
    if isinstance(node, yaml.MappingNode):
        # Of a key that is there twice, the last counts.
        for key, value in reversed(node.value):
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None
