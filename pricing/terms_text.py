"""In words: which calls a rate is about, beside its model and time."""

from itertools import groupby

from pricing.card_terms import STANDARD
from pricing.cells import ANY, NO_LIMIT, Cell
from pricing.rates import Rate
from pricing.week import DAY, DAYS, WHOLE_WEEK, Ranges


def render_hours(ranges: Ranges) -> str:
    """``mon-fri 00:00-01:00, 10:00-24:00; sat-sun 00:00-24:00``: what ``parse_hours`` reads, by days alike."""
    by_day = [
        tuple(
            (max(begins - day * DAY, 0), min(ends - day * DAY, DAY))
            for begins, ends in ranges
            if begins < (day + 1) * DAY and ends > day * DAY
        )
        for day in range(len(DAYS))
    ]
    parts = []
    for hours, days in groupby(range(len(DAYS)), key=lambda day: by_day[day]):
        alike = [DAYS[day] for day in days]
        name = alike[0] if len(alike) == 1 else f"{alike[0]}-{alike[-1]}"
        if hours:
            parts.append(f"{name} " + ", ".join(f"{_clock(begins)}-{_clock(ends)}" for begins, ends in hours))
    return "; ".join(parts)


def render_context(cell: Cell) -> str | None:
    """``input above 200,000``, ``input to 200,000``; None where every size is meant."""
    least, most = cell.context_from, cell.context_until - 1
    if cell.context_until == NO_LIMIT:
        return f"input above {least - 1:,}" if least else None
    return f"input {least:,} to {most:,}" if least else f"input to {most:,}"


def render_when(rate: Rate) -> str | None:
    """All of it in a few words: size, hours, service tier, region, contract; None for a rate of every call."""
    cell = rate.cell
    hours = f"{cell.window or 'other hours'} ({cell.zone})" if cell.zone else None
    tier = cell.tier if cell.tier != STANDARD else None
    region = f"region {cell.region}" if cell.region != ANY else None
    whose = " ".join(f"{kind} {name}" for kind, name in (("org", rate.org), ("team", rate.team)) if name != ANY)
    return ", ".join(part for part in (render_context(cell), hours, tier, region, whose or None) if part) or None


def render_week(cell: Cell) -> str | None:
    """``off-peak (UTC): mon-fri 00:00-01:00``; None for a rate of all hours."""
    if cell.zone is None or cell.week == WHOLE_WEEK:
        return None
    return f"{cell.window or 'other hours'} ({cell.zone}): {render_hours(cell.week)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
