"""Explore's table: it adds up to what was asked, ratios are of sums, and its files say the same figures."""

import csv
import io
import json
import zipfile
from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.explore_files import explored_file, lines_of
from app.explore_view import SavedView as Saved
from app.explore_view import View, from_document, from_params, to_document, to_params
from app.named_periods import CHOSEN, days_of
from app.pivot import MEASURES, Others, over_time, pivot
from app.session import UserMistake
from warehouse.cost import CostRow

NAMES = st.sampled_from([None, "a", "b", "c", "=cmd()", "表"])
STARTS = st.sampled_from([date(2026, 10, 1), date(2026, 11, 1)])
COUNTS = st.integers(0, 10**13)
NOTES = (("Filters", "Team: a\nb"), ("Made at", "2026-11-01"))


def row(group: tuple[Any, ...], currency: str | None, cost: int | None, **sums: Any) -> CostRow:
    unpriced = 0 if currency else sums.get("requests", 1)
    base = CostRow(group, currency, cost, cost, cost, 1, unpriced, 0, 0, 0, 0, 0, 0, 0, 0, None, 0, None)
    return base._replace(**sums)


@st.composite
def cost_rows(draw: st.DrawFn) -> list[CostRow]:
    """Rows as ``explored`` answers: each group and currency once, calls without a price in rows of their own."""
    keys = draw(
        st.sets(st.tuples(STARTS, NAMES, NAMES, st.sampled_from(["USD", "CNY", None])), min_size=1, max_size=12)
    )
    made = []
    for start, one, other, currency in sorted(keys, key=repr):
        requests = draw(st.integers(1, 10**6))
        cost = draw(st.integers(-5, 10**20)) if currency else None
        tokens = {name: draw(COUNTS) for name in ("input", "cache_read", "cache_written", "output")}
        errors = draw(st.integers(0, requests))
        made.append(row((start, one, other), currency, cost, requests=requests, errors=errors, **tokens))
    return made


@settings(max_examples=60, deadline=None)
@given(cost_rows(), st.sampled_from([*MEASURES]), st.sampled_from([None, 1, 2]))
def test_cells_add_up_to_their_totals_and_all_of_them_to_the_rows(rows, measure, most):
    view = View(measure, "model", "team", "month")
    found = pivot(rows, view, most_rows=most, most_columns=most)
    for table in found.tables:
        of = [row for row in rows if found.measure.unit != "money" or row.currency == table.currency]
        assert table.total.sums.requests == sum(
            row.requests for row in of if row.currency or found.measure.unit != "money"
        )
        assert (table.total.sums.cost or 0) == sum(row.cost or 0 for row in of)
        for totals, place in ((table.row_totals, 0), (table.column_totals, 1)):
            added = Counter[Any]()
            for key, cell in table.cells.items():
                added[key[place]] += cell.sums.tokens
            assert added == Counter({key: cell.sums.tokens for key, cell in totals.items()})
        for cell in [*table.cells.values(), *table.row_totals.values(), table.total]:
            assert cell.value == found.measure.of(cell.sums)
        if found.measure.unit == "money":
            assert table.total.unknown == sum(row.unpriced for row in rows)
            assert sum(cell.unknown for cell in table.cells.values()) == table.total.unknown
        if most is not None:
            assert len(table.rows) <= most + 1 and len(table.columns) <= most + 1


@settings(max_examples=30, deadline=None)
@given(cost_rows(), st.sampled_from(["cost", "cache_share", "requests"]))
def test_over_time_is_the_same_without_the_columns(rows, measure):
    view = View(measure, "model", "team", "month")
    whole, timed = pivot(rows, view), over_time(rows, view, most_rows=2)
    for one, other in zip(whole.tables, timed.tables, strict=True):
        assert one.total == other.total
        assert list(other.columns) == sorted(other.columns, key=str)


