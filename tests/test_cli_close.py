"""``tollbook close``: freezes a month, shows what came later beside it, and notices when somebody changed it."""

import json
import shutil

import duckdb
import pytest

from app.cli import run

CALLS = (("2026-10-28", "research", 500_000), ("2026-10-31", "support", 250_000), ("2026-11-02", "research", 100_000))
"""A million tokens would cost 0.20 USD."""
NOVEMBER = ("--now", "2026-11-03T09:00:00Z")
DECEMBER = ("--now", "2026-12-02T09:00:00Z")


def call(name: str, day: str, team: str, tokens: int, model: str = "step-3.7-flash") -> str:
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    answer = {"id": name, "object": "chat.completion", "model": model, "usage": usage}
    return json.dumps({"time": f"{day}T10:00:00Z", "seller": "stepfun", "team": team, "response": answer}) + "\n"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("close")
    log = folder / "log.jsonl"
    log.write_text("".join(call(f"c-{number}", *each) for number, each in enumerate(CALLS)), encoding="utf-8")
    assert run(["--warehouse", str(folder / "warehouse"), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook):
    shutil.copytree(loaded, tollbook.warehouse)
    return tollbook


@pytest.fixture
def late(filled, tmp_path):
    """Load a call late."""

    def load(name: str, day: str, tokens: int, model: str = "step-3.7-flash") -> None:
        log = tmp_path / f"{name}.jsonl"
        log.write_text(call(name, day, "research", tokens, model), encoding="utf-8")
        assert filled.load(log)["loaded"] == 1

    return load


def state(tollbook, statement: str) -> list[tuple]:
    with duckdb.connect(str(tollbook.warehouse / "state.duckdb")) as connection:
        return connection.execute(statement).fetchall()


def costs(sums: list[dict]) -> list[str | None]:
    return [each["cost"] for each in sums]


def test_a_month_is_frozen_and_what_comes_later_is_an_adjustment(filled, late):
    closed = filled.json(*NOVEMBER, "close", "2026-10", "--who", "ann")
    assert (closed["state"], costs(closed["own"]), closed["verified"]) == ("closed", ["0.15"], True)
    assert [(line["team"], line["cost"], line["input"]) for line in closed["lines"]] == [
        ("research", "0.1", 500_000),
        ("support", "0.05", 250_000),
    ]
    late("late-1", "2026-10-30", 50_000)
    october, november = filled.rows(*NOVEMBER, "close")
    assert (costs(october["as_closed"]), costs(october["as_it_is_now"])) == (["0.15"], ["0.16"])
    assert (costs(november["own"]), costs(november["as_closed"])) == (["0.02"], ["0.03"])
    assert costs(november["adjustments"]["2026-10"]) == ["0.01"]
    late("late-2", "2026-12-01", 1_000_000)
    assert filled.json(*DECEMBER, "close", "2026-11")["own"][0]["cost"] == "0.02"
    late("late-3", "2026-10-30", 10_000)
    found = filled.json(*DECEMBER, "close")
    assert [costs(row["as_closed"]) for row in found["rows"]] == [["0.15"], ["0.03"], ["0.202"]]
    assert [costs(row["as_it_is_now"]) for row in found["rows"]] == [["0.162"], ["0.02"], ["0.2"]]
    assert found["total"] == [{"kind": "calls", "currency": "USD", "as_closed": "0.382", "as_it_is_now": "0.382"}]
    assert [row["verified"] for row in found["rows"]] == [True, True, None]
    shown = filled.json("close", "show", "2026-11")
    assert [line["cost"] for line in shown["booked"]["2026-10"]] == ["0.01"]
    assert filled.json("close", "show", "2026-10")["later_lines"][0]["requests"] == 2


def test_the_totals_are_those_of_cost(filled):
    (found,) = filled.json(*NOVEMBER, "close", "2026-10")["own"]
    (cost,) = filled.costs("--since", "2026-10-01", "--until", "2026-10-31")
    assert [found[name] for name in ("cost", "requests", "unpriced", "needs_review")] == [
        cost[name] for name in ("cost", "requests", "unpriced", "needs_review")
    ]


def test_a_call_without_a_price_is_a_line_without_a_cost(filled, late):
    late("odd", "2026-10-30", 10, "no-such-model")
    lines = filled.json(*NOVEMBER, "close", "2026-10")["lines"]
    assert [(line["cost"], line["currency"], line["unpriced"]) for line in lines if line["unpriced"]] == [
        (None, None, 1)
    ]
    assert filled("close") == 0
    assert "unpriced" in filled.out and "1 call" in filled.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*NOVEMBER, "close", "2026-11"), "2026-11 is not complete: it ends on 2026-11-30, and the day was 2026-11-03"),
        ((*DECEMBER, "close", "2026-11"), "it ends on 2026-11-30, and the newest call is of 2026-11-02. --incomplete"),
        (("close", "2026-13"), "'2026-13' is no month; write it as in 2026-10"),
        (("close", "show", "October"), "'October' is no month"),
        (("close", "show", "2025-01"), "nothing is known of 2025-01"),
        (("close", "reopen", "2026-10", "--reason", "x"), "2026-10 is not closed"),
        (("close", "reopen", "2026-10", "--reason", " "), "--reason: say why"),
    ],
)
def test_what_cannot_be_closed_is_one_plain_line(filled, arguments, words):
    assert filled(*arguments) == 2
    assert words in filled.err and filled.err.count("\n") == 1
    assert all(row["state"] == "open" for row in filled.rows("close"))


