"""Four costs of the same calls beside one another: as priced, as reported, re-rated, as invoiced."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.cost import CostRow, cost_by
from warehouse.invoices import ASIDE, Invoice, Part, covers, parts_within
from warehouse.rerate_runs import Run
from warehouse.rerated import latest_run
from warehouse.scope import Scope

Key = tuple[str | None, str | None, str | None]
"""Seller, model and currency."""


class FourLine(NamedTuple):
    """One seller's model in one currency; pico-units, None where there is no such cost."""

    seller: str | None
    model: str | None
    """None on the line of what a seller invoiced for no model by name."""
    currency: str | None
    calls: int
    billed: int | None
    reported: int | None
    reported_calls: int
    """Of the calls, those whose log reports a cost."""
    rerated: int | None
    invoiced: int | None

    @property
    def beyond_billed(self) -> int | None:
        """Reported less as priced, where every call has both."""
        if self.reported is None or self.billed is None or self.reported_calls != self.calls:
            return None
        return self.reported - self.billed


class FourCosts(NamedTuple):
    """The lines, and what they are taken from."""

    lines: tuple[FourLine, ...]
    parts: tuple[Part, ...]
    """The invoices, or the shares of their days."""
    run: Run | None
    aside: tuple[Part, ...] = ()
    """Tax, fees and what is asked for calls with an own upstream key: in none of the four."""

    @property
    def is_worth_showing(self) -> bool:
        """Whether there is any cost beside as priced."""
        return bool(self.parts or self.run) or any(line.reported is not None for line in self.lines)


class Invoiced(NamedTuple):
    """What a seller's invoices say of every day of a period, and what the same calls were billed; pico-units."""

    seller: str
    currency: str
    invoiced: int
    billed: int
    unknown: int
    """Of the calls, those of unknown cost: the invoice may have them."""
    credits: int = 0
    """Of ``invoiced``, what credits take off: at most 0."""

    @property
    def unexplained(self) -> int:
        """What is invoiced beyond what the calls cost, before credits."""
        return self.invoiced - self.credits - self.billed


def invoiced_whole(four: FourCosts, first: date, last: date) -> list[Invoiced]:
    """The sellers whose invoices are about every day of a stretch; one that lacks a day cannot be compared."""
    found = []
    for seller, currency in sorted({(part.invoice.seller, part.invoice.currency) for part in four.parts}):
        parts = [part for part in four.parts if (part.invoice.seller, part.invoice.currency) == (seller, currency)]
        models = {part.invoice.model for part in parts if not part.is_credit}
        if not models or not all(
            covers([part for part in parts if part.invoice.model == each], first, last) for each in models
        ):
            continue
        lines = [line for line in four.lines if line.seller == seller and (None in models or line.model in models)]
        billed = sum(line.billed or 0 for line in lines if line.currency == currency)
        unknown = sum(line.calls for line in lines if line.currency is None)
        credits = sum(part.pico for part in parts if part.is_credit)
        found.append(Invoiced(seller, currency, sum(part.pico for part in parts), billed, unknown, credits))
    return found


def read_four(reader: Reader, invoices: Sequence[Invoice], scope: Scope) -> FourCosts:
    """From sums by day: no call is read."""
    parts = parts_within(invoices, scope)
    latest = latest_run(reader, scope)
    invoiced: dict[Key, int] = {}
    for part in parts:
        key = (part.invoice.seller, part.invoice.model, part.invoice.currency)
        invoiced[key] = invoiced.get(key, 0) + part.pico
    rerated = latest.costs if latest else {}
    lines = [_line(row, rerated, invoiced) for row in cost_by(reader, ("seller", "model"), scope)]
    met = {line[:3] for line in lines}
    lines += [FourLine(*key, 0, None, None, 0, None, pico) for key, pico in invoiced.items() if key not in met]
    ranked = sorted(lines, key=lambda line: (line.seller is None, line.seller or "", -(line.billed or 0), str(line)))
    aside = tuple(parts_within(invoices, scope, kinds=ASIDE))
    return FourCosts(tuple(ranked), tuple(parts), latest.run if latest else None, aside)


def _line(row: CostRow, rerated: dict[Key, int], invoiced: dict[Key, int]) -> FourLine:
    seller, model = row.group
    key = (seller, model, row.currency)
    same = row.reported_currency == row.currency
    billed = row.cost if row.currency is not None else None
    return FourLine(
        *key,
        row.requests,
        billed,
        row.cost_reported if same else None,
        row.reported if same else 0,
        rerated.get(key),
        invoiced.get(key) if model is not None else None,
    )
