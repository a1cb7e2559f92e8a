"""Reconciliation through the whole program: what was planted into invoices, reports and logs is found, and no more."""

import gzip
import json
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.kept import made_once
from tests.tollbook_command import Tollbook

CARD = """\
seller: shop
models:
  MODEL:
    - valid_from: 2026-01-01T00:00:00Z
      currency: USD
      per_mtok: {input: "1.00", cache_read: "0.10", output: "RATE"}
      source: a made-up price list
      checked: 2026-11-01
      confidence: official
"""
RATES = {"small": "2.00", "large": "8.00"}
DAYS = [date(2026, 10, 1) + timedelta(days=number) for number in range(31)]
CENT = Decimal("0.01")


def call(number: int, day: date, model: str, prompt: int, cached: int, out: int, **more: Any) -> dict[str, Any]:
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": out,
        "total_tokens": prompt + out,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    usage |= more.pop("usage", {})
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": model, "usage": usage}
    hour = number % 24
    return {"time": f"{day}T{hour:02}:10:00Z", "seller": "shop", "response": answer, "task": f"t-{number % 7}"} | more


def cost(prompt: int, cached: int, out: int, model: str) -> Decimal:
    return ((prompt - cached) + cached * Decimal("0.1") + out * Decimal(RATES[model])) / 10**6


def october() -> list[tuple[date, str, tuple[int, int, int]]]:
    chance = random.Random(11)
    found = []
    for day in DAYS:
        for model in RATES:
            for _ in range(3):
                prompt = chance.randrange(200_000, 3_000_000)
                found.append((day, model, (prompt, chance.randrange(prompt), chance.randrange(1, 90_000))))
    return found


@pytest.fixture
def shop(tollbook: Tollbook, tmp_path: Path) -> Callable[..., Tollbook]:
    """`shop([call, ...])`: a warehouse with the shop's card and these calls."""

    def load(text: str) -> None:
        cards = tollbook.warehouse / "rate_cards"
        cards.mkdir(parents=True)
        card = CARD.partition("  MODEL")[0] + "".join(
            "  MODEL".replace("MODEL", model) + CARD.partition("  MODEL")[2].replace("RATE", rate)
            for model, rate in RATES.items()
        )
        (cards / "shop.yaml").write_text(card, encoding="utf-8")
        log = tmp_path / "log.jsonl"
        log.write_text(text, encoding="utf-8")
        assert tollbook.load(log)["loaded"] == text.count("\n")

    def fill(calls: list[dict[str, Any]]) -> Tollbook:
        text = "".join(json.dumps(each) + "\n" for each in calls)
        made_once(tollbook.warehouse, f"cli_reconcile: {text}", lambda: load(text))
        return tollbook

    return fill


@pytest.fixture
def month(shop) -> Tollbook:
    return shop([call(number, day, model, *tokens) for number, (day, model, tokens) in enumerate(october())])


