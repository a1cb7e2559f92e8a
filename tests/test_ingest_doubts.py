"""What looks right and may be wrong: each is refused, or said where the file is loaded."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.mapping_file import parse_mapping
from ingest.options import Options
from ingest.proposal import propose
from ingest.sample import take_sample
from tests.kept import empty
from warehouse.connection import open_reader
from warehouse.cost import cost_by

NOW = datetime(2026, 11, 22)
MAPPING = """
name: our_rows
key: [id]
cached_tokens: inside
columns: {time: when, model_served: model, prompt: input, cache_read: cached, completion: output}
constants: {seller: stepfun}
"""
TABLE = """id,when,model,input,cached,output
a,2026-11-20T10:00:00Z,step-3.7-flash,908,8192,220
b,2026-11-20T10:00:09Z,step-3.7-flash,4100,0,90
"""


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def load(folder: Path, table: str, mapping: str = MAPPING, name: str = "rows.csv") -> Any:
    path = folder / name
    path.write_text(table, encoding="utf-8")
    options = Options(mapping=parse_mapping(mapping, "map.yaml"))
    (found,) = load_files(folder / "warehouse", [path], options, now=NOW, tell=lambda message: None)
    return found


def test_more_cached_tokens_than_input_contradict_that_they_are_inside(tmp_path):
    (warning,) = load(tmp_path, TABLE).warnings
    assert "of 1 rows that can tell, 1 have cached tokens beside the input, not as they are read" in warning
    assert load(tmp_path, TABLE, MAPPING.replace("inside", "beside").replace("our_rows", "own_rows")).warnings == ()


def test_a_corrected_mapping_says_that_it_corrects_nothing_that_is_stored(tmp_path):
    load(tmp_path, TABLE)
    again = load(tmp_path, TABLE, MAPPING.replace("inside", "beside"))
    assert again.merged.already_there + again.merged.replaced == 2
    assert any("stay as an earlier mapping read them" in warning for warning in again.warnings)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_another_encoding_is_named(tmp_path, encoding):
    path = tmp_path / "sheet.csv"
    path.write_bytes("\ufeff".encode(encoding) + TABLE.encode(encoding))
    (found,) = load_files(tmp_path / "warehouse", [path], Options(), now=NOW, tell=lambda message: None)
    assert found.error == f"{path}: the text is UTF-16; save it as UTF-8 (in Excel: CSV UTF-8) and load that"


def test_a_duration_whose_comma_may_be_a_decimal_one_is_refused(tmp_path):
    mapping = MAPPING.replace("output}", "output, latency_ms: {column: took, unit: s}}")
    found = load(tmp_path, 'id,when,model,input,cached,output,took\na,2026-11-20,m,1,0,1,"2,140"\n', mapping)
    ((reason, *_),) = found.rejects
    assert "took is 2,140, not a duration that reads in one way only" in reason


def test_seconds_read_as_milliseconds_are_no_time(tmp_path):
    mapping = MAPPING.replace("time: when", "time: {column: when, format: epoch_ms}")
    found = load(
        tmp_path, "id,when,model,input,cached,output\na,1795166102,m,1,0,1\nb,1795166102140,m,1,0,1\n", mapping
    )
    assert (found.merged.loaded, [reason for reason, *_ in found.rejects]) == (
        1,
        ["when is 1795166102, not a time since 1970 in this unit"],
    )


def test_a_draft_tells_counts_of_time_by_their_digits(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("id,timestamp,model,input tokens\na,1795166102140,m,1\n")
    assert "time: {column: timestamp, format: epoch_ms}" in propose(take_sample(path), "rows.csv")


def test_reported_costs_of_two_currencies_are_no_sum(tmp_path):
    mapping = MAPPING.replace(
        "output}",
        "output, task: job, cost_reported: {column: cost, unit: whole, currency: USD}, cost_currency: currency}",
    )
    table = "id,when,model,input,cached,output,cost,currency,job\n" + "".join(
        f"{name},2026-11-20T10:00:00Z,step-3.7-flash,10,0,1,0.002,{currency},{job}\n"
        for name, currency, job in (("a", "USD", "j-1"), ("b", "EUR", "j-1"), ("c", "USD", "j-2"))
    )
    assert load(tmp_path, table, mapping).merged.loaded == 3
    with open_reader(tmp_path / "warehouse") as reader:
        (total,) = cost_by(reader, ())
        by_task = {row.group[0]: (row.cost_reported, row.reported_currency) for row in cost_by(reader, ("task",))}
        stored = dict(reader.rows("select task, cost_reported from task_cost"))
    assert (total.cost_reported, total.reported_currency, total.reported) == (None, None, 3)
    assert by_task == {"j-1": (None, None), "j-2": (2 * 10**9, "USD")}
    assert stored == {"j-1": None, "j-2": 2 * 10**9}


def test_a_doubt_of_any_wording_has_both_readings_in_its_band(tmp_path):
    """Beside the input: 1,000 and 400 from the cache. Inside: 600 and 400."""
    mapping = (
        MAPPING.replace("inside", "by_total").replace("output}", "output, total: total}")
        + "doubt: the gateway does not say where cached tokens stand\n"
    )
    table = "id,when,model,input,cached,output,total\na,2026-11-20T10:00:00Z,step-3.7-flash,1000,400,10,\n"
    assert load(tmp_path, table, mapping).merged.needs_review == 1
    with open_reader(tmp_path / "warehouse") as reader:
        found = reader.rows("select cost, cost_low, cost_high from usage_priced")
    beside = 1000 * 200_000 + 400 * 40_000 + 10 * 1_150_000
    assert found == [(beside, beside - 400 * 200_000, beside)]
