"""Cards with every kind of term, and calls under them, for the tests of the page of rates."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ingest.load import load_files
from ingest.options import Options

NOW = datetime(2026, 11, 22, 9)
LOADED = datetime(2026, 11, 20, 9)
"""When the calls were loaded: two days before the page is looked at."""

ACME = """
seller: acme
name: Acme AI
models:
  acme/m-2:
    - valid_from: 2026-06-01T00:00:00Z
      valid_until: 2026-09-01T00:00:00Z
      currency: USD
      per_mtok: {input: "1.00", cache_read: "0.10", output: "4.00"}
      promotion: launch offer
      source: https://acme.example/pricing
      checked: 2026-06-02
      confidence: official
    - valid_from: 2026-09-01T00:00:00Z
      currency: USD
      per_mtok: {input: "2.00", cache_read: "0.20", output: "8.00"}
      context:
        - above: 200000
          per_mtok: {input: "4.00", cache_read: "0.40", output: "12.00"}
      windows:
        - name: off-peak
          zone: UTC
          hours: {mon-fri: "00:00-06:00", sat-sun: "00:00-24:00"}
          multiply: "0.5"
      service_tiers:
        batch: {multiply: "0.5"}
      regions:
        us: {multiply: "1.1"}
      sightings:
        - seen: 2026-11-01
          source: a price registry
          valid_from: 2026-09-01T00:00:00Z
          per_mtok: {input: "2.00", cache_read: "0.25"}
          note: It has another cache price.
      source: https://acme.example/pricing
      checked: 2026-11-10
      confidence: official
    - valid_from: 2026-09-01T00:00:00Z
      valid_until: 2026-09-10T00:00:00Z
      currency: USD
      per_mtok: {input: "1.80", cache_read: "0.20", output: "8.00"}
      corrects: The first days were cheaper than the page said.
      source: their invoice of September
      checked: 2026-10-05
      confidence: article
"""
CONTRACT = """
seller: acme
contract:
  name: Framework agreement
  team: research
models:
  acme/m-2:
    - valid_from: 2026-10-01T00:00:00Z
      currency: USD
      per_mtok: {input: "1.50", cache_read: "0.15", output: "6.00"}
      source: the agreement, annex 2
      checked: 2026-09-30
      confidence: contract
"""
BETA = """
seller: beta
name: Beta
models:
  M-2:
    - valid_from: 2026-01-01T00:00:00Z
      currency: USD
      per_mtok: {input: "9.00", output: "9.00"}
      source: beta's list
      checked: 2026-01-02
      confidence: official
    - valid_from: 2026-11-01T00:00:00Z
      currency: USD
      per_mtok: {input: "1.90", output: "7.50"}
      windows:
        - {name: night, zone: Europe/Berlin, hours: {mon-sun: "22:00-08:00"}, multiply: "0.8"}
      service_tiers:
        batch: {multiply: "0.4"}
      source: beta's list
      checked: 2026-11-15
      confidence: official
"""
GAMMA = """
seller: gamma
models:
  lab/m-2:
    - valid_from: 2026-11-01T00:00:00Z
      currency: CNY
      aliases: ["m-2-{date}"]
      per_mtok: {input: "14.00", cache_read: "1.40", output: "56.00"}
      context:
        - {at_least: 10000, multiply: "1.5"}
      source: a price registry
      checked: 2026-11-19
      confidence: registry
"""
CARDS = {"acme": ACME, "acme-contract": CONTRACT, "beta": BETA, "gamma": GAMMA}


@pytest.fixture(scope="module", autouse=True)
def own_cards_alone() -> Iterator[None]:
    """For tests of own cards: the shipped ones take most of each change's time, and say nothing of these sellers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warehouse.rates.read_shipped", lambda: ())
        patch.setattr("warehouse.rates.read_registry", lambda: ())
        yield


def traffic() -> list[dict]:
    """Calls of every context, hour, tier and team; some are bought at beta, and one at a seller without a card."""
    found = []
    for number in range(60):
        at = datetime(2026, 9, 3) + timedelta(days=number, hours=(number * 7) % 24, minutes=number)
        prompt = (900, 12_000, 250_000)[number % 3] + number
        cached = prompt // 2 if number % 4 == 0 else 0
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": 100 + number,
            "total_tokens": prompt + 100 + number,
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        seller, model = ("beta", "M-2") if number % 5 == 1 and not cached else ("acme", "acme/m-2")
        body = {"id": f"chatcmpl-{number}", "object": "chat.completion", "model": model, "usage": usage}
        if number % 6 == 0:
            body["service_tier"] = "batch"
        team = ("research", "support", "platform", "search", None)[number % 5]
        found.append({"time": f"{at.isoformat()}Z", "seller": seller, "team": team, "response": body})
    return found


def fill(warehouse: Path, folder: Path) -> None:
    """Load the calls under the cards."""
    (warehouse / "rate_cards").mkdir(parents=True)
    for name, text in CARDS.items():
        (warehouse / "rate_cards" / f"{name}.yaml").write_text(text, encoding="utf-8")
    log = folder / "traffic.jsonl"
    log.write_text("".join(json.dumps(call) + "\n" for call in traffic()), encoding="utf-8")
    (load,) = load_files(warehouse, [log], Options(), now=LOADED, tell=lambda text: None)
    assert (load.merged.loaded, load.merged.rejected) == (60, 0), load
