"""What seems to have happened to the traffic: proposals, which change nothing until a person confirms them.

A shift is proposed where 5 of the last 7 days lie outside the band of one day, on one side: a median level of the four
weeks before times a weekday profile, and the spread of their days around it. It is proposed at the narrowest scope
that explains it: the one without which the rest of the traffic shows no shift. Zeros are proposed where there were
hardly ever any: days inside as an outage; three or more at the end are a question, because nobody can tell from zeros
whether a seller was down, a model was given up, or a log is not loaded yet.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from planning.events import SCOPES, Event, Kind, apply
from planning.traffic import REQUESTS, Mask, Traffic

WINDOW, OUTSIDE = 7, 5
"""So many of the last days must lie outside the band, on one side."""
BASE, BASE_LEAST = 28, 14
"""The days before the window that say what is usual, and how many must be known."""
BAND = 2.0
"""Half the band's width, in robust standard deviations of one day."""
SHIFT_LEAST = 0.4
"""The least shift proposed: the logarithm of a factor, here 1.5."""
DAILY_LEAST = 5.0
"""Fewer requests a day than this are too few to see a shift in."""
SHARE_LEAST = 0.02
"""Nor is a scope that has less than this share of all requests worth a question."""
TRIAL_FACTOR = 5
"""What began with less than a base of days was on trial until then if its days are this many times the highest."""
SEASON = 7
ZEROS_ASK = 3
"""So many days of zeros at the end are a question."""
ZEROS_INSIDE = 7
"""A longer gap inside is not taken for an outage."""
ZERO_SHARE = 0.05
"""What is at zero on more of its days than this is at zero now and then."""
ZERO_WEEKDAYS = 0.2
"""Nor is a Sunday at zero news where this share of the other Sundays is."""
LOOK_BACK = 56
NEAR = 7
"""An event so many days from a proposal, about the same traffic, has answered it."""

Series = NDArray[np.float64]


class Proposal(NamedTuple):
    """What seems to have happened, as the event that confirming would enter."""

    name: str
    """What it is called by, on the command line too; the same as long as it says the same."""
    event: Event
    why: str
    choices: tuple[Kind, ...]
    """The kinds it may be confirmed as, the likeliest first; several where the data cannot tell."""


class Scope(NamedTuple):
    """A scope and the cells in it."""

    seller: str | None
    model: str | None
    team: str | None
    rows: tuple[int, ...]


class Shift(NamedTuple):
    """A level that left its band."""

    age: int
    """How many days it has lasted."""
    factor: float
    """What the level was multiplied by."""
    outside: int
    """How many days of the window are outside the band."""


class Seen(Protocol):
    """Looks for a shift in a scope, without some of its cells."""

    def __call__(self, scope: Scope, without: frozenset[int] = frozenset()) -> Shift | None:
        """The shift, or None."""


def propose(traffic: Traffic, events: Sequence[Event]) -> list[Proposal]:
    """What seems to have happened and no event answers yet, in order of days."""
    if not traffic.cells or traffic.days < BASE_LEAST + WINDOW:
        return []
    current = apply(traffic, events)
    requests = current.counts[:, REQUESTS, :].astype(float)
    # Before its first call a cell is truly at zero; what an event takes out is not known.
    not_begun = np.cumsum(requests, axis=1) == 0
    known = np.logical_or(current.known, not_begun)
    scopes = list(_scopes(current, requests))
    zeros = list(_zeros(current, requests, known, scopes))
    # What is asked about as zeros is not asked about as a decline, too.
    asked = [each.event._replace(state="confirmed") for each in zeros if not _is_answered(each, events)]
    known = np.logical_or(apply(current, asked).known, not_begun)
    found = [*zeros, *_shifts(current, requests, known, scopes), *_trials(current, requests, known)]
    open_ones = [each for each in found if not _is_answered(each, events)]
    return sorted(open_ones, key=lambda each: (each.event.first, each.event.about))


def shift_of(values: Series, known: Mask) -> Shift | None:
    """Whether the last days of a series left the band of the four weeks before, and since when."""
    values = np.where(known, values, np.nan)[-(BASE + WINDOW) :]
    start = len(values) - WINDOW
    base, window = values[:start], values[start:]
    if np.isfinite(base).sum() < BASE_LEAST or np.isfinite(window).sum() < OUTSIDE or np.nanmean(base) < DAILY_LEAST:
        return None
    logs = np.log1p(values)
    logs -= _profile(logs, start)
    level = np.nanmedian(logs[:start])
    spread = max(1.4826 * float(np.nanmedian(np.abs(logs[:start] - level))), 1 / np.sqrt(float(np.nanmean(base)) + 1))
    away = logs - level
    band = BAND * spread
    outside = [int((sign * away[start:] > band).sum()) for sign in (1, -1)]
    sign = 1 if outside[0] >= outside[1] else -1
    shift = float(np.nanmedian(np.sort(sign * away[start:])[-OUTSIDE:]))
    if max(outside) < OUTSIDE or shift < SHIFT_LEAST:
        return None
    column = _onset(away)
    factor = float(np.exp(np.nanmedian(logs[column:]) - np.nanmedian(logs[:column])))
    return Shift(len(values) - column, factor, max(outside))


