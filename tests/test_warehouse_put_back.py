"""What people take out can be put back as it was, unless something else has its place by now."""

from datetime import date, datetime
from pathlib import Path

import pytest

from pricing.money import PICO
from pricing.prepaid import Account, TopUp
from warehouse.budgets import add_budget, budget_history, list_budgets, put_back_budget, remove_budget
from warehouse.changes import list_changes
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.errors import WarehouseError
from warehouse.eval_runs import EvalRun, compare_eval_runs, list_eval_runs, remove_eval_runs, store_eval_runs
from warehouse.events import EventRow, add_event, list_events, remove_event
from warehouse.invoices import Invoice, add_invoice_lines, count_new_lines, list_invoices, remove_invoice_lines
from warehouse.prepaid import add_account, add_topup, list_prepaid, remove_entry
from warehouse.put_back import put_back
from warehouse.saved_views import list_views, remove_view, save_view

BY, AGAIN = Author("ann", datetime(2026, 11, 22, 9)), Author("ben", datetime(2026, 11, 22, 10))
DAY = date(2026, 10, 1)
LINE = Invoice(0, "stepfun", None, DAY, DAY, "USD", PICO, "B-7", "b.csv")
EVENT = EventRow(0, "launch", DAY, None, None, None, "chat", "new app", "confirmed")


def told(root: Path, kind: str) -> list[tuple[str, str]]:
    return [(each.who, each.what) for each in list_changes(root, (kind,), top=9, tell=silent)]


def test_an_event_counts_again_under_its_number(warehouse_begun):
    number = add_event(warehouse_begun, EVENT, BY, tell=silent)
    was = list_events(warehouse_begun, tell=silent)
    remove_event(warehouse_begun, number, BY, tell=silent)
    put_back(warehouse_begun, "event", [number], AGAIN, tell=silent)
    assert list_events(warehouse_begun, tell=silent) == was
    assert told(warehouse_begun, "event")[0] == ("ben", "event 1 put back")
    with pytest.raises(WarehouseError, match="there already"):
        put_back(warehouse_begun, "event", [number], AGAIN, tell=silent)


def test_an_invoice_comes_back_whole_unless_it_was_imported_again(warehouse_begun):
    lines = [LINE, LINE, LINE._replace(kind="tax")]
    assert count_new_lines(warehouse_begun, lines, tell=silent) == 3, "before anything was ever entered"
    add_invoice_lines(warehouse_begun, lines[:2], BY, tell=silent)
    assert count_new_lines(warehouse_begun, lines, tell=silent) == 1, "equal lines are as many lines"
    was = list_invoices(warehouse_begun, tell=silent)
    gone = remove_invoice_lines(warehouse_begun, "B-7", "stepfun", BY, tell=silent)
    assert count_new_lines(warehouse_begun, lines, tell=silent) == 3
    put_back(warehouse_begun, "invoice", gone, AGAIN, tell=silent)
    assert list_invoices(warehouse_begun, tell=silent) == was
    remove_invoice_lines(warehouse_begun, "B-7", "stepfun", BY, tell=silent)
    add_invoice_lines(warehouse_begun, lines[:1], BY, tell=silent)
    with pytest.raises(WarehouseError, match="would count twice"):
        put_back(warehouse_begun, "invoice", gone, AGAIN, tell=silent)
    assert len(list_invoices(warehouse_begun, tell=silent)) == 1, "none of it came"


def test_a_name_that_is_taken_by_now_is_not_taken_twice(warehouse_begun):
    number = save_view(warehouse_begun, "Teams", {"rows": "team"}, BY, tell=silent).number
    remove_view(warehouse_begun, "Teams", BY, tell=silent)
    other = save_view(warehouse_begun, "Teams", {"rows": "model"}, BY, tell=silent).number
    with pytest.raises(WarehouseError, match="another view is called 'Teams' by now"):
        put_back(warehouse_begun, "saved_view", [number], AGAIN, tell=silent)
    assert [each.number for each in list_views(warehouse_begun, tell=silent)] == [other]


def test_accounts_come_back_with_their_entries_and_never_beside_another_for_the_same_calls(warehouse_begun):
    account = Account(0, "Main", "stepfun", "USD", None, None, None)
    number = add_account(warehouse_begun, account, BY, tell=silent)
    topup = add_topup(warehouse_begun, TopUp(0, number, BY.now, PICO, None, None, None), BY, tell=silent)
    was = list_prepaid(warehouse_begun, tell=silent)
    remove_entry(warehouse_begun, "topup", topup, BY, tell=silent)
    remove_entry(warehouse_begun, "account", number, BY, tell=silent)
    with pytest.raises(WarehouseError, match="its account was taken out"):
        put_back(warehouse_begun, "topup", [topup], AGAIN, tell=silent)
    put_back(warehouse_begun, "account", [number], AGAIN, tell=silent)
    put_back(warehouse_begun, "topup", [topup], AGAIN, tell=silent)
    assert list_prepaid(warehouse_begun, tell=silent) == was
    remove_entry(warehouse_begun, "account", number, BY, tell=silent)
    add_account(warehouse_begun, account._replace(name="Other"), BY, tell=silent)
    with pytest.raises(WarehouseError, match="pays for calls of the same seller"):
        put_back(warehouse_begun, "account", [number], AGAIN, tell=silent)


def test_a_budget_comes_back_as_a_version_unless_its_name_is_taken(warehouse_begun):
    form = {"name": "Research", "currency": "USD", "amount": "3"}
    number = add_budget(warehouse_begun, form, BY, tell=silent)
    remove_budget(warehouse_begun, number, BY, tell=silent)
    put_back_budget(warehouse_begun, number, AGAIN, tell=silent)
    assert [each.form for each in list_budgets(warehouse_begun, tell=silent)] == [form]
    assert [each.what for each in budget_history(warehouse_begun, number, tell=silent)] == [
        "added",
        "removed",
        "put back",
    ]
    with pytest.raises(WarehouseError, match="there already"):
        put_back_budget(warehouse_begun, number, AGAIN, tell=silent)
    remove_budget(warehouse_begun, number, BY, tell=silent)
    add_budget(warehouse_begun, form, BY, tell=silent)
    with pytest.raises(WarehouseError, match="is called 'Research'"):
        put_back_budget(warehouse_begun, number, AGAIN, tell=silent)


def test_what_a_file_of_runs_would_do_is_what_it_does(warehouse_begun):
    runs = [EvalRun("aider", "a", 1, "m", solved=1.0, source="r.csv"), EvalRun("aider", "b", 1, "m", solved=0.0)]
    store_eval_runs(warehouse_begun, runs[:1], BY, tell=silent)
    more = [runs[0]._replace(solved=0.0), runs[1]]
    would = compare_eval_runs(warehouse_begun, more, tell=silent)
    assert would == (1, 1, 0) and len(list_eval_runs(warehouse_begun, tell=silent)) == 1, "nothing was stored"
    assert store_eval_runs(warehouse_begun, more, BY, tell=silent) == would
    remove_eval_runs(warehouse_begun, ["aider"], BY, tell=silent)
    assert told(warehouse_begun, "evaluation")[0] == ("ann", "2 evaluation runs of aider removed")
