"""Claude Code's session files: repeated lines, placeholders, side conversations, and SQL that reads as Python does."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.claude_code import SOURCE
from ingest.load import FileLoad, load_files
from ingest.options import Options
from ingest.stage import Readable, Staged, route_batch, stage_file
from tests.kept import empty
from warehouse.batch import Given, Place, normalise
from warehouse.connection import Connection, open_reader, open_staging
from warehouse.folder import Folder
from warehouse.rates import read_cards

NOW = datetime(2026, 11, 22)
OPTIONS = Options()
ID, OTHER = "msg_01AAAAAAAAAAAAAAAAAAAAAA", "msg_01BBBBBBBBBBBBBBBBBBBBBB"
MODEL = "claude-haiku-4-5-20251001"
SHAPES = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

counts = st.sampled_from([0, 1, 700, 20_000])
usages: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"input_tokens": counts, "output_tokens": counts},
    optional={
        "cache_read_input_tokens": st.none() | counts,
        "cache_creation_input_tokens": st.none() | counts,
        "cache_creation": st.none()
        | st.fixed_dictionaries({"ephemeral_5m_input_tokens": counts, "ephemeral_1h_input_tokens": counts}),
        "output_tokens_details": st.none() | st.fixed_dictionaries({"thinking_tokens": counts}),
        "server_tool_use": st.none() | st.fixed_dictionaries({"web_search_requests": counts}),
        "service_tier": st.sampled_from([None, "standard", "priority", "batch"]),
        "speed": st.sampled_from([None, "standard", "fast"]),
        "inference_geo": st.sampled_from([None, "", "global", "not_available", "us"]),
        "iterations": st.sampled_from([None, []]),
        "new_tokens": st.sampled_from([3]),
    },
)
messages = st.fixed_dictionaries(
    {"usage": st.none() | st.just({}) | usages | usages | usages},
    optional={
        "id": st.sampled_from([None, "", ID, OTHER, "msg_bdrk_01AAAAAAAAAAAA", "msg_vrtx_01AAAAAAAAAAA", "x"]),
        "type": st.just("message"),
        "model": st.sampled_from([None, "<synthetic>", MODEL, MODEL, MODEL]),
        "stop_reason": st.sampled_from([None, "end_turn", "tool_use"]),
        "content": st.sampled_from([None, "usage", [{"type": "text", "text": 'the word "usage": in a text'}]]),
    },
)
HOMES = ["/".join(("", name, "dev")) for name in ("home", "Users")]
places = [*HOMES, f"{HOMES[0]}/", "/", "", "/srv/app", "/srv/app/", "C:\\Users\\dev", "C:\\work\\app", None, "app"]
lines: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"message": st.none() | messages | messages | messages, "type": st.sampled_from(["assistant", "user"])},
    optional={
        "timestamp": st.sampled_from(["2026-11-20T09:15:02.140Z", "2026-11-20 09:15:02", "yesterday"]),
        "requestId": st.sampled_from([None, "", "req_1", "req_2"]),
        "sessionId": st.sampled_from(["session-1", "session-2"]),
        "agentId": st.sampled_from([None, "a1"]),
        "isSidechain": st.sampled_from([None, False, True]),
        "cwd": st.sampled_from(places),
        "gitBranch": st.sampled_from([None, "", "main"]),
        "version": st.sampled_from([None, "2.1.170"]),
        "effort": st.sampled_from([None, "high"]),
        "costUSD": st.sampled_from([None, 0.12]),
        "toolUseResult": st.just({"usage": {"input_tokens": 9}}),
        "data": st.sampled_from([None, {"type": "hook_progress"}, {"message": {"message": {"usage": {}}}}]),
    },
)


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def batch_of(staging: Connection, path: Path, *, in_python: bool) -> tuple[list[tuple], Staged]:
    """The batch that a file makes with the lines it rejects, and what was staged."""
    folder = Folder(path.parent / "warehouse")
    staged = stage_file(
        staging, Readable(path, "lines", 1, 1 << 20, (), None, "mixed", "mark"), SOURCE, OPTIONS, in_python=in_python
    )
    route_batch(staging, OPTIONS, read_cards(folder).all, salt="salt")
    normalise(staging, Place(SOURCE.name, "mark", 1, "salt"), OPTIONS.given)
    rows = staging.execute("select * exclude (place) replace (map_entries(tags) as tags) from batch order by line")
    return rows.fetchall() + staging.execute("select line, reason from problem order by line").fetchall(), staged


# Lines that are no records, or more than one.
STRANGE = ("no json", "[1]", "5", '{"a":', '{"usage":', "{}{}", '"usage"', '["usage"]', '{"usage":1}')


@SHAPES
@given(st.lists(lines | lines | st.sampled_from(STRANGE), min_size=20, max_size=80))
def test_a_line_reads_the_same_in_sql_and_in_python(tmp_path, found):
    path = tmp_path / "session.jsonl"
    texts = [each if isinstance(each, str) else json.dumps(each, separators=(",", ":")) for each in found]
    path.write_text("".join(f"{text}\n" for text in texts))
    with open_staging(Folder(tmp_path / "warehouse")) as staging:
        in_sql, staged = batch_of(staging, path, in_python=False)
        in_python, other = batch_of(staging, path, in_python=True)
        names = [column[0] for column in staging.execute("describe batch").fetchall() if column[0] != "place"]
    for one, two in zip(in_sql, in_python, strict=True):
        assert dict(zip(names, one, strict=False)) == dict(zip(names, two, strict=False))
    assert staged.left_out == other.left_out == len(found) + texts.count("{}{}") - len(in_sql)


def line(request: str = "req_1", **more: Any) -> dict[str, Any]:
    """One line of a session; what is no field of the line is the message's or its usage's."""
    usage = {"input_tokens": 10, "output_tokens": 20, "cache_read_input_tokens": 100}
    usage |= {name: more.pop(name) for name in list(more) if name.endswith("_tokens")}
    message = {"id": more.pop("id", ID), "type": "message", "model": more.pop("model", MODEL), "usage": usage}
    message["stop_reason"] = more.pop("stop_reason", "end_turn")
    own = {"type": "assistant", "timestamp": "2026-11-20T09:15:02.140Z", "sessionId": "s", "isSidechain": False}
    return {**own, "requestId": request, "message": message, **more}


def load(folder: Path, *files: list[dict[str, Any]], options: Options = OPTIONS) -> list[FileLoad]:
    paths = [folder / f"session-{number}.jsonl" for number in range(len(files))]
    for path, found in zip(paths, files, strict=True):
        path.write_text("".join(json.dumps(line) + "\n" for line in found))
    loads = list(load_files(folder / "warehouse", paths, options, now=NOW, tell=lambda message: None))
    assert [load.error for load in loads] == [None] * len(paths)
    return loads


def rows(folder: Path, columns: str) -> list[tuple]:
    with open_reader(folder / "warehouse") as reader:
        return reader.rows(f"select {columns} from (from usage where counted order by response_id, request_id, line)")


def test_clean_lines_are_read_in_sql(tmp_path):
    path = tmp_path / "session.jsonl"
    path.write_text(json.dumps(line()) + "\n")
    with open_staging(Folder(tmp_path / "warehouse")) as staging:
        batch_of(staging, path, in_python=False)
        assert staging.execute("select plain from stage").fetchall() == [(True,)]
        assert staging.execute("select count(*) from reread").fetchall() == [(0,)]


PAIRS = [
    (line(output_tokens=900), line(output_tokens=2, stop_reason=None)),
    # A placeholder does not win, whatever it counts.
    (line(), line(output_tokens=900, stop_reason=None)),
    (line(), line(cache_read_input_tokens=None)),
    (line(stop_reason=None, output_tokens=310), line(stop_reason=None, output_tokens=8)),
    # A side conversation repeats an answer under another request, with more from the cache.
    (line("req_1"), line("req_2", isSidechain=True, cache_read_input_tokens=50_000)),
    (line("req_1", stop_reason=None), line("req_2", isSidechain=True)),
]


def pair_of(number: int, order: int) -> list[dict[str, Any]]:
    """A pair of lines under an id of its own, in one order or the other."""
    pair = [{**each, "message": {**each["message"], "id": f"{ID}{number}"}} for each in PAIRS[number]]
    return pair[::-1] if order else pair


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("apart", [False, True], ids=["in one file", "in two files"])
def test_the_better_line_of_an_answer_counts_whatever_the_order(tmp_path, apart, order):
    found = [pair_of(number, order) for number in range(len(PAIRS))]
    ones, others = [pair[0] for pair in found], [pair[1] for pair in found]
    load(tmp_path, *((ones, others) if apart else (ones + others,)))
    expected = []
    for number, (best, _) in enumerate(PAIRS):
        usage = best["message"]["usage"]
        status = "reported" if best["message"]["stop_reason"] else "partial"
        counts = (usage["input_tokens"], usage["cache_read_input_tokens"], usage["output_tokens"])
        expected.append((f"{ID}{number}", best["requestId"], *counts, status))
    assert rows(tmp_path, "response_id, request_id, input, cache_read, output, usage_status") == expected


def test_a_side_conversations_own_answer_counts(tmp_path):
    load(tmp_path, [line(), line(id=OTHER, isSidechain=True, agentId="a1")])
    assert rows(tmp_path, "agent, tags['sidechain'], output") == [(None, None, 20), ("a1", "true", 20)]


def test_ids_of_somebodys_proxy_need_the_requests_beside(tmp_path):
    load(tmp_path, [line("req_1", id="1"), line("req_2", id="1"), line("req_2", id="1")])
    assert rows(tmp_path, "request_id, seller") == [("req_1", None), ("req_2", None)]


def test_an_advisers_turn_is_a_record_of_its_own(tmp_path):
    """Its tokens stand outside the call's own counts; a replay repeats it, and counts nothing."""
    own = {"input_tokens": 10, "output_tokens": 20, "cache_read_input_tokens": 100}
    turns = [{"type": "message", **own}, {"type": "advisor_message", "model": "claude-opus-4-6", **own}]
    asked, replay = line(), line("req_2", isSidechain=True)
    for each in (asked, replay):
        each["message"]["usage"]["iterations"] = turns
    load(tmp_path, [replay, asked], [asked])
    assert rows(tmp_path, "role, model_served, granularity, input, cache_read, output, request_id") == [
        (None, MODEL, "request", 10, 100, 20, "req_1"),
        ("advisor", "claude-opus-4-6", "iteration", 10, 100, 20, "req_1"),
    ]


