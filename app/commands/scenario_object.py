"""What ``tollbook scenario`` says to programs: amounts as exact decimal strings, what is unknown null."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.figures import instant, plain
from app.scenario_sentences import caveats_of, question_of
from planning.scenario import write_scenario
from pricing.meters import METERS
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.saved_scenarios import Named, Stale
    from app.scenarios import WhatIf
    from planning.bridge import Bridge
    from planning.scenario_points import ScenarioPoints
    from planning.what_if import Apart, Line


def as_object(named: "Named", found: "WhatIf", stale: "Stale | None") -> dict[str, Any]:
    """One scenario, what it comes to, and what has changed since it was saved."""
    result, document = found.result, write_scenario(found.scenario)
    return {
        "name": found.scenario.name,
        "document": document,
        "asks": question_of(document["changes"]),
        "taken_for_granted": caveats_of(document["changes"]),
        "first": plain(found.since),
        "last": plain(found.until),
        "rates_as_of": "own" if found.as_of is None else instant(found.as_of),
        "billed": amounts(result.billed),
        "cost": amounts(result.cost),
        "bridges": [_bridge(each) for each in found.bridges],
        "requests": result.requests,
        "billed_unpriced": result.billed_unpriced,
        "unpriced": number(result.unpriced),
        "only_billed": _apart(result.only_billed),
        "only_scenario": _apart(result.only_scenario),
        "read_from_rows": result.read_from_rows,
        "before": [_line(each) for each in result.before],
        "lines": [_line(each) for each in result.lines],
        "projected": [_projection(each) for each in found.projected],
        "notes": list(found.notes),
        "rates_digest": found.rates_digest,
        "data_digest": found.data_digest,
        "data_through": instant(found.data_through),
        "saved": named.saved and {"no": named.saved.number, "changed_at": instant(named.saved.changed_at)},
        "stale": stale_object(stale),
    }


def stale_object(stale: "Stale | None") -> dict[str, Any] | None:
    """What has changed since a scenario was saved; null: nothing."""
    if stale is None:
        return None
    was = stale.saved.figures
    then = {"billed": amounts(was.billed), "cost": amounts(was.cost)}
    now = {"billed": amounts(stale.billed), "cost": amounts(stale.cost)}
    return {"moved": list(stale.moved), "saved_at": instant(stale.saved.changed_at), "then": then, "now": now}


def amounts(pico: Mapping[str, int]) -> list[dict[str, str | None]]:
    """Totals, one per currency."""
    return [{"currency": currency, "cost": format_pico(each)} for currency, each in sorted(pico.items())]


def number(value: Fraction) -> int | float:
    """A count, which a share of calls may leave broken."""
    return int(value) if value.denominator == 1 else round(float(value), 6)


def _bridge(bridge: "Bridge") -> dict[str, Any]:
    steps = [
        {
            "kind": step.kind,
            "cost": format_pico(step.pico),
            "least": format_pico(step.least),
            "most": format_pico(step.most),
            "order_effect": format_pico(step.order),
        }
        for step in bridge.steps
    ]
    apart = {
        "requests": number(bridge.apart_requests),
        "billed": format_pico(bridge.apart_billed),
        "cost": format_pico(bridge.apart_scenario),
    }
    ends = {"billed": format_pico(bridge.billed), "cost": format_pico(bridge.scenario)}
    known = {"billed": format_pico(bridge.known_billed), "cost": format_pico(bridge.known_scenario)}
    both = {"known_on_both_sides": known, "difference": format_pico(bridge.difference)}
    return {"currency": bridge.currency, "steps": steps, "apart": apart, **ends, **both}


def _apart(apart: "Apart") -> dict[str, Any]:
    return {"requests": number(apart.requests), "amounts": amounts(apart.amounts)}


def _line(line: "Line") -> dict[str, Any]:
    counts = {meter: number(count) for meter, count in zip(METERS, line.counts, strict=True) if count}
    return {
        **{name: getattr(line, name) for name in ("seller", "model", "team", "currency")},
        "requests": number(line.requests),
        "counts": counts,
        "cost": format_pico(line.cost),
        "reason": line.reason,
    }


def _projection(each: "ScenarioPoints") -> dict[str, Any]:
    points = {
        name: {point: format_pico(pico) for point, pico in zip(("p10", "p50", "p90"), held, strict=True)}
        for name, held in (("as_is", each.as_is), ("scenario", each.scenario), ("difference", each.difference))
    }
    unpriced = {"unpriced": round(each.unpriced, 6), "unpriced_as_is": round(each.unpriced_as_is, 6)}
    return {"currency": each.currency, "first": str(each.first), "last": str(each.last), **points, **unpriced}
