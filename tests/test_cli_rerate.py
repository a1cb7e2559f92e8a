"""Pricing again: what had no rate gets one in place; anything else is a recorded run beside what was billed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.cli import run
from tests.tollbook_command import Tollbook
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.folder import Folder
from warehouse.rollups import rebuild
from warehouse.transaction import transaction

ROLLUPS = ("usage_hour", "usage_day", "usage_day_detail", "task_rate", "task_cost", "dimension_value")
NOW, LATER, LATEST = "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"
FIRST = """
seller: house
models:
  m:
    - valid_from: 2026-07-01T00:00:00Z
      currency: USD
      per_mtok: {input: "1", cache_read: "0.1", output: "10"}
      context: [{above: 32000, multiply: "2"}]
      service_tiers: {batch: {multiply: "0.5"}}
      source: s
      checked: 2026-07-01
      confidence: official
"""
CORRECTION = """\
    - valid_from: 2026-07-01T00:00:00Z
      valid_until: 2026-07-02T06:30:00Z
      corrects: the price list had another figure for the first day
      currency: USD
      per_mtok: {input: "0.5", cache_read: "0.1", output: "10"}
      context: [{above: 32000, multiply: "2"}]
      service_tiers: {batch: {multiply: "0.5"}}
      source: s
      checked: 2026-11-21
      confidence: official
"""


def usage(prompt: int, completion: int, cached: int = 0, **more: Any) -> dict[str, Any]:
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return {**counts, "prompt_tokens_details": {"cached_tokens": cached}, **more}


def call(name: str, at: str, counts: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"id": name, "model": "m", "usage": counts, "service_tier": more.pop("service_tier", None)}
    return {"time": at, "seller": "house", "team": "red", "task": f"task-{name[0]}", "response": body, **more}


CALLS = [
    call("a1", "2026-07-01T10:00:00Z", usage(1000, 100)),
    call("a2", "2026-07-02T06:29:59Z", usage(1000, 100)),
    call("a3", "2026-07-02T06:30:00Z", usage(1000, 100)),
    call("b1", "2026-07-02T06:45:00Z", usage(32_000, 10, 500)),
    call("b2", "2026-07-02T06:46:00Z", usage(32_001, 10, 500), team="blue"),
    call("b3", "2026-07-03T00:00:00Z", usage(1000, 100), batch=True),
    call("b4", "2026-07-03T00:00:01Z", usage(1000, 100), service_tier="x"),
    call("c1", "2026-06-30T23:59:59Z", usage(1000, 100)),
    # Usage that contradicts itself: its band is worked out from the rate, whenever that is found.
    call("d1", "2026-07-03T01:00:00Z", usage(100, 10, 300)),
    call("d2", "2026-07-03T02:00:00Z", usage(1000, 100, completion_tokens_details={"reasoning_tokens": 150})),
    call("d3", "2026-07-03T03:00:00Z", {**usage(1000, 100, 7), "total_tokens": 1150}),
    call("d4", "2026-07-03T04:00:00Z", {**usage(1000, 100, 7), "prompt_cache_hit_tokens": 9}),
    call("e1", "2026-07-03T05:00:00Z", usage(1000, 100), status=429),
]

LATE = call("z", "2026-07-01T10:30:00Z", usage(1000, 0))


def write_log(folder: Path, name: str = "log", calls: list[dict[str, Any]] = CALLS) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in calls), encoding="utf-8")
    return path


def put_card(warehouse: Path, text: str) -> None:
    (warehouse / "rate_cards").mkdir(parents=True, exist_ok=True)
    (warehouse / "rate_cards" / "house.yaml").write_text(text, encoding="utf-8")


def asked(root: Path, text: str) -> list[tuple[Any, ...]]:
    with open_reader(root) as reader:
        return reader.rows(text)


def rollups(root: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {name: asked(root, f"select * from {name} order by all") for name in ROLLUPS}


def rebuilt(root: Path) -> dict[str, list[tuple[Any, ...]]]:
    folder = Folder(root)
    with open_staging(folder) as staging, open_writer(folder, "usage", staging, purpose="test", now=None):  # type: ignore[arg-type]
        with transaction(staging):
            rebuild(staging, "UTC")
    return rollups(root)


def run_here(root: Path, *arguments: object) -> None:
    assert run(["--warehouse", str(root), *map(str, arguments)]) == 0


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """Calls loaded without a rate, and priced once their card was there; to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    run_here(folder / "w", "--now", NOW, "ingest", write_log(folder))
    put_card(folder / "w", FIRST)
    run_here(folder / "w", "--now", LATER, "rerate", "--unpriced", "--yes", "--who", "somebody")
    return folder / "w"


