"""Price registries: each shape read into quotes, exactly or not at all, with the traps that their files hold."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pricing.card_model import Entry
from pricing.checks import find_entry_problems
from pricing.registries.csv_table import read_csv
from pricing.registries.entries import Since, entry_of
from pricing.registries.history import read_events, replay
from pricing.registries.litellm import read_litellm
from pricing.registries.models_dev import BOUNDARY, read_models_dev
from pricing.registries.quote import FREE, ROUNDED, Quote, Reading
from pricing.registries.source import RegistryError

NOON = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def written(tmp_path):
    """`written(value, "name.json")`: a file with that JSON, or that text."""

    def write(value: object, name: str = "prices.json") -> Path:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return path

    return write


def one(reading: Reading) -> Quote:
    (quote,) = reading.quotes
    return quote


def litellm(**fields) -> dict:
    return {"m-1": {"litellm_provider": "openai", "mode": "chat", **fields}}


def why(reading: Reading) -> str:
    assert not reading.quotes
    return reading.skipped[0].why


# LiteLLM


def test_litellm_is_per_token_in_floats(written):
    """1.5e-07 per token is 0.15 per million: read as a binary float it would be 0.15000000000000002."""
    text = '{"m-1": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.5e-07, '
    quote = one(
        read_litellm(written(text + '"output_cost_per_token": 6e-07, "cache_read_input_token_cost": 7.5e-08}}'))
    )
    assert quote.per_mtok == {"input": "0.15", "output": "0.6", "cache_read": "0.075"}
    assert quote.notes == ()
    assert quote.valid_from is None


def test_litellm_gzip_is_read_too(tmp_path):
    path = tmp_path / "prices.json.gz"
    path.write_bytes(gzip.compress(json.dumps(litellm(input_cost_per_token=1e-06)).encode()))
    assert one(read_litellm(path)).per_mtok == {"input": "1"}


def test_litellm_tiers_and_contexts(written):
    """Claude Opus 4.6 as it was sold until 2026-03-13, with a flex tier of its own."""
    quote = one(
        read_litellm(
            written(
                litellm(
                    input_cost_per_token=5e-06,
                    output_cost_per_token=2.5e-05,
                    input_cost_per_token_above_200k_tokens=1e-05,
                    output_cost_per_token_above_200k_tokens=3.75e-05,
                    input_cost_per_token_flex=2.5e-06,
                    output_cost_per_token_flex=1.25e-05,
                    input_cost_per_token_above_200k_tokens_flex=5e-06,
                    output_cost_per_token_above_200k_tokens_flex=1.875e-05,
                )
            )
        )
    )
    ((above, long),) = quote.context
    assert (above, long) == (200_000, {"input": "10", "output": "37.5"})
    assert quote.service_tiers["flex"].per_mtok == {"input": "2.5", "output": "12.5"}
    assert quote.service_tiers["flex"].context[0].per_mtok == {"input": "5", "output": "18.75"}
    entry = entry_of(quote, Since(NOON, NOON.date()))
    assert entry["service_tiers"] == {"flex": {"multiply": "0.5"}}
    assert list(find_entry_problems(Entry.model_validate(entry))) == []


def test_a_tier_that_leaves_out_long_inputs_is_left_out(written):
    quote = one(
        read_litellm(
            written(
                litellm(
                    input_cost_per_token=1e-06,
                    input_cost_per_token_above_200k_tokens=2e-06,
                    input_cost_per_token_flex=5e-07,
                )
            )
        )
    )
    assert quote.service_tiers == {}


def test_a_cache_price_for_short_inputs_alone_is_unknown(written):
    quote = one(
        read_litellm(
            written(
                litellm(
                    input_cost_per_token=1e-06,
                    cache_read_input_token_cost=1e-07,
                    input_cost_per_token_above_200k_tokens=2e-06,
                )
            )
        )
    )
    assert quote.per_mtok == {"input": "1"}
    assert "cache_read" in quote.notes[0]


def test_cache_writes_by_lifetime(written):
    both = litellm(
        input_cost_per_token=5e-06, cache_creation_input_token_cost=6.25e-06,
        cache_creation_input_token_cost_above_1hr=1e-05,
    )  # fmt: skip
    assert one(read_litellm(written(both))).per_mtok == {"input": "5", "cache_write_5m": "6.25", "cache_write_1h": "10"}
    only = litellm(input_cost_per_token=5e-06, cache_creation_input_token_cost=6.25e-06)
    assert one(read_litellm(written(only))).per_mtok == {"input": "5", "cache_write_5m": "6.25", "cache_write": "6.25"}


def test_hours_of_weekdays(written):
    windows = [
        {"hours_utc": ["00:00-01:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]},
        {"hours_utc": "00:00-00:00", "weekdays": [6, 7]},
    ]
    off = {"input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07, "windows": windows}
    quote = one(
        read_litellm(written(litellm(input_cost_per_token=3e-07, output_cost_per_token=1.2e-06, off_peak_pricing=off)))
    )
    (window,) = quote.windows
    assert window.hours == {"mon-fri": "00:00-01:00, 10:00-24:00", "sat-sun": "00:00-24:00"}
    assert window.per_mtok == {"input": "0.15", "output": "0.6"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"input_cost_per_token": 0, "output_cost_per_token": 0.0}, "0 is a trial or unknown, not a price"),
        ({"input_cost_per_image": 0.01}, "it has no price per token"),
        ({"output_cost_per_token": 1e-06}, "it has no price per input token"),
        (
            {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "output_cost_per_reasoning_token": 3e-06},
            "reasoning has a price of its own",
        ),
        ({"input_cost_per_token": -1e-06}, "-1.000000 is no price"),
    ],
)
def test_what_litellm_does_not_say_is_no_price(written, fields, reason):
    assert why(read_litellm(written(litellm(**fields)))) == reason


def test_a_zero_beside_prices_stays_unknown(written):
    quote = one(read_litellm(written(litellm(input_cost_per_token=3e-07, cache_creation_input_token_cost=0.0))))
    assert quote.per_mtok == {"input": "0.3"}


def test_free_by_its_name_is_free_and_says_so(written):
    item = {"litellm_provider": "openrouter", "mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0}
    quote = one(read_litellm(written({"openrouter/a/b:free": item})))
    assert (quote.seller, quote.model) == ("openrouter", "a/b:free")
    assert (quote.per_mtok, quote.notes) == ({"input": "0", "output": "0"}, (FREE,))


@pytest.mark.parametrize(
    ("per_token", "expected"),
    [("1.5e-12", "0.000002"), ("2.5e-12", "0.000002"), ("1.00000025e-07", "0.1"), ("9.99e-08", "0.0999")],
)
def test_more_than_six_decimals_are_rounded_half_even_and_said(written, per_token, expected):
    text = f'{{"m": {{"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": {per_token}}}}}'
    quote = one(read_litellm(written(text)))
    assert quote.per_mtok == {"input": expected}
    assert quote.notes == (() if expected == "0.0999" else (ROUNDED,))


def test_what_would_round_to_nothing_is_no_price(written):
    """0.0000005 per million is half a pico-unit per token: 0 would say that it is free."""
    text = '{"m": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 5e-13}}'
    assert "less than a card can say" in why(read_litellm(written(text)))


def test_portkey_is_refused_by_its_name(written):
    """Its figures are cents per token: read as dollars per token they would be a hundred times too much."""
    price = {"pricing_config": {"pay_as_you_go": {"request_token": {"price": 0.000045}}}}
    with pytest.raises(RegistryError, match="Portkey's, whose figures are cents per token"):
        read_litellm(written({"qwen/qwen3.8-27b": price}))


def test_sellers_have_the_names_of_cards(written):
    names = {"gemini": "google", "vertex_ai-anthropic_models": "google-vertex", "bedrock_converse": "bedrock",
             "together_ai": "together", "xai": "xai"}  # fmt: skip
    items = {
        f"{provider}/m": {"litellm_provider": provider, "mode": "chat", "input_cost_per_token": 1e-06}
        for provider in names
    }
    assert {quote.seller for quote in read_litellm(written(items)).quotes} == set(names.values())


# models.dev


def models_dev(**cost) -> dict:
    return {"moonshotai": {"id": "moonshotai", "models": {"kimi": {"id": "kimi", "cost": cost}}}}


def test_models_dev_is_per_million_without_dates(written):
    quote = one(read_models_dev(written(models_dev(input=0.6, output=2.5, cache_read=0.15))))
    assert (quote.seller, quote.model, quote.valid_from) == ("moonshot", "kimi", None)
    assert quote.per_mtok == {"input": "0.6", "output": "2.5", "cache_read": "0.15"}


def test_models_dev_tiers_go_before_over_200k(written):
    tiers = [{"tier": {"type": "context", "size": 272_000}, "input": 5, "output": 22.5}]
    cost = models_dev(input=2.5, output=15, tiers=tiers, context_over_200k={"input": 5, "output": 22.5})
    assert [step.above for step in one(read_models_dev(written(cost))).context] == [272_000]


def test_models_dev_over_200k_alone_is_said_to_be_vague(written):
    quote = one(
        read_models_dev(written(models_dev(input=2.5, output=15, context_over_200k={"input": 5, "output": 22})))
    )
    assert [step.above for step in quote.context] == [200_000]
    assert quote.notes == (BOUNDARY,)


@pytest.mark.parametrize(
    ("cost", "reason"),
    [
        ({}, "it has no price"),
        ({"input": 0, "output": 0}, "0 is a trial or unknown, not a price"),
        ({"input": 1, "output": 2, "reasoning": 3}, "reasoning has a price of its own"),
        ({"input": 1, "output": 2, "tiers": [{"tier": {"type": "day", "size": 1}}]}, "its tiers are not by context"),
    ],
)
def test_what_models_dev_does_not_say_is_no_price(written, cost, reason):
    assert why(read_models_dev(written(models_dev(**cost)))) == reason


def test_another_shape_is_no_models_dev(written):
    with pytest.raises(RegistryError, match="not models.dev's api.json"):
        read_models_dev(written({"m": 1}))


# The history of models.dev

EVENTS = """date,commit,file,field,old,new
2026-01-02T01:00:00+02:00,b,providers/novita-ai/models/x/m.toml,input,0.3,0.2
2026-01-01T00:00:00+00:00,a,providers/novita-ai/models/x/m.toml,input,,0.3
2026-01-01T00:00:00+00:00,a,providers/novita-ai/models/x/m.toml,input,,0.25
2026-01-01T00:00:00+00:00,a,providers/novita-ai/models/x/m.toml,output,,1.00000005
2026-01-03T00:00:00+00:00,c,providers/novita-ai/models/x/m.toml,input,0.2,
2026-01-03T00:00:00+00:00,c,providers/novita-ai/models/x/m.toml,output,1.0,
2026-01-03T00:00:00+00:00,c,providers/novita-ai/models/x/m.toml,reasoning,,9
"""


def test_history_is_replayed_in_time_and_file_order(written):
    """One instant's events happen in file order; '' takes a figure away; nothing left is no rate."""
    quotes = list(replay(read_events(written(EVENTS, "events.csv"))))
    assert [(str(quote.valid_from), dict(quote.per_mtok)) for quote in quotes] == [
        ("2026-01-01 00:00:00+00:00", {"input": "0.25", "output": "1"}),
        ("2026-01-01 23:00:00+00:00", {"input": "0.2", "output": "1"}),
        ("2026-01-03 00:00:00+00:00", {}),
    ]
    assert {(quote.seller, quote.model) for quote in quotes} == {("novita", "x/m")}


