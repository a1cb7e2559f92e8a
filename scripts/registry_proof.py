"""Since when an undated price is proven: the first sighting of exactly its figures, with no other since.

A sighting is an older release of the registry, or a stretch of models.dev's history. It proves the meters that it
shows; one that shows another figure makes every sighting before it worthless. Nothing is proven before the first.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pricing.registries.quote import Quote

FIELDS = ("seller", "model", "figures", "day", "by", "meters")
Meters = frozenset[str]


class Sighting(NamedTuple):
    """What a source showed, on a day."""

    day: date
    by: str
    quote: Quote


class Proof(NamedTuple):
    """From ``day`` on, these meters of a quote are proven."""

    day: date
    by: str
    meters: Meters


Proofs = Mapping[tuple[str, str, str], Sequence[Proof]]
"""By seller, model and what ``figures_of`` the quote gives, by day."""


def prove(quote: Quote, sightings: Iterable[Sighting]) -> list[Proof]:
    """The days from which on more and more meters of a quote are proven; none where nothing proves input and output."""
    proofs: list[Proof] = []
    wanted = {meter for meter in ("input", "output") if meter in quote.per_mtok}
    for sighting in sorted(sightings, key=lambda sighting: sighting.day):
        shown = agreement(quote, sighting.quote)
        if shown is None:
            proofs = []
        elif wanted <= shown:
            proven = shown | proofs[-1].meters if proofs else shown
            if not proofs or proven != proofs[-1].meters:
                proofs.append(Proof(sighting.day, sighting.by, proven))
    return proofs


def agreement(quote: Quote, seen: Quote) -> Meters | None:
    """The meters that both price alike; None where they differ anywhere."""
    pairs = [(quote.per_mtok, seen.per_mtok), (quote.per_unit, seen.per_unit)]
    if len(quote.context) != len(seen.context):
        return None
    steps = list(zip(quote.context, seen.context, strict=True))
    if any(abs(step.above - other.above) > 1 for step, other in steps):  # "At least" and "more than" are one boundary.
        return None
    pairs += [(step.per_mtok, other.per_mtok) for step, other in steps]
    if any(mine[meter] != theirs[meter] for mine, theirs in pairs for meter in mine.keys() & theirs.keys()):
        return None
    return frozenset(meter for mine, theirs in pairs for meter in mine.keys() & theirs.keys())


def read_proofs(path: Path) -> Proofs:
    """The committed evidence."""
    found: dict[tuple[str, str, str], list[Proof]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            proof = Proof(date.fromisoformat(row["day"]), row["by"], frozenset(row["meters"].split()))
            found.setdefault((row["seller"], row["model"], row["figures"]), []).append(proof)
    return found


def write_proofs(path: Path, proofs: Proofs) -> None:
    """One row for each day on which more became proven."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(FIELDS)
        for key, found in sorted(proofs.items()):
            rows.writerows([*key, proof.day, proof.by, " ".join(sorted(proof.meters))] for proof in found)
