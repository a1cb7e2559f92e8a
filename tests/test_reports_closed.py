"""A report of a closed month says what was closed and what became known later, on the cover and beside totals."""

import json
import subprocess
import zipfile
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from pricing.books import CALLS, MEASURES, RECURRING, Counts, LineKey
from reports.asked import Asked
from reports.closed_words import later_text
from reports.past import read_past
from reports.sections.closed import closed_facts
from tests.tollbook_command import Tollbook
from warehouse.connection import open_reader, silent
from warehouse.scope import Scope

NOW = ("--now", "2026-11-03T09:00:00Z")
MODELS = {"USD": ("stepfun", "step-3.7-flash"), "CNY": ("stepfun-cn", "step-3.7-flash")}


def call(name: str, day: str, tokens: int, currency: str = "USD", team: str = "research") -> str:
    seller, model = MODELS[currency]
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    answer = {"id": name, "object": "chat.completion", "model": model, "usage": usage}
    return json.dumps({"time": f"{day}T10:00:00Z", "seller": seller, "team": team, "response": answer})


def load(tollbook: Tollbook, folder: Path, name: str, *calls: str) -> None:
    log = folder / f"{name}.jsonl"
    log.write_text("\n".join(calls) + "\n", encoding="utf-8")
    assert tollbook.load(log)["loaded"] == len(calls)


@pytest.fixture
def closed(tollbook: Tollbook, tmp_path: Path) -> Tollbook:
    """October with calls in two currencies, closed."""
    calls = (call("a", "2026-10-28", 512_345), call("b", "2026-10-29", 70_001, "CNY"), call("c", "2026-11-02", 1_000))
    load(tollbook, tmp_path, "october", *calls)
    assert tollbook(*NOW, "close", "2026-10", "--who", "ann") == 0
    return tollbook


def write(tollbook: Tollbook, folder: Path, *more: str) -> dict[str, str]:
    """The text of the report by format."""
    files = ("--format", "pdf,html,xlsx", "--to", str(folder))
    assert tollbook(*NOW, "report", "procurement", "--period", "2026-10", *more, *files) == 0, tollbook.err
    stem = folder / "tollbook-procurement-2026-10"
    with zipfile.ZipFile(stem.with_suffix(".xlsx")) as book:
        sheets = unescape(book.read("xl/sharedStrings.xml").decode())
    paper = subprocess.run(["pdftotext", stem.with_suffix(".pdf"), "-"], capture_output=True, text=True, check=True)
    page = unescape(stem.with_suffix(".html").read_text(encoding="utf-8"))
    return {"pdf": " ".join(paper.stdout.split()), "html": page, "xlsx": sheets}


def sums(found: list[dict[str, str]]) -> dict[str, str]:
    return {each["currency"]: each["cost"] for each in found}


def test_the_cover_says_what_close_show_says_and_what_came_later(closed, tmp_path):
    load(closed, tmp_path, "late", call("d", "2026-10-30", 300_007), call("e", "2026-10-30", 41, "CNY"))
    shown = closed.json(*NOW, "close", "show", "2026-10")
    own = sums(shown["own"])
    texts = write(closed, tmp_path / "out")
    for form, text in texts.items():
        assert f"{own['CNY']} CNY and {own['USD']} USD" in text, form
        assert "of 1 call" in text and "became known after closing" in text, form
        assert shown["digest"] in text, form
        assert "Every month of the period is closed; " in text, form
        assert "Every month of the period is closed." not in text, form


def test_a_month_of_which_nothing_came_later_says_so(closed, tmp_path):
    shown = closed.json(*NOW, "close", "show", "2026-10")
    texts = write(closed, tmp_path / "out")
    for form, text in texts.items():
        assert shown["digest"] in text, form
        assert "became known after closing" not in text, form
        assert "Every month of the period is closed." in text, form
    assert "Known after closing nothing" in texts["pdf"]


def test_the_rates_digest_says_whether_it_is_that_of_the_closing(closed, tmp_path):
    kept = closed.json(*NOW, "close", "show", "2026-10")["closing"]["rates_digest"]
    assert "the same as of the closing" in write(closed, tmp_path / "before")["pdf"]
    answer = json.loads(call("f", "2026-10-30", 10)) | {"seller": "deepseek"}
    answer["response"]["model"] = "deepseek-v4-flash"
    load(closed, tmp_path, "another", json.dumps(answer))
    later = write(closed, tmp_path / "after")
    assert "the closing's own is under Method" in later["pdf"]
    assert all(kept in text.replace(" ", "") for text in later.values())