def test_history_needs_its_columns(written):
    with pytest.raises(RegistryError, match="its columns are not date, commit"):
        read_events(written("a,b\n1,2\n", "events.csv"))


# A price list as CSV


def test_csv_of_ones_own(written):
    text = "seller,model,valid_from,currency,input,cache_read,output\nstepfun-cn,m,2026-10-07,CNY,1.35,,8.10\n"
    quote = one(read_csv(written(text, "list.csv")))
    assert quote.per_mtok == {"input": "1.35", "output": "8.1"}
    assert (quote.currency, quote.valid_from) == ("CNY", datetime(2026, 10, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("model,input\nm,1\n", "it has no column seller"),
        ("seller,model\na,m\n", "it has no column of a meter"),
        ("seller,model,input,price\na,m,1,2\n", "the columns price are unknown"),
        ("seller,model,input\na,m,\n", "line 2: it prices nothing"),
        ("seller,model,input\na,m,0.2\na,n,cheap\n", "line 3: 'cheap' is no rate: input is no number"),
        ("seller,model,input,valid_from\na,m,1,01.02.2026\n", "line 2: Invalid isoformat string"),
        ("seller,model,input\na,m,-1\n", "line 2: -1 is no price"),
    ],
)
def test_csv_mistakes_are_named_with_their_line(written, text, problem):
    with pytest.raises(RegistryError) as error:
        read_csv(written(text, "list.csv"))
    assert problem in str(error.value)


# Files


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "not JSON"),
        (b"\x1f\x8b\x08", "neither text nor a whole gzip file"),
        (b"\xff\xfe", "neither text nor a whole gzip file"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(tmp_path, content, problem):
    path = tmp_path / "prices.json"
    path.write_bytes(content)
    with pytest.raises(RegistryError, match=problem):
        read_litellm(path)


def test_the_whole_price_map_gives_sound_entries():
    path = Path(__file__).parents[2] / "shared" / "datasets" / "prices" / "litellm_1.109.1_model_prices.json.gz"
    if not path.exists():
        pytest.skip("the price map of the shared data sets is not there")
    quotes = read_litellm(path).quotes
    assert len(quotes) > 2500
    for quote in quotes:
        entry = Entry.model_validate(entry_of(quote, Since(NOON, NOON.date())))
        assert list(find_entry_problems(entry)) == [], (quote.seller, quote.model)
