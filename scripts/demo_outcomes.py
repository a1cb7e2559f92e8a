"""The demo's outcomes: whether tasks of some kinds were resolved, as made-up judges said."""

import csv
import io
from collections.abc import Iterable
from random import Random

from scripts.demo_calls import Call

KINDS = {"review": "code review", "incident": "incident", "run": "assistant", "pilot": "assistant"}
"""What is judged, by the beginning of a task's name."""
RESOLVED = {"low": 0.52, "medium": 0.66, "high": 0.72}
"""More effort helps, the most from low to medium."""
PIECES = 24
"""So many pieces of work the assistant is given again and again, at every effort."""
FIELDS = ("task", "resolved", "score", "kind", "work")


def outcomes_table(calls: Iterable[Call]) -> str:
    """A row for each task that is judged; one in twenty is not."""
    tasks: dict[str, Call] = {}
    for call in calls:
        if call.task.partition("-")[0] in KINDS:
            tasks.setdefault(call.task, call)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(FIELDS)
    rows.writerows(row for task, call in sorted(tasks.items()) if (row := _row(task, call)))
    return text.getvalue()


def _row(task: str, call: Call) -> tuple[str, ...] | None:
    kind, _, number = task.partition("-")
    chance = Random(f"demo outcome {task}")
    if chance.random() < 0.05:
        return None
    # The efforts take turns from task to task: every three have one piece of work.
    work = f"piece-{int(number) // 3 % PIECES + 1:02}" if kind == "run" else ""
    ease = Random(f"demo piece {work or task}").uniform(-0.3, 0.25)
    resolved = chance.random() < RESOLVED.get(call.effort, 0.6) + ease
    score = chance.uniform(0.7, 1.0) if resolved else chance.uniform(0.1, 0.65)
    return task, str(resolved).lower(), f"{score:.2f}", KINDS[kind], work
