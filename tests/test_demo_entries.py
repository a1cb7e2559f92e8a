"""What the demo enters beside its logs is marked, enters once, and leaves with it."""

import shutil
from datetime import date
from types import SimpleNamespace

import pytest

from app.commands.demo import SAMPLES, read_samples
from app.demo_entries import enter_demo, remove_entered
from pricing.money import PICO
from warehouse.budgets import Change, change_budget, list_budgets
from warehouse.entries import Author
from warehouse.folder import Folder
from warehouse.invoices import Invoice, add_invoice, list_invoices
from warehouse.outcomes import list_outcomes

NOW = read_samples(SAMPLES).now


def quiet(message):
    """Nobody listens."""


@pytest.fixture
def session(tmp_path):
    root = tmp_path / "warehouse"
    Folder(root).create()
    return SimpleNamespace(warehouse=root, now=NOW, tell=quiet)


def entered(session):
    return list_outcomes(session.warehouse, tell=quiet), list_invoices(session.warehouse, tell=quiet)


def test_it_enters_outcomes_and_invoices_once(session):
    told = read_samples(SAMPLES).told
    enter_demo(session, SAMPLES, told)
    outcomes, invoices = entered(session)
    assert len(outcomes) == len((SAMPLES / told["outcomes"]).read_text().splitlines()) - 1
    assert len(invoices) == len((SAMPLES / told["invoices"]).read_text().splitlines()) - 1
    assert all(each.demo for each in outcomes)
    enter_demo(session, SAMPLES, told)
    assert entered(session) == (outcomes, invoices)


def test_it_leaves_without_what_others_entered(session):
    enter_demo(session, SAMPLES, read_samples(SAMPLES).told)
    day = date(2026, 11, 1)
    add_invoice(
        session.warehouse,
        Invoice(0, "novita", None, day, day, "USD", PICO, "R-1", None),
        Author("ada", NOW),
        tell=quiet,
    )
    remove_entered(session)
    outcomes, invoices = entered(session)
    assert outcomes == []
    assert [invoice.number for invoice in invoices] == ["R-1"]
    remove_entered(session)


def test_a_warehouse_where_nothing_was_entered_stays_so(session):
    remove_entered(session)
    assert not Folder(session.warehouse).database("state").exists()


def test_scenarios_are_saved_with_what_they_come_to_over_its_calls(tollbook, demo_warehouse_for_reports):
    shutil.copytree(demo_warehouse_for_reports, tollbook.warehouse)
    saved = tollbook.rows("scenario", "list")
    assert [row["owner"] for row in saved] == ["demo"] * 3
    assert all(row["cost"] and row["demo"] for row in saved)
    assert all(row["holds"] for row in tollbook.rows("scenario", "check"))
    tollbook("demo", "--remove")
    assert tollbook.rows("scenario", "list") == []


def test_budgets_are_entered_once_and_one_that_a_person_changed_is_theirs(session):
    told = read_samples(SAMPLES).told
    enter_demo(session, SAMPLES, told)
    entered_budgets = list_budgets(session.warehouse, tell=quiet)
    assert {each.who for each in entered_budgets} == {"demo"}
    ours = entered_budgets[0]
    change = Change(ours.number, lambda was: {**was.form, "owner": "ada"})
    change_budget(session.warehouse, change, Author("ada", NOW), tell=quiet)
    enter_demo(session, SAMPLES, told)
    assert len(list_budgets(session.warehouse, tell=quiet)) == len(entered_budgets)
    remove_entered(session)
    (left,) = list_budgets(session.warehouse, tell=quiet)
    assert (left.number, left.form["owner"]) == (ours.number, "ada")
