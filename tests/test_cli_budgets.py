"""Budgets on the command line: entered, changed, ended, removed, in YAML and back, and where they stand."""

import json
import shutil
from datetime import date, datetime, timedelta

import duckdb
import pytest

from app.cli import run
from app.outlook import project_basis
from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import silent

NOW = "2026-11-22T12:00:00Z"
FIRST = date(2026, 10, 1)
ITEM = "{name: A, currency: USD, amount: '1'}"
ADD = ("budget", "add", "Research", "--amount", "3", "--currency", "usd", "--where", "team=research")


def call(number: int, day: date, seller: str, team: str) -> dict:
    usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return {"time": f"{day}T10:00:00Z", "seller": seller, "team": team, "response": answer}


def calls() -> list[dict]:
    """From October 1 to November 22 one call a day of research, 0.10 USD, and each week one of support in CNY."""
    found = []
    for number in range(53):
        day = FIRST + timedelta(days=number)
        found.append(call(number, day, "stepfun", "research"))
        if day.weekday() == 0:
            found.append(call(1000 + number, day, "stepfun-cn", "support"))
    return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("budgets")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls()))
    assert run(["--warehouse", str(folder / "warehouse"), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook):
    shutil.copytree(loaded, tollbook.warehouse)
    return tollbook


@pytest.fixture
def budgeted(filled):
    do(filled, *ADD, "--who", "ann", "--owner", "finance")
    return filled


def do(tollbook, *arguments: object) -> str:
    assert tollbook("--now", NOW, *arguments) == 0, tollbook.err
    return tollbook.out


def listed(tollbook) -> list[dict]:
    return tollbook.json("--now", NOW, "budget")["rows"]


def audit(tollbook) -> list[tuple]:
    with duckdb.connect(str(tollbook.warehouse / "state.duckdb"), read_only=True) as connection:
        return connection.execute("select who, what, before, after from audit order by rowid").fetchall()


def test_a_budget_stands_where_its_calls_put_it(budgeted):
    (row,) = listed(budgeted)
    assert (row["no"], row["name"], row["owner"], row["scope"]) == (1, "Research", "finance", {"team": ["research"]})
    assert (row["first"], row["last"], row["amount"]) == ("2026-11-01", "2026-11-30", "3")
    assert (row["spent"], row["left"], row["through"], row["even_pace"]) == ("2.2", "0.8", "2026-11-21", "2.1")
    assert row["projected"]["p10"] <= row["projected"]["p50"] <= row["projected"]["p90"]
    assert row["run_rate"] == "3" and row["state"] in ("on track", "at risk", "likely over")
    assert [mark["fired"] for mark in row["thresholds"][:2]] == [False, False]
    assert row["variance"] | {"before": 0} == {
        "before": 0,
        "volume": "0",
        "mix": "0",
        "price": "0",
        "now": "2.1",
        "compared_first": "2026-10-11",
        "compared_last": "2026-10-31",
    }


def test_an_amount_that_is_spent_is_over_on_the_day_it_was_crossed(filled):
    do(filled, "budget", "add", "Small", "--amount", "1.05", "--currency", "USD")
    (row,) = listed(filled)
    assert (row["state"], row["probability"]) == ("over", 1.0)
    assert row["breaks"] == {
        "early": "2026-11-11",
        "median": "2026-11-11",
        "late": "2026-11-11",
        "happened": True,
        "paths": 1000,
    }
    assert [mark["day"] for mark in row["thresholds"]] == ["2026-11-09", "2026-11-11", "2026-11-11"]


def test_currencies_never_mix(filled):
    do(filled, "budget", "add", "All", "--amount", "9", "--currency", "USD")
    do(filled, "budget", "add", "China", "--amount", "9", "--currency", "CNY")
    by_name = {row["name"]: row for row in listed(filled)}
    assert by_name["All"]["spent"] == "2.2" and by_name["China"]["spent"] == "2.025"
    assert by_name["All"]["not_counted"] == [{"currency": "CNY", "cost": "2.025"}]
    assert by_name["China"]["not_counted"] == [{"currency": "USD", "cost": "2.2"}]
    assert "Not counted: 2.02 CNY billed in its scope in another currency" in do(filled, "budget", "show", "All")


def test_recurring_charges_and_credits_count_only_where_it_says_so(filled):
    plan = ("--period", "month", "--first", "2026-11-01", "--amount", "30", "--currency", "USD", "--team", "research")
    do(filled, "charge", "add", "Plan", *plan)
    credit = ("--first", "2026-11-01", "--last", "2026-11-10", "--amount", "-0.5", "--currency", "USD")
    do(filled, "invoice", "add", "--seller", "stepfun", *credit)
    do(filled, *ADD)
    do(filled, "budget", "add", "With plan", *ADD[3:], "--recurring")
    do(
        filled,
        "budget",
        "add",
        "With credits",
        "--amount",
        "3",
        "--currency",
        "USD",
        "--where",
        "seller=stepfun",
        "--credits",
    )
    by_name = {row["name"]: row for row in listed(filled)}
    assert by_name["Research"]["spent"] == "2.2"
    assert by_name["With plan"]["spent"] == "24.2"
    assert by_name["With plan"]["run_rate"] == "33"
    assert by_name["With credits"]["spent"] == "1.7"


def test_what_is_left_is_carried_over(filled):
    do(filled, *ADD, "--first", "2026-10-01", "--carry", "both")
    (row,) = listed(filled)
    assert (row["carried"], row["amount"], row["carry_open"]) == ("-0.1", "2.9", False)
    assert row["before"] == [
        {"first": "2026-10-01", "last": "2026-10-31", "amount": "3", "carried": "0", "spent": "3.1"}
    ]


def test_each_change_is_a_version_and_in_the_audit(budgeted):
    do(budgeted, "budget", "set", "Research", "--amount", "5", "--threshold", "90%", "--who", "ben")
    do(budgeted, "budget", "set", 1, "--amount", "7", "--from", "2026-12", "--name", "Research team")
    do(budgeted, "budget", "end", "Research team", "--last", "2026-12-31", "--who", "cleo")
    do(budgeted, "budget", "remove", 1)
    history = budgeted.rows("budget", "history", 1)
    assert [(each["version"], each["what"]) for each in history] == [
        (1, "added"),
        (2, "changed"),
        (3, "changed"),
        (4, "ended"),
        (5, "removed"),
    ]
    assert [each["who"] for each in history][:2] == ["ann", "ben"]
    assert history[2]["form"]["amounts"] == {"2026-11": "5", "2026-12": "7"}
    assert history[3]["form"]["last"] == "2026-12-31"
    assert history[1]["form"]["thresholds"] == ["90%"]
    whats, befores, afters = zip(*(row[1:] for row in audit(budgeted)), strict=True)
    words = ("added", "changed", "changed", "ended", "removed")
    assert whats == tuple(f"budget 1 {word}" for word in words)
    assert befores == (None, *afters[:4]) and afters[4] is None
    assert listed(budgeted) == []
    assert "ben" in do(budgeted, "budget", "history", 1)


def test_a_change_that_changes_nothing_is_none(budgeted):
    assert budgeted.json("--now", NOW, "budget", "set", 1, "--owner", "finance")["what"] == "unchanged"
    assert len(budgeted.rows("budget", "history", 1)) == 1


FILE = """
budgets:
  - name: Search
    scope: {team: search, seller: [stepfun, novita]}
    period: quarter
    currency: USD
    amounts: {2026-10: "100", 2026-12: "150.50"}
    owner: search lead
    thresholds: ["80%", "100% forecast at 80%"]
    carry: unspent
  - name: Everything
    currency: CNY
    amount: "1000"
"""


def test_a_file_is_entered_by_name_and_a_second_time_changes_nothing(filled, tmp_path):
    path = tmp_path / "budgets.yaml"
    path.write_text(FILE)
    first = filled.rows("--now", NOW, "budget", "import", path)
    assert [(row["no"], row["what"]) for row in first] == [(1, "added"), (2, "added")]
    again = filled.rows("--now", "2027-03-01", "budget", "import", path)
    assert [row["what"] for row in again] == ["same", "same"]
    assert len(audit(filled)) == 2
    (path).write_text(FILE.replace('"1000"', '"2000"'))
    assert [row["what"] for row in filled.rows("--now", NOW, "budget", "import", path)] == ["same", "changed"]
    (row,) = [row for row in listed(filled) if row["name"] == "Search"]
    assert (row["first"], row["last"], row["amount"]) == ("2026-10-01", "2026-12-31", "350.5")


def test_a_file_says_what_it_changes_and_keeps_scope_period_and_currency(filled, tmp_path):
    path = tmp_path / "budgets.yaml"
    path.write_text(FILE)
    do(filled, "budget", "import", path)
    path.write_text(FILE.replace('    thresholds: ["80%", "100% forecast at 80%"]\n', ""))
    do(filled, "budget", "import", path)
    assert "thresholds: 80%, 100% forecast at 80% → 80%, 100%, 100% forecast" in filled.err
    for old, new, words in (
        ("CNY", "USD", "currency: Everything has CNY, and that stays: for USD enter a budget of another name"),
        ("quarter", "month", "period: Search has quarter, and that stays"),
        (
            "    scope: {team: search, seller: [stepfun, novita]}\n",
            "",
            "scope: Search has seller novita, stepfun, team",
        ),
    ):
        path.write_text(FILE.replace(old, new))
        assert filled("--now", NOW, "budget", "import", path) == 2
        assert words in filled.err


def test_what_is_exported_is_what_is_imported(filled, tmp_path):
    path = tmp_path / "budgets.yaml"
    path.write_text(FILE)
    do(filled, "budget", "import", path)
    path.write_text(do(filled, "budget", "export"))
    assert [row["what"] for row in filled.rows("--now", NOW, "budget", "import", path)] == ["same", "same"]
    assert len(filled.json("budget", "export")["budgets"]) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("budgets: []", "there is no list of budgets in it; write budgets:"),
        ("- name: x", "there is no list of budgets in it"),
        ("budgets: [}", "this is not YAML"),
        ("budgets:\n  - name: One\n    currency: USD\n    amount: 12\n", "line 4: amount: 12: quote amounts, as in"),
        ("budgets:\n  - name: One\n    amount: '12'\n", "line 2: currency: None is no currency"),
        ("budgets:\n  - just text\n", "line 2: "),
        (
            "budgets:\n  - {name: One, currency: USD, amount: '1'}\n  - {name: One, currency: USD, amount: '1'}\n",
            "line 3: name: another budget of this file is called 'One', too",
        ),
        ("budgets:\n  - {name: A, name: B, currency: USD, amount: '1'}\n", "line 2: the key name appears twice"),
        (f"budgets:\n  - {ITEM}\nbudgets:\n  - {ITEM}\n  - {ITEM}\n", "line 3: the key budgets appears twice"),
    ],
)
def test_a_mistake_in_a_file_has_its_line_and_nothing_is_entered(filled, tmp_path, text, words):
    path = tmp_path / "budgets.yaml"
    path.write_text(text)
    assert filled("--now", NOW, "budget", "import", path) == 2
    assert words in filled.err and str(path) in filled.err
    assert listed(filled) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "A", "--amount", "x", "--currency", "USD"), "amount: 'x' is no amount: write digits"),
        (("add", "A", "--currency", "USD"), "amount: give either amount, the same each month, or amounts"),
        (("add", "Research", "--amount", "1", "--currency", "USD"), "budget 1 is called 'Research'"),
        (("add", "A", "--amount", "1", "--currency", "USD", "--where", "squad=x"), "squad"),
        (("set", "1"), "nothing to change was given"),
        (("set", "1", "--from", "2026-12"), "--from belongs to --amount"),
        (("set", "1", "--month-amount", "12"), "is no month with its amount"),
        (("show", "7"), "there is no budget '7'; entered are 1 Research"),
        (("end", "1", "--last", "2025-01-01"), "last: 2025-01-01 is before the first day"),
        (("history", "7"), "there never was a budget 7"),
        (("import", "nowhere.yaml"), "nowhere.yaml: No such file"),
    ],
)
def test_a_mistake_is_one_plain_line(budgeted, arguments, words):
    assert budgeted("--now", NOW, "budget", *arguments) == 2
    assert words in budgeted.err and budgeted.err.count("\n") == 1