def test_several_models_stand_in_one_task(tmp_path):
    load(tmp_path, [line(), line(id=OTHER, model="claude-opus-4-5-20251101")])
    assert rows(tmp_path, "task, model_served") == [("s", MODEL), ("s", "claude-opus-4-5-20251101")]


def test_a_grown_session_adds_its_new_answers_and_the_ends_of_old_ones(tmp_path):
    begun = [{"type": "summary", "leafUuid": "x"}, line(output_tokens=2, stop_reason=None)]
    (first,) = load(tmp_path, begun)
    assert (first.merged.partial, first.left_out) == (1, 1)
    (second,) = load(tmp_path, [*begun, line(output_tokens=500), line(id=OTHER), {"type": "system"}])
    assert (second.merged.loaded, second.merged.replaced, second.left_out) == (1, 1, 1)
    assert rows(tmp_path, "output, line") == [(500, 3), (20, 4)]


def test_the_samples_add_up_to_their_own_sums(tmp_path, shared):
    """Counted apart from our reader; the transcript has no times and no ids."""
    paths = sorted((shared / "samples" / "claude_code").iterdir())
    options = Options(given=Given(time=datetime(2026, 7, 1)))
    loads = list(load_files(tmp_path / "warehouse", paths, options, now=NOW, tell=lambda message: None))
    assert [(load.source, load.error, load.merged.rejected) for load in loads] == [("claude_code", None, 0)] * 2
    values = [json.loads(text) for path in paths for text in path.read_text().splitlines()]
    usages = [value["message"]["usage"] for value in values if "usage" in value["message"]]
    names = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    assert len(usages) == 5
    assert rows(tmp_path, "sum(input), sum(output), sum(cache_read), sum(cache_write)") == [
        tuple(sum(usage[name] for usage in usages) for name in names)
    ]
