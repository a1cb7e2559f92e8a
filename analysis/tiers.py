"""Arms of an evaluation: a model at a seller with a tier of effort; which of them are put side by side."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

By = Literal["effort", "model", "seller"]
ORDER = ("none", "off", "minimal", "low", "medium", "default", "high", "xhigh", "max")
"""Tiers from the least effort to the most; others come after, by name."""


class Arm(NamedTuple):
    """One way of doing the work; None: not said."""

    model: str | None
    seller: str | None = None
    effort: str | None = None
    variant: str | None = None
    """What else tells it apart: a harness's format, or before and after a day."""
    run_set: str | None = None
    """The evaluation that it is of; None: the traffic in the logs."""
    kind: str | None = None
    """The kind of work in the logs: arms that did different work are not compared."""

    @property
    def name(self) -> str:
        """Its parts in words."""
        parts = (self.model, self.seller and f"at {self.seller}", self.effort, self.variant, self.kind)
        return " · ".join(part for part in parts if part) or "not said"


def short_names(arms: Sequence[Arm]) -> dict[Arm, str]:
    """Names that tell these arms apart: without what all of them share, and without the seller in a model's string."""
    shared = {
        name for name in ("seller", "effort", "variant", "kind") if len({getattr(arm, name) for arm in arms}) == 1
    }
    found = {arm: arm._replace(**dict.fromkeys(shared), model=_last_part(arm.model)).name for arm in arms}
    return found if len(set(found.values())) == len(set(arms)) else {arm: arm.name for arm in arms}


def _last_part(model: str | None) -> str | None:
    return model and model.rpartition("/")[2]


def in_order(arms: Iterable[Arm]) -> list[Arm]:
    """By evaluation, model and seller, the tiers from the least effort to the most."""
    return sorted(set(arms), key=lambda arm: (*_texts(arm._replace(effort=None)), tier_key(arm.effort)))


def pairs_of(arms: Sequence[Arm], by: By = "effort", against: str | None = None) -> list[tuple[Arm, Arm]]:
    """Which arms are put side by side: those that differ in one thing alone, or each with the one so named.

    Tiers: each with the one below it, and the highest with the lowest; in the logs a call that asks for none is of no
    tier. Models and sellers: each with the first by name.
    """
    ordered = in_order(arms)
    if against:
        return _against(ordered, against)
    groups: dict[Arm, list[Arm]] = {}
    for arm in ordered:
        rest = arm._replace(effort=None) if by == "effort" else _without(arm, by)
        groups.setdefault(rest, []).append(arm)
    found = []
    for group in groups.values():
        if by == "effort":
            tiers = [arm for arm in group if arm.effort or arm.run_set]
            found += list(pairwise(tiers)) + ([(tiers[0], tiers[-1])] if len(tiers) > 2 else [])
        else:
            found += [(group[0], arm) for arm in group[1:]]
    return found


def _against(arms: Sequence[Arm], text: str) -> list[tuple[Arm, Arm]]:
    """Each with the first that has this in its name, of the same evaluation and kind of work."""
    found = []
    for place in dict.fromkeys((arm.run_set, arm.kind) for arm in arms):
        there = [arm for arm in arms if (arm.run_set, arm.kind) == place]
        one = next((arm for arm in there if text in arm.name), None)
        found += [(one, arm) for arm in there if one is not None and arm != one]
    return found


def _without(arm: Arm, by: By) -> Arm:
    # A model is sold by somebody, and has other names elsewhere.
    return arm._replace(model=None, seller=None) if by == "model" else arm._replace(seller=None)


def tier_key(effort: str | None) -> tuple[int, str]:
    """The place of a tier among others."""
    word = (effort or "default").lower()
    word = "none" if word.startswith("no ") else word
    return (ORDER.index(word), "") if word in ORDER else (len(ORDER), word)


def _texts(arm: Arm) -> tuple[str, ...]:
    return tuple(value or "" for value in arm)
