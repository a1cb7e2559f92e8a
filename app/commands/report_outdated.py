"""Files of schedules that the books have overtaken, as commands tell them."""

from typing import TYPE_CHECKING, Any

from app.session import Session

if TYPE_CHECKING:
    from app.report_outdated import Outdated


def outdated_of(session: Session) -> "tuple[Outdated, ...]":
    """What was written on schedule and is of a month that the books have otherwise since."""
    from app.report_outdated import find_outdated
    from warehouse.month_close import list_closings
    from warehouse.report_schedule import list_done, list_schedules

    closings = list_closings(session.warehouse, tell=session.tell)
    if not closings:
        return ()
    schedules = list_schedules(session.warehouse, tell=session.tell)
    return find_outdated(schedules, list_done(session.warehouse, tell=session.tell), closings)


def outdated_words(found: "tuple[Outdated, ...]") -> list[str]:
    """A sentence each, and the command that writes the files again."""
    return [
        f"{each.plan.name}, {each.done.period}: its files are outdated, {each.why}. To write them again: {each.command}"
        for each in found
    ]


def outdated_objects(found: "tuple[Outdated, ...]") -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            "schedule": each.plan.name,
            "period": each.done.period,
            "why": each.why,
            "files": [file.path for file in each.done.files],
            "command": each.command,
        }
        for each in found
    ]
