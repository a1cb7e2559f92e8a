"""Laws of rates over time: what is stored stays, a re-rate can be taken back, cells and single calls agree."""

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.load import load_files
from ingest.options import Options
from pricing.call_terms import CallTerms
from pricing.card import Card
from pricing.cost import cost_of
from pricing.meters import Usage
from pricing.rates import Rate
from pricing.spans import RateFinder
from tests.test_warehouse_terms import entries
from warehouse.connection import open_reader, open_staging, open_writer, silent
from warehouse.folder import Folder
from warehouse.rates import Cards, compile_rates, sync_rates
from warehouse.rerate import Basis, Change, Outcome
from warehouse.rerate_basis import known_basis
from warehouse.rerate_runs import Label, preview, record, rerated_by
from warehouse.scope import EVERYTHING, Scope

NOW = datetime(2026, 11, 22)
LATEST = datetime(9999, 12, 31)
ZONES = ("UTC", "Asia/Kolkata", "America/New_York")
HOURS = [
    datetime(2026, 1, 1),
    datetime(2026, 2, 28, 18, 30),  # midnight in Kolkata
    *(datetime(2026, 3, 8, hour) for hour in (5, 6, 7, 8)),  # New York's night of 23 hours
    datetime(2026, 6, 6, 23),
    *(datetime(2026, 11, 1, hour) for hour in (4, 5, 6)),  # New York's night of 25 hours
]
"""When calls begin: everything near a change begins in the same few hours as something beside it."""
SIZES = (0, 999, 1000, 1001, 32_000, 32_001, 127_999, 128_000, 128_001, 200_000, 200_001, 200_002, 512_001)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SAID = {"currency": "USD", "source": "s", "checked": "2026-01-01", "confidence": "official", "note": "n"}
BASE = {"input": "1", "cache_read": "0.1", "cache_write": "1.25", "output": "4"}


class Call(NamedTuple):
    """A generated call: what its rate depends on, and what it used."""

    name: str
    terms: CallTerms
    usage: Usage


