"""A launch plan as a document: what it may say, what it may not, and what an input's three points mean."""

import numpy as np
import pytest
import yaml

from planning.guess import SHARE, Bounds, Guess, Span, values_at
from planning.launch_plan import PlanError, inputs_of, read_launch_plan, write_launch_plan

PLAN = """
name: Help desk
start: 2027-01-11
days: 30
budget: "900.00"
users: {low: 800, likely: 1000, high: 1500, source: claim, note: the sales forecast}
adoption:
  curve: points
  points:
    - {day: 1, share: 0.02}
    - {day: 30, share: {low: 0.1, likely: 0.2, high: 0.3}}
sessions: 1.5
tasks: 2
kinds:
  short_text: {share: 0.9, input_tokens: measured, output_tokens: measured}
  image: {share: 0.1, input_tokens: 500, output_tokens: 300, images: 1, image_tokens: 400}
routes:
  - {seller: novita, model: stepfun/step-3.7-flash}
"""


def document(**changes):
    return yaml.safe_load(PLAN) | changes


def test_a_plan_is_written_as_it_was_read():
    plan = read_launch_plan(document())
    assert plan.users.span == Span(800, 1000, 1500)
    assert plan.kinds["short_text"].input_tokens.is_open
    assert read_launch_plan(write_launch_plan(plan)) == plan
    assert write_launch_plan(plan)["kinds"]["short_text"] == {
        "share": 0.9, "input_tokens": "measured", "output_tokens": "measured"
    }  # fmt: skip


def test_every_input_has_its_name():
    names = [each.name for each in inputs_of(read_launch_plan(document()))]
    assert names[:5] == ["users", "adoption.day 1", "adoption.day 30", "sessions", "tasks"]
    assert "kinds.image.image_tokens" in names and len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"user": 3}, "user: there is no such field"),
        ({"sessions": {"low": 3, "likely": 2, "high": 4}}, "sessions: low 3.0, likely 2.0 and high 4.0 are not in"),
        ({"sessions": {"low": 3, "high": 4}}, "sessions: it says no likely value"),
        ({"routes": [{"seller": "a", "model": "b", "share": 0.4}]}, "routes: the likely shares add up to 0.4"),
        ({"budget": "much"}, "budget: much is no amount"),
        ({"budget": 0}, "it has to be above 0"),
        ({"days": 0}, "days: 0 is below 1"),
        ({"adoption": {"curve": "logistic", "ceiling": 2, "half_way": 9, "growth_days": 5}}, "has to be from 0 to 1"),
        ({"adoption": {"curve": "points", "points": [{"day": 1, "share": "no"}]}}, "adoption: points: number 1: share"),
        ({"hours": [1] * 23}, "write 24 weights"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_mistake_is_named(changes, message):
    with pytest.raises(PlanError, match="(?s)" + message.replace("(", r"\(")):
        read_launch_plan(document(**changes))


@pytest.mark.parametrize(
    "span", [(1, 2, 3), (1, 1, 3), (1, 3, 3), (0.5, 2, 30), (0, 0, 1), (0.02, 0.9, 0.95), (5e3, 6e3, 6e3)]
)
def test_one_in_ten_stays_below_low_and_one_in_ten_exceeds_high(span):
    bounds = SHARE if span[2] <= 1 else Bounds()
    chance = (np.arange(100_000) + 0.5) / 100_000
    values = values_at(Span(*span), bounds, chance)
    assert np.all(np.diff(values) >= 0) and values[0] >= bounds.least and values[-1] <= bounds.most
    assert values_at(Span(*span), bounds, np.array([0.1, 0.9])) == pytest.approx([span[0], span[2]], rel=1e-6, abs=1e-9)


def test_the_top_of_the_triangle_is_at_likely():
    values = values_at(Span(10, 14, 30), Bounds(), (np.arange(400_000) + 0.5) / 400_000)
    counts, edges = np.histogram(values, bins=60)
    assert abs(edges[counts.argmax()] - 14) < 1


def test_a_plain_number_has_no_spread():
    assert Guess.model_validate(5).span == Span(5, 5, 5)
    assert not Guess.model_validate("5").has_spread
    assert list(values_at(Span(5, 5, 5), Bounds(), np.array([0.01, 0.99]))) == [5, 5]
