"""``tollbook report chargeback``: statements that add up to the books, whatever the rule, the months and the names."""

import csv
import json
import shutil
import subprocess

import openpyxl
import pytest

from app.cli import run
from pricing.money import parse_signed_amount

NOVEMBER = ("--now", "2026-11-03T09:00:00Z")
DECEMBER = ("--now", "2026-12-02T09:00:00Z")
CALLS = (
    ("2026-10-02", "research", "stepfun", "step-3.7-flash", 3_000_000),
    ("2026-10-05", "support", "stepfun", "step-3.7-flash", 1_000_000),
    ("2026-10-06", "support", "stepfun", "step-3.7-flash", 1),
    ("2026-10-07", None, "stepfun", "step-3.7-flash", 500_000),
    ("2026-10-08", "support", "stepfun", "no-such-model", 7),
    ("2026-10-09", "=cmd|' /C calc'!A0", "stepfun-cn", "step-3.7-flash", 1_000_000),
    ("2026-11-02", "research", "stepfun", "step-3.7-flash", 100_000),
)
"""A million tokens cost 0.20 USD, and 1.35 CNY in China."""


def call(number: int, day: str, team: str | None, seller: str, model: str, tokens: int) -> str:
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": model, "usage": usage}
    record = {"time": f"{day}T10:00:00Z", "seller": seller, "team": team, "response": answer}
    return json.dumps(record) + "\n"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chargeback")
    log = folder / "log.jsonl"
    log.write_text("".join(call(number, *each) for number, each in enumerate(CALLS)), encoding="utf-8")
    warehouse = ["--warehouse", str(folder / "warehouse")]
    assert run([*warehouse, "ingest", str(log)]) == 0
    charge = ["charge", "add", "Gateway", "--kind", "licence", "--period", "month", "--first", "2026-10-01"]
    assert run([*warehouse, *charge, "--currency", "USD", "--amount", "100"]) == 0
    assert run([*warehouse, *charge, "--currency", "EUR", "--amount", "9.99", "--team", "support"]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook):
    shutil.copytree(loaded, tollbook.warehouse)
    return tollbook


@pytest.fixture
def charged(filled, tmp_path):
    """The object of a chargeback of October, and the lines of its ledger."""

    def charge(*options: object, month: str = "2026-10", now: tuple[str, str] = NOVEMBER) -> tuple[dict, list[dict]]:
        found = filled.json(
            *now, "report", "chargeback", "--month", month, "--to", tmp_path / "out", "--format", "csv", *options
        )
        (path,) = [each for each in found["files"] if each.endswith(".csv")]
        with open(path, encoding="utf-8", newline="") as file:
            return found, list(csv.DictReader(file))

    return charge


def pico(text: str) -> int:
    return parse_signed_amount(text)


def sums(lines: list[dict], *names: str) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for line in lines:
        if line["amount"]:
            key = tuple(line[name] for name in names)
            found[key] = found.get(key, 0) + pico(line["amount"])
    return found


def books(filled, month: str, now: tuple[str, str] = NOVEMBER) -> dict[str, int]:
    """What the month came to as reported, by currency, calls and charges together."""
    (row,) = [row for row in filled.rows(*now, "close") if row["month"] == month]
    found: dict[str, int] = {}
    for each in row["as_closed"]:
        if each["currency"]:
            found[each["currency"]] = found.get(each["currency"], 0) + pico(each["cost"])
    return found


@pytest.mark.parametrize("rule", ["cost", "tokens", "requests", "even"])
def test_whatever_the_rule_the_ledger_adds_up_to_the_books(charged, filled, rule):
    found, lines = charged("--rule", rule)
    assert {code: total for (code,), total in sums(lines, "currency").items()} == books(filled, "2026-10")
    assert {each["currency"]: pico(each["cost"]) for each in found["total"]} == books(filled, "2026-10")
    assert {line["rule"] for line in lines if line["kind"] == "shared"} == {rule}
    assert sums(lines, "kind", "currency")["shared", "USD"] == 100_100_000_000_000


def test_shared_cost_goes_by_each_teams_own_cost_in_its_currency(charged):
    _, lines = charged("--rule", "cost")
    shares = {line["team"]: line["share"] for line in lines if line["description"] == "Gateway (charge 1)"}
    assert shares == {"research": "0.7499998125", "support": "0.2500001875"}
    amounts = {line["team"]: pico(line["amount"]) for line in lines if line["description"] == "Gateway (charge 1)"}
    own = {"research": 3_000_000, "support": 1_000_001}
    whole = 100 * 10**12
    assert sum(amounts.values()) == whole
    assert all(abs(amounts[team] - whole * part / 4_000_001) <= 1 for team, part in own.items())


