"""The past half of the procurement report: its figures are those of the commands, and say what they leave out."""

import shutil
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.drivers import Driver, Part, Span
from pricing.charges import Charge
from reports.asked import Asked
from reports.document import Facts, Money, Section, Table, Words
from reports.past import Past, read_past
from reports.readings.change import change_of, whole_causes
from reports.readings.periods import Days, compared, context_of, months_of, period_before
from reports.sections.books import books_section
from reports.sections.change import change_section
from reports.sections.charges import charges_section
from reports.sections.coverage import coverage_section
from reports.sections.method import command_of, method_section
from reports.sections.rates import rates_section
from reports.sections.spend import MOST_ROWS, spend_section
from reports.sections.summary import summary_section
from reports.sections.tasks import tasks_section
from reports.sections.terms import terms_section
from tests.procurement import ASKED, NOW, PERIOD, TEAMS, fill, silent
from warehouse.charges import add_charge
from warehouse.connection import open_reader
from warehouse.cost import cost_by
from warehouse.coverage import read_known, read_known_by_day
from warehouse.entries import Author
from warehouse.scope import Scope

COUNTS = st.integers(0, 10**6)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, begun):
    """A warehouse of two months: several sellers and currencies, a call without a price, names that hold anything."""
    return fill(tmp_path_factory.mktemp("procurement") / "warehouse", begun)


def read(root, asked: Asked = ASKED) -> Past:
    with open_reader(root) as reader:
        return read_past(reader, root, asked, NOW, tell=silent)


@pytest.fixture(scope="module")
def past(filled) -> Past:
    return read(filled)


def table(section: Section, key: str) -> Any:
    return next(block for block in section.blocks if isinstance(block, Table) and block.key == key)


def column(found: Table, title: str, *, totals: bool = False) -> list[Any]:
    place = [head.title for head in found.columns].index(title)
    return [row[place] for row in (found.totals if totals else found.rows)]


def added(cells: list[Any]) -> dict[str | None, int]:
    sums: dict[str | None, int] = {}
    for cell in cells:
        if isinstance(cell, Money) and cell.pico is not None:
            sums[cell.currency] = sums.get(cell.currency, 0) + cell.pico
    return sums


@pytest.mark.parametrize("name", ["model", "seller", "team", "project"])
def test_each_cut_of_the_spend_adds_up_to_what_calls_cost(filled, past, name):
    found = table(spend_section(ASKED, past), f"spend_by_{name}")
    with open_reader(filled) as reader:
        rows = cost_by(reader, (), ASKED.scope)
    expected = {row.currency: row.cost for row in rows if row.currency}
    assert added(column(found, "Cost")) == added(column(found, "Cost", totals=True)) == expected
    assert sum(column(found, "Calls")) == sum(row.requests for row in rows)
    assert sum(column(found, "Of unknown cost")) == sum(row.unpriced for row in rows) > 0


def test_calls_of_unknown_cost_are_marked_and_never_0(past):
    found = table(spend_section(ASKED, past), "spend_by_model")
    unknown = [place for place, row in enumerate(found.rows) if row[1] == Money(None, None)]
    assert unknown and set(unknown) == found.marked


def test_months_up_to_the_period_are_there_for_context(past):
    found = table(spend_section(ASKED, past), "spend_by_month")
    assert dict(zip(column(found, "Month"), column(found, "In the period"), strict=True)) == {
        "2026-09": "before it",
        "2026-10": "through 2026-10-22",
    }


def test_groups_beyond_the_longest_table_are_put_together_and_stay_in_the_sums(past):
    many = tuple(past.spend.groups["team"][0]._replace(group=(f"team {number}",)) for number in range(MOST_ROWS + 7))
    crowded = past._replace(spend=past.spend._replace(groups={**past.spend.groups, "team": many}))
    found = table(spend_section(ASKED, crowded), "spend_by_team")
    assert found.rows[-1][0] == "7 others"
    assert added(column(found, "Cost")) == {many[0].currency: sum(each.cost for each in many)}