def test_a_report_of_a_part_says_that_closings_are_of_the_whole(closed, tmp_path):
    load(closed, tmp_path, "late", call("d", "2026-10-30", 300_007))
    text = write(closed, tmp_path / "out", "--where", "team=research")["pdf"]
    assert "closings are of whole months and all traffic, this report is not" in text


def test_a_closing_after_the_demo_s_present_says_whose_clock_the_report_is_by(closed):
    october = (date(2026, 10, 1), date(2026, 10, 31))
    asked = Asked("2026-10", *october, Scope(*october))
    with open_reader(closed.warehouse) as reader:
        past = read_past(reader, closed.warehouse, asked, datetime(2026, 11, 1, 12), tell=silent)
    demo = past._replace(demo=past.demo._replace(demo_files=1))
    notes = [closed_facts(asked, each)[0].note for each in (past, demo, demo._replace(now=datetime(2026, 11, 4)))]
    assert notes == [
        "2026-10, on 2026-11-03 by ann",
        "2026-10, on 2026-11-03 by ann; the report is made by the demo's clock, 2026-11-01",
        "2026-10, on 2026-11-03 by ann",
    ]


def line(kind: str, currency: str | None, **counts: int) -> dict[LineKey, Counts]:
    key = LineKey(kind, "s", "m", None, None, None, currency)
    return {key: tuple(counts.get(name, 0) for name in MEASURES)}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ({}, ""),
        (line(CALLS, "USD", cost=5 * 10**11, requests=1), "0.5 USD of 1 call"),
        (line(CALLS, "USD", cost=-(10**12), requests=-2), "-1 USD with 2 calls fewer"),
        (line(CALLS, "USD", cost=10**12), "1 USD"),
        (line(CALLS, None, requests=3, unpriced=3), "3 calls of unknown cost"),
        (
            line(CALLS, "EUR", cost=10**12, requests=1) | line(CALLS, None, requests=-1, unpriced=-1),
            "1 EUR of 1 call and 1 call fewer of unknown cost",
        ),
        (line(CALLS, None, requests=1), "1 call that cost nothing"),
        (line(RECURRING, "USD", cost=20 * 10**12), "20 USD of recurring charges"),
        (line(CALLS, "USD", input=1), "no amount, but lines of it are another team's, project's or model's"),
    ],
)
def test_what_came_later_in_words(lines, words):
    assert later_text(lines) == words


def test_focus_says_what_was_closed_and_what_of_the_file_came_later(closed, tmp_path):
    load(closed, tmp_path, "late", call("d", "2026-10-30", 300_007), call("x", "2026-10-30", 5, team="nobody-knows"))
    shown = closed.json(*NOW, "close", "show", "2026-10")
    chargeback = closed.json(*NOW, "report", "chargeback", "--month", "2026-10", "--format", "csv", "--to", tmp_path)
    found = closed.json(*NOW, "export", "focus", "--period", "2026-10", "--to", tmp_path)
    about = json.loads((tmp_path / "tollbook-focus-2026-10.metadata.json").read_text(encoding="utf-8"))
    assert about["x_Books"]["Months"] == found["books"]
    (month,) = found["books"]
    assert (month["Digest"], month["State"], month["IsAsClosed"]) == (shown["digest"], "closed", True)
    kept = {each["Currency"]: Decimal(each["Cost"]) for each in month["Closed"]}
    later = {each["Currency"]: Decimal(each["Cost"]) for each in month["KnownLater"]}
    billed = {each["currency"]: Decimal(each["cost"]) for each in found["billed"] if each["basis"] == "rated"}
    assert {code: str(cost) for code, cost in kept.items()} == sums(shown["own"])
    assert kept == {each["currency"]: Decimal(each["cost"]) for each in chargeback["total"]}
    assert {code: cost + later.get(code, 0) for code, cost in kept.items()} == billed and later
    assert closed(*NOW, "export", "focus", "--period", "2026-10", "--to", tmp_path) == 0
    said = f"2026-10 was closed at {kept['CNY']} CNY and {kept['USD']} USD, digest {shown['digest'][:12]}; "
    assert f"{said}{later['USD']} USD of 2 calls became known later: in the file." in closed.out
