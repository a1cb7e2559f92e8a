"""``tollbook rates import`` and ``compare``: a diff that is shown, and applied only as it was shown."""

import json
import sys

import pytest

from tests.tollbook_command import Tollbook

NOW = "2026-11-22T12:00:00Z"
CARD = """
seller: house
models:
  kept:
    - valid_from: 2026-01-01T00:00:00Z
      currency: USD
      per_mtok: {input: "1", output: "2"}
      source: our contract
      checked: 2026-01-01
      confidence: contract
"""


class AtNoon(Tollbook):
    """A warehouse whose present is noon."""

    def at_noon(self, *arguments: object) -> int:
        return self("--now", NOW, *arguments)


@pytest.fixture
def tollbook(tmp_path, capsys):
    (tmp_path / "warehouse" / "rate_cards").mkdir(parents=True)
    return AtNoon(tmp_path / "warehouse", capsys)


@pytest.fixture
def price_map(tmp_path):
    """`price_map(model={...})`: a price map of the seller `house`, figures per token."""

    def write(**models) -> object:
        path = tmp_path / "prices.json"
        items = {
            f"house/{name}": {"litellm_provider": "house", "mode": "chat", **item} for name, item in models.items()
        }
        path.write_text(json.dumps(items), encoding="utf-8")
        return path

    return write


def prices(first: float, second: float) -> dict:
    return {"input_cost_per_token": first, "output_cost_per_token": second}


def diff(tollbook, *arguments) -> dict:
    assert tollbook.at_noon("rates", "import", *arguments, "--json") == 0, tollbook.err
    return json.loads(tollbook.out)


def test_a_diff_says_what_is_new_and_writes_nothing(tollbook, price_map):
    path = price_map(m=prices(1.5e-07, 6e-07))
    shown = diff(tollbook, "litellm", path, "--seller", "house")
    assert [(row["model"], row["meter"], row["ours"], row["theirs"], row["what"]) for row in shown["rows"]] == [
        ("m", "input", None, "0.15", "new"),
        ("m", "output", None, "0.6", "new"),
    ]
    assert tollbook.at_noon("rates", "import", "litellm", path, "--seller", "house") == 0
    assert (
        f"This is diff {shown['diff']}. To write its 1 rate: the same command with --apply {shown['diff']}"
        in tollbook.out
    )
    assert not (tollbook.warehouse / "rate_cards" / "registry").exists()


def test_sellers_that_no_card_names_are_counted_and_not_shown(tollbook, price_map):
    shown = diff(tollbook, "litellm", price_map(m=prices(1e-06, 2e-06)))
    assert (shown["rows"], shown["of_unnamed_sellers"]) == ([], 1)
    assert diff(tollbook, "litellm", price_map(m=prices(1e-06, 2e-06)), "--all")["rows"]


def test_a_diff_is_applied_only_by_its_name(tollbook, price_map):
    path = price_map(m=prices(1e-06, 2e-06))
    asked = ("litellm", path, "--seller", "house")
    assert tollbook.at_noon("rates", "import", *asked, "--apply", "deadbeef") == 2
    assert "review it, then apply it by that name" in tollbook.err
    name = diff(tollbook, *asked)["diff"]
    price_map(m=prices(1e-06, 3e-06))  # The file changed after it was shown.
    assert tollbook.at_noon("rates", "import", *asked, "--apply", name) == 2
    assert tollbook.at_noon("rates", "import", *asked, "--apply", diff(tollbook, *asked)["diff"]) == 0
    assert "1 rate written" in tollbook.err
    assert "tollbook rerate --unpriced" in tollbook.err
    assert diff(tollbook, *asked)["rows"] == []


def test_an_import_only_adds_entries(tollbook, price_map):
    asked = ("litellm", price_map(m=prices(1e-06, 2e-06)), "--seller", "house", "--seen", "2026-11-01")
    tollbook.at_noon("rates", "import", *asked, "--apply", diff(tollbook, *asked)["diff"])
    path = tollbook.warehouse / "rate_cards" / "registry" / "house.yaml"
    first = path.read_text(encoding="utf-8")
    again = ("litellm", price_map(m=prices(2e-06, 2e-06)), "--seller", "house")
    (row,) = diff(tollbook, *again)["rows"]
    assert (row["ours"], row["theirs"], row["change"], row["since"]) == ("1", "2", "+100.0%", "2026-11-22T00:00:00Z")
    tollbook.at_noon("rates", "import", *again, "--apply", diff(tollbook, *again)["diff"])
    assert path.read_text(encoding="utf-8").startswith(first)
    assert tollbook.at_noon("rates", "validate", path) == 0


def test_an_imported_entry_is_not_gone_behind(tollbook, price_map):
    asked = ("litellm", price_map(m=prices(1e-06, 2e-06)), "--seller", "house")
    tollbook.at_noon("rates", "import", *asked, "--apply", diff(tollbook, *asked)["diff"])
    again = ("litellm", price_map(m=prices(2e-06, 2e-06)), "--seller", "house", "--seen", "2026-11-20")
    (row,) = diff(tollbook, *again)["rows"]
    assert row["not_written"] == "an imported entry starts on 2026-11-22"
    assert tollbook.at_noon("rates", "import", *again, "--apply", diff(tollbook, *again)["diff"]) == 0
    assert "nothing to write" in tollbook.err


def test_a_card_of_one_s_own_has_the_say(tollbook, price_map):
    (tollbook.warehouse / "rate_cards" / "house.yaml").write_text(CARD, encoding="utf-8")
    shown = diff(tollbook, "litellm", price_map(kept=prices(2e-06, 2e-06)))
    assert [(row["meter"], row["not_written"]) for row in shown["rows"]] == [("input", "house.yaml has the say")]


