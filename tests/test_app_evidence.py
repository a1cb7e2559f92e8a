"""The pages of evidence, without a browser: rates with what they priced, and everything that was loaded or not."""

import csv
import io
import json
import re
import time
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

import pytest

from app.components.advice import KINDS, PATTERNS, reject_advice
from app.components.formats import money
from app.components.import_rejects import csv_of, rejects_csv
from app.components.rate_attention import missing_advice
from app.components.rate_table import rates_shown
from app.jobs import start_demo, start_upload
from app.spool import Upload, safe_name, spool
from ingest.load import load_files
from ingest.options import Options
from tests.app_page import metric, opener, table, texts
from tests.kept import made_once
from warehouse.connection import open_reader
from warehouse.cost import cost_by, coverage_of
from warehouse.imports import RejectedLine, read_imports, rejected_lines, review_calls
from warehouse.rate_book import RateGap, read_rate_book, stale_days_of
from warehouse.scope import Scope

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 22, 9)
PATIENCE_S = 60


def call(number: int, seller: str | None, model: str, usage: dict | None, **more: object) -> str:
    body = {"id": f"chatcmpl-{number}", "object": "chat.completion", "model": model, "usage": usage}
    entry = {"time": f"2026-11-{10 + number:02}T10:00:00Z", "seller": seller, "team": "search", "response": body}
    return json.dumps({**entry, **more})


def used(prompt: int, completion: int, total: int | None = None) -> dict:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total or prompt + completion}


ENDED = """
seller: house
name: House AI
models:
  m-1:
    - valid_from: 2026-04-24T00:00:00Z
      valid_until: 2026-09-10T00:00:00Z
      currency: USD
      per_mtok: {input: "0.22", cache_read: "0.007", output: "0.66"}
      source: their price page
      checked: 2026-09-01
      confidence: official
      note: From 2026-09-10 on the price depends on hour and weekday.
"""

LINES = (
    call(1, "stepfun", "step-3.7-flash", used(10_000, 1_000)),
    call(2, "novita", "stepfun/step-3.7-flash", used(3_000, 500), team="support"),
    call(3, "stepfun-cn", "step-3.7-flash", used(8_000, 100)),
    call(4, "house", "m-1", used(700, 70)),
    call(5, "nim", "step-3.7-flash", used(5_000, 500)),
    call(6, None, "step-3.7-flash", used(1_000, 100)),
    call(7, "stepfun", "step-3.7-flash", None),
    call(8, "stepfun", "step-3.7-flash", used(1_000, 100, 1_150)),
    '{"time": "2026-11-19T10:00:00Z", "response": {"id": "cut',
    "no JSON at all",
    json.dumps({"seller": "stepfun", "response": {"id": "chatcmpl-9", "usage": used(10, 1)}}),
)


@pytest.fixture
def filled(tmp_warehouse: Path, tmp_path: Path) -> Path:
    def make() -> None:
        (tmp_warehouse / "rate_cards").mkdir(parents=True)
        (tmp_warehouse / "rate_cards" / "house.yaml").write_text(ENDED, encoding="utf-8")
        log = tmp_path / "calls.jsonl"
        log.write_text("\n".join(LINES) + "\n", encoding="utf-8")
        (load,) = load_files(tmp_warehouse, [log], Options(), now=NOW, tell=lambda text: None)
        assert (load.merged.loaded, load.merged.rejected) == (8, 3), load

    return made_once(tmp_warehouse, "app_evidence", make)


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


# Rates


def test_each_rate_stands_with_what_it_priced(opened, filled):
    rates = table(opened(filled, "rates"), "Cache read").set_index("Seller")
    with open_reader(filled) as reader:
        priced = {row.group[0]: row for row in cost_by(reader, ("seller",)) if row.currency}
    assert set(rates.index) == set(priced) == {"stepfun", "novita", "stepfun-cn"}
    for seller, row in priced.items():
        assert rates.loc[seller, "Cost"] == money(row.cost, row.currency)
        assert rates.loc[seller, "Calls"] == row.requests
        assert rates.loc[seller, "Tokens"] == row.input + row.cache_read + row.cache_written + row.output
    assert list(rates.loc["stepfun-cn", ["Input", "Cache read", "Output"]]) == ["CN¥1.35", "CN¥0.27", "CN¥8.10"]
    assert rates.loc["stepfun-cn", "Link"].startswith("https://platform.stepfun.com/")


