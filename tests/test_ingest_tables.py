"""Files under a mapping file: one content in four shapes, sellers, sums, and rows that are broken."""

import pytest

from ingest.load import load_files
from ingest.options import Options
from tests.mapped_rows import NOW, load, mapping, rows, stored, write_all
from warehouse.batch import Given
from warehouse.connection import open_reader


def test_the_same_content_gives_the_same_rows_in_every_shape(tmp_path):
    found = {}
    for ending, path in write_all(tmp_path, rows()).items():
        result = load(tmp_path / ending, path, Options(mapping=mapping()))
        assert (result.source, result.merged.loaded, result.merged.rejected) == ("edge", 10, 0)
        # A list's items all begin where its text does, or on the lines that they do.
        found[ending] = sorted(stored(tmp_path / ending, "* exclude (file_id, fullness, line, user_hash)"))
    assert found["csv"] == found["jsonl"] == found["json"] == found["parquet"]


def test_sums_are_those_of_the_rows(tmp_path):
    load(tmp_path / "w", write_all(tmp_path, rows())["csv"], Options(mapping=mapping()))
    columns = "sum(input), sum(cache_read), sum(output), sum(cost_reported), count(*)"
    cached = sum(row["cached"] for row in rows())
    with open_reader(tmp_path / "w") as reader:
        (sums,) = reader.rows(f"select {columns} from usage")
    assert tuple(map(int, sums)) == (10_000 - cached, cached, 500, 1_290_000_000, 10)


def test_a_second_load_adds_nothing_and_another_mapping_is_another_load(tmp_path):
    path = write_all(tmp_path, rows())["csv"]
    load(tmp_path / "w", path, Options(mapping=mapping()))
    assert load(tmp_path / "w", path, Options(mapping=mapping())).note == "already loaded"
    again = load(tmp_path / "w", path, Options(mapping=mapping(title="Other words")))
    assert (again.note, again.merged.loaded, again.merged.already_there) == (None, 0, 10)


def test_the_seller_is_a_column_a_constant_an_address_or_the_commands_and_never_the_models(tmp_path):
    columns = {name: value for name, value in mapping().model_dump()["columns"].items() if name != "seller"}
    path = write_all(tmp_path, rows()[:1])["jsonl"]
    cases = {
        "column": (mapping(), Given()),
        "constant": (mapping(columns=columns, constants={"seller": "stepfun"}), Given()),
        "address": (mapping(columns=columns, constants={"base_url": "https://api.stepfun.ai/v1"}), Given()),
        "command": (mapping(columns=columns), Given(seller="stepfun")),
        "none": (mapping(columns=columns), Given()),
    }
    found = {}
    for name, (under, given) in cases.items():
        load(tmp_path / name, path, Options(given, mapping=under))
        found[name] = stored(tmp_path / name, "seller")
    assert found == {name: [(None if name == "none" else "stepfun",)] for name in cases}


def test_fields_named_on_the_command_line_go_before_the_mappings(tmp_path):
    path = write_all(tmp_path, rows()[:1])["jsonl"]
    load(tmp_path / "w", path, Options(mapping=mapping(), task_field="meta.feature"))
    assert stored(tmp_path / "w", "task") == [("summary",)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_are_sniffed_and_bad_rows_have_their_lines(tmp_path, delimiter):
    lines = [
        ["id", "started", "vendor", "tokens_in", "tokens_out", "cached", "note"],
        ["b-1", "2026-11-20 10:00:00", "stepfun", "10", "5", "0", '"two\nlines"'],
        ["b-2", "2026-11-20 10:00:01", "stepfun", "10", "5"],
        ["b-3", "2026-11-20 10:00:02", "stepfun", "ten", "5", "0", ""],
        ["b-4", "2026-11-20 10:00:03", "stepfun", "10", "5", "0", "caf\udce9"],
        ["b-5", "2026-11-20 10:00:04", "stepfun", "10", "5", "0", '"a" b'],
        ["b-6", "2026-11-20 10:00:05", "stepfun", "10", "5", "0", "é"],
    ]
    path = tmp_path / "calls.csv"
    text = "\ufeff\n" + "".join(delimiter.join(line) + "\r\n" for line in lines)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = load(tmp_path / "w", path, Options(mapping=mapping()))
    assert stored(tmp_path / "w", "request_id, line") == [("b-1", 3), ("b-6", 9)]
    with open_reader(tmp_path / "w") as reader:
        rejects = reader.rows("select line, reason from reject order by line")
    assert [line for line, _ in rejects] == [5, 6, 7, 8]
    assert result.merged.rejected == 4
    said = ("5 cells under a header of 7 columns", "tokens_in is ten, not a whole", "not UTF-8", "not CSV")
    assert all(part in reason for part, (_, reason) in zip(said, rejects, strict=True))


def test_a_fields_words_are_translated_where_the_command_names_no_other(tmp_path):
    columns = mapping().model_dump()["columns"] | {"task": {"column": "model", "values": {"step-3.7-flash": "nightly"}}}
    path = write_all(tmp_path, rows()[:1])["jsonl"]
    load(tmp_path / "w", path, Options(mapping=mapping(columns=columns)))
    load(tmp_path / "v", path, Options(mapping=mapping(columns=columns), task_field="none.such"))
    assert stored(tmp_path / "w", "task") == stored(tmp_path / "v", "task") == [("nightly",)]


def test_broken_parquet_and_streams_are_one_plain_error(tmp_path):
    path = write_all(tmp_path, rows())["parquet"]
    path.write_bytes(path.read_bytes()[:-20])
    stream = tmp_path / "answer.sse"
    stream.write_text('data: {"id": "x", "usage": null}\n\ndata: [DONE]\n', encoding="utf-8")
    options = Options(mapping=mapping())
    found = load_files(tmp_path / "w", [path, stream], options, now=NOW, tell=lambda message: None)
    broken, streamed = (result.error for result in found)
    assert "calls.parquet: Parquet that cannot be read: " in str(broken)
    assert "holds no rows for a mapping file" in str(streamed)
