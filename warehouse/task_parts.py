"""What the rule of tasks makes of the calls, and bringing the tasks in line with it."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.connection import Reader, open_reader, open_staging, open_writer
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rollups import follow_settings
from warehouse.sqlfiles import sql
from warehouse.task_gaps import rule_of
from warehouse.task_rule import TaskRule

MOST_TAGS = 10


class PartUse(NamedTuple):
    """What one part of the rule names; without a part, the calls that are of no task."""

    part: str | None
    calls: int
    tasks: int


class IdUse(NamedTuple):
    """An id that may name tasks, whether or not the rule does so: the calls that have it, and its values."""

    part: str
    calls: int
    values: int


class RuleUse(NamedTuple):
    """The rule that the tasks are made by, what each of its parts names, and what else calls have."""

    rule: TaskRule
    parts: tuple[PartUse, ...]
    ids: tuple[IdUse, ...]


def built_rule(reader: Reader) -> TaskRule:
    """The rule that the tasks are made by, which is the settings' from the next load on."""
    return rule_of(reader.connection)


def calls_without_task(reader: Reader) -> tuple[int, int]:
    """How many calls no part of the rule names, and how many there are."""
    every, of_tasks = reader.rows(sql("calls_of_tasks"))[0]
    return every - of_tasks, every


def use_of_rule(reader: Reader) -> RuleUse:
    """What the rule makes of the calls; needs a database of the newest schema."""
    rule = built_rule(reader)
    found = {part: (calls, tasks) for part, calls, tasks in reader.rows(sql("task_rule_use"))}
    every = [PartUse(name, *found.get(number, (0, 0))) for number, name in enumerate(rule.parts, 1)]
    every.append(PartUse(None, *found.get(None, (0, 0))))
    ids = [IdUse(*row) for row in reader.rows(sql("task_ids"), {"tags": MOST_TAGS})]
    return RuleUse(rule, tuple(every), tuple(each for each in ids if each.calls))


def follow_rule(root: Path, *, now: datetime, tell: Tell) -> bool:
    """Make the tasks anew where the settings have another rule; returns whether they have. Raises WarehouseMissing."""
    folder = Folder(root)
    with open_reader(root, tell=tell) as reader:
        wanted = folder.settings().task_rule
        is_another = built_rule(reader) != wanted
        if not is_another and reader.row(sql("has_table"), {"table": "gap_task"}):
            return False
    if is_another:
        tell(f"making the tasks anew by {wanted.text}")
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="the rule of tasks", now=now, tell=tell),
    ):
        follow_settings(staging, folder.settings())
    return is_another
