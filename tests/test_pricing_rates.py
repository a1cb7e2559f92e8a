"""Cards become rates in integers, and at every instant exactly one of them prices a model string."""

import json
import runpy
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.card import Card, read_folder, read_shipped
from pricing.meters import METERS
from pricing.rates import OPEN, PRECEDENCE, Rate, compile_card, discounted
from pricing.rivals import find_rivals
from pricing.schema import SCHEMA, render_schema
from pricing.spans import Span, spans
from pricing.yaml_text import parse_yaml

naive = datetime.fromisoformat
EVIDENCE = {"currency": "USD", "source": "s", "checked": "2026-01-01", "confidence": "official"}
START = naive("2026-01-01")


def schema_errors(document):
    jsonschema = pytest.importorskip("jsonschema")
    found = jsonschema.Draft202012Validator(json.loads(render_schema())).iter_errors(document)
    return [error.message for error in found]


def entry(month, **more):
    return {**EVIDENCE, "valid_from": f"2026-{month:02}-01T00:00:00Z", "per_mtok": {"input": "1"}, **more}


def rates_of(*entries, precedence=1, **more):
    card = Card.model_validate({"seller": "s", "models": {"m": entries}, **more})
    return compile_card(card, precedence=precedence)


def pico(rate, meter):
    return rate.pico[METERS.index(meter)]


def test_a_rate_says_what_the_card_says():
    (rate,) = rates_of(
        entry(
            2,
            region="eu",
            aliases=["n"],
            per_mtok={"input": "1.5", "cache_write": "same_as input", "output": "6", "input_audio": "2"},
            per_unit={"web_search": "0.01"},
            note="why",
        ),
        precedence=PRECEDENCE["own"],
    )
    assert rate == Rate(
        seller="s",
        model="m",
        strings=("m", "n"),
        region="eu",
        currency="USD",
        valid_from=naive("2026-02-01"),
        valid_until=OPEN,
        pico=(1_500_000, None, None, None, 1_500_000, 6_000_000)
        + (1_500_000, 2_000_000, 1_500_000, 6_000_000, 6_000_000, 10**10, None),
        source="s",
        checked=date(2026, 1, 1),
        confidence="official",
        note="why",
        card="",
        precedence=2,
        digest=rate.digest,
        list_precedence=2,
        entry=rate.entry,
    )
    assert len(rate.digest) == 32 and int(rate.digest, 16)


def test_a_modality_without_a_base_has_no_rate():
    (rate,) = rates_of(entry(1))
    assert (pico(rate, "output"), pico(rate, "output_image"), pico(rate, "request")) == (None, None, None)


def test_an_entry_ends_where_it_says_or_where_the_next_one_starts():
    rates = rates_of(entry(6), entry(1), entry(3, valid_until="2026-04-01T02:00:00+02:00"))
    assert [(rate.valid_from, rate.valid_until) for rate in rates] == [
        (naive("2026-01-01"), naive("2026-03-01")),
        (naive("2026-03-01"), naive("2026-04-01")),
        (naive("2026-06-01"), OPEN),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"valid_from": "2026-01-01T00:00:01Z"},
        {"currency": "EUR"},
        {"region": "eu"},
        {"per_mtok": {"input": "1.000001"}},
        {"per_mtok": {"output": "1"}},
        {"per_unit": {"request": "1"}},
    ],
)
def test_another_price_has_another_digest(change):
    assert rates_of(entry(1))[0].digest != rates_of(entry(1, **change))[0].digest


@pytest.mark.parametrize(
    "change",
    [
        {"valid_until": "2026-02-01T00:00:00Z"},
        {"valid_from": "2026-01-01T01:00:00+01:00"},
        {"aliases": ["n"]},
        {"per_mtok": {"input": "1.00"}},
        {"source": "t", "checked": date(2026, 2, 2), "confidence": "article", "note": "n"},
    ],
)
def test_the_same_price_keeps_its_digest(change):
    assert rates_of(entry(1))[0].digest == rates_of(entry(1, **change), precedence=3)[0].digest


def test_digests_are_the_same_in_every_version():
    """Warehouses store the digest: made in another way it would orphan every rate they know."""
    assert rates_of(entry(1))[0].digest == "ecd9398db31f25f0f74307b910c566de"


