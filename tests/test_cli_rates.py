"""``tollbook rates``, and rate cards of one's own: what is in force, who goes first, what is refused."""

import json
from pathlib import Path

import pytest

from tests.tollbook_command import Tollbook

CARD = """
seller: novita
models:
  stepfun/step-3.7-flash:
    - valid_from: 2026-07-01T00:00:00Z
      currency: USD
      per_mtok: {input: "0.10", cache_read: "0.02", output: "1.00"}
      source: our contract of 2026-07-01
      checked: 2026-07-01
      confidence: contract
"""


def costs_by_day(tollbook: Tollbook) -> dict[str, str]:
    return {row["day"]: row["cost"] for row in tollbook.costs("--by", "day")}


@pytest.fixture
def log(tmp_path):
    """`log("a", start, ...)`: a file with a call at each start: 1,000 tokens in, 100 out, at Novita."""

    def write(name: str, *starts: str) -> Path:
        usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
        own = {"base_url": "https://api.novita.ai/openai/v1", "status": 200}
        calls = [
            {"time": at, **own, "response": {"id": at, "model": "stepfun/step-3.7-flash", "usage": usage}}
            for at in starts
        ]
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(call) + "\n" for call in calls), encoding="utf-8")
        return path

    return write


def own_card(warehouse: Path, text: str = CARD) -> Path:
    path = warehouse / "rate_cards" / "novita.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_rates_in_force(tollbook):
    rows = tollbook.rows("--now", "2026-07-02", "rates", "list")
    (row,) = [row for row in rows if (row["seller"], row["model"]) == ("novita", "stepfun/step-3.7-flash")]
    figures = [row["per_mtok"][meter] for meter in ("input", "cache_read", "output")]
    assert (row["currency"], figures) == ("USD", ["0.2", "0.04", "1.15"])
    assert (row["valid_until"], row["age_days"], row["own"]) == (None, 14, False)
    assert "stepfun-cn" not in {row["seller"] for row in rows}


def test_rates_alone_are_listed(tollbook):
    assert tollbook("rates") == 0
    listed = tollbook.out
    assert tollbook("rates", "list") == 0
    assert listed == tollbook.out and "stepfun/step-3.7-flash" in listed


def test_rates_of_a_model_past_and_present(tollbook):
    assert tollbook("rates", "show", "deepseek-v4-flash", "--seller", "deepseek") == 0
    assert tollbook.err == ""
    assert tollbook.out.count("2026-04-26") >= 3
    assert "Only the cache read changed." in tollbook.out
    rows = tollbook.rows("rates", "show", "deepseek-v4-flash", "--seller", "deepseek")
    read = [row["per_mtok"]["cache_read"] for row in rows]
    assert read == ["0.028", "0.0028", "0.007", "0.007", "0.014", "0.007", "0.014", "0.006", "0.003"]


def test_each_rate_says_when_it_holds_and_what_others_say(tollbook):
    rows = tollbook.rows("rates", "show", "deepseek-v4-flash", "--seller", "deepseek")
    now = [(row["when"], row["per_mtok"]["input"], row["zone"]) for row in rows if row["valid_until"] is None]
    assert now == [("other hours (UTC)", "0.3", "UTC"), ("off-peak (UTC)", "0.15", "UTC")]
    assert rows[-1]["hours"] == "mon-fri 00:00-01:00, 04:00-06:00, 10:00-24:00; sat-sun 00:00-24:00"
    assert tollbook("rates", "show", "deepseek-v4", "--seller", "deepseek") == 0
    assert "from 2026-04-26 12:15: also: a price registry's sighting, seen 2026-05-24 from 2026-05-24" in tollbook.out
    assert "off-peak (UTC): mon-fri 00:00-01:00, 04:00-06:00, 10:00-24:00; sat-sun 00:00-24:00" in tollbook.out
    assert "corrects: The entry had the off-peak figures for all hours." in tollbook.out
    assert "promotion: 75 % off at the launch" in tollbook.out


def test_long_inputs_and_tiers_are_told_apart(tollbook):
    rows = tollbook.rows("--now", "2026-03-01", "rates", "show", "claude-opus-4-6", "--seller", "anthropic")
    ended = [row for row in rows if row["card"] == "anthropic.yaml" and row["valid_until"] == "2026-03-13T00:00:00Z"]
    told = {row["when"]: row["per_mtok"]["input"] for row in ended if row["valid_from"].startswith("2026-02-05")}
    told = {when: price for when, price in told.items() if "us-only" not in when}
    assert told == {
        "input to 200,000": "5",
        "input above 200,000": "10",
        "input to 200,000, batch": "2.5",
        "input above 200,000, batch": "5",
    }


