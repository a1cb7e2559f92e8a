"""The workings of a workbook add up to the cost, however fine they are."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from pricing.fx import Rates
from reports import workings
from reports.asked import Asked
from reports.errors import ReportError
from reports.workings import NAMES, Workings, read_workings
from tests.warehouse_state import load_here, write_log
from warehouse.connection import open_reader
from warehouse.cost import cost_by
from warehouse.scope import Scope

FIRST, LAST = date(2026, 7, 10), date(2026, 8, 20)
SCOPE = Scope(FIRST, LAST)


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """Calls of two months, every 22 hours: of three sellers and four teams."""
    folder = tmp_path_factory.mktemp("workings")
    load_here(folder / "warehouse", write_log(folder / "calls.jsonl", range(0, 120_000, 1_999)))
    return folder / "warehouse"


def read(root: Path, currency: str | None = None, scope: Scope = SCOPE) -> Workings:
    with open_reader(root) as reader:
        asked = Asked("summer", FIRST, LAST, scope, currency)
        found = read_workings(reader, root, asked, tell=lambda message: None)
        check(found, cost_by(reader, (), scope))
    return found


def check(found: Workings, costs: list) -> None:
    """Costs and calls are those of the warehouse, in each currency, and so are those of unknown cost."""
    for row in costs:
        of_currency = [each.metered for each in found.rows if each.metered.currency == row.currency]
        calls = sum(each.quantity for each in of_currency if each.meter == "request")
        cost = None if row.currency is None else sum(each.cost or 0 for each in of_currency)
        assert (calls, cost) == (row.requests, row.cost)
    assert found.unknown == sum(row.unpriced for row in costs)
    assert {(total.currency, total.cost) for total in found.totals} == {
        (row.currency, row.cost) for row in costs if row.currency
    }
    for each in found.rows:
        if each.line is not None:
            assert each.metered.cost == each.metered.quantity * found.lines[each.line].pico


@pytest.mark.parametrize(
    ("most", "currency", "by", "names"),
    [
        (1_000, None, "day", NAMES),
        (38, None, "month", NAMES),
        (1, None, "month", ()),
        (1_000, "EUR", "day", NAMES),
        (1, "EUR", "day", ()),
    ],
)
def test_the_sums_are_the_same_at_every_grain(root, monkeypatch, most, currency, by, names):
    monkeypatch.setattr(workings, "MOST_GROUPS", most)
    found = read(root, currency)
    assert (found.grain.by, found.grain.names) == (by, names)
    assert {*found.grain.names, *found.grain.left_out} == {*NAMES}
    assert all(row.day.day == 1 for row in found.rows) == (by == "month")


def test_each_day_is_converted_at_its_own_rate(root):
    found = read(root, "EUR")
    exact = Fraction()
    for row in found.rows:
        if row.metered.currency:
            exact += (row.metered.cost or 0) * (found.exchange[row.metered.currency, row.day].rate or 0)
    assert found.converted == exact
    assert len({known.rate for known in found.exchange.values()}) > 10


def test_a_day_before_every_exchange_rate_leaves_the_total_unknown(root, monkeypatch):
    monkeypatch.setattr(workings, "rate_at", lambda rates, base, target, day: None)
    monkeypatch.setattr(workings, "read_rates", lambda *arguments, **options: Rates({}, {}))
    found = read(root, "EUR")
    assert found.converted is None
    assert {known.rate for known in found.exchange.values()} == {None}


def test_a_scope_narrows_the_workings(root):
    found = read(root, scope=Scope(FIRST, LAST, (("team", ("team-1",)),)))
    assert {row.names[2] for row in found.rows} == {"team-1"}
    assert 0 < sum(total.calls for total in found.totals) + found.unknown < 20


def test_a_scope_of_rows_is_read_from_the_rows(root):
    found = read(root, scope=Scope(FIRST, LAST, (("user_hash", ("nobody",)),)))
    assert found.rows == () and found.totals == ()


def test_more_rows_than_a_sheet_has_are_refused(root, monkeypatch):
    monkeypatch.setattr(workings, "MOST_ROWS", 3)
    with pytest.raises(ReportError, match="ask for a shorter period"):
        read(root)
