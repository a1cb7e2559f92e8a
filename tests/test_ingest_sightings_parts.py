"""A call with an adviser, in logs that list its parts and in logs that add them up or leave them out: billed once."""

import json
from datetime import datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
ID = "msg_01AAAAAAAAAAAAAAAAAAAAAA"
MODEL = "claude-opus-4-5-20251101"
BEGAN = 1795165200
OWN = {
    "input_tokens": 100,
    "cache_read_input_tokens": 50,
    "cache_creation_input_tokens": 500,
    "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 300},
    "output_tokens": 10,
}
ADVISER = {"input_tokens": 2000, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0, "output_tokens": 22}
ITERATIONS = [
    {"type": "message", **OWN},
    {"type": "compaction", "input_tokens": 30, "output_tokens": 3},
    {"type": "advisor_message", "model": "claude-opus-4-8", **ADVISER},
]
PARTS = [(None, 650, 10), ("advisor", 2000, 22), ("compaction", 30, 3)]


def envelope() -> dict[str, Any]:
    usage = {**OWN, "iterations": ITERATIONS}
    answer = {"id": ID, "type": "message", "model": MODEL, "stop_reason": "end_turn", "usage": usage}
    return {"time": BEGAN, "base_url": "https://api.anthropic.com", "response": answer}


def litellm(**listed: Any) -> dict[str, Any]:
    """What LiteLLM writes of it: all parts added up, cached tokens inside the prompt, and the caller's task."""
    inside = {"cached_tokens": 50, "cache_creation_tokens": 500}
    return {
        "id": ID,
        "litellm_call_id": "c0000001-1111-4111-8111-111111111111",
        "call_type": "anthropic_messages",
        "status": "success",
        "custom_llm_provider": "anthropic",
        "api_base": "https://api.anthropic.com/v1/messages",
        "startTime": BEGAN + 0.1,
        "endTime": BEGAN + 2.0,
        "model": MODEL,
        "prompt_tokens": 2680,
        "completion_tokens": 35,
        "total_tokens": 2715,
        "metadata": {"user_api_key_team_alias": "support", "usage_object": {"prompt_tokens_details": inside, **listed}},
        "request_tags": ["task:ticket-1"],
    }


def tokens(warehouse: Path) -> list[tuple[str | None, int, int]]:
    """Of what is counted: role, input and output."""
    with open_reader(warehouse) as reader:
        return reader.rows(
            """
            select role, input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
                + coalesce(cache_write, 0), output
            from usage where counted order by role nulls first
            """,
            {},
        )


def load(folder: Path, records: list[dict[str, Any]]) -> Path:
    for number, record in enumerate(records):
        path = folder / f"{number}.jsonl"
        path.write_text(json.dumps(record) + "\n", encoding="utf-8")
        for result in load_files(folder / "warehouse", [path], Options(), now=NOW, tell=lambda message: None):
            assert result.error is None
    return folder / "warehouse"


@pytest.mark.parametrize("records", list(permutations([envelope(), litellm()])))
def test_a_log_that_adds_the_parts_up_gives_way_to_one_that_lists_them(tmp_path, records):
    assert tokens(load(tmp_path, list(records))) == PARTS


@pytest.mark.parametrize("records", list(permutations([envelope(), litellm(iterations=ITERATIONS)])))
def test_a_part_is_the_same_part_in_every_log_that_lists_it(tmp_path, records):
    """A compaction names no model, and is a part of its own in LiteLLM's log, too."""
    assert tokens(load(tmp_path, list(records))) == PARTS
