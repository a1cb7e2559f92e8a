"""The demo logs are what their generator makes, small, free of content, and load to exactly its truth."""

import gzip
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import zstandard

from app.escalations import find_escalations
from ingest.load import load_files
from ingest.options import Options
from scripts import demo_traffic
from warehouse.connection import open_reader
from warehouse.scope import EVERYTHING

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
DEMO = tomllib.loads((SAMPLES / "demo.toml").read_text(encoding="utf-8"))
DEMO_NOW = DEMO["now"].replace(tzinfo=None)
TRUTH = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
MADE = sorted([*DEMO["files"], "demo.toml", "truth.json", "outcomes.csv", "invoices.csv", "effort-tiers.csv"])


def make(folder, *, hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-m", "scripts.make_demo", folder], cwd=ROOT, env=environment, check=True)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make(tmp_path_factory.mktemp("demo"), hash_seed="1")


def unpacked(path):
    """What a file says: its packing may differ between versions of the libraries that pack."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(content)
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()
    return content


def load(warehouse):
    paths = [SAMPLES / name for name in DEMO["files"]]
    return list(load_files(warehouse, paths, Options(demo=True), now=DEMO_NOW, tell=lambda text: None))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    warehouse = tmp_path_factory.mktemp("loaded") / "warehouse"
    return warehouse, load(warehouse)


SOURCES = {
    "litellm-spend-logs.csv.gz": "litellm",
    "litellm.jsonl.zst": "litellm",
    "gateway.jsonl.zst": "openai_compatible",
    "openrouter.jsonl.gz": "openrouter",
    "openrouter-activity.csv.gz": "openrouter_activity",
    "workbench.jsonl": "openai_compatible",
    "capture.sse": "openai_compatible",
    "capture-copy.sse": None,
}


def by_name(loads):
    return {Path(load.path).name: load for load in loads}


def rows(warehouse, query):
    with open_reader(warehouse) as reader:
        return reader.rows(query)


@pytest.mark.parametrize("name", MADE)
def test_the_committed_file_is_what_the_generator_makes(made, name):
    assert unpacked(made / name) == unpacked(SAMPLES / name)


def test_two_runs_make_the_same_bytes(made, tmp_path):
    again = make(tmp_path, hash_seed="2")
    assert sorted(path.name for path in again.iterdir()) == MADE
    assert [name for name in MADE if (again / name).read_bytes() != (made / name).read_bytes()] == []


def test_the_demo_is_small():
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 2_000_000


def test_it_has_45_days_and_its_now_is_after_its_newest_record(loaded):
    [(first, last, days)] = rows(
        loaded[0], "select min(start_at), max(start_at), count(distinct start_at::date) from usage"
    )
    assert (str(first.date()), str(last.date()), days) == ("2026-10-08", "2026-11-21", 45)
    assert last < DEMO_NOW


@pytest.mark.parametrize("name", DEMO["files"])
def test_it_holds_no_content_and_no_person(name):
    text = unpacked(SAMPLES / name).decode()
    text = text.replace('""', '"') if ".csv" in name else text
    assert set(re.findall(r'\\?"content\\?":(?! ?\[) ?([^,}]*)', text)) <= {'""', r"\"\""}
    people = {f"user-{number:02}" for number in range(1, 25)}
    assert set(re.findall(r'user(?:_id)?": ?"([^"]*)"', text)) <= people | {""}
    assert set(re.findall(r"user-\w+", text)) <= people


def test_each_file_loads_as_the_truth_says(loaded):
    assert {name: load.source for name, load in by_name(loaded[1]).items()} == SOURCES
    for name, truth in TRUTH["files"].items():
        load = by_name(loaded[1])[name]
        merged = load.merged
        assert (load.error, merged.already_there, merged.replaced) == (None, 0, 0)
        assert {
            "requests": merged.loaded,
            "unpriced": merged.unpriced,
            "needs_review": merged.needs_review,
            "partial": merged.partial,
        } == {name: count for name, count in truth.items() if name != "rejected_lines"}
        assert merged.rejected == len(truth["rejected_lines"])


def test_a_copy_of_a_file_is_already_loaded(loaded):
    copy = by_name(loaded[1])["capture-copy.sse"]
    assert (copy.note, copy.merged.loaded) == ("already loaded", 0)


def test_the_total_is_exact_in_every_currency(loaded):
    query = "select currency, sum(cost) from usage_priced where counted and cost is not null group by currency"
    assert {currency: int(cost) for currency, cost in rows(loaded[0], query)} == TRUTH["cost_pico"]


@pytest.mark.parametrize("rollup", ["usage_hour_priced", "usage_day_priced", "usage_day_detail_priced"])
@pytest.mark.parametrize("dimension", ["team", "seller", "day"])
def test_every_rollup_has_the_exact_totals(loaded, rollup, dimension):
    truth = TRUTH[f"cost_pico_by_{dimension}"]
    found: dict[str, dict[str, int]] = {name: {} for name in truth}
    column = "hour_at::date" if (dimension, rollup) == ("day", "usage_hour_priced") else dimension
    query = f"select {column}, currency, sum(cost) from {rollup} where cost is not null group by 1, 2"
    for name, currency, cost in rows(loaded[0], query):
        found[str(name or "")][currency] = int(cost)
    assert found == truth


def test_openrouter_billed_what_we_compute(loaded):
    query = "from usage_priced where counted and source = 'openrouter'"
    [(kind, reported, count)] = rows(
        loaded[0], f"select any_value(cost_reported_kind), sum(cost_reported), count(*) {query}"
    )
    assert (kind, {"USD": int(reported)}) == ("billed", TRUTH["cost_reported_pico"])
    assert count == TRUTH["files"]["openrouter.jsonl.gz"]["requests"]


def test_every_reported_cost_is_ours(loaded):
    assert rows(loaded[0], "select record_key from usage_priced where cost_reported <> cost") == []


def test_the_export_shows_calls_again_and_never_counts_them(loaded):
    query = """select e.counted, c.counted, c.source, count(*), bool_and(e.cost_reported = c.cost_reported)
        from usage e join usage c on c.record_key = e.sighting_of
        where e.source = 'openrouter_activity' group by all order by c.source"""
    found = rows(loaded[0], query)
    assert [row[:3] + row[4:] for row in found] == [(False, True, name, True) for name in ("litellm", "openrouter")]
    assert sum(row[3] for row in found) == TRUTH["second_sightings"]
    assert rows(loaded[0], "select count(*) from usage where not counted") == [(TRUTH["second_sightings"],)]


def test_each_unpriced_call_has_its_reason(loaded):
    query = "select unpriced_reason, count(*) from usage_priced where counted and cost is null group by 1"
    assert dict(rows(loaded[0], query)) == TRUTH["unpriced"]


def test_failures_retries_and_tasks_are_counted(loaded):
    query = """select count(*), count(distinct task), count(*) filter (error_category is not null),
        count(*) filter (retry_count > 0), count(*) filter (usage_status = 'missing'),
        count(*) filter (gateway_cache_hit)
        from usage where counted"""
    names = ("requests", "tasks", "failed", "retries", "usage_missing", "gateway_cache_hits")
    assert rows(loaded[0], query) == [tuple(TRUTH[name] for name in names)]


def test_an_answer_that_the_gateway_kept_costs_nothing(loaded):
    query = "select distinct cost, billable_reason from usage_priced where gateway_cache_hit"
    assert [(int(cost), reason) for cost, reason in rows(loaded[0], query)] == [(0, "gateway cache hit")]


def test_a_retried_call_is_two_attempts_and_one_cost(loaded):
    query = """select count(*), sum(attempts), max(paid) from (
        select request_id, count(*) as attempts, count(*) filter (cost > 0) as paid
        from usage_priced where source = 'litellm' group by 1 having count(*) > 1)"""
    [(calls, attempts, paid)] = rows(loaded[0], query)
    assert (attempts, paid) == (2 * calls, 1)
    assert calls > 100


def test_a_cost_that_is_an_upper_bound_says_so(loaded):
    query = """select seller, review, count(*), bool_and(cost_low < cost and cost = cost_high)
        from usage_priced where source = 'litellm' and review is not null group by all"""
    [(seller, review, count, holds)] = rows(loaded[0], query)
    assert (seller, count, holds) == ("stepfun", TRUTH["files"]["litellm.jsonl.zst"]["needs_review"], True)
    assert "upper bound" in review


def test_the_launch_shows(loaded):
    query = """select avg(requests) filter (day < '2026-11-09'), avg(requests) filter (day >= '2026-11-09')
        from (select start_at::date as day, count(*) as requests from usage where counted and isodow(start_at) < 6
            group by 1)"""
    [(before, after)] = rows(loaded[0], query)
    assert after > 2 * before


def test_the_dearest_task_ran_in_a_loop(loaded):
    query = "select task, count(*) from usage_priced where task is not null group by 1 order by sum(cost) desc limit 1"
    [(task, steps)] = rows(loaded[0], query.replace("where", "where currency = 'USD' and"))
    assert task.startswith("loop-")
    assert steps > 60


REASONS = {
    "litellm-spend-logs.csv.gz": ["cells under a header"],
    "litellm.jsonl.zst": ["not JSON"],
    "workbench.jsonl": ["not JSON", "1.5", "no time"],
}


def test_a_refused_call_in_another_currency_is_no_second_currency_of_its_task(loaded):
    mixed = "select task from usage where task is not null group by task having count(distinct currency) > 1"
    with open_reader(loaded[0]) as reader:
        tasks = reader.rows(mixed)
        told = reader.rows(f"select currency, map_keys(costs) from task_cost where task in ({mixed})")
    assert len(tasks) > 0
    assert {(currency, len(known)) for currency, known in told} == {("USD", 1)}


def test_the_bad_lines_keep_their_address_and_take_no_neighbour_along(loaded):
    query = "select f.path, r.line, r.reason from reject r join ingest_file f using (file_id) order by r.line"
    found: dict[str, list[tuple[int, str]]] = {}
    for path, line, reason in rows(loaded[0], query):
        found.setdefault(Path(path).name, []).append((line, reason))
    told = {name: truth["rejected_lines"] for name, truth in TRUTH["files"].items() if truth["rejected_lines"]}
    assert {name: [line for line, _ in lines] for name, lines in found.items()} == told
    for name, words in REASONS.items():
        assert all(word in reason for (_, reason), word in zip(found[name], words, strict=True))


@pytest.mark.parametrize("feature", ["streamed", "tools", "json_schema", "image", "video", "gateway_cache_hit"])
def test_every_feature_is_there_to_filter_by(loaded, feature):
    [(count,)] = rows(loaded[0], f"select count(*) from usage where {feature}")
    assert count > 5


@pytest.mark.parametrize("effort", ["low", "medium", "high"])
def test_every_effort_is_there(loaded, effort):
    [(count,)] = rows(loaded[0], f"select count(*) from usage where reasoning_effort = '{effort}'")
    assert count > 1000


def test_a_second_load_adds_nothing(loaded):
    warehouse, _ = loaded
    before = rows(warehouse, "select count(*), sum(fullness) from usage")
    again = [(load.note, load.merged.loaded) for load in load(warehouse)]
    assert again == [("already loaded", 0)] * len(DEMO["files"])
    assert rows(warehouse, "select count(*), sum(fullness) from usage") == before


@pytest.mark.long
def test_a_second_load_of_the_lines_adds_nothing_either(loaded):
    warehouse, _ = loaded
    paths = [SAMPLES / name for name in TRUTH["files"]]
    options = Options(demo=True, again=True)
    found = [load.merged for load in load_files(warehouse, paths, options, now=DEMO_NOW, tell=lambda text: None)]
    assert [(merged.loaded, merged.replaced) for merged in found] == [(0, 0)] * len(paths)
    assert [merged.already_there for merged in found] == [truth["requests"] for truth in TRUTH["files"].values()]


def test_what_was_billed_and_never_shown_is_told_of_steps_that_hide_something(loaded, monkeypatch):
    hidden: dict[tuple[str, int], int] = {}
    of = demo_traffic.unseen

    def unseen(call):
        return hidden.setdefault((call.task, call.step), of(call))

    monkeypatch.setattr(demo_traffic, "unseen", unseen)
    for place, work in enumerate(demo_traffic.read_works()):
        if work.project == "assistant":
            list(demo_traffic.calls_of(work, place))
    with open_reader(loaded[0]) as reader:
        found = find_escalations(reader, EVERYTHING)
    assert found.suspicions
    told = [(each.tokens or 0, hidden[each.task, each.step or 0]) for each in found.suspicions]
    assert all(0 < tokens <= truth for tokens, truth in told)