def test_filters_narrow_what_a_rate_priced(opened, filled):
    (row,) = table(opened(filled, "rates", team="support"), "Cache read").itertuples()
    assert (row.Seller, row.Calls) == ("novita", 1)
    every = table(opened(filled, "rates", seller="house", rates="All"), "Cache read")
    assert set(every["Seller"]) == {"house"} and set(every["State"]) == {"Past"}


def test_a_rate_nobody_looked_at_is_marked(opened, filled):
    test = opened(filled, "rates")
    age = table(test, "Cache read").set_index("Seller")["Age"]
    assert age["stepfun"] == "177 days, stale" and age["stepfun-cn"] == "46 days, stale"
    assert metric(test, "Stale") == "3"
    assert "3 stale rates** in use: step-3.7-flash at stepfun" in texts(test)
    settings = filled / "tollbook.toml"
    settings.write_text(settings.read_text().replace("stale_days = 30", "stale_days = 500"))
    assert stale_days_of(filled) == 500
    assert metric(opened(filled, "rates"), "Stale") == "0"


def test_traffic_without_a_rate_says_why_and_what_to_do(opened, filled, tmp_path):
    (tmp_path / "new.jsonl").write_text(call(12, "stepfun", "step-9", used(1_000, 100)) + "\n")
    list(load_files(filled, [tmp_path / "new.jsonl"], Options(), now=NOW, tell=lambda text: None))
    test = opened(filled, "rates")
    said = texts(test)
    assert metric(test, "No rate") == "2"
    assert "1 call** of m-1 at House AI: no rate" in said
    assert "The last rate known ended on 2026-09-10" in said and "depends on hour and weekday" in said
    assert "1 call** of step-3.7-flash at NVIDIA NIM (self-hosted)" in said and "tollbook charge add" in said
    assert "1 call** of step-9 at StepFun (global): no rate" in said and "No card names this very model" in said
    (form,) = [button for button in test.button if button.label == "Price these calls"]
    assert form.key == "price_stepfun_step-9", "and none where the card says why"


def test_without_anything_to_do_it_says_so(opened, filled):
    settings = filled / "tollbook.toml"
    settings.write_text(settings.read_text().replace("stale_days = 30", "stale_days = 60"))
    assert "Nothing to do here." in texts(opened(filled, "rates", seller="stepfun-cn"))


GAP = RateGap(
    "acme",
    "Acme",
    "m",
    "no rate",
    False,
    1,
    10,
    NOW.date(),
    NOW.date(),
    datetime(2026, 1, 1),
    datetime(9999, 12, 31),
    None,
)


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (GAP._replace(known_from=None, known_until=None), "No card names"),
        (GAP._replace(known_from=datetime(2026, 12, 1)), "begins on 2026-12-01, after"),
        (GAP._replace(known_until=datetime(2026, 10, 1)), "ended on 2026-10-01, before"),
        (GAP._replace(known_until=datetime(2026, 10, 1), note="By the hour."), "Its card says: By the hour."),
        (GAP, "loaded before it was"),
        (GAP._replace(reason="no cache_read rate"), "without this meter"),
    ],
)
def test_advice_follows_from_what_is_known(gap, expected):
    assert expected in missing_advice(gap)


def test_the_choices_of_rates_hold_one_another(filled):
    with open_reader(filled) as reader:
        book = read_rate_book(reader, Scope())
    used_, in_force, every = (rates_shown(book, Scope(), NOW, name) for name in ("In use", "In force", "All"))
    assert len(every) == len(book.entries) > len(in_force) > len(used_) == 3
    assert {rate.state(NOW) for rate in every} == {"in force", "past", "overruled", "future"}
    assert next(rate for rate in every if not rate.is_open).state(datetime(2020, 1, 1)) == "future"


def test_filters_that_a_page_does_without_come_back(opened, filled):
    test = opened(filled, "imports", team="support", currency="CNY", period="Last 30 days")
    assert [expander.label for expander in test.expander][0] == "This page shows everything; other pages have 2 filters"
    test.switch_page("views/rates.py").run()
    assert test.multiselect(key="team").value == ["support"]
    test.switch_page("views/overview.py").run()
    assert (test.multiselect(key="team").value, test.selectbox(key="period").value) == (["support"], "Last 30 days")
    assert test.selectbox(key="currency").value == "CNY"