def test_whoever_insists_is_written_down(filled):
    closed = filled.json(*NOVEMBER, "close", "2026-11", "--incomplete", "--who", "ann")["closing"]
    assert closed["incomplete"] == "it ends on 2026-11-30, and the day was 2026-11-03"
    assert filled("close") == 0 and "by ann, incomplete" in filled.out


def test_the_last_month_is_reopened_with_a_reason_and_closed_anew(filled, late):
    first = filled.json(*NOVEMBER, "close", "2026-10", "--who", "ann")["digest"]
    filled.json(*DECEMBER, "close", "2026-11", "--incomplete")
    assert filled("close", "reopen", "2026-10", "--reason", "wrong card") == 2
    assert "reopen 2026-11 first" in filled.err
    filled.json("close", "reopen", "2026-11", "--reason", "too early", "--who", "bob")
    reopened = filled.json("close", "reopen", "2026-10", "--reason", "wrong card", "--who", "bob")["reopened"]
    assert (reopened["digest"], reopened["reason"], reopened["reopened_by"]) == (first, "wrong card", "bob")
    late("late-1", "2026-10-30", 50_000)
    assert costs(filled.json(*NOVEMBER, "close", "2026-10")["own"]) == ["0.16"]
    shown = filled.json("close", "show", "2026-10")
    (earlier,) = shown["earlier_closings"]
    assert (earlier["digest"], earlier["reason"], earlier["reopened_by"]) == (first, "wrong card", "bob")
    assert (costs(earlier["own"]), earlier["verified"], shown["digest"] != first) == (["0.15"], True, True)
    assert [each["earlier_closings"] for each in filled.rows("close")][0] == [earlier]
    said = state(filled, "select who, what from audit where what like 'month%' order by changed_at, what")
    assert ("bob", "month 2026-10 reopened") in said and ("ann", "month_close 1 added") in said


def test_what_was_taken_back_is_found_by_its_digest(filled):
    first = filled.json(*NOVEMBER, "close", "2026-10", "--who", "ann")
    filled.json("close", "reopen", "2026-10", "--reason", "wrong card", "--who", "bob")
    second = filled.json(*DECEMBER, "close", "2026-10", "--who", "ann")
    for found in (first, second):
        shown = filled.json("close", "show", "2026-10", "--digest", found["digest"][:10].upper())
        assert (shown["closing"]["digest"], shown["closing"]["verified"]) == (found["digest"], True)
        assert shown["lines"] == found["lines"]
    assert filled("close", "show", "2026-10", "--digest", first["digest"]) == 0
    assert f"Digest {first['digest']}, verified." in filled.out and "by bob: wrong card." in filled.out
    for arguments in (("close",), ("close", "show", "2026-10")):
        assert filled(*arguments) == 0
        assert f"at 0.15 USD; digest {first['digest']}, verified; reopened" in filled.out
        assert "by bob: wrong card" in filled.out
    state(filled, "update month_close_line set counts = map(['cost'], [1::decimal(38, 0)]) where closing_id = 1")
    assert filled("close", "show", "2026-10", "--digest", first["digest"]) == 0 and "CHANGED" in filled.out
    assert filled.json("close", "show", "2026-10")["verified"] is True


@pytest.mark.parametrize(
    ("month", "digest", "words"),
    [
        ("2026-10", "abc", "--digest: give at least its first 8 characters"),
        ("2026-10", "0" * 64, "no closing of 2026-10 has the digest"),
        ("2026-11", "0" * 64, "it was never closed"),
    ],
)
def test_a_digest_that_is_none_is_one_plain_line(filled, month, digest, words):
    filled.json(*NOVEMBER, "close", "2026-10", "--who", "ann")
    assert filled("close", "show", month, "--digest", digest) == 2
    assert words in filled.err and filled.err.count("\n") == 1


def test_a_changed_state_database_is_told(filled):
    filled.json(*NOVEMBER, "close", "2026-10")
    state(filled, "update month_close_line set counts = map(['cost'], [1::decimal(38, 0)]) where team = 'support'")
    assert filled.json("close", "show", "2026-10")["verified"] is False
    assert filled("close") == 0
    assert "CHANGED since it was closed" in filled.out and "somebody changed the state database" in filled.out
    assert filled(*DECEMBER, "close", "2026-11", "--incomplete") == 2
    assert "2026-10 is not as it was closed" in filled.err


