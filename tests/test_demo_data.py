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

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_reader

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
DEMO = tomllib.loads((SAMPLES / "demo.toml").read_text(encoding="utf-8"))
DEMO_NOW = DEMO["now"].replace(tzinfo=None)
TRUTH = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
MADE = sorted([*DEMO["files"], "demo.toml", "truth.json"])


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
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 400_000


def test_its_now_is_after_its_newest_record(loaded):
    [(first, last)] = rows(loaded[0], "select min(start_at), max(start_at) from usage")
    assert str(first) >= "2026-11-01"
    assert str(last.date()) == "2026-11-21"
    assert last < DEMO_NOW


@pytest.mark.parametrize("name", DEMO["files"])
def test_it_holds_no_content_and_no_person(name):
    text = unpacked(SAMPLES / name).decode()
    assert set(re.findall(r'\\?"content\\?":(?! ?\[) ?([^,}]*)', text)) <= {'""', r"\"\""}
    assert set(re.findall(r'"user": ?("[^"]*")', text)) <= {f'"user-{number:02}"' for number in range(1, 25)}


def test_each_file_loads_as_the_truth_says(loaded):
    for load in loaded[1]:
        truth = TRUTH["files"][Path(load.path).name]
        merged = load.merged
        assert (load.error, merged.already_there, merged.replaced) == (None, 0, 0)
        assert {
            "requests": merged.loaded,
            "unpriced": merged.unpriced,
            "needs_review": merged.needs_review,
            "partial": merged.partial,
        } == {name: count for name, count in truth.items() if name != "rejected_lines"}
        assert merged.rejected == len(truth["rejected_lines"])


def test_only_openrouter_is_read_as_openrouter(loaded):
    assert {Path(load.path).name for load in loaded[1] if load.source == "openrouter"} == {"openrouter.jsonl.gz"}


def test_the_total_is_exact_in_every_currency(loaded):
    query = "select currency, sum(cost) from usage_priced where cost is not null group by currency"
    assert {currency: int(cost) for currency, cost in rows(loaded[0], query)} == TRUTH["cost_pico"]


@pytest.mark.parametrize("rollup", ["usage_hour_priced", "usage_day_priced", "usage_day_detail_priced"])
def test_every_rollup_has_the_teams_exact_totals(loaded, rollup):
    found: dict[str, dict[str, int]] = {team: {} for team in TRUTH["cost_pico_by_team"]}
    query = f"select team, currency, sum(cost) from {rollup} where cost is not null group by 1, 2"
    for team, currency, cost in rows(loaded[0], query):
        found[team or ""][currency] = int(cost)
    assert found == TRUTH["cost_pico_by_team"]


def test_openrouter_billed_what_we_compute(loaded):
    query = "select sum(cost_reported), sum(cost), count(*) from usage_priced where cost_reported_kind = 'billed'"
    [(reported, cost, count)] = rows(loaded[0], query)
    assert {"USD": int(reported)} == {"USD": int(cost)} == TRUTH["cost_reported_pico"]
    assert count == TRUTH["files"]["openrouter.jsonl.gz"]["requests"]
    assert rows(loaded[0], "select record_key from usage_priced where cost_reported <> cost") == []


def test_each_unpriced_call_has_its_reason(loaded):
    query = "select unpriced_reason, count(*) from usage_priced where cost is null group by 1"
    assert dict(rows(loaded[0], query)) == TRUTH["unpriced"]


def test_failures_retries_and_tasks_are_counted(loaded):
    query = """select count(*), count(distinct task), count(*) filter (error_category is not null),
        count(*) filter (retry_count > 0), count(*) filter (usage_status = 'missing')
        from usage where counted"""
    names = ("requests", "tasks", "failed", "retries", "usage_missing")
    assert rows(loaded[0], query) == [tuple(TRUTH[name] for name in names)]


def test_the_bad_lines_keep_their_address_and_take_no_neighbour_along(loaded):
    query = "select line, reason from reject order by line"
    found = rows(loaded[0], query)
    assert [line for line, _ in found] == TRUTH["files"]["workbench.jsonl"]["rejected_lines"]
    for (_, reason), word in zip(found, ("not JSON", "1.5", "no time"), strict=True):
        assert word in reason


@pytest.mark.parametrize("feature", ["streamed", "tools", "json_schema", "image", "gateway_cache_hit is null"])
def test_every_feature_is_there_to_filter_by(loaded, feature):
    [(count,)] = rows(loaded[0], f"select count(*) from usage where {feature}")
    assert count > 5


def test_a_second_load_adds_nothing(loaded):
    warehouse, _ = loaded
    before = rows(warehouse, "select count(*), sum(fullness) from usage")
    assert [(again.note, again.merged.loaded) for again in load(warehouse)] == [("already loaded", 0)] * 4
    assert rows(warehouse, "select count(*), sum(fullness) from usage") == before


def test_a_second_load_of_the_lines_adds_nothing_either(loaded):
    warehouse, _ = loaded
    paths = [SAMPLES / name for name in DEMO["files"]]
    options = Options(demo=True, again=True)
    found = [load.merged for load in load_files(warehouse, paths, options, now=DEMO_NOW, tell=lambda text: None)]
    assert [(merged.loaded, merged.replaced) for merged in found] == [(0, 0)] * 4
    assert [merged.already_there for merged in found] == [truth["requests"] for truth in TRUTH["files"].values()]
