"""What the warehouse says of a plan's inputs, and the plan with the open ones filled."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from app.launch_draft import WHOLES, moved
from planning.guess import SHARE, Guess
from planning.launch_lengths import Lengths
from planning.launch_plan import LaunchPlan, PlanError, inputs_of, read_launch_plan, write_launch_plan
from planning.scenario import Mistake


class Filled(NamedTuple):
    """One input that the warehouse says."""

    name: str
    """As ``inputs_of`` names it."""
    guess: Guess
    """Its source is ``measured``; its note says of what."""


class Measured(NamedTuple):
    """What the warehouse says of a plan's inputs, open or not."""

    inputs: Mapping[str, Filled]
    """By name: those that it can say."""
    lengths: Mapping[str, Lengths]
    """By kind: calls like its own."""
    calls: int
    """Calls that were looked at."""
    since: date | None
    until: date | None
    data_through: datetime | None
    notes: tuple[str, ...]
    """What one should know of what it says."""
    missing: Mapping[str, str] = {}
    """By name, why it cannot say an input that records could say."""


def fill(plan: LaunchPlan, measured: Measured | None) -> tuple[LaunchPlan, tuple[Filled, ...]]:
    """The plan with every open input filled; raises PlanError naming those that the records do not say."""
    known = measured.inputs if measured else {}
    open_names = [each.name for each in inputs_of(plan) if each.guess.is_open]
    if missing := [name for name in open_names if name not in known]:
        raise PlanError([Mistake(tuple(name.split(".")), _why_not(name, measured)) for name in missing])
    if not open_names:
        return plan, ()
    filled = tuple(_fitted(plan, {name: known[name] for name in open_names}).values())
    document = write_launch_plan(plan)
    for each in filled:
        _put(document, each.name, each.guess.model_dump(mode="json", exclude_none=True))
    return read_launch_plan(document), filled


def _fitted(plan: LaunchPlan, filled: dict[str, Filled]) -> dict[str, Filled]:
    """Measured shares in proportion, so that they add up to what the written shares of the same whole leave.

    They may be of more than the plan has: the records know other kinds of task, too.
    """
    fitted = dict(filled)
    for head in WHOLES:
        shares = [each for each in inputs_of(plan) if each.name.startswith(f"{head}.") and each.name.endswith(".share")]
        own = [each.name for each in shares if each.name in filled]
        if not own:
            continue
        left = 1 - sum(each.guess.span.likely for each in shares if not each.guess.is_open)
        found = sum(filled[name].guess.span.likely for name in own)
        if left <= 0 or not found:
            raise PlanError(f"{head}: the shares that are written leave nothing for the measured ones")
        for name in own:
            guess = filled[name].guess
            fitted[name] = Filled(name, moved(guess, guess.span.likely * left / found, SHARE))
    return fitted


def _why_not(name: str, measured: Measured | None) -> str:
    why = "the records do not say it"
    if measured is None or not measured.calls:
        why = "no calls are in the records"
    elif name in measured.missing:
        why = measured.missing[name]
    return f"measured, but {why}: write low, likely and high"


def _put(document: dict[str, Any], name: str, guess: dict[str, Any]) -> None:
    """Write a guess where its name says."""
    *place, last = name.split(".")
    if place == ["adoption"] and last.startswith("day "):
        for point in document["adoption"]["points"]:
            if point["day"] == int(last.removeprefix("day ")):
                point["share"] = guess
        return
    part: Any = document
    for key in place:
        part = part[int(key) - 1] if isinstance(part, list) else part[key]
    part[last] = guess
