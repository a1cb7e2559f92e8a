"""Launch plans on the command line: drawn, measured, compared with what came, saved."""

import json
import shlex
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from app.launch_file import read_plan_text
from app.launch_records import _guesses, _lengths, _missing
from app.launches import actual_of, launch_of, measure, read_cards_for
from app.launches import run as draw_plan
from ingest.load import load_files
from ingest.options import Options
from planning.guess import Span
from planning.launch_plan import PlanError
from tests.launch_log import DAYS, FIRST, log_lines
from tests.tollbook_command import Tollbook
from warehouse.connection import open_reader
from warehouse.folder import Folder
from warehouse.launch_records import CallLength, LaunchRecords, TrafficDay

NOW = datetime(2026, 11, 30, 8)
PLAN = """\
name: Assistant
start: 2026-11-02
days: 40
budget: "0.50"
launched: {team: assist}
users: 2
adoption: {curve: points, points: [{day: 1, share: 1}]}
sessions: measured
tasks: measured
weekend: measured
kinds:
  tool_call: {share: measured, steps: measured, input_tokens: measured, output_tokens: measured, cache_share: measured}
  short_text: {share: measured, input_tokens: measured, output_tokens: measured, cache_share: measured}
effort:
  low: {share: measured, output: measured}
  high: {share: measured, output: measured}
routes:
  - {seller: novita, model: stepfun/step-3.7-flash}
"""


def silent(message):
    pass


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("launch")
    Folder(folder / "w").create()
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(line) + "\n" for line in log_lines()))
    list(load_files(folder / "w", [log], Options(), now=NOW, tell=silent))
    return folder / "w"


@pytest.fixture
def tollbook(root, capsys, monkeypatch) -> Tollbook:
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat() + "Z")
    return Tollbook(root, capsys)


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return path


def test_inputs_are_measured_in_the_records(root):
    """The log is made so that each can be reckoned by hand; its last day is not over, and is not read."""
    plan = read_plan_text(PLAN, "plan")
    with open_reader(root, tell=silent) as reader:
        found = measure(reader, plan, NOW.date())
    said = {name: each.guess.span.likely for name, each in found.inputs.items()}
    assert (found.since, found.until) == (FIRST.date(), date(2026, 11, 28))
    assert said["tasks"] == pytest.approx(3) and said["weekend"] == pytest.approx(0.5)
    assert said["kinds.tool_call.share"] == pytest.approx(1 / 3, rel=1e-3)
    assert said["kinds.tool_call.steps"] == pytest.approx(3)
    assert said["kinds.tool_call.retries"] == 0
    assert said["kinds.short_text.steps"] == 1
    assert said["kinds.short_text.cache_share"] == pytest.approx(0.25, rel=0.01)
    assert said["kinds.short_text.input_tokens"] == pytest.approx(1200, rel=0.02)
    # A fifth of the calls, the third steps, write 400 tokens; the others 200.
    assert said["effort.high.share"] == pytest.approx(0.2) and said["effort.high.output"] == pytest.approx(
        400 / 240, rel=1e-3
    )
    assert found.inputs["effort.high.share"].guess.span == Span(0.2, 0.2, 0.2)
    assert "calls, 2026-11-02 to 2026-11-28" in str(found.inputs["tasks"].guess.note)
    assert "users" not in said and found.notes == ()
    tokens = found.inputs["kinds.tool_call.input_tokens"].guess.span
    assert tokens.low < tokens.likely < tokens.high


def test_a_plan_of_what_was_comes_to_what_was_billed(root):
    """Measured in the log and drawn for its own days, it is the log's cost: the inputs hold all that it is made of."""
    plan = read_plan_text(
        PLAN.replace("days: 40", f"days: {DAYS}").replace("sessions: measured", "sessions: 2"), "plan"
    )
    launch = launch_of(root, plan.model_copy(update={"effort": {}}), NOW, draws=1000, tell=silent)
    with open_reader(root, tell=silent) as reader:
        (billed,) = [row for row in actual_of(reader, launch, date(2026, 12, 20)).days[:1]]
        whole = sum(row.cost for row in actual_of(reader, launch, date(2026, 12, 20)).days)
    assert billed.calls == 20 and billed.unpriced == 0
    # Of a weekend half the users' sessions come: the plan has one user for two on those days.
    assert launch.simulation.at_likely == pytest.approx(whole, rel=0.03)


