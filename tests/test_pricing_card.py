"""Every mistake of a card is one message with file, model and figures. The card is the test's docstring."""

import textwrap

import pytest

from pricing.card import read_card, read_folder
from pricing.errors import CardError

EVIDENCE = "currency: USD, source: s, checked: 2026-01-01, confidence: official"


@pytest.fixture
def problems(request, tmp_path):
    """What is wrong with the card in the test's docstring; EVIDENCE stands for what a test is not about."""
    text = textwrap.dedent(request.function.__doc__).replace("EVIDENCE", EVIDENCE)
    path = tmp_path / "novita.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CardError) as error:
        read_card(path)
    assert str(error.value) == "\n".join(error.value.problems)
    return list(error.value.problems)


def test_unquoted_rate(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: 0.20, output: "1"}, EVIDENCE}
    """
    assert problems == [
        'novita.yaml: m: entry 1: per_mtok: input: 0.2 is no rate: quote it, as in "0.2": '
        "an unquoted number loses digits"
    ]


def test_too_many_decimals(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "0.1234567"}, EVIDENCE}
    """
    assert problems == [
        "novita.yaml: m: entry 1: per_mtok: input: '0.1234567' is no rate: it has 7 decimals, and at most 6 are exact"
    ]


def test_bad_unit_rate(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_unit: {request: "free"}, EVIDENCE}
    """
    assert problems == [
        "novita.yaml: m: entry 1: per_unit: request: 'free' is no rate: "
        "write digits and at most one point, without sign, exponent or spaces"
    ]


def test_unknown_meter(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {prompt: "1"}, EVIDENCE}
    """
    (problem,) = problems
    assert problem.startswith(
        "novita.yaml: m: entry 1: per_mtok: prompt: there is no 'prompt' here; there are input, cache_read"
    )


def test_cache_read_above_input(problems):
    """
    seller: novita
    models:
      stepfun/step-3.7-flash:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "0.20", cache_read: "0.40"}, EVIDENCE}
    """
    assert problems == [
        "novita.yaml: stepfun/step-3.7-flash: cache_read 0.40 is above input 0.20; say why in `note` or correct it"
    ]


@pytest.mark.parametrize("figures", ['{input: "1", cache_read: "2"}', '{input: "1", cache_read: "same_as input"}'])
def test_a_dear_cache_read_is_fine_with_a_reason(tmp_path, figures):
    note = "note: the seller says so" if "2" in figures else ""
    entry = f"{{valid_from: 2026-01-01T00:00:00Z, per_mtok: {figures}, {EVIDENCE}, {note}}}"
    (tmp_path / "a.yaml").write_text(f"seller: a\nmodels: {{m: [{entry}]}}")
    assert read_card(tmp_path / "a.yaml").file == "a.yaml"


def test_same_as_a_meter_without_a_figure(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, EVIDENCE,
           per_mtok: {input: "1", cache_read: same_as output, cache_write: same_as cache_read}}
    """
    assert problems == [
        "novita.yaml: m: cache_read is `same_as output`, but output has no figure of its own",
        "novita.yaml: m: cache_write is `same_as cache_read`, but cache_read has no figure of its own",
    ]


def test_an_entry_that_prices_nothing(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, EVIDENCE}
    """
    assert problems == ["novita.yaml: m: the entry from 2026-01-01T00:00:00Z prices nothing"]


def test_overlap(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-02-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE}
        - {valid_from: 2026-01-01T00:00:00Z, valid_until: 2026-03-01T00:00:00Z,
           per_mtok: {input: "1"}, EVIDENCE}
    """
    assert problems == [
        "novita.yaml: m: the entry from 2026-01-01T00:00:00Z until 2026-03-01T00:00:00Z "
        "overlaps the one from 2026-02-01T00:00:00Z"
    ]


def test_two_entries_at_once(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE}
        - {valid_from: 2026-01-01T01:00:00+01:00, per_mtok: {input: "2"}, EVIDENCE}
    """
    assert problems == ["novita.yaml: m: two entries start at 2026-01-01T00:00:00Z"]