@pytest.fixture
def filled(tollbook, prepared) -> Tollbook:
    """A copy of it, to change."""
    shutil.copytree(prepared, tollbook.warehouse)
    return tollbook


PRICED = """
    select response_id, costing, u.currency, unpriced_reason, cost, cost_read, cost_low, cost_high, review, digest
    from usage_priced u left join rate r using (rate_id)
    order by response_id
"""


def test_a_rate_found_later_prices_as_one_that_was_there(filled, tmp_path):
    """Every figure, band and reason is the same as if the card had come before the calls; and so are the rollups."""
    other = tmp_path / "other"
    put_card(other, FIRST)
    assert Tollbook(other, filled.capsys)("--now", NOW, "ingest", write_log(tmp_path)) == 0
    late, early = asked(filled.warehouse, PRICED), asked(other, PRICED)
    # A refused call is 0 in the seller's one currency; without a card that currency was unknown, and it stays so.
    assert [row for row in late if row[0] != "e1"] == [row for row in early if row[0] != "e1"]
    assert [row[1] for row in late].count("rated") == 9 + 1
    assert rollups(filled.warehouse) == rebuilt(filled.warehouse)


def test_what_had_no_rate_is_priced_once_and_recorded(filled):
    text = "select who, scope, seller, model, requests, currency from rerate_fill order by all"
    before = asked(filled.warehouse, PRICED)
    assert sum(row[4] for row in asked(filled.warehouse, text)) == 10
    assert {row[:4] + row[5:] for row in asked(filled.warehouse, text)} == {
        ("somebody", "everything", "house", "m", "USD")
    }
    assert filled("--now", LATEST, "rerate", "--unpriced", "--yes") == 0
    assert asked(filled.warehouse, PRICED) == before
    assert filled.json("rerate", "--unpriced", "--dry-run")["changed"] == 0


def test_a_fuller_row_of_another_size_is_priced_at_the_rate_of_its_size(tollbook, tmp_path):
    """A stream that was cut off looked short; what a first row without usage was given binds nobody."""
    put_card(tollbook.warehouse, FIRST)
    cut = [
        call("a", "2026-07-01T10:00:00Z", {"prompt_tokens": 100, "completion_tokens": 1}),
        call("b", "2026-07-01T11:00:00Z", {}),
    ]
    whole = [call(name, f"2026-07-01T1{hour}:00:00Z", usage(40_000, 10)) for hour, name in enumerate("ab")]
    for name, lines in (("cut", cut), ("whole", whole)):
        assert tollbook("--now", NOW, "ingest", write_log(tmp_path, name, lines)) == 0
    found = asked(tollbook.warehouse, "select response_id, cost from usage_priced order by 1")
    assert found == [(name, 40_000 * 2 * 10**6 + 10 * 2 * 10**7) for name in "ab"]


