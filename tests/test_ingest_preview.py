"""The check of the totals, and ``--preview``: it shows, warns, proposes, and loads nothing."""

import json
from pathlib import Path

import pytest

from app import cli
from ingest.generic import source_of
from ingest.identity import check, warning
from ingest.mapping_file import MappingError, parse_mapping
from ingest.registry import find_source
from ingest.sample import take_sample
from tests.mapped_rows import EDGE, ROW, mapping, reading, rows, stored, write_all


def test_the_check_counts_what_totals_prove():
    under = mapping()
    found = check(
        reading(under, ROW | row)
        for row in ({}, {"total": 1850}, {"cached": 0}, {"total": 7}, {"total": None}, {"cached": 0, "total": 9})
    )
    assert found == (1, 1, 1, 2, 1, 1)
    assert warning(found) is None
    assert "have cached tokens inside" in str(warning(check([reading(mapping(cached_tokens="beside"), ROW)])))
    assert "do not add up to the total" in str(warning(check([reading(under, ROW | {"total": 7})])))


@pytest.fixture
def files(tmp_path) -> tuple[Path, Path]:
    (tmp_path / "map.yaml").write_text(EDGE.replace("inside", "beside"), encoding="utf-8")
    return tmp_path / "map.yaml", write_all(tmp_path, [row for row in rows() if row["cached"]])["csv"]


def run(folder: Path, *arguments: object) -> int:
    return cli.run(["--warehouse", str(folder / "none"), *map(str, arguments)])


def test_a_preview_shows_and_warns_and_loads_nothing(files, tmp_path, capsys):
    under, path = files
    assert run(tmp_path, "ingest", path, "--mapping", under, "--preview") == 0
    shown = capsys.readouterr().out
    for said in ("edge", "tokens_in", "cents USD", "2026-11-20T09:00:01Z", "Nothing was loaded.", "stepfun"):
        assert said in shown
    assert "Warning: the counts contradict cached_tokens: of 6 rows that can tell, 6 have cached tokens" in shown
    assert not (tmp_path / "none").exists()


def test_a_preview_as_json(files, tmp_path, capsys):
    under, path = files
    assert run(tmp_path, "ingest", path, "--mapping", under, "--preview", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)["files"]
    assert (found["source"], found["records"], len(found["first"])) == ("edge", 6, 5)
    assert found["identity"] == {
        "either": 0, "inside": 6, "beside": 0, "neither": 0, "no_total": 0, "contradicting": 6
    }  # fmt: skip
    assert found["first"][0]["cost_reported"] == "0.000129 USD"
    assert found["routes"] == [{"seller": "stepfun", "model": "step-3.7-flash", "rows": 6, "with_rate": 6}]


def test_a_load_warns_too(files, tmp_path, capsys):
    under, path = files
    assert run(tmp_path, "ingest", path, "--mapping", under) == 0
    assert "calls.csv: the counts contradict cached_tokens" in capsys.readouterr().out


def test_a_table_that_nobody_knows_gets_advice_and_a_draft_that_a_person_must_finish(files, tmp_path, capsys):
    _, path = files
    assert run(tmp_path, "ingest", path) == 2
    said = capsys.readouterr().err
    assert "its columns: id, started, model" in said and "--mapping" in said and "nearest presets: " in said
    assert run(tmp_path, "ingest", path, "--preview") == 0
    draft = capsys.readouterr().out
    assert "#  prompt: tokens_in  # such as 1000" in draft and "cached_tokens:\n" in draft
    with pytest.raises(MappingError, match="cached_tokens: say where cached tokens stand"):
        parse_mapping(draft, "draft.yaml")


def test_a_finished_draft_loads(files, tmp_path, capsys):
    _, path = files
    assert run(tmp_path, "ingest", path, "--preview") == 0
    kept = ("time", "request_id", "model_served", "prompt", "completion", "total", "cache_read")
    draft = capsys.readouterr().out.replace("cached_tokens:\n", "cached_tokens: inside\n")
    for name in kept:
        draft = draft.replace(f"#  {name}: ", f"  {name}: ")
    (tmp_path / "draft.yaml").write_text(draft, encoding="utf-8")
    assert run(tmp_path, "ingest", path, "--mapping", tmp_path / "draft.yaml", "--seller", "stepfun") == 0
    assert [row[0] for row in stored(tmp_path / "none", "total_reported")] == [1050] * 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--mapping", "none.yaml"), "none.yaml: it cannot be read"),
        (("--mapping", "{map}", "--source", "litellm"), "a file is read by one of them"),
        (("--mapping", "{taken}"), "the mapping's name litellm is a source's; choose another"),
    ],
)
def test_mistakes_on_the_command_line(files, tmp_path, capsys, arguments, said):
    under, path = files
    (tmp_path / "taken.yaml").write_text(EDGE.replace("name: edge", "name: litellm"), encoding="utf-8")
    names = {"map": under, "taken": tmp_path / "taken.yaml"}
    assert run(tmp_path, "ingest", path, *(argument.format(**names) for argument in arguments)) == 2
    assert said in capsys.readouterr().err


def test_previews_of_other_sources_show_their_fields(shared, tmp_path, capsys):
    path = shared / "samples" / "envoy_ai_gateway" / "access_log_llm.json"
    assert find_source(take_sample(path), "x").name == "envoy_ai_gateway"
    assert run(tmp_path, "ingest", path, "--preview") == 0
    assert "gen_ai.usage.input_tokens" in capsys.readouterr().out
    body = tmp_path / "bodies.jsonl"
    usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
    body.write_text(json.dumps({"id": "x", "created": 1795167600, "model": "m", "usage": usage}) + "\n")
    assert run(tmp_path, "ingest", body, "--preview", "--seller", "stepfun") == 0
    assert "usage.prompt_tokens" in capsys.readouterr().out


def test_a_source_of_a_mapping_is_one_of_its_own():
    source = source_of(mapping())
    assert (source.name, source.mapping) == ("edge", mapping())
    assert not source.recognises(take_sample(Path(__file__)))
