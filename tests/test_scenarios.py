"""Scenarios over a warehouse: cells say what the calls say one by one, and the bridge adds up in every order."""

from collections import defaultdict
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.scenario_traffic import Basis, Enquiry, ask_of
from app.scenarios import WhatIf, asking_of, break_even_of, what_if_from, with_slider
from planning.bridge import BRIDGE_KINDS, KIND_OF
from planning.scenario import Scenario, ScenarioError, read_scenario
from planning.scenario_state import state_of
from planning.what_if import _lines, _totals
from pricing.call_terms import CallTerms
from pricing.card import Card
from pricing.fx import Rates as FxRates
from pricing.meters import METERS
from pricing.rates import OPEN, PRECEDENCE, Rate, compile_card
from pricing.spans import RateFinder
from tests.test_price_properties import BASE, SAID, base_card, generated, load
from warehouse.connection import Reader, open_reader
from warehouse.scope import EVERYTHING, Scope

NOW = datetime(2026, 11, 22)
INPUTS = tuple(name for name in METERS if name.startswith(("input", "cache")))
CACHES = tuple(name for name in METERS if name.startswith("cache"))
FRESH = ("input", "cache_write_5m", "cache_write_1h", "cache_write")
LATER = {**SAID, "valid_from": "2026-06-06T23:15:00Z", "per_mtok": {**BASE, "input": "1.500001", "output": "3"}}
TARGET = Card.model_validate(
    {
        "seller": "t",
        "models": {
            "x": [
                {
                    **SAID,
                    "valid_from": start,
                    "per_mtok": {"input": price, "cache_read": "0.07", "output": "2.2"},
                    "context": [{"above": 700, "multiply": "2"}, {"at_least": 150_000, "multiply": "3"}],
                    "windows": [
                        {
                            "name": "night",
                            "zone": "Asia/Kolkata",
                            "hours": {"mon-sun": "00:00-06:10"},
                            "multiply": "0.5",
                        }
                    ],
                    "service_tiers": {"batch": {"multiply": "0.5"}, "priority": {"multiply": "1.5"}},
                }
                for start, price in (("2025-12-01T00:00:00Z", "0.9"), ("2026-02-28T18:45:00Z", "0.700001"))
            ],
            "plain": [{**SAID, "valid_from": "2025-12-01T00:00:00Z", "per_mtok": {"input": "0.5", "output": "1"}}],
        },
    }
).from_file("t.yaml")
HOME = base_card(LATER)
RATES = [rate for card in (HOME, TARGET) for rate in compile_card(card, precedence=PRECEDENCE["own"])]
BASIS = Basis(RATES, (), FxRates({}, {}))


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    root: Path = tmp_path_factory.mktemp("scenarios") / "w"
    load(root, "log.jsonl", generated(200, 3), HOME, NOW)
    with open_reader(root) as reader:
        yield reader


@pytest.fixture(scope="module")
def ask(reader: Reader):
    return asking_of(reader)


class Rows(list):
    """Calls as they are stored; not shown in full where an example fails."""

    def __repr__(self) -> str:
        return f"{len(self)} calls"


@pytest.fixture(scope="module")
def rows(reader) -> Rows:
    return rows_of(reader)


def rows_of(reader: Reader) -> Rows:
    """Every call."""
    names = ("seller", "model", "team", "region", "tier", "start_at", "costing", "reason", "cost", *METERS)
    text = f"""
        select seller, coalesce(model_served, model_requested), team, region, tier_of(service_tier, batch), start_at,
            costing::varchar, unpriced_reason, cost, {", ".join(METERS)}
        from usage_priced where counted
    """
    return Rows(dict(zip(names, row, strict=True)) for row in reader.rows(text))


def rerated(rows: Rows, scenario: Scenario, rates: list[Rate]) -> tuple[dict[str, int], Fraction]:
    """What the calls come to one by one, each line rounded once, and how many have no price: plain fractions."""
    at = scenario.at or NOW
    if scenario.rates_as_of != "own":
        held = [rate for rate in rates if rate.valid_from <= at < rate.valid_until]
        rates = [rate._replace(valid_from=datetime(1900, 1, 1), valid_until=OPEN) for rate in held]
    parts = [part_of(row) for row in rows if is_charged(row)]
    for _, change in scenario.ordered():
        meant = [part for part in parts if is_meant(change.where, part)]
        if change.kind == "volume":
            for part in meant:
                scale(part, Fraction(change.times))
        elif change.kind == "move":
            parts += [gone(part, change) for part in meant]
        elif change.kind == "cache":
            recache(meant, change)
        elif change.kind == "batch":
            parts += [split(part, change.share, tier="batch") for part in meant if part["tier"] == "standard"]
        elif change.kind == "discount":
            for part in meant:
                part["left"] *= 1 - Fraction(change.percent_off) / 100
    return priced([part for part in parts if part["times"]], RateFinder(rates))