@pytest.mark.parametrize("command", [ADD, ("budget",), ("budget", "list"), ("budget", "check")])
def test_without_a_warehouse_there_is_no_answer(tollbook, command):
    assert tollbook(*command) == 2 and "there is no warehouse in" in tollbook.err
    assert not tollbook.warehouse.exists()


def test_the_list_shows_the_worst_first(filled):
    for name, amount in (("Roomy", "90"), ("Small", "1"), ("Tight", "3")):
        do(filled, "budget", "add", name, "--amount", amount, "--currency", "USD")
    rows = listed(filled)
    assert rows[0]["name"] == "Small" and rows[-1]["name"] == "Roomy"
    out = do(filled, "budget")
    assert out.index("Small") < out.index("Tight") < out.index("Roomy")
    assert "Data through 2026-11-22T10:00:00Z" in out


def test_data_that_ends_before_the_period_leaves_it_to_the_forecast(filled):
    do(filled, *ADD, "--carry", "unspent", "--first", "2026-10-01")
    assert filled("--now", "2026-12-05", "budget", "show", "Research") == 0
    assert "even pace" not in filled.out and "what is carried over may change" in filled.out
    shown = " ".join(filled.out.split())
    assert "amount now at most 3.80 USD, at most 0.80" in shown
    assert "Data through 2026-11-22T10:00:00Z." in shown
    assert "Today is 2026-12-05: the days since then are projected, not known, until their logs are loaded." in shown
    (row,) = filled.json("--now", "2026-12-05", "budget")["rows"]
    assert (row["first"], row["spent"], row["run_rate"], row["even_pace"]) == ("2026-12-01", "0", None, None)
    assert row["carried_is_at_most"] and filled.json("--now", "2026-12-05", "budget")["data_behind"]
    assert row["carry_open"] and 2 < float(row["projected"]["p50"]) < 4


