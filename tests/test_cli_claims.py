"""Claims beside measurements: what was measured, how set-ups differ, what can be said, and that nothing uses them."""

import ast
import csv
import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from analysis.claims import Claimed, Difference, judge, ratio_of_means, relation, same_model
from analysis.intervals import Interval
from tests.app_page import metric, opener, texts
from tests.kept import made_once
from warehouse.claim_measures import costs_of_tasks, tasks_of_models
from warehouse.connection import open_reader

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 22, 9)
CARD = """\
seller: stepfun
claims:
  - {model: step-3.7-flash, about: cost per task, figure: "0.0400", unit: USD per task, by: V,
     harness: V's own on Bench, date: 2026-06-01, source: s, checked: 2026-06-01,
     status: "vendor claim, not replicated",
     comparator: {model: claude-opus-4-6, figure: "1.76"}}
  - {model: step-3.7-flash, about: Bench, figure: "50", unit: "%", by: V, date: 2026-06-01, source: s,
     checked: 2026-06-01, status: "vendor claim, not replicated"}
  - {model: step-3.7-flash, about: more, figure: "97", unit: "% of the comparator's", by: V, date: 2026-06-01,
     source: s, checked: 2026-06-01, status: "vendor claim, not replicated", comparator: {model: claude-opus-4-6}}
models:
  step-3.7-flash:
    - {valid_from: 2026-11-01T00:00:00Z, currency: USD, per_mtok: {input: "0.20", output: "1.00"}, source: s,
       checked: 2026-11-01, confidence: contract}
"""


def task_call(task: str, model: str, seller: str, tokens: int, step: int = 0, **more):
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    answer = {"id": f"{task}-{step}", "object": "chat.completion", "model": model, "usage": usage}
    time = f"2026-11-20T10:00:{step:02}Z"
    return {"time": time, "seller": seller, "task": task, "step": step, "response": answer, **more}