def part_of(row: dict[str, Any]) -> dict[str, Any]:
    counts: dict[str, Fraction] = {meter: Fraction(row[meter] or 0) for meter in METERS}
    size = sum(counts[meter] for meter in INPUTS)
    return {
        **row,
        **counts,
        "home": row["seller"],
        "times": Fraction(1),
        "size": size,
        "moved": False,
        "left": Fraction(1),
    }


def is_meant(where: Any, part: dict[str, Any]) -> bool:
    return all(getattr(where, name) in (None, part[name]) for name in ("seller", "model", "team"))


def split(part: dict[str, Any], share: str, **change: Any) -> dict[str, Any]:
    there = {**part, **change}
    scale(there, Fraction(share))
    scale(part, 1 - Fraction(share))
    return there


def gone(part: dict[str, Any], move: Any) -> dict[str, Any]:
    there = split(part, move.share, seller=move.seller, model=move.model, moved=True)
    there["size"] *= Fraction(move.input.value)
    for meter in METERS:
        if meter in INPUTS or meter.startswith("output"):
            there[meter] *= Fraction((move.input if meter in INPUTS else move.output).value)
    return there


def is_charged(row: dict[str, Any]) -> bool:
    return row["costing"] == "rated" or (row["reason"] or "").startswith("no ")


def scale(part: dict[str, Any], times: Fraction) -> None:
    for name in ("times", *METERS):
        part[name] *= times


def recache(meant: list[dict[str, Any]], change: Any) -> None:
    read = sum(part["cache_read"] for part in meant)
    whole = read + sum(part[meter] for part in meant for meter in FRESH)
    was = read / whole if whole else Fraction()
    wanted = Fraction(change.share) if change.share is not None else was * Fraction(change.times)
    for part in meant:
        if wanted < was:
            kept = part["cache_read"] * wanted / was
            part["input"] += part["cache_read"] - kept
            part["cache_read"] = kept
        else:
            for meter in FRESH:
                part["cache_read"] += part[meter] * (1 - (1 - wanted) / (1 - was))
                part[meter] *= (1 - wanted) / (1 - was)


def priced(parts: list[dict[str, Any]], finder: RateFinder) -> tuple[dict[str, int], Fraction]:
    lines: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    unpriced = Fraction()
    for part in parts:
        region = part["region"] if part["seller"] == part["home"] else None
        terms = CallTerms(
            part["seller"], part["model"], part["start_at"], part["size"], part["tier"], region or "", "", part["team"]
        )
        rate = finder.find(terms)
        pico = dict(zip(METERS, rate.pico, strict=True)) if rate else {}
        if rate and part["moved"]:
            pico |= {meter: pico["input"] for meter in CACHES if pico[meter] is None}
        if rate is None or any(part[m] and pico[m] is None and m != "request" for m in METERS):
            unpriced += part["times"]
            continue
        cost = sum(part[m] * round((pico[m] or 0) * part["left"]) for m in METERS)
        lines[part["seller"], part["model"], part["team"], rate.currency] += cost
    totals: dict[str, int] = defaultdict(int)
    for (*_, currency), cost in lines.items():
        totals[currency] += round(cost)
    return dict(totals), unpriced


SHARES = st.sampled_from(["0", "0.25", "0.333333", "1"])
RATIOS = st.sampled_from(["1", "0.5", "1.25", "3"]).map(lambda value: {"value": value, "source": "guess"})
WHERES = st.sampled_from([{}, {"model": "m"}, {"team": "t"}, {"seller": "s"}, {"seller": "t"}, {"model": "x"}])
CHANGES = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("volume"), "times": st.sampled_from(["0.7", "2", "1.000001"]), "where": WHERES}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("move"),
            "seller": st.just("t"),
            "model": st.sampled_from(["x", "plain"]),
            "share": SHARES,
            "input": RATIOS,
            "output": RATIOS,
            "where": WHERES,
        }  # fmt: skip
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("cache"),
            "where": st.sampled_from([{"model": "m"}, {"model": "x"}]),
            "share": st.sampled_from(["0", "0.1", "0.51", "0.9", "1"]),
        }  # fmt: skip
    ),
    st.fixed_dictionaries({"kind": st.just("batch"), "share": SHARES, "where": st.sampled_from([{}, {"seller": "t"}])}),
    st.fixed_dictionaries(
        {"kind": st.just("discount"), "percent_off": st.sampled_from(["7.5", "20"]), "where": WHERES}
    ),
)
MOMENTS = st.sampled_from(["own", None, "2026-01-01T00:00:00Z", "2026-02-28T18:44:59Z", "2026-06-06T23:15:00Z"])


