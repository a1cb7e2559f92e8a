"""Rollups: what a page asks, from the rollups and from the rows."""

import time
from pathlib import Path
from typing import NamedTuple

from warehouse.connection import Reader, open_reader
from warehouse.cost import cost_by
from warehouse.tasks import dearest_tasks

QUESTIONS = {
    "spend per day and model": ("day, model", "usage_row_priced"),
    "spend per team": ("team", "usage_row_priced"),
    "spend per project and model": ("project, model", "usage_row_priced"),
}
FROM_ROWS = "select {columns}, currency, cast(sum(cost) as decimal(38, 0)) from {table} group by all"
TASKS_FROM_ROWS = """
    select task, currency, cast(sum(cost) as decimal(38, 0)) as cost
    from usage_priced where task is not null group by all order by cost desc limit 20
"""


class Answer(NamedTuple):
    """One question: wall milliseconds from the rollups and from the rows."""

    question: str
    rollup_ms: float
    rows_ms: float


def ask(warehouse: Path) -> list[Answer]:
    """Every question both ways, the median of five; raises AssertionError when the totals differ."""
    answers = []
    with open_reader(warehouse) as reader:
        for question, (columns, table) in QUESTIONS.items():
            text = FROM_ROWS.format(columns=columns, table=table)
            names = columns.split(", ")
            ours = sum(row.cost or 0 for row in cost_by(reader, names))
            assert ours == sum(int(row[-1] or 0) for row in reader.rows(text)), question
            answers.append(Answer(question, _ms(lambda names=names: cost_by(reader, names)), _ms_rows(reader, text)))
        tasks = Answer(
            "twenty dearest tasks", _ms(lambda: dearest_tasks(reader, 20)), _ms_rows(reader, TASKS_FROM_ROWS)
        )
    return [*answers, tasks]


def _ms_rows(reader: Reader, text: str) -> float:
    return _ms(lambda: reader.rows(text))


def _ms(work: object, times: int = 5) -> float:
    assert callable(work)
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - began))
    return sorted(spent)[times // 2]