def test_the_higher_card_wins_for_as_long_as_it_holds():
    shipped = rates_of(entry(1, aliases=["n"]), entry(4, per_mtok={"input": "2"}))
    own = rates_of(entry(3, valid_until="2026-05-01T00:00:00Z", per_mtok={"input": "3"}), precedence=2)
    first, second, third = (rate.digest for rate in (*shipped, *own))
    assert spans(shipped + own) == [
        Span("s", "m", naive("2026-01-01"), naive("2026-03-01"), first),
        Span("s", "m", naive("2026-03-01"), naive("2026-05-01"), third),
        Span("s", "m", naive("2026-05-01"), OPEN, second),
        Span("s", "n", naive("2026-01-01"), naive("2026-04-01"), first),
    ]


def test_an_own_card_with_a_date_goes_before_a_lower_card_with_the_very_string():
    own = rates_of(entry(3, aliases=["m-{date}"], per_mtok={"input": "3"}), precedence=2)
    lower = {"seller": "s", "models": {"m-20260101": [entry(1)]}}
    registry = compile_card(Card.model_validate(lower), precedence=0)
    found = [(span.valid_from, span.digest) for span in spans([*own, *registry]) if span.model == "m-20260101"]
    assert found == [(START, registry[0].digest), (naive("2026-03-01"), own[0].digest)]


def test_within_one_rank_the_very_string_goes_first():
    dated = rates_of(entry(3, aliases=["m-{date}"], per_mtok={"input": "3"}))
    exact = compile_card(Card.model_validate({"seller": "s", "models": {"m-20260101": [entry(1)]}}), precedence=1)
    found = [(span.valid_from, span.digest) for span in spans([*dated, *exact]) if span.model == "m-20260101"]
    assert found == [(START, exact[0].digest)]


def discount(month, percent, *models, **more):
    start = f"2026-{month:02}-01T00:00:00Z"
    return {
        "valid_from": start,
        "percent_off": percent,
        "models": models,
        "source": "c",
        "checked": START.date(),
        **more,
    }


def contract(*discounts, file="contract.yaml", **whose):
    body = {"seller": "s", "contract": {"name": "c", **whose}, "discounts": discounts}
    return Card.model_validate(body).from_file(file)


def taken_off(card, *entries):
    """Start and input of what a contract makes of a list rate of 1 per million, in time order."""
    found = discounted([card], rates_of(*entries))
    return sorted((rate.valid_from.month, rate.valid_until, pico(rate, "input")) for rate in found)


def test_a_discount_for_a_model_goes_before_one_for_all():
    """Also where the list price changes meanwhile; and not after it has ended."""
    card = contract(
        discount(2, "10"), discount(3, "50", "m", valid_until="2026-06-01T00:00:00Z"), discount(4, "90", "x")
    )
    assert taken_off(card, entry(1), entry(5, per_mtok={"input": "2"})) == [
        (2, naive("2026-03-01"), 900_000),
        (3, naive("2026-05-01"), 500_000),
        (5, naive("2026-06-01"), 1_000_000),
        (6, OPEN, 1_800_000),
    ]


def test_a_discount_ends_where_the_next_for_the_model_begins():
    card = contract(discount(2, "10", "m", "x"), discount(3, "50", "m"))
    assert taken_off(card, entry(1)) == [(2, naive("2026-03-01"), 900_000), (3, OPEN, 500_000)]


@pytest.mark.parametrize("name", ["n", "n-20260101", "n-2026-01-01"])
def test_a_discount_may_name_a_model_by_any_of_its_strings(name):
    assert taken_off(contract(discount(2, "10", name)), entry(1, aliases=["n", "n-{date}"])) == [(2, OPEN, 900_000)]


def own(*entries, file):
    return Card.model_validate({"seller": "s", "models": {"m": entries}}).from_file(file)


def test_two_files_must_not_say_different_things_of_the_same_calls():
    other = entry(1, per_mtok={"input": "2"})
    (problem,) = find_rivals([own(entry(1), file="a"), own(other, file="b")])
    assert problem.startswith("a and b both say what m costs at s from 2026-01-01T00:00:00Z: ")
    assert not list(find_rivals([own(entry(1), file="a"), own(entry(1), file="b")]))
    assert not list(find_rivals([own(entry(1), file="a"), own(entry(2, per_mtok={"input": "2"}), file="b")]))
    ten, twenty = contract(discount(1, "10"), file="a"), contract(discount(2, "20", "m"), file="b")
    assert len(list(find_rivals([ten, twenty]))) == 1
    assert not list(find_rivals([ten, contract(discount(2, "20", "m"), file="b", team="t")]))
    ended = contract(discount(1, "10", valid_until="2026-02-01T00:00:00Z"), file="a")
    assert not list(find_rivals([ended, twenty]))


