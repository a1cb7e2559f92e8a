"""What a correct load of the demo finds, counted as its calls are written."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from scripts.demo_calls import NOWHERE, Call, charge_of, cost_of


class Books:
    """The calls of every file, the lines that nobody can read, and the files that show calls again."""

    def __init__(self) -> None:
        self.calls: dict[str, list[Call]] = {}
        self.again: dict[str, list[Call]] = {}
        self.rejected: dict[str, list[int]] = {}

    def enter(self, name: str, calls: Iterable[Call]) -> list[Call]:
        """The calls of a file, in order of time."""
        self.calls[name] = sorted(calls, key=lambda call: (call.at, call.number))
        return self.calls[name]

    def see_again(self, name: str, calls: Iterable[Call]) -> list[Call]:
        """Calls of other files that this one has once more, in order of time."""
        self.again[name] = sorted(calls, key=lambda call: (call.at, call.number))
        return self.again[name]

    def everything(self) -> list[Call]:
        """Every call, once."""
        return [call for calls in self.calls.values() for call in calls]

    def truth(self, *, told_retries: Iterable[str], billed: str) -> dict[str, Any]:
        """All counts, second sightings apart; costs in whole pico-units of each currency.

        ``told_retries`` are the files whose lines say which attempt they are, ``billed`` the one that says what each
        answer was billed.
        """
        calls = self.everything()
        retried = [call for name in told_retries for call in self.calls[name] if call.attempt > 1]
        files = self.calls | self.again
        return {
            "requests": len(calls),
            "second_sightings": sum(map(len, self.again.values())),
            "tasks": len({call.task for call in calls if call.task}),
            "cost_pico": _costs(calls),
            "cost_reported_pico": {"USD": sum(charge_of(call) or 0 for call in self.calls[billed])},
            "cost_pico_by_team": _by(calls, team_of),
            "cost_pico_by_seller": _by(calls, lambda call: call.route.seller),
            "cost_pico_by_day": _by(calls, lambda call: str(call.at.date())),
            "unpriced": dict(sorted(Counter(said for said, cost in map(cost_of, calls) if cost is None).items())),
            "usage_missing": sum(call.prompt is None for call in calls),
            "failed": sum(call.status != 200 for call in calls),
            "retries": len(retried),
            "gateway_cache_hits": sum(bool(call.replay_of) for call in calls),
            "files": {name: self._file(name, calls) for name, calls in files.items()},
        }

    def _file(self, name: str, calls: list[Call]) -> dict[str, Any]:
        return {
            "requests": len(calls),
            "rejected_lines": self.rejected.get(name, []),
            "unpriced": sum(cost_of(call)[1] is None for call in calls),
            "needs_review": sum(map(needs_review, calls)),
            "partial": sum(call.cut for call in calls),
        }


def needs_review(call: Call) -> bool:
    """Whether its usage contradicts itself, or its log has no place for cached tokens."""
    unseen = not call.route.cache_told and call.prompt is not None
    return bool(call.off_by) or call.reasoning > call.output or unseen


def team_of(call: Call) -> str:
    """The call's team; a bare capture names none."""
    return "" if call.route is NOWHERE else call.work.team


def _by(calls: list[Call], name_of: Callable[[Call], str]) -> dict[str, dict[str, int]]:
    groups: dict[str, list[Call]] = {}
    for call in calls:
        groups.setdefault(name_of(call), []).append(call)
    return {name: _costs(groups[name]) for name in sorted(groups)}


def _costs(calls: Iterable[Call]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for currency, cost in map(cost_of, calls):
        if cost is not None:
            sums[currency] += cost
    return dict(sorted(sums.items()))
