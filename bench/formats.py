"""Logs that are read row by row in Python: rows per second of CPU of a whole load, against answers read in SQL."""

import csv
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.ingest import NOW
from bench.lines import write_lines
from ingest.load import load_files
from ingest.mapping_file import parse_mapping
from ingest.options import Options

ROWS = int(os.environ.get("BENCH_ROWS", "50000"))
START = datetime(2026, 11, 1)
MODEL = "stepfun/step-3.7-flash-20260528"
MAPPING = """
name: bench_rows
key: [generation_id]
cached_tokens: inside
columns: {time: created_at, response_id: generation_id, model_served: model_permaslug, prompt: tokens_prompt,
  completion: tokens_completion, cache_read: tokens_cached,
  cost_reported: {column: cost_total, unit: usd, currency: USD}}
constants: {seller: openrouter}
"""


def rows() -> Iterator[dict[str, Any]]:
    """Rows of OpenRouter's activity export."""
    for number in range(ROWS):
        prompt, output = 1_000 + number % 9_000, 50 + number % 900
        yield {
            "generation_id": f"gen-{number:08d}",
            "created_at": (START + timedelta(seconds=number)).isoformat(sep=" ", timespec="milliseconds"),
            "cost_total": f"{prompt * 2e-7 + output * 1.15e-6:.9f}",
            "tokens_prompt": prompt,
            "tokens_completion": output,
            "tokens_cached": prompt // 2,
            "model_permaslug": MODEL,
        }


def payloads() -> Iterator[dict[str, Any]]:
    """The same calls as LiteLLM writes them, without what no reader looks at."""
    for row in rows():
        usage = {"prompt_tokens_details": {"cached_tokens": row["tokens_cached"]}, "completion_tokens_details": {}}
        people = {"user_api_key_team_alias": "search", "user_api_key_user_id": "u-1", "user_api_key_alias": "key-1"}
        yield {
            "id": row["generation_id"],
            "litellm_call_id": f"call-{row['generation_id']}",
            "call_type": "acompletion",
            "status": "success",
            "cache_hit": False,
            "startTime": row["created_at"],
            "endTime": row["created_at"],
            "model": f"openrouter/{MODEL}",
            "custom_llm_provider": "openrouter",
            "api_base": "https://openrouter.ai/api/v1",
            "prompt_tokens": row["tokens_prompt"],
            "completion_tokens": row["tokens_completion"],
            "total_tokens": row["tokens_prompt"] + row["tokens_completion"],
            "response_cost": float(row["cost_total"]),
            "request_tags": ["env:prod"],
            "metadata": {**people, "spend_logs_metadata": {"task_id": "t-1", "step": 1}, "usage_object": usage},
            "model_parameters": {"stream": False},
        }


def write_payloads(path: Path) -> None:
    """LiteLLM's payloads, a line each."""
    with path.open("w") as file:
        file.writelines(json.dumps(payload) + "\n" for payload in payloads())


def write_csv(path: Path) -> None:
    """The export as CSV."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, next(rows()).keys())
        writer.writeheader()
        writer.writerows(rows())


def cpu_s(path: Path, options: Options, warehouse: Path) -> float:
    """Seconds of CPU that a load into an empty warehouse takes."""
    shutil.rmtree(warehouse, ignore_errors=True)
    began = time.process_time()
    (result,) = load_files(warehouse, [path], options, now=NOW, tell=lambda message: None)
    assert (result.error, result.merged.loaded) == (None, ROWS)
    return time.process_time() - began


def table(scratch: Path, times: int) -> list[str]:
    """The results, for RESULTS.md."""
    mapped = Options(mapping=parse_mapping(MAPPING, "bench"))
    writers: dict[str, tuple[str, Callable[[Path], None], Options]] = {
        "answers in an envelope, in SQL": ("answers.jsonl", lambda path: write_lines(path, ROWS), Options()),
        "LiteLLM's payloads": ("payloads.jsonl", write_payloads, Options()),
        "OpenRouter's activity CSV": ("activity.csv", write_csv, Options()),
        "the same CSV under a mapping": ("mapped.csv", write_csv, mapped),
    }
    taken: dict[str, list[float]] = {name: [] for name in writers}
    for name, write, _ in writers.values():
        write(scratch / name)
    for _ in range(times):
        for shape, (name, _, options) in writers.items():
            taken[shape].append(cpu_s(scratch / name, options, scratch / "formats"))
    first = median(next(iter(taken.values())))
    lines = [
        f"| {shape} | {ROWS / median(found):,.0f} | {median(found) / first:.1f} |" for shape, found in taken.items()
    ]
    return [
        f"## Formats read row by row: {ROWS:,} rows, the whole load",
        "",
        "| | rows per s of CPU | CPU against the first |",
        "|---|---|---|",
        *lines,
        "",
    ]


if __name__ == "__main__":
    folder = Path(__file__).parent / "scratch"
    folder.mkdir(exist_ok=True)
    print("\n".join(table(folder, 1)))
