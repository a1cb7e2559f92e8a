"""``tollbook ingest --preview``: what a load would make of a file, without loading it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.figures import count
from app.session import Session, plain_table, print_json, print_table
from ingest.problem import IngestError
from pricing.money import format_pico

if TYPE_CHECKING:
    from rich.table import Table

    from ingest.options import Options
    from ingest.preview import Preview

SHOWN = 5
RECORD = ("time", "model", "seller", "input", "cache_read", "output", "total_reported", "cost_reported")
IDENTITY = {
    "inside": "add up with cached tokens inside the input",
    "beside": "add up with cached tokens beside the input",
    "either": "have no cached tokens and add up",
    "neither": "do not add up",
    "no_total": "have no total to compare with",
}


def preview(session: Session, paths: Sequence[Path], options: "Options", *, as_json: bool) -> list[str]:
    """Show each file's beginning; returns why some could not be read."""
    from ingest.preview import Prices, preview_file
    from pricing.spans import RateFinder
    from warehouse.folder import Folder
    from warehouse.rates import compile_rates, read_cards

    cards = read_cards(Folder(session.warehouse))
    prices = Prices(cards.all, RateFinder(compile_rates(cards)))
    found, errors = [], []
    for path in paths:
        try:
            found.append(preview_file(path, options, prices))
        except IngestError as error:
            errors.append(str(error))
        except OSError as error:
            errors.append(f"{path}: {error.strerror}")
    if as_json:
        print_json({"files": [as_object(each) for each in found]})
        return errors
    for each in found:
        _print(session, each)
    return errors


def _print(session: Session, found: "Preview") -> None:
    if found.proposal is not None:
        session.tell(f"tollbook: {found.problem}")
        print(found.proposal, end="")  # noqa: T201 - this is the command's output
        return
    print_table(_columns(found))
    print_table(_records(found))
    print_table(_identity(found))
    print_table(_routes(found), *_notes(found))


def _columns(found: "Preview") -> "Table":
    table = plain_table(f"{Path(found.path).name}: {found.source}, {found.title}")
    for name in ("column", "from", "unit", "such as"):
        table.add_column(name, overflow="fold")
    for each in found.columns:
        table.add_row(each.column, each.found_in, each.unit or "", each.example if each.example is not None else "–")
    return table


def _records(found: "Preview") -> "Table":
    table = plain_table(f"\nFirst {min(SHOWN, len(found.readings))} of {count(len(found.readings))} records read")
    for name in RECORD:
        table.add_column(name.replace("_", " "), justify="right" if name not in RECORD[:3] else "left")
    for reading in found.readings[:SHOWN]:
        record = _record(reading)
        table.add_row(*("–" if record[name] is None else str(record[name]) for name in RECORD))
    return table


def _identity(found: "Preview") -> "Table":
    table = plain_table("\nInput, cached and output tokens against the total")
    table.add_column("records", justify="right")
    table.add_column("that")
    for name, told in IDENTITY.items():
        if rows := getattr(found.identity, name):
            table.add_row(count(rows), told)
    return table


def _routes(found: "Preview") -> "Table":
    table = plain_table("\nSellers and models")
    for name in ("seller", "model", "records", "with a rate"):
        table.add_column(name, justify="right" if name in ("records", "with a rate") else "left")
    for route in found.routes:
        table.add_row(route.seller or "unknown", route.model or "unknown", count(route.rows), count(route.with_rate))
    return table


def _notes(found: "Preview") -> list[str]:
    notes = [f"From {_z(found.times[0])} to {_z(found.times[1])}."] if found.times else []
    if any(reading["time_quality"] == "assumed_utc" for reading in found.readings):
        notes.append("Times name no zone: taken for UTC.")
    if found.left_out:
        notes.append(f"{count(found.left_out)} rows hold no call and are left out.")
    for reason, lines, first in found.rejects:
        notes.append(f"{Path(found.path).name}:{first}: {reason}" + (f" ({count(lines)} rows)" if lines > 1 else ""))
    if found.warning:
        notes.append(f"Warning: {found.warning}.")
    return [*notes, "Nothing was loaded."]


def _record(reading: dict[str, Any]) -> dict[str, Any]:
    """One record in the usage table's words."""
    from pricing.usage import FLAVOURS, Counts, read_usage

    flavour = FLAVOURS.get(reading["usage_flavour"] or "openai_chat", FLAVOURS["openai_chat"])
    read = read_usage(Counts(**{name: reading[name] for name in Counts._fields}), flavour)
    cost = reading["cost_reported"]
    amount = None if cost is None else f"{format_pico(cost)} {reading['cost_currency'] or 'USD'}"
    return {
        "time": _z(reading["start_at"]),
        "model": reading["model_served"] or reading["model_requested"],
        "seller": reading["seller"],
        "input": read.usage.input,
        "cache_read": read.usage.cache_read,
        "output": read.usage.output,
        "total_reported": reading["total"],
        "cost_reported": amount,
    }


def as_object(found: "Preview") -> dict[str, Any]:
    """What the command prints as JSON of one file."""
    if found.proposal is not None:
        return {"file": found.path, "source": None, "problem": found.problem, "proposal": found.proposal}
    return {
        "file": found.path,
        "source": found.source,
        "columns": [each._asdict() for each in found.columns],
        "records": len(found.readings),
        "first": [_record(reading) for reading in found.readings[:SHOWN]],
        "identity": found.identity._asdict(),
        "warning": found.warning,
        "routes": [route._asdict() for route in found.routes],
        "times": [_z(time) for time in found.times or ()],
        "left_out": found.left_out,
        "rejects": [{"reason": reason, "lines": rows, "first_line": first} for reason, rows, first in found.rejects],
    }


def _z(at: datetime) -> str:
    return at.isoformat() + "Z"