def test_a_recurring_charge_entered_later_is_an_adjustment_too(filled):
    filled.json(*NOVEMBER, "close", "2026-10")
    amount = ("--amount", "310", "--currency", "EUR", "--period", "month", "--first", "2026-10-01")
    filled.json("charge", "add", "Support", *amount)
    october, november = filled.rows(*NOVEMBER, "close")
    assert [(each["kind"], each["cost"]) for each in october["later"]] == [("recurring", "310")]
    assert costs(november["adjustments"]["2026-10"]) == ["310"]
    assert filled(*NOVEMBER, "close") == 0
    assert "recurring charges" in filled.out


def test_rows_that_leave_a_closed_month_are_an_adjustment(filled, late):
    filled.json(*NOVEMBER, "close", "2026-10")
    (filled.warehouse / "usage.duckdb").unlink()
    late("other", "2026-12-01", 5_000)
    october = filled.rows(*DECEMBER, "close")[0]
    assert (costs(october["as_closed"]), october["as_it_is_now"], costs(october["later"])) == (["0.15"], [], ["-0.15"])


def test_a_late_call_of_unknown_cost_is_an_adjustment_and_is_counted_beside_the_totals(filled, late):
    filled.json(*NOVEMBER, "close", "2026-10")
    late("odd", "2026-10-30", 10, "no-such-model")
    assert filled.json(*NOVEMBER, "close")["unpriced"] == {"as_closed": 1, "as_it_is_now": 1}
    assert filled(*NOVEMBER, "close") == 0
    rows = [" ".join(line.split()) for line in filled.out.splitlines()]
    assert "unpriced 1 call 1 call 0 calls" in rows and "total unpriced 1 call 1 call" in rows


def test_months_before_the_first_that_is_closed_are_told_to_be_left_out(filled, late):
    late("next", "2026-12-01", 10)
    assert filled(*DECEMBER, "close", "2026-11") == 0
    assert "the books begin with 2026-11: 2026-10 cannot be closed any more" in filled.err
    assert filled(*DECEMBER, "close", "show", "2026-10") == 0
    assert "the books begin with 2026-11" in filled.out and "tollbook close 2026-10 closes it" not in filled.out
    assert filled(*DECEMBER, "close", "2026-9") == 2 and "write 2026-09" in filled.err


def test_days_are_those_of_the_figures_when_the_settings_name_another_zone(filled):
    settings = filled.warehouse / "tollbook.toml"
    settings.write_text(settings.read_text().replace('"UTC"', '"Pacific/Kiritimati"'))
    assert filled("--now", "2026-10-31T12:00:00Z", "close", "2026-10") == 2
    assert "the day was 2026-10-31" in filled.err


def test_what_came_after_closing_is_told_by_the_check_up_until_it_is_booked(filled, late):
    def told() -> list[dict]:
        assert filled(*DECEMBER, "doctor", "--check", "known-after-closing", "--json") == 0, filled.err
        return json.loads(filled.out)["findings"]

    assert told() == []
    filled.json(*NOVEMBER, "close", "2026-10")
    assert told() == []
    late("late-1", "2026-10-30", 50_000)
    (finding,) = told()
    assert (finding["cases"], finding["needs_person"]) == (["2026-10: 0.01 USD of 1 call"], False)
    filled.json(*DECEMBER, "close", "2026-11", "--incomplete")
    assert told() == []


def test_what_stands_open_is_told_before_a_month_is_closed(filled, late):
    late("odd", "2026-10-30", 10, "no-such-model")
    late("early", "2026-09-30", 10)
    billed = ("--seller", "stepfun", "--first", "2026-10-28", "--last", "2026-10-28", "--currency", "USD")
    assert filled("invoice", "add", *billed, "--amount", "0.75", "--who", "ann") == 0, filled.err
    assert filled(*NOVEMBER, "close", "2026-10", "--who", "ann") == 0
    told = [line for line in filled.err.splitlines() if line.startswith("open: ")]
    assert told[0] == "open: 1 call of unknown cost: in no amount; tollbook rates unpriced says why"
    assert "invoices of stepfun in USD and the calls have 2 differences to look into, 0.6 USD more than" in told[1]
    assert told[2].startswith("open: 2026-09 is not closed: what is closed first begins the books")
    assert filled(*NOVEMBER, "close", "2026-10") == 2 and "open: " not in filled.err


def test_a_month_without_an_invoice_says_that_nothing_was_held_against_it(filled):
    assert filled(*NOVEMBER, "close", "2026-10") == 0
    assert "open: no invoice of 2026-10 was entered: nothing was held against it" in filled.err
