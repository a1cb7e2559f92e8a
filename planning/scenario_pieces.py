"""The changes of a scenario at work on counts: whole numbers over a denominator of each piece's own."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from planning.scenario import ScenarioError
from planning.scenario_cells import Calls
from planning.scenario_changes import (
    AnyChange,
    Batch,
    Cache,
    DropFailed,
    Effort,
    Media,
    Move,
    OutputCap,
    Retries,
    Volume,
    Where,
)
from planning.scenario_rates import Place
from pricing.call_terms import BATCH
from pricing.card_terms import STANDARD
from pricing.meters import METERS

INPUT, CACHE_READ, OUTPUT = (METERS.index(name) for name in ("input", "cache_read", "output"))
INPUT_IMAGE, INPUT_VIDEO = METERS.index("input_image"), METERS.index("input_video")
WRITES = tuple(METERS.index(name) for name in ("cache_write_5m", "cache_write_1h", "cache_write"))
INPUTS = frozenset(number for number, name in enumerate(METERS) if name.startswith(("input", "cache")))
OUTPUTS = frozenset(number for number, name in enumerate(METERS) if name.startswith("output"))
FRESH = frozenset({INPUT, *WRITES})
"""Text input that is not read from the cache."""
ONE = Fraction(1)


@lru_cache(maxsize=1_000)
def exact(text: str) -> Fraction:
    """A figure of a document as a fraction; read once, for many pieces."""
    return Fraction(text)


class Facts(NamedTuple):
    """What changes need to know of the traffic beside its counts; by the change's place in the document."""

    factors: Mapping[int, Fraction]
    """Of retries: charged tries wanted for one that is; of effort: output tokens."""
    media_tokens: Mapping[tuple[str, str, str], int]
    """Tokens of one image or video by seller, model and ``image low``, ``video low`` and the like."""
    caps: tuple[int, ...] = ()
    """The lengths that answers are counted up to, in the order of the cells' ``lengths``."""


NO_FACTS = Facts({}, {})


class Piece:
    """Some of the calls of one ``Calls``, where they are now; its counts are over ``over``."""

    __slots__ = ("calls", "place", "tier", "over", "requests", "counts", "length", "kept", "is_cached")

    def __init__(self, calls: Calls, place: Place) -> None:
        self.calls = calls
        self.place = place
        self.tier = calls.tier
        self.over = 1
        self.requests = calls.requests
        self.counts = list(calls.counts)
        self.length = ONE
        """How long answers are for one token of the record."""
        self.kept = ONE
        """Share of the output that the caps so far leave."""
        self.is_cached = False
        """Whether a share of the cache was asked for."""

    def copy(self) -> "Piece":
        """The same, to be changed on its own."""
        twin = Piece(self.calls, self.place)
        for name in ("tier", "over", "requests", "length", "kept", "is_cached"):
            setattr(twin, name, getattr(self, name))
        twin.counts = list(self.counts)
        return twin

    def over_more(self, factor: int) -> None:
        """The same counts over a denominator so many times as large."""
        self.requests *= factor
        self.counts = [count * factor for count in self.counts]
        self.over *= factor

    def times(self, factor: Fraction) -> None:
        """So many times the calls."""
        if factor == 1:
            return
        self.requests *= factor.numerator
        self.counts = [count * factor.numerator for count in self.counts]
        self.over *= factor.denominator

    def times_at(self, factors: Mapping[int, Fraction]) -> None:
        """So many times what some meters count."""
        factors = {meter: factor for meter, factor in factors.items() if factor != 1}
        if not factors:
            return
        self.over_more(lcm(*(factor.denominator for factor in factors.values())))
        for meter, factor in factors.items():
            # Exact: every denominator is in the counts already.
            self.counts[meter] = self.counts[meter] // factor.denominator * factor.numerator


def is_about(where: Where, piece: Piece) -> bool:
    """Whether a change is about a piece, where it is now."""
    return (
        where.seller in (None, piece.place.seller)
        and where.model in (None, piece.place.model)
        and where.team in (None, piece.calls.team)
    )


def pieces_after(
    calls: Iterable[Calls], changes: Sequence[tuple[int, AnyChange]], facts: Facts, shares: dict[int, Fraction]
) -> tuple[list[Piece], set[int]]:
    """The pieces of the calls after changes of usage, and the changes that were about no call.

    ``shares`` holds each cache change's share as it was; what is not there yet is worked out and kept there.
    """
    pieces = [Piece(one, Place(one.seller, one.model)) for one in calls]
    idle = set()
    for number, change in changes:
        meant = [piece for piece in pieces if is_about(change.where, piece)]
        if not meant:
            idle.add(number)
        elif isinstance(change, Move):
            pieces = _held([*pieces, *(_moved(piece, change) for piece in meant)])
        elif isinstance(change, Batch):
            pieces = _held([*pieces, *(_batched(piece, change) for piece in meant if piece.tier == STANDARD)])
        elif isinstance(change, DropFailed):
            pieces = [piece for piece in pieces if not (piece.calls.failed and is_about(change.where, piece))]
        elif isinstance(change, Cache):
            _cache(meant, change, shares, number)
        else:
            _in_place(meant, number, change, facts)
    return _held(pieces), idle


