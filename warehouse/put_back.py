"""What was taken out by mistake is put back: the same entry under its own number, with a line in the audit."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from warehouse.entries import Author, Entries, open_entries
from warehouse.errors import WarehouseError
from warehouse.locks import Tell
from warehouse.prepaid import check_accounts
from warehouse.sqlfiles import run, sql, statements

NAMED = {"scenario": "scenario", "launch_plan": "launch plan", "saved_view": "view"}
"""What is found by its name, so that no two may have one, and what the audit calls it."""


def put_back(root: Path, table: str, numbers: Sequence[int], author: Author, *, tell: Tell) -> None:
    """Put entries back, all or none; raises WarehouseError where what came since does not let them."""
    with open_entries(root, author, purpose="what was taken out", tell=tell) as entries:
        for number in numbers:
            text = sql("put_back").replace("entry", table)
            if not statements(entries.connection, text, {"number": number}).fetchall():
                raise WarehouseError("it is there already: somebody has put it back")
        # Checked with it in place: what is raised takes it out again.
        check = CHECKS.get(table)
        if check is not None:
            check(entries, table, numbers)
        word = NAMED.get(table, table)
        if len(numbers) > 1:
            entries.audit(f"{word} {numbers[0]} to {numbers[-1]} put back", after={"lines": list(numbers)})
        else:
            entries.audit(f"{word} {numbers[0]} put back", after=entries.one(table, numbers[0]))


def _check_names(entries: Entries, table: str, numbers: Sequence[int]) -> None:
    name = entries.one(table, numbers[0])["name"]
    if Counter(row[1] for row in run(entries.connection, f"list_{table}").fetchall())[name] > 1:
        raise WarehouseError(f"another {NAMED[table]} is called {name!r} by now: rename or remove that one first")


def _check_lines(entries: Entries, table: str, numbers: Sequence[int]) -> None:
    digests = [row[0] for row in run(entries.connection, "list_invoice_digest").fetchall()]
    if len(digests) > len(set(digests)):
        raise WarehouseError("this invoice was imported again in the meantime: put back, it would count twice")


def _check_account_of(entries: Entries, table: str, numbers: Sequence[int]) -> None:
    if numbers[0] not in [row[0] for row in run(entries.connection, f"list_{table}").fetchall()]:
        raise WarehouseError("its account was taken out: put that back first")


CHECKS: dict[str, Callable[[Entries, str, Sequence[int]], None]] = {
    **dict.fromkeys(NAMED, _check_names),
    "account": lambda entries, table, numbers: check_accounts(entries),
    "invoice": _check_lines,
    "topup": _check_account_of,
    "reading": _check_account_of,
}
"""By table, what must hold once an entry is there again."""