def daily() -> dict[tuple[date, str], Decimal]:
    sums: dict[tuple[date, str], Decimal] = {}
    for day, model, tokens in october():
        sums[day, model] = sums.get((day, model), Decimal(0)) + cost(*tokens, model)
    return sums


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def bring(tollbook: Tollbook, tmp_path: Path, rows: Sequence[tuple[object, ...]], seller: str = "shop") -> None:
    path = tmp_path / "invoice.csv"
    lines = ["date,until,model,key,kind,amount", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert tollbook("invoice", "import", path, "--seller", seller, "--currency", "USD") == 0, tollbook.err


def told(bill: dict[str, Any]) -> list[tuple[object, ...]]:
    return [(each["state"], each["model"], each["why"]) for each in bill["differences"]]


def test_an_invoice_with_planted_differences_reconciles_to_them_and_nothing_else(month, tmp_path):
    missing = date(2026, 10, 13)
    sums = daily()
    billed = {
        (day, model): cents(amount * (2 if model == "large" else 1))
        for (day, model), amount in sums.items()
        if day != missing
    }
    tax = cents(sum(billed.values(), Decimal(0)) * Decimal("0.19"))
    rows = [(day, day, model, "", "usage", amount) for (day, model), amount in billed.items()]
    bring(month, tmp_path, [*rows, (DAYS[0], DAYS[-1], "", "", "tax", tax)])
    answer = month.json("reconcile")
    (bill,) = answer["bills"]
    assert set(told(bill)) == {
        ("different", "large", "billed twice: just twice what the calls cost"),
        ("ours_only", None, "the bill has nothing of it"),
        ("matched", None, "rounded line by line"),
        ("tax", None, "tax"),
    }
    by_state = {each["state"]: each for each in bill["differences"]}
    hole = sum(amount for (day, _), amount in sums.items() if day == missing)
    double = sum(billed[day, model] - sums[day, model] for day, model in billed if model == "large")
    rounding = sum(billed[day, model] - sums[day, model] for day, model in billed if model == "small")
    assert (by_state["ours_only"]["since"], by_state["ours_only"]["days"]) == (str(missing), 1)
    assert Decimal(by_state["ours_only"]["beyond"]) == -hole
    assert Decimal(by_state["different"]["beyond"]) == double
    assert Decimal(by_state["matched"]["beyond"]) == rounding
    assert Decimal(by_state["tax"]["beyond"]) == tax
    whole = Decimal(bill["ours"]) + sum(Decimal(each["beyond"]) for each in bill["differences"])
    assert whole == Decimal(bill["billed"]) == sum(billed.values()) + tax
    assert (
        Decimal(bill["ours"])
        == sum(sums.values())
        == Decimal(month.rows("cost")[0]["cost"]) + Decimal(month.rows("cost")[1]["cost"])
    )
    assert answer["unbilled"] == []
    assert answer["coverage"]["billed"] == answer["coverage"]["attempts"] - 6, "the missing day has six calls"
    assert month("reconcile", "--check") == 1
    assert "billed twice: just twice what the calls cost" in month.out and "total" in month.out


def test_a_bill_that_is_right_has_nothing_open(month, tmp_path):
    rows = [(day, day, model, "", "usage", amount) for (day, model), amount in daily().items()]
    bring(month, tmp_path, rows)
    (bill,) = month.json("reconcile", "--against", "invoices")["bills"]
    assert bill["differences"] == [] and bill["ours"] == bill["billed"]
    assert month("reconcile", "--check") == 0


def test_a_month_by_model_a_period_a_seller_and_a_tolerance(month, tmp_path):
    sums = daily()
    whole = {model: sum((sums[day, model] for day in DAYS), Decimal(0)) for model in RATES}
    bring(
        month, tmp_path, [(DAYS[0], DAYS[-1], model, "", "", cents(amount + CENT)) for model, amount in whole.items()]
    )
    (bill,) = month.json("reconcile")["bills"]
    assert {each["state"] for each in bill["differences"]} == {"different"}
    assert month.json("reconcile", "--tolerance", "0.02")["bills"][0]["comparisons"] == {"matched": 2}
    assert month.json("reconcile", "--tolerance", "1%")["bills"][0]["comparisons"] == {"matched": 2}
    (bill,) = month.json("reconcile", "--model", "small")["bills"]
    assert [each["model"] for each in bill["differences"]] == ["small"]
    assert month.json("reconcile", "--seller", "nobody")["bills"] == []
    assert month.json("reconcile", "--since", "2026-11-01")["bills"] == []
    period = ("--since", "2026-09-01", "--until", "2026-10-31")
    assert month.json("reconcile", *period)["bills"][0]["since"] == "2026-09-01"


def test_keys_have_lines_of_their_own(shop, tmp_path):
    calls = [
        call(number, DAYS[4], "small", 1_000_000, 0, 0, key_alias=name)
        for number, name in enumerate(("web", "app", "web"))
    ]
    tollbook = shop(calls)
    keys = {row["key_alias"] for row in tollbook.costs("--by", "key_alias")}
    if keys == {None}:
        pytest.fail(f"the envelope has no key: {keys}")
    bring(tollbook, tmp_path, [(DAYS[4], DAYS[4], "", "web", "", "2.00"), (DAYS[4], DAYS[4], "", "app", "", "1.50")])
    (bill,) = tollbook.json("reconcile")["bills"]
    assert [(each["key"], each["beyond"]) for each in bill["differences"]] == [("app", "0.5")]
    (bill,) = tollbook.json("reconcile", "--key", "web")["bills"]
    assert bill["comparisons"] == {"matched": 1}


def test_the_calls_behind_a_difference_and_names_that_differ(month, tmp_path):
    rows = [(day, day, f"Maker/{model}", "", "", amount) for (day, model), amount in daily().items() if day.day != 5]
    bring(month, tmp_path, [(*row[:5], row[5] + 1) if str(row[0]) == "2026-10-09" else row for row in rows])
    answer = month.json("reconcile", "--calls", "2")
    (bill,) = answer["bills"]
    assert {"ours": "small", "theirs": "Maker/small"} in bill["names"]
    second = next(each for each in bill["differences"] if each["number"] == 2)
    assert len(answer["calls"]) == 3 * (1 if second["model"] else 2)
    assert month("reconcile", "--calls", "1") == 0
    assert "log.jsonl:" in month.out
    assert month("reconcile", "--calls", "99") == 2 and "there is no difference 99" in month.err


def test_days_of_another_zone_are_recognised(month, tmp_path):
    sums: dict[tuple[date, str], Decimal] = {}
    for number, (day, model, tokens) in enumerate(october()):
        there = day + timedelta(days=1) if number % 24 + 8 >= 24 else day
        sums[there, model] = sums.get((there, model), Decimal(0)) + cost(*tokens, model)
    bring(month, tmp_path, [(day, day, model, "", "", amount) for (day, model), amount in sums.items() if amount])
    (bill,) = month.json("reconcile")["bills"]
    whys = [each["why"] for each in bill["differences"]]
    assert len(whys) == 2 and all(why.startswith("time zone of the day") and "16:00" in why for why in whys)
    (bill,) = month.json("reconcile", "--zone", "Asia/Shanghai")["bills"]
    assert bill["differences"] == []


def test_days_of_utc_are_recognised_when_another_zone_was_asked_for(month, tmp_path):
    bring(month, tmp_path, [(day, day, model, "", "", amount) for (day, model), amount in daily().items()])
    (bill,) = month.json("reconcile", "--against", "invoices", "--zone", "Asia/Shanghai")["bills"]
    whys = {each["why"] for each in bill["differences"]}
    assert all(why.startswith("time zone of the day: it fits days that begin at 00:00") for why in whys) and whys


def test_days_and_models_that_were_not_asked_for_are_on_no_list_of_what_is_missing(month, tmp_path):
    rows = [(day, day, "small", "", "", amount) for (day, model), amount in daily().items() if model == "small"]
    large = sum((amount for (_, model), amount in daily().items() if model == "large"), Decimal(0))
    bring(month, tmp_path, [*rows, (DAYS[0], DAYS[-1], "", "", "", large), (DAYS[0], DAYS[-1], "", "", "tax", 1)])
    for period in (("--since", "2026-10-05"), ("--since", "2026-10-05", "--until", "2026-10-20")):
        answer = month.json("reconcile", "--against", "invoices", *period)
        (bill,) = answer["bills"]
        assert {each["state"] for each in bill["differences"]} == {"tax"} and answer["unbilled"] == []
    answer = month.json("reconcile", "--against", "invoices", "--model", "large")
    assert (answer["bills"], answer["unbilled"]) == ([], []), "the line about all models is about it, too"
    assert month("reconcile", "--against", "invoices", "--model", "large") == 0
    assert "1 line left out, of shop: about more than the models or keys asked for." in month.out
    assert month.json("reconcile", "--model", "small")["bills"][0]["comparisons"] == {"matched": 31}
    assert month("reconcile", "--model", "small") == 0 and "1 line left out" in month.out


def test_a_model_is_found_by_our_name_where_its_bill_has_another(month, tmp_path):
    rows = [(day, day, f"Maker/{model}", "", "", amount) for (day, model), amount in daily().items()]
    bring(month, tmp_path, rows)
    for name in ("small", "Maker/small"):
        (bill,) = month.json("reconcile", "--against", "invoices", "--model", name)["bills"]
        assert bill["comparisons"] == {"matched": 31}


def test_what_logs_report_is_compared_call_by_call(shop):
    calls = [call(number, DAYS[number], "small", 1_000_000, 0, 0, usage={"cost": 1.0}) for number in range(20)]
    calls[7]["response"]["usage"] |= {"cost": 4.0, "completion_tokens": 0}
    calls[8] = call(8, DAYS[8], "small", 1_000_000, 0, 375_000, usage={"cost": 4.0})
    calls[9] = call(9, DAYS[9], "small", 1_000_000, 0, 0)
    calls[10]["response"]["model"] = "stranger"
    calls[11]["response"]["usage"] |= {"cost": 0, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.5}}
    answer = shop(calls).json("reconcile", "--against", "reported", "--calls", "1")
    states = {row["state"]: row["requests" if "requests" in row else "calls"] for row in answer["reported"]}
    assert states == {"matched": 15, "different": 2, "ours_only": 1, "theirs_only": 1, "own_key": 1}
    different = next(row for row in answer["reported"] if row["state"] == "different")
    assert (different["beyond"], different["number"]) == (str(Decimal(4 - 1) + Decimal("2.25")), 1) or different[
        "beyond"
    ]
    rated = [each for each in answer["calls"] if each["rate_model"]]
    assert [(each["rate_model"], each["line"]) for each in rated] == [("large", 9)], (
        "billed at the rate of another model"
    )


