"""The page of rates: entries with their terms, as known at a day, sellers compared, a card on trial."""

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.formats import money
from app.components.own_cards import file_name
from app.components.rate_evidence import compare, uses_line
from app.components.rate_sellers import difference, since_when
from app.components.rate_table import rates_shown
from app.components.rate_terms import change, hours_text, terms_of
from app.components.rate_timeline import steps_of
from ingest.load import load_files
from ingest.options import Options
from pricing.call_terms import CallTerms
from pricing.card import read_card
from pricing.cost import cost_of
from pricing.meters import METERS, Usage
from pricing.rates import PRECEDENCE, Rate, compile_card
from pricing.spans import RateFinder
from pricing.week import parse_hours
from tests.app_page import metric, opener, table, texts
from tests.rate_page_cards import ACME, CARDS, NOW, fill, traffic
from warehouse.booked_rates import BookedEntry
from warehouse.connection import open_reader
from warehouse.cost import cost_by
from warehouse.errors import WarehouseError
from warehouse.rate_book import RateBook, first_known, read_rate_book
from warehouse.rate_sellers import Offer, _candidates, compare_sellers, family_of
from warehouse.rate_trial import rerate_here, try_card
from warehouse.scope import Scope

LIST = "2026-09-01"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A warehouse that no test changes."""
    folder = tmp_path_factory.mktemp("rates")
    fill(folder / "warehouse", folder)
    return folder / "warehouse"


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


@pytest.fixture(scope="module")
def book(whole) -> RateBook:
    with open_reader(whole) as reader:
        return read_rate_book(reader, Scope())


def entry(book: RateBook, seller: str, start: str, **terms: object) -> BookedEntry:
    (found,) = [
        one
        for one in book.entries
        if one.base.seller == seller
        and f"{one.base.valid_from:%Y-%m-%d}" == start
        and all(getattr(one.base, name) == value for name, value in terms.items())
    ]
    return found


# Entries and their terms


def test_one_row_stands_for_all_cells_of_an_entry(book):
    main = entry(book, "acme", LIST, correction=0, team="")
    assert len(main.cells) == 16 and main.base.cell.tier == "standard" and main.figure("input") == 2_000_000
    assert terms_of(main) == [
        "off-peak UTC: half",
        "from 200,001 tokens: 4.00 / 0.40 / 12.00",
        "batch: half",
        "us: +10 %",
    ]
    assert terms_of(entry(book, "acme", "2026-10-01")) == ["contract, team research"]
    assert terms_of(entry(book, "acme", LIST, correction=1)) == ["correction"]
    assert terms_of(entry(book, "acme", "2026-06-01")) == ["promotion"]
    assert terms_of(entry(book, "gamma", "2026-11-01")) == ["from 10,000 tokens: +50 %"]
    assert terms_of(entry(book, "beta", "2026-11-01")) == ["night Europe/Berlin: −20 %", "batch: −60 %"]


def test_every_cell_is_counted_once_and_by_team(book, whole):
    with open_reader(whole) as reader:
        billed = {row.currency: row for row in cost_by(reader, ()) if row.currency}
        at_acme = cost_by(reader, ("team",), Scope(values=(("seller", ("acme",)),)))
    teams = {row.group[0]: row for row in at_acme if row.currency}
    assert sum(one.cost or 0 for one in book.entries) == billed["USD"].cost
    acme = [use for one in book.entries if one.base.seller == "acme" for use in one.uses]
    for team in ("research", "support", None):
        assert sum(use.cost for use in acme if use.team == team) == teams[team].cost, team
    main = entry(book, "acme", LIST, correction=0, team="")
    line = uses_line(main).replace("\\", "")
    assert "2 more" in line and f"last on {main.last_day}" in line
    assert money(main.uses[0].cost, "USD") in line


def test_rates_that_priced_nothing_have_no_use(book):
    unused = entry(book, "acme", "2026-06-01")
    assert (unused.requests, unused.cost, unused.last_day) == (0, None, None)


def base(**pico: int | None) -> Rate:
    figures = {"input": 300_000, "cache_read": 6_000, "output": 1_200_000, **pico}
    plain = Rate(
        "s", "m", ("m",), None, "USD", NOW, NOW, tuple(figures.get(name) for name in METERS), "", NOW.date(),
        "official", None, "s.yaml", 2, "d",
    )  # fmt: skip
    return plain


@pytest.mark.parametrize(
    ("pico", "expected"),
    [
        ({}, "the same"),
        ({"input": 150_000, "cache_read": 3_000, "output": 600_000}, "half"),
        ({"input": 600_000, "cache_read": 12_000, "output": 2_400_000}, "double"),
        ({"input": 330_000, "cache_read": 6_600, "output": 1_320_000}, "+10 %"),
        ({"input": 225_000, "cache_read": 4_500, "output": 900_000}, "−25 %"),
        ({"input": 600_000, "cache_read": 12_000, "output": 1_800_000}, "0.60 / 0.012 / 1.80"),
        ({"cache_read": None}, "0.30 / – / 1.20"),
        ({"web_search": 5}, "0.30 / 0.006 / 1.20"),
        ({"input": 900_000, "cache_read": 18_000, "output": 3_600_000}, "3 times"),
    ],
)
def test_a_change_is_said_in_words_only_where_they_are_exact(pico, expected):
    assert change(base(), base(**pico)) == expected


def test_hours_are_written_as_a_card_writes_them():
    assert hours_text(parse_hours({"mon-fri": "22:00-02:00"})) == (
        "mon 22:00-24:00; tue-fri 00:00-02:00, 22:00-24:00; sat 00:00-02:00"
    )
    assert hours_text(parse_hours({"sat-sun": "00:00-24:00"})) == "sat-sun 00:00-24:00"


def test_other_sources_agree_or_differ_on_what(book):
    rate = entry(book, "acme", LIST, correction=0, team="").base
    agreed, differing = compare(rate, rate.sightings[0])
    assert agreed == ["input", "the start"] and differing == ["cache read: $0.25 there, $0.20 here"]


def test_the_page_lists_entries_with_terms_and_use(opened, whole):
    test = opened(whole, "rates", seller="acme", rates="All")
    rates = table(test, "Terms").set_index("From")
    assert len(rates) == 4
    assert rates.loc["2026-10-01", "Used by"] == "research" and rates.loc["2026-10-01", "Card"].endswith("(contract)")
    assert rates.loc["2026-06-01", "Cost"] == "–" and rates.loc["2026-06-01", "Last use"] == "–"
    assert metric(test, "Stale") == "1" and "1 stale rate** in use" in texts(test)
    assert (rates.loc["2026-10-01", "Age"], rates.loc["2026-06-01", "Age"]) == ("53 days, stale", "173 days")
    assert "no figures for this service tier" in texts(test)


# Succession


def test_what_prices_is_one_line_without_overlaps(book):
    chain = [one for one in book.entries if one.base.seller == "acme"]
    for chosen, expected in ((chain[0], 3), (entry(book, "acme", "2026-10-01"), 4)):
        steps = steps_of(chosen, chain, NOW + timedelta(days=30))
        assert len(steps) == expected
        assert all(one.ends == after.begins for one, after in zip(steps, steps[1:], strict=False))
        assert [step.entry.base.correction for step in steps][1] == 1, "the correction goes before what it corrects"
    assert steps[-1].entry.base.team == "research"


def succession(warehouse: str) -> None:
    from datetime import datetime
    from pathlib import Path

    from app.components.rate_succession import show_succession
    from warehouse.connection import open_reader
    from warehouse.rate_book import read_rate_book
    from warehouse.scope import Scope

    with open_reader(Path(warehouse)) as reader:
        entries = read_rate_book(reader, Scope()).entries
    (chosen,) = [one for one in entries if one.base.seller == "acme" and len(one.cells) > 1]
    show_succession(chosen, entries, datetime(2026, 11, 22, 9), "today")


def test_a_selected_entry_shows_its_grid_its_evidence_and_its_succession(whole):
    test = AppTest.from_function(succession, args=(str(whole),), default_timeout=30).run()
    assert not test.exception, test.exception
    grid = table(test, "Input tokens").set_index(["Service tier", "Input tokens", "Hours", "Region"])
    assert len(grid) == 16
    cell = grid.loc[("batch", "from 200,001", "off-peak", "us")]
    assert (cell["Input"], cell["Cache read"], cell["Output"]) == ("$1.10", "$0.11", "$3.30")
    assert cell["Week"] == "mon-fri 00:00-06:00; sat-sun 00:00-24:00 UTC"
    assert "differs on cache read: $0.25 there, $0.20 here, agrees on input, the start" in texts(test)
    assert len(table(test, "Note")) == 4
    drawn = test.get("plotly_chart")[0].proto.spec
    for said in ("Input, other hours", "Correction", "today", "promotion until 2026-09-01", "contract, research"):
        assert said in drawn, said


# As known at


def test_the_cards_are_shown_as_they_were_known(opened, tmp_warehouse, tmp_path):
    fill(tmp_warehouse, tmp_path)
    later = ACME.replace("2026-11-10", "2026-11-21").replace(
        "      corrects: The first", "      promotion: none\n      corrects: The first"
    )
    (tmp_warehouse / "rate_cards" / "acme.yaml").write_text(later)
    (tmp_warehouse / "rate_cards" / "delta.yaml").write_text(CARDS["gamma"].replace("gamma", "delta"))
    more = tmp_path / "more.jsonl"
    more.write_text('{"seller": "acme", "response": {"id": "late", "created": 1795000000, "model": "acme/m-2", '
                    '"usage": {"prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10}}}\n')  # fmt: skip
    list(load_files(tmp_warehouse, [more], Options(), now=NOW - timedelta(hours=1), tell=lambda text: None))
    now = opened(tmp_warehouse, "rates", rates="All", seller="acme")
    assert "as this warehouse knew them" not in texts(now)
    assert "2026-11-21" in list(table(now, "Terms")["Checked"])
    then = opened(tmp_warehouse, "rates", rates="All", seller="acme", known="2026-11-20")
    assert "as this warehouse knew them at the end of 2026-11-20 (UTC), not as it knows them now" in texts(then)
    assert "2026-11-10" in list(table(then, "Terms")["Checked"])
    assert "Needs attention" not in texts(then) and "The same calls" not in texts(then)
    (back,) = [button for button in then.button if button.label == "Back to now"]
    assert "as this warehouse knew them" not in texts(back.click().run())
    with open_reader(tmp_warehouse) as reader:
        sellers = [
            {one.base.seller for one in read_rate_book(reader, Scope(), at).entries}
            for at in (datetime(2026, 11, 20, 23), None)
        ]
        assert "delta" in sellers[1] - sellers[0]
        first = first_known(reader)
        assert first is not None
        with pytest.raises(WarehouseError, match="knows rates from"):
            read_rate_book(reader, Scope(), first - timedelta(seconds=1))


@pytest.mark.parametrize("day", ["2026-11-22", "2026-12-24", "2020-01-01", "nonsense"])
def test_a_day_on_which_nothing_else_was_known_is_now(opened, whole, day):
    assert "as this warehouse knew them" not in texts(opened(whole, "rates", known=day))


# Sellers compared


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("acme/m-2", "m-2"),
        ("M-2", "m-2"),
        ("a/b/m-2-20260528", "m-2"),
        ("m-2-2026-05-28", "m-2"),
        ("m-2@20260528", "m-2"),
        ("m-2-{date}", "m-2"),
        ("m-2-2603", "m-2-2603"),
        ("m-2:free", "m-2:free"),
        ("m-2-mini", "m-2-mini"),
    ],
)
def test_the_same_model_is_the_same_name(model, expected):
    assert family_of(model) == expected


def call_by_call(seller: str, names: tuple[str, ...]) -> tuple[int, int]:
    """What the traffic comes to at a seller's rates of now, each call by itself: pico-units, calls."""
    rates = []
    for name in names:
        path = Path(f"{name}.yaml")
        rates += compile_card(_card(path, CARDS[name]), precedence=PRECEDENCE["own"])
    in_force = [
        rate._replace(valid_from=datetime(2000, 1, 1)) for rate in rates if rate.valid_from <= NOW < rate.valid_until
    ]
    finder = RateFinder(in_force)
    cost, calls = 0, 0
    for call in traffic():
        body, usage = call["response"], call["response"]["usage"]
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        terms = CallTerms(
            seller,
            in_force[0].model,
            datetime.fromisoformat(call["time"]).replace(tzinfo=None),
            usage["prompt_tokens"],
            body.get("service_tier", "standard"),
            team=call["team"] or "",
        )
        used = Usage(input=usage["prompt_tokens"] - cached, cache_read=cached, output=usage["completion_tokens"])
        found = cost_of(used, finder.find(terms))
        cost += found.pico or 0
        calls += found.pico is not None
    return cost, calls