def test_in_one_currency_each_day_is_converted_at_its_own_rate_and_rounded_once(filled):
    found = read(filled, ASKED._replace(currency="EUR"))
    assert found.into
    section = table(spend_section(ASKED, found), "spend_by_seller")
    whole = [each.shown.exact for each in found.spend.totals if each.shown and each.shown.exact]
    assert column(section, "In EUR", totals=True)[-1] == Money(round(sum(whole)), "EUR")
    by_model = [each.shown.exact for each in found.spend.groups["model"] if each.shown and each.shown.exact]
    assert sum(by_model) == sum(whole)
    used = table(method_section(ASKED, found), "exchange_rates")
    assert {row[0] for row in used.rows} == {"EUR/CNY", "EUR/USD"}
    oldest = max(column(used, "Carried at most"))
    headline = summary_section(ASKED, found, []).blocks[0]
    assert oldest and isinstance(headline, Facts)
    assert f"of some days the last rate is up to {oldest} day" in headline.facts[0].note
    assert "currencies that were billed" in tasks_section(found).lead


def test_a_currency_without_a_rate_on_a_day_is_unknown_and_the_day_is_named(filled):
    found = read(filled, ASKED._replace(currency="XXX"))
    assert all(cell is None or cell == Money(None, "XXX") for cell in _shown(found))
    notes = table(method_section(ASKED, found), "exchange_rates").notes
    assert notes and all("is known on 2026-" in note for note in notes)


def _shown(found: Past) -> list[Any]:
    return column(table(spend_section(ASKED, found), "spend_by_model"), "In XXX")


def test_the_causes_of_a_change_add_up_to_it(past):
    section = change_section(past)
    for change in past.compared.changes:
        found = table(section, f"change_causes_{change.currency.lower()}")
        assert added(column(found, "Difference")) == added(column(found, "Difference", totals=True))
        spent = {each.currency: each.cost for each in past.compared.spent}
        before = {each.currency: each.cost for each in past.compared.spent_before}
        assert (change.before, change.now) == (before.get(change.currency) or 0, spent.get(change.currency) or 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fractions(-(10**9), 10**9, max_denominator=10**6), max_size=7))
def test_rounded_causes_still_add_up(amounts):
    found = whole_causes([Driver("mix", None, amount, None, None) for amount in amounts])
    assert sum(cause.pico for cause in found) == round(sum(amounts, Fraction()))


