"""Accounts paid in advance, as people entered them, and what their calls were billed."""

from datetime import date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from pricing.prepaid import Account, Reading, TopUp, overlap
from warehouse.connection import Reader, open_reader
from warehouse.cost import cost_by
from warehouse.entries import Author, Entries, open_entries, rows_of
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.recurring import billing_day, day_span
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import run, sql


class Entered(NamedTuple):
    """Everything that people entered of accounts."""

    accounts: tuple[Account, ...] = ()
    topups: tuple[TopUp, ...] = ()
    readings: tuple[Reading, ...] = ()


class Spent(NamedTuple):
    """What an account's calls were billed; amounts in pico-units of its currency."""

    by_day: dict[date, int]
    unpriced: dict[date, int]
    """Calls of unknown cost by day."""
    before: dict[int, tuple[int, int]]
    """By reading: what was billed on its day before it, and calls of unknown cost."""
    other_currencies: tuple[str, ...]
    """What its calls were billed in beside its own: in no figure of the account."""


def list_prepaid(root: Path, *, tell: Tell) -> Entered:
    """Every account, top-up and reading that was not removed."""
    if not Folder(root).database("state").exists():
        return Entered()
    with open_reader(root, "state", tell=tell) as reader:
        accounts, topups, readings = (rows_of(reader, name) for name in ("account", "topup", "reading"))
    return Entered(tuple(map(Account._make, accounts)), tuple(map(_topup, topups)), tuple(map(_reading, readings)))


def add_account(root: Path, account: Account, author: Author, *, tell: Tell) -> int:
    """Enter an account; raises WarehouseError where its calls, or its name, are another one's."""
    values = account._asdict()
    del values["account_id"]
    with open_entries(root, author, purpose="an account", tell=tell) as entries:
        number = entries.put("account", values)
        check_accounts(entries)
        return number


def check_accounts(entries: Entries) -> None:
    """Refuse two accounts of one name, or for the same calls; raises WarehouseError."""
    accounts = [Account._make(row) for row in run(entries.connection, "list_account").fetchall()]
    for one, other in combinations(accounts, 2):
        if other.name == one.name:
            raise WarehouseError(f"account {one.account_id} has that name: give another with --name")
        if overlap(one, other):
            raise WarehouseError(
                f"account {one.account_id}, {one.name}, pays for calls of the same seller and currency; "
                f"no call can be paid from two accounts: give each its organisation, team or key"
            )


def add_topup(root: Path, topup: TopUp, author: Author, *, tell: Tell) -> int:
    """Enter a top-up; raises WarehouseError where there is no such account."""
    values = topup._asdict()
    del values["topup_id"]
    values |= {"pico": str(topup.pico), "fee": None if topup.fee is None else str(topup.fee)}
    with open_entries(root, author, purpose="a top-up", tell=tell) as entries:
        return _put(entries, "topup", values)


def add_reading(root: Path, reading: Reading, author: Author, *, tell: Tell) -> int:
    """Enter a balance that the seller showed; raises WarehouseError where there is no such account."""
    values = reading._asdict()
    del values["reading_id"]
    values |= {"pico": str(reading.pico)}
    with open_entries(root, author, purpose="a balance", tell=tell) as entries:
        return _put(entries, "reading", values)


def remove_entry(root: Path, table: str, number: int, author: Author, *, tell: Tell) -> dict[str, Any]:
    """Take an account, a top-up or a reading out, as if it had never been entered; the audit keeps it."""
    with open_entries(root, author, purpose="an account", tell=tell) as entries:
        return entries.take(table, number)


def read_spent(reader: Reader, account: Account, readings: tuple[Reading, ...], zone: str) -> Spent:
    """What an account's calls were billed, by billing day, and before each of its readings on the reading's day."""
    scope = Scope(values=account.values)
    by_day: dict[date, int] = {}
    unpriced: dict[date, int] = {}
    others = set[str]()
    for row in cost_by(reader, ("day",), scope):
        if row.currency == account.currency:
            by_day[row.group[0]] = row.cost or 0
        elif row.currency:
            others.add(row.currency)
        if row.unpriced:
            unpriced[row.group[0]] = unpriced.get(row.group[0], 0) + row.unpriced
    before = {each.reading_id: _before(reader, scope, each.read_at, account.currency, zone) for each in readings}
    return Spent(by_day, unpriced, before, tuple(sorted(others)))


def _before(reader: Reader, scope: Scope, at: datetime, currency: str, zone: str) -> tuple[int, int]:
    where, parameters = condition(scope)
    begins, _ = day_span(billing_day(at, zone), zone)
    text = sql("billed_between").replace("and true", f"and {where}")
    rows = reader.rows(text, {**parameters, "begins": begins, "ends": at})
    return sum(int(cost) for code, cost, _ in rows if code == currency), sum(int(calls) for *_, calls in rows)


def _put(entries: Entries, table: str, values: dict[str, Any]) -> int:
    entries.one("account", values["account_id"])
    return entries.put(table, values)


def _topup(row: tuple[Any, ...]) -> TopUp:
    number, account, at, pico, fee, *rest = row
    return TopUp(number, account, at, int(pico), None if fee is None else int(fee), *rest)


def _reading(row: tuple[Any, ...]) -> Reading:
    number, account, at, pico, note = row
    return Reading(number, account, at, int(pico), note)
