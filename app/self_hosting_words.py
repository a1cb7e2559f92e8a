"""What is said of servers of one's own, the same in the command and on the page: what the figures rest on."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from app.figures import things
from app.self_hosting import Answer
from planning.self_host import MONTH_HOURS, Case, End
from planning.throughput import Throughput

WEEK_HOURS = 168
COUNTED: dict[End, str] = {
    "weighed": "as weighed",
    "output": "only output is work",
    "input": "only input is work",
}
"""How each case counts input."""
NEVER = "never"


def counted(found: Answer, case: Case) -> str:
    """How a case counts input; where both ends agree there is nothing to choose."""
    return COUNTED[case.end] if len(found.cases) > 1 or case.end == "weighed" else "same mix as taken"


def ends(texts: Iterable[str]) -> str:
    """``8 to 24``: what each case says, once where they agree."""
    return " to ".join(dict.fromkeys(texts))


def times(volume: Fraction | None) -> str:
    """``12.4x``: so many times our traffic."""
    return NEVER if volume is None else f"{number(volume)}x"


def number(value: Fraction) -> str:
    """A plain number to three digits: 1,240, 12.4, 0.0124."""
    if value >= 100:
        return f"{round(value):,}"
    text = f"{float(value):.3g}"
    return text if "e" not in text else f"{float(value):.9f}".rstrip("0")


def percent(value: Fraction) -> str:
    """``12.3%``; a share that is not nothing is never written as 0."""
    shown = 100 * value
    if 0 < shown < Fraction(1, 20):
        return "<0.1%"
    return f"{round(shown):,}%" if shown >= 100 or shown.denominator == 1 else f"{float(shown):.1f}%"


def volume_text(found: Answer, volume: Fraction | None) -> str:
    """So many times our traffic, and how many tokens a month that is."""
    if volume is None:
        return NEVER
    tokens = found.traffic.monthly(volume * (found.traffic.input + found.traffic.output))
    return f"{times(volume)} ({big(tokens)} tokens a month)"


def big(value: Fraction) -> str:
    """A large number of things, shortened: 310M, 8.43B."""
    for size, unit in ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k")):
        if value >= size:
            return f"{float(value / size):.3g}{unit}" if value < 1000 * size else f"{round(value / size):,}{unit}"
    return f"{round(value):,}"


def traffic_text(found: Answer) -> str:
    """What traffic it is, and since when."""
    traffic = found.traffic
    first, last = traffic.busy[0].at, traffic.busy[-1].at
    return (
        f"{found.side.family}: {things(traffic.requests, 'call')} in {things(traffic.hours, 'hour')}, "
        f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC; {big(Fraction(traffic.input))} tokens in, "
        f"{big(Fraction(traffic.output))} out, {number(Fraction(traffic.input, traffic.output or 1))} in for each out."
    )


def throughput_name(speed: Throughput) -> str:
    """``8x H100 (third party: Lambda)``: on whose word, wherever a figure is picked."""
    return f"{speed.name} ({speed.word}: {speed.by})"


def throughput_text(found: Answer) -> str:
    """The figure that all else rests on, on whose word it is, and where it is written."""
    speed = found.hosting.throughput
    return f"Throughput of {speed.name}: {speed.text}. {speed.source}." + (f" {speed.note}" if speed.note else "")


def notes(found: Answer, say: Callable[[str], str]) -> list[str]:
    """What the figures rest on; ``say`` writes a setting's name as its reader sets it."""
    return [*_on_throughput(found, say), *_on_size(found, say), *_on_money(found, say), *_on_traffic(found)]


def _on_throughput(found: Answer, say: Callable[[str], str]) -> Iterator[str]:
    speed = found.hosting.throughput
    taken = f"{number(Fraction(speed.input_tokens, speed.output_tokens))} in for each out"
    if found.hosting.input_weight is not None:
        yield (
            f"An input token is taken for {found.hosting.input_weight} output tokens' work: a guess, by which the "
            f"throughput is carried over from {taken} to our mix."
        )
    elif len(found.cases) > 1:
        yield (
            f"It is known at {taken} alone. At our mix it is reckoned from both ends, as if only output were work "
            f"and as if only input were; nobody measured what lies between. {say('input_weight')} says it. "
            "Of two figures the first is for the one, the second for the other."
        )
    for claim in found.side.claimed:
        yield f"A claim, {claim}: it says neither how many GPUs nor what mix, so nothing is reckoned from it."
    yield "Lengths and the number of calls at once change it, too: how much was not measured here."


def _on_size(found: Answer, say: Callable[[str], str]) -> Iterator[str]:
    hosting, share = found.hosting, percent(Fraction(found.hosting.utilisation))
    guess = "" if "utilisation" in hosting.model_fields_set else f" {share} is a guess: {say('utilisation')} sets it."
    if hosting.sized_for == "peak":
        hours = " and ".join(dict.fromkeys(f"{case.peak_at:%Y-%m-%d %H:%M}" for case in found.cases))
        yield (
            f"Sized so that the busiest hour ({hours} UTC) takes {share} of the throughput; within an hour calls bunch "
            f"up, and then wait.{guess}"
        )
    else:
        yield f"Sized so that the mean hour takes {share} of the throughput.{guess}"
        short = [case for case in found.cases if case.peak > case.servers]
        if short:
            needed = ends(number(case.peak) for case in short)
            yield f"They cannot keep up in the busiest hour, which is work for {needed} servers: calls wait."


def _on_money(found: Answer, say: Callable[[str], str]) -> Iterator[str]:
    hosting = found.hosting
    yield f"GPUs are paid for all {MONTH_HOURS} hours of a month, used or not, and servers come whole."
    if hosting.gpu_hour is None:
        yield f"No price of a GPU-hour is given; without one only the price to beat is known ({say('gpu_hour')})."
    missing = [
        name for name, value in (("licence", hosting.licence_gpu_year), ("staff", hosting.staff_month)) if value is None
    ]
    if missing:
        yield f"No {' and no '.join(missing)} was given: it is in no figure."


def _on_traffic(found: Answer) -> Iterator[str]:
    traffic, side = found.traffic, found.side
    yield (
        f"{percent(Fraction(traffic.cached, traffic.input or 1))} of the input came from sellers' caches, which makes "
        "it cheaper there. The servers are taken to work through all of it: a cache of their own is not assumed."
    )
    if traffic.hours < WEEK_HOURS:
        yield f"{things(traffic.hours, 'hour')} are less than a week: they tell little of a month."
    if side.without_task:
        yield f"{things(side.without_task, 'call')} name no task: what a task costs cannot be said."
    if side.aside:
        reasons = ", ".join(f"{why}: {calls:,}" for why, calls in side.aside)
        yield f"Calls in neither side ({reasons}) take servers, too, if they are moved."
    checked = min(one.offer.checked for one in found.sellers) if found.sellers else None
    yield (
        f"Sellers are priced at their rates of {side.at:%Y-%m-%d}"
        + (f", the oldest checked {checked}, " if checked else ", ")
        + "each call at its size, hour and tier. Another volume is taken to have the same mix and the same busy hours."
    )
    yield "That an answer is as good and as fast on servers of one's own is not said."