@settings(max_examples=60, deadline=None)
@given(*[st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)] * 2)
def test_whatever_was_used_the_causes_are_the_difference(before, now):
    spans = [
        Span(1, (Part("s", "m", None, used[0], used[1:], (*(3 * tokens for tokens in used[1:]), 0)),), used[0] // 3)
        for used in ((calls, *(tokens if calls else [0] * 4)) for calls, *tokens in (before, now))
    ]
    change = change_of("USD", *spans)
    if before[0]:
        assert sum(cause.pico for cause in change.causes) == change.now - change.before


def test_rates_say_whose_word_they_are_how_old_and_what_they_priced(past):
    section = rates_section(past)
    used, words = table(section, "rates"), table(section, "rate_sources")
    costs = {each.currency: each.cost for each in past.spend.totals if each.currency}
    assert added(column(used, "Cost")) == added(column(table(section, "rate_figures"), "Cost")) == costs
    for age, state in zip(column(words, "Age in days"), column(words, "State"), strict=True):
        assert state == ("stale" if age > past.grounds.stale_days else "in force")
    assert used.marked == words.marked == {n for n, row in enumerate(words.rows) if "stale" in row} != set()


def test_what_is_not_known_is_counted_with_its_reason(past):
    section = coverage_section(past)
    found = table(section, "coverage_unknown")
    assert sum(column(found, "Calls")) == past.grounds.coverage.unpriced
    assert all(column(found, "Why"))
    rejects = {row[0]: row[2] for row in table(section, "coverage_rejects").rows}
    assert rejects.pop("warehouse-10.jsonl") == 1
    assert "warehouse-09.jsonl" not in rejects


def test_tasks_have_an_interval_or_say_why_not(past):
    found = table(tasks_section(past), "task_cost")
    by_currency = {row[4].currency: row for row in found.rows}
    # The other task of that seller has a call without usage.
    assert by_currency["CNY"][2] == 1 and by_currency["CNY"][5:] == (None, None)
    assert any(note.startswith("All, CNY: no interval") for note in found.notes)
    cost, low, high = by_currency["USD"][4:]
    assert by_currency["USD"][2] == 6 and low.pico < cost.pico < high.pico


def test_tasks_are_not_narrowed_by_what_they_cannot_be(filled):
    found = read(filled, ASKED._replace(scope=Scope(*PERIOD, (("project", ("reading",)),))))
    assert found.tasks is None
    assert not tasks_section(found).blocks


def test_recurring_charges_are_apart_and_counted_through_today(filled, tmp_path):
    root = shutil.copytree(filled, tmp_path / "with-charge")
    charge = Charge(0, "=cmd()", "support", 31 * 10**12, "USD", None, None, "month", date(2026, 10, 1), *[None] * 7)
    add_charge(root, charge, Author("somebody", NOW), tell=silent)
    found = read(root, ASKED._replace(last=date(2026, 11, 30), scope=Scope(PERIOD.first, date(2026, 11, 30))))
    (row,) = table(charges_section(found), "charges").rows
    # 31 days of October, and of November those to the present.
    assert row[0] == "=cmd()" and row[6] == Money(31 * 10**12 + 31 * 10**12 * 20 // 30, "USD")
    assert "2026-11-20" in table(charges_section(found), "charges").notes[0]


def test_what_logs_report_stands_beside_what_was_billed(past):
    found = table(books_section(past), "four_costs")
    reported = [row for row in found.rows if row[4] is not None]
    assert reported and all(row[5] <= row[2] for row in reported)


def test_a_period_without_calls_says_so_and_divides_by_nothing(filled):
    first, last = date(2027, 1, 1), date(2027, 1, 31)
    asked = Asked("2027-01", first, last, Scope(first, last))
    found = read(filled, asked)
    assert summary_section(asked, found, []).lead == "There are no calls from 2027-01-01 to 2027-01-31."
    for section in (spend_section(asked, found), change_section(found), rates_section(found), terms_section(found)):
        assert all(block.rows or block.empty for block in section.blocks if isinstance(block, Table)), section.key


def test_the_same_usage_at_the_same_rates_has_the_same_digest_whatever_the_order_of_loading(filled, tmp_path, begun):
    again = read(fill(tmp_path / "again", begun, backwards=True))
    once = read(filled)
    assert again.grounds.used == once.grounds.used
    assert again.spend == once.spend


def test_the_command_that_makes_it_again_survives_a_shell():
    asked = ASKED._replace(scope=Scope(*PERIOD, (("team", ("a b; rm", "ops")),)), currency="EUR", launch="it's")
    assert command_of(asked, NOW) == (
        "tollbook --now 2026-11-20T12:00:00Z report procurement --period 2026-10 --where 'team=a b; rm' "
        "--where team=ops --in EUR --launch 'it'\"'\"'s' --format pdf,xlsx,html"
    )


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-10-01", "2026-10-31", ("2026-09-01", "2026-09-30")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-10-01", "2026-12-31", ("2026-07-01", "2026-09-30")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31")),
        ("2026-10-01", "2026-10-15", ("2026-09-16", "2026-09-30")),
    ],
)
def test_the_period_before(first, last, before):
    period = Days(date.fromisoformat(first), date.fromisoformat(last))
    assert period_before(period) == Days(*map(date.fromisoformat, before))


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 400), st.integers(-5, 500))
def test_what_is_compared_touches_and_is_no_longer_than_the_data(first, days, through):
    period = Days(first, first.fromordinal(first.toordinal() + days - 1))
    newest = first.fromordinal(first.toordinal() + through)
    now, before = compared(period, newest)
    assert before.last < now.first == first and now.last <= period.last
    if period.first <= newest < period.last:
        assert now.last == newest and before.number <= now.number
    context = context_of(period)
    assert context.first <= period.first and context.last == period.last
    assert len(months_of(context)) >= 12