def _held(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces that still hold calls."""
    return [piece for piece in pieces if piece.requests]


def _in_place(meant: Sequence[Piece], number: int, change: AnyChange, facts: Facts) -> None:
    """Changes that leave calls where they are."""
    for piece in meant:
        if isinstance(change, Volume):
            piece.times(exact(change.times))
        elif isinstance(change, Retries):
            piece.times(facts.factors[number])
        elif isinstance(change, Effort):
            piece.times_at({OUTPUT: facts.factors[number]})
            piece.length *= facts.factors[number]
        elif isinstance(change, OutputCap):
            _cap(piece, change.tokens, facts)
        elif isinstance(change, Media) and piece.calls.is_charged:
            _media(piece, change, facts)


def _moved(piece: Piece, move: Move) -> Piece:
    """The part of a piece that moves; the piece keeps the rest."""
    there, share = piece.copy(), exact(move.share)
    input_, output = exact(move.input.value), exact(move.output.value)
    length = piece.place.input if input_ == 1 else piece.place.input * input_
    there.place = Place(move.seller, move.model, length, True)
    there.times(share)
    there.times_at(dict.fromkeys(INPUTS, input_) | dict.fromkeys(OUTPUTS, output))
    if output != 1:
        there.length *= output
    piece.times(1 - share)
    return there


def _batched(piece: Piece, batch: Batch) -> Piece:
    there, share = piece.copy(), exact(batch.share)
    there.tier = BATCH
    there.times(share)
    piece.times(1 - share)
    return there


def _cache(meant: Sequence[Piece], change: Cache, shares: dict[int, Fraction], number: int) -> None:
    """Less than was read: what no longer is becomes input. More: input and writes shrink, and the rest is read."""
    if number not in shares:
        read = sum((Fraction(piece.counts[CACHE_READ], piece.over) for piece in meant), Fraction())
        fresh = sum((Fraction(sum(piece.counts[m] for m in FRESH), piece.over) for piece in meant), Fraction())
        shares[number] = read / (read + fresh) if read + fresh else Fraction()
    was = shares[number]
    wanted = exact(change.share) if change.share is not None else was * exact(change.times or "0")
    if wanted > 1:
        raise ScenarioError(f"{change.times} times the cached share of {float(was):.1%} is more than all of the input")
    for piece in meant:
        piece.is_cached = True
        if wanted < was:
            before = piece.counts[CACHE_READ]
            over = piece.over
            piece.times_at({CACHE_READ: wanted / was})
            piece.counts[INPUT] += before * (piece.over // over) - piece.counts[CACHE_READ]
        elif wanted > was:
            left = (1 - wanted) / (1 - was)
            before, over = sum(piece.counts[meter] for meter in FRESH), piece.over
            piece.times_at(dict.fromkeys(FRESH, left))
            piece.counts[CACHE_READ] += before * (piece.over // over) - sum(piece.counts[meter] for meter in FRESH)


def cap_of(tokens: int, length: Fraction) -> int:
    """How long an answer of the record may be that is no longer than the cap now."""
    return int(tokens / length)


def _cap(piece: Piece, tokens: int, facts: Facts) -> None:
    """The output that answers keep, from how long they are in the record."""
    whole = piece.calls.counts[OUTPUT]
    if not whole or not piece.length:
        return
    below, above = piece.calls.lengths[facts.caps.index(cap_of(tokens, piece.length))]
    kept = (below + above * (tokens / piece.length)) / whole
    if kept < piece.kept:
        piece.times_at({OUTPUT: kept / piece.kept})
        piece.kept = kept


def _media(piece: Piece, change: Media, facts: Facts) -> None:
    for name, count, given in (
        ("image", change.images, change.image_tokens),
        ("video", change.videos, change.video_tokens),
    ):
        if not exact(count):
            continue
        key = piece.place.seller or "", piece.place.model or "", f"{name} {change.detail}"
        tokens = given or facts.media_tokens.get(key)
        if tokens is None:
            one = "an image" if name == "image" else "a video"
            raise ScenarioError(
                f"no card says how many tokens {one} (detail {change.detail}) is for {key[1]} at {key[0]}: "
                f"give {name}_tokens"
            )
        added = exact(count) * tokens
        piece.over_more(added.denominator)
        meter = INPUT_IMAGE if name == "image" else INPUT_VIDEO
        piece.counts[meter] += piece.requests // added.denominator * added.numerator
