"""Scenarios on the command line: run from files and names, saved, side by side, stale, exported, at break-even."""

import json
import shutil
from decimal import Decimal

import pytest

from app.cli import run
from app.scenario_file import read_scenario_text
from planning.scenario_changes import ORDER

NOW = "2026-11-22T12:00:00Z"
HALF = """\
name: Half the cache
where: {model: step-3.7-flash}
changes:
  - kind: cache
    times: "0.5"
  - kind: move
    seller: novita
    model: stepfun/step-3.7-flash
    output: {value: "1.2", source: claim}
"""
DOUBLE = """\
name: Double
changes:
  - {kind: discount, percent_off: "10"}
  - {kind: volume, times: "2"}
"""
CONTRACT = """\
seller: stepfun
contract:
  name: acme
models:
  step-3.7-flash:
    - valid_from: 2026-11-01T00:00:00Z
      currency: USD
      per_mtok: {input: "0.1", cache_read: "0.02", output: "0.5"}
      source: a contract
      checked: 2026-11-01
      confidence: contract
"""


def call(number: int, seller: str = "stepfun", usage: bool = True) -> dict:
    details = {"prompt_tokens_details": {"cached_tokens": 600_000}}
    counts = {"prompt_tokens": 1_000_000, "completion_tokens": 100_000, "total_tokens": 1_100_000, **details}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash"}
    return {
        "time": f"2026-11-{number:02}T10:00:00Z",
        "seller": seller,
        "response": answer | ({"usage": counts} if usage else {}),
    }


