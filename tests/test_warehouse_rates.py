"""Rates in the warehouse: known once, never edited, succeeded; and why a call has no price, or costs nothing."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.load import FileLoad, load_files
from ingest.options import Options
from pricing.card import read_card
from warehouse.connection import open_reader
from warehouse.errors import RateConflict
from warehouse.folder import Folder
from warehouse.migrate import migrate
from warehouse.rates import Cards, read_cards, sync_rates

NOW = datetime(2026, 11, 22)
LATER = datetime(2026, 11, 23)
MODEL = "own-model"


def entry(valid_from: str, price: str, **more: str) -> str:
    """An entry of a card: input at ``price`` per million, output at ten times that."""
    said = {"source": "a contract", "checked": "2026-06-01", "confidence": "contract", **more}
    figures = f'{{input: "{price}", output: "{price}0"}}'
    return (
        f"    - {{valid_from: {valid_from}T00:00:00Z, currency: EUR, per_mtok: {figures}, "
        + ", ".join(f"{name}: {value}" for name, value in said.items())
        + "}\n"
    )


def card(*entries: str, seller: str = "house", model: str = MODEL) -> str:
    return f"seller: {seller}\nmodels:\n  {model}:\n" + "".join(entries)


def cards(folder: Path, text: str) -> Cards:
    (folder / "house.yaml").write_text(text)
    return Cards(own=(read_card(folder / "house.yaml"),), shipped=())


@pytest.fixture
def usage():
    """A new database's tables, in memory."""
    with duckdb.connect() as connection:
        migrate(connection, "usage", now=NOW)
        yield connection


def spans(usage: duckdb.DuckDBPyConnection) -> list[tuple]:
    text = "select model, valid_from, valid_until, rate_id, rate.input from rate_span join rate using (rate_id)"
    text = text.replace(
        "model, valid_from, valid_until", "rate_span.model, rate_span.valid_from, rate_span.valid_until"
    )
    return usage.execute(text + " order by all").fetchall()


OPEN = datetime(9999, 12, 31)


def test_a_card_is_known_from_when_it_was_first_loaded(usage, tmp_path):
    first = cards(tmp_path, card(entry("2026-06-01", "1")))
    for now in (NOW, LATER):
        sync_rates(usage, first, now)
    assert spans(usage) == [(MODEL, datetime(2026, 6, 1), OPEN, 1, 1_000_000)]
    assert usage.execute("select rate_id, recorded_at, active from rate").fetchall() == [(1, NOW, True)]


def test_a_succeeded_rate_ends_where_the_next_begins_and_keeps_its_number(usage, tmp_path):
    sync_rates(usage, cards(tmp_path, card(entry("2026-06-01", "1"))), NOW)
    sync_rates(usage, cards(tmp_path, card(entry("2026-06-01", "1"), entry("2026-09-01", "2"))), LATER)
    assert spans(usage) == [
        (MODEL, datetime(2026, 6, 1), datetime(2026, 9, 1), 1, 1_000_000),
        (MODEL, datetime(2026, 9, 1), OPEN, 2, 2_000_000),
    ]
    assert usage.execute("select rate_id, recorded_at, valid_until from rate order by 1").fetchall() == [
        (1, NOW, datetime(2026, 9, 1)),
        (2, LATER, OPEN),
    ]


def test_a_rate_that_priced_nothing_may_be_edited_and_the_old_one_stays_known(usage, tmp_path):
    sync_rates(usage, cards(tmp_path, card(entry("2026-06-01", "1"))), NOW)
    sync_rates(usage, cards(tmp_path, card(entry("2026-06-01", "3"))), LATER)
    assert spans(usage) == [(MODEL, datetime(2026, 6, 1), OPEN, 2, 3_000_000)]
    assert usage.execute("select rate_id, active from rate order by 1").fetchall() == [(1, False), (2, True)]


def test_evidence_may_change_without_a_new_rate(usage, tmp_path):
    sync_rates(usage, cards(tmp_path, card(entry("2026-06-01", "1"))), NOW)
    sync_rates(usage, cards(tmp_path, card(entry("2026-06-01", "1", checked="2026-11-20", note="looked again"))), LATER)
    found = usage.execute("select rate_id, checked, note, recorded_at from rate").fetchall()
    assert [(number, str(checked), note, at) for number, checked, note, at in found] == [
        (1, "2026-11-20", "looked again", NOW)
    ]


def test_a_card_taken_away_prices_nothing_more_and_stays_known(usage, tmp_path):
    sync_rates(usage, cards(tmp_path, card(entry("2026-06-01", "1"))), NOW)
    sync_rates(usage, Cards((), ()), LATER)
    assert spans(usage) == []
    assert usage.execute("select rate_id, active from rate").fetchall() == [(1, False)]


