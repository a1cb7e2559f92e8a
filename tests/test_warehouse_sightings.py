"""One call that several sources saw is one billable record, in whatever order they come."""

import json
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.load import load_files
from ingest.options import Options
from tests.warehouse_state import ROLLUPS
from warehouse.batch import Given
from warehouse.connection import open_reader
from warehouse.demo import remove_demo
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.rollups import rebuild
from warehouse.sighting_links import confirm, undo
from warehouse.sightings import count_sightings, proposed, sighted

NOW = datetime(2026, 11, 22)
NOON = datetime(2026, 7, 1, 12)
MODEL = "stepfun/step-3.7-flash"
ROUTER = "https://openrouter.ai/api/v1"
NOVITA = "https://api.novita.ai/openai"
NOBODY = "https://gateway.example/v1"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
PLAIN = Options()


def usage(tokens: int, cached: int | None = None) -> dict[str, Any]:
    more = {} if cached is None else {"prompt_tokens_details": {"cached_tokens": cached}}
    return {"prompt_tokens": tokens, "completion_tokens": 10, "total_tokens": tokens + 10, **more}


def envelope(name: str | None, at: datetime = NOON, tokens: int | None = 100, **more: Any) -> dict[str, Any]:
    """A call as a team's own gateway logs it."""
    cached = more.pop("cached", None)
    body = {"id": name, "object": "chat.completion", "model": MODEL}
    body["usage"] = None if tokens is None else usage(tokens, cached)  # type: ignore[assignment]
    return {"time": at.isoformat() + "Z", "base_url": ROUTER, "response": body, **more}


def bare(name: str, at: datetime = NOON, tokens: int = 100, cached: int | None = None) -> dict[str, Any]:
    """A call as OpenRouter answers it."""
    created = int((at - datetime(1970, 1, 1)).total_seconds())
    body = {"id": name, "object": "chat.completion", "model": MODEL, "provider": "StepFun", "created": created}
    return {**body, "usage": usage(tokens, cached)}


def payload(name: str, at: datetime = NOON, tokens: int = 100, **more: Any) -> dict[str, Any]:
    """A call as LiteLLM's callback gives it."""
    start = (at - datetime(1970, 1, 1)).total_seconds()
    route = {"custom_llm_provider": "openai", "api_base": ROUTER, "model": MODEL, "model_group": "flash"}
    counts = {"prompt_tokens": tokens, "completion_tokens": 10, "total_tokens": tokens + 10}
    named = {"id": name, "litellm_call_id": f"call {name}", "call_type": "acompletion", "status": "success"}
    return {**named, **route, **counts, "startTime": start, "endTime": start + 0.5, "metadata": {}, **more}


class Log(NamedTuple):
    """A file's name, its records, and how it is loaded."""

    name: str
    lines: Sequence[dict[str, Any]]
    options: Options = PLAIN


def load(root: Path, *logs: Log) -> None:
    for log in logs:
        path = root.parent / log.name
        path.write_text("".join(json.dumps(line) + "\n" for line in log.lines))
        (result,) = load_files(root, [path], log.options, now=NOW, tell=lambda message: None)
        assert (result.error, result.merged.rejected) == (None, 0), log.name


def rows(root: Path, text: str) -> list[tuple]:
    with open_reader(root) as reader:
        return reader.rows(text)


def declare(root: Path) -> None:
    folder = Folder(root)
    folder.create()
    with folder.settings_file.open("a") as file:
        file.write('[sightings]\nmatch = "counts"\n')


class Standing(NamedTuple):
    """What is counted, and what it adds up to."""

    records: dict[str, tuple[bool, str | None]]
    teams: list[tuple]
    days: list[tuple]


def standing(root: Path) -> Standing:
    """The warehouse's, once its rollups are known to be those of a rebuild, and its links to hold."""
    with duckdb.connect(str(root / "usage.duckdb")) as connection:
        kept = [sorted(map(repr, connection.execute(f"from {name}").fetchall())) for name in ROLLUPS]
        connection.begin()
        rebuild(connection, "UTC")
        assert kept == [sorted(map(repr, connection.execute(f"from {name}").fetchall())) for name in ROLLUPS]
        connection.rollback()
        lost = """
            select count(*) from usage
            where counted <> (sighting_of is null)
                or not counted and sighting_of not in (select record_key from usage where counted)
        """
        assert connection.execute(lost).fetchall() == [(0,)]
        records = connection.execute("select record_key, counted, sighting_of from usage").fetchall()
        sums = "sum(requests), sum(input), sum(output), cast(sum(cost) as varchar)"
        return Standing(
            {key: (counted, other) for key, counted, other in records},
            connection.execute(f"select team, {sums} from usage_day_priced group by 1 order by 1").fetchall(),
            connection.execute(
                f"select day, seller, {sums} from usage_day_priced group by 1, 2 order by 1, 2"
            ).fetchall(),
        )