def test_what_we_know_and_the_registry_does_not_is_not_lost(tollbook, price_map):
    """An entry without a batch price would leave batches without one."""
    tiers = {"input_cost_per_token_batches": 5e-07, "output_cost_per_token_batches": 1e-06}
    asked = ("litellm", price_map(m=prices(1e-06, 2e-06) | tiers), "--seller", "house")
    tollbook.at_noon("rates", "import", *asked, "--apply", diff(tollbook, *asked)["diff"])
    (row,) = diff(tollbook, "litellm", price_map(m=prices(1.5e-06, 2e-06)), "--seen", "2026-11-23")["rows"]
    assert row["not_written"] == "it does not say our batch"


def test_an_imported_rate_prices_calls(tollbook, price_map, tmp_path):
    asked = ("litellm", price_map(m=prices(1e-06, 2e-06)), "--seller", "house")
    tollbook.at_noon("rates", "import", *asked, "--apply", diff(tollbook, *asked)["diff"])
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    call = {"seller": "house", "time": "2026-11-22T01:00:00Z", "response": {"id": "1", "model": "m", "usage": usage}}
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(call) + "\n", encoding="utf-8")
    tollbook.load(log)
    (row,) = tollbook.costs()
    assert row["cost"] == "0.0012"


def test_a_csv_of_ones_own_in_its_own_currency(tollbook, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "seller,model,currency,valid_from,input,output\nhouse,m,CNY,2026-10-07,1.35,8.10\n", encoding="utf-8"
    )
    rows = diff(tollbook, "csv", path, "--seller", "house")["rows"]
    assert [(row["theirs"], row["currency"], row["since"]) for row in rows] == [
        ("1.35", "CNY", "2026-10-07T00:00:00Z"),
        ("8.1", "CNY", "2026-10-07T00:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("openprices",), "'openprices' is no registry; there are genai-prices, litellm, models-dev, csv"),
        (("litellm",), "litellm needs its file; nothing is downloaded"),
        (("litellm", "FILE", "--seen", "soon"), "--seen: 'soon' is no day"),
    ],
)
def test_mistakes_are_one_plain_line(tollbook, price_map, arguments, message):
    path = price_map(m=prices(1e-06, 2e-06))
    assert tollbook.at_noon("rates", "import", *(path if item == "FILE" else item for item in arguments)) == 2
    assert message in tollbook.err


def test_without_the_package_it_says_how_to_get_it(tollbook, monkeypatch):
    monkeypatch.setitem(sys.modules, "genai_prices.data", None)
    assert tollbook.at_noon("rates", "import", "genai-prices") == 2
    assert "genai-prices is not installed: pip install genai-prices" in tollbook.err
    assert tollbook.at_noon("rates", "compare") == 2


def test_compare_counts_and_says_who_says_what(tollbook, price_map):
    (tollbook.warehouse / "rate_cards" / "house.yaml").write_text(
        CARD + CARD.split("models:\n")[1].replace("kept", "alone") + CARD.split("models:\n")[1].replace("kept", "same"),
        encoding="utf-8",
    )
    path = price_map(kept=prices(1.5e-06, 2e-06), same=prices(1e-06, 2e-06), other=prices(1e-06, 1e-06))
    asked = ("rates", "compare", "--against", f"litellm={path}", "--seller", "house")
    assert tollbook.at_noon(*asked, "--json") == 0
    (side,) = json.loads(tollbook.out)["registries"]
    assert side["counts"] == {"agree": 1, "differ": 1, "missing": 1, "missing_there": 1}
    differs = next(row for row in side["rows"] if row["kind"] == "differ")
    assert differs["ours"]["source"] == "our contract"
    assert differs["figures"] == [{"for": None, "meter": "input", "ours": "1", "theirs": "1.5", "change": "+50.0%"}]
    assert side["missing_there"] == [{"seller": "house", "model": "alone", "card": "house.yaml"}]
    assert tollbook.at_noon(*asked) == 0
    assert "1 agree, 1 differ, 1 are missing here, 1 there." in tollbook.out
    assert "It gives no dates" in tollbook.out


def test_compare_at_a_date_before_our_rates(tollbook, price_map):
    (tollbook.warehouse / "rate_cards" / "house.yaml").write_text(CARD, encoding="utf-8")
    path = price_map(kept=prices(1e-06, 2e-06))
    asked = ("rates", "compare", "--against", f"litellm={path}", "--seller", "house", "--json")
    assert tollbook.at_noon(*asked, "--at", "2025-12-31") == 0
    assert json.loads(tollbook.out)["registries"][0]["counts"]["missing"] == 1
    assert tollbook.at_noon(*asked, "--at", "yesterday") == 2


def test_hours_of_ours_within_days_of_theirs_are_compared(tollbook, price_map):
    """A registry without hours differs from a card with them: in the hours where the figures do."""
    night = '{name: night, zone: UTC, hours: {mon-sun: "00:00-06:00"}, multiply: "0.5"}'
    card = CARD.replace("      source:", f"      windows: [{night}]\n      source:")
    (tollbook.warehouse / "rate_cards" / "house.yaml").write_text(card, encoding="utf-8")
    path = price_map(kept=prices(1e-06, 2e-06))
    assert tollbook.at_noon("rates", "compare", "--against", f"litellm={path}", "--seller", "house", "--json") == 0
    (row,) = json.loads(tollbook.out)["registries"][0]["rows"]
    assert [(item["for"], item["meter"], item["ours"]) for item in row["figures"]] == [
        ("night", "input", "0.5"),
        ("night", "output", "1"),
    ]
