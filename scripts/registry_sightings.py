"""scripts/registry_sightings.csv: where LiteLLM's price map has another price than the package, for ordinary calls."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pricing.registries.entries import JsonObject
from pricing.registries.litellm import read_litellm
from pricing.registries.quote import Quote, holds, midnight

SIGHTINGS = Path(__file__).with_name("registry_sightings.csv")
_FIELDS = ("seller", "model", "seen", "source", "input", "output")
_METERS = ("input", "output")

Sightings = dict[tuple[str, str], JsonObject]
"""By seller and model, as entries of cards have them."""


def write_sightings(newest: Iterable[Quote], path: Path, seen: date) -> int:
    """Write what the map says otherwise of a price in force on a day; returns how much that is."""
    theirs = {(quote.seller, quote.model): quote for quote in read_litellm(path).quotes}
    source = f"LiteLLM's price map {path.name.split('_')[1]}"
    rows: list[list[object]] = []
    for mine in newest:
        names = (mine.model, *mine.aliases) if holds(mine, midnight(seen)) else ()
        for other in [theirs[mine.seller, name] for name in names if (mine.seller, name) in theirs][:1]:
            figures = [other.per_mtok.get(meter, "") for meter in _METERS]
            if figures != [mine.per_mtok.get(meter, "") for meter in _METERS]:
                rows.append([mine.seller, mine.model, seen, source, *figures])
    with SIGHTINGS.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([list(_FIELDS), *sorted(rows, key=str)])
    return len(rows)


def read_sightings(path: Path) -> Sightings:
    """The committed sightings."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["seller"], row["model"]): {
                "seen": row["seen"],
                "source": row["source"],
                "per_mtok": {meter: row[meter] for meter in _METERS if row[meter]},
            }
            for row in csv.DictReader(file)
        }
