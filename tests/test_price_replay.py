"""Price changes replayed in date order: a call keeps its day's price, and what was known then can be had again.

Every change is a new entry of an own card from its instant on. Stretch by stretch the cards are brought in at that
moment's clock and the calls of those days loaded. What each call should cost is computed from the events alone.
"""

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from ingest.load import load_files
from ingest.options import Options
from pricing.card import Card, read_folder
from tests.price_stream import (
    Call,
    Event,
    Prices,
    add_events,
    card_of,
    cost_at,
    line_of,
    price_at,
    read_events,
    stretches,
    traffic,
)
from warehouse.connection import open_reader, silent
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.rates import Cards
from warehouse.rerate import Outcome
from warehouse.rerate_basis import known_basis
from warehouse.rerate_runs import Label, preview, record, rerated_by
from warehouse.scope import Scope

LATEST = datetime(9999, 12, 31)
STREAM = "datasets/prices/models_dev_price_events.csv.gz"
SOME = ("siliconflow",)
"""Its 241 changes came on ten days; 81 of them take a figure away."""
TOTALS = "select coalesce(sum(cost)::varchar, '0'), count(cost), count(*) from usage_priced"


class Totals(NamedTuple):
    """Pico-units of the priced calls, how many those are, and how many calls there are."""

    cost: int
    priced: int
    calls: int


class Moment(NamedTuple):
    """The warehouse after one stretch: the clock then, the last day loaded, the totals, and the prices known."""

    clock: datetime
    last_day: date
    totals: Totals
    prices: Prices


class Replay:
    """A warehouse that lives through the stream."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.prices: Prices = {}
        self.cards: dict[str, Card] = {}
        self.calls: list[Call] = []
        self.moments: list[Moment] = []
        self.draw = random.Random(20261122)
        # Handed over as they are: thousands of entries as YAML would be read again and again.
        monkeypatch.setattr("ingest.load.read_cards", lambda folder: Cards(tuple(self.cards.values()), ()))

    def live(self, begins: datetime, events: Sequence[Event], days: int) -> None:
        """Some days: bring in the cards as they are at their end, load their calls, keep the totals."""
        changed = add_events(self.prices, events)
        for seller in sorted({seller for seller, _ in changed}):
            self.write(seller, Card.model_validate(card_of(seller, self.prices)).from_file(f"{seller}.yaml"))
        calls = traffic(self.prices, events, begins, days, self.draw)
        log = self.root.parent / f"{begins:%Y%m%d}.jsonl"
        log.write_text("".join(json.dumps(line_of(call)) + "\n" for call in calls))
        clock = begins + timedelta(days=days)
        (loaded,) = load_files(self.root, [log], Options(), now=clock, tell=silent)
        assert (loaded.error, loaded.merged.loaded) == (None, len(calls))
        self.calls += calls
        known = {key: list(steps) for key, steps in self.prices.items()}
        self.moments.append(Moment(clock, (clock - timedelta(days=1)).date(), self.totals(), known))

    def write(self, seller: str, card: Card) -> None:
        """Put a card where the next load finds it."""
        self.cards[seller] = card

    def totals(self) -> Totals:
        """Of everything as it was billed."""
        with open_reader(self.root) as reader:
            ((cost, priced, calls),) = reader.rows(TOTALS)
        return Totals(int(cost), priced, calls)


class ReplayOfFiles(Replay):
    """The same with cards that are read from the warehouse's folder."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(root, monkeypatch)
        own = Folder(root).own_cards
        own.mkdir(parents=True)
        monkeypatch.setattr("ingest.load.read_cards", lambda folder: Cards(tuple(read_folder(own)), ()))

    def write(self, seller: str, card: Card) -> None:
        """JSON is YAML."""
        (Folder(self.root).own_cards / f"{seller}.yaml").write_text(json.dumps(card_of(seller, self.prices)))


def replay(made: Replay, events: Sequence[Event], days: int) -> Replay:
    for begins, changed in stretches(events, days):
        made.live(begins, changed, days)
    return made


def expected(calls: Sequence[Call], prices: Prices) -> Totals:
    costs = [cost_at(prices, call) for call in calls]
    known = [cost for cost in costs if cost is not None]
    return Totals(sum(known), len(known), len(costs))


