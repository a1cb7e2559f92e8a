"""The genai-prices package: dates, tiers, hours and names, read from its own classes."""

import datetime as dt
from decimal import Decimal

import pytest

types = pytest.importorskip("genai_prices.types", reason="genai-prices is not installed")

from pricing.registries.genai_prices import Package, read_genai_prices  # noqa: E402
from pricing.registries.quote import Reading  # noqa: E402
from pricing.registries.undated import undated  # noqa: E402


def price(**figures):
    return types.ModelPrice(**{
        name: figure if isinstance(figure, types.TieredPrices) else Decimal(figure) for name, figure in figures.items()
    })  # fmt: skip


def tiered(base: str, *steps: tuple[int, str]):
    return types.TieredPrices(base=Decimal(base), tiers=[types.Tier(start, Decimal(text)) for start, text in steps])


def since(day: str):
    return types.StartDateConstraint(start_date=dt.date.fromisoformat(day))


def equals(text: str):
    return types.ClauseEquals(equals=text)


def model(prices, *clauses, name="m-1", variants=None):
    rule = types.ClauseOr(or_=list(clauses)) if clauses else equals(name)
    return types.ModelInfo(id=name, match=rule, prices=prices, price_variants=variants)


def read(*models, seller="openai") -> Reading:
    provider = types.Provider(id=seller, name=seller, api_pattern="https://x", models=list(models))
    return read_genai_prices(Package([provider], "0.2.3"))


def test_the_first_price_has_no_day_and_the_next_one_has(caplog):
    prices = [
        types.ConditionalPrice(prices=price(input_mtok="5", output_mtok="25")),
        types.ConditionalPrice(constraint=since("2026-03-13"), prices=price(input_mtok="4", output_mtok="20")),
    ]
    first, second = read(model(prices)).quotes
    start = dt.datetime(2026, 3, 13, tzinfo=dt.UTC)
    assert (first.valid_from, first.valid_until, first.per_mtok["input"]) == (None, start, "5")
    assert (second.valid_from, second.valid_until, second.per_mtok["input"]) == (start, None, "4")
    assert second.source == "genai-prices 0.2.3"


def test_context_tiers_hold_every_meter():
    prices = price(
        input_mtok=tiered("2", (200_000, "4")), output_mtok="12", cache_read_mtok=tiered("0.2", (200_000, "0.4"))
    )
    (quote,) = read(model(prices)).quotes
    assert quote.per_mtok == {"input": "2", "cache_read": "0.2", "output": "12"}
    assert quote.context == ((200_000, {"input": "4", "cache_read": "0.4", "output": "12"}),)


def test_a_service_tier_begins_on_its_day_and_its_model_stays_undated():
    variant = types.PriceVariant(
        when={"processing": "batch"}, prices=price(input_mtok="1"), constraint=since("2026-10-14")
    )
    route = types.PriceVariant(when={"route": "eu"}, prices=price(input_mtok="9"))
    quotes = read(model(price(input_mtok="2", output_mtok="8"), variants=[variant, route])).quotes
    assert [dict(quote.service_tiers) for quote in quotes] == [
        {},
        {"batch": ({"input": "1", "output": "8"}, ())},
    ]
    assert len(undated(quotes)) == 2


def test_hours_are_the_newest_price_s_alone():
    """genai-prices 0.2.3 asks its peak price of calls in June, long before there was one."""
    peak = types.TimeOfDateConstraint(start_time=dt.time(1, tzinfo=dt.UTC), end_time=dt.time(4, tzinfo=dt.UTC))
    prices = [
        types.ConditionalPrice(prices=price(input_mtok="0.14", output_mtok="0.28")),
        types.ConditionalPrice(constraint=since("2026-09-10"), prices=price(input_mtok="0.15", output_mtok="0.6")),
        types.ConditionalPrice(constraint=peak, prices=price(input_mtok="0.3", output_mtok="1.2")),
    ]
    before, now = read(model(prices), seller="deepseek").quotes
    assert before.windows == ()
    (window,) = now.windows
    assert window.hours == {"mon-sun": "01:00-04:00"}
    assert window.per_mtok == {"input": "0.3", "output": "1.2"}
    assert "without weekdays" in now.notes[0]


