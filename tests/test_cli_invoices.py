"""Four costs of the same calls, through the whole program: what differs, and why as far as the figures tell."""

import json
from decimal import Decimal

import pytest

from tests.kept import made_once

CARD = """\
seller: {seller}
models:
  m:
    - valid_from: 2026-01-01T00:00:00Z
      currency: {currency}
      per_mtok: {{input: "1.00", cache_read: "0.10", output: "2.00"}}
      source: a made-up price list
      checked: 2026-11-01
      confidence: official
"""
SELLERS = {
    "margins": "USD",
    "caches": "USD",
    "equals": "USD",
    "keys": "USD",
    "tools": "USD",
    "yuan": "CNY",
    "mixed": "USD",
}


def call(seller: str, day: int, prompt: int, cached: int, **usage: object) -> dict:
    counts = {
        "prompt_tokens": prompt,
        "completion_tokens": 0,
        "total_tokens": prompt,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    answer = {"id": f"{seller}-{day}", "object": "chat.completion", "model": "m", "usage": counts | usage}
    return {"time": f"2026-11-{day:02}T10:00:00Z", "seller": seller, "response": answer}


CALLS = [
    *(call("margins", day, day * 1000, 0, cost=day / 1000 * 1.05) for day in (1, 2, 10)),
    *(call("caches", day, 1000, day * 10, cost=0.001) for day in (1, 2, 10)),
    *(call("equals", day, 1_000_000, 0, cost=1.0) for day in (1, 2, 10)),
    call("equals", 11, 1_000_000, 0),
    call("keys", 1, 1000, 0, cost=0, is_byok=True, cost_details={"upstream_inference_cost": 0.0007}),
    call("tools", 1, 1000, 0, cost=0.001),
    call("tools", 2, 1000, 0, cost=0.021, server_tool_use_details={"web_search_requests": 2}),
    call("yuan", 1, 1000, 0, cost=0.00014),
    *(call("mixed", day, 1000, day, cost=0.0007 * day) for day in (1, 2, 3)),
    call("mixed", 4, 1000, 0),
    call("mixed", 5, 1000, 0, cost=0.02, server_tool_use_details={"web_search_requests": 1}),
    call("mixed", 6, 1000, 0, cost=0, is_byok=True, cost_details={"upstream_inference_cost": 0.0003}),
    call("mixed", 7, 1000, 0, cost=0, is_byok=True),
]


@pytest.fixture
def filled(tollbook, tmp_path):
    made_once(tollbook.warehouse, "cli_invoices", lambda: load(tollbook, tmp_path))
    return tollbook


def load(tollbook, tmp_path):
    cards = tollbook.warehouse / "rate_cards"
    cards.mkdir(parents=True)
    for seller, currency in SELLERS.items():
        (cards / f"{seller}.yaml").write_text(CARD.format(seller=seller, currency=currency), encoding="utf-8")
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in CALLS), encoding="utf-8")
    assert tollbook.load(log)["loaded"] == len(CALLS)


def four(tollbook, seller: str, *arguments: str, level: str = "model") -> dict[str | None, dict]:
    rows = tollbook.rows("cost", "--four", "--where", f"seller={seller}", *arguments)
    return {row["currency"]: row for row in rows if row["level"] == level}


def why(row: dict) -> list[tuple[str, str]]:
    return [(reason["why"], reason["amount"]) for reason in row["reported_reasons"]]


def test_the_reason_of_each_difference_is_told(filled):
    margins = four(filled, "margins")["USD"]
    assert (margins["as_billed"], margins["reported"]) == ("0.013", "0.01365")
    assert why(margins) == [("margin: +5.00% on every call", "0.00065")]
    assert why(four(filled, "caches")["USD"]) == [("cached tokens reported at the input rate", "0.000117")]
    assert why(four(filled, "equals")["USD"]) == [("calls whose cost the log does not report", "-1")]


def test_what_stands_on_one_side_alone_is_told_apart(filled):
    keys = four(filled, "keys")["USD"]
    assert (keys["as_billed"], keys["reported"], keys["reported_kinds"]) == (None, "0.0007", ["upstream"])
    tools = four(filled, "tools")["USD"]
    assert (tools["as_billed"], tools["reported"], tools["unpriced"]) == ("0.001", "0.022", 1)
    assert why(tools) == [("calls with server tools, which have no price", "0.021")]
    yuan = four(filled, "yuan")
    assert (yuan["CNY"]["as_billed"], yuan["CNY"]["reported"]) == ("0.001", None)
    assert (yuan["USD"]["as_billed"], yuan["USD"]["reported"], yuan["USD"]["requests"]) == (None, "0.00014", 0)


