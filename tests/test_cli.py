"""The command line as a person and as a program meets it: exit codes, messages, JSON, what is loaded and how."""

import gzip
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import zstandard

import app.commands.ingest
from app.cli import run
from tests.tollbook_command import Tollbook

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
NOVITA = "https://api.novita.ai/openai/v1"
START_TOLLBOOK = "from app.cli import main; main()"
MONEY_KEYS = {"currency", "cost", "requests", "unpriced"}


def call(number: int = 1, *, usage: object = None, **own: object) -> dict[str, object]:
    """An envelope: 1,000 tokens in and 100 out at Novita, which cost 0.000315 USD."""
    answer = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1783000000 + number,
        "model": "stepfun/step-3.7-flash",
        "choices": [{"finish_reason": "stop"}],
        "usage": usage or {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }
    record = {"time": "2026-07-02T10:00:00Z", "base_url": NOVITA, "status": 200, "response": answer, **own}
    return {name: value for name, value in record.items() if value is not None}


def text_of(*records: object) -> str:
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


@pytest.fixture
def log(tmp_path):
    """`log(record, record, ...)`: a file of JSON lines."""

    def write(*records: object, name: str = "log.jsonl") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(*records), encoding="utf-8")
        return path

    return write


@pytest.fixture
def demo(demo_warehouse_for_reports, capsys):
    """Reads only: every test that asks for it shares the warehouse."""
    return Tollbook(demo_warehouse_for_reports, capsys)


# Exit codes and messages


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("cost", "there is no warehouse in"),
        ("tasks", "there is no warehouse in"),
        ("task run-1", "there is no warehouse in"),
        ("demo --remove", "there is no warehouse in"),
        ("cost --by modell", "there is no dimension 'modell'; there are day, seller, model"),
        ("cost --where team", "--where takes dimension=value, not 'team'"),
        ("cost --where teem=a", "there is no dimension 'teem'"),
        ("cost --since yesterday", "--since: 'yesterday' is no day; write it as in 2026-11-01"),
        ("cost --until 2026-02-30", "--until: '2026-02-30' is no day"),
        ("cost --since 2026-11-02 --until 2026-11-01", "--since 2026-11-02 is after --until 2026-11-01"),
        ("--now noon cost", "--now: 'noon' is not a time"),
        ("tasks --top 0", "--top"),
        ("rates show gpt-0", "no rate card names 'gpt-0'; near it: gpt-"),
        ("rates show step-3.7-flash --seller nobody", "no rate card of nobody names 'step-3.7-flash'"),
        ("rates validate nowhere.yaml", "'nowhere.yaml' does not exist"),
        ("ingest", "say which files to load"),
        ("ingest nowhere.jsonl", "nowhere.jsonl: No such file or directory"),
        ("ingest nowhere/*.jsonl", "nowhere/*.jsonl: no log files there"),
        ("ingest pyproject.toml --time noon", "--time: time 'noon' is neither ISO 8601 nor epoch seconds"),
        ("ingest pyproject.toml --time 1783000000000", "looks like milliseconds"),
        ("ingest pyproject.toml --tag blue", "--tag takes KEY=VALUE, not 'blue'"),
        ("ingest pyproject.toml --tag =blue", "--tag takes KEY=VALUE, not '=blue'"),
        ("ingest pyproject.toml --source langfuze", "there is no source 'langfuze'; there are openai_compatible"),
        ("ingest pyproject.toml", "pyproject.toml: no source recognises it (openai_compatible, openrouter,"),
        ("serve --port 0", "--port"),
        ("cost --no-such-option", "No such option: --no-such-option"),
        ("capacity --calls-per-day 0", "--calls-per-day: 0 is below 1"),
        ("capacity --hours 99", "--hours: 99 is above 24"),
        ("launch --draws many", "--draws: many is no whole number"),
        ("reruns x", "RUN: x is no whole number"),
        ("price", "No such command 'price'"),
    ],
)
def test_a_mistake_is_one_plain_line_and_exit_code_2(tollbook, monkeypatch, arguments, words):
    monkeypatch.chdir(ROOT)
    assert tollbook(*arguments.split()) == 2
    mistakes = [line for line in tollbook.err.splitlines() if line.startswith("tollbook: ")]
    assert tollbook.out == ""
    assert len(mistakes) == 1 and words in mistakes[0]
    assert tollbook.err.splitlines()[-1] == mistakes[0]


