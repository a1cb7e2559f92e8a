"""How tasks ended: files with good and bad rows, twice, in any order; evaluation events; what has the say."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.outcome_file import Columns, read_outcomes
from app.session import UserMistake
from tests.kept import made_once
from warehouse.connection import open_reader, silent
from warehouse.entries import Author
from warehouse.errors import WarehouseError
from warehouse.outcomes import Outcome, list_outcomes, outcomes_of, remove_demo_outcomes, remove_outcomes

NOW = datetime(2026, 11, 22)
AUTHOR = Author("ann", NOW)
START = 1_795_318_060_000_000_000
CALL = {
    "time": "2026-11-01T10:00:00Z",
    "seller": "stepfun",
    "task": "t-1",
    "response": {"id": "c-1", "model": "step-3.7-flash", "usage": {"prompt_tokens": 9, "completion_tokens": 1}},
}


@pytest.fixture
def filled(tollbook, tmp_path):
    """A warehouse with one call of the task ``t-1``."""
    log = tmp_path / "calls.jsonl"
    log.write_text(json.dumps(CALL) + "\n", encoding="utf-8")
    made_once(tollbook.warehouse, "outcomes", lambda: tollbook.load(log))
    return tollbook


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def known(tollbook) -> dict[str, tuple[object, ...]]:
    """What is known of each task, without who says so."""
    return {task: each[1:5] for task, each in outcomes_of(tollbook.warehouse, tell=silent).items()}


def audited(tollbook) -> list[str]:
    with open_reader(tollbook.warehouse, "state") as reader:
        return [what for (what,) in reader.rows("select what from audit order by changed_at, what")]


def test_a_file_is_loaded_and_its_bad_rows_are_named_with_line_and_reason(filled, tmp_path):
    rows = "id,resolved,score,kind\nt-1,True,0.5,fix\nt-2,maybe,,\n,true,,\nt-3,,,\nt-4,no\nt-5,no,nan,\nt-6,no,,\n\n"
    path = written(tmp_path, "ended.csv", rows)
    done = filled.json("outcome", "load", path, "--task-field", "id", "--who", "ann")
    assert (done["rows"], done["added"], done["changed"], done["same"], done["tasks_without_calls"]) == (7, 2, 0, 0, 1)
    assert [(bad["file"], bad["line"], bad["reason"]) for bad in done["rejected"]] == [
        ("ended.csv", 3, "resolved 'maybe' is neither true nor false"),
        ("ended.csv", 4, "no task: 'id' is empty"),
        ("ended.csv", 5, "nothing is said of task 't-3'"),
        ("ended.csv", 6, "it has 2 cells, and the head has 4"),
        ("ended.csv", 7, "score 'nan' is no number"),
    ]
    assert known(filled) == {"t-1": (True, 0.5, "fix", None), "t-6": (False, None, None, None)}
    listed = filled.json("outcome", "list")
    assert [(row["task"], row["in_logs"], row["source"]) for row in listed["rows"]] == [
        ("t-1", True, "ended.csv"),
        ("t-6", False, "ended.csv"),
    ]
    assert listed["summary"] == {"outcomes": 2, "resolved": 1, "not_resolved": 1, "with_score": 1}


def test_the_same_file_twice_changes_nothing(filled, tmp_path):
    path = written(tmp_path, "ended.jsonl", '{"task": "t-1", "resolved": true}\n{"task": "t-2", "score": 0.25}\n')
    first, second = (filled.json("outcome", "load", path) for _ in range(2))
    assert (first["added"], second["added"], second["changed"], second["same"]) == (2, 0, 0, 2)
    assert audited(filled) == ["outcomes of 2 tasks from ended.jsonl"]


def test_the_newest_has_the_say_and_what_it_leaves_out_stays(filled, tmp_path):
    first = written(tmp_path, "first.csv", "task,resolved,score,time\nt-1,true,0.5,2026-11-02T00:00:00Z\n")
    older = written(tmp_path, "older.csv", "task,resolved,kind,time\nt-1,false,fix,2026-11-01T00:00:00Z\n")
    newer = written(tmp_path, "newer.csv", "task,resolved,time\nt-1,no,2026-11-03T01:00:00+01:00\n")
    for path, says in ((first, (True, 0.5, None, None)), (older, (True, 0.5, "fix", None))):
        filled.json("outcome", "load", path)
        assert known(filled)["t-1"] == says
    assert filled.json("outcome", "load", newer)["changed"] == 1
    assert known(filled)["t-1"] == (False, 0.5, "fix", None)
    assert list_outcomes(filled.warehouse, tell=silent)[0].judged_at == datetime(2026, 11, 3)


def test_two_rows_that_contradict_each_other_need_times():
    both = b"task,resolved,time\na,true,\na,false,\nb,true,1795318060\nb,false,1795318061\nc,true,\nc,true,\n"
    found = read_outcomes(both, "x.csv", Columns())
    assert [(bad.line, bad.reason) for bad in found.bad] == [
        (3, "line 2 says otherwise of task 'a'; give each a time, or one row to a task")
    ]
    assert [(each.task, each.resolved) for each in found.outcomes] == [
        ("a", True),
        ("b", True),
        ("b", False),
        ("c", True),
        ("c", True),
    ]


def test_json_lines_may_hold_objects_and_be_packed_or_broken():
    lines = ['{"meta": {"task": 7}, "resolved": 1}', "{broken", "[1]", '{"meta": {"task": "b"}, "score": true}', ""]
    data = gzip.compress("\n".join(lines).encode())
    found = read_outcomes(data, "x.jsonl.gz", Columns(task="meta.task"))
    assert [(each.task, each.resolved) for each in found.outcomes] == [("7", True)]
    assert [(bad.line, bad.reason) for bad in found.bad] == [
        (2, "this line is no JSON"),
        (3, "this line is no JSON object"),
        (4, "score True is no number"),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no column 'task'; there are none"),
        (b"instance_id,resolved\na,true\n", "there are instance_id, resolved: name the one with the task with --task"),
        (b"task;cost\na;1\n", "no column says how tasks ended"),
        (b"task,resolved,resolved\na,1,0\n", "there are two columns 'resolved'"),
        (b"task,resolved\n", "there is no row in it"),
        (b"task\xff", "byte 5 is not UTF-8"),
        (b"\x1f\x8bno", "it cannot be unpacked"),
    ],
)
def test_a_file_that_is_none_of_outcomes_says_what_to_do(data, message):
    with pytest.raises(UserMistake) as caught:
        read_outcomes(data, "x.csv", Columns())
    assert message in str(caught.value)


def test_outcomes_are_removed_by_task_and_by_file(filled, tmp_path):
    path = written(tmp_path, "ended.csv", "task,resolved\nt-1,1\nt-2,1\nt-3,0\n")
    filled.json("outcome", "load", path)
    assert filled.json("outcome", "remove", "t-2")["removed"] == ["t-2"]
    assert filled("outcome", "remove", "t-2") == 2
    assert "no outcome of task 't-2' was entered" in filled.err
    assert filled("outcome", "remove") == 2
    assert filled.json("outcome", "remove", "--source", "ended.csv")["removed"] == ["t-1", "t-3"]
    with pytest.raises(WarehouseError, match="there are none"):
        remove_outcomes(filled.warehouse, AUTHOR, tell=silent, source="ended.csv")
    assert len(audited(filled)) == 3
    assert known(filled) == {}
    assert filled("outcome") == 0
    assert "No outcome is known" in filled.out


def test_demo_outcomes_leave_alone(filled, tmp_path):
    from app.outcome_file import read_outcome_file
    from warehouse.outcomes import store_outcomes

    own = written(tmp_path, "own.csv", "task,resolved\nt-1,1\n")
    rows = "task,resolved,score\nt-1,0,0.5\nt-7,1,0.5\nt-8,1,0.5\nt-9,1,0.5\n"
    made_up = read_outcome_file(written(tmp_path, "demo.csv", rows), Columns())
    filled.json("outcome", "load", own)
    store_outcomes(filled.warehouse, made_up.outcomes, AUTHOR, tell=silent, demo=True)
    # Neither takes anything from the other.
    filled.json("outcome", "load", written(tmp_path, "more.csv", "task,resolved\nt-7,1\n"))
    assert known(filled)["t-1"] == known(filled)["t-7"] == (True, None, None, None)
    assert [remove_demo_outcomes(filled.warehouse, AUTHOR, tell=silent) for _ in range(2)] == [2, 0]
    assert list(known(filled)) == ["t-1", "t-7"]


# Evaluation events


def typed(value: Any) -> dict[str, Any]:
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": str(value)}


def pairs(named: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": typed(value)} for name, value in named.items()]


def span(trace: int, number: int, task: str) -> dict[str, Any]:
    named = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5-mini", "task.id": task}
    counts = [{"key": f"gen_ai.usage.{side}_tokens", "value": {"intValue": "10"}} for side in ("input", "output")]
    ids = {"traceId": f"{trace:032x}", "spanId": f"{number:016x}", "parentSpanId": f"{99:016x}", "name": "chat"}
    times = {"startTimeUnixNano": str(START + number * 1000), "endTimeUnixNano": str(START + number * 1000 + 5)}
    return {**ids, **times, "attributes": pairs(named) + counts}


def verdict(trace: int, number: int, name: str, *, at: int = 0, **said: Any) -> dict[str, Any]:
    named = {"gen_ai.evaluation.name": name} | {f"gen_ai.evaluation.score.{key}": value for key, value in said.items()}
    ids = {"traceId": f"{trace:032x}", "spanId": f"{number:016x}", "timeUnixNano": str(START + at)}
    return {"eventName": "gen_ai.evaluation.result", **ids, "attributes": pairs(named)}


def load_traces(tollbook, folder: Path, spans: list[dict[str, Any]], verdicts: list[dict[str, Any]]) -> None:
    scope = {"name": "demo.instrumentation"}
    lines = [
        {"resourceSpans": [{"scopeSpans": [{"scope": scope, "spans": spans}]}]},
        {"resourceLogs": [{"scopeLogs": [{"logRecords": verdicts}]}]},
    ]
    tollbook.load(written(folder, "spans.jsonl", "".join(json.dumps(line) + "\n" for line in lines)))


def test_evaluation_events_say_how_tasks_ended(tollbook, tmp_path):
    spans = [span(1, 1, "a"), span(1, 2, "a"), span(2, 3, "b"), span(3, 4, "c"), span(3, 5, "d"), span(4, 6, "e")]
    verdicts = [
        verdict(1, 1, "resolved", label="fail", at=1_000_000),
        verdict(1, 2, "resolved", label="pass", at=2_000_000),
        verdict(1, 2, "agent.score", value=0.75, at=3_000_000),
        # About the trace's outer span, which is no call: the trace is of one task.
        verdict(2, 99, "task_success", value=0.0),
        # About a trace of two tasks: of neither.
        verdict(3, 99, "resolved", label="pass"),
        verdict(3, 5, "resolved", value=0.5),
        # About an answer alone.
        verdict(4, 6, "Relevance", label="good"),
    ]
    load_traces(tollbook, tmp_path, spans, verdicts)
    assert outcomes_of(tollbook.warehouse, tell=silent) == {
        "a": Outcome("a", True, 0.75, None, None, "evaluation agent.score, evaluation resolved"),
        "b": Outcome("b", False, 0.0, None, None, "evaluation task_success"),
        "d": Outcome("d", None, 0.5, None, None, "evaluation resolved"),
    }


def test_a_file_goes_before_an_event_and_the_event_fills_what_it_leaves_out(tollbook, tmp_path):
    load_traces(tollbook, tmp_path, [span(1, 1, "a")], [verdict(1, 1, "resolved", label="pass", value=0.9)])
    path = written(tmp_path, "kinds.csv", "task,kind\na,fix\n")
    tollbook.json("outcome", "load", path)
    assert outcomes_of(tollbook.warehouse, tell=silent)["a"] == Outcome(
        "a", True, 0.9, "fix", None, "kinds.csv, evaluation resolved"
    )
    tollbook.json("outcome", "load", written(tmp_path, "ended.csv", "task,resolved\na,no\n"))
    assert known(tollbook)["a"] == (False, 0.9, "fix", None)
