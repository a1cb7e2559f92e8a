"""What a task costs, and a resolved one: with intervals that draw tasks anew, not calls."""

from collections.abc import Sequence

from analysis.intervals import Interval
from analysis.tasks import Group, Worth, ends_of
from reports.document import (
    Block,
    Cell,
    Column,
    Fact,
    Money,
    Number,
    Section,
    Share,
    Table,
    count_column,
    money_column,
    text_column,
)
from reports.past import Past
from reports.sections.cells import MISSING, money_text, share_text, things

MOST_GROUPS = 25
TITLE = "Cost per task"
COST_COLUMNS = (
    count_column("Tasks", "Tasks that began in the period; a task counts whole, with calls of later days too."),
    count_column("Of known cost", "Of these, tasks every call of which has a price in this currency alone."),
    Column("Calls a task", "number", "Attempts per task, on average over all tasks of the row."),
    money_column("Cost per task", "What the tasks of known cost cost, by their number."),
    money_column("From", "Lower end of the 95% interval of the cost per task; a dash where it is withheld."),
    money_column("To", "Upper end of the 95% interval of the cost per task; a dash where it is withheld."),
)
RESOLVED_COLUMNS = (
    count_column("Judged", "Tasks of known cost of which somebody said how they ended."),
    count_column("Resolved", "Of these, tasks that were resolved."),
    Column("Share resolved", "share", "Resolved ones by judged ones."),
    money_column("Cost per resolved task", "What all judged tasks cost, by the resolved ones: failures are paid for."),
    money_column("From", "Lower end of the 95% interval of the cost per resolved task; a dash where it is withheld."),
    money_column("To", "Upper end of the 95% interval of the cost per resolved task; a dash where it is withheld."),
)


def tasks_section(past: Past) -> Section:
    """Cost per task and per resolved task, in all and group by group."""
    tasks = past.tasks
    if tasks is None:
        lead = "Tasks are not shown: a task counts whole, and can be narrowed by seller, model and team alone."
        return Section("tasks", TITLE, lead, ())
    if not tasks.whole.tasks:
        lead = "No task began in this period, or no call says which task it belongs to."
        return Section("tasks", TITLE, lead, ())
    blocks: list[Block] = []
    for key, title, groups in (
        ("", "All tasks", (tasks.whole,)),
        ("_by_model", "By model", tasks.by_model),
        ("_by_team", "By team", tasks.by_team),
    ):
        kept = groups[:MOST_GROUPS]
        name = title.removeprefix("By ")
        blocks.append(_table(f"task_cost{key}", title, name, kept, len(groups)))
        if any(worth.judged for group in kept for worth in group.worths):
            blocks.append(_resolved(f"task_resolved{key}", f"{title}, per resolved task", name, kept))
    lead = f"{things(tasks.whole.tasks, 'task')} began in the period. Intervals are of 95% and draw tasks anew."
    if past.into:
        lead += " Amounts are in the currencies that were billed: a task's days are not converted one by one."
    return Section("tasks", TITLE, lead, tuple(blocks))


def task_facts(past: Past) -> list[Fact]:
    """What a task and a resolved one cost, for the summary."""
    if past.tasks is None:
        return []
    facts = []
    for worth in past.tasks.whole.worths:
        facts.append(Fact("Per task", _mean(worth), _within(worth.per_task, worth.currency, worth.tasks, "task")))
        if worth.mean_resolved is not None:
            note = _within(worth.per_resolved, worth.currency, worth.judged, "judged task")
            facts.append(Fact("Per resolved task", Money(round(worth.mean_resolved), worth.currency), note))
    return facts


def _within(interval: Interval, currency: str, tasks: int, noun: str) -> str:
    """The interval, and how many tasks it rests on."""
    ends = ends_of(interval)
    of = f"{things(tasks, noun)}"
    return f"{of}; 95%: {money_text(ends[0], currency)} to {money_text(ends[1], currency)}" if ends else of


def _table(key: str, title: str, name: str, groups: Sequence[Group], of: int) -> Table:
    rows = [(_name(name, group), *_cost_cells(group, worth)) for group in groups for worth in group.worths or (None,)]
    unknown = frozenset(place for place, row in enumerate(rows) if row[4] == Money(None, None))
    head = text_column(name.capitalize(), "What the tasks of the row have in common; several models: all of them.")
    return Table(key, title, (head, *COST_COLUMNS), tuple(rows), notes=_notes(groups, of), marked=unknown)


def _resolved(key: str, title: str, name: str, groups: Sequence[Group]) -> Table:
    rows = [(_name(name, group), *_resolved_cells(worth)) for group in groups for worth in group.worths if worth.judged]
    head = text_column(name.capitalize(), "What the tasks of the row have in common; several models: all of them.")
    return Table(key, title, (head, *RESOLVED_COLUMNS), tuple(rows))


def _name(name: str, group: Group) -> str:
    return group.name or MISSING.get(name, "all")


def _cost_cells(group: Group, worth: Worth | None) -> tuple[Cell, ...]:
    calls = Number(group.calls / group.tasks if group.tasks else None)
    if worth is None:
        return group.tasks, 0, calls, Money(None, None), None, None
    return (group.tasks, worth.tasks, calls, _mean(worth), *_ends(worth.per_task, worth.currency))


def _resolved_cells(worth: Worth) -> tuple[Cell, ...]:
    each = None if worth.mean_resolved is None else Money(round(worth.mean_resolved), worth.currency)
    share = Share(worth.resolved / worth.judged)
    return (worth.judged, worth.resolved, share, each, *_ends(worth.per_resolved, worth.currency))


def _mean(worth: Worth) -> Money:
    return Money(round(worth.mean), worth.currency)


def _ends(interval: Interval, currency: str) -> tuple[Cell, Cell]:
    ends = ends_of(interval)
    return (Money(ends[0], currency), Money(ends[1], currency)) if ends else (None, None)


def _notes(groups: Sequence[Group], of: int) -> tuple[str, ...]:
    """Whom the figures leave out, and which intervals lean on one task."""
    notes = []
    tasks, known = sum(group.tasks for group in groups), sum(w.tasks for group in groups for w in group.worths)
    if known < tasks:
        notes.append(
            f"The cost of {share_text(known, tasks)} of the tasks is known; the others have calls of unknown cost or "
            "were billed in several currencies, and are in no amount."
        )
    if of > len(groups):
        notes.append(f"{things(of - len(groups), 'group')} with fewer tasks are not listed; they are in all tasks.")
    leaning = [
        f"{group.name or 'All'}, {worth.currency}: {why}."
        for group in groups
        for worth in group.worths
        for why in worth.warnings
    ]
    return (*notes, *leaning)