def test_calls_of_unknown_cost_are_listed_and_never_charged(charged):
    found, lines = charged()
    (unknown,) = [line for line in lines if line["kind"] == "unknown"]
    assert (unknown["team"], unknown["amount"], unknown["currency"], unknown["calls"]) == ("support", "", "", "1")
    assert found["unknown"] == [{"team": "support", "about": "2026-10", "what": "stepfun · no-such-model", "calls": 1}]


def test_a_name_that_a_spreadsheet_would_work_out_is_kept_from_it(charged):
    found, lines = charged()
    assert "'=cmd|' /C calc'!A0" in {line["team"] for line in lines}
    assert "=cmd|' /C calc'!A0" in {row["team"] for row in found["rows"]}


def test_fixed_shares_come_from_a_file(charged, filled, tmp_path):
    shares = tmp_path / "shares.csv"
    shares.write_text("team,share\nplatform,40%\nsupport,60%\n", encoding="utf-8")
    _, lines = charged("--rule", shares)
    shared = {line["team"]: line["amount"] for line in lines if line["description"] == "Gateway (charge 1)"}
    assert shared == {"platform": "40", "support": "60"}
    assert {code: total for (code,), total in sums(lines, "currency").items()} == books(filled, "2026-10")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "first line has to be team,share"),
        ("team,share\n", "nobody has a share above 0"),
        ("team,share\na,60%\nb,30%\n", "add up to 90%"),
        ("team,share\na,60%\nb,40\n", "with every share, or with none"),
        ("team,share\na,1\na,2\n", "'a' is there twice"),
        ("team,share\na,-1\n", "from 0 up"),
        ("team,share\na,1e3\n", "from 0 up"),
        ("team,share\na\n", "no team and its share"),
        ("team,share\n\xff", "twice"),
    ],
)
def test_a_file_of_shares_that_cannot_be_used_says_why(filled, tmp_path, text, why):
    shares = tmp_path / "shares.csv"
    if "\xff" in text:
        shares.write_bytes(text.encode("latin-1"))
        why = "no text in UTF-8"
    else:
        shares.write_text(text, encoding="utf-8")
    assert filled("report", "chargeback", "--rule", shares, "--to", tmp_path / "out") == 2
    assert why in filled.err and not (tmp_path / "out").exists()


def test_the_settings_remember_the_rule(charged, filled):
    settings = filled.warehouse / "tollbook.toml"
    text = settings.read_text(encoding="utf-8")
    (filled.warehouse / "shares.csv").write_text("team,share\nresearch,1\n", encoding="utf-8")
    settings.write_text('chargeback_rule = "even"\n' + text, encoding="utf-8")
    assert charged()[0]["rule"] == "even"
    assert charged("--rule", "tokens")[0]["rule"] == "tokens"
    settings.write_text('chargeback_rule = "shares.csv"\n' + text, encoding="utf-8")
    found, lines = charged()
    assert found["rule"] == "fixed" and {line["team"] for line in lines if line["kind"] == "shared"} == {"research"}
    settings.write_text('chargeback_rule = "dice"\n' + text, encoding="utf-8")
    assert filled("report", "chargeback") == 2 and "chargeback_rule: 'dice' is no rule and no file" in filled.err


def test_a_closed_month_is_charged_as_it_was_closed_and_what_came_later_with_the_next(charged, filled, tmp_path):
    filled.json(*NOVEMBER, "close", "2026-10", "--who", "ann")
    before = charged()
    log = tmp_path / "late.jsonl"
    rows = [("2026-10-30", "research", 50_000), ("2026-10-30", None, 10_000), ("2026-12-01", "support", 1)]
    log.write_text(
        "".join(
            call(100 + number, day, team, "stepfun", "step-3.7-flash", tokens)
            for number, (day, team, tokens) in enumerate(rows)
        )
    )
    assert filled.load(log)["loaded"] == 3
    after, lines = charged()
    assert (after["state"], after["rows"]) == ("closed", before[0]["rows"]) and len(after["digest"]) == 64
    assert lines == before[1]
    _, november = charged(month="2026-11", now=DECEMBER)
    late = [line for line in november if line["kind"] == "adjustment"]
    assert {(line["about"], line["team"], line["rule"]) for line in late} == {
        ("2026-10", "research", ""),
        ("2026-10", "research", "cost"),
        ("2026-10", "support", "cost"),
    }
    assert sum(pico(line["amount"]) for line in late) == 12 * 10**9
    assert {code: total for (code,), total in sums(november, "currency").items()} == books(filled, "2026-11", DECEMBER)