# Imports


def test_the_figures_of_imports_are_the_databases(opened, filled):
    test = opened(filled, "imports")
    with open_reader(filled) as reader:
        coverage = coverage_of(reader)
        imports = read_imports(reader, PATTERNS)
    assert metric(test, "Calls") == str(coverage.requests) == "8"
    assert (metric(test, "Files"), metric(test, "Rejected")) == ("1", "3")
    # Without a known seller, rate or usage: 3. What nothing can be done about, the self-hosted call, is not among them.
    assert (imports.totals.unpriced, imports.totals.review) == (3, 1)
    assert metric(test, "Need a person") == "4"
    (file,) = table(test, "Already there").itertuples(index=False)
    assert list(file)[:4] == ["calls.jsonl", "openai_compatible", 11, 8]


def test_each_reject_says_what_to_do(opened, filled):
    test = opened(filled, "imports")
    said = texts(test)
    assert "2 lines**: Not JSON" in said and "First **calls.jsonl:9**: not JSON" in said
    assert "1 line**: No time" in said and "*start time* under Options" in said
    assert list(table(test, "Text, redacted")["Line"]) == ["calls.jsonl:9", "calls.jsonl:10", "calls.jsonl:11"]


def test_rejects_of_one_kind_are_those_that_were_counted(filled):
    with open_reader(filled) as reader:
        kinds = read_imports(reader, PATTERNS).rejects
        for kind in kinds:
            assert len(rejected_lines(reader, PATTERNS, kind.kind)) == kind.lines
    assert {reject_advice(kind.kind).title for kind in kinds} == {"Not JSON", "No time"}


def test_unknown_cost_and_reviews_are_shown_with_their_readings(opened, filled):
    test = opened(filled, "imports")
    unknown = table(test, "Tokens").set_index("Reason")
    assert unknown.loc["no rate", "Tokens"] == 770
    assert str(unknown.loc["usage missing", "Tokens"]) == "<NA>", "what was not reported is not 0"
    assert "stream_options.include_usage" in texts(test)
    with open_reader(filled) as reader:
        (review,) = review_calls(reader, 10)
    call_table = table(test, "Usage as logged").iloc[0]
    assert call_table["Lowest"] == money(review.cost_low, "USD") and call_table["Highest"] == money(
        review.cost_high, "USD"
    )
    assert json.loads(call_table["Usage as logged"])["total_tokens"] == 1_150
    assert call_table["Logged in"] == "calls.jsonl:8"


def test_an_empty_section_is_one_line(opened, filled):
    assert "Seen twice: none" in [expander.label for expander in opened(filled, "imports").expander]


def test_a_call_seen_by_two_sources_is_compared(opened, filled, tmp_path):
    told = {"id": "gen-1", "object": "chat.completion", "created": 1_795_000_000, "provider": "StepFun"}
    body = {**told, "model": "stepfun/step-3.7-flash", "usage": {**used(1_000, 100), "cost": 0.0004}}
    bare, wrapped = tmp_path / "bare.jsonl", tmp_path / "wrapped.jsonl"
    bare.write_text(json.dumps(body) + "\n")
    wrapped.write_text(json.dumps({"seller": "openrouter", "time": 1_795_000_000, "response": body}) + "\n")
    for path, source in ((bare, "openrouter"), (wrapped, "openai_compatible")):
        list(load_files(filled, [path], Options(source=source), now=NOW, tell=lambda text: None))
    test = opened(filled, "imports")
    (row,) = table(test, "Also seen in").to_dict("records")
    with open_reader(filled) as reader:
        (pair,) = read_imports(reader, PATTERNS).sightings
    assert pair.calls == pair.compared == 1
    assert row["Our cost"] == money(pair.cost, "USD") and row["Reported"] == "$0.000400"
    assert metric(test, "Calls") == "9", "it is counted once"


