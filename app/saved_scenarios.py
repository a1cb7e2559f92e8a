"""Saved scenarios and what they come to now: whether rates or calls have changed since, and what that makes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

from app.figures import rounded
from app.scenario_file import read_scenario_file
from app.scenarios import WhatIf
from app.session import UserMistake
from planning.scenario import Scenario, ScenarioError, read_scenario, write_scenario
from warehouse.locks import Tell
from warehouse.scenarios import Draft, Figures, SavedScenario, list_scenarios

FILES = (".yaml", ".yml", ".json")
"""How the names of files of scenarios end. (JSON is YAML.)"""
Moved = Literal["rates", "calls", "exchange rates", "dated rates or events"]


class Named(NamedTuple):
    """A scenario that was asked for, and as what it was saved; from a file, as nothing."""

    scenario: Scenario
    saved: SavedScenario | None


class Stale(NamedTuple):
    """A saved scenario whose figures are no longer those of today."""

    saved: SavedScenario
    moved: tuple[Moved, ...]
    """What has changed since."""
    billed: Mapping[str, int]
    """As priced today, per currency in pico-units."""
    cost: Mapping[str, int]
    """What it comes to today."""


def named(root: Path, asked: Sequence[str], *, tell: Tell) -> list[Named]:
    """The scenarios that files and names ask for, in that order; raises UserMistake, naming what there is."""
    known = list_scenarios(root, tell=tell) if any(not is_file(each) for each in asked) else []
    found: list[Named] = []
    for each in asked:
        if is_file(each):
            found += [Named(scenario, None) for scenario in read_scenario_file(Path(each))]
        else:
            found.append(of_saved(pick(known, each)))
    twice = {each.scenario.name for each in found if sum(each.scenario.name == one.scenario.name for one in found) > 1}
    if twice:
        raise UserMistake(f"{min(twice)!r} is asked for twice: side by side, each needs a name of its own")
    return found


def is_file(asked: str) -> bool:
    """Whether it asks for a file and not for a saved name; ``-`` is standard input."""
    return asked == "-" or asked.lower().endswith(FILES)


def pick(known: Sequence[SavedScenario], which: str) -> SavedScenario:
    """One of them by its name or its number; raises UserMistake naming those that there are."""
    found = next((each for each in known if which in (str(each.number), each.name)), None)
    if found is None:
        there = ", ".join(f"{each.number} {each.name}" for each in known)
        file = " A file's name ends in .yaml." if Path(which).is_file() else ""
        raise UserMistake(
            f"there is no saved scenario {which!r}; {f'there are {there}' if there else 'none was saved'}.{file}"
        )
    return found


def of_saved(saved: SavedScenario) -> Named:
    """What a saved scenario says; raises UserMistake where this version cannot read it."""
    try:
        return Named(read_scenario(saved.document), saved)
    except ScenarioError as error:
        raise UserMistake(f"the saved scenario {saved.name!r} cannot be read: {error}") from None


def draft_of(found: WhatIf, *, owner: str | None = None, demo: bool = False) -> Draft:
    """A scenario with what it came to, to be saved."""
    return Draft(write_scenario(found.scenario), figures_of(found), owner, demo)


def figures_of(found: WhatIf) -> Figures:
    """What it came to, as it is saved: of traffic to come, the middle of its paths as it is and under the scenario."""
    billed, cost = dict(found.result.billed), dict(found.result.cost)
    if found.projected:
        billed = {each.currency: each.as_is[1] for each in found.projected}
        cost = {each.currency: each.scenario[1] for each in found.projected}
    return Figures(billed, cost, found.rates_digest, found.data_digest, found.data_through)


def stale_of(saved: SavedScenario, found: WhatIf) -> Stale | None:
    """What has changed since it was saved; None where it is as it was."""
    was, now = saved.figures, figures_of(found)
    moved: list[Moved] = []
    if was.rates_digest != now.rates_digest:
        moved.append("rates")
    if was.data_digest != now.data_digest:
        moved.append("calls")
    if not moved and (was.billed, was.cost) != (now.billed, now.cost):
        moved.append("dated rates or events" if found.projected else "exchange rates")
    return Stale(saved, tuple(moved), now.billed, now.cost) if moved else None


def stale_text(stale: Stale) -> str:
    """What has changed, since when, and what it makes of the total."""
    saved, cost = stale.saved, stale.saved.figures.cost
    moves = [_move(cost.get(code), stale.cost.get(code), code) for code in sorted({*cost, *stale.cost})]
    return (
        f"{saved.name!r} is stale: since it was saved by {saved.changed_by} at {moment(saved.changed_at)}, the "
        f"{' and the '.join(stale.moved)} it rests on have changed. It {', and '.join(moves or ['has no known cost'])}."
    )


def moment(at: datetime) -> str:
    """``2026-11-22 09:00 UTC``."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _move(before: int | None, now: int | None, currency: str) -> str:
    if before is None or now is None:
        held = rounded(Fraction(before or now or 0))
        return f"comes to {held} {currency}, and had none then" if before is None else f"has no {currency}, {held} then"
    if before == now:
        return f"comes to {rounded(Fraction(now))} {currency}, as it did"
    word = "more" if now > before else "less"
    return (
        f"comes to {rounded(Fraction(now))} {currency}, {rounded(Fraction(abs(now - before)))} {word} than "
        f"{rounded(Fraction(before))} then"
    )
