"""Shared cost is divided to the last pico-unit: parts add up, none is one off, and order changes nothing."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from analysis.allocation import AFTER, NAMES, Basis, Rule, Weights, allocated, apportioned, weights_of

TEAMS = st.text(min_size=1, max_size=6)
PARTS = st.dictionaries(TEAMS, st.fractions(min_value=0, max_value=10**15), max_size=8)
AMOUNTS = st.integers(-(10**24), 10**24)
NOTHING = Basis({}, 0, 0)


def used(usd: int = 0, tokens: int = 0, requests: int = 0) -> Basis:
    return Basis({"USD": Fraction(usd)} if usd else {}, tokens, requests)


@given(AMOUNTS, PARTS)
def test_the_parts_add_up_to_the_whole_and_none_is_a_pico_unit_off(pico, parts):
    weights = Weights("fixed", {team: part for team, part in parts.items() if part})
    found = allocated(pico, weights)
    whole = sum(weights.parts.values())
    assert found.keys() == weights.parts.keys() and sum(found.values()) == (pico if whole else 0)
    assert all(abs(found[team] - pico * part / whole) < 1 for team, part in weights.parts.items())
    assert sum(weights.shares().values()) == (1 if whole else 0)


@given(AMOUNTS, PARTS)
def test_order_changes_nothing_and_a_credit_takes_back_what_the_amount_gave(pico, parts):
    parts = {team: part for team, part in parts.items() if part}
    found = allocated(pico, Weights("fixed", parts))
    assert found == allocated(pico, Weights("fixed", dict(reversed(parts.items()))))
    assert allocated(-pico, Weights("fixed", parts)) == {team: -part for team, part in found.items()}


@given(st.dictionaries(st.tuples(TEAMS, st.integers(0, 3)), st.fractions(max_denominator=10**6), max_size=8))
def test_fractions_become_whole_numbers_that_add_up_to_the_rounded_sum(exact):
    found = apportioned(exact)
    assert sum(found.values()) == round(sum(exact.values(), Fraction()))
    assert all(abs(found[key] - part) < 1 for key, part in exact.items())
    assert all(found[key] == part for key, part in exact.items() if part.denominator == 1)


def test_what_is_left_over_goes_to_those_that_lost_most_and_then_by_name():
    assert allocated(100, Weights("even", {"c": Fraction(1), "a": Fraction(1), "b": Fraction(1)})) == {
        "a": 34,
        "b": 33,
        "c": 33,
    }
    assert allocated(10, Weights("fixed", {"a": Fraction(5), "b": Fraction(6)})) == {"a": 5, "b": 5}
    assert allocated(10, Weights("fixed", {})) == {}


def test_each_rule_goes_by_what_it_says():
    bases = {"search": used(3, 10, 5), "support": used(1, 30, 15)}
    shares = {name: weights_of(Rule(name), bases, "USD").shares()["search"] for name in NAMES if name != "fixed"}
    assert shares == {
        "cost": Fraction(3, 4),
        "tokens": Fraction(1, 4),
        "requests": Fraction(1, 4),
        "even": Fraction(1, 2),
    }
    fixed = weights_of(Rule("fixed", {"search": Fraction(40), "platform": Fraction(10)}), bases, "USD")
    assert fixed.shares()["search"] == Fraction(4, 5) and fixed.shares().keys() == {"search", "platform"}


def test_where_nobody_has_what_a_rule_goes_by_the_next_one_is_used_and_said():
    bases = {"search": used(3, 10, 5), "support": used(1, 30, 15)}
    in_eur = weights_of(Rule("cost"), bases, "EUR")
    assert (in_eur.rule, in_eur.shares()["search"]) == ("requests", Fraction(1, 4))
    assert weights_of(Rule("tokens"), {"search": NOTHING, "support": NOTHING}, "USD").rule == "even"
    assert weights_of(Rule("cost"), {}, "USD").parts == {}
    assert weights_of(Rule("fixed", {}), bases, "USD").parts == {}
    assert AFTER.keys() == set(NAMES)