def test_an_own_card_goes_before_the_shipped_one(tollbook, log):
    own_card(tollbook.warehouse)
    rows = tollbook.rows("--now", "2026-07-02", "rates", "list")
    (row,) = [row for row in rows if (row["seller"], row["model"]) == ("novita", "stepfun/step-3.7-flash")]
    assert (row["per_mtok"]["input"], row["own"], row["confidence"]) == ("0.1", True, "contract")
    assert tollbook("ingest", log("a", "2026-07-02T10:00:00Z", "2026-06-30T23:59:59Z")) == 0
    assert costs_by_day(tollbook) == {
        "2026-06-30": "0.000315",
        "2026-07-02": "0.0002",
    }


def test_a_rate_that_priced_something_is_succeeded_never_edited(tollbook, log):
    card = own_card(tollbook.warehouse)
    assert tollbook("ingest", log("first", "2026-07-02T10:00:00Z")) == 0
    card.write_text(CARD.replace('"0.10"', '"0.30"'), encoding="utf-8")
    second = log("second", "2026-07-10T00:00:00Z")
    assert tollbook("ingest", second) == 2
    message, end, correct = tollbook.err.splitlines()[-3:]
    assert message.startswith("tollbook: novita.yaml: the rate of stepfun/step-3.7-flash at novita from 2026-07-01T")
    assert message.endswith("has priced 1 call: its figures and terms cannot be changed")
    assert end.startswith("Leave the entry as it was. To end it, give it a valid_until; for a new price, add an entry")
    assert end.endswith("then: tollbook rates add novita.yaml --replace")
    assert correct.endswith("tollbook rerate --known-at now") and "`" not in tollbook.err
    assert costs_by_day(tollbook) == {"2026-07-02": "0.0002"}
    entry = CARD[CARD.index("    - valid_from") :]
    later = entry.replace("from: 2026-07-01", "from: 2026-07-05").replace('"0.10"', '"0.30"')
    card.write_text(CARD + later.lstrip("\n"), encoding="utf-8")
    assert tollbook("ingest", second) == 0
    assert costs_by_day(tollbook) == {
        "2026-07-02": "0.0002",
        "2026-07-10": "0.0004",
    }


def test_a_broken_own_card_stops_the_load_with_its_mistake(tollbook, log):
    own_card(tollbook.warehouse, CARD.replace('"0.10"', "0.10"))
    assert tollbook("ingest", log("a", "2026-07-02T10:00:00Z")) == 2
    assert "novita.yaml: stepfun/step-3.7-flash: entry 1: per_mtok: input: " in tollbook.err


def test_validate_says_each_mistake_on_a_line(tollbook, tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(CARD, encoding="utf-8")
    bad.write_text(CARD.replace('"0.02"', '"0.20"').replace("currency: USD", "currency: dollars"), encoding="utf-8")
    assert tollbook("rates", "validate", good) == 0
    assert (tollbook.out, tollbook.err) == ("good.yaml: novita, 1 model, in order\n", "")
    assert tollbook("rates", "validate", good, bad) == 1
    assert tollbook.out == "good.yaml: novita, 1 model, in order\n"
    (mistake,) = tollbook.err.splitlines()
    assert mistake.startswith("bad.yaml: stepfun/step-3.7-flash: entry 1: currency: ")
    bad.write_text(CARD.replace('"0.02"', '"0.20"') + "colour: red\n", encoding="utf-8")
    assert tollbook("rates", "validate", bad) == 1
    assert tollbook.err.splitlines() == [
        "bad.yaml: colour: this key is unknown",
        "bad.yaml: stepfun/step-3.7-flash: cache_read 0.20 is above input 0.10; say why in `note` or correct it",
    ]


def test_a_discount_on_a_name_that_nobody_has_is_said(tollbook, tmp_path, log):
    """A typing mistake would leave the list price in force without a word."""
    card = tmp_path / "deal.yaml"
    text = 'seller: novita\ncontract: {name: c}\ndiscounts:\n  - {valid_from: 2026-01-01T00:00:00Z, percent_off: "10", '
    card.write_text(text + "models: [step-3.7-flsh], source: s, checked: 2026-01-02}\n", encoding="utf-8")
    assert tollbook("rates", "validate", card) == 0
    said = "warning: deal.yaml: no rate of novita is called step-3.7-flsh: the discount on it comes to nothing"
    assert said in tollbook.err
    own_card(tollbook.warehouse, card.read_text()).rename(tollbook.warehouse / "rate_cards" / "deal.yaml")
    assert tollbook("ingest", log("a", "2026-07-02T10:00:00Z")) == 0
    assert said in tollbook.err
    card.write_text(text + "source: s, checked: 2026-01-02}\n", encoding="utf-8")
    assert tollbook("rates", "validate", card) == 0 and "warning" not in tollbook.err