def test_converted_amounts_are_in_one_currency_and_add_up_to_the_rounded_sum(charged, filled, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text(
        "date,base,quote,rate\n2026-10-31,USD,CHF,0.81\n2026-10-31,CNY,CHF,0.11\n2026-10-31,EUR,CHF,0.93\n"
    )
    assert filled("fx", "import", rates, "--source", "the bank") == 0, filled.err
    _, lines = charged("--in", "CHF")
    billed = books(filled, "2026-10")
    whole = billed["USD"] * 81 + billed["CNY"] * 11 + billed["EUR"] * 93
    assert sums(lines, "currency") == {("CHF",): round(whole / 100)}
    assert filled(*NOVEMBER, "report", "chargeback", "--in", "XAU") == 2
    assert "no rate of USD/XAU is known" in filled.err


def test_a_statement_of_one_team_has_no_line_of_another(charged, filled, tmp_path):
    found, lines = charged("--team", "support")
    assert {line["team"] for line in lines} == {"support"} == {row["team"] for row in found["rows"]}
    assert found["files"] == [str(tmp_path / "out" / "tollbook-chargeback-2026-10-support.csv")]
    assert filled("report", "chargeback", "--month", "2026-10", "--team", "nobody") == 2
    assert "'nobody' has nothing in 2026-10; teams of that month are" in filled.err


def test_the_last_whole_month_is_charged_unless_another_is_named(filled, tmp_path):
    assert filled.json(*NOVEMBER, "report", "chargeback", "--to", tmp_path)["month"] == "2026-10"
    assert filled(*NOVEMBER, "report", "chargeback", "--to", tmp_path, "--month", "2026-02") == 2
    assert "there is nothing of 2026-02 to charge back" in filled.err


@pytest.mark.parametrize("option", ["--month", "--rule"])
def test_an_empty_word_is_a_mistake_and_not_the_usual(filled, tmp_path, option):
    assert filled(*NOVEMBER, "report", "chargeback", "--to", tmp_path, option, "") == 2
    assert "'' is no" in filled.err and not list(tmp_path.glob("*.csv"))


def test_teams_whose_names_end_alike_have_files_of_their_own(filled, tmp_path):
    log = tmp_path / "more.jsonl"
    teams = ("b", "x/b", "x\\b", "..", "研究", "a:b", "a_b")
    more = (call(90 + place, "2026-10-10", team, "stepfun", "step-3.7-flash", 5) for place, team in enumerate(teams))
    log.write_text("".join(more), encoding="utf-8")
    assert filled("ingest", log) == 0
    asked = ("--month", "2026-10", "--format", "csv", "--to", tmp_path / "out")
    for team in teams:
        assert filled("report", "chargeback", *asked, "--team", team) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == len(teams) and {f"tollbook-chargeback-2026-10-{team}.csv" for team in ("b", "研究")} <= {
        *names
    }


def test_a_document_of_one_team_shows_no_figure_of_another(filled, tmp_path):
    where = ("--month", "2026-10", "--to", tmp_path, "--format", "pdf,html,xlsx")
    assert filled(*NOVEMBER, "report", "chargeback", *where, "--team", "support") == 0
    read = subprocess.run(["pdftotext", "-layout", *tmp_path.glob("*.pdf"), "-"], capture_output=True, check=True)
    book = openpyxl.load_workbook(*tmp_path.glob("*.xlsx"))
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    texts = [read.stdout.decode(), *(page.read_text(encoding="utf-8") for page in tmp_path.glob("*.html"))]
    for text in [*texts, "\n".join(cells)]:
        assert "support" in text and "Gateway" in text
        # Neither who else is there nor what they pay.
        assert [other for other in ("research", "cmd|") if other in text] == []
    # The whole of what it has a part in, and its own part.
    assert "CNY" not in texts[0] and "100" in texts[0] and "25.0" in texts[0] and "75.0" not in texts[0]
    assert filled(*NOVEMBER, "report", "chargeback", "--to", tmp_path) == 0
    assert "research" in filled.out and "2026-10 is open" in filled.out
