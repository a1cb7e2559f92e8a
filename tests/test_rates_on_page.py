"""What the page of rates says of a card for a seller without a token price, and of old rates that another replaced."""

import json
from datetime import date, datetime

import pytest

from app.components.rate_attention import Attention
from tests.app_page import metric, opener, texts
from warehouse.connection import open_reader
from warehouse.rate_book import read_rate_book
from warehouse.scope import EVERYTHING

NOW = datetime(2026, 11, 22, 9)
CARD = """\
seller: {seller}
models:
  step-3.7-flash:
    - valid_from: 2026-{month}-01T00:00:00Z
      currency: USD
      per_mtok: {{input: "0.10", output: "0.20"}}
      source: the price list
      checked: 2026-11-20
      confidence: contract
"""


@pytest.fixture
def bring(tollbook, tmp_path, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())

    def calls(seller: str, day: int) -> None:
        log = tmp_path / f"{seller}-{day}.jsonl"
        usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
        answer = {"id": f"{seller}-{day}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
        line = {"time": f"2026-11-{day:02}T10:00:00Z", "seller": seller, "response": answer}
        log.write_text(json.dumps(line) + "\n", encoding="utf-8")
        assert tollbook("ingest", log) == 0, tollbook.err

    return calls


def test_a_card_for_self_hosted_calls_is_told_what_it_is_about(tollbook, bring, tmp_path, monkeypatch):
    bring("nim", 2)
    text = CARD.format(seller="nim", month="10")
    test = opener(monkeypatch, NOW)(tollbook.warehouse, "rates")
    test.text_area(key="trial_text_0").set_value(text).run()
    said = texts(test)
    assert "1 call of nim is self-hosted" in said
    assert "tollbook charge add" in said and "names no seller and model string" not in said
    card = tmp_path / "nim.yaml"
    card.write_text(text, encoding="utf-8")
    assert tollbook("rates", "add", card) == 0, tollbook.err
    bring("nim", 3)
    costs = {row["cost"] for row in tollbook.costs("--by", "day,seller")}
    assert costs == {None, "0.1"}, "what is loaded from then on is priced, as the page said"


def test_a_stale_rate_that_another_replaced_is_still_named_with_what_rests_on_it(
    tollbook, bring, tmp_path, monkeypatch
):
    bring("stepfun", 2)
    test = opener(monkeypatch, NOW)(tollbook.warehouse, "rates")
    assert metric(test, "Stale") == "1" and "another goes before by now" not in texts(test)
    card = tmp_path / "ours.yaml"
    card.write_text(CARD.format(seller="stepfun", month="11"), encoding="utf-8")
    assert tollbook("rates", "add", card) == 0, tollbook.err
    bring("stepfun", 3)
    with open_reader(tollbook.warehouse) as reader:
        attention = Attention(read_rate_book(reader, EVERYTHING), NOW, 30)
    assert attention.stale == [] and [entry.base.checked for entry in attention.overruled] < [date(2026, 10, 1)]
    test = opener(monkeypatch, NOW)(tollbook.warehouse, "rates")
    assert metric(test, "Stale") == "0"
    assert "at a rate that another goes before by now: step-3.7-flash at stepfun" in texts(test)
