"""One call seen often is one record: the fuller sighting wins, in any order; two sources count it once."""

import gzip
import itertools
import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard

from ingest.load import FileLoad, load_files
from ingest.options import Options
from warehouse.batch import Given
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
NOON = datetime(2026, 7, 1, 12)
PLAIN = Options()
# What says which sighting it was, and not what was seen.
PLACES = ("record_key", "response_id", "file_id", "line")


def usage(prompt: int = 100, completion: int = 10, **more: object) -> dict[str, object]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion, **more}


def call(name: str, *, at: datetime = NOON, usage: object = None, **more: object) -> dict[str, Any]:
    body = {"id": name, "object": "chat.completion", "model": "stepfun/step-3.7-flash", "usage": usage}
    return {"time": at.isoformat() + "Z", "base_url": "https://api.novita.ai/openai", "response": body, **more}


def bare(name: str, *, at: datetime = NOON, **counts: object) -> dict[str, Any]:
    """OpenRouter's own answer."""
    body = {"id": name, "object": "chat.completion", "model": "stepfun/step-3.7-flash", "provider": "StepFun"}
    return {**body, "created": int((at - datetime(1970, 1, 1)).total_seconds()), "usage": usage(**counts)}  # type: ignore[arg-type]


def log(lines: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def load(folder: Path, name: str, content: bytes, options: Options = PLAIN) -> FileLoad:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    (result,) = load_files(folder / "w", [folder / name], options, now=NOW, tell=lambda message: None)
    assert result.error is None
    assert result.merged.rejected == 0
    return result


def rows(folder: Path, text: str) -> list[tuple]:
    with open_reader(folder / "w") as reader:
        return reader.rows(text)


def sighting(pick: random.Random, name: str) -> dict[str, Any]:
    """One sighting of a call: what another one says it may not, and the other way round."""
    counts = pick.choice(
        [
            None,
            usage(100, 10),
            usage(100, 10, prompt_tokens_details={"cached_tokens": 40}),
            usage(100, 10, completion_tokens_details={"reasoning_tokens": 4}),
            usage(90, 20),
            {"prompt_tokens": 100},
        ]
    )
    return call(
        name,
        at=NOON + timedelta(minutes=pick.choice([0, 0, 5])),
        usage=counts,
        task=pick.choice([None, "t-1", "t-2"]),
        team=pick.choice([None, "x"]),
        latency_ms=pick.choice([None, 12, 13]),
        status=pick.choice([None, 200, 499]),
        tags=pick.choice([None, {"a": "b"}]),
    )


K = 3
ORDERS = list(itertools.permutations(range(K)))


@pytest.fixture(scope="module")
def seen() -> list[list[dict[str, Any]]]:
    """Sets of sightings, K of each call."""
    pick = random.Random(7)
    return [[sighting(pick, f"call-{number}") for _ in range(K)] for number in range(60)]


def named(one: dict[str, Any], name: str) -> dict[str, Any]:
    return {**one, "response": {**one["response"], "id": name}}


def outcomes(folder: Path) -> dict[str, set[str]]:
    """What is stored of each call, whatever the order in which its sightings came."""
    found: dict[str, set[str]] = {}
    with open_reader(folder / "w") as reader:
        names = ", ".join(PLACES)
        for name, *row in reader.rows(f"select response_id, columns(* exclude ({names})) from usage_priced"):
            found.setdefault(name.split("/")[0], set()).add(repr(row))
    return found


@pytest.fixture(scope="module")
def by_file(seen, tmp_path_factory) -> dict[str, set[str]]:
    """Each order of each call's sightings is a call of its own name; its n-th sighting stands in the n-th file."""
    folder = tmp_path_factory.mktemp("by-file")
    for place in range(K):
        lines = [
            named(sightings[order[place]], f"call-{number}/{''.join(map(str, order))}")
            for number, sightings in enumerate(seen)
            for order in ORDERS
        ]
        load(folder, f"{place}.jsonl", log(lines))
    assert rows(folder, "select count(*) from usage") == [(len(seen) * len(ORDERS),)]
    return outcomes(folder)


def test_the_order_of_files_makes_no_difference(by_file):
    assert [name for name, found in by_file.items() if len(found) > 1] == []


def test_the_order_of_lines_makes_no_difference_and_gives_what_files_give(by_file, seen, tmp_path):
    lines = [
        named(sightings[which], f"call-{number}/{''.join(map(str, order))}")
        for number, sightings in enumerate(seen)
        for order in ORDERS
        for which in order
    ]
    merged = load(tmp_path, "all.jsonl", log(lines)).merged
    assert (merged.loaded, merged.already_there) == (len(lines) // K, len(lines) - len(lines) // K)
    assert outcomes(tmp_path) == by_file


TIES: list[dict[str, Any]] = [
    {name: value}
    for name, values in {
        "project": ("a", "b"),
        "environment": ("prod", "test"),
        "key_alias": ("one", "two"),
        "attempt": (1, 2),
        "request": ({"model": "a"}, {"model": "b"}),
        "base_url": ("https://api.novita.ai/openai", "https://api.novita.ai/openai/v2"),
    }.items()
    for value in values
]


def test_what_ties_in_fullness_is_decided_by_what_it_says(tmp_path):
    """Sightings that differ in one thing only, in both orders: across files and within one."""
    pairs = [(one, other) for one, other in itertools.pairwise(TIES) if one.keys() == other.keys()]
    lines = {
        order: [
            call(f"{next(iter(pair[0]))}/{order}", usage=usage(), **pair[place])
            for pair in pairs
            for place in ((0, 1) if order == "up" else (1, 0))
        ]
        for order in ("up", "down")
    }
    load(tmp_path, "first.jsonl", log(lines["up"][::2] + lines["down"][::2]))
    load(tmp_path, "second.jsonl", log(lines["up"][1::2] + lines["down"][1::2]))
    assert [name for name, found in outcomes(tmp_path).items() if len(found) > 1] == []
    load(tmp_path / "one", "all.jsonl", log(lines["up"] + lines["down"]))
    assert outcomes(tmp_path / "one") == outcomes(tmp_path)


def test_the_fuller_sighting_is_the_one_with_more_in_it(by_file, seen):
    """What wins has whole usage where any sighting has it, and the most tokens of those."""
    for number, sightings in enumerate(seen):
        counts = [one["response"]["usage"] for one in sightings]
        whole = [count for count in counts if count and "completion_tokens" in count]
        (stored,) = by_file[f"call-{number}"]
        status = "reported" if whole else "partial" if any(counts) else "missing"
        assert f"'{status}'" in stored
        best = max((sum(count[name] for name in ("prompt_tokens", "completion_tokens")) for count in whole), default=0)
        assert best in (0, 110)


@pytest.fixture(scope="module")
def twice(tmp_path_factory) -> tuple[Path, list[FileLoad]]:
    """A log, and the same calls once more, fuller, at other times, with other models."""
    folder = tmp_path_factory.mktemp("twice")
    day = timedelta(days=1)
    calls = [
        call("stays"),
        call("fuller", at=datetime(2026, 6, 18), usage=None, task="before"),
        call("less", usage=usage()),
        call("a-day-off", usage=usage()),
        call("other-seller", usage=None),
        call("last", at=NOON + 20 * day, usage=usage()),
    ]
    again = [
        call("fuller", at=datetime(2026, 6, 18) - timedelta(hours=1), usage=usage(), task="after"),
        call("less", usage=None),
        call("other-seller", usage=usage(), base_url="https://api.stepfun.ai/v1"),
    ]
    off = [call("a-day-off", at=NOON + day, usage=usage(200, 10))]
    files = [("first.jsonl", calls), ("again.jsonl", again), ("off.jsonl", off)]
    loads = [load(folder, name, log(lines)) for name, lines in files]
    return folder, loads


def stored(folder: Path, name: str, columns: str) -> tuple:
    (row,) = rows(folder, f"select {columns} from usage_priced where response_id = '{name}'")
    return row


def test_a_load_says_what_was_new_replaced_and_there(twice):
    folder, (first, again, _) = twice
    assert (first.merged.loaded, first.merged.replaced) == (6, 0)
    assert (again.merged.loaded, again.merged.replaced, again.merged.already_there) == (0, 2, 1)
    assert rows(folder, "select count(*), count(distinct record_key) from usage") == [(6, 6)]


def test_the_rate_stays_when_a_fuller_repeat_comes(twice):
    """It was priced at a time that had a rate; the repeat's own time has none."""
    folder, _ = twice
    known = "rate_id in (select rate_id from rate where seller = 'novita' and card = 'novita.yaml')"
    assert stored(folder, "fuller", f"{known}, input, cost, task") == (True, 100, 31_500_000, "after")
    assert rows(folder, "select task, requests from task_cost") == [("after", 1)]


def test_the_rate_is_another_when_the_seller_is(twice):
    folder, _ = twice
    known = "rate_id = (select rate_id from rate where seller = 'stepfun' and model = 'stepfun/step-3.7-flash')"
    assert stored(folder, "other-seller", f"seller, {known}, unpriced_reason") == ("stepfun", None, "no rate")


def test_a_repeat_that_says_less_changes_nothing(twice):
    folder, _ = twice
    assert stored(folder, "less", "input, file_id") == (100, 1)


def test_a_repeat_is_found_a_day_off(twice):
    """OpenAI-shaped logs declare that two sightings of a call are at most a day apart."""
    folder, _ = twice
    assert stored(folder, "a-day-off", "input, start_at") == (200, NOON + timedelta(days=1))


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    """The gateway's log and OpenRouter's own answers, of which some are the same calls; each loaded first once."""
    folder = tmp_path_factory.mktemp("sources")
    route = "https://openrouter.ai/api/v1"
    gateway = [call(f"gen-{number}", usage=usage(), base_url=route, task="t") for number in range(6)]
    export = [bare(f"gen-{number}", prompt=100, completion=10) for number in range(3, 9)]
    for order in ("gateway first", "export first"):
        files = [("gateway.jsonl", log(gateway)), ("export.jsonl", log(export))]
        for name, content in files if order == "gateway first" else reversed(files):
            load(folder / order, name, content)
    return folder


@pytest.mark.parametrize("order", ["gateway first", "export first"])
def test_a_call_seen_by_two_sources_counts_once(sources, order):
    folder = sources / order
    assert rows(folder, "select count(*), count(*) filter (counted) from usage") == [(12, 9)]
    linked = """
        select count(*) from usage u join usage first on first.record_key = u.sighting_of
        where not u.counted and first.counted and first.response_id = u.response_id and first.source <> u.source
    """
    assert rows(folder, linked) == [(3,)]
    (total,) = rows(folder, "select sum(requests), sum(cost), sum(input) from usage_day_priced")
    assert total == (9, 9 * 31_500_000, 900)
    found = dict(rows(folder, "select source, count(*) from usage where counted group by source"))
    assert found == {"openai_compatible": 6, "openrouter": 3}, "the gateway knows the task, and counts in any order"


def test_a_fuller_repeat_of_a_second_sighting_stays_one(sources):
    folder = sources / "gateway first"
    options = Options(source="openrouter")
    merged = load(folder, "fuller.jsonl", log([bare("gen-4", prompt=200, completion=10)]), options).merged
    assert merged.replaced == 1
    assert rows(folder, "select sum(requests), sum(input) from usage_day") == [(9, 900)]
    merged = load(
        folder, "first.jsonl", log([call("gen-4", usage=usage(300), base_url="https://openrouter.ai/api/v1")])
    ).merged
    assert merged.replaced == 1
    assert rows(folder, "select sum(requests), sum(input) from usage_day") == [(9, 1100)]
    assert rows(folder, "select count(*) from usage where counted") == [(9,)]


def test_an_id_that_a_source_gave_twice_in_different_seconds_is_two_calls(tmp_path):
    load(tmp_path, "gateway.jsonl", log([call("another")]))
    for at in (NOON, NOON + timedelta(seconds=1)):
        load(tmp_path, f"{at:%S}.jsonl", log([bare("gen-1", at=at, prompt=100, completion=10)]))
    counted = "select count(*) filter (counted), count(*) from usage where response_id = 'gen-1'"
    assert rows(tmp_path, counted) == [(2, 2)]


def digest(folder: Path) -> list[tuple]:
    text = (
        "select record_key, start_at, task, costing, currency, cost, cost_low, cost_high from usage_priced order by 1"
    )
    totals = "select currency, sum(cost), sum(requests), sum(band_high) from usage_day_priced group by all order by all"
    return rows(folder, text) + rows(folder, totals)


def test_every_run_thread_count_and_order_of_lines_gives_the_same(monkeypatch, tmp_path):
    pick, found = random.Random(3), list[list[tuple]]()
    lines = [
        named(sighting(pick, "x"), f"call-{number}") for number in range(1000) for _ in range(pick.choice([1, 1, 2]))
    ]
    for threads in ("1", "2", "4"):
        monkeypatch.setenv("TOLLBOOK_THREADS", threads)
        folder = tmp_path / str(len(found))
        load(folder, "log.jsonl", log(lines))
        found.append(digest(folder))
        pick.shuffle(lines)
    assert found[0] == found[1] == found[2]


def test_the_same_content_under_another_name_or_packed_is_known(tmp_path):
    content = log([call(f"c-{number}", usage=usage()) for number in range(5)])
    assert load(tmp_path, "log.jsonl", content).merged.loaded == 5
    for name, same in [
        ("log.jsonl", content),
        ("copy.txt", content),
        ("log.jsonl.gz", gzip.compress(content)),
        ("log.zst", zstandard.compress(content)),
    ]:
        assert load(tmp_path, name, same).note == "already loaded", name
    assert rows(tmp_path, "select count(*) from ingest_file") == [(1,)]


def test_other_options_read_a_file_again_without_doubling_it(tmp_path):
    content = log([call(f"c-{number}", usage=usage(), team="x") for number in range(5)])
    for options, known in ((PLAIN, 0), (Options(given=Given(team="given")), 5), (Options(again=True), 5)):
        merged = load(tmp_path, "log.jsonl", content, options).merged
        assert (merged.loaded, merged.replaced, merged.already_there) == (5 - known, 0, known)
    assert rows(tmp_path, "select team, count(*) from usage group by team") == [("x", 5)]


def test_what_a_command_says_makes_a_record_fuller(tmp_path):
    content = log([call(f"c-{number}", at=NOON + timedelta(seconds=number), usage=usage()) for number in range(20)])
    for options, replaced in ((PLAIN, 0), (Options(given=Given(team="given")), 20)):
        assert load(tmp_path, "log.jsonl", content, options).merged.replaced == replaced
