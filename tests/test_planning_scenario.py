"""Scenario documents, changes at work on counts, and break-even: arithmetic that can be checked by hand."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from app.scenario_traffic import _effort, _retries
from planning.break_even import break_even
from planning.scenario import ScenarioError, read_scenario, write_scenario
from planning.scenario_cells import Calls
from planning.scenario_changes import Effort, Move, Ratio, Retries
from planning.scenario_pieces import NO_FACTS, Facts
from planning.scenario_rates import Finder, places_of
from planning.scenario_state import Question
from planning.what_if import evaluate
from pricing.card import Card
from pricing.meters import METERS
from pricing.rates import PRECEDENCE, compile_card
from pricing.traffic_cells import Billed

SAID = {"currency": "USD", "source": "s", "checked": "2026-01-01", "confidence": "official"}
AT = datetime(2026, 7, 1)
WHOLE = {
    "name": "everything",
    "note": "all that may be said",
    "where": {"team": "support"},
    "last_days": 28,
    "rates_as_of": "2026-07-01T00:00:00Z",
    "currency": "EUR",
    "changes": [
        {
            "kind": "move",
            "seller": "novita",
            "model": "m",
            "share": "0.5",
            "input": {"value": "1.2", "source": "claim"},
        },
        {"kind": "cache", "times": "0.5"},
        {"kind": "rates", "per_mtok": {"input": "0.1"}},
        {"kind": "retries", "attempts": {"value": "1.05", "source": "measured", "note": "last week"}},
        {"kind": "drop_failed"},
        {"kind": "media", "images": "1.5", "image_tokens": 400},
        {"kind": "effort", "mix": {"low": "0.25", "high": "0.75"}},
    ],
}


def calls(seller="s", model="m", *, cost=None, failed=None, kind="rated", **tokens) -> Calls:
    """Ten calls that were billed 1 per million of input, 0.1 cached, 4 of output."""
    counts = tuple(tokens.get(meter, 10 if meter == "request" else 0) for meter in METERS)
    pico = {"input": 1_000_000, "cache_read": 100_000, "output": 4_000_000}
    billed = Billed("home", "USD", tuple(pico.get(meter) for meter in METERS))
    known = sum(count * pico.get(meter, 0) for meter, count in zip(METERS, counts, strict=True))
    finder = Finder([], [], AT)
    terms = finder.terms((seller, model), (None, None, None), None)
    return Calls(seller, model, "a", "standard", kind, "USD", None, failed, billed, terms, 10, known, counts, ())


def rates(seller, model="m", context=(), **per_mtok):
    entry = {**SAID, "valid_from": "2026-01-01T00:00:00Z", "per_mtok": per_mtok, "context": list(context)}
    card = Card.model_validate({"seller": seller, "models": {model: [entry]}})
    return compile_card(card, precedence=PRECEDENCE["own"])


HOME = rates("s", input="1", cache_read="0.1", output="4")


def result(changes, *some, facts=NO_FACTS, more=(), **fields):
    scenario = read_scenario({"name": "x", "rates_as_of": "2026-07-01T00:00:00Z", "changes": changes, **fields})
    held = [*HOME, *more]
    finder = Finder(held, {(rate.seller, rate.model) for rate in held}, AT)
    return evaluate(Question(some or (calls(input=600, cache_read=400, output=100),), scenario, finder, facts))


def counts_of(found, meter):
    return sum(line.counts[METERS.index(meter)] for line in found.lines)


def test_a_document_is_read_as_it_is_written():
    scenario = read_scenario(WHOLE)
    assert write_scenario(scenario) == {**WHOLE, "changes": write_scenario(scenario)["changes"]}
    assert read_scenario(write_scenario(scenario)) == scenario
    assert scenario.rates_as_of == datetime(2026, 7, 1, tzinfo=UTC) and scenario.at == AT
    assert [change.kind for _, change in scenario.ordered()] == [
        "drop_failed", "retries", "move", "effort", "media", "cache", "rates",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"kind": "move", "seller": "s", "model": "m", "share": 0.5}, ("changes", 0, "share"), "0.5 is not quoted"),
        ({"kind": "move", "seller": "s"}, ("changes", 0, "model"), "it is missing"),
        ({"kind": "volume", "times": "-1"}, ("changes", 0, "times"), "no factor"),
        ({"kind": "volume", "times": "2", "speed": "3"}, ("changes", 0, "speed"), "there is no such field"),
        ({"kind": "wish"}, ("changes", 0), "there is no such kind of change"),
        ({"kind": "cache"}, ("changes", 0), "give one of share and times"),
        ({"kind": "cache", "share": "1.5"}, ("changes", 0, "share"), "from 0 to 1"),
        ({"kind": "effort", "mix": {"low": "0.5"}}, ("changes", 0), "add up to 0.5, not to 1"),
        ({"kind": "rates"}, ("changes", 0), "it names no figure"),
        ({"kind": "retries", "attempts": {"value": "0.5"}}, ("changes", 0), "at least one try"),
    ],
)
def test_a_mistake_is_named_with_its_place(change, place, said):
    with pytest.raises(ScenarioError) as raised:
        read_scenario({"name": "x", "changes": [change]})
    (mistake,) = raised.value.mistakes
    assert mistake.place == place and said in mistake.message


def test_every_mistake_is_named():
    with pytest.raises(ScenarioError) as raised:
        read_scenario({"rates_as_of": "2026-07-01", "last_days": 0, "shares": []})
    assert {mistake.place[0] for mistake in raised.value.mistakes} == {"name", "rates_as_of", "last_days", "shares"}


def test_fewer_reads_from_the_cache_become_input():
    found = result([{"kind": "cache", "times": "0.5"}])
    assert [counts_of(found, meter) for meter in ("input", "cache_read", "output")] == [800, 200, 100]
    assert found.cost == {"USD": 800 * 1_000_000 + 200 * 100_000 + 100 * 4_000_000}


def test_more_reads_shrink_input_and_writes_alike():
    found = result([{"kind": "cache", "share": "0.7"}], calls(input=400, cache_write=200, cache_read=400, output=1))
    assert [counts_of(found, meter) for meter in ("input", "cache_write", "cache_read")] == [200, 100, 700]


def test_a_move_takes_its_ratios_and_leaves_the_rest():
    more = rates("t", input="2", output="3")
    move = {
        "kind": "move",
        "seller": "t",
        "model": "m",
        "share": "0.25",
        "input": {"value": "1.5"},
        "output": {"value": "2"},
    }
    found = result([move], more=more)
    there = 250 * Fraction(3, 2) * 2_000_000 + 25 * 2 * 3_000_000
    here = 450 * 1_000_000 + 300 * 100_000 + 75 * 4_000_000
    assert found.cost == {"USD": there + here}
    assert found.notes[0].startswith("150 tokens read from a cache are counted as input for m at t")
    assert any("1.5 input tokens for the same task is a guess" in note for note in found.notes)


def test_a_longer_prompt_may_reach_a_context_tier():
    more = rates("t", context=[{"above": 1000, "multiply": "2"}], input="1", cache_read="1", output="1")
    finder = Finder([*HOME, *more], {("s", "m"), ("t", "m")}, AT)
    places = places_of("s", "m", [Move(seller="t", model="m", input=Ratio(value="1.5"))])
    assert finder.edges("s", "m", places).sizes == (668,)
    terms = finder.terms(("s", "m"), (None, None, None), None)
    below, above = (finder.find(terms._replace(size=size), places[1], "standard") for size in (667, 668))
    assert below and above and (below.pico[0], above.pico[0]) == (1_000_000, 2_000_000)


def test_media_are_priced_as_images_or_as_input():
    change = {"kind": "media", "images": "1.5"}
    facts = Facts({}, {("s", "m", "image low"): 400})
    found = result([change], facts=facts)
    assert counts_of(found, "input_image") == 10 * 600
    assert found.cost["USD"] - found.billed["USD"] == 6000 * 1_000_000
    with pytest.raises(ScenarioError, match="no card says how many tokens an image"):
        result([change])


def test_failed_calls_are_dropped_and_tries_are_fewer():
    some = calls(input=100, failed=False), calls(input=900, failed=True)
    found = result([{"kind": "drop_failed"}, {"kind": "retries", "attempts": {"value": "1"}}], *some,
                   facts=Facts({1: Fraction(4, 5)}, {}))  # fmt: skip
    assert found.cost == {"USD": 80 * 1_000_000} and found.billed == {"USD": 1000 * 1_000_000}


def test_other_figures_and_a_discount_round_as_a_card_does():
    found = result([{"kind": "rates", "per_mtok": {"input": "0.000003"}}, {"kind": "discount", "percent_off": "50"}])
    assert found.cost == {"USD": 600 * 2 + 400 * 50_000 + 100 * 2_000_000}


def test_an_effort_mix_is_that_of_the_measured_tokens():
    change = Effort(mix={"low": "0.5", "high": "0.5"})
    measured = [("", 10, 1000), ("high", 20, 8000), ("low", 10, 1000)]
    assert _effort(change, measured, 0) == Fraction(250) / Fraction(10_000, 40)
    with pytest.raises(ScenarioError, match="no call has effort low"):
        _effort(change, measured[:2], 0)


def test_tries_are_measured_unless_they_are_given():
    read = Retries(attempts=Ratio(value="1.1"))
    assert _retries(read, (110, 100), 0) == 1
    with pytest.raises(ScenarioError, match="give now"):
        _retries(read, (0, 0), 0)


def test_a_change_about_nothing_says_so():
    found = result([{"kind": "volume", "times": "2", "where": {"model": "none"}}])
    assert found.notes == ("Change 1 (volume) is about no call of this traffic.",)
    assert found.cost == found.billed


def test_a_straight_line_is_crossed_exactly_and_a_curve_nearly():
    found = break_even(lambda x: 3 * x - 1, Fraction(0), Fraction(1))
    assert [(crossing.at, crossing.is_exact) for crossing in found.crossings] == [(Fraction(1, 3), True)]
    assert found.crossings[0].cheaper_above == "other"
    kinked = break_even(lambda x: abs(x - Fraction(1, 2)) - Fraction(1, 4), Fraction(0), Fraction(1), [Fraction(1, 2)])
    assert [crossing.at for crossing in kinked.crossings] == [Fraction(1, 4), Fraction(3, 4)]
    curve = break_even(lambda x: x * x - Fraction(1, 2), Fraction(0), Fraction(1))
    assert [round(float(crossing.at), 6) for crossing in curve.crossings] == [0.707107]


@pytest.mark.parametrize(
    ("difference", "why"),
    [
        (lambda x: Fraction(0), "they cost the same wherever the slider is"),
        (lambda x: Fraction(2), "the slider moves neither: one always costs more"),
        (lambda x: -1 - x, "one costs less all the way"),
    ],
)
def test_where_nothing_is_crossed_it_says_why(difference, why):
    found = break_even(difference, Fraction(0), Fraction(1))
    assert found.crossings == () and found.why_none == why
