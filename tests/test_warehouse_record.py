"""The usage record and the table ``usage`` say the same: fields, order, what may be missing, kinds, and words."""

import json
import re
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import duckdb
import pytest

from ingest.load import load_files
from ingest.options import Options
from pricing.meters import METERS
from warehouse.batch import Given
from warehouse.connection import open_reader
from warehouse.migrate import migrate
from warehouse.record import UsageRecord

NOW = datetime(2026, 11, 22)
FAMILIES = {
    str: ("VARCHAR",),
    int: ("BIGINT", "INTEGER"),
    bool: ("BOOLEAN",),
    datetime: ("TIMESTAMP",),
    dict: ("MAP(VARCHAR, VARCHAR)",),
}
FIELDS = UsageRecord.model_fields


def kinds_of(annotation: Any) -> set[type]:
    """The plain types that an annotation allows; a literal's are those of its words."""
    if isinstance(annotation, UnionType) or get_origin(annotation) in (Literal, Union):
        parts = get_args(annotation)
        return {kind for part in parts for kind in (kinds_of(part) if not isinstance(part, str) else {str})}
    return {get_origin(annotation) or annotation}


def words_of(annotation: Any) -> set[str]:
    """The words that a literal allows; none for any other annotation."""
    parts = get_args(annotation)
    return {word for part in parts for word in ({part} if isinstance(part, str) else words_of(part))}


@pytest.fixture(scope="module")
def columns() -> list[tuple[str, str, bool]]:
    """Name, type and whether NULL is allowed, of each column of a new database's ``usage``."""
    with duckdb.connect() as connection:
        migrate(connection, "usage", now=NOW)
        described = connection.execute("describe usage").fetchall()
    return [(name, kind, nullable == "YES") for name, kind, nullable, *_ in described]


def test_the_record_has_the_tables_columns_in_their_order(columns):
    assert list(FIELDS) == [name for name, *_ in columns]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_of_its_columns_kind(columns, name):
    ((kind, nullable),) = [(kind, nullable) for column, kind, nullable in columns if column == name]
    kinds = kinds_of(FIELDS[name].annotation)
    assert (NoneType in kinds) == nullable
    (plain,) = kinds - {NoneType}
    words = words_of(FIELDS[name].annotation)
    if kind.startswith("ENUM"):
        assert plain is str
        assert not words or set(re.findall(r"'([^']*)'", kind)) == words
    else:
        assert kind in FAMILIES[plain]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_says_what_it_is_and_when_it_is_missing(columns, name):
    said = FIELDS[name].description or ""
    assert said.endswith(".")
    optional = NoneType in kinds_of(FIELDS[name].annotation)
    assert ("None:" in said) == optional or name == "time_quality"


def test_the_meters_are_fields_in_their_order():
    assert [name for name in FIELDS if name in METERS] == list(METERS)


def usage(prompt: int = 100, completion: int = 10, **more: object) -> dict[str, object]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion, **more}


def call(number: int, *, body: dict[str, object] | None = None, **more: object) -> dict[str, object]:
    answer = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "model": "stepfun/step-3.7-flash",
        "usage": usage(),
    }
    return {
        "time": 1782907200 + number,
        "base_url": "https://api.novita.ai/openai",
        "response": answer | {"usage": usage()} | (body or {}),
        **more,
    }


CALLS = [
    call(1, tags={"a": "b"}, user="someone", task="t", step=1, latency_ms=12.5, team="x"),
    call(2, time="2026-07-01 12:00:00"),
    {"base_url": "https://api.novita.ai/openai", "response": {"id": "no-time", "usage": usage()}},
    call(3, body={"usage": None}, status=499),
    call(4, body={"usage": {"prompt_tokens": 7}}),
    call(5, body={"usage": None}, status=401, error="Unauthorized"),
    call(6, body={"usage": usage() | {"total_tokens": 500}}),
    call(7, body={"usage": usage(cost=0.01)}, base_url="https://openrouter.ai/api/v1"),
    call(8, body={"usage": usage(cost=0.01)}),
    call(9, body={"usage": usage(cost=0, is_byok=True, cost_details={"upstream_inference_cost": 0.002})}),
    call(10, base_url="http://unheard.of/v1"),
]


@pytest.fixture(scope="module")
def stored(tmp_path_factory) -> list[dict[str, Any]]:
    """Rows of every kind that a load writes today."""
    folder = tmp_path_factory.mktemp("record")
    (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in CALLS))
    options = Options(given=Given(time=datetime(2026, 7, 1)))
    (result,) = load_files(folder / "warehouse", [folder / "log.jsonl"], options, now=NOW, tell=lambda message: None)
    assert (result.merged.loaded, result.merged.rejected) == (len(CALLS), 0)
    with open_reader(folder / "warehouse") as reader:
        found = reader.connection.execute("select * from usage order by line")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_every_stored_row_is_a_record(stored):
    for row in stored:
        assert UsageRecord(**row).model_dump() == row


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("granularity", {"request"}),
        ("time_quality", {"exact", "assumed_utc", "given"}),
        ("usage_status", {"reported", "partial", "missing"}),
        ("costing", {"rated", "free", "unknown"}),
        ("cost_reported_kind", {None, "billed", "estimate", "upstream"}),
    ],
)
def test_the_words_of_a_column_are_those_of_its_field(stored, name, written):
    assert {row[name] for row in stored} == written
    assert written <= words_of(FIELDS[name].annotation) | {None}


def test_no_field_is_unknown_to_the_record(stored):
    with pytest.raises(ValueError, match="Extra inputs"):
        UsageRecord(**{**stored[0], "surprise": 1})
