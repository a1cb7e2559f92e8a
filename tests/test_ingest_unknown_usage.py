"""Usage fields that nobody reads: kept, counted, told on the day they appear, and in no figure."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.load import load_files
from ingest.options import Options
from ingest.unknown_usage import MOST, unknown_usage
from tests.kept import empty
from tests.tollbook_command import Tollbook
from warehouse.connection import open_reader
from warehouse.unknown_fields import unknown_fields

NOW = datetime(2026, 11, 22)


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def line(number: int, **more: Any) -> dict[str, Any]:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, **more}
    body = {"id": f"chatcmpl-{number:08}", "model": "stepfun/step-3.7-flash", "usage": usage}
    return {"time": 1_790_000_000 + number, "base_url": "https://api.novita.ai/openai", "response": body}


def load(tmp_path, lines, name="log.jsonl"):
    path = tmp_path / name
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    (result,) = load_files(tmp_path / "warehouse", [path], Options(), now=NOW, tell=lambda message: None)
    assert result.error is None
    return result


def stored(tmp_path):
    with open_reader(tmp_path / "warehouse") as reader:
        return unknown_fields(reader)


def test_a_new_field_is_counted_wherever_it_stands_in_the_file(tmp_path):
    lines = [line(number) for number in range(50)]
    lines[30] = line(30, thought_units=7)
    lines[31] = line(31, prompt_tokens_details={"cached_tokens": 2, "page_tokens": 3}, thought_units=8)
    result = load(tmp_path, lines)
    assert [text for text in result.warnings if "does not know" in text] == [
        "usage fields that Tollbook does not know, in no figure: thought_units (2), "
        "prompt_tokens_details.page_tokens (1); see tollbook fields"
    ]
    thought, page = stored(tmp_path)
    assert (thought.field, thought.records, thought.line, thought.seller) == ("thought_units", 2, 31, "novita")
    assert (page.field, page.records, page.line, page.example) == ("prompt_tokens_details.page_tokens", 1, 32, "3")
    with open_reader(tmp_path / "warehouse") as reader:
        sums = reader.rows("select count(*), sum(input), sum(cache_read), sum(output) from usage")
    assert sums == [(50, 498, 2, 250)]


def test_known_fields_are_none_and_a_second_load_counts_nothing_twice(tmp_path):
    load(tmp_path, [line(1), line(2, prompt_tokens_details={"cached_tokens": 1, "audio_tokens": 0})])
    assert stored(tmp_path) == ()
    load(tmp_path, [line(3, new_units=1)], "other.jsonl")
    load(tmp_path, [line(3, new_units=1), line(4, new_units=2)], "again.jsonl")
    assert [(row.field, row.records) for row in stored(tmp_path)] == [("new_units", 2)]


def test_the_command_lists_them(tmp_path, capsys):
    load(tmp_path, [line(1, new_units=12)])
    tollbook = Tollbook(tmp_path / "warehouse", capsys)
    (row,) = tollbook.rows("fields")
    assert (row["field"], row["records"], row["example"]) == ("new_units", 1, "12")
    assert tollbook("fields") == 0
    assert "new_units" in tollbook.out and "log.jsonl:1" in tollbook.out


def test_an_unknown_field_that_names_a_cache_puts_the_call_under_review(tmp_path):
    load(tmp_path, [line(1, input_token_details={"cache_read": 4}), line(2, input_token_details={"cache_read": 0})])
    with open_reader(tmp_path / "warehouse") as reader:
        text = "select review, cost_read > cost_low, cost_read = cost_high from usage order by start_at"
        doubtful, sure = reader.rows(text)
    assert doubtful == (
        "cached tokens may stand under a name that is not read; "
        "cached tokens are not in this log: the cost is an upper bound",
        True,
        True,
    )
    assert sure[0] is None


@pytest.mark.parametrize(
    ("usage", "found"),
    [
        ({"a": 1, "b": {"c": 2}}, {"b.c": 2}),
        ({"a": 1, "z": {}, "y": [], "x": None}, {}),
        ({"list": [{"n": 1}, {"n": 2, "m": True}]}, {"list[].n": 2, "list[].m": True}),
        ({"note": "a sentence that somebody wrote"}, {"note": None}),
        ({"key": "sk-abcdefghijklmnop"}, {"key": None}),
        ({"two words": 3}, {}),
        ({"kept": {"deep": {"deeper": 1}}}, {}),
    ],
)
def test_what_stands_in_a_field_is_kept_where_it_is_no_content(usage, found):
    assert json.loads(unknown_usage(usage, {"a", "kept.*"}) or "{}") == found


words = st.text(st.characters(codec="utf-8"), max_size=60)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=60),
    max_leaves=80,
)


@given(st.dictionaries(words, values, max_size=60))
def test_what_is_kept_is_small_and_holds_no_sentence(usage):
    kept = json.loads(unknown_usage(usage, ()) or "{}")
    assert len(kept) <= MOST
    assert all(" " not in str(text) for pair in kept.items() for text in pair if isinstance(text, str))