def step_tasks(mean: int, count: int = 40):
    """Tasks of a little more and a little less than so many tokens, on their mean."""
    return [
        task_call(f"t{each}", "step-3.7-flash", "stepfun", mean + (each % 2 * 2 - 1) * mean // 10)
        for each in range(count)
    ]


OPUS = [task_call(f"o{each}", "claude-opus-4-6", "anthropic", 100_000) for each in range(40)]


@pytest.fixture
def measured(tollbook, tmp_path):
    """`measured(calls, outcomes)`: the rows of `tollbook claims` that V's claims make, by what they are about."""

    def fill(lines):
        card = tollbook.warehouse / "rate_cards" / "stepfun.yaml"
        card.parent.mkdir(parents=True, exist_ok=True)
        card.write_text(CARD)
        log = tmp_path / "log.jsonl"
        log.write_text(lines)
        tollbook.load(log)

    def load(calls, outcomes=(), *options):
        lines = "".join(json.dumps(each) + "\n" for each in calls)
        made_once(tollbook.warehouse, f"cli_claims: {CARD}{lines}", lambda: fill(lines))
        told = tmp_path / "outcomes.csv"
        if outcomes:
            told.write_text("task,resolved,kind\n" + "".join(f"{','.join(row)}\n" for row in outcomes))
            assert tollbook("outcome", "load", told) == 0, tollbook.err
        rows = tollbook.json("claims", "step-3.7-flash", *options)["rows"]
        return {row["about"]: row for row in rows if row["by"] == "V"}

    return load


def solved(count: int, of: int, kind: str = "", prefix: str = "t"):
    return [(f"{prefix}{each}", "true" if each < count else "false", kind) for each in range(of)]


def test_a_measurement_stands_beside_its_claim_with_sample_and_interval(measured):
    cost = measured([*step_tasks(1_000_000), *OPUS])["cost per task"]
    own = cost["measured"]
    assert (own["estimate"], own["sample"], own["of"]) == ("0.2", 40, "task")
    assert own["low"] < 0.2 < own["high"] and own["high"] - own["low"] < 0.02
    assert cost["relation"] == "5.00 times the claim"
    assert cost["comparator_measured"]["estimate"] == "0.5" and cost["comparator_measured"]["sample"] == 40


def test_another_set_up_leaves_a_claim_unverified(measured):
    cost = measured(step_tasks(1_000_000))["cost per task"]
    assert cost["status"] == "unverified"
    assert cost["why"] == "measured in another set-up: claimed on Bench, measured on tasks of your own"
    assert {"says": "claimed on Bench, measured on tasks of your own", "is_decisive": True} in cost["differences"]


@pytest.mark.parametrize(("tokens", "status"), [(1_000_000, "contradicted"), (200_000, "consistent")])
def test_tasks_of_the_claimed_kind_can_speak(measured, tokens, status):
    rows = measured(step_tasks(tokens), solved(20, 40, "bench"))
    assert rows["cost per task"]["status"] == status, rows["cost per task"]
    assert rows["Bench"]["status"] == "consistent" and rows["Bench"]["measured"]["estimate"] == 50
    (per_resolved,) = rows["cost per task"]["also"]
    assert float(per_resolved["estimate"]) == 2 * float(rows["cost per task"]["measured"]["estimate"])


def test_one_set_up_on_somebodys_word_is_said(measured):
    cost = measured(step_tasks(1_000_000), (), "--same-setup", "we ran their harness")["cost per task"]
    assert cost["status"] == "contradicted"
    assert "taken as one set-up on your word: we ran their harness" in [gap["says"] for gap in cost["differences"]]


def test_tasks_of_unknown_cost_or_of_several_models_are_in_no_mean(measured):
    mixed = [task_call("t0", "gpt-x", "stepfun", 5, 1), task_call("t1", "step-3.7-flash", "stepfun", 9, 2, status=499)]
    foreign = [task_call("t2", "anthropic/claude-opus-4.6", "anthropic", 9, 1)]
    unpriced = task_call("t3", "step-3.7-flash", "stepfun", 9, 3)
    unpriced["response"] = {name: value for name, value in unpriced["response"].items() if name != "usage"}
    cost = measured([*step_tasks(1_000_000), *mixed, *foreign, unpriced])["cost per task"]
    assert cost["measured"]["sample"] == 37  # without t0, t2 (two models) and t3 (unknown)
    assert cost["measured"]["left_out"] == [{"tasks": 1, "why": "of unknown cost, in whole or in part"}]


def test_sums_tell_of_many_tasks_what_each_would(measured, tollbook):
    unpriced = task_call("t3", "step-3.7-flash", "stepfun", 9, 3)
    unpriced["response"] = {name: value for name, value in unpriced["response"].items() if name != "usage"}
    measured([*step_tasks(1_000_000), unpriced])
    name = "step-3.7-flash"
    with open_reader(tollbook.warehouse) as reader:
        number = tasks_of_models(reader, name, [name], ()).number
        each, many = (costs_of_tasks(reader, name, "USD", number=number, listed=listed) for listed in (39, 38))
    assert (number, each.tasks, len(each.costs), each.unknown, each.foreign) == (40, 39, 39, 1, 0)
    mean = sum(each.costs) / 39
    squares = sum((cost / mean - 1) ** 2 for cost in each.costs)
    assert many._replace(spread=None) == each._replace(costs=[])
    assert many.spread is not None
    assert many.spread.dearest == max(each.costs)
    assert many.spread.squares == pytest.approx(squares)


def test_an_advisor_does_not_make_a_task_anothers(measured):
    advice = [task_call(f"t{each}", "step-4", "stepfun", 0, 1, role="advisor") for each in range(40)]
    rows = measured([*step_tasks(1_000_000), *advice])
    assert rows["cost per task"]["measured"] is None or rows["cost per task"]["measured"]["sample"] <= 40
    assert rows["Bench"]["measured"] is None


def test_one_share_by_another_has_an_interval_of_its_own(measured):
    outcomes = solved(30, 40) + solved(30, 40, prefix="o")
    more = measured([*step_tasks(1_000_000), *OPUS], outcomes)["more"]
    own = more["measured"]
    assert own["estimate"] == 100 and own["low"] < 80 and own["high"] > 120
    assert more["status"] == "consistent"


def test_where_nothing_is_loaded_every_claim_is_unverified(tollbook):
    rows = tollbook.json("claims")["rows"]
    assert {(row["status"], row["why"], row["measured"]) for row in rows} == {
        ("unverified", "nothing here measures it", None)
    }
    assert any(row["label"] == "vendor claim, not replicated" for row in rows)


NARROW = Interval(0.2, 0.19, 0.21, 40)


@pytest.mark.parametrize(
    ("claimed", "found", "gaps", "status"),
    [
        (Claimed(0.2, 0.2), None, [], "unverified"),
        (Claimed(0.2, 0.2), NARROW, [], "consistent"),
        (Claimed(0.3, 0.3), NARROW, [], "contradicted"),
        (Claimed(0.3, 0.3), NARROW, [Difference("x", True)], "unverified"),
        (Claimed(0.3, 0.3), NARROW, [Difference("x", False)], "contradicted"),
        (Claimed(0.1, 0.3), NARROW, [], "consistent"),
        (Claimed(0.3, 0.3, "up to"), NARROW, [], "consistent"),
        (Claimed(0.1, 0.1, "up to"), NARROW, [], "contradicted"),
        (Claimed(0.1, 0.1, "at least"), NARROW, [], "consistent"),
        (Claimed(0.3, 0.3), NARROW._replace(why="one task is 40% of the total"), [], "unverified"),
        (Claimed(0.3, 0.3), Interval(0.2, None, None, 3, "too few"), [], "unverified"),
        (Claimed(0.2, 0.2), Interval(0.2, 0.05, 0.4, 6), [], "unverified"),
    ],
)
def test_a_doubt_of_any_kind_leaves_it_unverified(claimed, found, gaps, status):
    assert judge(claimed, found, gaps).status == status


def test_names_of_one_model():
    assert same_model("stepfun/step-3.7-flash-20260528", "step-3.7-flash")
    assert same_model("anthropic/claude-opus-4.6:beta", "claude-opus-4-6")
    assert not same_model("step-3.7-flash-lite", "step-3.7-flash")
    assert not same_model("claude-opus-4-5", "claude-opus-4-6")


def test_how_far_a_figure_is_from_the_claim():
    assert relation(Claimed(0.1, 0.1), NARROW) == "2.00 times the claim"
    assert relation(Claimed(0.1, 0.4), NARROW) == "as claimed"


def test_the_same_draws_each_time():
    one = ratio_of_means([1, 0, 1, 1, 0, 1], [1, 0, 0, 1, 0, 1], key="a")
    assert one == ratio_of_means([1, 0, 1, 1, 0, 1], [1, 0, 0, 1, 0, 1], key="a")
    assert ratio_of_means([1.0] * 4, [1.0] * 9, key="a").low is None


SHOW_CLAIMS = {
    "app/claimed.py",
    "app/claim_evidence.py",
    "app/claimed_speeds.py",
    "app/cli.py",
    "app/commands/claims.py",
    "app/components/claim_cards.py",
    "app/report_claims.py",
    "app/views/claims.py",
}


def test_no_figure_is_made_from_a_claim():
    """Only the cards hold claims, and only what shows them imports the comparison or reads a card's claims."""
    users = set()
    for package in ("analysis", "app", "ingest", "planning", "pricing", "warehouse"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                module = str(getattr(node, "module", "")) if isinstance(node, ast.ImportFrom) else ""
                if any(part.rsplit(".", 1)[-1] in ("claims", "claimed") for part in (module, *names)):
                    users.add(str(path.relative_to(ROOT)))
                if isinstance(node, ast.Attribute) and node.attr == "claims":
                    users.add(str(path.relative_to(ROOT)))
    assert users <= SHOW_CLAIMS | {"pricing/card_model.py"}
    assert "app/claimed.py" in users


def test_only_servers_of_ones_own_are_reckoned_from_a_third_partys_speed():
    """The shipped throughputs are read where they are named with whose word they are, and nowhere else."""
    users = {
        str(path.relative_to(ROOT))
        for package in ("analysis", "app", "ingest", "planning", "pricing", "warehouse")
        for path in (ROOT / package).rglob("*.py")
        if "planning.throughput" in path.read_text(encoding="utf-8")
    }
    known = ("app/self_hosting", "app/components/self_hosting", "app/commands/selfhost", "planning/self_host")
    assert users and not [user for user in users if not user.startswith(known)]


def test_the_page_shows_both_figures_and_the_verdict(measured, tollbook, monkeypatch):
    measured(step_tasks(1_000_000), solved(20, 40, "bench"))
    test = opener(monkeypatch, NOW)(tollbook.warehouse, "claims")
    assert metric(test, "Contradicted") == "1" and metric(test, "Consistent") == "1"
    assert "Nothing is priced, forecast or budgeted from one." in texts(test)
    assert ", 40 tasks, 5.00 times the claim" in texts(test)
    assert "The whole interval lies above the claimed figure." in texts(test)


SPREAD = """\
  - {model: step-3.7-flash, about: spread of evaluation runs, figure: "64.5", figure_to: "71.5", unit: "%", by: V,
     date: 2026-06-01, source: s, checked: 2026-06-01, status: "vendor claim, not replicated"}
models:"""


def test_loaded_evaluations_of_the_same_name_can_speak(measured, tollbook, tmp_path, monkeypatch):
    """30 tasks of the claim's own set, 6 passes: a half to two thirds of each pass are solved."""
    runs = tmp_path / "runs.csv"
    lines = [
        f"bench,t{task},{number},step-3.7-flash,{'true' if task < 15 + number % 6 else 'false'}"
        for number in range(1, 7)
        for task in range(30)
    ]
    runs.write_text("set,task,pass,model,resolved\n" + "\n".join(lines) + "\n")
    monkeypatch.setitem(globals(), "CARD", CARD.replace("models:", SPREAD))
    measured(step_tasks(1_000_000))
    assert tollbook("effort", "load", runs) == 0, tollbook.err
    rows = {row["about"]: row for row in tollbook.rows("claims") if row["by"] == "V"}
    bench, spread = rows["Bench"], rows["spread of evaluation runs"]
    assert (bench["measured"]["what"], bench["measured"]["sample"]) == ("solved, in Bench", 30)
    assert bench["measured"]["estimate"] == pytest.approx(100 * 17.5 / 30)
    assert bench["status"] == "consistent", bench
    assert spread["status"] == "unverified" and spread["measured"]["sample"] == 6
    assert spread["why"] == "6 passes of bench: from 50 to 66.7; a range, no interval"


GEMINI = """\
seller: openrouter
claims:
  - {model: gemini-3-pro-preview, about: cost per task, figure: "0.19", unit: USD per task, by: V, date: 2025-11-01,
     source: s, checked: 2025-11-01, status: "vendor claim, not replicated"}
"""


def test_on_real_agent_tasks(shared, tollbook, tmp_path):
    """The 233 tasks of known cost, plainly added up; 6 went another way and carry no cost."""
    folder = shared / "datasets" / "agent_tasks_openrouter"
    card = tollbook.warehouse / "rate_cards" / "openrouter.yaml"
    card.parent.mkdir(parents=True, exist_ok=True)
    card.write_text(GEMINI)
    log = tmp_path / "responses.jsonl"
    log.write_bytes(gzip.decompress((folder / "responses.jsonl.gz").read_bytes()))
    tollbook.load(log, "--task-field", "instance_id", "--step-field", "step")
    assert tollbook("outcome", "load", folder / "tasks.csv", "--task-field", "instance_id") == 0, tollbook.err
    with (folder / "tasks.csv").open(newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if float(row["sum_cost"])]
    costs = [Decimal(row["sum_cost"]) for row in rows]
    solved = sum(row["resolved"] == "True" for row in rows)
    (cost,) = [row for row in tollbook.rows("claims", "gemini") if row["by"] == "V"]
    own, (per_resolved,) = cost["measured"], cost["also"]
    assert (own["sample"], solved) == (len(rows), 169) == (233, 169)
    assert float(own["estimate"]) == pytest.approx(float(sum(costs) / 233), rel=1e-12)
    assert float(per_resolved["estimate"]) == pytest.approx(float(sum(costs) / solved), rel=1e-12)
    assert own["left_out"] == [{"tasks": 6, "why": "of unknown cost, in whole or in part"}]
    assert own["low"] < float(own["estimate"]) < own["high"]
    assert cost["status"] == "contradicted" and cost["relation"] == "2.44 times the claim"


def test_output_is_spread_over_the_time_in_which_it_came_and_tells_of_no_machine(tollbook, tmp_path):
    card = tollbook.warehouse / "rate_cards" / "stepfun.yaml"
    card.parent.mkdir(parents=True)
    fast = CARD.replace('about: Bench, figure: "50", unit: "%"', 'about: fast, figure: "9", unit: output tokens/s')
    card.write_text(fast)
    usage = {"prompt_tokens": 10, "completion_tokens": 6_000, "total_tokens": 6_010}
    calls = [task_call(f"t{each}", "step-3.7-flash", "stepfun", 0, each) for each in range(2)]
    for each, seconds in zip(calls, (600, None), strict=True):
        each["response"]["usage"] = usage
        each |= {} if seconds is None else {"latency_ms": seconds * 1000}
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls))
    tollbook.load(log)
    row = next(row for row in tollbook.json("claims")["rows"] if row["about"] == "fast")
    assert (row["measured"]["estimate"], row["measured"]["sample"]) == (10, 1), "6,000 tokens came in ten minutes"
    assert (row["status"], row["relation"]) == ("unverified", None)
    assert "not what the machine can do" in row["why"]


def test_the_page_of_claims_borrows_the_database_of_calls_once(tollbook, measured, monkeypatch):
    measured(step_tasks(1_000_000), solved(20, 40))

    def never(*asked, **named):
        raise AssertionError("another reader inside the page's own waits for whoever waits for the page")

    monkeypatch.setattr("warehouse.outcomes.open_reader", never)
    assert "Data through 2026-11-20 10:00 UTC" in texts(opener(monkeypatch, NOW)(tollbook.warehouse, "claims"))