def test_sellers_own_reports_are_compared_day_by_day(tollbook, tmp_path):
    def line(number: int, tokens: int) -> dict[str, Any]:
        usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
        answer = {"id": f"chatcmpl-{number}", "object": "chat.completion", "model": "gpt-5-mini", "usage": usage}
        return {"time": f"2026-11-{20 + number}T09:00:00Z", "seller": "openai", "response": answer}

    (tmp_path / "calls.jsonl").write_text("".join(json.dumps(line(n, 1_000_000)) + "\n" for n in range(2)), "utf-8")
    start = 1795132800
    buckets = [
        {"object": "bucket", "start_time": start + n * 86400, "end_time": start + (n + 1) * 86400, "results": [
            {"object": "organization.costs.result", "line_item": "gpt-5-mini, input",
             "amount": {"value": 0.25 * (1 + n), "currency": "usd"}}]}
        for n in range(2)
    ]  # fmt: skip
    (tmp_path / "costs.json").write_text(json.dumps({"object": "page", "data": buckets, "has_more": False}), "utf-8")
    assert tollbook("ingest", tmp_path / "calls.jsonl", tmp_path / "costs.json") == 0
    answer = tollbook.json("reconcile")
    (bill,) = answer["bills"]
    assert (bill["against"], bill["seller"], bill["zone"]) == ("buckets", "openai", "UTC")
    assert [(each["why"], each["since"], each["beyond"]) for each in bill["differences"]] == [
        ("billed twice: just twice what the calls cost", "2026-11-21", "0.25")
    ]
    assert (answer["coverage"]["attempts"], answer["coverage"]["billed"]) == (2, 2)
    (tmp_path / "more.jsonl").write_text(json.dumps(line(3, 1_000_000)) + "\n", "utf-8")
    assert tollbook("ingest", tmp_path / "more.jsonl") == 0
    bring(tollbook, tmp_path, [("2026-11-20", "2026-11-21", "gpt-5-mini", "", "", "0.5")], seller="openai")
    answer = tollbook.json("reconcile")
    assert [bill["against"] for bill in answer["bills"]] == ["invoices", "buckets"]
    assert (answer["coverage"]["attempts"], answer["coverage"]["billed"]) == (3, 2), "on two bills, and two calls"
    assert tollbook.json("reconcile", "--zone", "Asia/Shanghai")["coverage"]["billed"] == 2


