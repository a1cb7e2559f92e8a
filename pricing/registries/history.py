"""The price changes of models.dev's history as a dated stream of quotes.

The CSV has one change a row: ``date, commit, file, field, old, new``. The date is when the registry observed the
change, not when the seller made it; an empty ``new`` takes the figure away. What happened at one instant happens in
file order, and only what stands afterwards is a quote.
The stream is good as a sequence of changes; a field does not say whether it belongs to the base or to a context tier.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pricing.registries.models_dev import METERS
from pricing.registries.names import MODELS_DEV, seller_name
from pricing.registries.quote import Quote, Unsayable, decimal_of, per_mtok_text
from pricing.registries.source import RegistryError, read_text

_COLUMNS = ["date", "commit", "file", "field", "old", "new"]


class PriceEvent(NamedTuple):
    """One figure that the registry began, or ceased, to show."""

    at: datetime
    provider: str
    model: str
    meter: str
    figure: Decimal | None
    commit: str


def read_events(path: Path) -> list[PriceEvent]:
    """Every change of a figure by time, those of one instant in file order; raises RegistryError."""
    rows = csv.DictReader(read_text(path).splitlines())
    if rows.fieldnames != _COLUMNS:
        raise RegistryError(f"{path.name}: its columns are not {', '.join(_COLUMNS)}")
    return sorted((event for row in rows if (event := _event(row)) is not None), key=lambda event: event.at)


def replay(events: list[PriceEvent]) -> Iterator[Quote]:
    """What stands after each instant, one quote for each model it touched; without figures: no rate from then on."""
    standing: dict[tuple[str, str], dict[str, str]] = {}
    for at, together in groupby(events, key=lambda event: event.at):
        touched: dict[tuple[str, str], str] = {}
        for event in together:
            key = event.provider, event.model
            figures = standing.setdefault(key, {})
            touched[key] = event.commit
            figures.pop(event.meter, None)
            if event.figure is not None:
                try:
                    figures[event.meter] = per_mtok_text(event.figure)
                except Unsayable:
                    continue  # What is no price is unknown.
        for (provider, model), commit in touched.items():
            yield Quote(
                seller=seller_name(provider, MODELS_DEV),
                model=model,
                per_mtok=dict(standing[provider, model]),
                valid_from=at,
                source=f"models.dev, commit {commit}",
                checked=at.date(),
            )


def _event(row: dict[str, str]) -> PriceEvent | None:
    path = PurePosixPath(row["file"])
    meter = METERS.get(row["field"])
    if meter is None or len(path.parts) < 4 or path.parts[0] != "providers":
        return None
    at = datetime.fromisoformat(row["date"]).astimezone(UTC)
    model = str(PurePosixPath(*path.parts[3:])).removesuffix(".toml")
    return PriceEvent(at, path.parts[1], model, meter, decimal_of(row["new"]) if row["new"] else None, row["commit"])