def test_an_own_card_goes_before_the_shipped_one_at_each_instant(usage, tmp_path):
    own = cards(tmp_path, card(entry("2026-09-01", "9"), seller="novita", model="stepfun/step-3.7-flash")).own
    shipped = read_cards(Folder(tmp_path / "nowhere")).shipped
    sync_rates(usage, Cards(own, shipped), NOW)
    text = "select s.valid_from, s.valid_until, r.input, r.card from rate_span s join rate r using (rate_id)"
    assert usage.execute(text + " where s.seller = 'novita' and s.model like 'stepfun/%' order by all").fetchall() == [
        (datetime(2026, 6, 18), datetime(2026, 9, 1), 200_000, "novita.yaml"),
        (datetime(2026, 9, 1), OPEN, 9_000_000, "house.yaml"),
    ]


def counts(prompt: int = 100, completion: int = 10, **more: object) -> dict[str, object]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion, **more}


def call(name: str, *, usage: object = None, model: str | None = MODEL, **more: object) -> dict[str, Any]:
    body = {"id": name, "model": model, "usage": usage}
    return {"time": "2026-07-01T12:00:00Z", "seller": "house", "response": body, **more}


def load(root: Path, name: str, lines: list[dict[str, Any]], now: datetime = NOW) -> FileLoad:
    path = root.parent / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (result,) = load_files(root, [path], Options(), now=now, tell=lambda message: None)
    assert (result.error, result.merged.rejected) == (None, 0)
    return result


def rows(root: Path, text: str) -> list[tuple]:
    with open_reader(root) as reader:
        return reader.rows(text)


def test_a_used_rate_cannot_be_edited_and_can_be_succeeded(tmp_path):
    """An edit is refused before anything is stored; a new entry prices new calls and leaves old ones alone."""
    root = tmp_path / "w"
    own = Folder(root).own_cards
    own.mkdir(parents=True)
    (own / "house.yaml").write_text(card(entry("2026-06-01", "1")))
    load(root, "first.jsonl", [call("one", usage=counts()), call("two", usage=counts())])
    (own / "house.yaml").write_text(card(entry("2026-06-01", "2")))
    with pytest.raises(RateConflict) as refused:
        load(root, "second.jsonl", [call("three", usage=counts())])
    for said in ("house.yaml", MODEL, "house", "2026-06-01T00:00:00Z", "priced 2 calls", "later valid_from"):
        assert said in str(refused.value)
    assert rows(root, "select count(*), sum(cost) from usage_priced") == [(2, 2 * 200 * 10**6)]

    (own / "house.yaml").write_text(card(entry("2026-06-01", "1"), entry("2026-06-20", "2")))
    load(
        root, "second.jsonl", [call("three", usage=counts()), call("old", usage=counts(), time="2026-06-10T00:00:00Z")]
    )
    found = "select response_id, cost from usage_priced order by response_id"
    # `one` and `two` began when the new rate held, too: what they cost was settled when they were first priced.
    assert rows(root, found) == [
        ("old", 200 * 10**6),
        ("one", 200 * 10**6),
        ("three", 400 * 10**6),
        ("two", 200 * 10**6),
    ]


