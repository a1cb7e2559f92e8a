"""What a re-rate changes in one currency, of calls priced on both sides; beside it what one side cannot price."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from app.figures import things

if TYPE_CHECKING:
    from warehouse.rerate import Change, Outcome


class Part(NamedTuple):
    """Some of the calls; their amount in pico-units."""

    calls: int
    pico: int


class Difference(NamedTuple):
    """Amounts in pico-units of one currency; an unknown cost is in no difference."""

    both: int | None
    """By how much calls with a price before and after differ. None: there is none."""
    lost: Part
    """Billed in the currency, and without a price now."""
    gained: Part
    """Without a price before, and priced in the currency now."""
    left: Part
    """Billed in the currency, and priced in another one now."""


def differences_of(outcome: "Outcome") -> dict[str, Difference]:
    """Per currency, by its name."""
    currencies = sorted({total.currency for total in (*outcome.before, *outcome.after) if total.currency})
    return {currency: difference_in(outcome.changes, currency) for currency in currencies}


def difference_in(changes: "Iterable[Change]", currency: str) -> Difference:
    """Of all calls in scope, those that keep their rate too."""
    both: list[int] = []
    lost, gained, left = Part(0, 0), Part(0, 0), Part(0, 0)
    for each in changes:
        calls = each.all_requests
        if each.currency == currency and each.cost is not None:
            if each.new_cost is None:
                lost = Part(lost.calls + calls, lost.pico + each.cost)
            elif each.new_currency == currency:
                both.append(each.new_cost - each.cost)
            else:
                left = Part(left.calls + calls, left.pico + each.cost)
        elif each.cost is None and each.new_currency == currency and each.new_cost is not None:
            gained = Part(gained.calls + calls, gained.pico + each.new_cost)
    return Difference(sum(both) if both else None, lost, gained, left)


def beside_difference(found: Difference, currency: str, money: Callable[[int, str], str]) -> list[str]:
    """What is in the totals and in no difference, one sentence each; ``money`` writes an amount."""
    said = (
        (found.lost, "as priced, would have no price"),
        (found.gained, "in all, had no price before"),
        (found.left, "as priced, would be in another currency"),
    )
    return [
        f"{things(part.calls, 'call')}, {money(part.pico, currency)} {what}: in no difference."
        for part, what in said
        if part.calls
    ]
