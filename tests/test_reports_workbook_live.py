"""Totals that are formulas: LibreOffice computes what the file says, and what a changed rate comes to."""

import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from pricing.money import PICO
from pricing.rates import OPEN, Rate
from reports.workbook import groups, render
from reports.workbook.live_rates import TO_USE
from reports.workbook.live_totals import CHANGED, EQUAL, MISSING
from reports.workings import Exchange, Grain, RateLine, Total, UsageRow, Workings
from tests.recalculated import Cells, formulas, in_office, opened, recalculated, written
from tests.report_documents import every_kind
from warehouse.metered import Metered

OUT = Path(__file__).parent / "out" / "workbook"
TEAMS = ("others", "other", "a", "A", "*", "?", ">0", "=1+1", "", None, "–", "a" * 300)
"""Names that a spreadsheet might take for patterns, comparisons or formulas, or for one another; dearest last."""
LISTED = 10
DAYS = (date(2026, 10, 1), date(2026, 11, 2))


def rate_of(model: str, pico: int) -> Rate:
    meters = (pico, None, None, None, None, 5 * pico, *(None,) * 7)
    since, checked = datetime(2026, 1, 1), date(2026, 9, 1)
    source = "https://example.com/prices"
    currency = "CNY" if model == "m2" else "USD"
    card = ("official", None, "example.yaml", 1, model)
    return Rate("example", model, (model,), None, currency, since, OPEN, meters, source, checked, *card)


def by_hand(target: str | None = None) -> Workings:
    """Each team used two meters of two rates on two days; some calls are free, some of unknown cost."""
    lines = {
        (number, meter): RateLine(rate_of(f"m{number}", pico), meter, pico * (1 if meter == "input" else 5))
        for number, pico in ((1, 200_000), (2, 1_350_000))
        for meter in ("input", "output")
    }
    rows = []
    for place, team in enumerate(TEAMS, 1):
        for day in DAYS:
            for (number, meter), line in lines.items():
                used = 1_000_003 * place * number
                what = (number, line.rate.currency, "rated", meter, used, line.pico, used * line.pico)
                rows.append(UsageRow(day, ("example", line.rate.model, team), Metered((), *what)))
            for number, currency in ((1, "USD"), (2, "CNY")):
                calls = Metered((), number, currency, "rated", "request", 3 * place, None, 0)
                rows.append(UsageRow(day, ("example", f"m{number}", team), calls))
        free = Metered((), None, "USD", "free", "request", 7, None, 0)
        unknown = Metered((), None, None, "unknown", "request", 11, None, None)
        rows += [UsageRow(DAYS[0], ("example", None, team), each) for each in (free, unknown)]
    found = Workings(Grain("day", ("seller", "model", "team")), tuple(rows), lines, (), 110, 30)
    totals = tuple(total_of(found, currency) for currency in ("CNY", "USD"))
    return with_exchange(found._replace(totals=totals), target) if target else found._replace(totals=totals)


def total_of(workings: Workings, currency: str) -> Total:
    used = [row.metered for row in workings.rows if row.metered.currency == currency]
    cost = sum(each.cost or 0 for each in used)
    return Total(currency, cost, cost, cost, sum(each.quantity for each in used if each.meter == "request"), 0)


def with_exchange(workings: Workings, target: str) -> Workings:
    rates = {"USD": Fraction(1), "CNY": Fraction(1, 7)}
    exchange = {(each, day): Exchange(rate, "a test", day) for each, rate in rates.items() for day in DAYS}
    costs = [(row.metered.currency, row.metered.cost) for row in workings.rows]
    exact = sum((cost * rates[currency] for currency, cost in costs if currency and cost is not None), Fraction())
    return workings._replace(target=target, exchange=exchange, converted=exact)


def differences(book: bytes, computed: Cells) -> list[tuple]:
    """Formula cells whose value in the file is not the computed one."""
    cached = written(book)
    return [
        (place, formula, cached.get(place), computed.get(place))
        for place, formula in formulas(book).items()
        if not same(cached.get(place), computed.get(place))
    ]


def same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * abs(one)
    return one == other and one is not None


