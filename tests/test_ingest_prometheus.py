"""Counters of one's own servers: how they are read, and that their growth is right however the readings came."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.load import load_files
from ingest.options import Options
from ingest.problem import Reject
from ingest.prometheus import SOURCE
from ingest.reread import Rereader
from warehouse.batch import Given, Place, Route, add_readings, create_tables, fill_routes, normalise, stage_nothing
from warehouse.connection import open_reader
from warehouse.migrate import migrate
from warehouse.sqlfiles import run

NOW = datetime(2026, 11, 22)
FIRST = datetime(2026, 11, 20, 10)
SERVER = "http://gpu-1:8000"
TOKENS = 'vllm:prompt_tokens_total{engine="0",model_name="m"}'


def found_in(text: str, folder: Path, given_time: datetime | None = None) -> list[Any]:
    path = folder / "scrape.prom"
    path.write_text(text, encoding="utf-8")
    return list(Rereader((), given_time, read=SOURCE.reader()).metrics(path))


def times_in(text: str, folder: Path, given_time: datetime | None = None) -> list[Any]:
    return [
        item.reason if isinstance(item, Reject) else (item["start_at"], item["requests"], item["base_url"])
        for item in found_in(text, folder, given_time)
    ]


def test_a_time_stands_on_the_line_or_before_the_scrape_or_is_given(tmp_path):
    at = FIRST.replace(microsecond=250_000)
    labels = TOKENS.replace("{", '{instance="gpu-1:8000",')
    assert times_in(f"{labels} 9.8313546e+07 1795168800250\n", tmp_path) == [(at, 98_313_546, SERVER)]
    assert times_in(f"{labels} 7 1795168800.25 # {{}} 1\n", tmp_path) == [(at, 7, SERVER)]
    said = f"# scraped_at 2026-11-20T10:00:00.250Z {SERVER}\n# HELP x y, z\n{TOKENS} 7\n# EOF\n"
    assert times_in(said, tmp_path) == [(at, 7, SERVER)]
    assert times_in(f"{TOKENS} 7\n", tmp_path, at) == [(at, 7, None)]
    assert "no time" in times_in(f"{TOKENS} 7\n", tmp_path)[0]
    assert "stands here again" in times_in(f"{TOKENS} 7\n{TOKENS} 8\n", tmp_path, at)[1]


@pytest.mark.parametrize("value", ["NaN", "+Inf", "1.5", "-3"])
def test_what_is_no_count_is_refused(tmp_path, value):
    (reason,) = times_in(f"{TOKENS} {value}\n", tmp_path, NOW)
    assert reason.startswith("vllm:prompt_tokens_total is ")


def test_only_counters_of_usage_are_kept(tmp_path):
    names = ["vllm:prompt_tokens_created", "vllm:iteration_tokens_total_sum", "python_gc_collections_total", "up"]
    assert found_in("".join(f"{name} 1\n" for name in names), tmp_path, NOW) == []
    computed = 'vllm:prompt_tokens_by_source_total{model_name="m",source="local_compute"} 5\n'
    assert found_in(computed, tmp_path, NOW) == []
    kinds = [
        ('prompt_tokens_total{model_name="m"} 5', "prompt"),
        ('request_finish_total{model_name="m",finished_reason="stop"} 5', "request"),
        ('vllm:prompt_tokens_by_source_total{source="local_cache_hit"} 5', "cached_by_source"),
        ("vllm:prefix_cache_hits_total 5", "cache_hit"),
        ("process_start_time_seconds 1.79513e+09", "process_start"),
    ]
    text = "".join(f"{line}\n" for line, _ in kinds)
    assert [item["counter"] for item in found_in(text, tmp_path, NOW)] == [kind for _, kind in kinds]


class Warehouse:
    """The tables of a warehouse in memory, which take files as a load does, without its locks and files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.files = 0
        migrate(connection, "usage", now=NOW)
        run(connection, "macros")

    def emptied(self) -> "Warehouse":
        self.connection.execute("delete from counter_sample")
        return self

    def load(self, text: str, folder: Path) -> int:
        self.files += 1
        create_tables(self.connection)
        stage_nothing(self.connection)
        add_readings(self.connection, found_in(text, folder))
        fill_routes(self.connection, [Route(SERVER, SERVER, "nim", None)])
        normalise(self.connection, Place("prometheus", "", 1, ""), Given())
        return len(run(self.connection, "insert_samples", {"file_id": self.files}).fetchall())

    def growth(self) -> tuple[int | None, ...]:
        text = "select sum(request), sum(input), sum(cache_read), sum(output) from counter_delta where seller = 'nim'"
        (row,) = self.connection.execute(text).fetchall()
        return tuple(None if value is None else int(value) for value in row)


@pytest.fixture(scope="module")
def memory() -> Iterator[Warehouse]:
    with closing(duckdb.connect()) as connection:
        yield Warehouse(connection)


