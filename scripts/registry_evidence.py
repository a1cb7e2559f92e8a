"""Writes scripts/registry_evidence.csv: since when each undated price of genai-prices is proven.

    python -m scripts.registry_evidence --history EVENTS.csv.gz --release 2026-09-01=0.1.5=FOLDER ...
        [--litellm MAP.json.gz --seen DAY]

A release is a wheel of genai-prices, unpacked, with a day before which it was published; `pip download --no-deps
--uploaded-prior-to DAY genai-prices` gets it. The history is models.dev's price changes (MIT). It is run when the
pinned package changes; `scripts.make_registry` reads only what it wrote. Of LiteLLM's price map (MIT) it writes what is
said otherwise there to scripts/registry_sightings.csv.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from pricing.registries.genai_prices import Package, installed, read_genai_prices
from pricing.registries.history import read_events, replay
from pricing.registries.quote import Quote, holds, midnight
from pricing.registries.undated import figures_of, models_of, undated
from scripts.registry_proof import Proof, Sighting, agreement, prove, write_proofs
from scripts.registry_sightings import SIGHTINGS, write_sightings

EVIDENCE = Path(__file__).with_name("registry_evidence.csv")
_Seen = dict[tuple[str, str], list[Sighting]]


def main() -> None:
    """Read the sources and write the evidence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--release", action="append", default=[], metavar="DAY=VERSION=FOLDER")
    parser.add_argument("--litellm", type=Path, help="LiteLLM's price map (MIT), for what it says otherwise")
    parser.add_argument("--seen", type=date.fromisoformat, metavar="DAY", help="when the map was looked at")
    given = parser.parse_args()
    newest = read_genai_prices(installed()).quotes
    seen = _in_releases(given.release)
    history = _in_history(given.history)
    proofs: dict[tuple[str, str, str], list[Proof]] = {}
    for (seller, model), quotes in models_of(newest).items():
        chain = undated(quotes)
        end = chain[-1].valid_until if chain else None
        if not chain:
            continue
        sightings = seen[seller, model] + _first_of_run(chain[0], history[seller, model])
        before = [sighting for sighting in sightings if end is None or midnight(sighting.day) < end]
        if found := prove(chain[0], before):
            proofs[seller, model, figures_of(chain[0])] = found
    write_proofs(EVIDENCE, proofs)
    print(f"{len(proofs)} prices proven in {EVIDENCE.name}")
    if given.litellm:
        print(f"{write_sightings(newest, given.litellm, given.seen)} said otherwise in {SIGHTINGS.name}")


def _in_releases(releases: Sequence[str]) -> _Seen:
    seen: _Seen = defaultdict(list)
    for text in releases:
        day, version, folder = text.split("=", 2)
        on = date.fromisoformat(day)
        for quote in read_genai_prices(Package(_providers(Path(folder)), version)).quotes:
            if holds(quote, midnight(on)):
                by = f"genai-prices {version}"
                for name in (quote.model, *quote.aliases):
                    seen[quote.seller, name].append(Sighting(on, by, quote))
    return seen


def _providers(folder: Path) -> Sequence[Any]:
    """The data of an unpacked wheel. Its own front door would want packages that only its downloads need."""
    for name in [name for name in sys.modules if name.split(".")[0] == "genai_prices"]:
        del sys.modules[name]
    stand_in = ModuleType("genai_prices")
    stand_in.__path__ = [str(folder / "genai_prices")]
    sys.modules["genai_prices"] = stand_in
    providers: Sequence[Any] = import_module("genai_prices.data").providers
    return providers


def _in_history(path: Path) -> dict[tuple[str, str], list[Quote]]:
    seen: dict[tuple[str, str], list[Quote]] = defaultdict(list)
    for quote in replay(read_events(path)):
        seen[quote.seller, quote.model].append(quote)
    return seen


def _first_of_run(quote: Quote, shown: Iterable[Quote]) -> list[Sighting]:
    """Where the history shows the quote's figures and nothing else until its end: each state of that run.

    It does not tell a base from a context tier, so it proves nothing of a price that has one.
    """
    run: list[Sighting] = []
    for state in shown if not quote.context else ():
        assert state.valid_from is not None
        same = agreement(quote, _as_written(quote, state))
        if same is None:
            run = []
        else:
            run.append(Sighting(state.valid_from.date(), "models.dev's history", _as_written(quote, state)))
    return run


def _as_written(quote: Quote, state: Quote) -> Quote:
    """The history's cache write is the one without a lifetime, or of five minutes where a quote tells the two apart."""
    figures = dict(state.per_mtok)
    if "cache_write" in figures and "cache_write" not in quote.per_mtok:
        figures["cache_write_5m"] = figures.pop("cache_write")
    return state._replace(per_mtok=figures)


if __name__ == "__main__":
    main()
