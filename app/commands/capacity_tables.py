"""The answer of ``tollbook capacity``, for people and for programs."""

from fractions import Fraction
from typing import Any

import typer

from app.capacities import Asked, Capacity, Standing
from app.capacity_notes import notes_of
from app.capacity_words import NAMES, fit_texts, needed_text, never_text, over_text, seconds_text, spend_text
from app.figures import UNKNOWN, count, instant, plain, rounded, things
from app.session import plain_table, print_table
from planning.capacity import KINDS
from planning.waiting import Waits
from pricing.money import format_pico

GROWS = "only grows"


def print_capacity(found: Capacity) -> None:
    """A line per tier, and what they come to."""
    asked, basis = found.asked, found.basis
    if asked.plan_day is not None:
        typer.echo(_plan_text(asked))
    table = plain_table(f"{asked.model} at {asked.seller}: {basis.text}, {basis.rate:,.2f} calls/min in the mean")
    for name in ("tier", "from"):
        table.add_column(name, overflow="fold")
    heads = [*NAMES.values(), "over", "binds first", "fullest", "wait", "95% wait", "longest", "full month"]
    for name in heads:
        table.add_column(name, justify="left" if name == "binds first" else "right", no_wrap=True)
    for each in found.standings:
        caps = [count(each.tier.caps.of(kind)) for kind in KINDS]
        table.add_row(each.tier.name, each.tier.reached or "–", *caps, *_figures(each), _month(found, each))
    lines = [needed_text(found)]
    for each in found.standings[:1] if len(found.standings) > 1 and found.needed is None else _shown(found):
        lines += [text for text in (never_text(found, each), spend_text(found, each)) if text]
    lines += fit_texts(found)
    if basis.last is not None:
        lines.append(f"Calls of {instant(basis.first)} to {instant(basis.last)}.")
    print_table(table, *lines, *notes_of(found), spare=("from", "concurrent", "longest"))


def _plan_text(asked: Asked) -> str:
    """Which plan the calls are of, and which of its days."""
    day = asked.plan_day
    assert day is not None and asked.calls_per_day is not None
    calls = things(round(asked.calls_per_day), "call")
    return f"{day.plan}: {calls} of this route on its busiest day, {day.day} (P90)"


def _shown(found: Capacity) -> list[Standing]:
    """The tiers worth words: the one that is needed, else all."""
    return [found.needed] if found.needed is not None else list(found.standings)


def _figures(each: Standing) -> list[str]:
    binds = "–" if each.binds is None else NAMES[each.binds.kind]
    filled = "–" if each.binds is None else f"{each.binds.filled:,.0%}"
    waits = [GROWS] * 3
    if each.waits is not None:
        waits = [seconds_text(value) for value in (each.waits.mean, each.waits.most, each.waits.longest)]
    return [over_text(each), binds, filled, *waits]


def _month(found: Capacity, each: Standing) -> str:
    return UNKNOWN if each.spend is None else f"{rounded(each.spend.per_month)} {found.price.currency}"


def as_object(found: Capacity) -> dict[str, Any]:
    """The same for programs: shares from 0 to 1, seconds, money as decimal strings."""
    asked, basis, price = found.asked, found.basis, found.price
    needed = found.needed
    return {
        "plan": None if asked.plan_day is None else asked.plan_day.plan,
        "busiest_day": None if asked.plan_day is None else str(asked.plan_day.day),
        "seller": asked.seller,
        "model": asked.model,
        "calls": {
            "what": basis.text,
            "replayed": basis.crowd is None,
            "count": len(basis.calls.start_us),
            "per_minute": basis.rate,
            "first": instant(basis.first),
            "last": instant(basis.last),
            "class": basis.kind.name if basis.kind else None,
            "source": basis.kind.source if basis.kind else None,
        },
        "context_tokens": found.limits.context_tokens,
        "max_output_tokens": found.limits.max_output_tokens,
        "currency": price.currency,
        "call_cost": _exact(price.mean),
        "dearest_call": None
        if price.dearest is None
        else {
            "input_tokens": price.dearest.input_tokens,
            "output_tokens": price.dearest.output_tokens,
            "cost": format_pico(price.dearest.pico),
        },
        "rows": [_row(found, each) for each in found.standings],
        "needed": None if needed is None else needed.tier.name,
        "would_take": {
            least.kind: {"limit": least.limit, "if_independent": least.if_independent} for least in found.least
        },
        "within": asked.full,
        "fit": None if found.fit is None else found.fit._asdict(),
        "notes": [needed_text(found), *fit_texts(found), *notes_of(found)],
    }


def _row(found: Capacity, each: Standing) -> dict[str, Any]:
    spend, most = each.spend, each.most_spend
    return {
        "tier": each.tier.name,
        "reached_by": each.tier.reached,
        **each.tier.caps._asdict(),
        "source": each.tier.source,
        "checked": plain(each.tier.checked),
        "over": each.over,
        "over_at_least": each.least_over,
        "limits": [{**use._asdict(), "filled": use.filled} for use in each.uses],
        "binds_first": None if each.binds is None else each.binds.kind,
        "tpm_never_binds": each.never_tpm,
        "queue_grows": each.waits is None,
        "wait_seconds": None if each.waits is None else _waits(each.waits),
        "most_calls_per_minute": None if each.pace is None else float(each.pace.per_minute),
        "spend": None
        if spend is None
        else {name: _exact(getattr(spend, name)) for name in ("per_minute", "per_day", "per_month")},
        "most_spend": None
        if most is None
        else {name: _exact(getattr(most, name)) for name in ("per_minute", "per_day", "per_month")},
    }


def _waits(waits: Waits) -> dict[str, Any]:
    return {
        "mean": waits.mean,
        "p50": waits.middle,
        "p95": waits.most,
        "longest": waits.longest,
        "share_waiting": waits.waited,
        "never_fit": waits.never,
    }


def _exact(value: Fraction | None) -> str | None:
    """Rounded half-even to a pico-unit, once."""
    return None if value is None else format_pico(round(value))