def test_every_reason_that_the_docs_name_has_advice():
    section = (
        (ROOT / "docs" / "sources.md").read_text(encoding="utf-8").split("## What is rejected")[1].split("\n## ")[0]
    )
    reasons = re.findall(r"`([^`]+)`", " ".join(line.split("|")[1] for line in section.splitlines() if "| `" in line))
    assert len(reasons) >= 13
    wanting = [
        reason
        for reason in reasons
        if not any(fnmatch(reason, pattern.replace("%", "*")) for kind in KINDS for pattern in kind.patterns)
    ]
    assert wanting == []
    assert all(kind.advice and kind.title for kind in [*KINDS, reject_advice(0)])


def test_no_cell_of_the_csv_begins_a_formula(filled):
    (row,) = csv.DictReader(io.StringIO(csv_of([RejectedLine("/x/=cmd.jsonl", 1, "bad", "=1+1")]).decode("utf-8-sig")))
    assert (row["file"], row["text"]) == ("'=cmd.jsonl", "'=1+1")
    assert len(rejects_csv(filled).splitlines()) == 4


# Loading from the page


def finished(job):
    assert job.done.wait(PATIENCE_S)
    return job


def test_what_is_handed_over_is_loaded_under_its_own_name(opened, tmp_warehouse):
    names = ["../../etc/calls.jsonl", "C:\\logs\\calls.jsonl", "nothing.json"]
    contents = ["\n".join(LINES[:2]), "\n".join(LINES[2:]), "{}"]
    uploads = [Upload(name, io.BytesIO(text.encode())) for name, text in zip(names, contents, strict=True)]
    job = finished(start_upload(tmp_warehouse, uploads, ["--team=search"]))
    assert job.failure is None and job.result is not None
    loads = job.result["files"]
    assert [(Path(load["file"]).name, load["loaded"], load["rejected"]) for load in loads[:2]] == [
        ("calls.jsonl", 2, 0),
        ("calls.jsonl", 6, 3),
    ]
    assert loads[2]["error"].startswith("nothing.json: ") and "spool" not in loads[2]["error"]
    assert list(table(opened(tmp_warehouse, "imports"), "Already there")["File"]) == ["calls.jsonl"] * 2
    assert not list((tmp_warehouse / "spool").glob("scratch-*")), "nothing handed over stays"


def test_a_load_that_is_stopped_at_once_leaves_nothing(tmp_warehouse):
    job = start_demo(tmp_warehouse)
    job.cancel()
    assert finished(job).result is None and job.failure is None
    assert not (tmp_warehouse / "usage.duckdb").exists()
    assert not list((tmp_warehouse / "spool").glob("scratch-*"))


def test_a_demo_that_is_stopped_on_its_way_leaves_nothing(tmp_warehouse):
    """It has several files, and those that were done are taken out again."""
    job = start_demo(tmp_warehouse)
    deadline = time.monotonic() + PATIENCE_S
    while len(job.said) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    job.cancel()
    assert finished(job).failure is None
    with open_reader(tmp_warehouse) as reader:
        assert read_imports(reader, PATTERNS).totals.files == 0
    assert not list((tmp_warehouse / "spool").glob("scratch-*"))


def test_a_load_that_cannot_begin_says_why_in_one_sentence(tmp_warehouse):
    (tmp_warehouse / "rate_cards").mkdir(parents=True)
    (tmp_warehouse / "rate_cards" / "acme.yaml").write_text("seller: 1")
    job = finished(start_upload(tmp_warehouse, [Upload("a.jsonl", io.BytesIO(LINES[0].encode()))], []))
    assert job.failure and "acme.yaml" in job.failure and "Traceback" not in job.failure


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("calls.jsonl.gz", "calls.jsonl.gz"),
        ("../../../x", "x"),
        ("a/b\\c.json", "c.json"),
        (".hidden", "hidden"),
        ("..", "upload"),
        ("", "upload"),
        ("日志.jsonl", "日志.jsonl"),
        ("a\0b\n$(rm).json", "a_b__(rm).json"),
        ("-rf", "-rf"),
    ],
)
def test_a_name_is_never_a_path(name, expected):
    assert safe_name(name) == expected


def test_a_long_name_keeps_its_ending(tmp_path):
    name = safe_name("日" * 300 + ".jsonl.gz")
    assert name.endswith(".jsonl.gz") and len(name.encode()) <= 120
    (path,) = spool(tmp_path, [Upload(name * 9, io.BytesIO(b"x"))])
    assert path.read_bytes() == b"x" and path.parent.parent == tmp_path
