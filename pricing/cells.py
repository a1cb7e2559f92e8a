"""The cells of an entry: every combination of context, hours, service tier and region, with absolute figures.

Figures are composed as exact fractions, base first, then context, hours, service tier and region, and rounded
half-even to one pico-unit once, at the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from pricing.card_fields import same_as
from pricing.card_model import Entry
from pricing.card_terms import STANDARD, Change, ContextTier
from pricing.meters import BASE_METER, METERS, TOKEN_METERS, TokenMeter, UnitMeter
from pricing.money import parse_rate, parse_unit_rate
from pricing.week import WHOLE_WEEK, Ranges, others

NO_LIMIT = (1 << 63) - 1
"""The end, in tokens, of the range of contexts that has none."""
ANY = ""
"""Whatever is not named elsewhere: the region, organisation or team of most cells."""

Figures = dict[str, Fraction]
"""Pico-units per token or unit of each meter that has a price."""


class Cell(NamedTuple):
    """Which calls of an entry's model are charged by one set of figures."""

    context_from: int = 0
    """The smallest input (tokens, of all kinds) that is charged so."""
    context_until: int = NO_LIMIT
    """The smallest that no longer is."""
    window: str | None = None
    """Name of the hours; None: outside every window, or there are none."""
    zone: str | None = None
    """Whose wall clock the hours are on; None: all hours."""
    week: Ranges = WHOLE_WEEK
    tier: str = STANDARD
    region: str = ANY


class PricedCell(NamedTuple):
    """A cell and its figures, in METERS order; None: not sold. ``is_rounded``: some figure was no whole pico-unit."""

    cell: Cell
    pico: tuple[int | None, ...]
    is_rounded: bool


def cells_of(entry: Entry) -> list[PricedCell]:
    """Every cell of an entry: together they hold every context, minute of the week and region exactly once."""
    base = _read(entry.per_mtok, entry.per_unit)
    found = []
    for tier, contexts, tier_change in _tiers(entry):
        for least, until, context_change in contexts:
            for window, zone, week, window_change in _windows(entry):
                for region, region_change in _regions(entry):
                    order = (context_change, window_change, tier_change, region_change)
                    if tier_change is not None and _brings_context(entry, tier):
                        order = (window_change, tier_change, context_change, region_change)
                    figures = base
                    for change in order:
                        figures = _changed(figures, change)
                    cell = Cell(least, until, window, zone, week, tier, region)
                    found.append(_priced(cell, figures))
    return found


def round_pico(figure: Fraction) -> int:
    """A whole number of pico-units, half to even."""
    return round(figure)


def _brings_context(entry: Entry, tier: str) -> bool:
    return tier in entry.service_tiers and bool(entry.service_tiers[tier].context)


def _tiers(entry: Entry) -> Iterator[tuple[str, list[tuple[int, int, Change | None]], Change | None]]:
    yield STANDARD, _contexts(entry.context), None
    for name, tier in entry.service_tiers.items():
        yield name, _contexts(tier.context or entry.context), tier


def _contexts(tiers: Sequence[ContextTier]) -> list[tuple[int, int, Change | None]]:
    """First token count, the one after the last, and the change, from the smallest on."""
    steps: list[tuple[int, Change | None]] = [(0, None), *((tier.least_tokens, tier) for tier in tiers)]
    edges = [least for least, _ in steps] + [NO_LIMIT]
    return [(least, until, change) for (least, until), (_, change) in zip(pairwise(edges), steps, strict=True)]


def _windows(entry: Entry) -> Iterator[tuple[str | None, str | None, Ranges, Change | None]]:
    if not entry.windows:
        yield None, None, WHOLE_WEEK, None
        return
    zone = entry.windows[0].zone
    rest = others(part for window in entry.windows for part in window.week)
    if rest:
        yield None, zone, rest, None
    for window in entry.windows:
        yield window.name, zone, window.week, window


def _regions(entry: Entry) -> Iterator[tuple[str, Change | None]]:
    yield ANY, None
    yield from entry.regions.items()


def _changed(figures: Figures, change: Change | None) -> Figures:
    if change is None:
        return figures
    factor = Fraction(change.multiply) if change.multiply else Fraction(1)
    scaled = {meter: pico * factor if meter in TOKEN_METERS else pico for meter, pico in figures.items()}
    return scaled | _read(change.per_mtok, change.per_unit)


def _read(per_mtok: Mapping[TokenMeter, str], per_unit: Mapping[UnitMeter, str]) -> Figures:
    """The figures as written; what ``same_as`` names has one of its own, as the reader of the card made sure."""
    written = {str(meter): figure for meter, figure in per_mtok.items()}
    tokens = {meter: parse_rate(written[same_as(figure) or meter]) for meter, figure in written.items()}
    units = {str(meter): parse_unit_rate(figure) for meter, figure in per_unit.items()}
    return {meter: Fraction(pico) for meter, pico in (tokens | units).items()}


def _priced(cell: Cell, figures: Figures) -> PricedCell:
    whole = dict(figures)
    for meter, base in BASE_METER.items():
        if meter not in whole and base in whole:
            whole[meter] = whole[base]
    pico = tuple(round_pico(whole[meter]) if meter in whole else None for meter in METERS)
    return PricedCell(cell, pico, any(figure.denominator != 1 for figure in figures.values()))
