"""Writes pricing/rate_cards/registry/: one card a seller, from the pinned genai-prices package (MIT).

    python -m scripts.make_registry [--check]

No clock and no network in it: the same cards on every run. A price with a date starts then; one without starts when
scripts/registry_evidence.csv proves it, else on the day by which the package was published. What the package cannot say
exactly has no card. --check writes nothing and ends with exit code 1 where the cards differ from what it would write.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pricing.registries.compiled import COMPILED, compile_cards
from pricing.registries.entries import JsonObject, Since, card_text, entry_of, only
from pricing.registries.genai_prices import Package, installed, read_genai_prices
from pricing.registries.quote import Quote, midnight
from pricing.registries.undated import figures_of, models_of, undated
from pricing.yaml_text import parse_yaml
from scripts.registry_evidence import EVIDENCE
from scripts.registry_proof import Proof, Proofs, read_proofs
from scripts.registry_sellers import LEFT_OUT, LISTED, MOVED_ON, US_ONLY, US_ONLY_NOTE, US_ONLY_REGION
from scripts.registry_sightings import SIGHTINGS, Sightings, read_sightings

FOLDER = Path(__file__).parents[1] / "pricing" / "rate_cards" / "registry"
RELEASED = {"0.2.3": date(2026, 11, 14)}
"""A day before which each version was published."""
_EVIDENCE_KEYS = ("source", "checked", "confidence", "note")
HEADER = (
    "Made by scripts/make_registry.py from {source}, published before {day}; not edited by hand.",
    "genai-prices is Copyright (c) Pydantic Services Inc., MIT licence: see NOTICE.txt beside this file.",
)


def main(arguments: Sequence[str]) -> int:
    """Write the cards, or compare them; returns the exit code."""
    made = make_cards(installed(), read_proofs(EVIDENCE), read_sightings(SIGHTINGS))
    if "--check" in arguments:
        there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")}
        different = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
        print("\n".join(different) or "the registry cards are as the package has it")
        return 1 if different else 0
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.yaml"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    documents = {name: parse_yaml(text)[0] for name, text in sorted(made.items())}
    (FOLDER / COMPILED).write_bytes(compile_cards(FOLDER, documents))
    print(f"{len(made)} cards in {FOLDER.name}/")
    return 0


def make_cards(package: Package, proofs: Proofs, said: Sightings) -> dict[str, str]:
    """File name to text, by seller; ``said`` is what another registry says otherwise."""
    by_seller: dict[str, dict[str, list[JsonObject]]] = {}
    released = RELEASED[package.version]
    for (seller, model), quotes in sorted(models_of(read_genai_prices(package).quotes).items()):
        if seller in LISTED and (seller, model) not in LEFT_OUT and not any(quote.windows for quote in quotes):
            name, entries = _named(seller, model, list(_entries(quotes, proofs, released)))
            _add_sighting(entries, said.get((seller, model)))
            if seller == "anthropic" and US_ONLY.match(name):
                _add_region(entries)
            if entries:
                by_seller.setdefault(seller, {})[name] = entries
    header = [line.format(source=f"genai-prices {package.version}", day=released) for line in HEADER]
    return {f"{seller}.yaml": card_text(header, _card(seller, models)) for seller, models in by_seller.items()}


def _named(seller: str, model: str, entries: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    """The model string and its entries, without a name that has moved on."""
    strings = [model, *(entries[0].get("aliases", []) if entries else [])]
    kept = [text for text in strings if (seller, text) not in MOVED_ON]
    if kept == strings:
        return model, entries
    return kept[0], [{**entry, "aliases": kept[1:]} for entry in entries]


def _add_sighting(entries: Sequence[JsonObject], sighting: JsonObject | None) -> None:
    """To the entry in force: what another registry says of it."""
    if entries and sighting:
        latest = [entry for entry in entries if str(entry["valid_from"])[:10] <= str(sighting["seen"])][-1:]
        for entry in latest:
            after: JsonObject = {key: entry.pop(key) for key in _EVIDENCE_KEYS if key in entry}
            entry.update({"sightings": [sighting]} | after)


def _add_region(entries: Sequence[JsonObject]) -> None:
    """What calls cost that are worked out in one country alone, of which the package knows nothing."""
    for entry in entries:
        after: JsonObject = {key: entry.pop(key) for key in ("sightings", *_EVIDENCE_KEYS) if key in entry}
        after["note"] = " ".join(part for part in (after.get("note"), US_ONLY_NOTE) if part)
        entry.update({"regions": US_ONLY_REGION} | after)


def _card(seller: str, models: dict[str, list[JsonObject]]) -> JsonObject:
    listed = LISTED[seller]
    urls = [{"url": url} for url in listed.urls]
    return {"seller": seller, "name": listed.name, "note": listed.note, "base_urls": urls, "models": models}


def _entries(quotes: Sequence[Quote], proofs: Proofs, released: date) -> Iterator[JsonObject]:
    chain = undated(quotes)
    previous: JsonObject = {}
    for quote, since in [*_proven(chain, proofs, released), *((quote, None) for quote in quotes[len(chain) :])]:
        start = quote.valid_from
        assert start is not None
        entry = entry_of(quote, since or Since(start, released))
        same = {key: value for key, value in entry.items() if key not in ("valid_from", "note")}
        if same != {key: value for key, value in previous.items() if key not in ("valid_from", "note")}:
            yield entry
            previous = entry


def _proven(chain: Sequence[Quote], proofs: Proofs, released: date) -> Iterator[tuple[Quote, Since]]:
    """The stretches of an undated price from its first proof on, with the meters proven by then."""
    if not chain:
        return
    end = chain[-1].valid_until
    found = proofs.get((chain[0].seller, chain[0].model, figures_of(chain[0])), ())
    known = [*found, Proof(released, "", frozenset())]  # The package itself proves all.
    days = {midnight(proof.day) for proof in known} | {quote.valid_from for quote in chain if quote.valid_from}
    first = midnight(known[0].day)
    for at in sorted(day for day in days if day >= first and (end is None or day < end)):
        proof = [proof for proof in known if midnight(proof.day) <= at][-1]
        quote = next(quote for quote in reversed(chain) if (quote.valid_from or _NEVER) <= at)
        shown = only(quote, proof.meters) if proof.by else quote
        yield shown._replace(valid_from=at), Since(at, released, _why(proof, at))


_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def _why(proof: Proof, at: datetime) -> str | None:
    if midnight(proof.day) != at:
        return None
    return f"Seen by then in {proof.by}." if proof.by else "Seen by then in this release, and nowhere before."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
