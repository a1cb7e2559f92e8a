"""Periods as people write them, and the month that a report is of when nobody says which."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.periods import last_whole_month, month_of, period_of, week_of
from app.session import UserMistake


@pytest.mark.parametrize(
    ("text", "name", "first", "last"),
    [
        ("2026-10", "2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-12", "2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q4", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-q1", "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-W42", "2026-W42", date(2026, 10, 12), date(2026, 10, 18)),
        ("2026-w53", "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2024", "2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-10-15", "2026-10-15", date(2026, 10, 15), date(2026, 10, 15)),
        ("2026-10-15..2026-10-15", "2026-10-15", date(2026, 10, 15), date(2026, 10, 15)),
        ("2026-10-01..2026-11-15", "2026-10-01..2026-11-15", date(2026, 10, 1), date(2026, 11, 15)),
    ],
)
def test_a_period_is_whole_days(text, name, first, last):
    assert period_of(text) == (name, first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "October",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-10-32",
        "0000",
        "9999-12",
        "2026-10-01..",
        "26-10",
        "2025-W53",
        "2026-W1",
    ],
)
def test_what_is_no_period_is_said_to_be_none(text):
    with pytest.raises(UserMistake, match="is no period; write it as in 2026-10"):
        period_of(text)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(UserMistake, match="the first day is after the last"):
        period_of("2026-10-02..2026-10-01")


def test_a_file_name_has_no_dots_of_a_period():
    assert period_of("2026-10-01..2026-10-15").in_file_names == "2026-10-01_2026-10-15"


@given(st.dates(date(1, 2, 1), date(9999, 11, 30)))
def test_the_last_whole_month_ends_the_day_before_this_one(today):
    before, current = last_whole_month(today), month_of(today)
    assert before.last + timedelta(days=1) == current.first <= today <= current.last
    assert period_of(before.name) == before


@given(st.dates(date(1, 2, 1), date(9999, 11, 30)))
def test_a_week_is_seven_days_from_monday_on(today):
    week = week_of(today)
    assert (week.first.weekday(), (week.last - week.first).days) == (0, 6)
    assert week.first <= today <= week.last
    assert period_of(week.name) == week