def test_what_is_known_by_day_is_what_is_known_call_by_call(filled):
    with open_reader(filled) as reader:
        calls, days = read_known(reader, ASKED.scope), read_known_by_day(reader, ASKED.scope, PERIOD.first)
    assert calls.ceilings and (calls.ceilings, calls.ranges) == (days.ceilings, days.ranges)
    # Whether a log says what was billed is known of calls alone.
    assert sorted(str((*row[:7], *row[8:])) for row in calls.groups) == sorted(
        str((*row[:7], *row[8:])) for row in days.groups
    )


def test_a_change_is_told_for_a_scope_that_only_the_detail_knows(filled):
    project = f"{TEAMS[1]}/*_#"
    found = read(filled, ASKED._replace(scope=Scope(*PERIOD, (("project", (project,)),))))
    spent = {each.currency: each.cost for each in found.spend.totals if each.currency}
    assert {change.currency: change.now for change in found.compared.changes} == spent


def test_a_closed_month_has_its_digest_and_what_was_frozen(filled, tollbook):
    root = tollbook.warehouse
    shutil.copytree(filled, root)
    assert tollbook("--now", "2026-11-20T12:00:00Z", "close", "2026-09") == 0, tollbook.err
    september = Days(date(2026, 9, 1), date(2026, 9, 30))
    found = read(root, Asked("2026-09", *september, Scope(*september)))
    section = books_section(found)
    assert section.lead == "Every month of the period is closed."
    (month,) = table(section, "months").rows
    assert month[1] == "closed" and len(month[4]) == 64
    lines = table(section, "month_lines")
    costs = {each.currency: each.cost for each in found.spend.totals if each.currency}
    assert added(column(lines, "As closed")) == added(column(lines, "As it is now")) == costs
    closing = found.months[0].closing
    assert closing and found.grounds.used.rates_digest == closing.rates_digest


def test_a_closed_month_of_which_calls_were_deleted_says_so(filled, tollbook):
    root = tollbook.warehouse
    shutil.copytree(filled, root)
    assert tollbook("--now", "2026-11-20T12:00:00Z", "close", "2026-09") == 0, tollbook.err
    assert tollbook("--now", "2026-11-20T13:00:00Z", "delete", "--before", "2026-09-22", "--yes") == 0, tollbook.err
    september = Days(date(2026, 9, 1), date(2026, 9, 30))
    asked = Asked("2026-09", *september, Scope(*september))
    found = read(root, asked)
    months = table(books_section(found), "months")
    assert (months.rows[0][1], months.marked) == ("closed, calls deleted since", {0})
    frozen = added(column(table(books_section(found), "month_lines"), "As closed"))
    spent = {each.currency: each.cost for each in found.spend.totals if each.currency}
    assert all(frozen[code] > (spent[code] or 0) for code in spent), "what is left costs less than what was closed"
    warned = summary_section(asked, found, []).blocks[-1]
    assert isinstance(warned, Words)
    assert any("calls were deleted since it was closed" in each for each in warned.paragraphs)


def test_a_summary_says_where_the_data_begins(past):
    late = past._replace(begins=date(2026, 10, 3))
    assert "The data begins on 2026-10-03: the days before it are not there." in summary_section(ASKED, late, []).lead
