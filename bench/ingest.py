"""Ingest: the whole pipeline against DuckDB's own typed read of the same file, and against reading row by row."""

import json
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from ingest.load import load_files
from ingest.options import Options

NOW = datetime(2026, 11, 22)
TYPES = """{
    time: 'DOUBLE', base_url: 'VARCHAR', request: 'STRUCT(model VARCHAR, reasoning_effort VARCHAR)',
    response: 'STRUCT(id VARCHAR, "object" VARCHAR, created BIGINT, model VARCHAR, choices STRUCT("index" INT,
        message STRUCT("role" VARCHAR, content VARCHAR), finish_reason VARCHAR)[], usage STRUCT(prompt_tokens BIGINT,
        completion_tokens BIGINT, total_tokens BIGINT,
        prompt_tokens_details STRUCT(cached_tokens BIGINT, audio_tokens BIGINT),
        completion_tokens_details STRUCT(reasoning_tokens BIGINT, audio_tokens BIGINT)))',
    status: 'INT', latency_ms: 'BIGINT', ttft_ms: 'BIGINT', attempt: 'INT', retries: 'INT', task: 'VARCHAR',
    step: 'INT', session: 'VARCHAR', team: 'VARCHAR', project: 'VARCHAR', "user": 'VARCHAR', environment: 'VARCHAR',
    tags: 'MAP(VARCHAR, VARCHAR)'}"""


def bare(log: Path, work: Path) -> None:
    """DuckDB's own: create a table from the file, in a database file."""
    target = work / "bare.duckdb"
    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as connection:
        read = f"read_json($log, format = 'newline_delimited', columns = {TYPES})"
        connection.execute(f"create table call as select * from {read}", {"log": str(log)})


def whole(log: Path, work: Path) -> None:
    """Parse, check, quarantine, dedupe, rate, store, roll up: into an empty warehouse."""
    _load(log, work / "warehouse", Options())


def known_file(log: Path, work: Path) -> None:
    """The same file once more."""
    _load(log, work / "warehouse", Options())


def known_records(log: Path, work: Path) -> None:
    """The same file once more, with the manifest off: every record is looked at."""
    _load(log, work / "warehouse", Options(again=True))


def with_pydantic(log: Path, work: Path) -> None:
    """A peer that reads as many tools do: a pydantic record for each line, Arrow, DuckDB."""
    from pydantic import BaseModel

    class Usage(BaseModel):
        prompt_tokens: int
        completion_tokens: int
        total_tokens: int
        prompt_tokens_details: dict[str, int]
        completion_tokens_details: dict[str, int]

    class Call(BaseModel):
        time: float
        base_url: str
        status: int
        latency_ms: int
        task: str
        step: int
        team: str
        project: str
        usage: Usage

    _store_rows(log, work, lambda value: Call(**value, usage=value["response"]["usage"]).model_dump())


def with_orjson(log: Path, work: Path) -> None:
    """The same without records: the parsed line's fields as they are."""
    names = ("time", "base_url", "status", "latency_ms", "task", "step", "team", "project")
    _store_rows(log, work, lambda value: {**{n: value[n] for n in names}, "usage": value["response"]["usage"]})


def _store_rows(log: Path, work: Path, row_of: Callable[[Any], dict[str, Any]]) -> None:
    """Read line by line into Arrow chunks, and those into a database file."""
    import orjson
    import pyarrow as pa

    target = work / "rows.duckdb"
    target.unlink(missing_ok=True)
    with log.open("rb") as file, duckdb.connect(str(target)) as connection:
        while rows := [row_of(orjson.loads(line)) for line in islice(file, 100_000)]:
            connection.register("more_rows", pa.Table.from_pylist(rows))
            connection.execute("create table if not exists call as select * from more_rows limit 0")
            connection.execute("insert into call select * from more_rows")


def _load(log: Path, warehouse: Path, options: Options) -> None:
    for result in load_files(warehouse, [log], options, now=NOW, tell=lambda message: None):
        print(json.dumps({"note": result.note, "error": result.error, **result.merged._asdict()}))
