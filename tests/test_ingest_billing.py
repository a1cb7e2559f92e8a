"""Sellers' own sums: their tokens and amounts, what tells them apart, and that no figure adds them to calls."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
DAY = 1795132800
PICO = 10**12


def load(warehouse: Path, *paths: Path) -> list[Any]:
    found = list(load_files(warehouse, list(paths), Options(), now=NOW, tell=lambda message: None))
    assert [result.error for result in found] == [None] * len(found)
    return found


def rows(warehouse: Path, text: str) -> list[tuple]:
    with open_reader(warehouse) as reader:
        return reader.rows(text)


def page(*results: dict[str, Any], day: int = 0, **given: Any) -> dict[str, Any]:
    start = DAY + day * 86400
    bucket = {"object": "bucket", "start_time": start, "end_time": start + 86400, "results": list(results)}
    return {"object": "page", "data": [bucket], "has_more": False, "next_page": None, **given}


def usage(model: str | None, prompt: int, output: int, **given: Any) -> dict[str, Any]:
    counts = {"input_tokens": prompt, "output_tokens": output, "num_model_requests": 1}
    return {"object": "organization.usage.completions.result", **counts, "model": model, **given}


def write(folder: Path, name: str, *pages: dict[str, Any]) -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(each) + "\n" for each in pages), encoding="utf-8")
    return path


def test_the_samples_are_read_to_their_own_sums(shared, tmp_path):
    folder = shared / "samples" / "openai_billing"
    load(tmp_path / "w", *sorted(folder.iterdir()))
    tokens = json.loads((folder / "organization_usage_completions.json").read_text())["data"][0]["results"][0]
    amount = json.loads((folder / "organization_costs.json").read_text())["data"][0]["results"][0]["amount"]
    text = """
        select sum(input + cache_read + cache_write + input_audio + input_image), sum(input), sum(cache_read),
            sum(output + output_audio + output_image), sum(request), sum(cost_reported),
            any_value(cost_reported_currency)
        from usage where granularity = 'bucket'
    """
    (found,) = rows(tmp_path / "w", text)
    names = ("input_tokens", "input_text_tokens", "input_cached_tokens", "output_tokens", "num_model_requests")
    assert found[:5] == tuple(tokens[name] for name in names)
    assert found[5:] == (Decimal(str(amount["value"])) * PICO, amount["currency"].upper())
    assert rows(tmp_path / "w", "select count(*) from usage_day") == [(0,)]
    assert rows(tmp_path / "w", "select count(*) from usage_cell") == [(0,)]


def test_a_bucket_pulled_again_says_what_the_last_pull_said(tmp_path):
    day = [usage("gpt-5-mini", 100, 10, project_id="a"), usage("gpt-5-mini", 50, 5, project_id="b")]
    grown = [usage("gpt-5-mini", 300, 30, project_id="a"), usage("gpt-5-mini", 50, 5, project_id="b")]
    revised = [usage("gpt-5-mini", 290, 30, project_id="a"), usage("gpt-5-mini", 50, 5, project_id="b")]
    found = []
    for number, results in enumerate((day, grown, revised)):
        (result,) = load(tmp_path / "w", write(tmp_path, f"{number}.json", page(*results)))
        found.append((result.merged.loaded, result.merged.replaced, result.merged.already_there))
    assert found == [(2, 0, 0), (0, 1, 1), (0, 1, 1)]
    assert rows(tmp_path / "w", "select project, input, output from usage order by 1") == [("a", 290, 30), ("b", 50, 5)]


def test_pages_of_one_file_are_all_read_and_of_one_bucket_twice_the_last_counts(tmp_path):
    pages = [page(usage("m", 1, 1), has_more=True), page(usage("m", 2, 2), day=1), page(usage("m", 7, 7)), page(day=2)]
    (result,) = load(tmp_path / "w", write(tmp_path, "pages.jsonl", *pages))
    assert (result.merged.loaded, result.merged.rejected) == (2, 0)
    assert rows(tmp_path / "w", "select input from usage order by start_at") == [(7,), (2,)]
    (result,) = load(
        tmp_path / "w", write(tmp_path, "one-line.json", {**pages[0], "data": [*pages[0]["data"], *pages[2]["data"]]})
    )
    assert (result.merged.replaced, result.merged.already_there) == (0, 2)


def test_a_result_that_cannot_be_read_keeps_no_other_out(tmp_path):
    (result,) = load(tmp_path / "w", write(tmp_path, "p.json", page(usage("m", -1, 1), usage("n", 1, 1))))
    assert (result.merged.loaded, result.merged.rejected) == (1, 1)


@pytest.mark.parametrize("dimension", ["project_id", "tomorrows_dimension"])
def test_whatever_a_pull_was_grouped_by_tells_its_results_apart(tmp_path, dimension):
    results = [usage("m", 1, 1, **{dimension: name}) for name in "abc"]
    (result,) = load(tmp_path / "w", write(tmp_path, "p.json", page(*results)))
    assert result.merged.loaded == 3


def test_amounts_of_anthropic_are_cents(tmp_path):
    bucket = {"starting_at": "2026-11-20T00:00:00Z", "ending_at": "2026-11-21T00:00:00Z"}
    costs = [{"amount": "123.45", "currency": "USD", "token_type": "a"}, {"amount": "0.0000004", "currency": "USD"}]
    load(tmp_path / "w", write(tmp_path, "costs.json", {"data": [{**bucket, "results": costs}], "has_more": False}))
    text = "select cost_reported, input, request, usage_status from usage order by 1 desc"
    assert rows(tmp_path / "w", text) == [(1_234500000000, None, None, "missing"), (4000, None, None, "missing")]
