"""Exchange rates: one's own table, kept in the state database, and the library's."""

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from pricing.fx import Known, Rates, Series
from pricing.fx_table import OwnRate
from warehouse.entries import Author, open_entries, read_entries
from warehouse.errors import WarehouseError
from warehouse.fx_library import library_currencies, library_rates, library_source
from warehouse.locks import Tell
from warehouse.sqlfiles import run


class Coverage(NamedTuple):
    """From when to when one source knows a pair."""

    base: str
    quote: str
    source: str
    own: bool
    rates: int
    first: date
    last: date


class Imported(NamedTuple):
    """What an import did: rates that are new, that were already there, and that took another's place."""

    added: int
    same: int
    replaced: int


def read_rates(root: Path, currencies: Collection[str], *, tell: Tell) -> Rates:
    """What is known of these currencies."""
    own: Series = {}
    for day, base, quote, rate, source in read_entries(root, "fx_rate", tell=tell):
        own.setdefault((base, quote), []).append(Known(day, Fraction(rate), source))
    return Rates(own, library_rates(currencies))


def coverage_of_rates(root: Path, *, tell: Tell) -> list[Coverage]:
    """Every source of every pair, one's own first."""
    rates = read_rates(root, library_currencies(), tell=tell)
    return [
        Coverage(*pair, source, own, len(known), known[0].day, known[-1].day)
        for own, series in ((True, rates.own), (False, rates.library))
        for pair, every in sorted(series.items())
        for source in sorted({each.source for each in every})
        if (known := [each for each in every if each.source == source])
    ]


def import_rates(root: Path, rates: Sequence[OwnRate], source: str, author: Author, *, tell: Tell) -> Imported:
    """Keep rates of one's own; one of the same day and pair takes the place of what was there."""
    with open_entries(root, author, purpose="exchange rates", tell=tell) as entries:
        known = {tuple(row[:3]): row[3:] for row in run(entries.connection, "list_fx_rate").fetchall()}
        fresh = [rate for rate in rates if known.get(rate[:3]) != (rate.rate, source)]
        replaced = {rate[:3]: known[rate[:3]] for rate in fresh if rate[:3] in known}
        for rate in fresh:
            run(entries.connection, "put_fx_rate", rate._asdict() | {"source": source, "now": author.now})
        if fresh:
            entries.audit(
                f"exchange rates of {source} imported",
                before={f"{base}/{quote} {day}": list(was) for (day, base, quote), was in replaced.items()} or None,
                after={f"{rate.base}/{rate.quote} {rate.day}": rate.rate for rate in fresh},
            )
    return Imported(len(fresh) - len(replaced), len(rates) - len(fresh), len(replaced))


def remove_rates(root: Path, base: str, quote: str, author: Author, *, tell: Tell) -> int:
    """Take one's own rates of a pair out; returns how many. Raises WarehouseError where there are none."""
    with open_entries(root, author, purpose="exchange rates", tell=tell) as entries:
        every = run(entries.connection, "list_fx_rate").fetchall()
        taken = {f"{row[1]}/{row[2]} {row[0]}": list(row[3:]) for row in every if row[1:3] == (base, quote)}
        if not taken:
            pairs = ", ".join(sorted({f"{row[1]}/{row[2]}" for row in every})) or "none"
            raise WarehouseError(f"there is no rate of your own of {base}/{quote}; entered are {pairs}")
        run(entries.connection, "remove_fx_rate", {"base": base, "quote": quote})
        entries.audit(f"exchange rates of {base}/{quote} removed", before=taken)
    return len(taken)


__all__ = [
    "Coverage",
    "Imported",
    "coverage_of_rates",
    "import_rates",
    "library_source",
    "read_rates",
    "remove_rates",
]