COUNTERS = {
    "request": 'vllm:request_success_total{engine="%s",finished_reason="stop",model_name="m"}',
    "prompt": 'vllm:prompt_tokens_total{engine="%s",model_name="m"}',
    "cached": 'vllm:prompt_tokens_by_source_total{engine="%s",model_name="m",source="local_cache_hit"}',
    "output": 'vllm:generation_tokens_total{engine="%s",model_name="m"}',
}
STEP = st.tuples(st.booleans(), st.lists(st.integers(0, 10**9), min_size=8, max_size=8))
"""Whether the server began anew, and by how much each counter of each of two engines then grew."""


def scrapes(steps: list[tuple[bool, list[int]]]) -> tuple[list[str], dict[str, int]]:
    """The scrapes of a server's life, and how much it did between the first of them and the last."""
    values = dict.fromkeys([(name, engine) for name in COUNTERS for engine in "01"], 0)
    texts, truth, started = [], dict.fromkeys(COUNTERS, 0), 1795000000
    for number, (anew, grown) in enumerate(steps):
        if anew:
            values, started = dict.fromkeys(values, 0), started + 1
        for place, by in zip(values, grown, strict=True):
            values[place] += by
            truth[place[0]] += by if number else 0
        lines = [f"{COUNTERS[name] % engine} {value}" for (name, engine), value in values.items()]
        at = (FIRST + timedelta(minutes=number)).isoformat()
        texts.append("\n".join([f"# scraped_at {at}Z {SERVER}", f"process_start_time_seconds {started}", *lines, ""]))
    return texts, truth


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=6), st.data())
def test_growth_is_the_truth_whatever_the_files_and_their_order(memory, tmp_path, steps, data):
    texts, truth = scrapes(steps)
    files = data.draw(st.lists(st.sets(st.sampled_from(range(len(texts)))).map(sorted), max_size=3))
    files.append([place for place in range(len(texts)) if not any(place in file for file in files)])
    warehouse = memory.emptied()
    for file in data.draw(st.permutations(files)):
        warehouse.load("".join(texts[place] for place in file), tmp_path)
    expected = (truth["request"], truth["prompt"] - truth["cached"], truth["cached"], truth["output"])
    assert warehouse.growth() == (expected if len(texts) > 1 else (None,) * 4)
    assert warehouse.load("".join(texts), tmp_path) == 0


def test_a_server_that_began_anew_is_told_by_its_start_alone_or_by_a_fall_alone(memory, tmp_path):
    for start, counts in (("", (100, 40)), ("process_start_time_seconds {}\n", (100, 140))):
        warehouse = memory.emptied()
        for number, value in enumerate(counts):
            at = (FIRST + timedelta(minutes=number)).isoformat()
            text = f"# scraped_at {at}Z {SERVER}\n{start.format(1795000000 + number)}{TOKENS} {value}\n"
            warehouse.load(text, tmp_path)
        assert warehouse.growth() == (None, counts[1], None, None)


def test_one_count_under_two_names_is_one(memory, tmp_path):
    warehouse = memory.emptied()
    for number in (1, 2):
        at = (FIRST + timedelta(minutes=number)).isoformat()
        bare = re.sub('vllm:|engine="0",', "", TOKENS)
        warehouse.load(f"# scraped_at {at}Z {SERVER}\n{TOKENS} {number * 5}\n{bare} {number * 5}\n", tmp_path)
    assert warehouse.growth() == (None, 5, None, None)


def series(name: str, *values: int, **labels: str) -> dict[str, Any]:
    pairs = [[1795168800 + 60 * number, str(value)] for number, value in enumerate(values)]
    return {"metric": {"__name__": name, "instance": "gpu-1:8000", "model_name": "m", **labels}, "values": pairs}


def answer(*found: dict[str, Any]) -> str:
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": list(found)}})


def test_answers_of_prometheus_are_kept_apart_from_calls_and_say_which_server(tmp_path):
    tokens, output = "vllm:prompt_tokens_total", "vllm:generation_tokens_total"
    texts = {
        "range.json": answer(series(tokens, 5, 9, 3), series(output, 1, 2)),
        "rate.json": answer({"metric": {"model_name": "m"}, "values": [[1795168800, "0.5"]]}, series(tokens)),
        "nameless.prom": f"# scraped_at 2026-11-20T10:00:00Z\n{TOKENS} 7\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / name for name in texts]
    results = list(load_files(tmp_path / "w", paths, Options(), now=NOW, tell=lambda message: None))
    assert [(result.merged.loaded, result.source) for result in results] == [
        (5, "prometheus"),
        (0, "prometheus"),
        (0, None),
    ]
    assert "5 readings of counters: kept for reconciliation" in results[0].warnings[0]
    assert "name it with --base-url" in (results[2].error or "")
    with open_reader(tmp_path / "w") as reader:
        columns = "base_url, model_served, input, output, granularity"
        deltas = reader.rows(f"select {columns} from counter_delta order by start_at")
        calls = reader.rows("select (select count(*) from usage), (select count(*) from usage_day)")
    assert deltas == [(SERVER, "m", 4, 1, "counter_delta"), (SERVER, "m", 3, None, "counter_delta")]
    assert calls == [(0, 0)]
