"""Whether a series that fell silent has stopped: how likely so many days of nothing are for it."""

from collections.abc import Sequence

UNLIKELY = 0.011
"""A run of silent days with a lower chance is no accident."""
LOOK_BACK = 182
WEEK = 7


def silent_days(values: Sequence[float]) -> int:
    """How many days of nothing there are at the end."""
    count = 0
    while count < len(values) and values[-1 - count] == 0:
        count += 1
    return count


def chance_of_silence(values: Sequence[float], period: int = WEEK, look_back: int = LOOK_BACK) -> float:
    """Of the days of nothing at the end, judged by the days before them; 1 where there are none, or never was more.

    The first of them has the share of silent days there were on that day of the week. Each that follows has at least
    the share of those that came after a silent day: a shop that closes for a week is not broken on its second day.
    Hours are judged alike, by a ``period`` of a week's hours.
    """
    run = silent_days(values)
    before = values[: len(values) - run][-look_back:]
    if not run or not any(before):
        return 1.0
    silent = [value == 0 for value in before]
    usual = (sum(silent) + 0.5) / (len(silent) + 1)
    found = 1.0
    for number in range(run):
        # Those that lie whole weeks before the day, and those of them that came after a silent day.
        same = range(len(silent) - period + number % period, -1, -period)
        after_silence = [silent[at] for at in same if at and silent[at - 1]]
        chance = _share([silent[at] for at in same], usual)
        found *= max(chance, _share(after_silence, usual)) if number else chance
    return found


def _share(silent: Sequence[bool], usual: float) -> float:
    """Of silent days, one day of the usual share mixed in."""
    return (sum(silent) + usual) / (len(silent) + 1)