def generated(count: int, seed: int) -> list[Call]:
    """Calls at the edges of hours, quarters and context buckets."""
    draw = random.Random(seed)
    calls = []
    for number in range(count):
        second = draw.choice([0, 1, 899, 900, 1799, 1800, 2699, 2700, 3598, 3599])
        size, output = draw.choice(SIZES), draw.choice([0, 1, 700])
        cached, written = draw.choice([0, size, size // 3]), draw.choice([0, 0, 7])
        written = min(written, size - cached)
        terms = CallTerms(
            "s",
            draw.choice(["m"] * 6 + ["n", "n", "m-20260501", "q"]),
            draw.choice(HOURS) + timedelta(seconds=second),
            size,
            draw.choice(["standard"] * 8 + ["batch", "priority"]),
            draw.choice(["", "", "us"]),
            "",
            draw.choice(["t", "u"]),
        )
        fresh = size - cached - written
        used = Usage(input=fresh, cache_read=cached, cache_write=written, output=output, request=1)
        calls.append(Call(f"{seed}-{number}", terms, used))
    return calls


def line_of(call: Call) -> dict[str, Any]:
    """The call as a line of a log."""
    terms, used = call.terms, call.usage
    details = {"cached_tokens": used.cache_read, "cache_write_tokens": used.cache_write}
    counts = {"prompt_tokens": terms.input_tokens, "completion_tokens": used.output, "prompt_tokens_details": details}
    tier = {} if terms.tier == "standard" else {"service_tier": terms.tier}
    place = {"region": terms.region} if terms.region else {}
    body = {"id": call.name, "model": terms.model, "usage": counts, **tier}
    return {"time": f"{terms.at.isoformat()}Z", "seller": "s", "team": terms.team, "response": body, **place}


def base_card(*more: dict[str, Any]) -> Card:
    """What the calls are loaded under: one entry each, of which `n` sells no output."""
    entry = {**SAID, "valid_from": "2025-12-01T00:00:00Z", "per_mtok": BASE}
    half = {**entry, "per_mtok": {"input": "2", "cache_read": "0.2"}}
    models = {"m": [entry, *more], "n": [half]}
    return Card.model_validate({"seller": "s", "models": models}).from_file("base.yaml")


@st.composite
def cards(draw):
    """A card about the generated calls, with entries that begin within their hours."""
    starts = sorted(draw(st.lists(st.sampled_from(HOURS), unique=True, min_size=1, max_size=3)))
    begins = [at + timedelta(seconds=draw(st.sampled_from([0, 900, 1800]))) for at in starts]
    written = [draw(entries(at, None)) for at in begins]
    for entry in written:
        for meter in draw(st.sets(st.sampled_from(["cache_read", "output"]), max_size=1)):
            del entry["per_mtok"][meter]
        if draw(st.booleans()):
            entry["per_mtok"]["cache_write"] = "3.000001"
            entry["per_unit"] = {"request": "0.000000000007"}
    names = draw(st.lists(st.sampled_from(["m", "m-{date}", "n"]), unique=True, min_size=1))
    body: dict[str, Any] = {"seller": "s", "models": {name: written for name in names}}
    if draw(st.booleans()):
        body["contract"] = {"name": "c", **draw(st.sampled_from([{}, {"team": "t"}]))}
    return Card.model_validate(body).from_file("a.yaml")


def load(root: Path, name: str, calls: Sequence[Call], card: Card, now: datetime) -> None:
    """Load calls under one card, which is handed over as it is."""
    log = root.parent / name
    log.write_text("".join(json.dumps(line_of(call)) + "\n" for call in calls))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.load.read_cards", lambda folder: Cards((card,), ()))
        (loaded,) = load_files(root, [log], Options(), now=now, tell=silent)
    assert (loaded.error, loaded.merged.loaded) == (None, len(calls))


class Stored(NamedTuple):
    """How a call is stored."""

    day: Any
    cost: int | None
    currency: str | None
    reason: str | None
    digest: str | None


def stored(root: Path) -> dict[str, Stored]:
    """Every call, by its name."""
    text = """
        select u.response_id, u.day, u.cost, u.currency, u.unpriced_reason, r.digest
        from usage_row_priced u left join rate r on r.rate_id = u.rate_id
    """
    with open_reader(root) as reader:
        return {row[0]: Stored(*row[1:]) for row in reader.rows(text)}


class Loaded:
    """A warehouse and the calls in it; not shown in full where an example fails."""

    def __init__(self, root: Path, calls: Sequence[Call]) -> None:
        self.root = root
        self.calls = calls


@pytest.fixture(scope="module", params=[ZONES[0], *(pytest.param(zone, marks=pytest.mark.long) for zone in ZONES[1:])])
def warehouse(request, tmp_path_factory) -> Loaded:
    """Calls under the base card, the billing day in one of the zones."""
    root = tmp_path_factory.mktemp("properties") / "w"
    root.mkdir()
    (root / "tollbook.toml").write_text(f'billing_zone = "{request.param}"\nsalt = "salt"\n')
    calls = generated(500, ZONES.index(request.param))
    load(root, "calls.jsonl", calls, base_card(), NOW)
    return Loaded(root, calls)


def one_by_one(made: Loaded, basis: Basis) -> list[Change]:
    """A re-rate in Python, call by call."""
    finder, billed = RateFinder(basis.rates), stored(made.root)
    groups: dict[tuple[Any, ...], list[tuple[int | None, int | None, bool]]] = defaultdict(list)
    for call in made.calls:
        was = billed[call.name]
        cost, currency, reason, digest = _again(finder, call, was, basis)
        key = (was.day, "s", call.terms.model, call.terms.team, was.currency, currency, reason)
        groups[key].append((was.cost, cost, digest != was.digest))
    changes = []
    for (day, seller, model, team, currency, new_currency, reason), found in groups.items():
        cost, new_cost = (sum_of([pair[place] for pair in found]) for place in (0, 1))
        requests = sum(changed for _, _, changed in found)
        change = Change(
            day, seller, model, team, currency, cost, new_currency, new_cost, requests, len(found), reason
        )  # fmt: skip
        changes.append(change)
    return changes


def _again(finder: RateFinder, call: Call, was: Stored, basis: Basis) -> tuple[Any, ...]:
    rate: Rate | None = finder.find(call.terms)
    if rate is None and basis.keeps:
        return was.cost, was.currency, was.reason, was.digest
    if rate is None:
        return None, None, finder.missing(call.terms), None
    cost = cost_of(call.usage, rate)
    if cost.pico is None:
        return None, None, cost.unpriced_reason, None
    return cost.pico, cost.currency, None, rate.digest


def sum_of(costs: Sequence[int | None]) -> int | None:
    """Of what is known; None where nothing is."""
    known = [cost for cost in costs if cost is not None]
    return sum(known) if known else None


def in_order(changes: Sequence[Change]) -> list[Change]:
    return sorted(changes, key=repr)


def check_cells(warehouse: Loaded, card: Card, *, keeps: bool) -> Outcome:
    basis = Basis("card", "a.yaml", compile_rates(Cards((card,), ())), keeps)
    outcome = preview(warehouse.root, basis, EVERYTHING, tell=silent)
    assert in_order(outcome.changes) == in_order(one_by_one(warehouse, basis))
    assert sum(total.requests for total in outcome.after) == outcome.requests == len(warehouse.calls)
    return outcome


@settings(CALM, max_examples=10)
@given(card=cards(), keeps=st.booleans())
def test_cells_are_priced_again_as_their_calls_are(warehouse, card, keeps):
    check_cells(warehouse, card, keeps=keeps)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(CALM, max_examples=400)
@given(card=cards(), keeps=st.booleans())
def test_many_cells_are_priced_again_as_their_calls_are(warehouse, card, keeps):
    check_cells(warehouse, card, keeps=keeps)


def test_cells_that_a_rate_cuts_are_read_call_by_call(warehouse):
    """An entry from a quarter past, a context between two edges, hours that begin at half past in another zone."""
    window = {"name": "w", "zone": "Asia/Kolkata", "hours": {"mon-sun": "00:00-12:15"}, "multiply": "0.5"}
    later: dict[str, Any] = {**SAID, "valid_from": "2026-03-08T06:15:00Z", "per_mtok": {**BASE, "output": "5"}}
    later |= {"context": [{"above": 1000, "multiply": "1.5"}], "windows": [window]}
    outcome = check_cells(warehouse, base_card(later), keeps=False)
    assert 0 < outcome.row_by_row < outcome.requests


@settings(CALM, max_examples=4)
@given(card=cards(), since=st.sampled_from([None, HOURS[4].date()]), values=st.sampled_from([(), (("team", ("t",)),)]))
def test_a_scope_holds_those_calls_and_no_others(warehouse, card, since, values):
    basis = Basis("card", "a.yaml", compile_rates(Cards((card,), ())), keeps=True)
    outcome = preview(warehouse.root, basis, Scope(since=since, values=values), tell=silent)
    wanted = [
        change
        for change in one_by_one(warehouse, basis)
        if (since is None or change.day >= since) and (not values or change.team == "t")
    ]
    assert in_order(outcome.changes) == in_order(wanted)


@settings(CALM, max_examples=2)
@given(card=cards())
def test_there_and_back_is_where_it_was(warehouse, card):
    """A recorded run under another card changes nothing that was billed, and what is known now prices it as it was."""
    root = warehouse.root
    before = stored(root)
    basis = Basis("card", "a.yaml", compile_rates(Cards((card,), ())), keeps=True)
    label = Label("there", "a test", "everything", NOW + timedelta(days=1), silent)
    there = preview(root, basis, EVERYTHING, tell=silent)
    run = record(root, basis, EVERYTHING, label, expected=there)
    assert (run.before, run.after) == (there.before, there.after)
    with open_reader(root) as reader:
        kept = rerated_by(reader, run.run_id, ())
    wanted = {total.currency: total.cost for total in run.after if total.currency}
    assert sum(row.new_cost or 0 for row in kept) == sum(cost or 0 for cost in wanted.values())
    back = preview(root, known_basis(root, NOW + timedelta(days=2), now=LATEST, tell=silent), EVERYTHING, tell=silent)
    assert (back.changed, back.after, back.before) == (0, there.before, there.before)
    assert all((change.cost, change.currency) == (change.new_cost, change.new_currency) for change in back.changes)
    assert stored(root) == before


def sync(root: Path, held: Cards, now: datetime) -> None:
    """Bring cards in, as a load does."""
    folder = Folder(root)
    with open_staging(folder) as staging, open_writer(folder, "usage", staging, purpose="a test", now=now):
        sync_rates(staging, held, now)


@settings(CALM, max_examples=2)
@given(card=cards(), price=st.integers(1, 9), day=st.integers(0, 300))
def test_another_rate_changes_no_stored_cost(warehouse, card, price, day):
    """A later entry of the same model, a correction of the whole past, a contract: what was billed stays."""
    root = warehouse.root
    before = stored(root)
    later = {**SAID, "valid_from": f"{NOW + timedelta(days=day):%Y-%m-%d}T00:00:00Z", "per_mtok": {"input": str(price)}}
    correction = {**SAID, "valid_from": "2025-12-01T00:00:00Z", "per_mtok": {"input": str(price)}, "corrects": "all"}
    for held in (
        Cards((base_card(later),), ()),
        Cards((base_card(later, correction), card), ()),
        Cards((base_card(),), ()),
    ):
        sync(root, held, NOW + timedelta(days=3))
        assert stored(root) == before
        again = preview(root, known_basis(root, NOW, now=LATEST, tell=silent), EVERYTHING, tell=silent)
        assert (again.changed, again.after) == (0, again.before)
    assert len(before) == len(warehouse.calls)
