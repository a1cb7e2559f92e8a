"""Traces of every recorded instrumentation against the ledger of what was served: equal where they can know."""

import json
from pathlib import Path

import pytest

from ingest.load import load_files
from ingest.options import Options
from tests.recorders import NOW, RECORDERS, Recorded, all_rows, is_exact, read_recorder
from warehouse.batch import Given
from warehouse.connection import open_reader


@pytest.fixture(scope="module")
def recorded(shared, tmp_path_factory) -> dict[str, Recorded]:
    work = tmp_path_factory.mktemp("recorders")
    return {name: read_recorder(shared, work, name) for name in RECORDERS}


@pytest.fixture(params=RECORDERS)
def recorder(request) -> str:
    return request.param


def test_what_is_reported_is_what_was_served(recorder, recorded):
    compared = 0
    for row, truth in recorded[recorder].pairs:
        if truth["outcome"] != "ok" or row["usage_status"] != "reported":
            continue
        compared += 1
        assert is_exact(row, truth), (row["response_id"], truth["in_total"], truth["out_total"])
        # What the instrumentation loses is unknown: never another figure, and never 0.
        assert row["cache_read"] in (None, truth["in_cache_read"]), row
        assert row["reasoning"] in (None, truth["out_reasoning"]), row
    assert compared > 60


def test_stepfuns_cached_tokens_are_unknown_where_the_client_drops_them(recorder, recorded):
    pairs = [(row, truth) for row, truth in recorded[recorder].pairs if truth["dialect"] == "stepfun"]
    for row, truth in pairs:
        if recorder == "litellm_proxy" and row["cache_read"] is not None:
            # The first version has the whole usage object, and they are in it.
            assert row["cache_read"] == truth["in_cache_read"] > 0
        elif row["usage_status"] == "reported":
            assert (row["cache_read"], row["cache_unseen"]) == (None, True)


def test_no_answer_counts_twice(recorder, recorded):
    ids = [row["response_id"] for row in recorded[recorder].rows if row["response_id"]]
    assert len(ids) == len(set(ids))


def test_failures_and_streams_without_usage_have_no_tokens(recorder, recorded):
    for row in recorded[recorder].rows:
        if row["usage_status"] == "missing":
            assert (row["input"], row["output"], row["cache_read"], row["reasoning"]) == (None,) * 4
            assert row["cost_reported"] is None
    for row, truth in recorded[recorder].pairs:
        if truth["outcome"] == "ok" and truth["usage_on_wire"] is None:
            assert row["usage_status"] in ("missing", "estimated")


def test_how_many_records_there_are(recorded):
    """One for each call of the client; where a gateway writes each attempt, one for each that it writes."""
    assert {name: len(found.rows) for name, found in recorded.items()} == {
        "otel_openai_v2": 130,
        "traceloop_openai": 130,
        "traceloop_anthropic": 110,
        "openinference_openai": 130,
        "langfuse_sdk": 120,
        "openlit_sdk": 103,
        "vercel_ai_sdk": 99,
        "litellm_otel_v2": 90,
        "litellm_proxy": 188,
    }


def test_anthropics_sdk_goes_before_traceloop(recorded):
    """Traceloop counts the placeholder at the beginning of a stream: all of its streams are too high."""
    rows = [row for row, truth in recorded["traceloop_anthropic"].pairs if truth["outcome"] == "ok"]
    assert len(rows) == 100
    assert {row["usage_status"] for row in rows} == {"reported"}
    assert all(row["cache_write_5m"] is not None and row["cache_write"] is None for row in rows)


def test_streams_that_broke_off_are_partial(recorded):
    ends = ("cut", "client_disconnected")
    broken = [row for row, truth in recorded["traceloop_openai"].pairs if truth["outcome"] in ends]
    assert {row["usage_status"] for row in broken} <= {"partial", "missing"}


def test_the_three_forms_of_one_recording_are_one(shared, tmp_path):
    """JSON lines with ids in hex, what json_format writes with ids in base64, and protobuf."""
    folder = shared / "recorded" / "otel_openai_v2"
    (sample,) = (folder / "sample_protobuf_json_format_base64_ids").glob("otlp_traces*")
    found = []
    for place, path in enumerate((folder / "otlp_traces.jsonl", folder / "otlp_traces.pb", sample)):
        load_files_into(tmp_path / str(place), path)
        found.append({row["record_key"]: told(row) for row in all_rows(tmp_path / str(place))})
    lines, protobuf, base64 = found
    assert lines == protobuf
    assert len(base64) == 13
    assert base64.items() <= lines.items()


def told(row) -> str:
    """A record without where it was read."""
    return json.dumps({name: str(value) for name, value in row.items() if name not in ("line", "file_id", "user_hash")})


def load_files_into(warehouse: Path, *paths: Path, options: Options | None = None):
    results = list(load_files(warehouse, paths, options or Options(), now=NOW, tell=lambda message: None))
    assert [result.error for result in results] == [None] * len(paths)
    return results


def test_metrics_and_events_beside_the_spans_add_nothing(shared, tmp_path):
    folders = ("otel_openai_v2/otlp_metrics.jsonl", "otel_openai_v2/otlp_metrics.pb", "openlit_sdk/otlp_logs.jsonl")
    for result in load_files_into(tmp_path, *(shared / "recorded" / name for name in folders)):
        assert (result.source, result.merged.records, result.merged.rejected) == ("otlp", 0, 0)


def test_printed_spans_are_read_to_their_own_sums(shared, tmp_path):
    """Counted here by hand: spans of tools and those that repeat their children have no tokens of their own."""
    folder = shared / "samples" / "otel"
    expected: tuple[int, ...] = (0, 0, 0)
    for path in sorted(folder.glob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8"))
        for span in value if isinstance(value, list) else [value]:
            counts = by_hand(span)
            expected = tuple(map(sum, zip(expected, counts, strict=True)))
    load_files_into(tmp_path, *sorted(folder.glob("*.json")), options=Options(given=Given(time=NOW)))
    with open_reader(tmp_path) as reader:
        assert reader.rows("select count(*), sum(input), sum(output) from usage") == [expected] == [(5, 355, 185)]


def by_hand(span) -> tuple[int, int, int]:
    if span.get("name", "").endswith("generateText"):
        return 0, 0, 0
    attributes = span.get("attributes", span)
    if "gen_ai.usage.input_tokens" in attributes:
        return 1, attributes["gen_ai.usage.input_tokens"], attributes["gen_ai.usage.output_tokens"]
    if "llm.token_count.prompt" in attributes:
        return 1, attributes["llm.token_count.prompt"], attributes["llm.token_count.completion"]
    return 0, 0, 0