def test_a_plan_is_drawn(tollbook, file):
    found = tollbook.json("launch", file, "--draws", "500")
    assert found["plan"]["kinds"]["short_text"]["share"] == "measured"
    assert found["filled"]["tasks"]["likely"] == 3
    total = {name: Fraction(amount) for name, amount in found["total"].items()}
    assert total["p10"] < total["p50"] < total["p90"] < total["p99"]
    assert Fraction(found["contingency"]) == total["p90"] - total["p50"]
    assert len(found["days"]) == 40 and found["days"][-1]["cumulative"] == found["total"]
    assert found["rates"][0]["seller"] == "novita" and found["stale"] is None
    again = tollbook.json("launch", file, "--draws", "500")
    assert again == found
    assert tollbook.json("launch", file, "--draws", "500", "--seed", "2")["total"] != found["total"]


def test_what_people_read(tollbook, file):
    assert tollbook("launch", file, "--draws", "500") == 0, tollbook.err
    for text in (
        "Assistant: 2026-11-02 to 2026-12-11, in USD", "no percentile", "Budget 0.50: exceeded by",
        "Contingency suggested",
        "checked 2026-06-18 (official)", "Lengths resampled from records: tool_call, short_text", "day 40, 2026-12-11",
        "What moves the middle of the total most", "500 draws, seed 1", "measured. Estimates.",
    ):  # fmt: skip
        assert text in tollbook.out, text


def test_actual_against_plan(tollbook, file):
    found = tollbook.json("launch", file, "--draws", "1000", "--actual")["actual"]
    assert [row["day"] for row in found["days"]] == [f"2026-11-{day:02}" for day in range(2, 29)]
    blend = found["blend"]
    assert blend["seen_days"] == 27 and Fraction(blend["spent"]) == sum(Fraction(row["cost"]) for row in found["days"])
    assert [day["day"] for day in blend["days"]][0] == "2026-11-29" and len(blend["days"]) == 13
    assert Fraction(blend["total"]["p10"]) > Fraction(blend["spent"])
    assert tollbook("launch", file, "--actual") == 0
    assert "actual against plan, in USD" in tollbook.out and "At the rate of the last days alone" in tollbook.out


def test_actual_needs_to_know_the_launchs_calls(tollbook, file):
    file.write_text(PLAN.replace("launched: {team: assist}\n", ""))
    assert tollbook("launch", file, "--actual") == 2
    assert "add launched: with a team, or a model" in tollbook.err
    file.write_text(PLAN.replace("start: 2026-11-02", "start: 2026-12-24"))
    assert tollbook("launch", file, "--actual") == 0
    assert "no whole day of 2026-12-24 to 2027-02-01 is in the data yet" in tollbook.out


def test_a_plan_is_saved_listed_run_again_and_removed(tollbook, file):
    assert tollbook("launch") == 0 and "no launch plan was saved" in tollbook.out
    assert tollbook("launch", file, "--save", "--who", "ann") == 0
    assert "launch plan 1, Assistant: saved" in tollbook.err
    (row,) = tollbook.rows("launch")
    assert (row["name"], row["owner"], row["figures"]["currency"]) == ("Assistant", "ann", "USD")
    assert row["figures"]["p50"] == tollbook.json("launch", "Assistant")["total"]["p50"]
    assert tollbook.json("launch", "1")["stale"] is None
    assert tollbook("launch", "Assistant", "--yaml") == 0
    assert yaml.safe_load(tollbook.out)["kinds"]["tool_call"]["steps"] == "measured"
    assert tollbook("launch", "Assistant", "--remove", "--who", "ann") == 0
    assert tollbook("launch", "Assistant") == 2 and "there is no launch plan 'Assistant'" in tollbook.err


