"""Exactly one source recognises a file; none or two is an error that names them and says what to do."""

import json
from pathlib import Path

import pytest

from ingest import registry
from ingest.problem import IngestError
from ingest.registry import SOURCES, find_source, get_source
from ingest.sample import take_sample
from ingest.source import Sample
from warehouse.reading import COLUMNS, EXTRA_COLUMNS, SQL_TYPES

GOLDEN = Path(__file__).parent / "golden" / "ingest"
BODY = {"id": "chatcmpl-1", "object": "chat.completion", "choices": [], "usage": {"prompt_tokens": 1}}
ROUTED = {**BODY, "id": "gen-1", "provider": "StepFun"}
ENVELOPE = {"time": 1, "response": BODY}


def lines(*records: dict) -> Sample:
    return Sample("lines", records)


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        (lines(BODY), "openai_compatible"),
        (lines(ENVELOPE), "openai_compatible"),
        (lines({"time": 1, "request": {"model": "m"}, "status": 401}), "openai_compatible"),
        (lines({"error": {"message": "x"}}), "openai_compatible"),
        (lines({"id": "resp_1", "object": "response", "output": []}), "openai_compatible"),
        (lines(ROUTED), "openrouter"),
        (lines(BODY, ROUTED), "openrouter"),
        (lines({"time": 1, "response": ROUTED}), "openai_compatible"),
        (lines({**BODY, "provider": "x"}), "openai_compatible"),
        (lines({"unknown": 1}, BODY), "openai_compatible"),
    ],
)
def test_one_source_recognises_a_file(sample, name):
    assert find_source(sample, "log").name == name
    assert [source.name for source in SOURCES if source.recognises(sample)] == [name]


@pytest.mark.parametrize("sample", [lines(), lines({"a": 1}), lines({"usageMetadata": {}}), Sample("document", ())])
def test_a_file_that_none_recognises_is_an_error_that_names_them_all(sample):
    with pytest.raises(IngestError) as error:
        find_source(sample, "here/log.json")
    for said in ("here/log.json", "--source", "docs/sources.md", *(source.name for source in SOURCES)):
        assert said in str(error.value)


def test_a_file_that_two_recognise_is_an_error_that_names_both(monkeypatch):
    every = tuple(source._replace(recognises=lambda sample: True, general=False) for source in SOURCES[:2])
    never = SOURCES[0]._replace(name="never", recognises=lambda sample: False)
    monkeypatch.setattr(registry, "SOURCES", (*every, never))
    with pytest.raises(IngestError) as error:
        find_source(lines(BODY), "here/log.json")
    for said in ("here/log.json", "--source", every[0].name, every[1].name):
        assert said in str(error.value)
    assert "never" not in str(error.value)


def test_a_source_is_had_by_its_name():
    assert [get_source(source.name) for source in SOURCES] == list(SOURCES)
    with pytest.raises(IngestError, match=r"'litelm'.*openai_compatible, openrouter"):
        get_source("litelm")


def test_sources_are_named_once_and_fill_columns_that_there_are():
    assert len({source.name for source in SOURCES}) == len(SOURCES)
    for source in SOURCES:
        columns = [leaf.column for leaf in source.leaves]
        assert len(set(columns)) == len(columns)
        kinds = {leaf.column: SQL_TYPES[leaf.cast] for leaf in source.leaves}
        assert kinds.items() <= {**{name: SQL_TYPES[cast] for name, cast in COLUMNS.items()}, **EXTRA_COLUMNS}.items()
        assert source.title


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_source_has_golden_cases_which_it_alone_recognises(source):
    cases = sorted((GOLDEN / source.name).glob("*.in.*"))
    assert cases
    for path in cases:
        assert find_source(take_sample(path), path.name) is source


@pytest.mark.parametrize(
    ("content", "shape", "records"),
    [
        (json.dumps(BODY), "lines", 1),
        (json.dumps(BODY) + "\n" + json.dumps(ENVELOPE) + "\n", "lines", 2),
        ("\ufeff" + json.dumps(BODY) + "\n", "lines", 1),
        ("\n\nnot json\n" + json.dumps(BODY) + "\n", "lines", 1),
        (json.dumps({**BODY, "note": "a\u2028b"}, ensure_ascii=False) + "\n", "lines", 1),
        ("words\n" * 9 + json.dumps(BODY) + "\n", "lines", 1),
        (json.dumps(BODY) + "\n" + "words\n" * 9, "lines", 1),
        (json.dumps({**BODY, "list": [{"a": 1}, {"b": 2}]}, indent=2).replace("{\n      ", "{"), "document", 1),
        (json.dumps(BODY, indent=2), "document", 1),
        (json.dumps(BODY, indent=2)[:-20], "document", 0),
        (json.dumps([BODY, ENVELOPE], indent=2), "document", 2),
        ("data: " + json.dumps(BODY) + "\n\ndata: [DONE]\n", "stream", 1),
        (": waiting\n\nevent: x\ndata: " + json.dumps(ROUTED) + "\n", "stream", 1),
        ("words\n", "document", 0),
    ],
)
def test_a_files_shape_is_seen_in_its_beginning(tmp_path, content, shape, records):
    path = tmp_path / "log"
    path.write_text(content, encoding="utf-8")
    sample = take_sample(path)
    assert (sample.shape, len(sample.records)) == (shape, records)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("id,time,model,input,output", "r-1,2026-11-20T09:15:02Z,m,1000,100"),
        ("request,time,model,input_tokens", "r-1,2026-11-20T09:15:02Z,m,1000"),
        ("id,time,model,prompt_tokens,error", "r-1,2026-11-20T09:15:02Z,m,1000,timeout"),
    ],
)
def test_a_table_is_no_log_of_answers_by_the_name_of_a_column(tmp_path, header, row):
    path = tmp_path / "calls.csv"
    path.write_text(f"{header}\n{row}\n")
    with pytest.raises(IngestError, match="no source recognises it"):
        find_source(take_sample(path), path.name)


def test_a_table_of_envelopes_is_a_log_of_answers(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text('time,response\n2026-11-20T09:15:02Z,"{""id"": ""a""}"\n')
    assert find_source(take_sample(path), path.name).name == "openai_compatible"


@pytest.mark.parametrize("text", [",model,tokens\n0,m,12\n", "model;tokens;\nm;12;\n"])
def test_a_column_without_a_name_gets_its_number(tmp_path, text):
    path = tmp_path / "frame.csv"
    path.write_text(text)
    found = take_sample(path)
    assert (found.shape, "model" in found.columns, found.records[0]["tokens"]) == ("table", True, "12")


@pytest.mark.parametrize("source", [source for source in SOURCES if not source.mapping], ids=lambda source: source.name)
def test_every_source_says_what_it_is_worth(source):
    assert source.about and all(source.about)