@pytest.fixture(scope="module")
def hand_book() -> Iterator[bytes]:
    """So few groups are listed that the rest of each block is one line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "MOST_GROUPS", LISTED)
        yield render(every_kind(), by_hand("USD"))


def test_the_values_in_the_file_are_the_computed_ones(hand_book, tmp_path):
    """Also for teams named *, >0 or =1+1, in either case, empty, absent or long."""
    assert len(formulas(hand_book)) > 200
    assert differences(hand_book, recalculated(hand_book, tmp_path)) == []


def test_a_changed_rate_moves_the_totals_by_its_price(hand_book, tmp_path):
    """The rate of m1's output is doubled, and nothing else."""
    workings = by_hand("USD")
    column = "ABCDEFGHI"[TO_USE]
    number = list(workings.lines).index((1, "output")) + 1

    def double(book):
        (row,) = [cell.row for cell in book["Live rates"]["A"] if cell.value == number]
        book["Live rates"][f"{column}{row}"] = 2 * book["Live rates"][f"{column}{row}"].value

    computed = recalculated(hand_book, tmp_path, double)
    more = sum(row.metered.cost or 0 for row in workings.rows if row.line == (1, "output")) / PICO
    summary = {computed[sheet, place]: place[1:] for sheet, place in computed if sheet == "Summary" and place[0] == "A"}
    for label, moved in (
        ("All calls billed in USD", True),
        ("All calls billed in CNY", False),
        ("All calls in USD", True),
    ):
        row = summary[label]
        live, billed, difference, check = (computed["Summary", f"{column}{row}"] for column in "BCDE")
        assert isinstance(billed, float)
        assert live == pytest.approx(billed + (more if moved else 0), rel=1e-9)
        assert difference == pytest.approx(more if moved else 0, rel=1e-9)
        assert check == (CHANGED if moved else EQUAL)


@pytest.mark.parametrize(
    "rate", [None, pytest.param("free", marks=pytest.mark.long), pytest.param(0, marks=pytest.mark.long)]
)
def test_a_rate_that_is_none_leaves_no_total_and_a_rate_of_nothing_is_one(hand_book, tmp_path, rate):
    """An empty cell is never taken for 0."""

    def edit(book):
        book["Live rates"]["G6"] = rate

    computed = recalculated(hand_book, tmp_path, edit)
    (row,) = [place[1:] for sheet, place in computed if computed[sheet, place] == "All calls billed in USD"]
    total, billed, check = (computed["Summary", f"{column}{row}"] for column in "BCE")
    if rate == 0:
        assert isinstance(total, float) and isinstance(billed, float) and 0 < total < billed and check == CHANGED
    else:
        assert total == "#N/A" and check == MISSING


def test_unknown_is_a_word_and_in_no_total(hand_book):
    usage = opened(hand_book)["Usage"]
    rows = [[cell.value for cell in row] for row in usage.iter_rows(min_row=7)]
    unknown = [row for row in rows if row[4] == "unknown"]
    assert len(unknown) == len(TEAMS)
    assert all(row[7] == 11 and row[11] == "unknown" and row[14] == "unknown" for row in unknown)
    assert all(row[11] == 0 for row in rows if row[4] == "not charged")


def test_only_rates_can_be_changed(hand_book):
    rates = opened(hand_book)["Live rates"]
    free = {cell.column_letter for row in rates.iter_rows() for cell in row if not cell.protection.locked}
    assert rates.protection.sheet and free == {"ABCDEFGHI"[TO_USE]}


def test_what_is_beyond_the_dearest_groups_is_one_line(hand_book):
    names = [cell.value for cell in opened(hand_book)["Live totals"]["A"]]
    assert names.count(groups.REST) == 3
    assert names.count("others") == 1, "among calls of unknown cost, and with its cost in no currency"


def test_a_day_without_an_exchange_rate_has_no_total_in_the_target():
    workings = by_hand("USD")
    exchange = {**workings.exchange, ("CNY", DAYS[0]): Exchange(None, "no rate is known", None)}
    book = render(every_kind(), workings._replace(exchange=exchange, converted=None))
    labels = [cell.value for cell in opened(book)["Summary"]["A"]]
    assert "All calls billed in CNY" in labels and "All calls in USD" not in labels
    assert "TotalSpend" not in opened(book).defined_names


def test_a_currency_alone_is_the_total_spend():
    workings = by_hand()
    rows = tuple(row for row in workings.rows if row.metered.currency != "CNY")
    lines = {line: found for line, found in workings.lines.items() if line[0] == 1}
    book = render(every_kind(), workings._replace(rows=rows, lines=lines, totals=workings.totals[1:]))
    sheet, _, cell = opened(book).defined_names["TotalSpend"].attr_text.partition("!")
    assert sheet == "'Summary'"
    assert written(book)["Summary", cell.replace("$", "")] == pytest.approx(workings.totals[1].cost / PICO)


@pytest.mark.long
def test_the_demos_report_computes_what_it_says(demo_report, tmp_path):
    """Its pages are put into tests/out/workbook, to be looked at."""
    path = demo_report / "tollbook-procurement-2026-10.xlsx"
    book = path.read_bytes()
    assert differences(book, recalculated(book, tmp_path)) == []
    OUT.mkdir(parents=True, exist_ok=True)
    pdf = in_office(path, "pdf", OUT)
    subprocess.run(["pdftoppm", "-r", "60", "-png", "-l", "40", pdf, OUT / "page"], check=True)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    summary = {place: value for (sheet, place), value in written(book).items() if sheet == "Summary"}
    (total,) = [place for place, value in summary.items() if value == "All calls billed in USD"]
    amount = summary[f"B{total[1:]}"]
    assert isinstance(amount, float) and f"{amount:,.2f} USD" in text
