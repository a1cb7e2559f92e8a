"""What is due: periods that are over and whose data is there, each once, the last twelve of what was missed."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.periods import period_of
from app.report_due import CAUGHT_UP, LATE, Data, find_due
from app.report_schedule import KINDS, Plan, check_plan, document_of, plan_of
from app.session import UserMistake
from warehouse.report_schedule import Done, Schedule

NOW = datetime(2026, 11, 22)
LONG_AGO = date(2026, 1, 1)


def scheduled(every: str = "month", first: date = LONG_AGO) -> Schedule:
    plan = Plan("books", "feed", every, ("csv",), Path("/out"), (("feed", ("rates",)),))
    return Schedule(7, "books", document_of(plan), first, NOW, "ann")


def done(period: str, delivery: str = "not asked") -> Done:
    days = period_of(period)
    return Done(7, period, days.first, days.last, (), None, delivery, NOW)  # type: ignore[arg-type]


def names(schedule: Schedule, data: Data, *known: Done) -> list[str]:
    return [each.period.name for each in find_due([schedule], known, data).due]


def test_a_month_is_due_once_it_is_over_and_a_call_after_it_is_known():
    monthly = scheduled(first=date(2026, 10, 15))
    assert names(monthly, Data(date(2026, 10, 31), LONG_AGO, date(2026, 10, 31))) == []
    assert names(monthly, Data(date(2026, 11, 1), LONG_AGO, date(2026, 11, 1))) == ["2026-10"]
    assert names(monthly, Data(date(2026, 11, 22), LONG_AGO, date(2026, 11, 21)), done("2026-10")) == []


def test_a_period_waits_for_its_data_and_not_for_ever():
    monthly, ended = scheduled(first=date(2026, 10, 1)), date(2026, 10, 31)
    found = find_due([monthly], [], Data(ended + LATE, LONG_AGO, ended))
    assert (found.due, [each.period.name for each in found.waiting]) == ((), ["2026-10"])
    (late,) = find_due([monthly], [], Data(ended + LATE + timedelta(days=1), LONG_AGO, ended)).due
    assert late.is_behind
    (whole,) = find_due([monthly], [], Data(ended + LATE, LONG_AGO, date(2026, 11, 1))).due
    assert not whole.is_behind


def test_nothing_is_due_of_before_the_first_call_or_without_any():
    assert names(scheduled(), Data(date(2026, 11, 22), date(2026, 9, 30), date(2026, 11, 21))) == ["2026-09", "2026-10"]
    assert names(scheduled(), Data(date(2026, 11, 22), None, None)) == []


def test_what_was_missed_is_made_up_for_twelve_periods_back():
    daily, data = scheduled("day"), Data(date(2026, 3, 1), LONG_AGO, date(2026, 3, 1))
    found = find_due([daily], [done("2026-02-27"), done("2026-01-01")], data)
    assert [each.period.name for each in found.due] == [
        *(f"2026-02-{day}" for day in range(17, 27)),
        "2026-02-28",
    ]
    # 31 + 28 days, of which 12 are looked at, and one of the others is done.
    assert found.left_out == (("books", 31 + 28 - CAUGHT_UP - 1),)


def test_what_waits_to_be_sent_is_due_again():
    (each,) = find_due(
        [scheduled(first=date(2026, 10, 1))],
        [done("2026-10", "pending")],
        Data(date(2026, 11, 2), LONG_AGO, date(2026, 11, 2)),
    ).due
    assert each.done is not None


@given(st.sampled_from(["day", "week", "month"]), st.dates(date(2025, 1, 1), date(2027, 1, 1)), st.integers(0, 400))
def test_periods_follow_one_another_to_the_one_before_today(every, first, days):
    plan, today = Plan("books", "feed", every, (), Path()), first + timedelta(days=days)
    ended = plan.ended(first, today)
    for before, after in zip(ended, ended[1:], strict=False):
        assert before.last + timedelta(days=1) == after.first
    assert all(period_of(each.name) == each for each in ended)
    current = plan.period_at(today)
    assert (ended[-1].last + timedelta(days=1) if ended else plan.period_at(first).first) == current.first


def test_a_schedule_survives_being_kept():
    options = (("where", ("team=a=b", "team=c", "seller=x")), ("feed", ("tasks", "rates")))
    plan = Plan("BI", "feed", "week", ("parquet", "csv"), Path("/out put"), options)
    assert plan_of(document_of(plan)) == plan
    assert plan.only == (("team", ("a=b", "c")), ("seller", ("x",)))
    assert plan.command(period_of("2026-W42"), Path("/draft")) == [
        *("export", "feed", "tasks", "rates", "--period=2026-W42", "--format=parquet,csv", "--to=/draft"),
        *("--where=team=a=b", "--where=team=c", "--where=seller=x"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_its_own_command(kind):
    usual = tuple(KINDS[kind].usual.split(","))
    assert {*usual} <= {*KINDS[kind].formats}
    command = Plan("x", kind, "month", usual, Path("/out")).command(period_of("2026-10"), Path("/draft"))
    assert command[:2] == list(KINDS[kind].command)
    assert f"{'--month' if kind == 'chargeback' else '--period'}=2026-10" in command


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan("x", "chargeback", "week", (), Path("/a")), "--every: a chargeback is written every month"),
        (Plan("x", "feed", "week", (), Path("/a")), "--feed: say which feeds"),
        (Plan("x", "focus", "week", (), Path("/a"), (("rule", ("even",)),)), "--rule: --kind focus takes --where"),
        (Plan("x", "focus", "week", (), Path("/out")), "--to: 'other' writes files of the same names into /out"),
    ],
)
def test_what_no_run_could_do_is_refused(plan, said):
    with pytest.raises(UserMistake, match=said):
        check_plan(plan, [Plan("other", "focus", "month", (), Path("/out"))])
