"""``tollbook prepaid``: accounts with sellers, what was paid, what they show, and how long it lasts."""

import json
import shutil

import duckdb
import pytest

from app.cli import run

NOW = ("--now", "2026-11-21T09:00:00Z")
ADD = ("prepaid", "add", "stepfun", "--currency", "USD")


def call(name: str, time: str, tokens: int, seller: str = "stepfun", team: str = "research") -> str:
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    answer = {"id": name, "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return json.dumps({"time": time, "seller": seller, "team": team, "response": answer}) + "\n"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Twenty days of 0.20 USD each, half of it in the morning; the last day has its morning alone."""
    folder = tmp_path_factory.mktemp("prepaid")
    lines = [
        call(f"{day}-{hour}", f"2026-11-{day:02}T{hour:02}:00:00Z", 500_000) for day in range(1, 21) for hour in (6, 18)
    ]
    lines += [call("last", "2026-11-21T06:00:00Z", 500_000), call("cn", "2026-11-20T06:00:00Z", 1_000, "stepfun-cn")]
    log = folder / "log.jsonl"
    log.write_text("".join(lines), encoding="utf-8")
    assert run(["--warehouse", str(folder / "warehouse"), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook):
    shutil.copytree(loaded, tollbook.warehouse)
    return tollbook


@pytest.fixture
def account(filled):
    filled.json(*ADD, "--who", "ann")
    return filled


def test_what_is_left_is_top_ups_less_what_was_billed(account):
    assert account.json(*NOW, "prepaid")["rows"][0]["left"] is None
    topup = (*NOW, "prepaid", "topup", "stepfun", "--amount", "10", "--fee", "0.55", "--at", "2026-11-11")
    found = account.json(*topup)["account"]
    assert [found[name] for name in ("topped_up", "billed", "left", "fees")] == ["10", "2.1", "7.9", "0.55"]
    assert found["is_at_most"] is False
    ends = found["runs_out"]
    # 7.9 are 39 days and a half, if every day goes on to be alike.
    assert "2026-12-10" < ends["early"] < "2026-12-30" < ends["late"] and "2026-12-28" < ends["middle"] < "2027-01-02"
    soon, later = (
        account.json(*NOW, "prepaid", "show", "1", "--until", until)["account"]["runs_out"]["top_up"]
        for until in ("2026-12-01", "2027-01-20")
    )
    assert soon == {"until": "2026-12-01", "probability": 0.9, "amount": "0"} and float(later["amount"]) > 4


def test_a_balance_shown_corrects_ours_and_the_difference_is_told(account):
    account.json(*NOW, "prepaid", "topup", "stepfun", "--amount", "10", "--at", "2026-11-11")
    shown = (*NOW, "prepaid", "balance", "stepfun", "--amount", "7.50", "--at", "2026-11-15T12:00Z", "--who", "ann")
    found = account.json(*shown)["account"]
    (reading,) = found["balances"]
    assert (reading["ours"], reading["difference"]) == ("9.1", "-1.6")
    assert (found["adjusted"], found["left"]) == ("-1.6", "6.3")
    assert account(*NOW, "prepaid", "show", "stepfun") == 0
    assert "-1.6 USD" in account.out and "adjusted by -1.6 USD" in account.out
    at_its_end = ("--amount", "7.50", "--at", "2026-11-15")
    assert account.json(*NOW, "prepaid", "balance", "1", *at_its_end)["account"]["left"] == "6.4"
    assert account(*NOW, "prepaid", "show", "1") == 0
    assert "2026-11-15 12:00" in account.out and "2026-11-15  " in account.out
    # A top-up of the next day is not in what was shown at the end of this one.
    account.json(*NOW, "prepaid", "topup", "1", "--amount", "1", "--at", "2026-11-16")
    assert account.json(*NOW, "prepaid", "show", "1")["account"]["left"] == "7.4"


def test_calls_of_unknown_cost_make_what_is_left_at_most(account, tmp_path):
    log = tmp_path / "odd.jsonl"
    log.write_text(call("odd", "2026-11-12T06:00:00Z", 10).replace("step-3.7-flash", "no-such-model"))
    account.load(log)
    found = account.json(*NOW, "prepaid", "topup", "1", "--amount", "10", "--at", "2026-11-11")["account"]
    assert (found["is_at_most"], found["unpriced"]) == (True, 1)
    assert account(*NOW, "prepaid") == 0
    assert "at most: 1 call of unknown cost" in account.out
    assert account.json(*NOW, "prepaid", "balance", "1", "--amount", "5")["account"]["unpriced"] == 0


def test_credit_that_expires_is_told_and_runs_out_with_it(account):
    ends = ("--at", "2026-11-11", "--expires", "2026-11-25")
    found = account.json(*NOW, "prepaid", "topup", "1", "--amount", "10", *ends)["account"]
    assert found["runs_out"]["middle"] == "2026-11-25"
    assert account(*NOW, "prepaid") == 0
    assert "credit expires on 2026-11-25" in account.out


def test_accounts_of_a_team_pay_for_its_calls_alone_and_none_pays_twice(account):
    assert account("prepaid", "add", "stepfun", "--currency", "USD", "--team", "research", "--name", "more") == 2
    assert "no call can be paid from two accounts" in account.err
    assert account(*ADD) == 2 and "has that name" in account.err
    account.json("prepaid", "remove", "account", 1)
    account.json("prepaid", "add", "stepfun", "--currency", "USD", "--team", "research", "--name", "research")
    account.json("prepaid", "add", "stepfun", "--currency", "USD", "--team", "support", "--name", "support")
    for name in ("research", "support"):
        account.json(*NOW, "prepaid", "topup", name, "--amount", "10", "--at", "2026-11-11")
    research, support = account.rows(*NOW, "prepaid")
    assert (research["left"], support["left"]) == ("7.9", "10")
    assert research["runs_out"]["middle"] > "2026-12-01"
    assert (support["runs_out"], support["why_not"]) == (None, "no call of it was billed in USD")


def test_entries_are_removed_and_the_audit_keeps_them(account):
    account.json(*NOW, "prepaid", "topup", "1", "--amount", "10", "--who", "ann")
    account.json("prepaid", "remove", "topup", 1, "--who", "bob")
    assert account.rows(*NOW, "prepaid")[0]["topups"] == []
    with duckdb.connect(str(account.warehouse / "state.duckdb"), read_only=True) as connection:
        said = connection.execute("select who, what from audit where who in ('ann', 'bob') order by rowid").fetchall()
    assert said == [("ann", "account 1 added"), ("ann", "topup 1 added"), ("bob", "topup 1 removed")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("topup", "novita", "--amount", "1"), "there is no account 'novita'; there are 1 (stepfun)"),
        (("topup", "1", "--amount", "x"), "--amount: 'x' is no amount"),
        (("topup", "1", "--amount", "1", "--at", "soon"), "--at: 'soon' is no time"),
        (("topup", "1", "--amount", "1", "--expires", "2026-11-01"), "--expires 2026-11-01 is before the top-up"),
        (("balance", "1", "--amount", "1", "--at", "2026-11-22"), "--at: 2026-11-22 has not come yet"),
        (("remove", "thing", "1"), "WHAT: there is no 'thing'; there are account, topup, balance"),
        (("remove", "topup", "7"), "there is no topup 7"),
        (("show", "1", "--until", "2030-01-01"), "--until: give a day from 2026-11-21 to"),
    ],
)
def test_a_mistake_is_one_plain_line(account, arguments, words):
    if arguments[0] == "show":
        account.json(*NOW, "prepaid", "topup", "1", "--amount", "10")
    assert account(*NOW, "prepaid", *arguments) == 2
    assert words in account.err and account.err.count("\n") == 1


