"""Days that belong together: an anomaly of several days is one episode, and is told once."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from analysis.anomalies import Found, Rule

CLEAREST: tuple[Rule, ...] = ("stop", "day", "week")
GAP = timedelta(days=7)
"""Days on which the same fires at most so far apart are one episode: a week's window moves on for so long."""


class Episode(NamedTuple):
    """Days on which a scope was unusual in one direction."""

    direction: str
    """``more``, ``less`` or ``stopped``."""
    first: date
    last: date
    day: date
    """The day that shows it best."""
    found: Found
    """Of that day."""


def direction(found: Found) -> str:
    """Which way a day was unusual."""
    return "stopped" if found.rule == "stop" else "more" if found.above else "less"


def episodes(days: Mapping[date, Found] | Iterable[tuple[date, Found]]) -> list[Episode]:
    """The episodes among one scope's days, in the order in which they began."""
    open_ones: dict[str, Episode] = {}
    ended: list[Episode] = []
    for day, found in sorted(dict(days).items(), key=lambda item: item[0]):
        if found.rule is None:
            continue
        way = direction(found)
        before = open_ones.get(way)
        if before and day - before.last <= GAP:
            open_ones[way] = _extended(before, day, found)
        else:
            ended += [before] if before else []
            open_ones[way] = Episode(way, day, day, day, found)
    return sorted([*ended, *open_ones.values()], key=lambda episode: (episode.first, episode.direction))


def _extended(episode: Episode, day: date, found: Found) -> Episode:
    if _clarity(found) > _clarity(episode.found):
        episode = episode._replace(day=day, found=found)
    return episode._replace(last=day)


def _clarity(found: Found) -> tuple[int, float]:
    """A stop says more than a day, and a day than a week; of the same rule the larger says more."""
    assert found.rule is not None
    return -CLEAREST.index(found.rule), found.impact
