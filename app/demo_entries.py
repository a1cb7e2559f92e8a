"""What the demo holds beside its logs: outcomes, an evaluation, invoices and budgets, as a person would enter them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from app.budget_file import read_budget_file
from app.eval_file import read_eval_file
from app.invoice_file import Given, read_invoice
from app.outcome_file import Columns, read_outcome_file
from app.session import Session
from ingest.problem import IngestError
from warehouse.budgets import list_budgets, put_budgets, remove_budget
from warehouse.entries import Author
from warehouse.eval_runs import EvalRun, remove_demo_eval_runs, store_eval_runs
from warehouse.folder import Folder
from warehouse.invoices import add_invoice_lines, remove_demo_invoices
from warehouse.outcomes import remove_demo_outcomes, store_outcomes
from warehouse.scenarios import remove_demo_scenarios

WHO = "demo"


def enter_demo(session: Session, folder: Path, told: Mapping[str, Any]) -> None:
    """Enter the files that ``demo.toml`` names beside its logs; a second time changes nothing."""
    author, root, tell = Author(WHO, session.now), session.warehouse, session.tell
    outcomes = read_outcome_file(folder / told["outcomes"], Columns())
    tried = read_eval_file(folder / told["evaluation"], {}, EvalRun("", "", 0))
    bad = [tuple(row) for row in (*outcomes.bad, *tried.bad)]
    if bad:
        file, line, reason = bad[0]
        raise IngestError(f"{folder / str(file)}:{line}: {reason}")
    store_outcomes(root, outcomes.outcomes, author, tell=tell, demo=True)
    store_eval_runs(root, tried.runs, author, tell=tell, demo=True)
    with (folder / told["invoices"]).open(encoding="utf-8", newline="") as text:
        add_invoice_lines(root, read_invoice(text, told["invoices"], Given()), author, tell=tell, demo=True)
    _enter_budgets(session, folder / told["budgets"], told["now"].date())


def _enter_budgets(session: Session, path: Path, today: date) -> None:
    """Enter those whose name is not taken: a budget that is there is somebody's."""
    known = {each.name for each in list_budgets(session.warehouse, tell=session.tell)}
    forms = [form for form in read_budget_file(path, today, {}) if form["name"] not in known]
    if forms:
        put_budgets(session.warehouse, forms, Author(WHO, session.now), tell=session.tell)


def remove_entered(session: Session) -> None:
    """Take out again what was entered for the demo."""
    author, root, tell = Author(WHO, session.now), session.warehouse, session.tell
    if Folder(root).database("state").exists():
        remove_demo_outcomes(root, author, tell=tell)
        remove_demo_eval_runs(root, author, tell=tell)
        remove_demo_invoices(root, author, tell=tell)
        remove_demo_scenarios(root, author, tell=tell)
        for each in list_budgets(root, tell=tell):
            # One that a person changed since is theirs.
            if each.who == WHO:
                remove_budget(root, each.number, author, tell=tell)
