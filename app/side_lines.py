"""Two tasks side by side, figure by figure, to the last digit: what the command line and the page both show."""

from collections.abc import Callable, Sequence

from app.figures import UNKNOWN, count, share
from app.task_sides import Side
from pricing.money import format_pico

COUNTS: dict[str, Callable[[Side], int | None]] = {
    "calls": lambda side: side.calls,
    "failed": lambda side: side.errors,
    "steps": lambda side: len(side.steps),
    "input tokens": lambda side: side.prompt,
    "output tokens": lambda side: side.output,
    "reasoning tokens": lambda side: side.reasoning,
    "seconds": lambda side: round(side.took_ms / 1000),
}


def lines_of(first: Side, second: Side) -> list[tuple[str, str, str, str]]:
    """What is compared, with both figures and how far the second is beyond the first."""
    sides = (first, second)
    lines = [("outcome", outcome(first), outcome(second), "")]
    for currency in sorted({*first.costs, *second.costs}):
        lines.append(_money_line(f"cost in {currency}", sides, [side.costs.get(currency) for side in sides]))
        for part in first.parts:
            found = [side.parts[part].get(currency, 0) for side in sides]
            lines += [_money_line(f"  {part}", sides, found)] if any(found) else []
    for name, value in COUNTS.items():
        lines.append((name, count(value(first)), count(value(second)), _beyond(value(first), value(second))))
    lines.append(("from the cache", share(first.cache_read, first.prompt), share(second.cache_read, second.prompt), ""))
    lines.append(("models", ", ".join(first.models) or UNKNOWN, ", ".join(second.models) or UNKNOWN, ""))
    return lines


def outcome(side: Side) -> str:
    """How a task ended, in words."""
    words = {True: "resolved", False: "not resolved", None: UNKNOWN if side.score is None else ""}[side.resolved]
    return f"{words}{f' score {side.score:g}' if side.score is not None else ''}".strip()


def _money_line(name: str, sides: tuple[Side, Side], found: Sequence[int | None]) -> tuple[str, str, str, str]:
    first, second = (_amount(side, pico) for side, pico in zip(sides, found, strict=True))
    one, two = found
    if any(side.unpriced for side in sides) or one is None or two is None:
        return name, first, second, UNKNOWN
    return name, first, second, _signed(format_pico(two - one) or "")


def _amount(side: Side, pico: int | None) -> str:
    """An amount; at least so much where calls of the task are of unknown cost."""
    if pico is None:
        return UNKNOWN if side.unpriced else "–"
    return f"{'≥ ' if side.unpriced else ''}{format_pico(pico)}"


def _beyond(one: int | None, two: int | None) -> str:
    return "–" if one is None or two is None else _signed(f"{two - one:,}")


def _signed(text: str) -> str:
    return text if text.startswith("-") or text == "0" else f"+{text}"