@given(changes=st.lists(CHANGES, max_size=4), at=MOMENTS)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cells_are_the_calls_one_by_one_and_the_bridge_adds_up(ask, rows, changes, at):
    scenario = read_scenario({"name": "any", "rates_as_of": at, "changes": changes})
    (found,) = what_if_from(ask, BASIS, [scenario], EVERYTHING, NOW)
    totals, unpriced = rerated(rows, scenario, RATES)
    assert found.result.cost == totals
    unknown = sum(1 for row in rows if row["costing"] == "unknown" and not row["reason"].startswith("no "))
    assert found.result.unpriced - unknown == unpriced
    assert sum(line.cost or 0 for line in found.result.lines) == sum(totals.values())
    for bridge in found.bridges:
        assert bridge.adds_up
        assert all(step.least <= step.pico <= step.most for step in bridge.steps)


def test_the_steps_add_up_in_every_order(ask):
    changes = [
        {"kind": "move", "seller": "t", "model": "x", "share": "0.333333", "input": {"value": "1.25"}},
        {"kind": "volume", "times": "1.7"},
        {"kind": "cache", "where": {"model": "x"}, "share": "0.9"},
        {"kind": "discount", "percent_off": "7.5"},
    ]
    scenario = read_scenario({"name": "all", "rates_as_of": "own", "changes": changes})
    question = ask_of(Enquiry(ask, BASIS), scenario, Scope(values=(("model", ("m",)), ("team", ("t",)))), NOW).question
    kinds = [kind for kind in BRIDGE_KINDS if kind in {"price", "volume", "mix", "cache"}]

    def total(some: frozenset[str]) -> int:
        numbers = {number for number, change in enumerate(scenario.changes) if KIND_OF[change.kind] in some}
        priced = state_of(question, numbers, is_repriced="price" in some).priced
        return _totals(_lines(one for one in priced if one.piece.calls.cost is not None))["USD"]

    (bridge,) = what_if_from(ask, BASIS, [scenario], Scope(values=(("model", ("m",)), ("team", ("t",)))), NOW)[
        0
    ].bridges
    every: list[dict[str, int]] = []
    for order in permutations(kinds):
        states = [total(frozenset(order[:count])) for count in range(len(order) + 1)]
        every.append({kind: after - before for kind, (before, after) in zip(order, pairwise(states), strict=True)})
        assert sum(every[-1].values()) == states[-1] - states[0] == bridge.scenario - bridge.billed - bridge.apart
    for step in bridge.steps:
        assert (step.least, step.most) == (min(one[step.kind] for one in every), max(one[step.kind] for one in every))
    assert any(step.order for step in bridge.steps)


def test_without_a_change_it_costs_what_was_billed(ask):
    for document in (
        {"name": "own", "rates_as_of": "own"},
        {"name": "part", "rates_as_of": "own", "where": {"team": "u"}},
    ):
        (found,) = what_if_from(ask, BASIS, [read_scenario(document)], EVERYTHING, NOW)
        assert found.result.cost == found.result.billed != {}
        assert found.result.unpriced == found.result.billed_unpriced
        assert [step.pico for bridge in found.bridges for step in bridge.steps] == [0]


def test_what_was_read_is_the_same_however_it_was_read(ask):
    """A cap that no answer reaches is read from the rows: the figures and the data's digest stay."""
    plain = read_scenario({"name": "plain"})
    capped = read_scenario({"name": "capped", "changes": [{"kind": "output_cap", "tokens": 1_000_000}]})
    one, other = what_if_from(ask, BASIS, [plain, capped], EVERYTHING, NOW)
    assert one.result.cost == other.result.cost
    assert (one.data_digest, one.rates_digest) == (other.data_digest, other.rates_digest)
    assert other.result.read_from_rows == one.result.requests