def test_a_fill_is_shown_before_it_is_made(tollbook, tmp_path):
    tollbook("--now", NOW, "ingest", write_log(tmp_path))
    put_card(tollbook.warehouse, FIRST)
    shown = tollbook.json("--now", LATER, "rerate", "--unpriced", "--dry-run")
    assert (shown["changed"], shown["total"]["as_billed"][0]["cost"]) == (10, None)
    (found,) = shown["differences"]
    # What had no price is no dearer for having one: it stands beside the difference, not in it.
    assert found["gained"] == {"requests": 10, "cost": shown["total"]["rerated"][0]["cost"]}
    assert (found["difference"], found["lost"]["requests"]) == (None, 0)
    assert tollbook("--now", LATER, "rerate", "--unpriced") == 0  # nobody is there to say yes
    assert {row["costing"] for row in named(tollbook, "select costing from usage")} == {"unknown"}
    made = tollbook.json("--now", LATER, "rerate", "--unpriced", "--yes")
    assert made["recorded"] == {"filled": 10}
    listed = tollbook.json("reruns")
    assert listed["rows"] == [] and sum(fill["requests"] for fill in listed["fills"]) == 10
    assert tollbook("reruns") == 0 and "Calls that had no rate, priced" in tollbook.out
    (usd,) = [row for row in made["total"]["rerated"] if row["currency"]]
    assert [fill["cost"] for fill in listed["fills"] if fill["currency"]] == [usd["cost"]]
    assert [row["cost"] for row in tollbook.costs("--by", "") if row["currency"]] == [usd["cost"]]


def named(tollbook: Tollbook, text: str) -> list[dict[str, Any]]:
    return [{"costing": row[0]} for row in asked(tollbook.warehouse, text)]


def test_a_scope_limits_what_is_priced(tollbook, tmp_path):
    tollbook("--now", NOW, "ingest", write_log(tmp_path))
    put_card(tollbook.warehouse, FIRST)
    assert tollbook("--now", LATER, "rerate", "--unpriced", "--yes", "--scope", "team=blue") == 0
    assert asked(tollbook.warehouse, "select response_id from usage where costing = 'rated'") == [("b2",)]
    assert rollups(tollbook.warehouse) == rebuilt(tollbook.warehouse)


@pytest.fixture(scope="module")
def put_right(prepared, tmp_path_factory) -> Path:
    """A card that was corrected after it had priced calls; to be copied."""
    folder = tmp_path_factory.mktemp("put_right")
    shutil.copytree(prepared, folder / "w")
    put_card(folder / "w", FIRST + CORRECTION)
    run_here(folder / "w", "--now", LATEST, "ingest", write_log(folder, "new", [LATE]))
    return folder / "w"


@pytest.fixture
def corrected(tollbook, put_right) -> Tollbook:
    """A copy of it, to change."""
    shutil.copytree(put_right, tollbook.warehouse)
    return tollbook


def test_a_correction_prices_what_comes_later_and_leaves_what_was_billed(corrected):
    costs = dict(asked(corrected.warehouse, "select response_id, cost from usage_priced where costing = 'rated'"))
    assert (costs["a1"], costs["z"]) == (1000 * 10**6 + 100 * 10**7, 1000 * 500_000)


def test_rates_as_known_at_a_time_give_what_was_known_then(corrected):
    """Before the correction: what was billed, to the last pico-unit. Now: the corrected day, cut in its middle."""
    then = corrected.json(
        "--now", LATEST, "rerate", "--known-at", "2026-11-21T12:00:00Z", "--until", "2026-07-03", "--dry-run"
    )
    (usd,) = [row for row in then["total"]["as_billed"] if row["currency"]]
    assert then["changed"] == 1  # the one that came after, and was billed as corrected
    changed = [row for row in then["rows"] if row["requests"]]
    assert [(row["cost"], row["new_cost"]) for row in changed] == [("0.0025", "0.003")]
    nothing = {"requests": 0, "cost": "0"}
    assert then["differences"] == [
        {"currency": "USD", "difference": "0.0005", "lost": nothing, "gained": nothing, "left": nothing}
    ]
    today = corrected.json("--now", LATEST, "rerate", "--known-at", "now", "--dry-run")
    assert (today["changed"], today["row_by_row"]) == (2, 4)
    assert {(row["day"], row["requests"]) for row in today["rows"] if row["requests"]} == {
        ("2026-07-01", 1), ("2026-07-02", 1),
    }  # fmt: skip
    (new,) = [row for row in today["total"]["rerated"] if row["currency"]]
    assert float(usd["cost"]) - float(new["cost"]) == pytest.approx(2 * 0.0005)