def test_an_entry_that_ends_before_it_starts(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-02-01T00:00:00Z, valid_until: 2026-02-01T00:00:00Z,
           per_mtok: {input: "1"}, EVIDENCE}
    """
    assert problems == ["novita.yaml: m: valid_until 2026-02-01T00:00:00Z is not after valid_from 2026-02-01T00:00:00Z"]


def test_gap_without_a_note(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, valid_until: 2026-02-01T00:00:00Z,
           per_mtok: {input: "1"}, EVIDENCE}
        - {valid_from: 2026-03-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE}
      explained:
        - {valid_from: 2026-01-01T00:00:00Z, valid_until: 2026-02-01T00:00:00Z,
           per_mtok: {input: "1"}, EVIDENCE, note: withdrawn}
        - {valid_from: 2026-03-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE}
    """
    assert problems == [
        "novita.yaml: m: gap from valid_until 2026-02-01T00:00:00Z to valid_from 2026-03-01T00:00:00Z; "
        "say why in `note` or close it"
    ]


def test_an_instant_without_a_zone(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01, per_mtok: {input: "1"}, EVIDENCE}
    """
    assert problems == [
        "novita.yaml: m: entry 1: valid_from: 2026-01-01 00:00:00 has no time zone; write it like 2026-06-18T00:00:00Z"
    ]


def test_instants_that_are_none(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: soon, valid_until: 2026, per_mtok: {input: "1"}, EVIDENCE}
        - {valid_from: 2026-01-01T00:00:00.5Z, valid_until: 9999-12-31T00:00:00Z,
           per_mtok: {input: "1"}, EVIDENCE}
    """
    example = "is no date and time; write it like 2026-06-18T00:00:00Z"
    bounds = "is not a whole second of the years 2000 to 9998; for no end leave it out"
    assert problems == [
        f"novita.yaml: m: entry 1: valid_from: soon {example}",
        f"novita.yaml: m: entry 1: valid_until: 2026 {example}",
        f"novita.yaml: m: entry 2: valid_from: 2026-01-01 00:00:00.500000+00:00 {bounds}",
        f"novita.yaml: m: entry 2: valid_until: 9999-12-31 00:00:00+00:00 {bounds}",
    ]


def test_a_date_that_is_none(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1"}, currency: USD, source: s,
           checked: yesterday, confidence: official}
    """
    assert problems == ["novita.yaml: m: entry 1: checked: yesterday is no date; write it like 2026-06-18"]


def test_unknown_and_missing_keys(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z,
           per_mtok: {input: "1"}, tiers: [], curency: USD, currency: usd, checked: 2026-01-01,
           confidence: rumour}
    """
    assert problems == [
        "novita.yaml: m: entry 1: currency: write a currency's code of three capital letters, as in USD; found 'usd'",
        "novita.yaml: m: entry 1: source: it is missing: write the address or the document that says so",
        "novita.yaml: m: entry 1: confidence: there is no 'rumour' here; "
        "there are official, registry, article or contract",
        "novita.yaml: m: entry 1: tiers: this key is unknown",
        "novita.yaml: m: entry 1: curency: this key is unknown; did you mean currency?",
    ]


def test_a_model_without_entries(problems):
    """
    seller: novita
    models:
      m: []
    """
    assert problems == ["novita.yaml: m: it has no entries"]


def test_models_that_are_no_mapping(problems):
    """
    seller: novita
    models: [m]
    """
    (problem,) = problems
    assert problem.startswith("novita.yaml: models: write fields here, as in name: value; found a list")


def test_an_alias_of_two_models(problems):
    """
    seller: novita
    models:
      a:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE, aliases: [x, b, x]}
        - {valid_from: 2026-02-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE, aliases: [x]}
      b:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE, aliases: [x, b]}
    """
    assert problems == [
        "novita.yaml: a: alias b also names b",
        "novita.yaml: a: an alias appears twice in one entry",
        "novita.yaml: b: alias b is its own model string",
        "novita.yaml: b: alias x also names a",
    ]