def _card(path: Path, text: str):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / path.name).write_text(text)
        return read_card(Path(folder) / path.name)


@pytest.mark.parametrize(
    ("seller", "cards"), [("acme", ("acme", "acme-contract")), ("beta", ("beta",)), ("gamma", ("gamma",))]
)
def test_a_seller_costs_what_its_rates_make_of_each_call(whole, seller, cards):
    with open_reader(whole) as reader:
        compared = compare_sellers(reader, Scope(), "m-2", NOW)
    (offer,) = [offer for offer in compared.offers if offer.seller == seller]
    assert offer.all_requests == 60
    assert (offer.cost, offer.priced) == call_by_call(seller, cards)
    assert sum(calls for _, calls in offer.missing) == 60 - offer.priced


def test_sums_of_hours_compare_sellers_as_the_hours_themselves_do(whole, monkeypatch):
    singly: list[str] = []

    def rerated(reader, basis, scope):
        singly.append(basis.name)
        return rerate_here(reader, basis, scope)

    monkeypatch.setattr("warehouse.rate_sellers.rerate_here", rerated)
    by_team = Scope(values=(("team", ("research", "search")),))
    with open_reader(whole) as reader:
        quick = [compare_sellers(reader, scope, "m-2", NOW) for scope in (Scope(), by_team)]
        cut = len(singly)
        monkeypatch.setattr("warehouse.rate_sellers.put_sums", lambda *_: False)
        singly.clear()
        slow = [compare_sellers(reader, scope, "m-2", NOW) for scope in (Scope(), by_team)]
    assert quick == slow and cut < len(singly)


