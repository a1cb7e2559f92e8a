"""The rows that the tests of mapping files read, and the mapping that reads them."""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.generic import read
from ingest.load import load_files
from ingest.mapping import Mapping
from ingest.mapping_file import parse_mapping
from ingest.options import Options
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
EDGE = """
name: edge
cached_tokens: inside
key: [id]
columns:
  time: {column: started, zone: Europe/Berlin}
  request_id: id
  model_served: model
  seller: vendor
  prompt: tokens_in
  completion: tokens_out
  total: total
  cache_read: cached
  cost_reported: {column: cost, unit: cents, currency: USD}
  latency_ms: {column: took, unit: s}
  status: {column: state, values: {fine: 200, slow: timeout, "-": null}}
  streamed: stream
  team: meta.team
tags: {feature: meta.feature}
"""
ROW: dict[str, Any] = {
    "id": "a-1",
    "started": "2026-11-20 10:00:00",
    "model": "step-3.7-flash",
    "vendor": "stepfun",
    "tokens_in": 1000,
    "tokens_out": 50,
    "total": 1050,
    "cached": 800,
    "cost": 0.0129,
    "took": 1.25,
    "state": "fine",
    "stream": True,
    "meta": {"team": "search", "feature": "summary"},
}


def mapping(text: str = EDGE, **changes: Any) -> Mapping:
    return Mapping.model_validate(parse_mapping(text, "map.yaml").model_dump() | changes)


def reading(under: Mapping, row: dict[str, Any]) -> dict[str, Any]:
    (found,) = read(under, row, (), None)
    return found


def load(warehouse: Path, path: Path, options: Options) -> Any:
    (result,) = load_files(warehouse, [path], options, now=NOW, tell=lambda message: None)
    assert result.error is None
    return result


def stored(warehouse: Path, columns: str = "* exclude (file_id, fullness)") -> list[tuple]:
    with open_reader(warehouse) as reader:
        return reader.rows(f"select {columns} from usage order by line, record_key")


def rows() -> list[dict[str, Any]]:
    return [
        {**ROW, "id": f"a-{number}", "started": f"2026-11-20 10:00:{number:02}", "cached": number % 3 * 100}
        for number in range(10)
    ]


def write_all(folder: Path, content: list[dict[str, Any]]) -> dict[str, Path]:
    """The same rows as CSV, JSON lines, a JSON document and Parquet."""
    paths = {ending: folder / f"calls.{ending}" for ending in ("csv", "jsonl", "json", "parquet")}
    flat = [{**row, "meta": json.dumps(row["meta"])} for row in content]
    with paths["csv"].open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(ROW))
        writer.writeheader()
        writer.writerows(flat)
    paths["jsonl"].write_text("".join(json.dumps(row) + "\n" for row in content), encoding="utf-8")
    paths["json"].write_text(json.dumps(content, indent=1), encoding="utf-8")
    times = [datetime.fromisoformat(row["started"]) for row in content]
    table = pa.Table.from_pylist(content)
    at = table.schema.get_field_index("started")
    pq.write_table(table.set_column(at, "started", pa.array(times, pa.timestamp("ns"))), paths["parquet"])
    return paths
