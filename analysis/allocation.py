"""Shared cost, allocated by a stated rule: whole pico-units that add up to the whole, the same on every run.

A share is an exact fraction first. Each is cut down to a whole pico-unit, and the pico-units left over go to those that
lost most by the cut, by name where they lost alike. So the parts add up to the whole, and none is a pico-unit off.
"""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeVar, get_args

Key = TypeVar("Key", bound=Hashable)

Name = Literal["cost", "tokens", "requests", "even", "fixed"]
NAMES: tuple[Name, ...] = get_args(Name)
AFTER: dict[Name, tuple[Name, ...]] = {
    "cost": ("cost", "requests", "even"),
    "tokens": ("tokens", "requests", "even"),
    "requests": ("requests", "even"),
    "even": ("even",),
    "fixed": ("fixed",),
}
"""What a rule comes to where nobody has any of what it goes by: the next of its list, and it is said."""


class Rule(NamedTuple):
    """How shared cost is divided."""

    name: Name
    parts: Mapping[str, Fraction] = {}
    """Of fixed shares: how much each team takes, in parts of all of them."""


class Basis(NamedTuple):
    """What one team has used of its own, by which it takes part in what is shared."""

    cost: Mapping[str, Fraction]
    """Pico-units by currency."""
    tokens: int
    requests: int


class Weights(NamedTuple):
    """Each team's part in what is shared, none of them below 0."""

    rule: Name
    """The rule that was used: another than the one wanted where nobody had any of what that goes by."""
    parts: Mapping[str, Fraction]

    def shares(self) -> dict[str, Fraction]:
        """Each team's share of the whole, 0 to 1."""
        whole = sum(self.parts.values(), Fraction())
        return {team: part / whole for team, part in self.parts.items()} if whole else {}


def weights_of(rule: Rule, bases: Mapping[str, Basis], currency: str) -> Weights:
    """Who takes part in shared cost of a currency, and by how much; nobody where there is no team.

    Cost is never compared across currencies: shared cost in a currency in which no team has any is divided by requests.
    """
    for name in AFTER[rule.name]:
        parts = {team: part for team, part in _parts(name, rule, bases, currency).items() if part > 0}
        if parts:
            return Weights(name, parts)
    return Weights(rule.name, {})


def _parts(name: Name, rule: Rule, bases: Mapping[str, Basis], currency: str) -> Mapping[str, Fraction]:
    if name == "fixed":
        return rule.parts
    if name == "cost":
        return {team: basis.cost.get(currency, Fraction()) for team, basis in bases.items()}
    if name == "even":
        return dict.fromkeys(bases, Fraction(1))
    return {team: Fraction(getattr(basis, name)) for team, basis in bases.items()}


def allocated(pico: int, weights: Weights) -> dict[str, int]:
    """An amount divided among the teams; the parts add up to it. Empty where nobody takes part.

    A credit is divided as the amount is that it takes back.
    """
    sign = -1 if pico < 0 else 1
    exact = {team: abs(pico) * share for team, share in weights.shares().items()}
    return {team: sign * part for team, part in apportioned(exact).items()}


def apportioned(exact: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Whole numbers in place of fractions, each less than 1 off, that add up to the sum rounded half-even."""
    floors = {key: part.numerator // part.denominator for key, part in exact.items()}
    left_over = round(sum(exact.values(), Fraction())) - sum(floors.values())
    order = sorted(exact, key=lambda key: (floors[key] - exact[key], _text(key)))
    return {**floors, **{key: floors[key] + 1 for key in order[:left_over]}}


def _text(key: Any) -> tuple[str, ...]:
    """What keys are put in order by where they lost alike."""
    return tuple(map(str, key)) if isinstance(key, tuple) else (str(key),)
