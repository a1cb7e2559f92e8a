"""An operator fixes unpriced traffic in a real Chromium: sees it, adds a card, prices it, sees it gone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import Reader, call, company, in_every_look, shown
from tests.tollbook_command import Tollbook

NOW = "2026-11-04T09:00:00+00:00"
SELLER, MODEL = "omega", "omega-1"
FORM = {"Input": "1.00", "Output": "2.00", "Source": "https://omega.example/prices"}

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def gateway(tollbook: Tollbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tollbook:
    """Five calls with a price, and three of a seller that no card knows."""
    monkeypatch.setenv("TOLLBOOK_NOW", NOW)
    known = [
        call(f"s-{number}", f"2026-11-0{day}T10:00:00Z", "stepfun", "step-3.7-flash", (900_000, 9_000))
        for number, day in enumerate((1, 1, 2, 3, 3))
    ]
    unknown = [call(f"o-{day}", f"2026-11-0{day}T10:00:00Z", SELLER, MODEL, (1_000_000, 500_000)) for day in (1, 2, 3)]
    (tmp_path / "gateway.jsonl").write_text("".join(known + unknown), encoding="utf-8")
    tollbook.load(tmp_path / "gateway.jsonl")
    return tollbook


def coverage(gateway: Tollbook) -> str:
    """The share of calls of known cost, as the command line has it and the pages write it."""
    return f"{gateway.json('cost')['coverage']:.1%}".replace(".0%", "%")


def see_it(reader: Reader, gateway: Tollbook) -> None:
    """The morning page says what has no price, and leads to where it is put right."""
    (gap,) = gateway.rows("rates", "unpriced")
    assert (gap["seller"], gap["model"], gap["requests"]) == (SELLER, MODEL, 3)
    reader.open()
    reader.sees_metric("Coverage", coverage(gateway))
    reader.sees(f"{gap['requests']} calls")
    reader.page.get_by_test_id("stPageLink").filter(has_text="Rates").first.click()
    reader.sees_page("Rates")
    reader.sees(f"{MODEL} at {SELLER}: no rate")


def price_it(reader: Reader) -> None:
    """Fill in the form, look at what it comes to, add the card, and wait for what runs in the background."""
    reader.press("Price these calls")
    dialog = reader.dialog("Price these calls")
    for label, text in FORM.items():
        dialog.get_by_label(label, exact=True).fill(text)
    reader.choose("On whose word", "Official", dialog)
    reader.press("Check", dialog)
    reader.sees("The card is in order. It prices 3 calls of 8", dialog)
    reader.press("Add the card", dialog)
    dialog.wait_for(state="detached")
    reader.sees("Priced 3 calls")


def see_it_gone(reader: Reader, gateway: Tollbook) -> None:
    """Nothing is left on the page, and the overview counts every call."""
    expect(reader.page.get_by_text(f"{MODEL} at {SELLER}: no rate")).to_have_count(0)
    assert gateway.rows("rates", "unpriced") == []
    reader.go("Spend", "Overview")
    reader.sees_metric("Coverage", coverage(gateway))
    reader.sees_metric("Spend", shown(gateway.json("cost")["total"][0]["cost"]))
    # Three days are too few for a forecast: no band is told.
    expect(reader.page.get_by_role("figure", name=re.compile("^November 2026: .* projected$"))).to_be_visible()


@in_every_look
def test_an_operator_fixes_unpriced_traffic(look, gateway, chromium):
    assert coverage(gateway) == "62.5%"
    with company(chromium, gateway.warehouse, NOW) as people:
        reader = people.reader(look)
        see_it(reader, gateway)
        price_it(reader)
        see_it_gone(reader, gateway)
    assert coverage(gateway) == "100%"
