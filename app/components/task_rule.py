"""What makes a task, said where tasks are shown."""

from app.components.formats import literal, plural
from app.components.page import Run
from warehouse.connection import Reader
from warehouse.task_parts import built_rule
from warehouse.task_rule import TaskRule, title_of


def show_task_rule(run: Run) -> None:
    """Say which rule made the tasks, and where the settings have another."""