def test_the_difference_is_of_the_same_calls_in_the_same_currency(whole):
    with open_reader(whole) as reader:
        compared = compare_sellers(reader, Scope(), "m-2", NOW)
        billed = {row.currency: row for row in cost_by(reader, ()) if row.currency}
    offers = {offer.seller: offer for offer in compared.offers}
    assert [(total.currency, total.cost) for total in compared.billed if total.currency] == [
        ("USD", billed["USD"].cost)
    ]
    assert offers["gamma"].compared == 0 and difference(offers["gamma"]) == "–", "billed in another currency"
    assert 0 < offers["beta"].compared <= offers["beta"].priced < 60
    assert offers["beta"].billed < (billed["USD"].cost or 0)
    assert offers["acme"].checked < offers["beta"].checked and offers["acme"].confidence == ("contract", "official")


def test_a_rate_that_another_card_goes_before_is_no_offer():
    plain = base()._replace(strings=("m", "m-20260101"), valid_until=NOW + timedelta(days=1))
    own = plain._replace(model="m-20260101", strings=("m-20260101", "m"), digest="own", entry="own")
    shipped = plain._replace(precedence=1, digest="shipped", entry="shipped")
    assert list(_candidates([own, shipped], "m", NOW)) == [("s", "m-20260101")]
    assert list(_candidates([own._replace(strings=("m-20260101",)), shipped], "m", NOW)) == [
        ("s", "m-20260101"),
        ("s", "m"),
    ]
    assert not _candidates([own, shipped], "m", NOW + timedelta(days=1)), "an ended rate"


