"""The terms of an entry in a few words: what its contexts, hours, tiers, regions and contract change."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pricing.card_terms import STANDARD
from pricing.cells import ANY, NO_LIMIT, round_pico
from pricing.meters import METERS, TOKEN_METERS
from pricing.money import format_pico
from pricing.rates import PRECEDENCE, Rate
from pricing.week import DAY, DAYS, WHOLE_WEEK, Ranges
from warehouse.booked_rates import BookedEntry

MTOK = 1_000_000
TOLD = ("input", "cache_read", "output")
"""The meters whose figures stand for all of them where words are few."""
WORDS = {Fraction(1): "the same", Fraction(1, 2): "half", Fraction(2): "double"}


def terms_of(entry: BookedEntry) -> list[str]:
    """What differs from the base, one thing at a time; combinations are in the grid."""
    base = entry.base
    return [*whose(entry), *_hours(entry.cells, base), *_others(entry.cells, base)]


def whose(entry: BookedEntry) -> list[str]:
    """Whose contract it is, and whether it is a correction or a promotion."""
    base = entry.base
    said = []
    if base.precedence == PRECEDENCE["contract"]:
        who = [f"{kind} {name}" for kind, name in (("organisation", base.org), ("team", base.team)) if name != ANY]
        said.append(", ".join(["contract", *who]))
    if base.corrects is not None:
        said.append("correction")
    if base.promotion is not None:
        said.append("promotion")
    return said


def is_discount(rate: Rate) -> bool:
    """Whether it is a list rate with so much taken off."""
    return rate.list_precedence != rate.precedence


def _hours(cells: Sequence[Rate], base: Rate) -> Iterator[str]:
    for rate in cells:
        if rate.cell._replace(window=base.cell.window, week=base.cell.week) == base.cell and rate is not base:
            yield f"{window_name(rate)} {rate.cell.zone}: {change(base, rate)}"


def _others(cells: Sequence[Rate], base: Rate) -> Iterator[str]:
    """By context, tier and region, each beside the base in all else."""
    cell = base.cell
    standing = [rate for rate in cells if rate.cell.window == cell.window and rate is not base]
    for rate in standing:
        if rate.cell._replace(context_from=cell.context_from, context_until=cell.context_until) == cell:
            yield f"from {rate.cell.context_from:,} tokens: {change(base, rate)}"
    for rate in standing:
        if rate.cell._replace(tier=STANDARD, context_until=cell.context_until) == cell:
            yield f"{rate.cell.tier}: {change(base, rate)}"
    for rate in standing:
        if rate.cell._replace(region=ANY) == cell:
            yield f"{rate.cell.region}: {change(base, rate)}"


def change(base: Rate, rate: Rate) -> str:
    """How one cell's figures stand to another's: half, +10 %, or the figures themselves."""
    factor = _factor(base, rate)
    if factor is None:
        return " / ".join(_figure(rate, meter) for meter in TOLD)
    if factor in WORDS:
        return WORDS[factor]
    percent = (factor - 1) * 100
    if percent.denominator == 1 and abs(percent) < 100:
        return f"{'+' if percent > 0 else '−'}{abs(int(percent))} %"
    return f"{float(factor):g} times"


def _factor(base: Rate, rate: Rate) -> Fraction | None:
    """The one factor between the token figures; None: there is none, or other meters are sold or cost otherwise."""
    tokens = [(old, new) for old, new in zip(base.pico, rate.pico, strict=True)][: len(TOKEN_METERS)]
    units = len(TOKEN_METERS)
    sold = [(old, new) for old, new in tokens if old is not None and new is not None]
    largest = max(sold, default=(0, 0))
    if base.pico[units:] != rate.pico[units:] or len(sold) != sum(pair != (None, None) for pair in tokens):
        return None
    if not largest[0]:
        return None
    factor = Fraction(largest[1], largest[0]).limit_denominator(10_000)
    return factor if all(round_pico(old * factor) == new for old, new in sold) else None


def _figure(rate: Rate, meter: str) -> str:
    pico = rate.pico[METERS.index(meter)]
    if pico is None:
        return "–"
    text = format_pico(pico * MTOK) or ""
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(2, '0')}"


def window_name(rate: Rate) -> str:
    """The name of its hours."""
    return rate.cell.window or ("other hours" if rate.cell.zone else "all hours")


def context_text(rate: Rate) -> str:
    """The sizes of input that it is about."""
    least, until = rate.cell.context_from, rate.cell.context_until
    if until >= NO_LIMIT:
        return f"from {least:,}" if least else "any"
    return f"{least:,} to {until - 1:,}" if least else f"to {until - 1:,}"


def hours_text(week: Ranges) -> str:
    """Minutes of the week as weekdays and hours: mon-fri 10:00-24:00."""
    if week == WHOLE_WEEK:
        return "all hours"
    by_day: dict[int, list[str]] = {day: [] for day in range(7)}
    for begins, ends in week:
        for day in range(begins // DAY, (ends - 1) // DAY + 1):
            first, last = max(begins - day * DAY, 0), min(ends - day * DAY, DAY)
            by_day[day].append(f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}")
    runs: list[list[int]] = []
    for day in range(7):
        if runs and by_day[runs[-1][-1]] == by_day[day]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "; ".join(f"{_days(run)} {', '.join(by_day[run[0]])}" for run in runs if by_day[run[0]])


def _days(run: Sequence[int]) -> str:
    return DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}"