NOVITA: dict[str, Any] = {"seller": "novita"}
FLASH = "stepfun/step-3.7-flash"
EXPLAINED: list[tuple[dict[str, Any], tuple[str, str | None, str | None, str]]] = [
    (call("plain", usage=counts(), model=FLASH, **NOVITA), ("rated", "USD", None, "usage reported")),
    (call("s200", usage=counts(), model=FLASH, status=200, **NOVITA), ("rated", "USD", None, "novita charges 200")),
    (call("s499", usage=counts(), model=FLASH, status=499, **NOVITA), ("rated", "USD", None, "novita charges 499")),
    (call("n499", model=FLASH, status=499, **NOVITA), ("unknown", None, "usage missing", "novita charges 499")),
    (call("s429", model=FLASH, status=429, **NOVITA), ("free", "USD", None, "novita does not charge 429")),
    (
        call("u500", usage=counts(), model=FLASH, status=500, **NOVITA),
        ("free", "USD", None, "novita does not charge 500"),
    ),
    (
        call("s418", model=FLASH, status=418, **NOVITA),
        ("free", "USD", None, "status 418 not in novita's rule, default"),
    ),
    (
        call("before", model=FLASH, status=429, time="2026-06-17T23:59:59Z", **NOVITA),
        ("free", "USD", None, "assumed: 4xx/5xx without usage is not charged"),
    ),
    (
        call("noid", model=None, status=401, seller="stepfun-cn"),
        ("free", "CNY", None, "assumed: 4xx/5xx without usage is not charged"),
    ),
    (call("who", usage=counts(), seller=None), ("unknown", None, "seller unknown", "usage reported")),
    (
        call("who401", status=401, seller=None),
        ("unknown", None, "seller unknown", "assumed: 4xx/5xx without usage is not charged"),
    ),
    (call("unheard", usage=counts(), seller="novita"), ("unknown", None, "no rate", "usage reported")),
    (
        call("early", usage=counts(), model=FLASH, time="2026-06-17T23:59:59Z", **NOVITA),
        ("unknown", None, "no rate", "usage reported"),
    ),
    (call("nameless", usage=counts(), model=None, **NOVITA), ("unknown", None, "model unknown", "usage reported")),
    (call("nim", usage=counts(), seller="nim"), ("unknown", None, "self-hosted: no token price", "usage reported")),
    (call("missing", model=FLASH, **NOVITA), ("unknown", None, "usage missing", "succeeded")),
    (call("half", usage={"prompt_tokens": 7}, model=FLASH, **NOVITA), ("unknown", None, "usage missing", "succeeded")),
    (
        call("timeout", model=FLASH, error="ReadTimeout", **NOVITA),
        ("unknown", None, "usage missing", "timeout or disconnect without usage: unknown"),
    ),
    (
        call("byok", usage=counts(is_byok=True), model=FLASH, **NOVITA),
        ("unknown", None, "byok: the upstream provider bills it", "usage reported"),
    ),
    (
        call("written", usage=counts(prompt_tokens_details={"cache_write_tokens": 5}), model=FLASH, **NOVITA),
        ("unknown", None, "no cache_write rate", "usage reported"),
    ),
    (
        call("searched", usage=counts(server_tool_use_details={"web_search_requests": 2}), model=FLASH, **NOVITA),
        ("unknown", None, "no web_search rate", "usage reported"),
    ),
    (
        call("cached", usage=counts(prompt_tokens_details={"cached_tokens": 0}), model=FLASH, **NOVITA),
        ("rated", "USD", None, "usage reported"),
    ),
    (
        call("gateway", usage=counts(), model=FLASH, cache_hit=True, **NOVITA),
        ("free", "USD", None, "gateway cache hit"),
    ),
]


@pytest.fixture(scope="module")
def explained(tmp_path_factory) -> dict[str, tuple]:
    """How each of the calls above was priced, by its id or its line."""
    root = tmp_path_factory.mktemp("explained") / "w"
    load(root, "log.jsonl", [line for line, _ in EXPLAINED])
    text = "select response_id, costing, currency, unpriced_reason, billable_reason, cost, rate_id from usage_priced"
    return {row[0]: row[1:] for row in rows(root, text)}


@pytest.mark.parametrize(("line", "expected"), EXPLAINED, ids=[line["response"]["id"] for line, _ in EXPLAINED])
def test_a_call_says_why_it_costs_what_it_costs(explained, line, expected):
    *found, cost, _ = explained[line["response"]["id"]]
    assert tuple(found) == expected
    assert cost == {"rated": 31_500_000, "free": 0, "unknown": None}[expected[0]]


def test_a_list_price_of_others_may_change_under_a_discount_and_the_discount_may_not(tmp_path):
    """An upgrade of the program brings other list prices: what was billed stays, and loads go on."""
    root = tmp_path / "w"
    (root / "rate_cards" / "registry").mkdir(parents=True)
    listed, contract = root / "rate_cards" / "registry" / "house.yaml", root / "rate_cards" / "contract.yaml"

    def load(percent: str, listed_price: str, name: str) -> str | None:
        given = f'{{valid_from: 2026-06-01T00:00:00Z, percent_off: "{percent}", source: c, checked: 2026-06-01}}'
        contract.write_text(f"seller: house\ncontract: {{name: c}}\ndiscounts:\n  - {given}\n")
        listed.write_text(card(entry("2026-06-01", listed_price, confidence="registry")))
        usage = {"prompt_tokens": 1000, "completion_tokens": 0}
        answer = {"id": name, "model": MODEL, "usage": usage}
        (tmp_path / name).write_text(
            json.dumps({"time": "2026-07-01T00:00:00Z", "seller": "house", "response": answer})
        )
        try:
            (result,) = load_files(root, [tmp_path / name], Options(), now=NOW, tell=lambda message: None)
        except RateConflict as conflict:
            return str(conflict)
        assert result.error is None
        return None

    assert load("10", "1", "a.jsonl") is None
    assert load("10", "2", "b.jsonl") is None
    with open_reader(root) as reader:
        costs = reader.rows("select cost from usage_priced order by response_id")
    assert costs == [(900_000_000,), (1_800_000_000,)]
    assert "cannot be changed" in (load("12", "2", "c.jsonl") or "")