def test_an_unreadable_file_keeps_the_others_in(tollbook, log, tmp_path):
    good, bad = log(call()), tmp_path / "nowhere.jsonl"
    assert tollbook("ingest", bad, good) == 2
    assert tollbook.err.splitlines()[-1] == f"tollbook: {bad}: No such file or directory"
    assert "nowhere" not in tollbook.out
    assert [row["cost"] for row in tollbook.costs()] == ["0.000315"]


def test_a_file_without_permission_is_a_mistake(tollbook, log, monkeypatch):
    path = log(call())
    monkeypatch.setattr(Path, "stat", lambda self, **_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    monkeypatch.setattr(app.commands.ingest, "expand", lambda paths: [path])
    assert tollbook("ingest", path) == 2
    assert "Permission denied" in tollbook.err.splitlines()[-1]


def test_an_empty_file_is_a_mistake(tollbook, log):
    path = log(name="empty.jsonl")
    assert tollbook("ingest", path) == 2
    assert tollbook.err.splitlines()[-1] == f"tollbook: {path}: the file is empty"


def test_a_task_that_is_not_there_names_those_like_it(demo):
    assert demo("task", "run-171") == 2
    assert demo.err.startswith("tollbook: there is no task 'run-171'; did you mean run-171")


def test_a_port_in_use_is_a_mistake(tollbook):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert tollbook("serve", "--port", port) == 2
    assert tollbook.err == f"tollbook: port {port} is in use; choose another with --port\n"


def test_without_a_command_it_says_which_there_are(tollbook, capsys):
    assert run([]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Usage: tollbook [OPTIONS] COMMAND")
    assert all(f"\n  {name} " in out for name in ("demo", "ingest", "cost", "tasks", "task", "serve", "rates"))


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c_is_130_and_keeps_what_was_loaded(tollbook, log, monkeypatch, raised):
    tollbook.load(log(call(1)))
    with monkeypatch.context() as patched:
        patched.setattr("ingest.load_file.normalise", lambda *_, **__: (_ for _ in ()).throw(raised))
        assert tollbook("ingest", log(call(2), name="second.jsonl")) == 130
    assert tollbook.err.splitlines()[-1] == "tollbook: stopped; the warehouse is as the last finished file left it"
    assert [row["requests"] for row in tollbook.costs()] == [1]
    assert [path.name for path in (tollbook.warehouse / "spool").iterdir()] == []


def test_any_other_error_of_ours_is_not_hidden(tollbook, log, monkeypatch):
    monkeypatch.setattr("ingest.load_file.normalise", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("a bug")))
    with pytest.raises(RuntimeError, match="a bug"):
        tollbook("ingest", log(call()))


def test_a_real_ctrl_c_while_the_database_works(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text(text_of(*(call(number) for number in range(1000))) * 100, encoding="utf-8")
    environment = {**os.environ, "TOLLBOOK_WAREHOUSE": str(tmp_path / "warehouse")}
    # A shell starts what runs in its background with Ctrl-C switched off.
    script = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {START_TOLLBOOK}"
    command = [sys.executable, "-c", script, "ingest", str(path)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "reading many.jsonl as openai_compatible\n"
        process.send_signal(signal.SIGINT)
        assert "tollbook: stopped" in process.stderr.read()
    assert process.returncode == 130


# Output, talk and tables


def test_talk_goes_to_stderr_and_output_to_stdout(tollbook, log):
    assert tollbook("ingest", log(call())) == 0
    assert tollbook.err == "reading log.jsonl as openai_compatible\n"
    heads, row = tollbook.out.splitlines()
    assert heads.split() == "file source read loaded already there rejected unpriced needs review".split()
    assert row.split() == ["log.jsonl", "openai_compatible", "1", "1", "0", "0", "0", "0"]


def test_a_load_says_what_was_rejected_and_where(tollbook, log):
    records = [call(1), call(1), "no json", call(2, time=None, response={"id": "x"}), call(3, seller="nobody")]
    assert tollbook("ingest", log(*records)) == 0
    assert tollbook.out.splitlines()[1].split()[2:] == ["5", "2", "1", "2", "1", "0"]
    assert tollbook.out.splitlines()[2:] == [
        "log.jsonl:3: not JSON: Expecting value at column 1",
        "log.jsonl:4: no time: the line has neither `time` nor the answer's `created`; give --time",
        "Unpriced calls and why: tollbook cost --by seller,model,unpriced_reason",
    ]


def test_a_narrow_terminal_goes_without_columns(demo_warehouse_for_reports):
    command = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    environment = {**os.environ, "TOLLBOOK_WAREHOUSE": str(demo_warehouse_for_reports), "COLUMNS": "80", "TERM": "dumb"}
    told = [sys.executable, "-c", command, sys.executable, "-c", START_TOLLBOOK, "cost", "--by", "team,model"]
    done = subprocess.run(
        told, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["team", "model", "cost", "requests", "unpriced"]
    assert max(map(len, lines[: lines.index(next(line for line in lines if line.startswith("Cost is")))])) <= 80
    assert lines[-1] == "The terminal is too narrow for: output, from cache, input, per request."


def test_output_that_is_no_terminal_is_never_cut(demo):
    assert demo("cost", "--by", "team,model,base_url,finish_reason,environment") == 0
    assert "…" not in demo.out and "too narrow" not in demo.out
    assert "https://api.novita.ai/openai/v1" in demo.out


def test_cost_tells_what_its_reader_has_to_know(demo):
    assert demo("cost") == 0
    assert "Cost is known for 28,597 of 30,078 calls (95.1%).\n" in demo.out
    assert "213 calls under review: the total lies between " in demo.out
    assert "2 calls cut off: the cost of what was seen, at least.\n" in demo.out
    assert "Data through 2026-11-21T16:01:08Z; oldest rate checked 2026-05-29.\n" in demo.out
    assert demo.out.endswith("Demo data, made up: tollbook demo --remove takes them out.\n")


def test_a_request_costs_what_is_known_by_those_whose_cost_is_known(demo):
    """Unknown is never 0, and no request of unknown cost is divided by."""
    for row in demo.costs("--by", "team"):
        known = row["requests"] - row["unpriced"]
        if row["cost"] is None:
            assert row["cost_per_request"] is None and known == 0
        else:
            exact = Fraction(row["cost"]) / known
            assert abs(Fraction(row["cost_per_request"]) - exact) <= Fraction(1, 2 * 10**12)
    assert demo("cost", "--by", "team") == 0
    assert demo.out.splitlines()[0].split()[:4] == ["team", "cost", "per", "request"]
    assert max(map(len, demo.out.splitlines()[:12])) <= 100


def test_nothing_in_scope_is_said(demo):
    assert demo("cost", "--since", "2020-01-01", "--until", "2020-12-31") == 0
    assert demo.out.startswith("No calls there.\n")


# JSON


def test_json_is_one_object_with_money_as_text(demo):
    answer = demo.json("cost", "--by", "model,team")
    assert list(answer) == ["rows", "total", "coverage", "data_through"]
    assert answer["data_through"] == "2026-11-21T16:01:08Z"
    assert answer["coverage"] == pytest.approx(28_597 / 30_078)
    for row in answer["rows"]:
        assert {"model", "team"} | MONEY_KEYS <= row.keys()
        assert isinstance(row["cost"], str | None) and not isinstance(row["requests"], bool)


def test_json_has_a_row_for_each_currency_and_one_for_what_has_no_price(demo):
    rows = demo.json("cost", "--by", "model")["rows"]
    of_one_model = [row for row in rows if row["model"] == "step-3.7-flash"]
    assert sorted(str(row["currency"]) for row in of_one_model) == ["CNY", "None", "USD"]
    for row in rows:
        if row["currency"] is None:
            assert row["cost"] is None and row["unpriced"] == row["requests"] > 0
        else:
            assert row["cost"] is not None and row["unpriced"] == 0


def test_json_totals_are_what_the_samples_cost(demo):
    truth = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))["cost_pico"]
    total = {row["currency"]: Decimal(row["cost"]) * 10**12 for row in demo.json("cost")["total"]}
    assert total == truth


def test_json_keeps_its_shape(demo, golden):
    golden("cli-cost.json", demo.json("cost", "--by", "team"))


def test_json_of_tasks_and_of_a_task(demo):
    tasks = demo.json("tasks", "--top", 1)
    assert {row["currency"] for row in tasks["rows"]} == {"CNY", "USD"}
    assert list(tasks) == ["rows", "total", "coverage", "data_through"]
    dearest = next(row for row in tasks["rows"] if row["currency"] == "USD")
    one = demo.json("task", dearest["task"])
    assert one["total"] == [{"currency": "USD", "cost": dearest["cost"]}]
    assert sum(row["requests"] for row in one["rows"]) == dearest["requests"]
    assert one["rows"][0].keys() >= MONEY_KEYS | {"step", "start_at", "seller", "rate_source", "file", "line"}


def test_every_task_is_in_the_json_of_tasks(demo):
    named = {row["task"] for row in demo.costs("--by", "task") if row["task"]}
    assert {row["task"] for row in demo.json("tasks")["rows"]} == named
    assert {row["task"] for row in demo.json("tasks", "--like", "ORDER")["rows"]} == {
        task for task in named if "order" in task
    }


def test_no_traffic_has_no_coverage(tollbook, log):
    tollbook.load(log("no json", call()), "--source", "openai_compatible")
    answer = tollbook.json("cost", "--where", "model=none")
    assert answer == {"rows": [], "total": [], "coverage": None, "data_through": "2026-07-02T10:00:00Z"}


def test_json_of_a_load(tollbook, log):
    file = tollbook.load(log(call(), "no json"))
    assert file["source"] == "openai_compatible" and file["error"] is None
    assert (file["records"], file["loaded"], file["rejected"]) == (1, 1, 1)
    assert file["rejects"] == [{"reason": "not JSON: Expecting value at column 1", "lines": 1, "first_line": 2}]


# What is loaded


def test_a_second_load_adds_nothing(tollbook, log):
    path = log(call(1), call(2))
    assert tollbook.load(path)["loaded"] == 2
    assert tollbook.load(path)["note"] == "already loaded"
    assert tollbook("ingest", path) == 0 and "already loaded" in tollbook.out
    again = tollbook.load(path, "--again")
    assert (again["loaded"], again["already_there"]) == (0, 2)
    assert tollbook.json("cost")["total"] == [{"currency": "USD", "cost": "0.00063"}]


def test_standard_input(tollbook, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text_of(call()).encode())))
    file = tollbook.load("-")
    assert (Path(file["file"]).name, file["loaded"]) == ("standard-input", 1)
    assert [path.name for path in (tollbook.warehouse / "spool").iterdir()] == []


