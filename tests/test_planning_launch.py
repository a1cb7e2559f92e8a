"""A launch plan drawn: what it has to agree with, and what must never happen to it."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
import yaml

from planning.launch import simulate
from planning.launch_lengths import Lengths
from planning.launch_plan import PlanError, read_launch_plan
from planning.launch_prices import PRICED, route_prices
from pricing.card_model import Card
from pricing.meters import METERS
from pricing.rates import compile_card

DRAWS = 1_000
CARD = yaml.safe_load(
    """
    seller: acme
    models:
      small:
        - valid_from: 2026-01-01T00:00:00Z
          valid_until: 2027-01-20T00:00:00Z
          currency: USD
          per_mtok: {input: "0.20", cache_read: "0.04", output: "1.15"}
          source: https://example.com/prices
          checked: 2026-11-01
          confidence: official
        - valid_from: 2027-01-20T00:00:00Z
          currency: USD
          per_mtok: {input: "0.30", cache_read: "0.06", output: "1.25", input_image: "0.50"}
          context: [{above: 100000, multiply: "2"}]
          source: https://example.com/prices
          checked: 2026-11-01
          confidence: official
      large:
        - valid_from: 2026-01-01T00:00:00Z
          currency: USD
          per_mtok: {input: "5", cache_read: "0.5", output: "25"}
          source: https://example.com/prices
          checked: 2026-11-01
          confidence: official
      uncached:
        - valid_from: 2026-01-01T00:00:00Z
          currency: EUR
          per_mtok: {input: "5", output: "25"}
          source: https://example.com/prices
          checked: 2026-11-01
          confidence: official
    """
)
RATES = compile_card(Card.model_validate(CARD), precedence=1)
PLAIN = yaml.safe_load(
    """
    name: Plain
    start: 2027-01-16
    days: 10
    budget: "10"
    users: 1000
    adoption: {curve: points, points: [{day: 1, share: 0.1}, {day: 5, share: 0.5}]}
    sessions: 2
    tasks: 3
    weekend: 0.5
    kinds:
      short_text: {share: 0.75, steps: 2, input_tokens: 1000, output_tokens: 200, cache_share: 0.25, retries: 0.5}
      long_context: {share: 0.25, input_tokens: 120000, output_tokens: 500, images: 2, image_tokens: 400, charged: 0.5}
    effort:
      low: {share: 0.5, output: 0.5}
      high: {share: 0.5, output: 2, input: 1.5}
    escalation: {share: 0.1, seller: acme, model: large, output: 2}
    routes: [{seller: acme, model: small}]
    """
)
WIDE = PLAIN | yaml.safe_load(
    """
    users: {low: 500, likely: 1000, high: 3000}
    sessions: {low: 1, likely: 2, high: 4}
    day_noise: 0.3
    kinds:
      short_text:
        share: {low: 0.6, likely: 0.75, high: 0.8}
        input_tokens: {low: 900, likely: 1000, high: 1100, source: measured}
        output_tokens: {low: 100, likely: 200, high: 300, source: measured}
      long_context: {share: 0.25, input_tokens: {low: 5e4, likely: 9e4, high: 1.5e5}, output_tokens: 500}
    """
)
RECORDS = Lengths(*np.random.default_rng(1).integers(0, [[2000], [1], [400]], (3, 300)))


def drawn(document, seed=1, draws=DRAWS, lengths=None, **changes):
    plan = read_launch_plan(document | changes)
    return simulate(plan, route_prices(plan, RATES), lengths, seed=seed, draws=draws)


def wide(seed=1, draws=DRAWS, **changes):
    return drawn(WIDE, seed, draws, lengths={"short_text": RECORDS}, **changes)


def arithmetic(document):
    """The same in exact fractions, written out once more: no array, no draw."""
    f = lambda number: Fraction(str(number))  # noqa: E731
    points = {point["day"]: f(point["share"]) for point in document["adoption"]["points"]}
    (day_a, a), (day_b, b) = sorted(points.items())
    effort_in = sum(f(tier["share"]) * f(tier.get("input", 1)) for tier in document["effort"].values())
    effort_out = sum(f(tier["share"]) * f(tier["output"]) for tier in document["effort"].values())
    escalated, total = document["escalation"], Fraction(0)
    for number in range(document["days"]):
        day = document["start"] + timedelta(days=number)
        adopted = a + (b - a) * Fraction(min(max(number + 1, day_a), day_b) - day_a, day_b - day_a)
        tasks = f(document["users"]) * adopted * f(document["sessions"]) * f(document["tasks"])
        tasks *= f(document["weekend"]) if day.weekday() >= 5 else 1
        for kind in document["kinds"].values():
            text, image = (
                f(kind["input_tokens"]) * effort_in,
                Fraction(kind.get("images", 0) * kind.get("image_tokens", 0)),
            )
            cached, out = text * f(kind.get("cache_share", 0)), f(kind["output_tokens"]) * effort_out
            cost = Fraction(0)
            for model, part, factor in (("small", 1 - f(escalated["share"]), 1), ("large", f(escalated["share"]), 2)):
                rate = rate_of(model, day, text + image)
                amounts = {"input": text - cached, "cache_read": cached, "output": out * factor, "input_image": image}
                cost += part * sum(tokens * rate[meter] for meter, tokens in amounts.items())
            calls = f(kind.get("steps", 1)) * (1 + f(kind.get("retries", 0))) * f(kind.get("charged", 1))
            total += tasks * f(kind["share"]) * calls * cost
    return total


def rate_of(model, day, size):
    """Pico-units by meter at noon."""
    at = datetime(day.year, day.month, day.day, 12)
    for rate in RATES:
        if rate.model == model and rate.valid_from <= at < rate.valid_until:
            if rate.cell.context_from <= size < rate.cell.context_until:
                return dict(zip(METERS, rate.pico, strict=True))
    raise AssertionError(model)


def test_a_plan_without_spread_is_the_arithmetic():
    """Through a change of rates, a step of input size, cache, images, effort, escalation and a weekend."""
    found = drawn(PLAIN)
    exact = arithmetic(PLAIN)
    assert found.total.p10 == found.total.p99 == found.at_likely
    assert found.at_likely == pytest.approx(float(exact), rel=1e-12)
    assert found.tornado == () and found.contingency == 0
    assert sum(part.cost.p50 for part in found.kinds) == pytest.approx(found.at_likely, abs=2)
    assert found.days[-1].cumulative.p50 == pytest.approx(found.at_likely, abs=2)


def test_the_same_seed_gives_the_same_bits():
    one, two, other = wide(), wide(), wide(seed=2)
    assert one.totals.tobytes() == two.totals.tobytes() and one.paths.tobytes() == two.paths.tobytes()
    assert one.days == two.days and one.tornado == two.tornado
    assert one.totals.tobytes() != other.totals.tobytes()


def test_quantiles_are_in_order():
    found = wide()
    bands = [found.total, found.calls, *(band for day in found.days for band in day[1:])]
    bands += [band for kind in found.kinds for band in kind[1:]]
    assert all(list(band) == sorted(band) and band.p10 >= 0 for band in bands)
    assert found.contingency == found.total.p90 - found.total.p50


@pytest.mark.parametrize("users", [1.0001, 1.5, 40])
def test_more_users_never_cost_less(users):
    """Draw by draw and day by day, few calls or many."""
    few = {"low": 1, "likely": 2, "high": 5}
    for base in (few, WIDE["users"]):
        more = {name: value * users for name, value in base.items()}
        fewer, greater = wide(users=base), wide(users=more)
        assert np.all(greater.paths >= fewer.paths) and np.all(greater.totals >= fewer.totals)
        assert greater.total.p50 > fewer.total.p50


@pytest.mark.parametrize("field", ["input_tokens", "output_tokens", "steps", "retries"])
def test_more_of_a_kind_never_costs_less_in_the_middle(field):
    kinds = {name: dict(kind) for name, kind in WIDE["kinds"].items()}
    kinds["long_context"][field] = {"steps": 3, "retries": 1}.get(field, 2e5)
    assert wide(kinds=kinds).total.p50 > wide().total.p50


def test_p99_repeats_over_seeds():
    p99 = np.array([wide(seed=seed, draws=5_000).total.p99 for seed in range(6)], dtype=float)
    assert np.abs(p99 / p99.mean() - 1).max() < 0.025


def test_one_input_more_moves_no_other():
    """Plans are drawn alike where they are alike."""
    kinds = WIDE["kinds"] | {"tool_call": {"share": 0.0, "input_tokens": 1, "output_tokens": 1}}
    assert np.allclose(wide(kinds=kinds).totals, wide().totals)


@pytest.mark.parametrize("name", ["users", "sessions", "weekend", "day_noise"])
def test_each_input_may_be_the_only_one_with_a_spread(name):
    found = drawn(PLAIN, **{name: {"low": 0.2, "likely": 0.4, "high": 0.8}})
    assert [swing.name for swing in found.tornado] == [name]


def test_a_longer_plan_begins_as_the_shorter_one():
    assert np.allclose(wide(days=9).paths, wide().paths[:, :9])


def test_the_tornado_names_the_inputs_with_spread_widest_first():
    found = wide()
    assert {swing.name for swing in found.tornado} == {
        "users", "sessions", "kinds.short_text.share", "kinds.short_text.input_tokens",
        "kinds.short_text.output_tokens", "kinds.long_context.input_tokens",
    }  # fmt: skip
    assert [swing.width for swing in found.tornado] == sorted((s.width for s in found.tornado), reverse=True)
    users = next(swing for swing in found.tornado if swing.name == "users")
    assert users.at_high == pytest.approx(6 * users.at_low, rel=1e-6)


def test_everything_at_likely_is_no_percentile():
    """With inputs skewed upwards it is below the middle."""
    found = wide()
    assert found.at_likely < found.total.p50 and 0.1 < found.at_likely_rank < 0.5


def test_the_chance_to_exceed_a_budget_is_the_share_of_draws():
    found = wide(budget="30")
    assert found.over_budget == np.mean(found.totals > 30e12)
    assert wide(budget=None).over_budget is None
    assert wide(budget="1000000").over_budget == 0


def test_lengths_of_records_are_resampled():
    """The mean over draws is that of the records, and as uncertain as it is after so many calls."""
    plan = PLAIN | {"kinds": {"short_text": WIDE["kinds"]["short_text"] | {"share": 1}}, "effort": {}, "days": 2}
    found = drawn(plan, lengths={"short_text": RECORDS}, draws=10_000)
    assert found.totals.mean() == pytest.approx(found.at_likely, rel=0.005)
    cost = RECORDS.input * 200_000 + RECORDS.output * 1_150_000.0
    few = cost.std() / cost.mean() / np.sqrt(300)
    assert few < found.totals.std() / found.totals.mean() < 2 * few
    assert "resampled from records: short_text" in found.notes[0]


def test_a_long_input_pays_its_step_by_the_share_of_calls_that_are_long():
    """Lognormal around 90,000 with a step at 100,000: between all below and all above."""
    kinds: dict[str, dict[str, float]] = {"long_context": {"share": 1, "input_tokens": 90_000, "output_tokens": 0}}
    shared = {"start": date(2027, 1, 25), "kinds": kinds, "effort": {}, "escalation": None}
    plain = drawn(PLAIN, **shared).at_likely
    kinds["long_context"]["length_spread"] = 0.5
    some = drawn(PLAIN, **shared).at_likely
    kinds["long_context"] |= {"input_tokens": 180_000, "length_spread": 0.01}
    double = drawn(PLAIN, **shared).at_likely
    assert plain < some < 2 * plain and double == pytest.approx(4 * plain, rel=1e-6)
    sample = np.random.default_rng(0).lognormal(np.log(90_000) - 0.125, 0.5, 400_000)
    assert some / plain == pytest.approx(np.where(sample > 100_000, 2 * sample, sample).mean() / 90_000, rel=0.005)


def test_what_has_no_price_is_refused():
    def tried(**changes):
        plan = read_launch_plan(PLAIN | changes)
        return route_prices(plan, RATES)

    with pytest.raises(PlanError, match="huge at acme has no price on 2027-01-16: no rate"):
        tried(routes=[{"seller": "acme", "model": "huge"}])
    with pytest.raises(PlanError, match=r"small at acme \(batch\) has no price on 2027-01-16: no batch rate"):
        tried(routes=[{"seller": "acme", "model": "small", "tier": "batch"}])
    with pytest.raises(PlanError, match="has no price of cache_read, and the plan uses it; set cache_share to 0"):
        tried(routes=[{"seller": "acme", "model": "uncached"}])
    kinds = {"short_text": {"share": 1, "input_tokens": 10, "output_tokens": 10}}
    with pytest.raises(PlanError, match="is billed in EUR, the plan is in USD, and no exchange rate is known"):
        tried(routes=[{"seller": "acme", "model": "uncached"}], kinds=kinds)
    with pytest.raises(PlanError, match="has no price on 2025-12-30"):
        tried(start=date(2025, 12, 30))
    open_kind = {"short_text": {"share": 1, "input_tokens": "measured", "output_tokens": 10}}
    with pytest.raises(PlanError, match=r"kinds.short_text.input_tokens is to be measured, and no records say it"):
        drawn(PLAIN, kinds=open_kind)


def test_prices_change_on_their_day_in_the_zone_of_the_plan():
    plan = read_launch_plan(PLAIN)
    there = route_prices(plan, RATES, "UTC")
    inputs = there.pico[0, 0, PRICED.index("input")]
    assert list(inputs) == [200_000] * 4 + [300_000] * 6 and there.steps == (0, 100_001)
    east = route_prices(plan, RATES, "Asia/Shanghai").pico[0, 0, PRICED.index("input")]
    assert east[4] == pytest.approx(200_000 / 3 + 300_000 * 2 / 3)
    assert there.first[0].valid_until == datetime(2027, 1, 20, tzinfo=UTC).replace(tzinfo=None)


def test_images_beside_the_input_of_records_are_named_as_perhaps_counted_twice():
    told = "Input of records holds the tokens of their images and videos; counted beside it in long_context"
    for source, expected in (("guess", 0), ("measured", 1)):
        kind = PLAIN["kinds"]["long_context"] | {"input_tokens": {"likely": 120000, "source": source}}
        notes = drawn(PLAIN | {"kinds": PLAIN["kinds"] | {"long_context": kind}}).notes
        assert sum(note.startswith(told) for note in notes) == expected


def test_weekends_alone_may_be_uncertain():
    """Level adoption has one column, a weekend's factor as many as there are draws."""
    found = drawn(PLAIN | {"weekend": {"low": 0.3, "likely": 0.5, "high": 0.8}})
    assert found.days[0].cost.p10 < found.days[0].cost.p90
    assert found.days[4].cost.p10 == found.days[4].cost.p90 == drawn(PLAIN).days[4].cost.p50


