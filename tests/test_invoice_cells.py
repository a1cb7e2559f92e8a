"""Invoices as a European spreadsheet writes them: semicolons, 08.10.2026, 0,05; what may mean two things is refused."""

from datetime import date, datetime

import pytest

from app.invoice_file import Given, read_invoice
from app.session import UserMistake
from pricing.money import PICO
from tests.app_page import opener, texts
from tests.kept import made_once
from tests.test_app_reconciliation import PAGE, field, press
from tests.test_cli_invoice_import import load
from warehouse.connection import silent
from warehouse.invoices import list_invoices

GIVEN = Given("stepfun", "EUR")


def read(text: str, given: Given = GIVEN) -> list[tuple[date, int]]:
    return [(line.first, line.pico) for line in read_invoice(text.splitlines(keepends=True), "a.csv", given)]


def test_a_file_with_semicolons_days_with_dots_and_decimal_commas_is_read():
    text = "Datum;Modell;Betrag\n08.10.2026;step-3.7-flash;0,05\n9.10.2026;step-3.7-flash;1.234,50 €\n"
    assert read(text) == [(date(2026, 10, 8), PICO // 20), (date(2026, 10, 9), 1234 * PICO + PICO // 2)]
    assert read("day\tamount\n2026-10-08\t0.05\n") == [(date(2026, 10, 8), PICO // 20)]
    assert read("day;amount\n2026-10-08;0.05\n2026-10-09;1.234\n")[1][1] == 1234 * PICO // 1000, "a point is proved"
    assert read("day;amount\n2026-10-08;0,05\n2026-10-09;1,234\n")[1][1] == 1234 * PICO // 1000, "a comma is proved"
    assert read("day;amount\n2026-10-08;1234\n")[0][1] == 1234 * PICO
    assert read('day,amount\n2026-10-08,"1,234.50"\n')[0][1] == 1234 * PICO + PICO // 2


def test_a_day_with_dots_may_have_a_time_and_midnight_ends_the_day_before():
    text = "start;end;amount\n01.10.2026 00:00;01.11.2026 00:00;1,00\n"
    (line,) = read_invoice(text.splitlines(keepends=True), "a.csv", GIVEN)
    assert (line.first, line.last) == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        (["5", "1.234"], "a.csv:3: '1.234' may be 1234 or 1.234, and no other amount tells which: write 1234.00, or"),
        (["1,234"], "a.csv:2: '1,234' may be 1234 or 1.234"),
        (["0,05", "0.07"], "a.csv:2: '0,05' has a decimal comma, and '0.07' in line 3 a decimal point: write all"),
        (["0,05", "1.234"], "a.csv:3: '1.234' is no amount; write it as in 1234,56"),
        (["0.05", "1,234"], "a.csv:3: '1,234' is no amount; write it as in 1234.56"),
        (["12.345.678"], "a.csv:2: '12.345.678' is no amount"),
    ],
)
def test_an_amount_that_may_mean_two_things_is_refused_with_its_line(amounts, words):
    text = "day;amount\n" + "".join(f"2026-10-08;{amount}\n" for amount in amounts)
    with pytest.raises(UserMistake) as raised:
        read(text)
    assert words in str(raised.value)


def test_a_decimal_comma_needs_semicolons():
    with pytest.raises(UserMistake, match="'0,05' is no amount; write it as in 1234.56"):
        read('day,amount\n2026-10-08,"0,05"\n')


def test_what_the_message_suggests_is_taken():
    for suggested, pico in (("1234.00", 1234 * PICO), ("1.2340", 1234 * PICO // 1000)):
        assert read(f"day;amount\n2026-10-08;5\n2026-10-09;{suggested}\n")[1][1] == pico


def test_headings_are_told_one_by_one_and_a_named_one_is_found():
    with pytest.raises(UserMistake) as raised:
        read("Tag;Model;Summe\n08.10.2026;m;0,05\n")
    assert "no column says the day; its columns are Tag, Model, Summe: name it with --column first=HEADING" in str(
        raised.value
    )
    named = GIVEN._replace(columns=(("first", "Tag"), ("amount", "Summe")))
    assert read("Tag;Model;Summe\n08.10.2026;m;0,05\n", named) == [(date(2026, 10, 8), PICO // 20)]


def test_the_page_asks_which_column_is_what_and_names_no_option(tollbook, tmp_path, monkeypatch):
    made_once(tollbook.warehouse, "cli_invoice_import", lambda: load(tollbook, tmp_path))
    test = opener(monkeypatch, datetime(2026, 11, 22, 9))(tollbook.warehouse, PAGE)
    press(test, "Import an invoice").run()
    field(test, "Seller").set_value("stepfun")
    data = b"Tag;Modell;Summe\n08.10.2026;step-3.7-flash;0,05\n"
    test.file_uploader[0].upload("a.csv", data).run()
    assert "its columns are Tag, Modell, Summe: say which one does under Which column is what" in texts(test)
    assert "--" not in "".join(each.value for each in test.error)
    field(test, "Column of the day").set_value("Tag")
    field(test, "Column of the amount").set_value("Summe").run()
    press(test, "Import 1 line").run()
    assert not test.exception and not test.error
    (line,) = list_invoices(tollbook.warehouse, tell=silent)
    assert (line.first, line.pico, line.model) == (date(2026, 10, 8), PICO // 20, "step-3.7-flash")
    assert line.source == "a.csv"
