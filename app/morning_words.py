"""The morning in words, for the command line and the page alike."""

from analysis.drivers import Cause
from app.components.formats import MINUS, money, plural
from app.morning_change import Change, Changed, Moved
from app.morning_days import Pair, Stretch

LABELS: dict[Cause, str] = {
    "requests": "Volume",
    "retries": "Retries",
    "tokens per request": "Size",
    "cache share": "Cache",
    "mix": "Mix",
    "price": "Price",
}
ABOUT = (
    "Volume: more or fewer requests. Retries: second and later attempts. Size: tokens per request. Cache: how much of "
    "the input is read from a cache. Mix: which models, and how much of it is output. Price: what the same tokens cost "
    "at the dated rates. Each takes its new value in this order, and they add up to the difference."
)
MORE_AND_LESS: dict[Cause, tuple[str, str]] = {
    "requests": ("more requests", "fewer requests"),
    "retries": ("more retries", "fewer retries"),
    "tokens per request": ("more tokens per request", "fewer tokens per request"),
    "cache share": ("less read from the cache", "more read from the cache"),
    "mix": ("a dearer mix", "a cheaper mix"),
    "price": ("higher prices", "lower prices"),
}
WORTH = 0.1
"""A cause of a smaller share of all causes is not told in the sentence; the bridge has it."""


def signed(pico: int, currency: str) -> str:
    """An amount with its sign: +$3.46, −$0.14, $0.00."""
    return f"{'+' if pico > 0 else MINUS if pico < 0 else ''}{money(abs(pico), currency)}"


def relative(now: int, before: int) -> str:
    """How much more that is in percent: +23%, −4%, ±0%; from nothing, a dash."""
    if before <= 0:
        return "–"
    change = round(100 * (now - before) / before)
    return f"{'+' if change > 0 else MINUS if change < 0 else '±'}{abs(change):,}%"


def days_text(days: Stretch) -> str:
    """``14–20 Nov``, ``28 Oct – 3 Nov``, ``20 Nov``."""
    first, last = days
    if first == last:
        return f"{last.day} {last:%b}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b}"
    return f"{first.day} {first:%b} – {last.day} {last:%b}"


def now_text(pair: Pair) -> str:
    """What is looked at: ``The last 7 whole days``."""
    if pair.step == "day":
        return f"The last whole day, {days_text(pair.now)},"
    if pair.step == "week":
        return "The last 7 whole days"
    return f"{pair.now.last:%B} through the {pair.now.last.day}{_th(pair.now.last.day)}"


def before_text(pair: Pair) -> str:
    """What it is compared with: ``the 7 days before``."""
    if pair.step == "day":
        return f"the same day a week before, {days_text(pair.before)}"
    if pair.step == "week":
        return "the 7 days before"
    same = pair.now.days == pair.before.days
    return f"{pair.before.last:%B} through the same day" if same else f"the whole of {pair.before.last:%B}"


def _th(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def sentence(changed: Changed, change: Change) -> str:
    """What changed and mostly why, in one sentence."""
    cost = f"{now_text(changed.pair)} cost {money(change.now, change.currency)}"
    before = before_text(changed.pair)
    if not change.difference:
        return f"{cost}, as much as {before}."
    word = "more" if change.difference > 0 else "less"
    by = f"{money(abs(change.difference), change.currency)} {word}"
    share = f" ({relative(change.now, change.before)})" if change.before > 0 else ""
    why = ", ".join(_told(each, change) for each in worth_telling(change))
    return f"{cost}, {by}{share} than {before}{': ' if why else ''}{why}."


def worth_telling(change: Change) -> list[Moved]:
    """The causes that matter, the largest first."""
    least = WORTH * sum(abs(each.pico) for each in change.causes)
    told = [each for each in change.causes if each.pico and abs(each.pico) >= least]
    return sorted(told, key=lambda each: -abs(each.pico))


def _told(each: Moved, change: Change) -> str:
    more, less = MORE_AND_LESS[each.cause]
    return f"{more if each.pico > 0 else less} {signed(each.pico, change.currency)}"


def unknown_note(changed: Changed) -> str | None:
    """That calls of unknown cost are in no amount; None where there are none."""
    before, now = changed.unknown
    if not (before or now):
        return None
    return f"{plural(now, 'call')} of unknown cost now and {before:,} before are in no amount"