def test_a_scope_narrows_what_is_compared(whole):
    with open_reader(whole) as reader:
        parts: dict[str, int] = defaultdict(int)
        teams = [("research",), ("support",), ("platform",), ("search",)]
        for team in teams:
            for offer in compare_sellers(reader, Scope(values=(("team", team),)), "m-2", NOW).offers:
                parts[offer.seller] += offer.all_requests
        assert set(parts.values()) == {48}
        assert compare_sellers(reader, Scope(values=(("team", ("nobody",)),)), "m-2", NOW).offers == []


@pytest.mark.parametrize(
    ("billed", "now", "expected"),
    [(4_000_000_000_000, 5_000_000_000_000, "+$1.00 (+25.0 %)"),
     (4_000_000_000_000, 4_000_000_000_000, "$0.00 (0.0 %)"),
     (4_000_000_000_000, 1_000_000_000_000, "−$3.00 (−75.0 %)"), (0, 1_000_000_000_000, "+$1.00")],
)  # fmt: skip
def test_a_difference_has_its_sign(billed, now, expected):
    offer = Offer("s", "m", "USD", now, 1, 1, billed, now, 1, (), NOW.date(), ("official",), False)
    assert difference(offer) == expected


def test_the_page_compares_the_model_of_the_link(opened, whole):
    test = opened(whole, "rates", compare="m-2")
    sellers = table(test, "Model at the seller").set_index("Seller")
    assert list(sellers.index) == ["acme", "beta", "gamma"] and sellers.loc["gamma", "Cost"].startswith("CN¥")
    assert sellers.loc["acme", "Age"] == "53 days, stale" and sellers.loc["beta", "Bought from"] == "yes"
    assert len(test.get("plotly_chart")) == 2, "a chart for each currency"
    assert "the same name after the last slash, without a date" in texts(test)
    assert len(opened(whole, "rates").get("plotly_chart")) == 0, "nothing is compared before somebody asks"


