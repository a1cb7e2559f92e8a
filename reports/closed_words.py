"""What closed months came to and what became known of them later, in words: the same wherever figures of them stand."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from planning.book_sums import Sum, sums_of
from planning.close import Books, added
from pricing.books import RECURRING, Closing, Lines
from pricing.money import format_pico

NOTHING = "nothing"
MOVED = "no amount, but lines of it are another team's, project's or model's"


class ClosedMonths(NamedTuple):
    """Closed months of a period, taken together; amounts are kept apart by currency."""

    closings: tuple[Closing, ...]
    """Oldest first; at least one."""
    own: Lines
    """What was frozen of the months themselves."""
    booked: Lines
    """Adjustments of earlier months that were frozen with them."""
    later: Lines
    """What became known of the months after they were closed."""

    @property
    def names(self) -> str:
        """``2026-10``, ``2026-10 to 2026-12``."""
        first, last = self.closings[0].month, self.closings[-1].month
        return f"{first:%Y-%m}" if first == last else f"{first:%Y-%m} to {last:%Y-%m}"

    @property
    def last(self) -> Closing:
        """Of the newest month: its digest is taken of those before it, too."""
        return self.closings[-1]

    @property
    def closed(self) -> str:
        """``13.67675395 USD and 2.17961982 CNY``, to the last digit: what ``tollbook close show`` says."""
        return closed_text(self.own)

    @property
    def came_later(self) -> str:
        """``1.38 USD of 12 calls``; empty where nothing became known later."""
        return later_text(self.later)


def closed_months(books: Iterable[Books], first: date, last: date) -> ClosedMonths | None:
    """The closed months with a day from the first to the last; None where none is closed."""
    found = sorted((each for each in books if each.closing), key=lambda each: each.month)
    found = [each for each in found if first.replace(day=1) <= each.month <= last]
    closings = tuple(each.closing for each in found if each.closing)
    if not closings:
        return None
    booked = added(*(lines for each in found for lines in each.adjustments.values()))
    return ClosedMonths(closings, added(*(each.own for each in found)), booked, added(*(each.later for each in found)))


def closed_text(lines: Lines) -> str:
    """What lines come to, each currency and recurring charges apart; ``nothing`` where there are none."""
    parts = [_closed_part(each) for each in sums_of(lines)]
    return joined([part for part in parts if part]) or NOTHING


def _closed_part(found: Sum) -> str:
    if found.currency is None:
        return ""
    amount = exact(found.cost, found.currency)
    return f"{amount} of recurring charges" if found.kind == RECURRING else amount


def later_text(lines: Lines) -> str:
    """What lines add to what was closed, with how many calls; empty where there are none."""
    if not lines:
        return ""
    parts = [_later_part(each) for each in sums_of(lines)]
    return joined([part for part in parts if part]) or MOVED


def _later_part(found: Sum) -> str:
    if found.currency is None:
        return joined([*_calls(found.requests - found.unpriced, "that cost nothing"),
                       *_calls(found.unpriced, "of unknown cost")])  # fmt: skip
    amount = exact(found.cost, found.currency)
    if found.kind == RECURRING:
        return f"{amount} of recurring charges" if found.cost else ""
    if not found.requests:
        return amount if found.cost else ""
    return f"{amount} {'of' if found.requests > 0 else 'with'} {_calls(found.requests, '')[0]}"


def _calls(number: int, which: str) -> list[str]:
    """``3 calls of unknown cost``, ``1 call fewer``; nothing for none."""
    if not number:
        return []
    fewer = " fewer" if number < 0 else ""
    return [f"{abs(number):,} {'call' if abs(number) == 1 else 'calls'}{fewer} {which}".rstrip()]


def joined(parts: list[str]) -> str:
    """``a, b and c``."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def exact(pico: int, currency: str) -> str:
    """An amount to the last digit: what is signed is what was closed."""
    return f"{format_pico(pico)} {currency}"
