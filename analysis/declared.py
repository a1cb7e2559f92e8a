"""What a log itself says of another model's work: advisers, fallbacks, another model or provider than asked, a second
model within a task."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np

from analysis.loops import Ints, Mask

Reason = Literal["advisor", "fallback", "other_model", "other_provider", "second_model"]
VENDOR = re.compile(r"^(?:(?:us|eu|apac|global|jp|au)\.)?(?:[a-z][a-z0-9]*\.)(?=[a-z])")
REVISION = re.compile(
    r"(?:[-@](?:latest|20\d\d-?\d\d-?\d\d|preview-\d\d-\d\d(?:\d\d)?|exp-\d\d-?\d\d|\d\d-\d\d|\d{3,4}|v\d+(?=:\d)))+$"
)


class Names(NamedTuple):
    """Who was asked and who answered; None: not reported."""

    role: str | None
    asked: str | None
    served: str | None
    provider_asked: str | None
    provider: str | None
    one_rate: bool
    """A card knows both models by one rate."""


def reason_of(names: Names) -> Reason | None:
    """Why a call is another's work than the one asked for, as its own log says."""
    if names.role == "advisor":
        return "advisor"
    if names.role == "fallback":
        return "fallback"
    if names.asked and names.served and not names.one_rate and not same_model(names.asked, names.served):
        return "other_model"
    if names.provider_asked and names.provider and names.provider_asked.casefold() != names.provider.casefold():
        return "other_provider"
    return None


def same_model(one: str, other: str) -> bool:
    """Whether two strings name one model: a vendor before it, a variant or a revision behind it do not tell."""
    return bare_name(one) == bare_name(other)


def bare_name(model: str) -> str:
    """A model string without its vendor, its variant and its revision."""
    name = model.lower().rsplit("/", 1)[-1]
    name, _, variant = name.partition(":")
    if variant.isdigit():
        name = re.sub(r"-v\d+$", "", name)
    return REVISION.sub("", VENDOR.sub("", name)) or name


def not_thinking(models: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """Bare names of models whose thinking was counted, and never was any: by every name that a seller has for them."""
    counted = [(bare_name(model), thought) for model, thought in models]
    return frozenset(name for name, _ in counted) - {name for name, thought in counted if thought}


def second_model(task: Ints, model: Ints, counts: Mask) -> Mask:
    """Calls by another model than the one that most of their task's calls are by; -1: no model reported.

    Of two models with as many calls the earlier one is the task's. Rows of a task stand together.
    """
    rows = np.flatnonzero(counts & (model >= 0))
    pairs, first, which, calls = np.unique(
        np.stack([task[rows], model[rows]]), axis=1, return_index=True, return_inverse=True, return_counts=True
    )
    best = np.lexsort((first, -calls, pairs[0]))
    main = np.zeros(pairs.shape[1], np.bool_)
    main[best[np.unique(pairs[0][best], return_index=True)[1]]] = True
    found = np.zeros(len(task), np.bool_)
    found[rows] = ~main[which]
    return found
