"""Recurring charges, as people entered them: added, ended, removed, each with its line in the audit."""

from datetime import date
from pathlib import Path
from typing import Any

from pricing.charges import Charge, period_of
from warehouse.entries import Author, open_entries, read_entries
from warehouse.errors import WarehouseError
from warehouse.locks import Tell
from warehouse.sqlfiles import run


def list_charges(root: Path, *, tell: Tell) -> list[Charge]:
    """Every charge that was not removed, in the order in which they were entered."""
    return [_charge(row) for row in read_entries(root, "charge", tell=tell)]


def add_charge(root: Path, charge: Charge, author: Author, *, tell: Tell) -> int:
    """Enter a charge; returns its number, whatever number it came with."""
    values = charge._asdict()
    del values["charge_id"]
    values |= {"pico": str(values["pico"]), "first_day": values.pop("first"), "last_day": values.pop("last")}
    with open_entries(root, author, purpose="a charge", tell=tell) as entries:
        return entries.put("charge", values)


def end_charge(root: Path, number: int, last: date, author: Author, *, tell: Tell) -> Charge:
    """Give a charge its last day; raises WarehouseError where that cannot be, or would change what is past.

    A charge of one time has the days that it was entered with: a later end would spread it anew.
    """
    with open_entries(root, author, purpose="a charge", tell=tell) as entries:
        before = entries.one("charge", number)
        charge = _charge(tuple(before.values()))
        if charge.period == "once":
            raise WarehouseError(f"charge {number} is charged once; remove it and add it with other days")
        if last < charge.first:
            raise WarehouseError(f"charge {number} begins on {charge.first}; it cannot end on {last}")
        run(entries.connection, "end_charge", {"number": number, "last": last})
        entries.audit(f"charge {number} ended", before=before, after=before | {"last_day": last})
    return charge._replace(last=last)


def remove_charge(root: Path, number: int, author: Author, *, tell: Tell) -> Charge:
    """Take a charge out of every period, past ones too; raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="a charge", tell=tell) as entries:
        return _charge(tuple(entries.take("charge", number).values()))


def days_cut_off(charge: Charge) -> int:
    """How many days of its last period a charge ends before, and so does not cost."""
    return 0 if charge.last is None else (period_of(charge, charge.last)[1] - charge.last).days


def _charge(row: tuple[Any, ...]) -> Charge:
    charge_id, name, kind, pico, *rest = row
    return Charge(charge_id, name, kind, int(pico), *rest)
