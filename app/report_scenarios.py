"""What a report says of saved scenarios: what each comes to over the report's traffic, and whether it still holds."""

from datetime import datetime
from pathlib import Path

from app.figures import instant
from app.saved_scenarios import moment, of_saved, pick, stale_of, stale_text
from app.scenario_sentences import question_of
from app.scenarios import Ask, Basis, WhatIf, asking, read_basis, what_if_from
from planning.scenario import Scenario, ScenarioError
from reports.asked import Asked
from reports.forward_parts import Answered, Scenarios
from warehouse.locks import Tell
from warehouse.scenarios import SavedScenario, list_scenarios
from warehouse.scope import EVERYTHING

MOST = 5
"""Saved scenarios that are shown where none was named."""
SAME_WORK = (
    "Calls that move are taken to need as many tokens for the same task as the scenario says, else as many as here. "
    "That another model does the work as well is not said."
)


def read_scenarios(root: Path, asked: Asked, now: datetime, *, tell: Tell) -> Scenarios:
    """The named scenarios, else the first saved ones; raises UserMistake for a name that nobody saved."""
    known = list_scenarios(root, tell=tell)
    chosen = [pick(known, name) for name in asked.scenarios] or known[:MOST]
    left_out = tuple(each.name for each in known if each not in chosen)
    if not chosen:
        return Scenarios((), (), left_out)
    wanted = [(each, of_saved(each).scenario) for each in chosen]
    basis = read_basis(root, converts=any(scenario.currency for _, scenario in wanted), tell=tell)
    answered, refused = list[Answered](), list[tuple[str, str]]()
    with asking(root, tell=tell) as ask:
        for saved, scenario in wanted:
            try:
                answered.append(_answered(ask, basis, (saved, scenario), asked, now))
            except ScenarioError as error:
                refused.append((saved.name, str(error)))
    return Scenarios(tuple(answered), tuple(refused), left_out)


def _answered(ask: Ask, basis: Basis, wanted: tuple[SavedScenario, Scenario], asked: Asked, now: datetime) -> Answered:
    saved, scenario = wanted
    (found,) = what_if_from(ask, basis, [scenario], asked.scope, now)
    whole = found
    if asked.scope.values or not _has_days(scenario):
        # What was saved is of all traffic: whether it still holds is asked of the same.
        (whole,) = what_if_from(ask, basis, [scenario], EVERYTHING, now)
    stale = stale_of(saved, whole)
    return Answered(
        name=saved.name,
        question=question_of(saved.document.get("changes", [])),
        about=_about(found),
        saved=f"Saved by {saved.changed_by}, {moment(saved.changed_at)}.",
        result=found.result,
        bridges=found.bridges,
        points=found.projected,
        stale=stale_text(stale) if stale else None,
        notes=tuple(_notes(scenario, found)),
    )


def _has_days(scenario: Scenario) -> bool:
    return any((scenario.since, scenario.until, scenario.last_days, scenario.projected_until))


def _about(found: WhatIf) -> str:
    """Which calls, at the rates of which instant."""
    days = f"Calls of {found.since} to {found.until}" if found.since else "No call in scope"
    rates = f"at the rates of {instant(found.as_of)}" if found.as_of else "each at the rates of its own time"
    return f"{days}, {rates}; data through {instant(found.data_through) or 'no day'}."


def _notes(scenario: Scenario, found: WhatIf) -> list[str]:
    moved = [SAME_WORK] if any(change.kind == "move" for change in scenario.changes) else []
    return [*([scenario.note] if scenario.note else []), *moved, *found.notes]
