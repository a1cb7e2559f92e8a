"""A launch plan that is being put together: a document of which one input, or one part, is changed at a time."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from planning.guess import MEASURED, SHARE, Bounds, Guess, Span
from planning.launch_plan import LaunchPlan, Points, inputs_of, write_launch_plan

Document = dict[str, Any]
Place = tuple[str | int, ...]
"""The keys on the way to a value in the document."""
WHOLES = ("kinds", "routes", "effort")
"""Parts whose shares add up to one."""
DIGITS = 10


def place_of(plan: LaunchPlan, name: str) -> Place:
    """Where the document keeps an input of this name."""
    head, _, rest = name.partition(".")
    if head == "adoption" and isinstance(plan.adoption, Points):
        number = next(n for n, point in enumerate(plan.adoption.points) if rest == f"day {point.day}")
        return (head, "points", number, "share")
    if head == "routes":
        number_text, _, field = rest.partition(".")
        return (head, int(number_text) - 1, field)
    if head in ("kinds", "effort"):
        part, _, field = rest.rpartition(".")
        return (head, part, field)
    return tuple(name.split("."))


def with_value(document: Mapping[str, Any], place: Place, value: object) -> Document:
    """The document with another value at a place; None takes it out."""
    changed = deepcopy(dict(document))
    part: Any = changed
    for key in place[:-1]:
        part = part[key] if isinstance(key, int) else part.setdefault(key, {})
    if value is None:
        part.pop(place[-1], None)
    else:
        part[place[-1]] = value
    return changed


def with_guess(plan: LaunchPlan, name: str, guess: Guess, filled: LaunchPlan | None = None) -> Document:
    """The plan's document with another guess for an input; other shares of the same whole make room for it.

    ``filled``: the same plan with nothing to be measured, where there is one.
    """
    document = with_value(write_launch_plan(plan), place_of(plan, name), written(guess))
    head = name.partition(".")[0]
    if head not in WHOLES or not name.endswith(".share") or guess.is_open:
        return document
    for other, room in _room(filled or plan, head, name, guess):
        document = with_value(document, place_of(plan, other), written(room))
    return document


def _room(plan: LaunchPlan, head: str, name: str, now: Guess) -> Iterator[tuple[str, Guess]]:
    """The other shares of a whole, each smaller or larger in proportion, or all alike where they were nothing."""
    shares = [each for each in inputs_of(plan) if each.name.startswith(f"{head}.") and each.name.endswith(".share")]
    others = [each for each in shares if each.name != name and not each.guess.is_open]
    taken, left = sum(each.guess.span.likely for each in others), 1 - now.span.likely
    for each in others:
        likely = each.guess.span.likely * left / taken if taken else left / len(others)
        if likely != each.guess.span.likely:
            yield each.name, by_hand(each.guess, moved(each.guess, likely, SHARE))


def by_hand(was: Guess, now: Guess) -> Guess:
    """What a person put in place of a measured figure is that person's guess."""
    return now.model_copy(update={"source": "guess", "note": None}) if was.source == MEASURED else now


def written(guess: Guess) -> object:
    """A guess as the document says it: without a spread, note or source, a plain number."""
    said = guess.model_dump(mode="json", exclude_defaults=True)
    if said == {"source": MEASURED}:
        return MEASURED
    return said["likely"] if set(said) == {"likely"} else said


def moved(guess: Guess, likely: float, bounds: Bounds) -> Guess:
    """The guess around another likely value: low and high keep their distance in proportion."""
    likely = round(min(max(likely, bounds.least), bounds.most), DIGITS)
    if guess.is_open or not guess.has_spread:
        return guess.model_copy(update={"low": None, "likely": likely, "high": None})
    span = guess.span
    factor = likely / span.likely if span.likely else 0.0
    low = min(max(round(span.low * factor, DIGITS), bounds.least), likely)
    high = max(min(round(span.high * factor, DIGITS), bounds.most), likely)
    return guess.model_copy(update={"low": low, "likely": likely, "high": high})


def spread(guess: Guess, low: float, high: float) -> Guess:
    """The guess with another low and high; the likely value stays between them."""
    low, high = min(low, high), max(low, high)
    likely = (low + high) / 2 if guess.is_open else min(max(guess.span.likely, low), high)
    ends = {"low": low, "high": high} if low < high else {"low": None, "high": None}
    return guess.model_copy(update={"likely": likely, **ends})


def span_of(guess: Guess) -> Span:
    """Its three points; of one that is still open nothing is known, so it is 0."""
    return Span(0.0, 0.0, 0.0) if guess.is_open else guess.span


def with_part(document: Mapping[str, Any], head: str, name: str, part: Mapping[str, Any]) -> Document:
    """The document with one kind of task or tier of effort more, of no share yet."""
    return with_value(document, (head, name), {**part, "share": 0})


def without_part(document: Mapping[str, Any], head: str, name: str) -> Document:
    """The document without a kind of task or tier of effort; the shares of the others fill the whole again."""
    kept = {key: value for key, value in document[head].items() if key != name}
    return with_value(document, (head,), whole(kept) if kept else None)


def whole(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Parts whose likely shares add up to one."""
    shares = {name: Guess.model_validate(part.get("share", 1)) for name, part in parts.items()}
    total = sum(span_of(share).likely for share in shares.values())
    if any(share.is_open for share in shares.values()):
        return {name: dict(part) for name, part in parts.items()}
    each = 1 / len(parts)
    return {
        name: {**parts[name], "share": written(moved(share, share.span.likely / total if total else each, SHARE))}
        for name, share in shares.items()
    }