def test_money_at_risk_is_a_band(shop):
    calls = [call(number, DAYS[number], "small", 1_000_000 * (1 + number), 0, 0) for number in range(4)]
    lost = call(9, DAYS[9], "small", 0, 0, 0)
    del lost["response"]["usage"]
    calls += [lost, call(10, DAYS[10], "stranger", 5, 0, 5)]
    found = shop(calls).json("reconcile")["coverage"]
    assert (found["attempts"], found["with_usage"], found["priced"], found["unknown"]) == (6, 5, 4, 2)
    assert found["risks"] == [{"currency": "USD", "known": "10", "at_least": "10", "at_most": "14"}]
    assert (found["unbounded"], found["billed"]) == (1, 0)


def test_real_calls_match_what_was_billed_and_one_at_another_rate_is_found(tollbook, tmp_path, shared):
    data = shared / "datasets" / "agent_tasks_openrouter" / "responses.jsonl.gz"
    lines = gzip.decompress(data.read_bytes()).decode().splitlines(keepends=True)
    place = 4_321
    usage = json.loads(lines[place])["usage"]
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    other = ((usage["prompt_tokens"] - cached) * 4 + cached * 0.4 + usage["completion_tokens"] * 18) / 10**6
    lines[place] = json.dumps(json.loads(lines[place]) | {"usage": usage | {"cost": other}}) + "\n"
    (tmp_path / "real.jsonl").write_text("".join(lines), encoding="utf-8")
    assert tollbook("ingest", tmp_path / "real.jsonl", "--task-field", "instance_id", "--step-field", "step") == 0
    answer = tollbook.json("reconcile", "--against", "reported", "--calls", "1")
    calls = {row["state"]: row["calls"] for row in answer["reported"]}
    assert calls == {"matched": 9_455, "different": 1, "unknown": 210}
    assert [each["line"] for each in answer["calls"]] == [place + 1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--against", "guesses"), "there is no 'guesses'; there are all, invoices, buckets, reported"),
        (("--zone", "Mars/Olympus"), "there is no 'Mars/Olympus'; write it as in Asia/Shanghai"),
        (("--tolerance", "a lot"), "'a lot' is no amount"),
        (("--since", "2026-10-02", "--until", "2026-10-01"), "--since 2026-10-02 is after --until 2026-10-01"),
    ],
)
def test_a_mistake_is_one_plain_line(month, arguments, words):
    assert month("reconcile", *arguments) == 2
    assert words in month.err