def test_a_budget_that_ends_far_ahead_is_forecast_no_further_than_a_year(filled, monkeypatch):
    asked = []

    def project(*given, until, **more):
        asked.append(until)
        return project_basis(*given, until=until, **more)

    monkeypatch.setattr("app.budgets.project_basis", project)
    days = ("--first", "2026-11-01", "--last", "2126-10-31")
    do(filled, "budget", "add", "Decades", *ADD[3:], "--period", "custom", *days)
    (row,) = listed(filled)
    assert asked == [date(2027, 11, 23)]
    assert row["state"] == "no forecast" and "does not reach" in row["no_forecast_because"]


def test_a_state_of_before_there_were_budgets_is_read_and_brought_up_to_date(filled):
    state = filled.warehouse / "state.duckdb"
    with duckdb.connect(str(state)) as connection:
        connection.execute("drop table budget")
        connection.execute("delete from migration where name like '%budgets'")
    assert listed(filled) == []
    do(filled, *ADD)
    assert [row["name"] for row in listed(filled)] == ["Research"]


def test_the_demo_is_called_what_it_is(tollbook, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls()[:5]))
    list(load_files(tollbook.warehouse, [log], Options(demo=True), now=datetime(2026, 10, 6), tell=silent))
    do(tollbook, "budget", "add", "All", "--amount", "9", "--currency", "USD")
    assert "Demo data, made up" in do(tollbook, "budget") and "Demo data, made up" in do(tollbook, "budget", "show", 1)


def test_days_before_anything_was_billed_are_called_what_they_are(filled):
    do(filled, *ADD, "--first", "2026-08-01", "--carry", "unspent")
    do(filled, "budget", "add", "Quarter", "--period", "quarter", *ADD[3:], "--first", "2026-10-01")
    assert "before 2026-10-01: earlier days are carried as unspent" in do(filled, "budget", "show", 1)
    assert "before 2026-10-01: earlier days are compared as 0" in do(filled, "budget", "show", 2)
    (research,) = [row for row in listed(filled) if row["no"] == 1]
    assert (research["carried"], research["billed_from"]) == ("5.9", "2026-10-01")
