"""What a signer finds: lines to sign on, and invoices that say something else than the calls."""

from datetime import date

from reports.page import render as page
from reports.pdf.content import content_of
from reports.readings.four import FourCosts, FourLine, Invoiced, invoiced_whole
from reports.sections.books import is_apart
from tests.report_documents import every_kind
from warehouse.invoices import Invoice, Part

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def part_of(seller: str, model: str | None, first: date, last: date, pico: int) -> Part:
    known = {"invoice_id": 1, "seller": seller, "model": model, "first": first, "last": last, "pico": pico}
    rest = dict.fromkeys(set(Invoice._fields) - known.keys())
    values = {**rest, **known, "currency": "USD"}
    return Part(Invoice._make(values[name] for name in Invoice._fields), first, last, pico)


def test_an_invoice_is_held_against_the_calls_only_where_it_is_about_every_day():
    lines = (
        FourLine("novita", "a", "USD", 3, 100, None, 0, None, None),
        FourLine("novita", "b", "USD", 2, 50, None, 0, None, None),
        FourLine("novita", "a", None, 4, None, None, 0, None, None),
        FourLine("stepfun", "a", "USD", 1, 7, None, 0, None, None),
        FourLine("avian", "a", "USD", 1, 9, None, 0, None, None),
        FourLine("avian", "b", "USD", 1, 90, None, 0, None, None),
    )
    half = date(2026, 10, 15)
    parts = (
        part_of("novita", None, FIRST, half, 60),
        part_of("novita", None, date(2026, 10, 16), LAST, 100),
        part_of("stepfun", None, FIRST, half, 7),
        part_of("avian", "a", FIRST, LAST, 9),
    )
    found = invoiced_whole(FourCosts(lines, parts, None), FIRST, LAST)
    assert found == [Invoiced("avian", "USD", 9, 9, 0), Invoiced("novita", "USD", 160, 150, 4)]
    assert [is_apart(each) for each in found] == [False, True]


def test_the_cover_has_lines_to_sign_on_where_it_is_asked_for():
    signed = every_kind()._replace(to_sign=("Name", "Date", "Signature"))
    assert content_of(signed).data["to_sign"] == ["Name", "Date", "Signature"]
    assert b'<div class="to-sign">' in page(signed)
    assert b'<div class="to-sign">' not in page(signed._replace(to_sign=()))
