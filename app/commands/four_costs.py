"""``tollbook cost --four``: what calls cost as priced, as reported, re-rated and as invoiced, and why they differ."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.commands.invoice import as_object as invoice_object
from app.figures import count, instant, money, share
from app.session import UserMistake, plain_table, print_json, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from rich.table import Table

    from warehouse.connection import Reader
    from warehouse.four_costs import FourCosts
    from warehouse.invoices import Invoice
    from warehouse.scope import Scope

GRAINS = ("model", "seller")
LINE_BY_LINE = "Why an invoice differs, line by line, and the calls behind it: tollbook reconcile"
COLUMNS = ("as priced", "reported", "re-rated", "invoiced")


def lines_of(reader: "Reader", invoices: "Sequence[Invoice]", scope: "Scope", by: str) -> "list[FourCosts]":
    """Every seller's line, followed by those of its models unless only sellers are asked for; raises UserMistake."""
    from warehouse.four_costs import four_costs

    if by not in GRAINS:
        raise UserMistake(f"--four is by {' or '.join(GRAINS)}, not by {by}")
    return [line for line in four_costs(reader, invoices, scope) if line.is_seller or by == "model"]


def print_four(lines: "Sequence[FourCosts]", notes: Sequence[str], *, as_json: bool) -> None:
    """The four costs, and below them what each difference comes from."""
    if as_json:
        print_json({"rows": [_object(line) for line in lines]})
        return
    from warehouse.four_costs import without_repeats

    shown = without_repeats(lines)
    table = plain_table()
    for name in ("seller", "model"):
        table.add_column(name, overflow="fold")
    for name in (*COLUMNS, "calls", "unpriced"):
        table.add_column(name, justify="right", no_wrap=True)
    for line in shown:
        table.add_row(*names_of(line), *_amounts(line), count(line.calls), count(line.unpriced))
    print_table(table, *([] if shown else ["No calls there, and no invoice."]), spare=("unpriced", "calls"))
    differences = _differences(shown)
    if differences.row_count:
        print_table(differences)
    closer = [LINE_BY_LINE] if any(line.invoice_reason for line in shown) else []
    print_table(plain_table(), *partial_notes(lines), *closer, *notes)


def names_of(line: "FourCosts") -> tuple[str, str]:
    """The seller and the model of a line, in words."""
    model = "all models" if line.is_seller else line.model or "no model named"
    return line.seller or "seller unknown", model


def partial_notes(lines: "Sequence[FourCosts]") -> list[str]:
    """Which invoices are in the figures with the share of some days only."""
    parts = dict.fromkeys(part for line in lines if line.is_seller for part in line.parts if not part.is_whole)
    return [
        f"Invoice {part.invoice.number or part.invoice.invoice_id} of {part.invoice.seller} is about "
        f"{part.invoice.first} to {part.invoice.last}: of its {money(part.invoice.pico, part.invoice.currency)} "
        f"the share of {part.first} to {part.last}, by days, is {money(part.pico, part.invoice.currency)}."
        for part in parts
    ]


def run_notes(reader: "Reader", scope: "Scope") -> list[str]:
    """Which run the re-rated costs are of."""
    from warehouse.rerated import latest_run

    latest = latest_run(reader, scope)
    if latest is None:
        return ["Nothing was re-rated: tollbook rerate --help"] if not scope.values else []
    run = latest.run
    return [f"Re-rated: run {run.run_id}, {run.name}, recorded {instant(run.run_at)}; where it has every call."]


def _amounts(line: "FourCosts") -> list[str]:
    """The four, each in the line's currency; a dash where there is none, unknown where calls have no price."""
    billed = "–" if not line.calls else money(line.billed, line.currency)
    others = (line.reported, line.rerated, line.invoiced)
    return [billed, *("–" if pico is None else money(pico, line.currency) for pico in others)]


def _differences(lines: "Sequence[FourCosts]") -> "Table":
    table = plain_table("Beyond as priced")
    for name in ("seller", "model", "cost"):
        table.add_column(name, overflow="fold")
    table.add_column("difference", justify="right", no_wrap=True)
    table.add_column("of as priced", justify="right", no_wrap=True)
    table.add_column("why", overflow="fold")
    for line in lines:
        kind = f"reported ({', '.join(line.kinds)})"
        for reason in line.reasons:
            table.add_row(*names_of(line), kind, *_difference(line, reason.pico), reason.text)
        if line.invoice_reason and line.invoiced is not None and line.billed is not None:
            difference = _difference(line, line.invoiced - line.billed) if line.is_covered else ("–", "–")
            table.add_row(*names_of(line), "invoiced", *difference, line.invoice_reason)
    return table


def _difference(line: "FourCosts", pico: int) -> tuple[str, str]:
    return money(pico, line.currency), share(pico, line.billed)


def _object(line: "FourCosts") -> dict[str, Any]:
    return {
        "seller": line.seller,
        "model": line.model,
        "level": "seller" if line.is_seller else "model",
        "currency": line.currency,
        "requests": line.calls,
        "unpriced": line.unpriced,
        "as_billed": format_pico(line.billed),
        "reported": format_pico(line.reported),
        "reported_kinds": list(line.kinds),
        "rerated": format_pico(line.rerated),
        "invoiced": format_pico(line.invoiced),
        "credited": format_pico(line.credited[0]) if line.credited else None,
        "reported_reasons": [{"why": reason.text, "amount": format_pico(reason.pico)} for reason in line.reasons],
        "invoiced_reason": line.invoice_reason,
        "invoices": [
            invoice_object(part.invoice)
            | {"within": [str(part.first), str(part.last)], "amount_within": format_pico(part.pico)}
            for part in line.parts
        ],
    }