def after(outcome: Outcome) -> Totals:
    """What a re-rate comes to."""
    assert {total.currency for total in outcome.after} <= {"USD", None}
    priced = [total for total in outcome.after if total.currency]
    return Totals(sum(t.cost or 0 for t in priced), sum(t.requests for t in priced), outcome.requests)


def rerated(made: Replay, clock: datetime, scope: Scope) -> Outcome:
    return preview(made.root, known_basis(made.root, clock, now=LATEST, tell=silent), scope, tell=silent)


def check_calls(made: Replay) -> None:
    """Every call has the rate that the stream gave for its instant, and costs so much."""
    text = """
        select response_id, cost, r.valid_from from usage_priced u left join rate r on r.rate_id = u.rate_id
    """
    with open_reader(made.root) as reader:
        found = {name: (cost, since) for name, cost, since in reader.rows(text)}
    assert len(found) == len(made.calls)
    for call in made.calls:
        cost, since = cost_at(made.prices, call), price_at(made.prices, call)
        assert found[call.name] == (cost, since[0] if since and cost is not None else None), call


def check_moments(made: Replay, moments: Sequence[Moment]) -> None:
    """What was known at a moment gives back its totals, and prices what came after as it was known then."""
    for moment in moments:
        until = [call for call in made.calls if call.at < moment.clock]
        assert moment.totals == expected(until, made.prices) == expected(until, moment.prices)
        outcome = rerated(made, moment.clock, Scope(until=moment.last_day))
        assert (after(outcome), outcome.changed) == (moment.totals, 0), moment.clock
        assert [total.cost for total in outcome.before] == [total.cost for total in outcome.after]
        assert all((change.cost, change.requests) == (change.new_cost, 0) for change in outcome.changes)
        assert after(rerated(made, moment.clock, Scope())) == expected(made.calls, moment.prices), moment.clock


def check_before(made: Replay) -> None:
    """Nobody can tell what this warehouse would have known before it knew anything."""
    first = made.moments[0].clock
    with pytest.raises(WarehouseError, match=f"knows rates from {first:%Y-%m-%dT%H:%M:%SZ} on; nobody can tell"):
        known_basis(made.root, first - timedelta(seconds=1), now=LATEST, tell=silent)


def check_run(made: Replay, moment: Moment) -> None:
    """A recorded run holds the same, and what was billed stays."""
    basis, billed = known_basis(made.root, moment.clock, now=LATEST, tell=silent), made.totals()
    label = Label("as known then", "a test", "everything", made.moments[-1].clock, silent)
    run = record(made.root, basis, Scope(), label, expected=rerated(made, moment.clock, Scope()))
    wanted = expected(made.calls, moment.prices)
    with open_reader(made.root) as reader:
        kept = rerated_by(reader, run.run_id, ("day",))
    assert sum(row.new_cost or 0 for row in kept) == wanted.cost == sum(total.cost or 0 for total in run.after)
    assert sum(row.cost or 0 for row in kept) == billed.cost
    assert made.totals() == billed == made.moments[-1].totals


@pytest.mark.long
def test_made_up_changes_replayed_day_by_day(tmp_path, monkeypatch, repo_root):
    """Cards as files; every moment is asked for."""
    made = ReplayOfFiles(tmp_path / "w", monkeypatch)
    replay(made, read_events(repo_root / "tests" / "price_events.csv"), 1)
    check_calls(made)
    check_before(made)
    check_moments(made, made.moments)
    check_run(made, made.moments[1])
    cut = rerated(made, made.moments[0].clock, Scope())
    assert 0 < cut.row_by_row < cut.requests, "changes inside an hour are read call by call"


@pytest.mark.long
def test_changes_of_some_sellers_replayed_day_by_day(tmp_path, monkeypatch, shared):
    made = replay(Replay(tmp_path / "w", monkeypatch), read_events(shared / STREAM, SOME), 1)
    check_calls(made)
    check_before(made)
    check_moments(made, made.moments[::2])
    check_run(made, made.moments[5])


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_all_changes_replayed_week_by_week(tmp_path, monkeypatch, shared):
    """The whole stream: 15,096 changes of four meters, of 6,400 models, in 48 weeks."""
    made = replay(Replay(tmp_path / "w", monkeypatch), read_events(shared / STREAM), 7)
    check_calls(made)
    check_before(made)
    check_moments(made, [*made.moments[:1], *made.moments[4::6], made.moments[-1]])
    check_run(made, made.moments[20])