def launch_after_trial(values: Series) -> Shift | None:
    """Whether something new, from its first request on, was tried with a few calls and then began in earnest."""
    cuts = range(1, len(values) - OUTSIDE + 1)
    jump = {cut: float(np.median(values[cut : cut + OUTSIDE]) / values[:cut].max()) for cut in cuts}
    best = max(cuts, key=lambda cut: (jump[cut], values[cut]), default=None)
    if best is None:
        return None
    usual, highest = float(np.median(values[best:])), float(values[:best].max())
    above = int((values[best:] > TRIAL_FACTOR * highest)[-WINDOW:].sum())
    if usual < max(DAILY_LEAST, TRIAL_FACTOR * highest) or above < OUTSIDE:
        return None
    return Shift(len(values) - best, usual / float(values[:best].mean()), above)


def _profile(logs: Series, start: int) -> Series:
    """What a day's weekday adds, learnt from the days before ``start`` and shrunk by half where there are few."""
    centred = logs[:start] - np.nanmedian(logs[:start])
    profile = np.zeros(SEASON)
    for phase in range(SEASON):
        days = centred[phase::SEASON]
        days = days[np.isfinite(days)]
        profile[phase] = np.median(days) * len(days) / (len(days) + 1) if len(days) else 0.0
    return profile[np.arange(len(logs)) % SEASON]


def _onset(away: Series) -> int:
    """The first day of the new level: where two levels fit the days best."""
    days = np.where(np.isfinite(away), away, 0.0)
    weights = np.isfinite(away).astype(float)
    best, column = np.inf, len(away) - WINDOW
    for cut in range(SEASON, len(away) - OUTSIDE + 1):
        misfit = 0.0
        for part in (slice(None, cut), slice(cut, None)):
            mean = (days[part] * weights[part]).sum() / max(1.0, weights[part].sum())
            misfit += float((np.abs(days[part] - mean) * weights[part]).sum())
        if misfit < best:
            best, column = misfit, cut
    return column


def _scopes(traffic: Traffic, requests: Series) -> Iterator[Scope]:
    """All traffic, and each seller, model, team and cell worth a question; cells that are new begin by themselves."""
    everything = requests[:, -LOOK_BACK:].sum()
    rows: list[int] = np.flatnonzero(requests[:, : -(BASE_LEAST + WINDOW)].any(axis=1)).tolist()
    if not rows:
        return
    told = {tuple(rows)}
    yield Scope(None, None, None, tuple(rows))
    for names in (*((name,) for name in SCOPES), SCOPES):
        places = [SCOPES.index(name) for name in names]
        groups: dict[tuple[str | None, ...], list[int]] = {}
        for row in rows:
            groups.setdefault(tuple(traffic.cells[row][place] for place in places), []).append(row)
        for values, held in groups.items():
            within = tuple(held)
            # Nothing can be entered about what has no name, and nothing twice about the same cells.
            enough = requests[held, -LOOK_BACK:].sum() >= SHARE_LEAST * everything
            if None not in values and within not in told and enough:
                told.add(within)
                named = dict(zip(names, values, strict=True))
                yield Scope(named.get("seller"), named.get("model"), named.get("team"), within)


def _shifts(traffic: Traffic, requests: Series, known: Mask, scopes: Sequence[Scope]) -> Iterator[Proposal]:
    """Shifts, each at the narrowest scope that explains it."""
    left = set(range(len(traffic.cells)))

    def seen(scope: Scope, without: frozenset[int] = frozenset()) -> Shift | None:
        rows = [row for row in scope.rows if row in left and row not in without]
        return shift_of(*_series(requests, known, rows)) if rows else None

    while True:
        found = {scope: shift for scope in scopes if (shift := seen(scope))}
        if not found:
            return
        narrow_first = sorted(found, key=lambda scope: len(scope.rows))
        scope = next((each for each in narrow_first if _explains(each, found, seen)), narrow_first[-1])
        yield _shift_proposal(traffic, scope, found[scope])
        left -= set(scope.rows)


