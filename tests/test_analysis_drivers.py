"""What drove a change: the causes add up to it, and the one that changed is the one that is named."""

from fractions import Fraction

import pytest

from analysis.drivers import Driver, Part, Span, drivers

CAUSES = ("requests", "retries", "tokens per request", "cache share", "mix", "price")


def part(requests=100, fresh=1000, cached=3000, output=500, **others) -> Part:
    """Fresh input at 10, cached at 1, output at 40 pico-units a token."""
    price = others.pop("price", 1)
    costs = (10 * price * fresh, price * cached, 0, 40 * price * output, 0)
    who = {"seller": "novita", "model": "step-3.7-flash", "team": "search"} | others
    return Part(**who, requests=requests, tokens=(fresh, cached, 0, output), costs=costs)


BEFORE = Span(28, tuple(part() for _ in range(28)), 0)


def causes(now: Span, before: Span = BEFORE) -> dict[str, Fraction]:
    return {driver.cause: driver.pico for driver in drivers(before, now) if driver.cause in CAUSES}


def cost(span: Span) -> Fraction:
    return Fraction(sum(sum(each.costs) for each in span.parts), span.days)


@pytest.mark.parametrize(
    ("cause", "now"),
    [
        ("requests", Span(1, (part(300, 3000, 9000, 1500),), 0)),
        ("retries", Span(1, (part(200, 2000, 6000, 1000),), 100)),
        ("tokens per request", Span(1, (part(100, 2000, 6000, 1000),), 0)),
        ("cache share", Span(1, (part(100, 4000, 0, 500),), 0)),
        ("mix", Span(1, (part(100, 500, 1500, 2500),), 0)),
        ("price", Span(1, (part(price=3),), 0)),
    ],
)
def test_what_changed_is_named_and_has_all_of_it(cause, now):
    found = causes(now)
    assert set(found) == {cause}
    assert found[cause] == cost(now) - cost(BEFORE)


def test_causes_add_up_to_the_difference():
    now = Span(7, (part(500, 9000, 2000, 4000, price=2), part(90, 100, 0, 9000, model="other", team="new")), 13)
    whole = cost(now) - cost(BEFORE)
    assert sum(causes(now).values()) == pytest.approx(whole, rel=0.5)
    from analysis import drivers as module

    assert sum(driver.pico for driver in module.causes(BEFORE, now)) == whole


def test_a_new_model_has_its_own_cost():
    now = Span(1, (part(), part(100, 9000, 0, 3000, model="other")), 0)
    (model,) = [driver for driver in drivers(BEFORE, now) if driver.cause == "model"]
    assert model == Driver("model", "other", Fraction(210_000), Fraction(0), Fraction(210_000))


def test_a_stop_is_all_in_the_calls_that_did_not_come():
    assert causes(Span(1, (), 0)) == {"requests": -cost(BEFORE)}


def test_traffic_without_a_past_is_all_in_its_calls():
    assert causes(BEFORE, Span(28, (), 0)) == {"requests": cost(BEFORE)}


def test_what_hardly_matters_is_left_out():
    now = Span(1, (part(300, 3000, 9000, 1501),), 0)
    assert [driver.cause for driver in drivers(BEFORE, now)] == ["requests"]
    assert isinstance(drivers(BEFORE, now)[0], Driver)