def same_in_each(folder: Path, orders: Iterable[Sequence[Log]], *, by_counts: bool = False) -> Path:
    """Load logs in several orders; returns one of the warehouses, which are all alike."""
    found = []
    for number, order in enumerate(orders):
        root = folder / f"{number}" / "w"
        root.parent.mkdir(parents=True)
        if by_counts:
            declare(root)
        load(root, *order)
        found.append(standing(root))
    assert all(one == found[0] for one in found)
    return root


def counted(root: Path, *, by: str = "source", like: str = "%") -> dict[Any, int]:
    text = f"select {by}, count(*) from usage where counted and response_id like '{like}' group by 1"
    return dict(rows(root, text))


def at(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


# By the answer's id


@pytest.fixture(scope="module")
def by_id(tmp_path_factory) -> Path:
    """Calls that three sources saw, each with ids that say what is special about them, loaded in every order."""
    gateway = [envelope(f"gen-{n}-of-9", at(n), team="search" if n % 2 else None, task="t") for n in range(6)]
    router = [bare(f"gen-{n}-of-9", at(n), cached=40) for n in range(3, 9)]
    proxy = [payload(f"gen-{n}-of-9", at(n)) for n in range(5, 12)]
    gateway += [
        envelope("gen-usage", at(20), None, team="x", task="t"),
        envelope("gen-cache", at(21), team="x", task="t"),
        envelope("gen-details", at(22), team="x"),
        envelope("gen-again", at(23)),
        envelope("chatcmpl-late-1", at(24) + 14 * DAY, base_url=NOVITA),
        envelope("chatcmpl-late-2", at(24), base_url=NOVITA),
        *(envelope(f"gen-{name}", at(25), base_url=NOBODY, team="x", task="t") for name in ("of-one", "1", "of-many")),
        envelope("gen-nobodys", at(26), base_url=NOBODY, team="x"),
    ]
    router += [bare("gen-usage", at(20)), bare("gen-cache", at(21), cached=0), bare("gen-details", at(22))]
    router += [bare("gen-again", at(minute), cached=1) for minute in (23, 24)]
    router += [bare(f"gen-{name}", at(25)) for name in ("of-one", "1", "of-many")]
    proxy += [payload("chatcmpl-late-1", at(24), api_base=NOVITA)]
    proxy += [payload("chatcmpl-late-2", at(24) + 20 * DAY, api_base=NOVITA)]
    proxy += [payload("gen-of-many", at(25), api_base=NOVITA), payload("gen-nobodys", at(26), api_base=NOBODY)]
    logs = [Log("gateway.jsonl", gateway), Log("router.jsonl", router), Log("proxy.jsonl", proxy)]
    return same_in_each(tmp_path_factory.mktemp("by-id"), [logs, logs[::-1], [logs[1], logs[2], logs[0]]])


def test_three_sources_in_every_order_count_each_call_once(by_id):
    """Whoever says what came from the cache goes first; LiteLLM's log has no place for it."""
    assert counted(by_id, like="%-of-9") == {"openai_compatible": 3, "openrouter": 6, "litellm": 3}
    assert rows(by_id, "select count(*) from usage where response_id like '%-of-9'") == [(19,)]
    teams = "select team, count(*) from usage where counted and response_id like '%-of-9' group by 1 order by 1"
    assert rows(by_id, teams) == [("search", 1), (None, 11)]


@pytest.mark.parametrize(
    ("what", "source"), [("usage", "openrouter"), ("cache", "openrouter"), ("details", "openai_compatible")]
)
def test_what_says_more_counts(by_id, what, source):
    """Usage goes before what was cached, and that before who called."""
    assert counted(by_id, like=f"gen-{what}") == {source: 1}


def test_a_source_that_gave_an_id_twice_keeps_both_calls(by_id):
    assert counted(by_id, like="gen-again") == {"openrouter": 2}


def test_an_id_that_comes_again_weeks_later_is_another_call(by_id):
    assert sum(counted(by_id, like="chatcmpl-late-%").values()) == 4


def test_who_knows_the_seller_counts(by_id):
    """Whatever else the other one knows; a short id is no evidence."""
    assert counted(by_id, by="seller", like="gen-of-one") == {"openrouter": 1}
    assert counted(by_id, by="seller", like="gen-1") == {"openrouter": 1, None: 1}
    assert counted(by_id, like="gen-nobodys") == {"openai_compatible": 1}


def test_two_known_sellers_are_two_calls_and_an_unknown_one_is_neither(by_id):
    assert counted(by_id, by="seller", like="gen-of-many") == {None: 1, "novita": 1, "openrouter": 1}


def test_a_time_given_by_hand_fits_any_other(tmp_path):
    timeless = {name: value for name, value in envelope("gen-timeless", team="x").items() if name != "time"}
    by_hand = Log("gateway.jsonl", [timeless], Options(given=Given(time=NOON + 60 * DAY)))
    logs = (by_hand, Log("router.jsonl", [bare("gen-timeless")]))
    assert counted(same_in_each(tmp_path, [logs, logs[::-1]])) == {"openai_compatible": 1}


def test_a_fuller_repeat_takes_the_count_over(tmp_path):
    """Without usage the gateway's row stands aside; the line with usage, loaded last, counts: it names the team."""
    root = tmp_path / "w"
    load(root, Log("early.jsonl", [envelope("gen-fuller", tokens=None, team="search")]))
    load(root, Log("router.jsonl", [bare("gen-fuller")]))
    assert counted(root) == {"openrouter": 1}
    assert rows(root, "select team, requests from usage_day") == [(None, 1)]
    load(root, Log("late.jsonl", [envelope("gen-fuller", at(7), team="search", task="t")]))
    assert counted(root) == {"openai_compatible": 1}
    assert rows(root, "select team, requests from usage_day") == [("search", 1)]
    assert rows(root, "select task, requests from task_cost") == [("t", 1)]
    standing(root)


def test_a_row_that_leaves_its_call_gives_the_other_back(tmp_path):
    """A fuller repeat names another seller: what it hid is a call of its own again."""
    root = tmp_path / "w"
    load(root, Log("gateway.jsonl", [envelope("gen-moves", tokens=90, team="x")]), Log("r.jsonl", [bare("gen-moves")]))
    assert counted(root) == {"openai_compatible": 1}
    load(root, Log("again.jsonl", [envelope("gen-moves", base_url=NOVITA, team="x", task="y")]))
    assert counted(root, by="seller") == {"novita": 1, "openrouter": 1}
    standing(root)


def test_demo_rows_leave_the_count_to_those_that_stay(tmp_path):
    root = tmp_path / "w"
    router = [bare(f"gen-{n}", at(n), cached=40) for n in range(4)]
    load(root, Log("demo.jsonl", router, Options(demo=True)))
    load(root, Log("gateway.jsonl", [envelope(f"gen-{n}", at(n)) for n in range(4)]))
    load(root, Log("proxy.jsonl", [payload(f"gen-{n}", at(n)) for n in range(2)]))
    assert counted(root) == {"openrouter": 4}
    assert remove_demo(root, now=NOW, tell=lambda message: None) == 4
    assert sum(counted(root).values()) == 4
    assert rows(root, "select count(*) from usage") == [(6,)]
    standing(root)


# By counts


def apart(count: int = 3, *, team: str | None = "search") -> tuple[Log, Log]:
    """A gateway's log and OpenRouter's answers of the same calls, without an id in common."""
    more = {"team": team} if team else {}
    gateway = [envelope(f"chatcmpl-{n}", at(n) + SECOND / 2, 1000 + n, **more) for n in range(count)]
    router = [bare(f"gen-{n}", at(n), 1000 + n) for n in range(count)]
    return Log("gateway.jsonl", gateway), Log("router.jsonl", router)


def test_alike_in_all_but_the_id_is_proposed_and_counts_until_confirmed(tmp_path):
    root = tmp_path / "w"
    load(root, *apart())
    assert sum(counted(root).values()) == 6
    with open_reader(root) as reader:
        assert count_sightings(reader) == (0, 0, 3)
        first = proposed(reader, 2)
        assert sighted(reader) == ()
    assert [pair.one.tokens_in for pair in first] == [1002, 1001]
    one, other = first[0]
    assert (one.source, other.source) == ("openai_compatible", "openrouter")
    assert (other.file, other.line, other.model) == (str(tmp_path / "router.jsonl"), 3, MODEL)
    assert one.cost == other.cost is not None
    before = standing(root)
    assert confirm(root, None, now=NOW, tell=lambda message: None) == 3
    assert counted(root) == {"openai_compatible": 3}
    assert rows(root, "select team, sum(requests) from usage_day group by 1") == [("search", 3)]
    standing(root)
    with open_reader(root) as reader:
        assert count_sightings(reader) == (3, 3, 0)
        (call,) = sighted(reader, 1)
        assert (call.counted.record_key, [other.record_key for other in call.others]) == (
            one.record_key,
            [other.record_key],
        )
    for pair in first:
        assert undo(root, pair.other.record_key[:12], now=NOW, tell=lambda message: None) == 1
    (left,) = rows(root, "select record_key from usage where not counted")
    undo(root, left[0], now=NOW, tell=lambda message: None)
    assert standing(root) == before


def test_one_record_can_be_confirmed_and_stays_so(tmp_path):
    root = tmp_path / "w"
    logs = apart()
    load(root, *logs)
    with open_reader(root) as reader:
        key = proposed(reader)[1].other.record_key
    assert confirm(root, key[:8], now=NOW, tell=lambda message: None) == 1
    load(root, *(log._replace(options=Options(again=True)) for log in logs))
    assert rows(root, "select record_key from usage where not counted") == [(key,)]
    # A fuller repeat of the other row takes the count over.
    load(root, Log("fuller.jsonl", [envelope("chatcmpl-1", at(1), 1001, cached=7)]))
    load(root, Log("fullest.jsonl", [bare("gen-1", at(1), 1001, cached=7)]))
    assert len(rows(root, "select record_key from usage where not counted")) == 1
    standing(root)
    for what in (confirm, undo):
        with pytest.raises(WarehouseError, match="nope"):
            what(root, "nope", now=NOW, tell=lambda message: None)


def test_what_differs_is_not_proposed(tmp_path):
    """Calls of a gateway, each unlike the seller's in one thing only; the last one is like it."""
    known = envelope("x")["response"]
    changes: list[dict[str, Any]] = [
        {"time": (at(0) + 2 * SECOND).isoformat() + "Z"},
        {"base_url": NOVITA},
        {"base_url": NOBODY},
        {"response": known | {"usage": usage(101)}},
        {"response": known | {"model": "another"}},
        {"response": known | {"usage": None}},
        {"response": known},
    ]
    gateway = [envelope(None, at(n)) | change for n, change in enumerate(changes)]
    for n, line in enumerate(gateway):
        line["response"] = line["response"] | {"id": f"chatcmpl-{n}"}
    router = [bare(f"gen-{n}", at(n)) for n in range(len(changes))]
    load(tmp_path / "w", Log("g.jsonl", gateway), Log("r.jsonl", router))
    with open_reader(tmp_path / "w") as reader:
        assert [pair.other.response_id for pair in proposed(reader)] == ["gen-6"]


def test_a_pair_that_could_be_another_is_not_proposed(tmp_path):
    """Two of the gateway's calls in one second, two of the seller's: nobody can say which is which.

    That is so even where the first two were alone when they were loaded.
    """
    gateway = [Log(f"g{n}.jsonl", [envelope(f"chatcmpl-{n}", NOON + n * SECOND / 2)]) for n in range(2)]
    router = [Log(f"r{n}.jsonl", [bare(f"gen-{n}")]) for n in range(2)]
    orders = [[gateway[0], router[0], gateway[1], router[1]], [*router, *gateway]]
    root = same_in_each(tmp_path, orders, by_counts=True)
    assert sum(counted(root).values()) == 4
    with open_reader(root) as reader:
        assert proposed(reader) == ()


def test_a_call_is_not_proposed_to_a_source_that_saw_it(tmp_path):
    """The gateway's row is hidden behind the seller's; another of its rows is another call."""
    root = tmp_path / "w"
    load(root, Log("r.jsonl", [bare("gen-1", cached=1)]), Log("g.jsonl", [envelope("chatcmpl-1")]))
    confirm(root, None, now=NOW, tell=lambda message: None)
    assert counted(root) == {"openrouter": 1}
    load(root, Log("more.jsonl", [envelope("chatcmpl-2")]))
    with open_reader(root) as reader:
        assert proposed(reader) == ()


def test_the_declared_rule_confirms_at_load_in_every_order(tmp_path):
    proxy = Log("proxy.jsonl", [payload(f"proxy-{n}", at(n) + SECOND / 4, 1000 + n) for n in range(1, 5)])
    logs = [*apart(), proxy]
    root = same_in_each(tmp_path, [logs, logs[::-1], [logs[1], logs[2], logs[0]]], by_counts=True)
    assert sum(counted(root).values()) == 5
    with open_reader(root) as reader:
        assert count_sightings(reader) == (3, 5, 0)
    (key,) = rows(root, "select record_key from usage where not counted and source = 'openrouter' order by start_at")[0]
    assert undo(root, key, now=NOW, tell=lambda message: None) >= 1
    before = standing(root)
    assert before.records[key] == (True, None)
    load(root, apart()[1]._replace(options=Options(again=True)))
    assert standing(root) == before, "the rule does not say again what a person took back"
    assert confirm(root, key, now=NOW, tell=lambda message: None) >= 1
    assert sum(counted(root).values()) == 5


def test_demo_rows_take_their_links_along(tmp_path):
    root = tmp_path / "w"
    gateway, router = apart()
    load(root, gateway._replace(options=Options(demo=True)), router)
    confirm(root, None, now=NOW, tell=lambda message: None)
    assert counted(root) == {"openai_compatible": 3}
    remove_demo(root, now=NOW, tell=lambda message: None)
    assert counted(root) == {"openrouter": 3}
    with duckdb.connect(str(root / "usage.duckdb")) as connection:
        assert connection.execute("from sighting_link").fetchall() == []
    standing(root)


def test_an_unknown_rule_is_refused(tmp_path):
    folder = Folder(tmp_path / "w")
    folder.create()
    folder.settings_file.write_text('[sightings]\nmatch = "guess"\n')
    with pytest.raises(WarehouseError, match="'guess' is no rule"):
        folder.settings()


# Any rows, any order


def sightings_of(pick: random.Random, hour: int) -> Iterable[tuple[str, dict[str, Any]]]:
    """A few rows of one hour that may or may not be sightings of each other."""
    for _ in range(pick.randint(2, 7)):
        moment = NOON + timedelta(hours=hour, milliseconds=pick.choice([0, 0, 400, 900, 1000, 1700, 2600]))
        moment += timedelta(hours=pick.choice([0, 0, 0, 0, 0, 0, -7, 16]))
        name = f"gen-{hour}-{pick.choice('aaabbcdefgh')}"
        counts: dict[str, Any] = {"tokens": pick.choice([100, 100, 200])}
        source = pick.choice(["envelope", "bare", "payload"])
        if source == "bare":
            yield source, bare(name, moment, cached=pick.choice([None, 0]), **counts)
            continue
        base_url = pick.choice([ROUTER, ROUTER, ROUTER, NOVITA, NOBODY])
        if source == "payload":
            yield source, payload(name, moment, api_base=base_url, **counts)
            continue
        more: dict[str, Any] = {"team": pick.choice([None, "x"]), "task": pick.choice([None, f"t-{hour}"])}
        yield source, envelope(name, moment, base_url=base_url, cached=pick.choice([None, 0]), **counts, **more)


@pytest.mark.long
@pytest.mark.parametrize("by_counts", [False, True], ids=["ids", "rule"])
@settings(
    max_examples=1, phases=(Phase.explicit, Phase.generate), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(0, 10**9))
def test_no_order_and_no_split_makes_a_difference(tmp_path_factory, by_counts, seed):
    """Many small sets of rows in one warehouse, each in an hour of its own."""
    pick = random.Random(seed)
    made = [row for hour in range(0, 400, 4) for row in sightings_of(pick, hour)]
    found = []
    for _ in range(2):
        logs: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for source, line in made:
            logs.setdefault((source, pick.randint(0, int(source == "envelope"))), []).append(line)
        root = tmp_path_factory.mktemp("order") / "w"
        if by_counts:
            declare(root)
        names = list(logs)
        pick.shuffle(names)
        load(root, *(Log(f"{source}-{number}.jsonl", logs[source, number]) for source, number in names))
        found.append(standing(root))
    assert found[0] == found[1]
    hidden = [other for is_counted, other in found[0].records.values() if not is_counted]
    assert len(hidden) > 30
