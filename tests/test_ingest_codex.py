"""Codex's rollouts: steps of a counter that is repeated, copied, begun anew, and goes on when the file has grown."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import FileLoad, load_files
from ingest.options import Options
from tests.kept import empty
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def usage(tokens: int, output: int) -> dict[str, int]:
    return {
        "input_tokens": tokens,
        "cached_input_tokens": tokens // 2,
        "output_tokens": output,
        "reasoning_output_tokens": output // 4,
        "total_tokens": tokens + output,
    }


def line(second: int, kind: str, **payload: Any) -> dict[str, Any]:
    return {"timestamp": f"2026-11-20T09:{second // 60:02d}:{second % 60:02d}.140Z", "type": kind, "payload": payload}


def begin(second: int, session: str, **more: Any) -> dict[str, Any]:
    return line(second, "session_meta", id=session, model_provider="openai", **more)


def turn(second: int, model: str = "gpt-5.2-codex") -> dict[str, Any]:
    return line(second, "turn_context", model=model, effort="high")


def count(second: int, total: dict[str, int] | None, last: dict[str, int] | None = None) -> dict[str, Any]:
    info = None if total is None else {"total_token_usage": total, **({"last_token_usage": last} if last else {})}
    return line(second, "event_msg", type="token_count", info=info)


def load(folder: Path, **files: list[dict[str, Any]]) -> list[FileLoad]:
    paths = [folder / f"rollout-{name}.jsonl" for name in files]
    for path, found in zip(paths, files.values(), strict=True):
        path.write_text("".join(json.dumps(line) + "\n" for line in found))
    loads = list(load_files(folder / "warehouse", paths, Options(), now=NOW, tell=lambda message: None))
    assert [load.error for load in loads] == [None] * len(paths)
    return loads


def rows(folder: Path, columns: str) -> list[tuple]:
    with open_reader(folder / "warehouse") as reader:
        return reader.rows(f"select {columns} from (from usage where counted order by start_at, line)")


HISTORY = [begin(0, "a"), turn(1), count(5, usage(1000, 200), usage(1000, 200))]


def test_a_counter_is_read_as_steps(tmp_path):
    (result,) = load(
        tmp_path,
        a=[
            *HISTORY,
            count(6, usage(1000, 200), usage(1000, 200)),
            count(7, None),
            turn(8, "gpt-5.2"),
            count(9, usage(1600, 400)),
        ],
    )
    assert (result.merged.records, result.left_out) == (2, 5)
    assert rows(
        tmp_path, "model_served, input + cache_read, cache_read, output, reasoning, task, reasoning_effort"
    ) == [
        ("gpt-5.2-codex", 1000, 500, 200, 50, "a", "high"),
        ("gpt-5.2", 600, 300, 200, 50, "a", "high"),
    ]


def test_a_counter_that_falls_begins_anew_and_one_that_goes_on_from_elsewhere_does_not_count_that(tmp_path):
    found = [turn(1), count(2, usage(9000, 900), usage(400, 40)), count(3, usage(300, 30), usage(300, 30))]
    load(tmp_path, a=[*found, count(4, usage(200, 20))])
    assert rows(tmp_path, "input + cache_read, output, review") == [(400, 40, None), (300, 30, None), (200, 20, None)]


def test_a_step_that_differs_from_its_last_call_needs_review(tmp_path):
    load(tmp_path, a=[*HISTORY, count(6, usage(1800, 300), usage(700, 100))])
    assert [review for (review,) in rows(tmp_path, "review")] == [
        None,
        "the counter grew by other counts than its last call's",
    ]


def test_a_grown_rollout_adds_exactly_its_new_call(tmp_path):
    """Of the right model, and not the whole counter: the new line alone says neither."""
    load(tmp_path, a=HISTORY)
    (grown,) = load(tmp_path, a=[*HISTORY, count(9, usage(1600, 400))])
    assert (grown.merged.loaded, grown.merged.already_there, grown.merged.replaced) == (1, 1, 0)
    assert rows(tmp_path, "line, model_served, input + cache_read, output") == [
        (3, "gpt-5.2-codex", 1000, 200),
        (4, "gpt-5.2-codex", 600, 200),
    ]
    with open_reader(tmp_path / "warehouse") as reader:
        text = "select file_id, lines, records, loaded, unpriced from ingest_file"
        assert reader.rows(text) == [(1, 4, 2, 2, 0)]


def test_a_forked_session_counts_its_copied_history_once(tmp_path):
    fork = [begin(7, "b"), *HISTORY, count(9, usage(1600, 400))]
    for number, files in enumerate(({"a": HISTORY, "b": fork}, {"b": fork, "c": HISTORY})):
        folder = tmp_path / str(number)
        folder.mkdir()
        load(folder, **files)
        assert rows(folder, "input + cache_read, output") == [(1000, 200), (600, 200)]


def test_a_helpers_session_does_not_count_what_its_parent_had_counted(tmp_path):
    source = {"subagent": {"thread_spawn": {"parent_thread_id": "a"}}}
    copied = [begin(20, "b", source=source), turn(20), count(20, usage(1000, 200)), count(20, usage(1600, 400))]
    load(tmp_path, b=[*copied, count(31, usage(1900, 450), usage(300, 50))])
    assert rows(tmp_path, "input + cache_read, output, review") == [(300, 50, None)]


def test_the_sample_adds_up_to_its_own_sums(tmp_path, shared):
    """Its last counter, by hand; its totals hold the reasoning twice, which is said."""
    path = shared / "samples" / "codex" / "session-alpha.jsonl"
    (result,) = load_files(tmp_path / "warehouse", [path], Options(), now=NOW, tell=lambda message: None)
    assert (result.source, result.merged.records, result.merged.needs_review) == ("codex", 2, 2)
    last = json.loads(path.read_text().splitlines()[-1])["payload"]["info"]["total_token_usage"]
    assert rows(tmp_path, "sum(input + cache_read), sum(cache_read), sum(output), sum(reasoning)") == [
        tuple(last[f"{name}_tokens"] for name in ("input", "cached_input", "output", "reasoning_output"))
    ]
