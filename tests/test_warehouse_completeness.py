"""What one log has and another has not: by hand, and for a recorded gateway against its server's own ledger."""

import gzip
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.mapping_file import read_mapping
from ingest.options import Options
from tests.recorded_cards import SERVER, write_cards
from warehouse.completeness import overlaps
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22, 4)
LEDGER = """\
# The server's ledger of a recording: what was served, one row per attempt.
name: ledger
key: [upstream_request_id]
cached_tokens: inside
reasoning_tokens: inside
columns:
  time: ts_start
  response_id: response_id
  request_id: upstream_request_id
  model_served: model_served
  base_url: address
  prompt: in_total
  completion: out_total
  reasoning: out_reasoning
  cache_read: in_cache_read
  cache_write_5m: in_cache_write_5m
  cache_write_1h: in_cache_write_1h
  status: status
  task: task_id
  cost_reported: {column: truth_cost_usd, unit: usd, currency: USD}
"""


def load(warehouse: Path, path: Path, options: Options | None = None) -> Any:
    (result,) = load_files(warehouse, [path], options or Options(), now=NOW, tell=lambda message: None)
    assert result.error is None
    return result.merged


def ledger_rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth_ledger.jsonl").read_text().splitlines()]


def answer(number: int, seconds: int, **more: Any) -> dict[str, Any]:
    usage = {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11}
    body = {"id": f"gen-{number:08d}", "model": "stepfun/step-3.7-flash", "usage": usage} | more
    return {"time": f"2026-11-20T10:00:{seconds:02d}Z", "seller": "openrouter", "response": body}


def test_what_is_in_one_log_alone_is_counted_between_the_first_and_the_last_common_call(tmp_path):
    ours = [answer(number, number) for number in (1, 2, 3, 5, 9)]
    ours.append(
        {"time": "2026-11-20T10:00:04Z", "seller": "openrouter", "status": 429, "error": {"code": "rate_limit"}}
    )
    (tmp_path / "ours.jsonl").write_text("".join(json.dumps(line) + "\n" for line in ours))
    header = "generation_id,created_at,tokens_prompt,tokens_completion,model_permaslug"
    theirs = [f"gen-{number:08d},2026-11-20 10:00:0{number},10,1,stepfun/step-3.7-flash" for number in (0, 1, 3, 4, 5)]
    (tmp_path / "theirs.csv").write_text("\n".join([header, *theirs]) + "\n")
    for name in ("ours.jsonl", "theirs.csv"):
        load(tmp_path / "warehouse", tmp_path / name)
    with open_reader(tmp_path / "warehouse") as reader:
        (found,) = overlaps(reader)
    assert found[:3] == ("openai_compatible", "openrouter_activity", "openrouter")
    assert (found.first_at.second, found.last_at.second) == (1, 5)
    assert found.calls_in_both == 3
    # Call 2, and a refusal that cost nothing; call 9 is after the last common one.
    assert (found.calls_in_one, found.charged_in_one) == (2, 1)
    assert (found.calls_in_other, found.charged_in_other) == (1, 1)


def test_a_single_log_is_compared_with_nothing(tmp_path):
    (tmp_path / "ours.jsonl").write_text(json.dumps(answer(1, 1)) + "\n")
    load(tmp_path / "warehouse", tmp_path / "ours.jsonl")
    with open_reader(tmp_path / "warehouse") as reader:
        assert overlaps(reader) == ()


@pytest.fixture(scope="module")
def beside(shared, tmp_path_factory) -> tuple[Path, Path]:
    """LiteLLM's log and, under a mapping, the ledger of the server behind it."""
    folder = shared / "recorded" / "litellm_proxy"
    made = tmp_path_factory.mktemp("beside")
    warehouse = made / "warehouse"
    write_cards(warehouse)
    (made / "ledger.yaml").write_text(LEDGER)
    with (made / "ledger.jsonl").open("w") as file:
        for row in ledger_rows(folder):
            file.write(json.dumps(row | {"address": f"{SERVER}{row['path']}"}) + "\n")
    with gzip.open(folder / "custom_logger_standard_logging_object.jsonl.gz", "rb") as packed:
        (made / "litellm.jsonl").write_bytes(packed.read())
    load(warehouse, made / "litellm.jsonl")
    merged = load(warehouse, made / "ledger.jsonl", Options(mapping=read_mapping(made / "ledger.yaml")))
    assert (merged.loaded, merged.rejected) == (212, 0)
    return warehouse, folder


def test_calls_that_the_gateway_never_logged_show_beside_the_servers_ledger(beside):
    """By the answer's id; Anthropic's is replaced by LiteLLM and matches by nothing but counts and time."""
    warehouse, folder = beside
    with gzip.open(folder / "custom_logger_standard_logging_object.jsonl.gz", "rt") as file:
        logged = [json.loads(line)["standard_logging_object"] for line in file]
    ids = {row["id"] for row in logged if row["status"] == "success"}
    with open_reader(warehouse) as reader:
        found = {overlap.seller: overlap for overlap in overlaps(reader)}
        counted = reader.rows("""
            select seller, count(*), sum(cost) from usage_priced u join ingest_file using (file_id)
            where counted and path like '%ledger.jsonl' and costing <> 'free' group by seller
        """)
    served = [row for row in ledger_rows(folder) if row["response_id"] and row["billed"]]
    for seller, dialect in (("stepfun", "stepfun"), ("deepseek", "deepseek")):
        theirs = [row for row in served if row["dialect"] == dialect]
        missing = [row for row in theirs if row["response_id"] not in ids]
        assert found[seller].calls_in_both == len(theirs) - len(missing)
        # They are calls that the server billed and the log does not have: counted, and named as such.
        assert found[seller].charged_in_other <= len(missing)
    assert Counter(row["dialect"] for row in served if row["response_id"] not in ids)["deepseek"] > 0
    assert found["deepseek"].charged_in_other > 0
    assert {seller for seller, *_ in counted} >= {"deepseek", "openai"}