def test_no_rates_have_no_spans():
    assert spans([]) == []


def made(start, days, precedence, figure):
    rate = rates_of(entry(1, per_mtok={"input": f"{figure}"}))[0]
    begin = START + timedelta(start)
    return rate._replace(
        valid_from=begin,
        valid_until=OPEN if days is None else begin + timedelta(days),
        precedence=precedence,
        digest=f"{start}-{figure}",
        entry=f"{start}-{figure}",
        strings=("m", "n") if figure % 2 else ("m",),
    )


some_rates = st.lists(
    st.builds(made, st.integers(0, 12), st.none() | st.integers(1, 8), st.integers(0, 3), st.integers(0, 3)),
    max_size=8,
)


@given(some_rates)
def test_spans_never_overlap_and_never_touch_themselves(rates):
    found = spans(rates)
    for one, other in zip(found, found[1:], strict=False):
        assert one.valid_from < one.valid_until
        if (one.seller, one.model) == (other.seller, other.model):
            assert one.valid_until <= other.valid_from
            assert one.valid_until < other.valid_from or one.digest != other.digest


@given(some_rates, st.integers(0, 25), st.sampled_from("mn"))
def test_spans_cover_what_the_rates_cover_and_the_best_one_wins(rates, day, string):
    at = START + timedelta(day)
    known = [rate for rate in rates if string in rate.strings and rate.valid_from <= at < rate.valid_until]
    expected = [max((rate.precedence, rate.valid_from, rate.digest) for rate in known)[2]] if known else []
    assert [
        span.digest for span in spans(rates) if span.model == string and span.valid_from <= at < span.valid_until
    ] == expected


@given(some_rates, st.randoms())
def test_the_order_of_rates_never_matters(rates, random):
    shuffled = random.sample(rates, len(rates))
    assert spans(shuffled) == spans(rates)


def test_shipped_cards_name_themselves_and_their_evidence():
    cards = read_shipped()
    rates = [rate for card in cards for rate in compile_card(card, precedence=1)]
    assert {card.seller: card.file for card in cards} == {
        seller: f"{seller}.yaml"
        for seller in ("aihubmix", "anthropic", "deepinfra", "deepseek", "groq", "mistral", "nim", "novita")
        + ("nvidia", "openai", "openrouter", "stepfun", "stepfun-cn")
    }
    assert {rate.card for rate in rates} == {card.file for card in cards if card.models}
    assert len({rate.digest for rate in rates}) == len(rates)
    assert [card.seller for card in cards if card.token_price == "none"] == ["nim"]


def test_a_folder_is_read_whole_and_in_order(tmp_path):
    (tmp_path / "b.yaml").write_text("seller: b")
    (tmp_path / "a.yml").write_text("\ufeffseller: a", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no card")
    assert [(card.file, card.seller) for card in read_folder(tmp_path)] == [("a.yml", "a"), ("b.yaml", "b")]
    assert read_folder(tmp_path / "nothing") == []


def test_the_schema_for_editors_is_current():
    assert SCHEMA.read_text(encoding="utf-8") == render_schema(), "run: python -m pricing.schema"


def test_the_schema_is_written_where_the_cards_are(monkeypatch):
    written = {}
    monkeypatch.setattr(Path, "write_text", lambda path, text, encoding: written.update({path: text}))
    runpy.run_path(str(SCHEMA.parent.parent / "schema.py"), run_name="__main__")
    assert written == {SCHEMA: render_schema()}


@pytest.mark.parametrize("path", sorted(SCHEMA.parent.glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_cards_fit_the_schema_and_point_at_it(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    assert schema_errors(parse_yaml(text)[0]) == []


def test_the_schema_refuses_unquoted_rates():
    models = {"m": [{**entry(1), "per_mtok": {"input": 0.2}}]}
    assert schema_errors({"seller": "s", "models": models}) == ["0.2 is not of type 'string'"]
