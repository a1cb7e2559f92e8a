"""Scenarios over traffic to come: the forecast's own paths, priced by the same linear map."""

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from app.outlook import outlook
from app.scenario_traffic import NONE, Enquiry, ask_of
from app.scenarios import asking_of, read_basis, what_if_from
from ingest.load import load_files
from ingest.options import Options
from planning.course import NANO_IN_PICO
from planning.prices import Prices
from planning.scenario import ScenarioError, read_scenario
from planning.scenario_prices import scenario_prices
from planning.traffic import Cell
from pricing.meters import METERS
from tests.test_warehouse_cost import calls
from warehouse.connection import open_reader, silent
from warehouse.scope import EVERYTHING

NOW = datetime(2026, 11, 3, 12)
UNTIL = "2026-11-20"


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("projected")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(call) + "\n" for call in calls(300)))
    (loaded,) = load_files(folder / "w", [log], Options(), now=NOW, tell=silent)
    assert loaded.error is None
    return folder / "w"


@pytest.fixture(scope="module")
def projected(root):
    with open_reader(root) as reader:
        ask, basis = asking_of(reader), read_basis(root, converts=False, tell=silent)

        def project(*changes, until=UNTIL):
            scenario = read_scenario({"name": "to come", "projected_until": until, "changes": list(changes)})
            (found,) = what_if_from(ask, basis, [scenario], EVERYTHING, NOW)
            return {one.currency: one for one in found.projected}

        yield project


def test_without_a_change_it_is_the_forecast(root, projected):
    found = projected()
    assert set(found) == {"CNY", "USD"}
    courses = outlook(root, NOW, until=found["USD"].last, kinds=(), tell=silent).of()
    for course in courses:
        totals = sorted(course.nano[:, : (found["USD"].last - course.first).days + 1].sum(axis=1).tolist())
        assert found[course.currency].as_is[1] == totals[len(totals) // 2 - 1] * NANO_IN_PICO
    for one in found.values():
        assert one.as_is == one.scenario and one.difference == (0, 0, 0)


def test_twice_the_calls_cost_twice_as_much_on_every_path(projected):
    for one in projected({"kind": "volume", "times": "2"}).values():
        assert one.difference == one.as_is and one.scenario == tuple(2 * point for point in one.as_is)


def test_what_moves_leaves_one_currency_for_another(projected):
    move = {"kind": "move", "where": {"seller": "stepfun-cn"}, "seller": "stepfun", "model": "step-3.7-flash"}
    found = projected(move)
    assert found["CNY"].scenario == (0, 0, 0) < found["CNY"].as_is
    assert found["USD"].scenario > found["USD"].as_is


def test_a_day_that_is_over_cannot_be_projected(projected):
    with pytest.raises(ScenarioError, match="name a day from 2026-11-02 on"):
        projected(until="2026-10-31")


def test_a_meter_that_no_call_of_late_has_used_has_its_price_and_is_not_free(root):
    with open_reader(root) as reader:
        ask, basis = asking_of(reader), read_basis(root, converts=False, tell=silent)
        where = {"seller": "stepfun", "model": "step-3.7-flash"}
        discount = {"kind": "discount", "percent_off": "10"}
        scenario = read_scenario({"name": "less", "projected_until": UNTIL, "where": where, "changes": [discount]})
        asked = ask_of(Enquiry(ask, basis), scenario, EVERYTHING, NOW).question
    without = [one._replace(counts=(one.counts[0], *NONE[1:])) for one in asked.calls]
    teams = sorted({one.team for one in asked.calls if one.is_charged}, key=str)
    cells = [Cell("stepfun", "step-3.7-flash", team) for team in teams]
    empty = Prices(NOW.date(), {}, np.zeros((len(cells), 1)), ())
    expected = np.zeros((len(cells), len(METERS)), dtype=bool)
    for meter in ("cache_read", "output", "cache_write_5m"):
        expected[0, METERS.index(meter)] = True
    found = scenario_prices(asked._replace(calls=without), cells, expected, empty)
    # Writing to a cache has no price there: what the first team's calls cost is not known.
    assert found.unpriced[0, 0] == 1 and not found.pico["USD"][0].any()
    expected[0, METERS.index("cache_write_5m")] = False
    prices = scenario_prices(asked._replace(calls=without), cells, expected, empty).pico["USD"][:, :, 0]
    sold = [prices[0, METERS.index(meter)] for meter in ("input", "cache_read", "output")]
    assert sold == [180_000, 36_000, 1_035_000]
    assert not prices[1, METERS.index("output")]


def test_what_loses_its_known_cost_is_no_saving(projected):
    found = projected({"kind": "move", "where": {"seller": "stepfun"}, "seller": "stepfun", "model": "unheard-of"})
    assert found["USD"].unpriced > found["USD"].unpriced_as_is and not found["USD"].is_of_the_same
    assert projected()["USD"].is_of_the_same