def _trials(traffic: Traffic, requests: Series, known: Mask) -> Iterator[Proposal]:
    """New cells that were on trial before they began in earnest."""
    everything = requests[:, -LOOK_BACK:].sum()
    for row, cell in enumerate(traffic.cells):
        began = int(np.argmax(requests[row] > 0))
        values = requests[row, began:][known[row, began:]]
        enough = values.sum() >= SHARE_LEAST * everything
        if None in cell or not enough or len(values) > BASE_LEAST + WINDOW:
            continue
        if shift := launch_after_trial(values):
            first = traffic.through - timedelta(days=shift.age - 1)
            why = f"{shift.factor:.0f} times as many requests a day as in the days since it began"
            event = Event(0, "launch", first, None, *cell, state="proposed")
            yield _proposal(event, why, ("launch", "migration"))


def _explains(scope: Scope, found: dict[Scope, Shift], seen: Seen) -> bool:
    """Whether no other scope that shares traffic with this one still shows a shift without it."""
    within = frozenset(scope.rows)
    return not any(seen(other, within) for other in found if other != scope and within & set(other.rows))


def _series(requests: Series, known: Mask, rows: Sequence[int]) -> tuple[Series, Mask]:
    """The requests of several cells together; known where each of them is."""
    together: Mask = np.asarray(known[list(rows)].all(axis=0))
    return requests[list(rows)].sum(axis=0), together


def _shift_proposal(traffic: Traffic, scope: Scope, shift: Shift) -> Proposal:
    first = traffic.through - timedelta(days=shift.age - 1)
    up = shift.factor > 1
    choices: tuple[Kind, ...] = ("launch", "migration") if up else ("migration", "launch")
    change = f"{shift.factor:.1f} times" if up else f"{100 * (1 - shift.factor):.0f}% fewer than"
    level = f"{change} as many requests a day as" if up else f"{change} the requests a day"
    why = f"{level} before; {shift.outside} of the last {WINDOW} days lie {'above' if up else 'below'} the band"
    return _proposal(Event(0, choices[0], first, None, *scope[:3], state="proposed"), why, choices)


def _zeros(traffic: Traffic, requests: Series, known: Mask, scopes: Sequence[Scope]) -> Iterator[Proposal]:
    """Zeros where there were hardly ever any, at the widest scope that is at zero."""
    told: list[tuple[frozenset[int], date]] = []
    for scope in sorted(scopes, key=lambda scope: -len(scope.rows)):
        values, sure = _series(requests, known, scope.rows)
        for first, last in _gaps(values[-LOOK_BACK:], sure[-LOOK_BACK:]):
            day = traffic.through - timedelta(days=min(LOOK_BACK, len(values)) - 1 - first)
            within = frozenset(scope.rows)
            if any(within <= wider and day == since for wider, since in told):
                continue
            told.append((within, day))
            at_end = last == len(values[-LOOK_BACK:]) - 1
            yield _zero_proposal(scope, day, day + timedelta(days=last - first), at_end=at_end)


def _gaps(values: Series, known: Mask) -> Iterator[tuple[int, int]]:
    """First and last column of each run of zeros that is not usual; what has not begun has no gap."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], known & (values == 0), [0]))))
    for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        length, at_end = end - first, end == len(values)
        others = known.copy()
        others[first:end] = False
        alike = others & np.isin(np.arange(len(values)) % SEASON, np.arange(first, end) % SEASON)
        if first == 0 or others.sum() < BASE_LEAST or values[alike].mean() < DAILY_LEAST:
            continue
        usual = (values[others] == 0).mean() > ZERO_SHARE or (values[alike] == 0).mean() >= ZERO_WEEKDAYS
        if not usual and (length >= ZEROS_ASK if at_end else length <= ZEROS_INSIDE):
            yield first, end - 1


def _zero_proposal(scope: Scope, first: date, last: date, *, at_end: bool) -> Proposal:
    days = (last - first).days + 1
    event = Event(0, "outage", first, last, *scope[:3], state="proposed")
    if not at_end:
        return _proposal(event, f"no request on {'this day' if days == 1 else f'these {days} days'}", ("outage",))
    why = f"no request for {days} days, to the end of the data: an outage, has it ended, or is a log not loaded yet?"
    return _proposal(event, why, ("outage", "ended"))


def _proposal(event: Event, why: str, choices: tuple[Kind, ...]) -> Proposal:
    said = "|".join(map(str, (choices[0], event.first, event.seller, event.model, event.team)))
    return Proposal(hashlib.sha256(said.encode()).hexdigest()[:4], event, why, choices)


def _is_answered(proposal: Proposal, events: Sequence[Event]) -> bool:
    return any(_answers(event, proposal.event) for event in events)


def _answers(event: Event, asked: Event) -> bool:
    """Whether an event that a person confirmed or dismissed is about what would be asked."""
    wider = all(getattr(event, name) in (None, getattr(asked, name)) for name in SCOPES)
    alike = (event.kind in ("launch", "migration")) == (asked.kind in ("launch", "migration"))
    return wider and alike and abs((event.first - asked.first).days) <= NEAR