def log(path, calls: list[dict]):
    path.write_text("".join(json.dumps(each) + "\n" for each in calls))
    return path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Twenty calls of 0.092 + 0.024 + 0.115 USD and so on, one in CNY, one without usage."""
    folder = tmp_path_factory.mktemp("scenario")
    calls = [call(number) for number in range(1, 21)] + [call(21, "stepfun-cn"), call(22, usage=False)]
    assert run(["--warehouse", str(folder / "warehouse"), "ingest", str(log(folder / "log.jsonl", calls))]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook, tmp_path, monkeypatch):
    shutil.copytree(loaded, tollbook.warehouse)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "half.yaml").write_text(HALF)
    (tmp_path / "double.yaml").write_text(DOUBLE)
    return tollbook


@pytest.fixture
def saved(filled):
    do(filled, "save", "half.yaml", "double.yaml", "--who", "ann")
    return filled


def do(tollbook, *arguments: object) -> str:
    assert tollbook("--now", NOW, "scenario", *arguments) == 0, tollbook.err
    return tollbook.out


def rows(tollbook, *arguments: object) -> list[dict]:
    return json.loads(do(tollbook, *arguments, "--json"))["rows"]


def test_a_file_is_run_step_by_step(filled):
    (row,) = rows(filled, "run", "half.yaml")
    (billed,) = [each for each in row["billed"] if each["currency"] == "USD"]
    ((bought),) = [each for each in filled.costs("--by", "seller") if each["seller"] == "stepfun" and each["cost"]]
    assert billed["cost"] == bought["cost"]
    for bridge in row["bridges"]:
        assert [step["kind"] for step in bridge["steps"]] == ["price", "mix", "cache"]
        steps = sum(Decimal(step["cost"]) for step in bridge["steps"])
        apart = Decimal(bridge["apart"]["cost"]) - Decimal(bridge["apart"]["billed"])
        assert Decimal(bridge["billed"]) + steps + apart == Decimal(bridge["cost"])
        assert all(Decimal(step["least"]) <= Decimal(step["cost"]) <= Decimal(step["most"]) for step in bridge["steps"])
    cost = {each["currency"]: Decimal(each["cost"]) for each in row["cost"]}
    # 21 calls: 300,000 cached and 700,000 not, 120,000 of output, at 0.04, 0.20 and 1.15 per million.
    assert cost["USD"] == 21 * (Decimal("0.012") + Decimal("0.14") + Decimal("0.138"))
    assert (row["requests"], row["billed_unpriced"], row["saved"], row["stale"]) == (22, 1, None, None)
    assert (row["first"], row["last"], row["rates_as_of"]) == ("2026-11-01", "2026-11-22", NOW)
    text = do(filled, "run", "half.yaml")
    assert "Half the cache" in text and "in other orders" in text
    assert "Calls of 2026-11-01 to 2026-11-22, rates as of 2026-11-22 12:00 UTC; data through" in text
    assert "1 call of unknown cost: in no amount as priced." in text
    assert "1.2 output tokens for the same task is a vendor's claim." in text


def test_several_stand_side_by_side(filled):
    text = do(filled, "run", "half.yaml", "double.yaml")
    assert text.split("\n")[0].split("  ")[-1] == "Double" and "in other orders" not in text
    (steps,) = [line for line in text.splitlines() if line.startswith("volume") and "USD" in line]
    assert steps.split()[1] == "–"
    assert "Half the cache: Change 2: 1.2 output tokens" in text
    assert text.count("Calls of 2026-11-01") == 1
    assert [row["name"] for row in rows(filled, "run", "double.yaml", "half.yaml")] == ["Double", "Half the cache"]


def test_only_some_traffic_is_asked_about(filled):
    (row,) = rows(filled, "run", "double.yaml", "--until", "2026-11-10", "--where", "seller=stepfun")
    assert (row["requests"], row["last"]) == (10, "2026-11-10")


def test_standard_input_is_a_file(filled, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(HALF.encode())))
    assert [row["name"] for row in rows(filled, "run", "-")] == ["Half the cache"]


def test_what_is_saved_is_listed_shown_run_exported_and_removed(saved):
    half, double = rows(saved, "list")
    assert (half["no"], half["name"], half["owner"], half["changed_at"]) == (1, "Half the cache", "ann", NOW)
    (ran,) = rows(saved, "run", "Half the cache")
    assert (half["cost"], half["rates_digest"], half["data_digest"]) == (
        ran["cost"],
        ran["rates_digest"],
        ran["data_digest"],
    )
    assert ran["saved"] == {"no": 1, "changed_at": NOW} and ran["stale"] is None
    assert json.loads(do(saved, "--json"))["rows"] == [half, double]
    assert "change 2      move: seller novita, model stepfun/step-3.7-flash, output (value 1.2, source claim)" in do(
        saved, "show", "1"
    )
    assert "asks          What if the cache share were 0.5 times what it is, and all calls went to" in do(
        saved, "show", "1"
    )
    exported = do(saved, "export")
    with open("both.yaml", "w") as file:
        file.write(exported)
    assert [row["document"] for row in rows(saved, "run", "both.yaml")] == [half["document"], double["document"]]
    assert saved.json("scenario", "export", "2") == {"scenarios": [double["document"]]}
    do(saved, "remove", "Half the cache", "--who", "ben")
    assert [row["name"] for row in rows(saved, "list")] == ["Double"]


def test_the_same_once_more_changes_nothing(saved):
    assert [row["what"] for row in rows(saved, "save", "half.yaml")] == ["same"]
    assert [row["what"] for row in rows(saved, "save", "2", "--owner", "finance")] == ["changed"]
    assert [row["owner"] for row in rows(saved, "list")] == ["ann", "finance"]


def test_calls_that_came_since_make_it_stale(saved, tmp_path):
    saved.load(log(tmp_path / "more.jsonl", [call(23)]))
    assert saved("--now", NOW, "scenario", "check", "--json") == 1
    half, _ = json.loads(saved.out)["rows"]
    assert (half["holds"], half["stale"]["moved"], half["stale"]["saved_at"]) == (False, ["calls"], NOW)
    assert Decimal(half["stale"]["now"]["cost"][0]["cost"]) > Decimal(half["stale"]["then"]["cost"][0]["cost"])
    text = do(saved, "run", "Half the cache")
    assert (
        "'Half the cache' is stale: since it was saved by ann at 2026-11-22 12:00 UTC, the calls it rests on have"
        in text
    )
    assert "It comes to 6.38 USD, 0.290 more than 6.09 then." in text
    assert rows(saved, "run", "1", "--until", "2026-11-05")[0]["stale"] is None
    assert [row["what"] for row in rows(saved, "save", "1", "2")] == ["refreshed", "refreshed"]
    assert saved("--now", NOW, "scenario", "check") == 0 and "holds" in saved.out


def test_rates_that_changed_since_make_it_stale(saved):
    card = saved.warehouse / "rate_cards" / "stepfun.yaml"
    card.parent.mkdir(exist_ok=True)
    card.write_text(CONTRACT)
    assert saved("--now", NOW, "scenario", "check", "--json") == 1
    half, double = json.loads(saved.out)["rows"]
    assert (half["holds"], double["stale"]["moved"]) == (True, ["rates"])
    assert saved("--now", NOW, "scenario", "check") == 1
    assert "stale: rates" in saved.out
    assert "'Double' is stale: since it was saved by ann at 2026-11-22 12:00 UTC, the rates it rests on" in saved.out


def test_how_far_a_slider_has_to_go(filled, tmp_path):
    one, other = ("name: Own\nwhere: {seller: stepfun}\n", HALF.replace("{model: step-3.7-flash}", "{seller: stepfun}"))
    (tmp_path / "own.yaml").write_text(one)
    (tmp_path / "half.yaml").write_text(other)
    (row,) = rows(filled, "break-even", "own.yaml", "half.yaml", "--slider", "cache")
    (crossing,) = row["crossings"]
    # Own: 0.2 (1 - c) + 0.04 c + 0.115 is 0.29 with 15.625% from the cache.
    assert crossing["cheaper_above"] == "one" and crossing["at"] == pytest.approx(0.15625, abs=1e-6)
    text = do(filled, "break-even", "own.yaml", "half.yaml", "--slider", "cache")
    assert "15.62%" in text and "from here on Own is cheaper" in text
    assert "What moves is the cache share of Own; the difference is to Half the cache as it is." in text
    text = do(filled, "break-even", "own.yaml", "half.yaml", "--slider", "discount")
    assert "There is no place at which they cost the same in USD: Own is cheaper all the way." in text
    text = do(filled, "break-even", "own.yaml", "double.yaml", "--slider", "volume")
    assert "They are about different calls or days" in text and "Several currencies are several totals" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "no.yaml"), "no.yaml: No such file or directory"),
        (("run", "Nothing"), "there is no saved scenario 'Nothing'; there are 1 Half the cache, 2 Double."),
        (("run", "half.yaml", "1"), "'Half the cache' is asked for twice: side by side, each needs a name of its own"),
        (("show", "3"), "there is no saved scenario '3'; there are 1 Half the cache, 2 Double."),
        (("break-even", "1", "2", "--slider", "cash"), "--slider: there is no 'cash'; there are cache, volume, move"),
        (("break-even", "2", "1", "--slider", "move"), "Double has no change of kind move"),
        (
            ("save", "bad.yaml"),
            'bad.yaml line 2: changes: number 1: share: 0.5 is not quoted; write a share as in "0.5"',
        ),
        (("run", "high.yaml"), "High: change 1 (effort): no call has effort high"),
    ],
)
def test_a_mistake_is_one_plain_line(saved, arguments, told, tmp_path):
    (tmp_path / "bad.yaml").write_text("name: Bad\nchanges: [{kind: cache, share: 0.5}]\n")
    (tmp_path / "high.yaml").write_text('name: High\nchanges: [{kind: effort, mix: {high: "1"}}]\n')
    assert saved("--now", NOW, "scenario", *arguments) == 2
    assert told in saved.err and len(saved.err.splitlines()) == 1


def test_one_that_cannot_be_computed_any_more_fails_the_check_and_hides_no_other(filled, tmp_path):
    (tmp_path / "high.yaml").write_text('name: High\nlast_days: 5\nchanges: [{kind: effort, mix: {high: "1"}}]\n')
    filled.load(log(tmp_path / "high.jsonl", [call(21) | {"request": {"reasoning_effort": "high"}}]))
    do(filled, "save", "high.yaml", "half.yaml")
    assert filled("--now", NOW, "scenario", "check") == 0
    filled.load(log(tmp_path / "later.jsonl", [call(30)]))
    assert filled("--now", "2026-12-01", "scenario", "check", "--json") == 1
    high, half = json.loads(filled.out)["rows"]
    assert "no call has effort high" in high["cannot_because"] or "no such calls" in high["cannot_because"]
    assert half["stale"]["moved"] == ["calls"] and half["cannot_because"] is None


def test_what_may_come_is_saved_as_its_middle(filled, tmp_path):
    (tmp_path / "ahead.yaml").write_text("name: Ahead\nprojected_until: 2026-12-15\n" + DOUBLE.partition("\n")[2])
    (row,) = rows(filled, "run", "ahead.yaml")
    (coming,) = [each for each in row["projected"] if each["currency"] == "USD"]
    low, middle, high = (Decimal(coming["scenario"][point]) for point in ("p10", "p50", "p90"))
    assert low <= middle <= high
    text = do(filled, "run", "ahead.yaml")
    assert "to 2026-12-15, USD" in text and "What may come is estimated over the forecast's paths" in text
    do(filled, "save", "ahead.yaml")
    (kept,) = rows(filled, "list")
    assert {"currency": "USD", "cost": coming["scenario"]["p50"]} in kept["cost"]
    assert "≈ " in do(filled, "list") and "≈ Of traffic to come" in do(filled, "show", "Ahead")
    assert filled("--now", NOW, "scenario", "check") == 0


def test_a_run_says_what_is_asked_and_what_is_taken_for_granted(filled, tmp_path):
    """As the page does."""
    changes = '- {kind: move, seller: stepfun, model: step-3.5-flash, output: {value: "2"}}'
    (tmp_path / "other.yaml").write_text(f"name: Other\nchanges:\n  {changes}\n")
    asked = "What if all calls went to step-3.5-flash at stepfun, with 2 times the output tokens?"
    granted = (
        "step-3.5-flash takes the tokens for the same task that the scenario sets: a guess. "
        "That it does the work as well is not said."
    )
    assert do(filled, "run", "other.yaml").splitlines()[:3] == ["Other", asked, granted]
    (row,) = rows(filled, "run", "other.yaml")
    assert (row["asks"], row["taken_for_granted"]) == (asked, [granted])


def test_the_template_is_a_scenario_with_every_kind_of_change(tollbook):
    text = do(tollbook, "--template")
    (begun,) = read_scenario_text(text, "template")
    assert [change.kind for change in begun.changes] == ["move"]
    whole = text.replace("# - {", "  - {").replace("# rates_as_of", "rates_as_of").replace("# currency", "currency")
    (every,) = read_scenario_text(whole, "template")
    assert {change.kind for change in every.changes} == set(ORDER)


def test_without_any_it_says_how_to_begin(filled):
    none = "No scenario was saved: tollbook scenario --template prints one, tollbook scenario save FILE keeps it.\n"
    assert do(filled) == none
    assert do(filled, "check") == none
    assert do(filled, "export") == "" and "tollbook scenario save FILE" in filled.err