def test_a_plan_is_saved_before_it_is_printed_and_leads_to_its_limits(tollbook, file, monkeypatch):
    """Whoever reads only the first lines (`| head`) ends the program while it prints."""
    assert tollbook("launch", file) == 0
    assert tollbook.out.endswith(f"on its busiest day: tollbook capacity --plan {shlex.quote(str(file))}\n")

    def ended(*_: object) -> None:
        raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr("app.commands.launch_tables.print_launch", ended)
        with pytest.raises(BrokenPipeError):
            tollbook("launch", file, "--save", "--who", "ann")
    assert [row["name"] for row in tollbook.rows("launch")] == ["Assistant"]
    assert tollbook("launch", "Assistant") == 0 and "tollbook capacity --plan Assistant\n" in tollbook.out


def test_a_saved_plan_says_when_rates_have_changed(tollbook, file, root):
    assert tollbook("launch", file, "--save", "--who", "ann") == 0
    card = root / "rate_cards" / "novita.yaml"
    card.parent.mkdir(exist_ok=True)
    card.write_text(
        """
        seller: novita
        models:
          stepfun/step-3.7-flash:
            - valid_from: 2026-11-20T00:00:00Z
              currency: USD
              per_mtok: {input: "0.40", cache_read: "0.08", output: "2.30"}
              source: https://example.com/prices
              checked: 2026-11-20
              confidence: contract
        """
    )
    try:
        found = tollbook.json("launch", "Assistant")
        assert found["stale"].startswith("Stale: rates have changed since it was saved. P50 was")
    finally:
        card.unlink()
        tollbook("launch", "Assistant", "--remove", "--who", "ann")


def test_what_the_records_say_is_shown_beside_the_plan(tollbook, file):
    found = tollbook.json("launch", file, "--measured")
    rows = {row["input"]: row for row in found["rows"]}
    assert rows["tasks"] == {"input": "tasks", "plan": None, "measured": {"low": 3.0, "likely": 3.0, "high": 3.0}}
    assert rows["users"]["plan"]["likely"] == 2 and rows["users"]["measured"] is None
    assert tollbook("launch", file, "--measured") == 0
    assert "calls, 2026-11-02 to 2026-11-28" in tollbook.out


def test_the_template_can_be_run(tollbook, tmp_path):
    assert tollbook("launch", "--template") == 0
    path = tmp_path / "new.yaml"
    path.write_text(tollbook.out)
    assert yaml.safe_load(tollbook.out)["start"] == date(2026, 12, 14)
    found = tollbook.json("launch", path, "--draws", "200")
    assert found["plan"]["name"] == "Support assistant" and len(found["kinds"]) == 6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PLAN.replace("users: 2", "users: two"), "plan.yaml line 6: users: likely: write a number here"),
        (PLAN + "users: 3\n", "plan.yaml line 19: the key users appears twice"),
        (PLAN.replace("users: 2", "users: measured"), "users: measured, but the records do not say it: write low"),
        (PLAN.replace("novita", "nowhere"), "stepfun/step-3.7-flash at nowhere has no price on 2026-11-02"),
        ("[", "plan.yaml: this is not YAML"),
        (PLAN.replace("users: 2", "users: &u 2\nnote: *u"), "plan.yaml line 7: write out what *u stands for"),
        ("3", "a launch plan is a mapping"),
    ],
)
def test_a_mistake_is_one_plain_line(tollbook, file, text, message):
    file.write_text(text)
    assert tollbook("launch", file) == 2
    assert message in tollbook.err.replace(str(file), "plan.yaml")


def test_options_that_exclude_each_other(tollbook, file):
    assert tollbook("launch", file, "--save", "--remove") == 2 and "give one of --save and --remove" in tollbook.err
    assert tollbook("launch", "--actual") == 2 and "say which plan" in tollbook.err
    assert tollbook("launch", "nowhere.yaml") == 2 and "tollbook launch --template prints a plan" in tollbook.err


