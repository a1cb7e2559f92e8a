"""What each kind of log becomes: a case and its expected rows side by side, and the real samples by their own sums.

A case is ``golden/ingest/SOURCE/CASE.in.json``, ``.in.jsonl`` or ``.in.sse``; beside it, in ``CASE.out.json``, is what
the warehouse holds after loading it. ``make golden`` rewrites what is expected.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.options import Options
from ingest.registry import SOURCES
from warehouse.batch import Given
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
CASES = Path(__file__).parent / "golden" / "ingest"
INPUTS = sorted(path for path in CASES.glob("*/*.in.*"))
DERIVED = ("record_key", "file_id", "rate_id", "user_hash", "fullness", "raw_usage")
"""Columns of which a person can judge nothing, or which ``currency`` and ``cost`` show."""


def read_back(warehouse: Path, path: Path) -> dict[str, Any]:
    """A file's rows, without what is NULL, and the lines it could not give."""
    with open_reader(warehouse) as reader:
        text = f"""
            select u.* exclude ({", ".join(DERIVED)}) from usage_priced u
            join ingest_file f on f.file_id = u.file_id where f.path = $path order by u.line, u.response_id
        """
        found = reader.connection.execute(text, {"path": str(path)})
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        text = """
            select r.line, reason, text from reject r join ingest_file f on f.file_id = r.file_id
            where f.path = $path order by r.line, reason
        """
        rejects = reader.rows(text, {"path": str(path)})
    return {
        "rows": [{name: _plain(value) for name, value in row.items() if value is not None} for row in rows],
        "rejects": [dict(zip(("line", "reason", "text"), reject, strict=True)) for reject in rejects],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() + "Z" if isinstance(value, datetime) else value


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> Path:
    """The warehouse after loading every case, each as the source whose folder it is in."""
    warehouse = tmp_path_factory.mktemp("golden") / "warehouse"
    for source in {path.parent.name for path in INPUTS}:
        paths = [path for path in INPUTS if path.parent.name == source]
        for result in load_files(warehouse, paths, Options(), now=NOW, tell=lambda message: None):
            assert (result.error, result.source) == (None, source), result.path
    return warehouse


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name.split('.')[0]}")
def test_a_log_becomes_what_its_twin_says(cases, golden, path):
    name = path.name.split(".in.")[0]
    golden(f"ingest/{path.parent.name}/{name}.out.json", read_back(cases, path.resolve()))


def test_every_source_has_a_case_and_every_case_a_source():
    assert {path.parent.name for path in INPUTS} == {source.name for source in SOURCES}
    expected = {path.parent / f"{path.name.split('.in.')[0]}.out.json" for path in INPUTS}
    assert set(CASES.glob("*/*.out.json")) == expected


def test_a_case_holds_no_content():
    for path in INPUTS:
        for text in json_texts(path.read_text(encoding="utf-8")):
            assert len(text) < 40 or text.startswith(("data: ", "{")), f"{path.name}: {text[:100]}"


def json_texts(text: str) -> Iterator[str]:
    """Every string of a text of JSON documents, lines or events."""
    found: list[Any] = []
    for line in [text, *text.split("\n")]:
        try:
            found.append(json.loads(line.removeprefix("data: ")))
        except ValueError:
            continue
    while found:
        value = found.pop()
        if isinstance(value, str):
            yield value
        found += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []


SAMPLES = ("openai", "openai_compatible", "openrouter", "stepfun")


def sample_paths(shared: Path) -> list[Path]:
    return [path for folder in SAMPLES for path in sorted((shared / "samples" / folder).iterdir())]


def answers_of(path: Path) -> list[dict[str, Any]]:
    """The answers of a sample, as a reader of its own sees them: usage, and whether it is one of our two shapes."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sse":
        events = [json.loads(line[6:]) for line in text.split("\n") if line.startswith("data: {")]
        return [next((event for event in reversed(events) if event.get("usage")), events[-1])]
    return [json.loads(text)] if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]


def is_openai_shaped(usage: dict[str, Any]) -> bool:
    if "prompt_tokens" in usage:
        return True
    return "input_tokens" in usage and "cache_read_input_tokens" not in usage


def counts_of(usage: dict[str, Any]) -> tuple[int, int, int]:
    """Prompt, completion and cached tokens, by hand."""
    inside = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
    cached = inside.get("cached_tokens", usage.get("cached_tokens", usage.get("prompt_cache_hit_tokens")))
    return (
        usage.get("prompt_tokens", usage.get("input_tokens", 0)),
        usage.get("completion_tokens", usage.get("output_tokens", 0)),
        cached or 0,
    )


@pytest.fixture(scope="module")
def samples(shared, tmp_path_factory) -> Path:
    """The warehouse after loading every sample of OpenAI's shape, with a time for those that have none."""
    warehouse = tmp_path_factory.mktemp("samples") / "warehouse"
    options = Options(given=Given(time=datetime(2026, 7, 1)))
    for result in load_files(warehouse, sample_paths(shared), options, now=NOW, tell=lambda message: None):
        assert result.error is None
    return warehouse


def test_samples_are_read_to_their_own_sums(samples, shared):
    text = """
        select count(*), coalesce(sum(input + coalesce(cache_read, 0) + coalesce(cache_write, 0)
            + coalesce(input_audio, 0) + coalesce(input_image, 0) + coalesce(input_video, 0)), 0),
            coalesce(sum(output + coalesce(output_audio, 0) + coalesce(output_image, 0)), 0),
            coalesce(sum(cache_read), 0)
        from usage u join ingest_file f on f.file_id = u.file_id where f.path = $path and input is not null
    """
    compared = 0
    with open_reader(samples) as reader:
        for path in sample_paths(shared):
            usages = [answer["usage"] for answer in answers_of(path) if answer.get("usage")]
            ours = [counts_of(usage) for usage in usages if is_openai_shaped(usage)]
            (found,) = reader.rows(text, {"path": str(path.resolve())})
            assert tuple(map(int, found)) == (len(ours), *(sum(each[at] for each in ours) for at in range(3))), path
            compared += len(ours)
    assert compared > 50


def test_what_is_refused_of_the_samples_has_a_reason(samples, shared):
    text = "select r.line, reason from reject r join ingest_file f on f.file_id = r.file_id where f.path = $path"
    refused = 0
    with open_reader(samples) as reader:
        for path in sample_paths(shared):
            foreign = {
                number
                for number, answer in enumerate(answers_of(path), 1)
                if not is_openai_shaped(answer["usage"] if answer.get("usage") else {"prompt_tokens": 0})
            }
            found = dict(reader.rows(text, {"path": str(path.resolve())}))
            timeless = {number for number, reason in found.items() if "no time" in reason}
            assert found.keys() - timeless == foreign, path
            assert all("Messages shape" in found[number] or "usage holds none" in found[number] for number in foreign)
            refused += len(foreign)
    assert refused > 0


def test_an_answer_without_usage_is_missing_not_zero(samples):
    with open_reader(samples) as reader:
        text = "select usage_status, input, output, cost from usage_priced where response_id = $id"
        stream = reader.rows(text, {"id": "chatcmpl-ASYMZbRqo8Bkz53FVzaTj7W7feOn4"})
        failed = reader.rows("select error_category, usage_status, input from usage where error_category is not null")
    assert stream == [("missing", None, None, None)]
    assert sorted(failed) == [("invalid_request", "missing", None), ("not_found", "missing", None)]