def test_a_folder_and_a_pattern(tollbook, log, tmp_path):
    log(call(1), name="logs/a.jsonl")
    log(call(2), name="logs/deep/b.log")
    log("not a log", name="logs/notes.md")
    log("hidden", name="logs/.hidden.jsonl")
    files = tollbook.json("ingest", tmp_path / "logs")["files"]
    assert [Path(file["file"]).name for file in files] == ["a.jsonl", "b.log"]
    files = tollbook.json("ingest", tmp_path / "logs" / "*.jsonl", "--again")["files"]
    assert [(Path(file["file"]).name, file["already_there"]) for file in files] == [("a.jsonl", 1)]


def test_packed_files(tollbook, tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text_of(call(1)).encode()))
    (tmp_path / "b.jsonl.zst").write_bytes(zstandard.compress(text_of(call(2)).encode()))
    files = tollbook.json("ingest", tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.zst")["files"]
    assert [file["loaded"] for file in files] == [1, 1]


def test_a_grown_file_loads_what_is_new(tollbook, log):
    path = log(call(1))
    tollbook.load(path)
    path.write_text(text_of(call(1), call(2)), encoding="utf-8")
    file = tollbook.load(path)
    assert (file["records"], file["loaded"], file["already_there"]) == (1, 1, 0)


def test_task_and_step_fields(tollbook, log):
    path = log(call(1, task=None, run={"id": "r-7"}, turn=3))
    tollbook.load(path, "--task-field", "run.id", "--step-field", "turn")
    (step,) = tollbook.json("task", "r-7")["rows"]
    assert step["step"] == 3


def test_seller(tollbook, log):
    tollbook.load(log(call(base_url=None)), "--seller", "novita")
    assert tollbook.value("seller") == "novita"
    assert [row["cost"] for row in tollbook.costs()] == ["0.000315"]


def test_a_record_says_its_seller_itself(tollbook, log):
    tollbook.load(log(call()), "--seller", "openrouter")
    assert tollbook.value("seller") == "novita"


def test_base_url(tollbook, log):
    tollbook.load(log(call(base_url=None)), "--base-url", NOVITA)
    assert (tollbook.value("base_url"), tollbook.value("seller")) == (NOVITA, "novita")


def test_an_unknown_seller_is_unpriced_and_says_so(tollbook, log):
    tollbook.load(log(call(base_url=None)))
    (row,) = tollbook.costs("--by", "unpriced_reason")
    assert (row["unpriced_reason"], row["cost"], row["unpriced"]) == ("seller unknown", None, 1)


def test_time(tollbook, log):
    record = call(time=None)
    record["response"] = {**record["response"], "created": None}  # type: ignore[dict-item]
    tollbook.load(log(record), "--time", "2026-07-03T01:00:00+02:00")
    assert tollbook.value("day") == "2026-07-02"


def test_team_project_and_tags(tollbook, log):
    tollbook.load(log(call(team="search")), "--team", "other", "--project", "alpha", "--tag", "a=1", "--tag", "b=x=y")
    assert (tollbook.value("team"), tollbook.value("project")) == ("search", "alpha")


def test_a_named_source_reads_what_is_not_recognised(tollbook, log):
    path = log({"id": "x", "created": 1783000000, "model": "m", "object": "list"})
    assert tollbook("ingest", path) == 2
    assert tollbook.load(path, "--source", "openai_compatible")["loaded"] == 1


def test_scope(tollbook, log):
    tollbook.load(log(call(1, team="a"), call(2, team="b"), call(3, team="b", time="2026-07-05T00:00:00Z")))
    assert [row["requests"] for row in tollbook.costs("--where", "team=b")] == [2]
    assert [row["requests"] for row in tollbook.costs("--where", "team=a", "--where", "team=b")] == [3]
    assert [row["requests"] for row in tollbook.costs("--since", "2026-07-03")] == [1]
    assert [row["requests"] for row in tollbook.costs("--until", "2026-07-02", "--by", "task")] == [2]


# Demo


def test_demo_is_loaded_once_and_leaves_what_is_yours(tollbook, log):
    tollbook.load(log(call()))
    assert tollbook("demo", "--if-empty") == 0
    assert (tollbook.out, tollbook.err) == ("", "")
    assert tollbook("demo") == 0
    assert tollbook.out.splitlines()[-1].startswith("Unpriced calls and why")
    assert tollbook("cost") == 0
    assert tollbook.out.endswith("Demo calls, made up, are among yours: tollbook demo --remove takes them out.\n")
    assert tollbook("demo", "--remove") == 0
    assert tollbook.err == f"took 30,831 demo calls out of {tollbook.warehouse}\n"
    assert tollbook.json("cost")["total"] == [{"currency": "USD", "cost": "0.000315"}]
    assert tollbook("cost") == 0 and "emo" not in tollbook.out


# The process


def test_the_command_answers_at_once_and_without_pandas(demo_warehouse_for_reports):
    script = f"import atexit, sys; atexit.register(lambda: print('pandas' in sys.modules)); {START_TOLLBOOK}"
    environment = {**os.environ, "TOLLBOOK_WAREHOUSE": str(demo_warehouse_for_reports)}
    command = [sys.executable, "-c", script, "cost", "--where", "team=support"]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
    assert time.monotonic() - began < 10


def test_the_clock_and_the_warehouse_come_from_the_environment(tmp_path):
    environment = {**os.environ, "TOLLBOOK_WAREHOUSE": str(tmp_path / "here"), "TOLLBOOK_NOW": "2026-06-01"}
    command = [sys.executable, "-c", START_TOLLBOOK]
    listed = subprocess.run(
        [*command, "rates", "list", "--json"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    # The shipped card of this model begins two weeks later.
    named = {(row["seller"], row["model"]) for row in json.loads(listed.stdout)["rows"]}
    assert ("stepfun", "step-3.7-flash") in named and ("novita", "stepfun/step-3.7-flash") not in named
    missing = subprocess.run([*command, "cost"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith(f"tollbook: there is no warehouse in {tmp_path / 'here'}; load a log with ")
