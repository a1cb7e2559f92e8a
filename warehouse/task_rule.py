"""What makes a task: a list of ids, tried in order, and a pause for the calls that have none of them."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from warehouse.sqlfiles import sql

IDS = {"task": "task", "trace": "trace_id", "session": "session_id"}
"""What may name a task, and where it stands in a call."""
TITLES = {"task": "the task id of the log", "trace": "the trace", "session": "the session or conversation"}
PAUSE = re.compile(r"gap:(\d{1,6})(s|m|h)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
KNOWN = 'there are "task", "trace", "session", "tag:NAME" and "gap:30m"'


class TaskRule(NamedTuple):
    """The parts of a rule, as ``[tasks] by`` has them."""

    parts: tuple[str, ...] = ("task",)

    @property
    def text(self) -> str:
        """The rule in a line: the first part that a call has names its task."""
        return ", ".join(self.parts)

    @property
    def ids(self) -> tuple[str, ...]:
        """The parts that are ids."""
        return tuple(part for part in self.parts if not part.startswith("gap:"))

    @property
    def without_gap(self) -> "TaskRule":
        """The same without the pause."""
        return TaskRule(self.ids)

    @property
    def gap(self) -> timedelta | None:
        """The longest pause within a task of calls that no id names; None where they make none."""
        found = PAUSE.fullmatch(self.parts[-1]) if self.parts else None
        return timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None

    def statements(self) -> str:
        """The SQL that makes the warehouse follow the rule."""
        names = [_column(part) for part in self.ids]
        every = [*names, *(["gap_task"] if self.gap else [])]
        numbers = " ".join(f"when {name} is not null then {number}" for number, name in enumerate(every, 1))
        text = sql("task_rule").replace("/* numbers */", numbers)
        for mark, columns in (("/* names */ ", names), ("/* parts */ ", every)):
            text = text.replace(mark, "".join(f"{column}, " for column in columns))
        return text


TASK_IDS = TaskRule()
"""The rule that holds unless another is set: a task is what the log calls one."""


def parse_rule(by: object) -> TaskRule:
    """The rule that ``[tasks] by`` says; raises ValueError."""
    parts = [by] if isinstance(by, str) else by
    if not isinstance(parts, Sequence) or not parts:
        raise ValueError(f"{by!r} is no list of what names a task; {KNOWN}")
    for place, part in enumerate(parts, 1):
        _check(part)
        if PAUSE.fullmatch(part) and place < len(parts):
            raise ValueError(f"{part!r} names every call that is left, so it stands last")
    if len(set(parts)) < len(parts):
        raise ValueError(f"{', '.join(parts)} has a part twice")
    return TaskRule(tuple(parts))


def title_of(part: str) -> str:
    """A part of a rule in words."""
    if part.startswith("tag:"):
        return f"the tag {part.removeprefix('tag:')}"
    if found := PAUSE.fullmatch(part):
        unit = UNITS[found[2]].removesuffix("s" if int(found[1]) == 1 else "")
        pause = f"{int(found[1])} {unit}"
        return f"calls of one application, user, key, team and project with no pause above {pause} between them"
    return TITLES[part]


def _check(part: object) -> None:
    if not isinstance(part, str):
        raise ValueError(f"{part!r} is no word; {KNOWN}")
    pause = PAUSE.fullmatch(part)
    if pause and int(pause[1]) == 0:
        raise ValueError(f"{part!r} is no pause; the shortest is gap:1s")
    if not pause and part not in IDS and not (part.startswith("tag:") and part[4:].strip()):
        raise ValueError(f"{part!r} names no task; {KNOWN}")


def _column(part: str) -> str:
    """Where a part stands in a call."""
    if part in IDS:
        return IDS[part]
    quoted = part.removeprefix("tag:").replace("'", "''")
    return f"nullif(tags['{quoted}'], '')"
