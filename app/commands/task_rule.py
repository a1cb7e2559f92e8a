"""``tollbook tasks --rule``: what makes a task, and what each part of the rule names."""

from typing import TYPE_CHECKING

from app.figures import count, share, things
from app.session import Session, plain_table, print_json, print_table

if TYPE_CHECKING:
    from warehouse.connection import Reader
    from warehouse.task_parts import IdUse, RuleUse

HOW = 'The rule is [tasks] by in tollbook.toml, as in by = ["task", "session", "gap:30m"].'


def show_rule(session: Session, *, as_json: bool) -> None:
    """Print the rule and what it makes of the calls; where the settings have another one, the tasks are made anew."""
    from warehouse.connection import open_reader
    from warehouse.task_parts import follow_rule, use_of_rule
    from warehouse.task_rule import title_of

    follow_rule(session.warehouse, now=session.now, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        use = use_of_rule(reader)
    if as_json:
        print_json(_as_object(use))
        return
    total = sum(part.calls for part in use.parts)
    table = plain_table()
    for head in ("part", "a task is"):
        table.add_column(head, overflow="fold")
    for head in ("calls", "share", "tasks"):
        table.add_column(head, justify="right", no_wrap=True)
    for part in use.parts:
        words = ("–", "of no task") if part.part is None else (part.part, title_of(part.part))
        tasks = "–" if part.part is None else count(part.tasks)
        table.add_row(*words, count(part.calls), share(part.calls, total), tasks)
    print_table(table, *_others(use), HOW)


def rule_notes(reader: "Reader") -> list[str]:
    """What is to be said below tasks: where another rule than the usual one made them, or the settings have another."""
    from warehouse.task_parts import built_rule
    from warehouse.task_rule import TASK_IDS

    built, wanted = built_rule(reader), reader.folder.settings().task_rule
    notes = (
        [] if built == TASK_IDS else [f"What makes a task: {built.text}; tollbook tasks --rule shows what each names."]
    )
    if built != wanted:
        notes.append(f"tollbook.toml has another rule, {wanted.text}: tollbook tasks --rule makes the tasks by it.")
    return notes


def _others(use: "RuleUse") -> list[str]:
    """Ids that calls have and the rule does not name."""
    found = [_words(each) for each in use.ids if each.part not in use.rule.parts]
    return [f"Not in the rule: {'; '.join(found)}."] if found else []


def _words(each: "IdUse") -> str:
    return f"{each.part} ({things(each.calls, 'call')}, {things(each.values, 'value')})"


def _as_object(use: "RuleUse") -> dict[str, object]:
    return {
        "rule": list(use.rule.parts),
        "rows": [part._asdict() for part in use.parts],
        "ids": [each._asdict() for each in use.ids],
    }
