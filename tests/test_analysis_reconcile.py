"""Bills beside calls: what was planted is found and nothing else, and the bridge between both is exact."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from analysis import bill_reasons as why
from analysis.bill_overlaps import overlaps
from analysis.bill_reasons import Finding, findings
from analysis.reconcile import Allowed, Bill, BillLine, Hints, Ours, reconcile
from pricing.money import PICO

MODELS = ("flash", "large", "small")
OCTOBER = [date(2026, 10, day) for day in range(1, 32)]
CENT = PICO // 100


def calls(seed: int = 7, models: tuple[str, ...] = MODELS, **hints: Callable[[int], int]) -> list[Ours]:
    chance = random.Random(seed)
    found = []
    for day in OCTOBER:
        for model in models:
            pico = chance.randrange(2 * PICO, 90 * PICO)
            each = Hints(**{name: of(pico) for name, of in hints.items()})
            found.append(Ours(day, "s", model, None, "USD", chance.randrange(1, 50), pico, each))
    return found


def rounded(pico: int, unit: int = CENT) -> int:
    return round(Fraction(pico, unit)) * unit


def line(ours: Ours, pico: int | None = None, **own: Any) -> BillLine:
    amount = rounded(ours.pico if pico is None else pico)
    plain = BillLine("A-1", "s", ours.model, None, ours.day, ours.day, "USD", amount)
    return plain._replace(**own)


def only(ours: list[Ours], lines: list[BillLine], *args: Any, **named: Any) -> tuple[Bill, list[Finding]]:
    (bill,) = reconcile(ours, lines, *args, **named).bills
    found = findings(bill)
    assert bill.billed == bill.ours + sum(each.beyond for each in found), "the bridge is exact"
    assert bill.billed == sum(each.pico for each in lines)
    return bill, found


def told(found: list[Finding]) -> list[tuple[str, str | None, str]]:
    return [(each.state, each.model, each.why) for each in found]


def test_a_missing_day_a_doubled_model_rounding_and_tax_are_found_and_nothing_else():
    ours = calls()
    missing = date(2026, 10, 13)
    lines = [line(each, each.pico * (1 + (each.model == "large"))) for each in ours if each.day != missing]
    tax = BillLine("A-1", "s", None, None, OCTOBER[0], OCTOBER[-1], "USD", 12_34 * CENT, "tax")
    bill, found = only(ours, [*lines, tax])
    large, hole, rounding, taxes = sorted(found, key=lambda each: why_order(each))
    assert told([large, hole, rounding, taxes]) == [
        ("different", "large", why.DOUBLED),
        ("ours_only", None, why.MISSING_DAY),
        ("matched", None, why.ROUNDING),
        ("tax", None, why.KINDS["tax"]),
    ]
    assert (hole.first, hole.last, hole.days) == (missing, missing, 1)
    assert hole.beyond == -sum(each.pico for each in ours if each.day == missing)
    wanted = sum(rounded(2 * each.pico) - each.pico for each in ours if each.model == "large" and each.day != missing)
    assert (large.beyond, large.days) == (wanted, 30)
    others = [each for each in ours if each.model != "large" and each.day != missing]
    assert rounding.beyond == sum(rounded(each.pico) - each.pico for each in others)
    assert taxes.beyond == tax.pico and bill.unit == CENT


def why_order(each: Finding) -> int:
    return ["different", "ours_only", "matched", "tax"].index(each.state)


def test_a_model_whose_lines_stand_twice_is_told_from_one_at_twice_the_rate():
    ours = calls()
    lines = [line(each) for each in ours] + [line(each) for each in ours if each.model == "small"]
    _, found = only(ours, lines)
    assert told(found[:1]) == [("different", "small", why.REPEATED)]
    assert [each.state for each in found[1:]] == ["matched"]


def test_the_same_calls_and_a_bill_without_a_fault_say_nothing_but_the_rounding():
    bill, found = only(calls(), [line(each) for each in calls()])
    assert told(found) == [("matched", None, why.ROUNDING)]
    assert abs(found[0].beyond) <= len(bill.cells) * CENT // 2
    exact = [line(each, pico=0)._replace(pico=each.pico) for each in calls()]
    assert findings(only(calls(), exact)[0]) == []


@pytest.mark.parametrize(
    ("hint", "reason"),
    [("cached", why.CACHED), ("tiered", why.TIERED), ("retried", why.RETRIES)],
)
def test_a_reason_is_named_where_what_it_foretells_is_the_difference(hint, reason):
    hints: Any = {hint: lambda pico: pico // 3}
    ours = calls(**hints)
    lines = [line(each, each.pico + each.pico // 3 * (each.model == "flash")) for each in ours]
    _, found = only(ours, lines)
    assert told(found)[0] == ("different", "flash", reason)
    assert len(found) == 2


def test_ratios_halves_and_what_the_log_reports():
    ours = calls(reported=lambda pico: pico * 9 // 7)
    for model, factor in (("flash", Fraction(1, 2)), ("large", Fraction(105, 100)), ("small", Fraction(9, 7))):
        _, found = only(ours, [line(each, int(each.pico * (factor if each.model == model else 1))) for each in ours])
        wanted = {"flash": why.HALF, "large": why.RATIO.format(more="+5.00%"), "small": why.REPORTED}[model]
        assert told(found)[0] == ("different", model, wanted)
        assert len(found) == 2


def test_a_ratio_from_one_day_on_is_a_rate_that_changed():
    ours = calls(models=("flash",))
    _, found = only(ours, [line(each, each.pico * (107 if each.day.day > 20 else 100) // 100) for each in ours])
    assert told(found)[0] == ("different", "flash", why.RATIO.format(more="+7.00%"))
    assert (found[0].first, found[0].last) == (date(2026, 10, 21), date(2026, 10, 31))


def test_days_that_begin_elsewhere_are_recognised_by_the_hours():
    chance = random.Random(3)
    start = datetime(2026, 9, 30)
    spent = [(start + timedelta(hours=number), chance.randrange(CENT, 5 * PICO)) for number in range(33 * 24)]
    ours, lines = [], []
    for day in OCTOBER:
        mine = sum(pico for at, pico in spent if at.date() == day)
        theirs = sum(pico for at, pico in spent if (at + timedelta(hours=8)).date() == day)
        ours.append(Ours(day, "s", "flash", None, "USD", 24, mine))
        lines.append(line(ours[-1], theirs))
    (bill,) = reconcile(ours, lines).bills
    (first,) = [each for each in findings(bill, {("flash", None): spent}) if each.state != "matched"]
    assert first.why == why.ZONE.format(when="at 16:00")
    assert findings(bill)[0].why != first.why, "without the hours nobody can tell"


def test_what_is_billed_on_the_next_day_cancels_out():
    ours = calls(models=("flash",))
    late = ours[9]
    lines = [line(each) for each in ours]
    lines[9:11] = [line(ours[10], late.pico + ours[10].pico)]
    _, found = only(ours, lines)
    assert told(found)[0][2] == why.LATER.format(days="1 day")
    assert abs(found[0].beyond) <= CENT


def test_what_is_fresh_is_pending_and_no_difference():
    ours = calls()
    lines = [line(each) for each in ours if each.day.day < 29]
    _, found = only(ours, lines, today=date(2026, 10, 31))
    assert told(found)[:2] == [("pending", None, why.PENDING), ("matched", None, why.ROUNDING)]
    _, found = only(ours, lines, today=date(2026, 12, 1))
    assert told(found)[0] == ("ours_only", None, why.MISSING_DAY)
    assert (found[0].first, found[0].last, found[0].days) == (date(2026, 10, 29), date(2026, 10, 31), 3)


def test_models_and_keys_that_only_one_side_has():
    ours = calls()
    lines = [line(each) for each in ours if each.model != "small"]
    stranger = line(ours[0], 5 * PICO, model="huge")
    _, found = only(ours, [*lines, stranger])
    assert told(found)[:2] == [("ours_only", "small", why.NEVER_NAMED), ("theirs_only", "huge", why.NO_CALL)]
    keyed = [each._replace(key="web") for each in ours]
    (bill,) = reconcile(keyed, [line(each, key="app") for each in ours]).bills
    assert {(each.state, each.key, each.why) for each in findings(bill)} == {
        ("ours_only", "web", why.NEVER_NAMED),
        ("theirs_only", "app", why.NO_CALL),
    }


def test_each_call_goes_to_the_closest_line_once():
    ours = [*calls(), *(each._replace(key="web", pico=PICO) for each in calls())]
    month = BillLine("A-1", "s", None, None, OCTOBER[0], OCTOBER[-1], "USD", 0)
    flash = sum(each.pico for each in ours if each.model == "flash" and each.key is None)
    web = sum(each.pico for each in ours if each.key == "web")
    rest = sum(each.pico for each in ours) - flash - web
    lines = [
        month._replace(pico=rounded(rest)),
        month._replace(pico=rounded(web), key="web"),
        month._replace(pico=rounded(flash), model="flash"),
    ]
    flash_web = sum(each.pico for each in ours if each.model == "flash" and each.key == "web")
    bill, found = only(ours, [*lines[:2], lines[2]._replace(pico=rounded(flash + flash_web))])
    assert {cell.state for cell in bill.cells} == {"different", "matched"}, "a model's line has its calls of every key"
    lines = [
        lines[0],
        lines[1]._replace(pico=rounded(web - flash_web)),
        lines[2]._replace(pico=rounded(flash + flash_web)),
    ]
    bill, found = only(ours, lines)
    assert [each.state for each in found] in (["matched"], []) and len(bill.cells) == 3


def test_a_tolerance_is_what_a_person_allows():
    ours = calls()
    lines = [line(each, each.pico * 101 // 100) for each in ours]
    assert only(ours, lines)[1][0].state == "different"
    assert {each.state for each in only(ours, lines, Allowed(share=Fraction(2, 100)))[1]} == {"matched"}
    assert {each.state for each in only(ours, lines, Allowed(pico=PICO))[1]} == {"matched"}


def test_calls_of_unknown_cost_are_counted_beside_what_is_billed_for_them():
    ours = [Ours(OCTOBER[4], "s", "flash", None, None, 3, 0, Hints(unpriced=3))]
    (bill,) = reconcile(ours, [line(Ours(OCTOBER[4], "s", "flash", None, "USD", 0, PICO))]).bills
    (found,) = findings(bill)
    assert (found.state, found.why, found.calls, found.aside) == ("different", why.NO_PRICE, 3, "3 of unknown cost")


def test_a_bill_of_nothing_matches_no_calls_of_unknown_cost():
    ours = [Ours(OCTOBER[4], "s", "flash", None, None, 3, 0, Hints(unpriced=3))]
    _, found = only(ours, [line(ours[0])])
    assert [(each.state, each.why, each.calls) for each in found] == [("different", why.NO_PRICE, 3)]


def test_currencies_and_sellers_are_bills_of_their_own_and_what_has_no_bill_is_said():
    ours = calls()
    yuan = [each._replace(currency="CNY") for each in ours]
    other = [each._replace(seller="t") for each in ours]
    done = reconcile([*ours, *yuan, *other], [line(each) for each in ours])
    assert [(bill.seller, bill.currency) for bill in done.bills] == [("s", "USD")]
    assert len(done.unbilled) == 2 * len(ours)


def test_a_bill_in_another_currency_than_the_calls_is_not_said_to_have_no_call():
    ours = calls(models=("flash",))
    lines = [line(each, currency="EUR") for each in ours]
    _, found = only(ours, lines)
    assert {(each.state, each.why) for each in found} == {
        ("theirs_only", why.OTHER_CURRENCY.format(currencies="USD")),
    }
    late = [each._replace(first=each.first.replace(year=2027), last=each.last.replace(year=2027)) for each in lines]
    _, found = only(ours, late)
    assert {(each.state, each.why) for each in found} == {("theirs_only", why.NO_CALL)}


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_bill_the_findings_are_all_of_the_difference(seed):
    chance = random.Random(seed)
    ours = calls(seed, cached=lambda pico: pico // 9)
    lines = [
        line(each, each.pico * chance.choice((1, 1, 1, 2, 3)) // chance.choice((1, 1, 2)))
        for each in ours
        if chance.random() > 0.2
    ]
    for kind in ("tax", "credit", "fee", "byok"):
        lines.append(line(ours[3], chance.randrange(-PICO, PICO), kind=kind, model=None))
    lines += [line(ours[0], chance.randrange(PICO), model=chance.choice((None, "huge")), last=OCTOBER[-1])]
    today = chance.choice((None, date(2026, 11, 1)))
    bill, found = only(ours, lines, today=today)
    assert sum(each.pico for each in ours) == bill.ours
    assert all(abs(each.beyond) for each in found if each.state == "different")


def test_a_bill_within_the_band_of_calls_under_review_says_so():
    of_review = Hints(review=2, low=-PICO // 2, high=PICO // 10)
    (ours,) = [Ours(OCTOBER[4], "s", "flash", None, "USD", 9, 5 * PICO, of_review)]
    for billed, reason, aside in (
        (46 * PICO // 10, why.IN_BAND, "2 under review"),
        (51 * PICO // 10, why.IN_BAND, "2 under review"),
        (44 * PICO // 10, why.NOT_EXPLAINED, "2 under review"),
        (52 * PICO // 10, why.NOT_EXPLAINED, "2 under review"),
    ):
        _, (found,) = only([ours], [line(ours, billed)])
        assert (found.state, found.why, found.aside) == ("different", reason, aside)
    _, (found,) = only([ours._replace(hints=Hints(review=2, low=-PICO))], [line(ours, 52 * PICO // 10)])
    assert (found.why, found.aside) == (why.NOT_EXPLAINED, ""), "calls that can only cost less are not what is more"


def test_days_before_the_first_one_asked_for_are_not_missing():
    ours = calls(models=("flash",))
    lines = [line(each) for each in ours if each.day >= OCTOBER[4]]
    bill, found = only(ours, lines)
    assert found[0].why == why.MISSING_DAY and bill.first == OCTOBER[0], "most of a month is taken to be whole"
    bill, found = only(ours, lines, period=(OCTOBER[4], None))
    assert [each.state for each in found] == ["matched"] and (bill.first, bill.last) == (OCTOBER[4], OCTOBER[-1])
    bill, found = only(ours, [line(each) for each in ours if each.day <= OCTOBER[25]], period=(None, OCTOBER[25]))
    assert [each.state for each in found] == ["matched"] and (bill.first, bill.last) == (OCTOBER[0], OCTOBER[25])


# A seller whose answers are known day by day


def test_a_day_that_the_seller_was_asked_for_and_bills_nothing_of_is_ours_only():
    """Before the first day that is billed, after the last, and where nothing is billed at all."""
    ours = [each for each in calls(models=("flash",)) if each.day.day in (3, 4, 5, 9)]
    asked = {"s": {date(2026, 10, day): date(2026, 10, 20) for day in (2, 3, 4, 5)}}
    bill, found = only(ours, [line(ours[1])], answered=asked)
    assert (bill.first, bill.last) == (date(2026, 10, 2), date(2026, 10, 5))
    missing = {each.first for each in found if each.state == "ours_only"}
    assert missing == {date(2026, 10, 3), date(2026, 10, 5)}
    silent, _ = only(ours, [], answered=asked)
    assert (silent.currency, silent.billed, silent.ours) == ("USD", 0, sum(each.pico for each in ours[:3]))
    assert not reconcile(ours, []).bills


def test_a_day_that_nobody_asked_for_is_on_no_bill():
    ours = [each for each in calls(models=("flash",)) if each.day.day in (3, 4, 5)]
    lines = [line(each) for each in (ours[0], ours[2])]
    asked = {"s": {each.first: date(2026, 10, 20) for each in lines}}
    assert [each.state for each in only(ours, lines)[0].cells] == ["matched", "ours_only", "matched"]
    done = reconcile(ours, lines, answered=asked, period=(date(2026, 10, 1), None))
    assert [each.state for each in done.bills[0].cells] == ["matched", "matched"] and done.unbilled == (ours[1],)


def test_a_day_that_was_asked_for_too_soon_stays_too_fresh():
    (ours,) = (each for each in calls(models=("flash",)) if each.day.day == 3)
    half = [line(ours, ours.pico // 2)]
    for asked_on, state in ((date(2026, 10, 3), "pending"), (date(2026, 10, 20), "different")):
        bill, _ = only([ours], half, answered={"s": {ours.day: asked_on}}, today=date(2026, 11, 20))
        assert bill.cells[0].state == state


def test_two_invoices_about_the_same_days_are_the_reason_and_both_are_named():
    ours = calls(models=("flash",))
    missing = date(2026, 10, 13)
    daily = [line(each) for each in ours if each.day != missing]
    whole = BillLine("B-2", "s", None, None, OCTOBER[0], OCTOBER[-1], "USD", rounded(sum(each.pico for each in ours)))
    _, found = only(ours, [*daily, whole])
    assert told(found)[0] == ("different", None, "two invoices cover these days: A-1, B-2")
    assert {state for state, _, _ in told(found)[1:]} <= {"matched"}
    again = [each._replace(ref="A-1B") for each in daily]
    _, found = only(ours, [*daily, *again])
    assert ("different", "flash", "two invoices cover these days: A-1, A-1B") in told(found)


def test_invoices_about_other_models_keys_or_days_do_not_meet():
    ours = calls(models=("flash", "large"))
    lines = [line(each, 2 * each.pico, ref=f"of {each.model}") for each in ours]
    _, found = only(ours, lines)
    assert not any("two invoices" in each.why for each in found)
    assert not overlaps(lines)
    one, two = line(ours[0], key="web"), line(ours[0], key="app", ref="B")
    assert not overlaps([one, two]) and overlaps([one, two._replace(key=None)])
    credit = two._replace(key=None, kind="credit", pico=-5)
    assert not overlaps([one, credit]), "a credit note is about the same days as its invoice"