def test_a_ratio_is_one_of_sums_and_what_is_unknown_stays_so():
    rows = [
        row(("a",), "USD", 10, requests=3, input=1, cache_read=1),
        row(("b",), "USD", 90, requests=1, input=6),
        row(("c",), None, None, requests=7, input=5),
    ]
    (table,) = pivot(rows, View("cost_per_request", "model", None, None)).tables
    assert [table.row_totals[key].value for key in table.rows] == [90, 3, None]
    assert (table.total.value, table.total.unknown, table.columns) == (25, 7, ())
    (table,) = pivot(rows, View("cache_share", "model", None, None)).tables
    assert table.total.value == Fraction(1, 13)
    (table,) = pivot(rows, View("cost", "model", None, None), most_rows=1).tables
    assert table.rows == ("b", Others(2))
    assert table.row_totals[Others(2)][:2] == (10, 7)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("columns", [None, "team"])
def test_files_hold_what_is_shown_and_where_it_comes_from(measure, columns):
    view = View(measure, "model", columns, None if columns else "month")
    first = date(2026, 10, 1) if not columns else "=cmd()"
    group = ("表", "=cmd()") if columns else (first, "表")
    rows = [row(group, "USD", 123456789012345, requests=2, input=5, output=1), row(group, None, None, requests=3)]
    found = pivot(rows, view)
    text = explored_file(found, view, NOTES, "csv").decode()
    head, *lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert text.startswith("# Filters: Team: a⟨U+000A⟩b\n# Made at: 2026-11-01\n")
    (told,) = csv.DictReader([head, *lines])
    table = pq.read_table(io.BytesIO(explored_file(found, view, NOTES, "parquet")))
    assert json.loads(table.schema.metadata[b"tollbook"])["Made at"] == "2026-11-01"
    (typed,) = table.to_pylist()
    (line,) = lines_of(found)
    assert typed[measure] == line.value and told[measure] == ("" if line.value is None else str(line.value))
    assert typed["model"] == told["model"] == "表"
    assert typed[columns or "month"] == first
    book = zipfile.ZipFile(io.BytesIO(explored_file(found, view, NOTES, "xlsx")))
    assert "=cmd()" in book.read("xl/sharedStrings.xml").decode() or not columns
    assert not any(b"<f>" in book.read(name) for name in book.namelist())


VIEWS = st.builds(
    View,
    st.sampled_from([*MEASURES]),
    st.sampled_from(["model", "tag:feature", "task"]),
    st.sampled_from([None, "team", "tag:x=y&z"]),
    st.sampled_from([None, "hour", "month"]),
)


@given(VIEWS)
def test_a_view_is_the_same_from_its_address_and_as_it_is_kept(view):
    assert from_params(to_params(view)) == view
    saved = Saved(view, "Last 7 days", (("team", ("a", "b")),))
    assert from_document(json.loads(json.dumps(to_document(saved)))) == saved


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"measure": "happiness"}, "no measure 'happiness'"),
        ({"rows": "day"}, "no dimension 'day'"),
        ({"columns": "tag:"}, "no dimension 'tag:'"),
        ({"columns": "model"}, "rows and columns are both 'model'"),
        ({"step": "second"}, "no step 'second'"),
    ],
)
def test_what_there_cannot_be_is_said(params, says):
    with pytest.raises(UserMistake, match=says):
        from_params(params)


def test_a_saved_view_that_is_not_whole_is_said():
    whole = to_document(Saved(View()))
    for wrong in (
        {},
        {**whole, "period": CHOSEN},
        {**whole, "filters": ["x"]},
        {**whole, "filters": {"nothing": ["x"]}},
    ):
        with pytest.raises(UserMistake, match="save it again"):
            from_document(wrong)


def test_periods_are_as_the_pages_call_them_or_as_people_write_them():
    today = date(2026, 11, 21)
    assert days_of("All time", today) == (None, None)
    assert days_of("Last 7 days", today) == (date(2026, 11, 15), today)
    assert days_of("This month", today) == (date(2026, 11, 1), today)
    assert days_of("Last month", today) == (date(2026, 10, 1), date(2026, 10, 31))
    assert days_of("Last quarter", today) == (date(2026, 7, 1), date(2026, 9, 30))
    assert days_of("This year", today) == (date(2026, 1, 1), today)
    assert days_of("Yesterday", today) == (date(2026, 11, 20), date(2026, 11, 20))
    assert days_of("2026-10-05..2026-10-09", today) == (date(2026, 10, 5), date(2026, 10, 9))
    with pytest.raises(UserMistake, match="no period"):
        days_of("Some day", today)