def test_names_are_exact_or_dated_and_never_parts():
    clauses = [types.ClauseStartsWith(starts_with="claude-x-2"), types.ClauseContains(contains="x-two")]
    (quote,) = read(
        model(price(input_mtok="1"), equals("claude-x-2-latest"), *clauses, name="claude-x-2-latest")
    ).quotes
    assert quote.model == "claude-x-2-latest"
    assert quote.aliases == ("claude-x-2", "claude-x-2-{date}")


def test_a_string_that_an_earlier_model_takes_is_not_an_alias():
    first = model(price(input_mtok="1"), types.ClauseStartsWith(starts_with="m-1-20260131"), name="m-1-20260131")
    second = model(price(input_mtok="2"), types.ClauseStartsWith(starts_with="m-1"), name="m-1")
    named = {quote.model: quote.aliases for quote in read(first, second).quotes}
    assert named["m-1"] == ()


def test_a_dated_regex_is_a_dated_alias():
    rule = types.ClauseRegex(regex=r"^claude-fable-5-\d{8}$")
    (quote,) = read(model(price(input_mtok="1"), equals("claude-fable-5"), rule, name="claude-fable-5")).quotes
    assert (quote.model, quote.aliases) == ("claude-fable-5", ("claude-fable-5-{date}",))


def test_cache_writes_without_a_lifetime_are_of_five_minutes_where_one_hour_has_its_own():
    (both,) = read(model(price(input_mtok="5", cache_write_mtok="6.25", cache_write_1h_mtok="10"))).quotes
    assert both.per_mtok == {"input": "5", "cache_write_5m": "6.25", "cache_write_1h": "10"}
    (one,) = read(model(price(input_mtok="5", cache_write_mtok="6.25"))).quotes
    assert one.per_mtok == {"input": "5", "cache_write_5m": "6.25", "cache_write": "6.25"}


def test_searches_are_per_thousand_there_and_each_here():
    (quote,) = read(model(price(input_mtok="5", web_searches_kcount="10"))).quotes
    assert quote.per_unit == {"web_search": "0.01"}


@pytest.mark.parametrize(
    ("figures", "name", "why"),
    [
        ({}, "m-1", "it has no price"),
        ({"input_mtok": "1", "requests_kcount": "12"}, "sonar", "no card can say its requests_kcount"),
        (
            {"input_mtok": "1", "output_mtok": "2", "output_reasoning_mtok": "3"},
            "m-1",
            "no card can say its output_rea",
        ),
        ({"audio_hours": "0.1"}, "whisper-1", "no card can say its audio_hours"),
        ({"input_mtok": "2.5", "output_mtok": "10"}, "gpt-4o-audio-preview", "its audio has no price of its own"),
        ({"input_mtok": "10", "output_mtok": "10"}, "gpt-5-image", "its image has no price of its own"),
    ],
)
def test_what_no_card_can_say_is_left_out_with_its_reason(figures, name, why):
    reading = read(model(price(**figures), name=name))
    assert reading.quotes == ()
    assert reading.skipped[0].why.startswith(why)


def test_a_free_variant_is_free_and_nothing_else_is():
    free, bare = model(price(), name="a/b:free"), model(price(), name="a/b")
    reading = read(free, bare, seller="openrouter")
    assert [(quote.model, dict(quote.per_mtok)) for quote in reading.quotes] == [
        ("a/b:free", {"input": "0", "output": "0"})
    ]
    assert [item.model for item in reading.skipped] == ["a/b"]


def test_google_sells_claude_through_vertex_alone():
    prices = price(input_mtok="1", output_mtok="2")
    reading = read(model(prices, name="gemini-9"), model(prices, name="claude-9"), seller="google")
    assert {(quote.seller, quote.model) for quote in reading.quotes} == {
        ("google", "gemini-9"),
        ("google-vertex", "gemini-9"),
        ("google-vertex", "claude-9"),
    }


def test_what_the_registry_converted_from_another_currency_is_no_price():
    reading = read(model(price(input_mtok="1")), seller="zhipuai")
    assert reading.quotes == ()
    assert "converts" in reading.skipped[0].why