def test_a_correction_is_shown_before_anything_is_loaded_again(filled):
    """The present is what the cards say, and a run that is recorded tells the warehouse so."""
    put_card(filled.warehouse, FIRST + CORRECTION)
    shown = filled.json("--now", LATEST, "rerate", "--known-at", "now", "--dry-run")
    assert shown["changed"] > 0
    stood = ("--now", LATEST, "rates", "as-of", "2026-07-01", "--seller", "house")
    assert [row["per_mtok"]["input"] for row in filled.rows(*stood)][0] == "0.5"
    made = filled.json("--now", LATEST, "rerate", "--known-at", "now", "--yes", "--who", "me")
    assert made["recorded"]["changed"] == shown["changed"]
    assert (
        filled.json("--now", "2026-11-23T12:00:00Z", "rerate", "--known-at", LATEST, "--dry-run")["changed"]
        == shown["changed"]
    )


def test_a_card_that_no_load_would_take_is_not_shown_either(filled):
    put_card(filled.warehouse, FIRST.replace('input: "1"', 'input: "3"'))
    assert filled("--now", LATEST, "rerate", "--known-at", "now", "--dry-run") == 2
    assert "cannot be changed" in filled.err


def test_a_moment_before_the_first_load_is_refused(corrected):
    assert corrected("rerate", "--known-at", "2026-11-19", "--dry-run") == 2
    assert "this warehouse knows rates from 2026-11-20T00:00:00Z on" in corrected.err
    assert corrected("rates", "as-of", "2026-07-01", "--known-at", "2026-11-01") == 2


def test_the_card_as_it_stood(corrected):
    def inputs(*options: str) -> list[str]:
        rows = corrected.rows("--now", LATEST, "rates", "as-of", "2026-07-01", "--seller", "house", *options)
        return [row["per_mtok"]["input"] for row in rows if row["service_tier"] == "standard"]

    assert inputs("--known-at", NOW) == []
    assert inputs("--known-at", "2026-11-21") == ["1", "2"]
    assert inputs() == ["0.5", "1"]


def test_a_run_is_recorded_beside_what_was_billed(corrected, tmp_path):
    before = corrected.costs("--by", "day,model,team")
    offer = tmp_path / "offer.yaml"
    offer.write_text(FIRST.replace('input: "1"', 'input: "0.25"').replace("2026-07-01T", "2026-07-02T"))
    made = corrected.json("--now", LATEST, "rerate", "--card", offer, "--yes", "--name", "an offer", "--who", "me")
    run = made["recorded"]
    assert (run["run_id"], run["name"], run["who"], run["scope"]) == (1, "an offer", "me", "everything")
    assert corrected.costs("--by", "day,model,team") == before
    (listed,) = corrected.rows("reruns")
    assert listed == run
    found = corrected.json("reruns", "1", "--by", "day")
    by_day = {(row["day"], row["currency"]): row for row in found["rows"] if row["currency"]}
    assert by_day["2026-07-01", "USD"]["cost"] == by_day["2026-07-01", "USD"]["new_cost"]
    assert by_day["2026-07-02", "USD"]["requests"] == 4
    # The offer's rates are known to the run alone: what is loaded later is priced as before.
    log = write_log(tmp_path, "later", [call("y", "2026-07-05T00:00:00Z", usage(1000, 0))])
    assert corrected("--now", LATEST, "ingest", log) == 0
    assert corrected("reruns", "1") == 0 and "What was billed is unchanged." in corrected.out
    assert asked(corrected.warehouse, "select cost from usage_priced where response_id = 'y'") == [(10**9,)]


