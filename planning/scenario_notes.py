"""What a reader of a scenario's result has to know, in sentences."""

from fractions import Fraction

from planning.scenario_changes import SAME, Effort, Move, Ratio, Retries
from planning.scenario_pieces import CACHE_READ, WRITES
from planning.scenario_rates import Place
from planning.scenario_state import Question, State

SOURCES = {"measured": "measured", "claim": "a vendor's claim", "guess": "a guess"}


def notes_of(asked: Question, state: State, read_from_rows: int) -> tuple[str, ...]:
    """The sentences, in the order of what is most likely to mislead."""
    return tuple(
        [*_unpriced(state), *_idle(asked, state), *_folded(asked, state), *_sources(asked), *_read(read_from_rows)]
    )


def _unpriced(state: State) -> list[str]:
    calls: dict[str, Fraction] = {}
    for piece, _, cost, reason, _ in state.priced:
        if cost is None and piece.calls.kind != "unknown":
            name = f"{_route(piece.place)} ({reason}, {piece.tier} tier)"
            calls[name] = calls.get(name, Fraction()) + Fraction(piece.requests, piece.over)
    return [
        f"{_things(count, 'call')} would have no known cost, and {'is' if count == 1 else 'are'} in no total: {name}."
        for name, count in sorted(calls.items(), key=lambda each: -each[1])
    ]


def _idle(asked: Question, state: State) -> list[str]:
    return [
        f"Change {number + 1} ({asked.scenario.changes[number].kind}) is about no call of this traffic."
        for number in sorted(state.idle)
    ]


def _folded(asked: Question, state: State) -> list[str]:
    """What a seller counts as input, of calls that moved there."""
    found: dict[tuple[str, str], Fraction] = {}
    for piece, _, cost, *_ in state.priced:
        if cost is None or not piece.place.is_moved:
            continue
        rate = asked.finder.find(piece.calls.terms, piece.place, piece.tier)
        for meters, name in (((CACHE_READ,), "read from"), (WRITES, "written to")):
            tokens = sum(piece.counts[meter] for meter in meters if rate and rate.pico[meter] is None)
            if tokens:
                key = _route(piece.place), name
                found[key] = found.get(key, Fraction()) + Fraction(tokens, piece.over)
    return [
        f"{_things(tokens, 'token')} {name} a cache {'is' if tokens == 1 else 'are'} counted as input for {where}, "
        "which has no price for that."
        for (where, name), tokens in sorted(found.items())
    ]


def _sources(asked: Question) -> list[str]:
    notes = []
    for number, change in enumerate(asked.scenario.changes):
        said: dict[str, Ratio] = {}
        if isinstance(change, Move):
            said = {"input tokens for the same task": change.input, "output tokens for the same task": change.output}
            said = {name: ratio for name, ratio in said.items() if ratio != SAME}
        elif isinstance(change, Retries):
            said = {"tries per call": change.attempts} | ({"tries per call now": change.now} if change.now else {})
        elif isinstance(change, Effort):
            notes.append(
                f"Change {number + 1} (effort) changes the output alone: what is sent as input stays as it is."
            )
            said = {f"output tokens per call at {tier}": ratio for tier, ratio in change.tokens.items()}
        for name, ratio in said.items():
            note = f" ({ratio.note})" if ratio.note else ""
            notes.append(f"Change {number + 1}: {ratio.value} {name} is {SOURCES[ratio.source]}{note}.")
    return notes


def _read(calls: int) -> list[str]:
    were = f"{_things(Fraction(calls), 'call')} {'was' if calls == 1 else 'were'}"
    return [f"{were} read one by one, because a rate or a change cuts what is summed."] if calls else []


def _route(place: Place) -> str:
    return f"{place.model or 'an unknown model'} at {place.seller or 'an unknown seller'}"


def _things(value: Fraction, noun: str) -> str:
    if value.denominator == 1:
        return f"{int(value):,} {noun}{'' if value == 1 else 's'}"
    return f"less than 1 {noun}" if value < 1 else f"about {float(value):,.0f} {noun}s"