def test_days_that_differ_by_more_than_days_can_are_refused():
    """Twenty for 20% would make nearly every day cost nothing."""
    with pytest.raises(PlanError, match="day_noise: it has to be from 0 to 2"):
        read_launch_plan(PLAIN | {"day_noise": 20})


def test_a_figure_that_the_plan_writes_stands_beside_those_that_records_fill():
    kinds = {"short_text": WIDE["kinds"]["short_text"] | {"share": 1}}
    plan = PLAIN | {"kinds": kinds, "effort": {}}
    written = drawn(plan, lengths={"short_text": RECORDS._replace(fields=("input_tokens",))})
    resampled = drawn(plan, lengths={"short_text": RECORDS})
    ends = [swing.name for swing in written.tornado]
    assert "kinds.short_text.output_tokens" in ends
    expected = drawn(plan | {"kinds": {"short_text": kinds["short_text"] | {"output_tokens": 200}}}).at_likely
    mean = drawn(plan, lengths={"short_text": RECORDS._replace(fields=("input_tokens",))}).at_likely
    assert mean == pytest.approx(expected, rel=0.3) and written.at_likely != resampled.at_likely


def test_a_meter_that_the_plan_does_not_use_needs_no_price():
    """Records of other calls may hold cached tokens: the plan's own do not."""
    kinds = {"short_text": {"share": 1, "input_tokens": 10, "output_tokens": 10}}
    plan = read_launch_plan(PLAIN | {"kinds": kinds, "currency": "EUR", "escalation": None, "effort": {}})
    route = plan.routes[0].model_copy(update={"model": "uncached"})
    plan = plan.model_copy(update={"routes": (route,)})
    assert simulate(plan, route_prices(plan, RATES), {"short_text": RECORDS}, draws=100).total.p50 > 0
