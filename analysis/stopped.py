"""Which sources, sellers and teams have stopped sending, each judged by its own rhythm."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from analysis.silence import LOOK_BACK, UNLIKELY, WEEK, chance_of_silence, silent_days

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LEAST_DAYS = 7
"""What had calls on fewer days has no rhythm yet."""
FORGOTTEN = 28
"""A silence of more days is over: what was sent before has ended."""
COMPARED_DAYS = 28
BUSY = 0.5
"""A day or an hour of the week that is silent less often is usually busy."""
WEEK_HOURS = 24 * WEEK
LOOK_BACK_HOURS = 8 * WEEK_HOURS
Kind = Literal["source", "seller", "team"]
KINDS: tuple[Kind, ...] = ("source", "seller", "team")


class Cell(NamedTuple):
    """The calls of one day, source, seller and team."""

    day: date
    source: str
    seller: str | None
    team: str | None
    calls: int


class Stopped(NamedTuple):
    """Something that no longer sends, though the rest does."""

    kind: Kind
    name: str
    last: date
    """The last day with a call of it."""
    days: int
    """Whole days of nothing since."""
    chance: float
    """How likely so long a silence is for it."""
    usual: float
    """Calls a day in the four weeks up to the last one."""


def find_stopped(cells: Iterable[Cell], through: date) -> list[Stopped]:
    """What has been silent for longer than its rhythm explains, up to ``through``, the last whole day of all data.

    The more there are to judge, the less likely a silence has to be. One whose calls all were of another that
    stopped is not told beside it.
    """
    known = [cell for cell in cells if cell.day <= through]
    series: dict[tuple[Kind, str], dict[date, int]] = {}
    for cell in known:
        for kind, name in _groups(cell):
            days = series.setdefault((kind, name), {})
            days[cell.day] = days.get(cell.day, 0) + cell.calls
    judged = {group: days for group, days in series.items() if len(days) >= LEAST_DAYS}
    found = [one for group, days in judged.items() if (one := _judge(group, days, through, len(judged)))]
    found.sort(key=lambda one: (KINDS.index(one.kind), one.name))
    return [one for place, one in enumerate(found) if not _is_part(one, found[:place], known)]


def days_of_silence(cells: Iterable[Cell], today: date) -> tuple[int, float]:
    """Whole days without any call before today, and how likely so many are; 0 days where the data is too young."""
    calls: dict[date, int] = {}
    for cell in cells:
        calls[cell.day] = calls.get(cell.day, 0) + cell.calls
    first = min(calls, default=today)
    values = [float(calls.get(first + number * DAY, 0)) for number in range((today - first).days)]
    if len(calls) < LEAST_DAYS:
        return 0, 1.0
    return silent_days(values), _chance(values)


def hours_of_silence(calls: Iterable[tuple[datetime, int]], now: datetime) -> tuple[int, float]:
    """Whole hours without any call up to now, and how likely so many are; 0 hours where the data is too young."""
    by_hour = dict(calls)
    end = now.replace(minute=0, second=0, microsecond=0)
    first = max(min(by_hour, default=end), end - (LOOK_BACK_HOURS + FORGOTTEN * 24) * HOUR)
    values = [float(by_hour.get(first + number * HOUR, 0)) for number in range((end - first) // HOUR)]
    run = silent_days(values)
    if len(values) - run < 2 * WEEK_HOURS:
        return 0, 1.0
    return run, _chance(values, WEEK_HOURS, LOOK_BACK_HOURS)


def _groups(cell: Cell) -> list[tuple[Kind, str]]:
    named: Sequence[tuple[Kind, str | None]] = (("source", cell.source), ("seller", cell.seller), ("team", cell.team))
    return [(kind, name) for kind, name in named if name is not None]


def _judge(group: tuple[Kind, str], days: dict[date, int], through: date, judged: int) -> Stopped | None:
    first, last = min(days), max(days)
    run = (through - last).days
    if not 0 < run <= FORGOTTEN:
        return None
    values = [float(days.get(first + number * DAY, 0)) for number in range((through - first).days + 1)]
    chance = _chance(values)
    if chance > UNLIKELY / judged:
        return None
    span = min((last - first).days + 1, COMPARED_DAYS)
    calls = sum(number for day, number in days.items() if day > last - span * DAY)
    return Stopped(*group, last, run, chance, calls / span)


def _chance(values: Sequence[float], period: int = WEEK, look_back: int = LOOK_BACK) -> float:
    """How likely the silence at the end is: by each place in the week, and by all places alike that are usually busy.

    A few weeks without a gap on Tuesdays say little of Tuesdays; with all the other days they say more.
    """
    run = silent_days(values)
    before = values[: len(values) - run][-look_back:]
    # Counted back from the end: the place of a day in the week, whichever it is.
    places = [[value == 0 for value in before[::-1][place::period]] for place in range(period)]
    usual = [sum(silent) / len(silent) if silent else 1.0 for silent in places]
    busy = [silent for silent, share in zip(places, usual, strict=True) if share < BUSY]
    pooled = (sum(map(sum, busy)) + 0.5) / (sum(map(len, busy)) + 1)
    chance = 1.0
    for number in range(run):
        chance *= pooled if usual[-1 - number % period] < BUSY else 1.0
    return max(chance, chance_of_silence(values, period, look_back))


def _is_part(one: Stopped, told: Sequence[Stopped], cells: Sequence[Cell]) -> bool:
    """Whether its calls of the last weeks were all calls of one that is told already."""
    own = [
        cell for cell in cells if (one.kind, one.name) in _groups(cell) and cell.day > one.last - COMPARED_DAYS * DAY
    ]
    return any(all((each.kind, each.name) in _groups(cell) for cell in own) for each in told)
