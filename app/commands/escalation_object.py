"""Escalations as one JSON object."""

from collections.abc import Sequence
from typing import Any

from analysis.characters import Rate
from analysis.escalation import RouteCheck
from analysis.intervals import Interval
from analysis.shown import KINDS, Sized
from app.escalation_loops import Whole
from app.escalation_words import LIMITS, bill_line, hint_line, route_name, verdict, whole_line
from app.escalations import Escalations, Money, Suspected, Suspicion
from app.figures import instant
from pricing.money import format_pico


def as_object(found: Escalations) -> dict[str, Any]:
    """Everything that was found; amounts are texts to the last digit."""
    calls, checkable = found.found.calls, found.found.checkable
    return {
        "verdict": found.verdict,
        "text": verdict(found),
        "tasks": found.tasks,
        "calls": calls,
        "checkable": checkable,
        "by_output": found.found.followed,
        "by_size": found.found.by_size,
        "coverage": checkable / calls if calls else None,
        "said": [
            line._asdict() | {"cost": format_pico(line.cost if line.unknown < line.calls else None)}
            for line in found.said
        ],
        "suspected": [_suspected(line) for line in found.suspected],
        "rows": [_row(each) for each in found.suspicions],
        "money": [_money(each) for each in found.money],
        "routes": [_route(route_name(route), check) for route, check in found.routes],
        "bills": [
            bill.bills._asdict() | {"over": format_pico(bill.bills.over), "text": bill_line(bill)}
            for bill in found.bills
        ],
        "hints": [each.shift._asdict() | {"measure": each.measure, "text": hint_line(each)} for each in found.hints],
        "wholes": [_whole(each) for each in found.wholes],
        "not_read": found.left_out._asdict(),
        "limits": list(LIMITS),
    }


def _suspected(line: Suspected) -> dict[str, Any]:
    named = line._asdict()
    amounts = named.pop("at_least"), named.pop("likely")
    at_least, estimate = (format_pico(pico if line.unpriced < line.calls else None) for pico in amounts)
    return named | {"at_least": at_least, "estimate": estimate}


def _row(each: Suspicion) -> dict[str, Any]:
    kind = each.kind
    return {
        "sign": each.sign,
        "task": each.task,
        "team": each.team,
        "step": each.step,
        "start_at": instant(each.start_at),
        "seller": kind.seller,
        "upstream_provider": kind.upstream_provider,
        "model_requested": kind.model_requested,
        "model_served": kind.model_served,
        "tokens": each.tokens,
        "currency": kind.currency,
        "at_least": format_pico(each.at_least),
        "estimate": format_pico(each.likely),
        "file": each.file,
        "line": each.line,
    }


def _money(each: Money) -> dict[str, Any]:
    amounts = {name: format_pico(getattr(each, name)) for name in ("cost", "said", "at_least")}
    shares = {"said_share": each.said_share._asdict(), "at_least_share": each.at_least_share._asdict()}
    return each._asdict() | amounts | shares


def _route(name: str, check: RouteCheck) -> dict[str, Any]:
    rules = {
        rule: {"tried": tried.checked, "broken": tried.broken, "holds": tried.holds}
        for rule, tried in (("output", check.output), ("prompt", check.prompt))
    }
    counts = {"calls": check.calls, "checkable": check.checkable, "by_output": check.followed, "by_prompt": check.held}
    counts["by_size"] = check.by_size
    sizes = {"sizes": [_sized(each) for each in check.sized]}
    return {"route": name} | counts | {"thinking_not_reported": check.uncounted} | rules | sizes


def _sized(sized: Sized) -> dict[str, Any]:
    """What characters come to on a route, and whether the bounds by them hold."""
    tried = {
        name: {"tried": each.checked, "broken": each.broken, "holds": each.holds}
        for name, each in (("delivered", sized.tried), ("returned", sized.returned))
    }
    rates = {
        "tokens_per_character": _rate(sized.delivered, KINDS),
        "tokens_per_character_beside": _rate(sized.beside, ("text",)),
    }
    return rates | tried


def _rate(rate: Rate | None, kinds: Sequence[str]) -> dict[str, Any] | None:
    """Tokens per character of each kind that there was; the factors of 90% of calls, and of the bounds."""
    if rate is None:
        return None
    usual = {kind: round(each, 4) for kind, each in zip(kinds, rate.usual, strict=True) if each}
    factors = {"low": rate.low, "high": rate.high, "least": rate.least(), "most": rate.most()}
    return usual | {name: round(each, 3) for name, each in factors.items()} | {"calls": rate.calls}


def _whole(each: Whole) -> dict[str, Any]:
    sides = {side: _pico(of) for side, of in each.compared._asdict().items()}
    named = {"with_signs": each.with_signs, "model": each.model, "currency": each.currency}
    return named | sides | {"text": whole_line(each)}


def _pico(of: Interval | None) -> dict[str, Any] | None:
    """An interval in pico-units as amounts."""
    if of is None:
        return None
    ends = {name: getattr(of, name) for name in ("estimate", "low", "high")}
    return of._asdict() | {name: None if end is None else format_pico(round(end)) for name, end in ends.items()}