def test_calls_loaded_meanwhile_stop_a_run(corrected, tmp_path, monkeypatch):
    """What is recorded is what was shown."""
    offer = tmp_path / "offer.yaml"
    offer.write_text(FIRST.replace('input: "1"', 'input: "0.25"'))
    log = write_log(tmp_path, "later", [call("y", "2026-07-05T00:00:00Z", usage(1000, 0))])

    def load_first(*_: object, **__: object) -> bool:
        assert Tollbook(corrected.warehouse, corrected.capsys)("--now", LATEST, "ingest", log) == 0
        return True

    monkeypatch.setattr("app.commands.rerate._confirmed", load_first)
    assert corrected("--now", LATEST, "rerate", "--card", offer) == 2
    assert "nothing was recorded" in corrected.err
    assert corrected.rows("reruns") == []


def test_a_scope_that_no_rollup_has_is_read_call_by_call(corrected):
    shown = corrected.json("--now", LATEST, "rerate", "--known-at", "now", "--scope", "task=task-a", "--dry-run")
    assert (shown["requests"], shown["row_by_row"], shown["changed"]) == (3, 3, 2)


@pytest.mark.parametrize("options", [(), ("--unpriced", "--known-at", "now")])
def test_one_basis_at_a_time(corrected, options):
    assert corrected("rerate", *options) == 2
    assert "give one of --card FILE, --known-at TIME and --unpriced" in corrected.err


@pytest.mark.parametrize(
    ("edit", "how"),
    [
        (lambda text: text.replace('output: "10"', 'output: "11"'), "cannot be changed"),
        (lambda text: text.replace("2026-07-01T00", "2026-07-01T01"), "cannot be taken out, nor start at another time"),
        (lambda text: text.replace("  m:", "  n:"), "cannot be taken out, nor start at another time"),
        (lambda text: text.replace("above: 32000", "above: 1000"), "cannot be changed"),
        (lambda text: text.replace('batch: {multiply: "0.5"}', 'batch: {multiply: "0.4"}'), "cannot be changed"),
    ],
)
def test_a_used_rate_is_not_edited_moved_or_taken_away(filled, edit, how):
    before = asked(filled.warehouse, PRICED)
    put_card(filled.warehouse, edit(FIRST))
    log = write_log(filled.warehouse.parent, "new", [LATE])
    assert filled("--now", LATEST, "ingest", log) == 2
    assert how in filled.err and "tollbook rerate --known-at now" in filled.err
    assert asked(filled.warehouse, PRICED) == before


def test_a_used_rate_may_end_and_be_checked_again(filled):
    """What was known before is kept beside what is known now."""
    text = FIRST.replace("currency", "valid_until: 2026-12-01T00:00:00Z\n      currency")
    put_card(filled.warehouse, text.replace("checked: 2026-07-01", "checked: 2026-11-21"))
    log = write_log(filled.warehouse.parent, "new", [LATE])
    assert filled("--now", LATEST, "ingest", log) == 0, filled.err
    stood = """
        select s.known_from, s.checked, s.valid_until
        from rate_stand s join rate r using (rate_id)
        where r.seller = 'house' and r.tier = 'standard' and r.context_from = 0
        order by all
    """
    assert [tuple(map(str, row)) for row in asked(filled.warehouse, stood)] == [
        ("2026-11-21 00:00:00", "2026-07-01", "9999-12-31 00:00:00"),
        ("2026-11-22 00:00:00", "2026-11-21", "2026-12-01 00:00:00"),
    ]