def test_two_regions_of_one_model(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE, region: eu}
        - {valid_from: 2026-02-01T00:00:00Z, per_mtok: {input: "2"}, EVIDENCE}
    """
    assert problems == [
        "novita.yaml: m: rates for the regions any, eu; a seller has one per model: "
        "write one card per region, each a seller of its own"
    ]


def test_repeated_keys(problems):
    """
    seller: novita
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1", input: "2"}, EVIDENCE}
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE}
    """
    assert sorted(problems) == [
        "novita.yaml: line 5: the key input appears twice",
        "novita.yaml: line 6: the key m appears twice",
    ]


def test_no_token_price_without_a_reason_and_with_rates(problems):
    """
    seller: novita
    token_price: none
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE}
    """
    assert problems == [
        "novita.yaml: `token_price: none` needs a `note` that says what it costs instead",
        "novita.yaml: `token_price: none` and rates for m exclude each other",
    ]


def test_billing_rules_that_contradict_themselves(problems):
    """
    seller: novita
    billing:
      - {valid_from: 2026-01-01T00:00:00Z, valid_until: 2026-02-01T00:00:00Z, charged: [200, 499],
         not_charged: [499],
         source: s, checked: 2026-01-01}
      - {valid_from: 2026-03-01T00:00:00Z, valid_until: 2026-05-01T00:00:00Z,
         charged: [200], source: s, checked: 2026-01-01}
      - {valid_from: 2026-04-01T00:00:00Z, source: s, checked: 2026-01-01}
    """
    assert problems == [
        "novita.yaml: billing: status 499 is both charged and not charged",
        "novita.yaml: billing: the rule from 2026-04-01T00:00:00Z names no status",
        "novita.yaml: billing: the entry from 2026-03-01T00:00:00Z until 2026-05-01T00:00:00Z "
        "overlaps the one from 2026-04-01T00:00:00Z",
        "novita.yaml: billing: gap from valid_until 2026-02-01T00:00:00Z to valid_from 2026-03-01T00:00:00Z; "
        "say why in `note` or close it",
    ]


def test_statuses_that_are_none(problems):
    """
    seller: novita
    billing:
      - {valid_from: 2026-01-01T00:00:00Z, charged: ["200", 20], source: s, checked: 2026-01-01}
    """
    assert problems == [
        "novita.yaml: billing: entry 1: charged: entry 1: write a whole number here, without quotes; found '200'",
        "novita.yaml: billing: entry 1: charged: entry 2: 20 is below 100",
    ]


def test_a_base_url_without_a_scheme(problems):
    """
    seller: novita
    base_urls: [{url: api.novita.ai/openai}]
    """
    (problem,) = problems
    assert problem.startswith(
        "novita.yaml: base_urls: entry 1: url: write an address that begins with https:// or http://"
    )


def test_every_mistake_of_a_file_is_named_at_once(problems):
    """
    seller: No Va
    models:
      m:
        - {valid_from: 2026-01-01T00:00:00Z, valid_until: 2026-02-01T00:00:00Z,
           per_mtok: {input: "1", cache_read: "2"}, EVIDENCE}
        - {valid_from: 2026-02-01, per_mtok: {input: "1"}, EVIDENCE}
        - {valid_from: 2026-03-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE}
      n:
        - {valid_from: 2026-01-01T00:00:00Z, per_mtok: {input: "1"}, EVIDENCE, aliases: [m]}
    """
    assert problems == [
        "novita.yaml: seller: write small letters, digits, dots and dashes, as in my-seller; found 'No Va'",
        "novita.yaml: m: entry 2: valid_from: 2026-02-01 00:00:00 has no time zone; write it like 2026-06-18T00:00:00Z",
        "novita.yaml: m: cache_read 2 is above input 1; say why in `note` or correct it",
        "novita.yaml: n: alias m also names m",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "a.yaml: write fields here, as in name: value; found nothing"),
        (b"seller: [", "a.yaml: not YAML: while parsing"),
        (b"seller: !!int x", "a.yaml: not YAML: invalid literal for int()"),
        (b"? [a]\n: b", "a.yaml: not YAML: while constructing a mapping"),
        (b"[" * 1500, "a.yaml: not YAML: maximum recursion depth exceeded"),
        (b"seller: \xff", "a.yaml: byte 9 is not UTF-8"),
        (b"seller: a\n---\nseller: b", "a.yaml: not YAML: expected a single document"),
    ],
)
def test_a_file_that_is_no_card(tmp_path, content, expected):
    (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(CardError) as error:
        read_card(tmp_path / "a.yaml")
    (problem,) = error.value.problems
    assert problem.startswith(expected)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CardError, match=r"^a.yaml: it cannot be read: No such file or directory$"):
        read_card(tmp_path / "a.yaml")


def test_the_mistakes_of_a_folder_are_told_together(tmp_path):
    (tmp_path / "a.yaml").write_text("seller: A")
    (tmp_path / "b.yaml").write_text("seller: b")
    (tmp_path / "c.yaml").write_text("name: c")
    with pytest.raises(CardError) as error:
        read_folder(tmp_path)
    assert error.value.problems == (
        "a.yaml: seller: write small letters, digits, dots and dashes, as in my-seller; found 'A'",
        "c.yaml: seller: it is missing: write who bills, as in seller: my-seller",
    )
