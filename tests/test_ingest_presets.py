"""Presets: each knows its own files and no others, and reads them to the sums that a hand makes."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.generic import missing_columns
from ingest.load import load_files
from ingest.mapping_checks import find_problems
from ingest.options import Options
from ingest.preset import FOLDER
from ingest.registry import SOURCES, find_source
from ingest.sample import take_sample
from ingest.source import Sample
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
GOLDEN = Path(__file__).parent / "golden" / "ingest"
PRESETS = {source.name: source.mapping for source in SOURCES if source.mapping}
parametrize_presets = pytest.mark.parametrize("name", PRESETS)
NAMES = {
    "azure_apim": ("PromptTokens", "CompletionTokens"),
    "cloudflare_ai_gateway": ("tokens_in", "tokens_out"),
    "envoy_ai_gateway": ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"),
}
"""Presets whose rows are counted by hand: where their counts stand."""


def records(path: Path) -> Iterator[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        yield from csv.DictReader(text.splitlines())
    elif path.suffix == ".jsonl":
        yield from map(json.loads, text.splitlines())
    else:
        yield from json.loads(text)["result"]


def test_every_preset_is_a_file_and_says_where_its_fields_are_documented():
    assert sorted(PRESETS) == sorted(path.stem for path in FOLDER.glob("*.yaml"))
    for name, mapping in PRESETS.items():
        assert str(mapping.documented_at).startswith("https://"), name
        assert mapping.columns_required and list(find_problems(mapping)) == []
    assert [name for name, mapping in PRESETS.items() if mapping.seen] == ["envoy_ai_gateway"]


@parametrize_presets
def test_a_presets_files_are_recognised_by_it_alone(name):
    for path in sorted((GOLDEN / name).glob("*.in.*")):
        sample = take_sample(path)
        assert find_source(sample, path.name).name == name
        assert [each for each, mapping in PRESETS.items() if not missing_columns(mapping, sample)] == [name]


@parametrize_presets
def test_a_file_that_lacks_one_column_is_not_recognised(name):
    for required in PRESETS[name].columns_required:
        plain = [each.removeprefix("each.") for each in required]
        assert missing_columns(PRESETS[name], Sample("table", (), tuple(plain[1:]))) != []


@pytest.mark.parametrize("name", NAMES)
def test_sums_are_those_of_the_rows(name, tmp_path):
    prompt, completion = NAMES[name]
    paths = sorted((GOLDEN / name).glob("*.in.*"))
    results = list(load_files(tmp_path / "w", paths, Options(), now=NOW, tell=lambda message: None))
    assert all(result.error is None for result in results)
    expected: list[tuple[int, int]] = []
    for path in paths:
        for row in records(path):
            counts = row.get(prompt), row.get(completion)
            readable = all(str(row.get(key[0].removeprefix("each.")) or "") for key in PRESETS[name].key)
            if readable and all(str(count).isdigit() for count in counts) and any(map(int, counts)):  # type: ignore[arg-type]
                expected.append((int(counts[0]), int(counts[1])))  # type: ignore[arg-type]
    with open_reader(tmp_path / "w") as reader:
        found = reader.rows("select input, output from usage where input is not null order by all")
    assert sorted(found) == sorted(expected) and len(expected) > 1


def test_a_real_access_log_of_envoy_loads(shared, tmp_path):
    path = shared / "samples" / "envoy_ai_gateway" / "access_log_llm.json"
    (result,) = load_files(tmp_path / "w", [path], Options(), now=NOW, tell=lambda message: None)
    assert (result.source, result.merged.loaded, result.merged.rejected) == ("envoy_ai_gateway", 1, 0)
    with open_reader(tmp_path / "w") as reader:
        rows = reader.rows("select model_requested, input, output, total_reported, latency_ms, start_at from usage")
    assert rows == [("gpt-4o-mini", 15, 7, 22, 1526, datetime(2025, 8, 30, 16, 51, 37, 894000))]