@pytest.mark.parametrize("cap", [1, 300, 700])
def test_an_output_cap_counts_the_lengths_of_the_answers(ask, rows, cap):
    """At the target answers are one and a half times as long, so they meet the cap earlier."""
    document = {
        "name": "cap",
        "where": {"model": "m"},
        "changes": [
            {"kind": "move", "seller": "t", "model": "x", "output": {"value": "1.5"}},
            {"kind": "output_cap", "tokens": cap},
        ],
    }
    (found,) = what_if_from(ask, BASIS, [read_scenario(document)], EVERYTHING, NOW)
    meant = [row for row in rows if row["model"] == "m" and is_charged(row)]
    outputs = [min(Fraction(3, 2) * row["output"], cap) for row in meant]
    place = METERS.index("output")
    assert sum(line.counts[place] for line in found.result.lines) == sum(outputs)


def test_a_seller_without_a_cache_price_can_be_given_no_cache_share(ask):
    move = {"kind": "move", "seller": "t", "model": "plain"}
    document = {"name": "no", "changes": [move, {"kind": "cache", "where": {"seller": "t"}, "share": "0.5"}]}
    with pytest.raises(ScenarioError, match="plain at t: its rates price nothing that is read from a cache"):
        what_if_from(ask, BASIS, [read_scenario(document)], EVERYTHING, NOW)
    (found,) = what_if_from(ask, BASIS, [read_scenario({"name": "yes", "changes": [move]})], EVERYTHING, NOW)
    assert any("tokens read from a cache are counted as input for plain at t" in note for note in found.notes)


def test_a_target_without_a_rate_is_counted_and_never_nothing(ask):
    document = {"name": "nowhere", "changes": [{"kind": "move", "seller": "t", "model": "unheard-of", "share": "0.5"}]}
    (found,) = what_if_from(ask, BASIS, [read_scenario(document)], EVERYTHING, NOW)
    assert found.result.unpriced > found.result.billed_unpriced
    assert found.result.only_billed.requests > 0
    (bridge,) = found.bridges
    assert bridge.adds_up and bridge.apart_requests == found.result.only_billed.requests
    assert bridge.apart_billed == found.result.only_billed.amounts["USD"]
    # What has no known cost is no saving; half of every call is none that could be compared.
    assert not bridge.is_whole and bridge.difference is None
    some = {"kind": "move", "where": {"team": "t"}, "seller": "t", "model": "unheard-of"}
    (found,) = what_if_from(ask, BASIS, [read_scenario({"name": "some", "changes": [some]})], EVERYTHING, NOW)
    (bridge,) = found.bridges
    assert bridge.difference == bridge.known_scenario - bridge.known_billed > bridge.scenario - bridge.billed
    assert bridge.known_billed == bridge.billed - bridge.apart_billed


def test_where_two_scenarios_cost_the_same_they_do(ask):
    some = {"rates_as_of": "own", "where": {"model": "m", "team": "t"}}
    cache = {"kind": "cache", "where": {"seller": "t"}, "share": "0.5"}
    changes = [{"kind": "move", "seller": "t", "model": "x"}, cache]
    moved = read_scenario({"name": "there", **some, "changes": changes})
    stay = read_scenario({"name": "here", **some})
    with pytest.raises(ScenarioError, match="calls of unknown cost have one in only one of there and here"):
        break_even_of(ask, BASIS, (moved, stay), "cache", EVERYTHING, NOW)
    stay = read_scenario({"name": "here", **some, "changes": changes[:1]})
    stay = with_slider(stay, "discount", Fraction(20))

    def cost(scenario: Scenario) -> Fraction:
        return what_if_from(ask, BASIS, [scenario], EVERYTHING, NOW)[0].result.exact["USD"]

    found = break_even_of(ask, BASIS, (moved, stay), "cache", EVERYTHING, NOW)["USD"]
    assert found.at_low == cost(with_slider(moved, "cache", Fraction(0))) - cost(stay)
    step = Fraction(1, 10**6)
    for crossing in found.crossings:
        below, above = (cost(with_slider(moved, "cache", crossing.at + way)) - cost(stay) for way in (-step, step))
        assert below * above < 0
    assert found.crossings or found.why_none


def test_a_slider_adds_its_change_where_there_is_none():
    plain = read_scenario({"name": "plain"})
    assert with_slider(plain, "volume", Fraction(3, 2)).changes[0].model_dump()["times"] == "1.5"
    with pytest.raises(ScenarioError, match="no change of kind move"):
        with_slider(plain, "move", Fraction(1, 2))


def test_the_last_days_end_with_the_last_whole_one(ask):
    """The newest call is of 1 November."""
    (found,) = what_if_from(ask, BASIS, [read_scenario({"name": "last", "last_days": 200})], EVERYTHING, NOW)
    assert isinstance(found, WhatIf)
    assert (found.since, found.until) == (date(2026, 6, 6), date(2026, 6, 6))