def test_without_an_account_the_next_step_is_told(filled):
    assert filled(*NOW, "prepaid") == 0
    assert "No account was entered: tollbook prepaid add SELLER" in filled.out


def test_what_ran_out_before_today_is_said_of_the_past_and_data_that_ended_is_told(account):
    late = ("--now", "2026-12-20T09:00:00Z")
    account.json(*late, "prepaid", "topup", "1", "--amount", "5", "--at", "2026-11-11")
    found = account.json(*late, "prepaid", "show", "1")["account"]["runs_out"]
    assert found["before_today"] is True and found["middle"] < "2026-12-20"
    for words in (("show", "1"), ()):
        assert account(*late, "prepaid", *words) == 0
        assert f"by now (about {found['middle']})" in " ".join(account.out.split())
        assert "today is 2026-12-20: the days since then are projected, too" in " ".join(account.out.split())
    assert account(*NOW, "prepaid", "show", "1") == 0
    assert "by now" not in account.out and "the days since then" not in account.out


def test_an_entry_is_made_and_shown_when_the_data_go_beyond_today(account):
    early = ("--now", "2026-10-01T09:00:00Z")
    assert account(*early, "prepaid", "topup", "1", "--amount", "50") == 0, account.err
    assert "cannot be shown" not in account.err, account.err
    assert account(*early, "prepaid", "balance", "1", "--amount", "50") == 0
    assert "no call up to today is loaded yet" in account.out and "cannot be shown" not in account.err