def test_what_has_no_rate_is_listed_with_its_volume_and_names_near_it(tollbook, tmp_path):
    calls = [{**call("x", "2026-07-01T10:00:00Z", usage(1000, 100)), "seller": "stepfun"}]
    calls[0]["response"]["model"] = "step-3.7-flsh"
    tollbook("--now", NOW, "ingest", write_log(tmp_path, "near", calls))
    (row,) = tollbook.rows("rates", "unpriced")
    assert (row["requests"], row["tokens"], row["reason"]) == (1, 1100, "no rate")
    assert row["near"][0] == "step-3.7-flash"
    assert tollbook("rates", "unpriced", "--yaml") == 0
    card = tollbook.warehouse / "rate_cards" / "stepfun-own.yaml"
    card.parent.mkdir()
    skeleton = tollbook.out
    card.write_text(skeleton)
    assert tollbook("rates", "validate", card) == 1, "a card that was not filled in is refused"
    card.write_text(skeleton.replace('currency: "?"', "currency: USD").replace('"?"', '"1"'))
    assert tollbook("rates", "validate", card) == 0, tollbook.err
    assert tollbook("--now", LATER, "rerate", "--unpriced", "--yes") == 0
    assert tollbook.rows("rates", "unpriced") == []


def test_an_entry_for_old_calls_ends_where_a_known_rate_begins(tollbook, tmp_path):
    """An own card goes before all others: without an end it would hide every later price."""
    put_card(tollbook.warehouse, FIRST)
    old = {**LATE, "time": "2026-06-01T00:00:00Z"}
    calls = [old, call("t", "2026-07-03T00:00:00Z", usage(1000, 0), service_tier="x")]
    assert tollbook("--now", NOW, "ingest", write_log(tmp_path, "old", calls[:1])) == 0
    assert tollbook("--now", NOW, "rates", "unpriced", "--yaml") == 0
    assert "valid_until: 2026-07-01T00:00:00Z  # from then on it has a rate" in tollbook.out
    assert tollbook("--now", NOW, "rates", "unpriced") == 0 and "it has one from 2026-07-01" in tollbook.out
    assert tollbook("--now", NOW, "ingest", write_log(tmp_path, "tier", calls[1:])) == 0
    assert tollbook("--now", NOW, "rates", "unpriced", "--yaml") == 0
    assert "valid_until" not in tollbook.out and "write all of its prices, its service_tiers" in tollbook.out


def test_stale_rates_are_named_and_end_with_1(filled):
    assert filled("--now", "2026-07-20", "rates", "stale") == 0
    assert filled("--now", "2026-11-21", "rates", "stale") == 1
    assert "house" in filled.out and "openrouter" not in filled.out
    assert filled("--now", "2026-11-21", "rates", "stale", "--days", "400") == 0


def test_a_run_stands_among_the_four_costs_where_it_has_every_call(corrected, tmp_path):
    offer = tmp_path / "offer.yaml"
    offer.write_text(FIRST.replace('input: "1"', 'input: "0.25"'))
    made = corrected.json("--now", LATEST, "rerate", "--card", offer, "--yes")
    (total,) = [row["cost"] for row in made["total"]["rerated"] if row["currency"]]

    def rerated() -> dict[str, str | None]:
        rows = corrected.rows("cost", "--four")
        return {row["level"]: row["rerated"] for row in rows if row["currency"] == "USD"}

    assert rerated() == {"seller": total, "model": total}
    log = write_log(tmp_path, "later", [call("y", "2026-07-05T00:00:00Z", usage(1000, 0))])
    assert corrected("--now", LATEST, "ingest", log) == 0
    assert rerated() == {"seller": None, "model": None}, "a call that came later is not in the run"


def test_every_change_of_prices_is_in_the_audit(corrected, tmp_path):
    offer = tmp_path / "offer.yaml"
    offer.write_text(FIRST.replace('input: "1"', 'input: "0.25"'))
    assert corrected("--now", LATEST, "rerate", "--card", offer, "--yes", "--who", "me") == 0
    text = "select what, who, changed_at::date::varchar from audit order by changed_at"
    assert [(what, when) for what, _, when in asked(corrected.warehouse, text)] == [
        ("rate cards changed", "2026-11-20"),
        ("rate cards changed", "2026-11-21"),
        ("calls without a rate priced", "2026-11-21"),
        ("rate cards changed", "2026-11-22"),
        ("re-rate 1 recorded", "2026-11-22"),
    ]
    assert asked(corrected.warehouse, text)[-1][1] == "me"
