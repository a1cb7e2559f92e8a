"""What real agents' calls would cost elsewhere: the bridge adds up, and equals re-rating the calls one by one."""

import gzip
import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from app.scenarios import Basis, what_if_from
from app.scenarios import asking_of as asking
from ingest.load import load_files
from ingest.options import Options
from planning.scenario import read_scenario
from pricing.fx import Rates as FxRates
from pricing.meters import METERS
from tests.test_scenarios import NOW, Rows, rows_of
from warehouse.connection import open_reader, silent
from warehouse.folder import Folder
from warehouse.rates import compile_rates, read_cards
from warehouse.scope import EVERYTHING

PICO: dict[str, int] = {"input": 200_000, "cache_read": 40_000, "output": 1_150_000}
"""Step 3.7 Flash at Novita on 2026-07-01: 0.20, 0.04 and 1.15 USD per million."""
MOVE = {"kind": "move", "seller": "novita", "model": "stepfun/step-3.7-flash"}


def lines_of_twin() -> list[dict]:
    """A small log of the same shape: 240 calls of 24 made-up tasks that send more and more of what is cached."""
    made = []
    for number in range(240):
        task, step = divmod(number, 10)
        prompt, cached = 1500 + 977 * step + task, (1500 + 977 * (step - 1)) // 3 * (step > 0)
        output = 40 + (number * 37) % 501
        usage = {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}
        created = 1763510516 + 60 * number
        made.append(
            {
                "id": f"gen-{created}-twin{number}",
                "provider": "Google",
                "model": "google/gemini-3-pro-preview",
                "object": "chat.completion",
                "created": created,
                "usage": {**usage, "prompt_tokens_details": {"cached_tokens": cached}},
                "instance_id": f"twin-{task}",
            }  # fmt: skip
        )
    return made


@pytest.fixture(scope="module", params=["twin", "real"])
def warehouse(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    log = folder / "responses.jsonl"
    if request.param == "twin":
        log.write_text("".join(json.dumps(line) + "\n" for line in lines_of_twin()))
    else:
        shared = request.getfixturevalue("shared")
        with gzip.open(shared / "datasets" / "agent_tasks_openrouter" / "responses.jsonl.gz") as packed:
            log.write_bytes(packed.read())
    (loaded,) = load_files(folder / "w", [log], Options(), now=NOW, tell=silent)
    assert loaded.error is None
    return folder / "w"


def one_by_one(rows: Rows, kept: Fraction) -> int:
    """Each call at Novita with a part of its cached tokens sent anew, exactly; each line rounded once."""
    lines: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for row in rows:
        read = row["cache_read"] or 0
        used: dict[str, Fraction] = {meter: Fraction(row[meter] or 0) for meter in METERS}
        used["input"], used["cache_read"] = used["input"] + read - read * kept, read * kept
        assert not any(used[meter] for meter in METERS if meter not in (*PICO, "request"))
        lines[row["team"],] += sum((used[meter] * pico for meter, pico in PICO.items()), Fraction())
    return sum(round(cost) for cost in lines.values())


@pytest.mark.parametrize("kept", ["1", "0.5"])
def test_moved_to_novita_they_cost_what_they_do_one_by_one(warehouse, kept):
    cache = {"kind": "cache", "where": {"seller": "novita"}, "times": kept}
    document = {"name": "moved", "rates_as_of": "2026-07-01T00:00:00Z", "changes": [MOVE, cache]}
    basis = Basis(compile_rates(read_cards(Folder(warehouse))), (), FxRates({}, {}))
    with open_reader(warehouse) as reader:
        rows = rows_of(reader)
        (found,) = what_if_from(asking(reader), basis, [read_scenario(document)], EVERYTHING, NOW)
    result = found.result
    assert result.cost == {"USD": one_by_one(rows, Fraction(kept))}
    assert result.billed["USD"] == sum(row["cost"] for row in rows if row["cost"] is not None)
    # Of some nobody knows whom they were bought from: what they took is known, so that they have a cost at Novita.
    unknown = [row for row in rows if row["cost"] is None]
    assert result.unpriced == 0 and result.read_from_rows == result.only_scenario.requests == len(unknown)
    (bridge,) = found.bridges
    assert bridge.adds_up and bridge.apart_billed == 0
    assert bridge.billed + sum(step.pico for step in bridge.steps) + bridge.apart == bridge.scenario
    steps = {step.kind: step for step in bridge.steps}
    assert (steps["cache"].pico > 0) == (kept != "1") and steps["mix"].pico < 0
    # The cache share is one of Novita's traffic: without the move it changes nothing.
    assert steps["cache"].least == 0