def test_an_entry_that_cannot_be_shown_is_told_to_be_made(account, monkeypatch):
    def fail(*_):
        raise ValueError("no paths")

    monkeypatch.setattr("app.commands.prepaid.read_standings", fail)
    assert account(*NOW, "prepaid", "topup", "1", "--amount", "5") == 0
    assert "topup 1 was entered, do not enter it again" in account.err and "Traceback" not in account.err


def test_two_balances_of_one_moment_are_each_compared_with_what_was_ours_before_it(account):
    at = ("--at", "2026-11-15T12:00Z")
    account.json(*NOW, "prepaid", "topup", "1", "--amount", "10", "--at", "2026-11-11")
    account.json(*NOW, "prepaid", "balance", "1", "--amount", "7", *at)
    found = account.json(*NOW, "prepaid", "balance", "1", "--amount", "8", *at)["account"]
    assert [(each["ours"], each["difference"]) for each in found["balances"]] == [("9.1", "-2.1"), ("7", "1")]
    assert found["adjusted"] == "-1.1"


def test_an_account_below_zero_says_since_when(account):
    account.json(*NOW, "prepaid", "topup", "1", "--amount", "0.5", "--at", "2026-11-11")
    assert account.json(*NOW, "prepaid")["rows"][0]["below_zero_since"] == "2026-11-13"
    assert account(*NOW, "prepaid", "show", "1") == 0
    assert "It is below zero since 2026-11-13." in account.out and "Runs out" not in account.out
    account.json(*NOW, "prepaid", "balance", "1", "--amount", "-3")
    assert account.json(*NOW, "prepaid")["rows"][0]["below_zero_since"] == "2026-11-13"
    account.json(*NOW, "prepaid", "balance", "1", "--amount", "-3", "--at", "2026-11-11")
    account.json(*NOW, "prepaid", "remove", "topup", "1")
    assert account(*NOW, "prepaid", "show", "1") == 0
    assert "It is below zero." in account.out


def test_before_anything_is_loaded_an_account_says_so(tollbook, tmp_path):
    rejected = tmp_path / "rejected.jsonl"
    rejected.write_text('{"x": 1}\n')
    tollbook("ingest", "--source", "openai_compatible", rejected)
    tollbook.json(*ADD, "--who", "ann")
    assert tollbook(*NOW, "prepaid", "topup", "1", "--amount", "5") == 0
    assert "no call up to today is loaded yet" in tollbook.out and "None" not in tollbook.out


def test_days_are_those_of_the_figures_when_the_settings_name_another_zone(account):
    settings = account.warehouse / "tollbook.toml"
    settings.write_text(settings.read_text().replace('"UTC"', '"Asia/Shanghai"'))
    assert "Asia/Shanghai" in settings.read_text()
    found = account.json(*NOW, "prepaid", "topup", "1", "--amount", "10", "--at", "2026-11-11")["account"]
    assert found["topups"][0]["credited_at"].startswith("2026-11-11T00:00")