def test_the_reasons_are_the_whole_difference(filled):
    mixed = four(filled, "mixed")["USD"]
    assert why(mixed) == [
        ("not explained", "0.0012054"),
        ("own upstream key: another seller bills these calls", "0.0003"),
        ("calls with server tools, which have no price", "0.02"),
        ("calls whose cost the log does not report", "-0.001"),
    ]
    for row in filled.rows("cost", "--four"):
        if row["as_billed"] and row["reported"] and row["level"] == "model":
            parts = sum(Decimal(amount) for _, amount in why(row))
            assert parts == Decimal(row["reported"]) - Decimal(row["as_billed"]), row
    (whole,) = [row for row in filled.rows("cost") if row["currency"] == "USD"]
    billed = [row["as_billed"] for row in filled.rows("cost", "--four", "--by", "seller") if row["currency"] == "USD"]
    assert sum(Decimal(amount) for amount in billed if amount) == Decimal(whole["cost"])


def invoice(tollbook, seller: str, first: str, last: str, amount: str, *more: str) -> dict:
    dates = ("--first", first, "--last", last)
    (row,) = tollbook.rows("invoice", "add", "--seller", seller, *dates, "--amount", amount, "--currency", "usd", *more)
    return row


def test_an_invoice_stands_beside_what_its_calls_cost(filled):
    invoice(filled, "equals", "2026-11-01", "2026-11-30", "4.004", "--number", "A-1")
    row = four(filled, "equals", level="seller")["USD"]
    assert (row["invoiced"], row["invoiced_reason"]) == ("4.004", "rounded to cents")
    invoice(filled, "equals", "2026-11-01", "2026-11-30", "-1.00")
    row = four(filled, "equals", level="seller")["USD"]
    assert (row["invoiced"], row["invoiced_reason"]) == ("3.004", "as the log reports")
    assert four(filled, "equals")["USD"]["invoiced"] is None, "no invoice is about the model alone"


def test_an_invoice_that_is_partly_in_the_period_counts_by_days_and_says_so(filled):
    invoice(filled, "equals", "2026-11-01", "2026-11-10", "10", "--number", "A-1")
    period = ("--since", "2026-11-01", "--until", "2026-11-02")
    row = four(filled, "equals", *period, level="seller")["USD"]
    assert (row["invoiced"], row["as_billed"]) == ("2", "2")
    assert row["invoiced_reason"].startswith("the invoice's share of these days")
    assert filled("cost", "--four", *period) == 0
    assert "Invoice A-1 of equals is about 2026-11-01 to 2026-11-10: of its 10 USD the share of 2026-11" in filled.out


def test_days_and_models_without_an_invoice_are_not_compared(filled):
    invoice(filled, "equals", "2026-11-01", "2026-11-05", "2")
    assert "not about all of these days" in four(filled, "equals", level="seller")["USD"]["invoiced_reason"]
    invoice(filled, "caches", "2026-11-01", "2026-11-30", "0.01", "--model", "other")
    rows = filled.rows("cost", "--four", "--where", "seller=caches")
    assert [(row["level"], row["model"], row["invoiced"]) for row in rows] == [
        ("seller", None, "0.01"),
        ("model", "m", None),
        ("model", "other", "0.01"),
    ]
    assert "not about all of these days" in rows[0]["invoiced_reason"]


def test_invoices_of_a_seller_without_calls_are_shown(filled):
    invoice(filled, "stranger", "2026-11-01", "2026-11-30", "7.50", "--who", "ann")
    row = four(filled, "stranger", level="seller")["USD"]
    assert (row["requests"], row["as_billed"], row["invoiced"], row["invoiced_reason"]) == (0, None, "7.5", None)
    assert filled("cost", "--four", "--where", "seller=stranger") == 0
    assert filled.json("invoice", "remove", 1)["removed"]["seller"] == "stranger"
    assert filled.rows("invoice", "list") == []


def test_the_four_costs_are_a_table_with_the_differences_below(filled):
    assert filled("cost", "--four") == 0
    assert "as priced" in filled.out and "re-rated" in filled.out and "Beyond as priced" in filled.out
    assert "margin: +5.00% on every call" in filled.out
    assert {row["level"] for row in filled.rows("cost", "--four", "--by", "seller")} == {"seller"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cost", "--four", "--by", "team"), "--four is by model or seller, not by team"),
        (("cost", "--four", "--in", "EUR"), "--four shows amounts as they are: leave --in out"),
        (("invoice", "remove", 3), "there is no invoice 3; none was entered"),
        (
            ("invoice", "add", "--seller", "s", "--first", "2026-02-30", "--last", "2026-03-01", "--amount", "1"),
            "--curr",
        ),
    ],
)
def test_a_mistake_is_one_plain_line(filled, arguments, words):
    assert filled(*arguments) == 2
    assert words in filled.err and filled.err.count("\n") == 1