def test_answers_are_kept_until_a_rate_begins_or_ends(book):
    assert since_when(book.entries, NOW) < NOW
    assert since_when(book.entries, datetime(2026, 9, 10, 1)) == datetime(2026, 9, 10)


def test_the_choices_still_hold_one_another(book):
    sizes = [len(rates_shown(book, Scope(), NOW, name)) for name in ("In use", "In force", "All")]
    assert sizes[0] < sizes[1] < sizes[2] == len(book.entries)


# A card on trial

OFFER = """
seller: acme
models:
  acme/m-2:
    - valid_from: 2026-09-01T00:00:00Z
      currency: USD
      per_mtok: {input: "1.00", cache_read: "0.10", output: "2.00"}
      service_tiers: {batch: {multiply: "0.5"}}
      source: an offer
      checked: 2026-11-20
      confidence: official
"""


def test_every_mistake_of_a_card_is_named(opened, whole):
    test = opened(whole, "rates")
    wrong = (
        OFFER.replace('input: "1.00"', "input: 1").replace("currency: USD", "currency: dollars") + "      colour: red\n"
    )
    test.text_area(key="trial_text_0").set_value(wrong).run()
    (error,) = test.error
    said = error.value.replace("\\", "")
    assert said.count("\n") == 2 and "card.yaml" not in said
    assert all(name in said for name in ("input", "currency", "colour"))


def test_a_sound_card_says_what_it_would_change_and_stays_nowhere(opened, whole):
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*") if path.is_file() and "lock" not in path.name}
    test = opened(whole, "rates")
    test.text_area(key="trial_text_0").set_value(OFFER).run()
    assert not test.exception and not test.error
    with open_reader(whole) as reader:
        outcome = try_card(reader, OFFER, Scope()).outcome
    assert outcome is not None
    changed = table(test, "Under the card")
    # Of calls at acme alone; the two of the batch tier that had no price have one, and stand by themselves.
    assert set(changed["Model"]) == {"acme/m-2"} and outcome.changed == 49 + 2
    assert list(changed.sort_values("Calls")["Calls"]) == [2, 49]
    assert set(changed.set_index("Calls").loc[2, ["As priced", "Difference"]]) == {"unknown", "–"}
    shown = " ".join([*(one.value for one in test.success), texts(test)]).replace("\\", "")
    assert "51 calls of 60 in scope" in shown and "2 of them had none" in shown
    (place,) = [box for box in test.selectbox if box.label == "Add it"]
    assert place.options[0] == "as a new card, acme-2.yaml"
    assert {*place.options[1:]} == {"in the place of acme.yaml", "in the place of acme-contract.yaml"}
    after = {path: path.stat().st_mtime_ns for path in whole.rglob("*") if path.is_file() and "lock" not in path.name}
    assert before == after


def test_a_card_of_this_scope_alone_is_tried_on_it(whole):
    with open_reader(whole) as reader:
        every = try_card(reader, OFFER, Scope()).outcome
        some = try_card(reader, OFFER, Scope(values=(("team", ("research",)),))).outcome
    assert every is not None and some is not None and 0 < some.changed < every.changed


def test_no_card_of_the_warehouse_is_written_over(whole):
    assert (file_name("acme", whole), file_name("omega", whole)) == ("acme-2.yaml", "omega.yaml")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (OFFER.encode(), ""),
        (b"\xff\xfe", "Byte 1 of the file is not UTF-8."),
        (b"#" * 1_000_001, "The file is larger than 1 MB."),
        (b"seller: [", "not YAML"),
        (b"- 1", "The card cannot be used"),
    ],
)
def test_a_file_is_read_as_what_is_pasted(opened, whole, content, expected):
    test = opened(whole, "rates")
    test.file_uploader(key="trial_file_0").set_value(("card.yaml", content, "text/yaml")).run()
    assert not test.exception, test.exception
    said = " ".join(f"{getattr(error, 'title', '')} {error.value}" for error in test.error).replace("\\", "")
    assert (expected in f"{said} {test.error[0].proto if test.error else ''}") if expected else not said
    assert bool(test.success) == (not expected)