def test_without_a_warehouse_shipped_cards_price_a_plan(tmp_path, capsys):
    tollbook = Tollbook(tmp_path / "none", capsys)
    path = tmp_path / "plan.yaml"
    assert tollbook("launch", "--template") == 0
    path.write_text(tollbook.out)
    assert tollbook("launch", path, "--draws", "200") == 0, tollbook.err
    path.write_text(PLAN)
    assert tollbook("launch", path) == 2 and "no calls are in the records" in tollbook.err


def test_measured_shares_fill_what_the_written_ones_leave(root):
    """The records know other kinds, too: two of six are still the whole of a plan that has those two alone."""
    kinds = "  tool_call: {share: measured, input_tokens: 9, output_tokens: 9}\n"
    own = "  image: {share: 0.4, input_tokens: 9, output_tokens: 9}\n"
    head, tail = PLAN[: PLAN.index("  tool_call")], PLAN[PLAN.index("effort:") :]
    alone = launch_of(root, read_plan_text(head + kinds + tail, "plan"), NOW, draws=100, tell=silent)
    assert alone.filled[-1].guess.span.likely and _share_of(alone, "tool_call") == 1
    beside = launch_of(root, read_plan_text(head + kinds + own + tail, "plan"), NOW, draws=100, tell=silent)
    assert _share_of(beside, "tool_call") == pytest.approx(0.6) and _share_of(beside, "image") == 0.4
    full = head + kinds + own.replace("0.4", "1") + tail
    with pytest.raises(PlanError, match="kinds: the shares that are written leave nothing for the measured ones"):
        launch_of(root, read_plan_text(full, "plan"), NOW, draws=100, tell=silent)


def _share_of(launch, kind):
    return launch.simulation.plan.kinds[kind].share.span.likely


def test_a_measured_figure_that_a_plan_writes_itself_is_its_own(root):
    """Records that are there, as a page has them at hand, do not take its place."""
    text = PLAN.replace("input_tokens: measured", "input_tokens: {low: 8, likely: 9, high: 10, source: measured}")
    text = text.replace("output_tokens: measured, cache_share: measured", "output_tokens: 9")
    text = text.replace("sessions: measured", "sessions: 1").replace("tasks: measured", "tasks: 1")
    plan = read_plan_text(text[: text.index("effort:")] + text[text.index("routes:") :], "plan")
    cards = read_cards_for(root, tell=silent)
    with open_reader(root, tell=silent) as reader:
        measured = measure(reader, plan, NOW.date())
    assert measured.lengths["short_text"].input.mean() > 1000
    ours = draw_plan(plan, cards, measured, draws=200)
    assert not any("resampled" in note for note in ours.notes)
    assert ours.simulation.total == launch_of(root, plan, NOW, draws=200, tell=silent).simulation.total


def test_days_without_a_call_are_days_without_tasks():
    """Of two weekends one had no call: that is half a weekend's tasks, not a weekend as full as the other."""
    start = date(2026, 11, 2)
    worked = [start + timedelta(days=number) for number in range(14) if number not in (12, 13)]
    days = [TrafficDay(day, 10, 0, 0, 10, 0, 0, 0) for day in (*worked, start + timedelta(days=14))]
    records = LaunchRecords([], [], days, [])
    said = dict(_guesses(read_plan_text(PLAN, "plan"), records, "150 calls"))
    assert said["weekend"] is not None and said["weekend"].span.likely == 0.5
    assert said["day_noise"] is None


def test_cached_tokens_that_no_log_tells_are_unknown():
    calls = [CallLength("short_text", 100, None if number % 2 else 0, 10) for number in range(40)]
    records = LaunchRecords([], calls, [], [])
    found = _lengths(records, "short_text")
    assert found is not None and found.fields == ("input_tokens", "output_tokens")
    assert _missing(records, 40)["kinds.short_text.cache_share"] == "20 of 40 calls tell cached tokens"


def test_a_launch_of_which_no_call_is_seen_is_not_taken_for_a_cheap_one(tollbook, file):
    file.write_text(PLAN.replace("team: assist", "team: nobody"))
    assert tollbook("launch", file, "--actual") == 0
    assert "no call of 2026-11-02 to 2026-12-11 is the launch's" in tollbook.out and "P50" not in tollbook.out
