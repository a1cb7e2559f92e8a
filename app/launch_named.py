"""The launch plan that somebody names on the command line: a file's, standard input's, or one that was saved."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.session import Session, UserMistake

if TYPE_CHECKING:
    from planning.launch_plan import LaunchPlan
    from warehouse.launch_plans import SavedPlan

FILES = (".yaml", ".yml", ".json")


class Named(NamedTuple):
    """A plan, and the saved one that it is."""

    plan: "LaunchPlan"
    saved: "SavedPlan | None"


def named_plan(session: Session, asked: str) -> Named:
    """The plan of a file or a saved name; raises UserMistake, PlanError, WarehouseError."""
    from app.launch_file import read_plan_file
    from planning.launch_plan import read_launch_plan
    from warehouse.launch_plans import get_launch_plan

    if asked != "-" and not asked.lower().endswith(FILES) and not Path(asked).is_file():
        saved = get_launch_plan(session.warehouse, asked, tell=session.tell)
        return Named(read_launch_plan(saved.document), saved)
    if asked != "-" and not Path(asked).exists():
        raise UserMistake(f"{asked}: there is no such file; tollbook launch --template prints a plan to begin with")
    return Named(read_plan_file(Path(asked)), None)
