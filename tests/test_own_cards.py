"""The warehouse's own rate cards: added, replaced and taken out as a whole, checked beside all others, never lost."""

import shutil
from pathlib import Path

import pytest

from pricing.errors import CardError
from tests.rate_page_cards import ACME, NOW, fill, own_cards_alone
from tests.tollbook_command import Tollbook
from warehouse.connection import open_reader, silent
from warehouse.entries import Author
from warehouse.errors import RateConflict, WarehouseError
from warehouse.own_cards import KEPT, OwnCard, check_own_card, list_own_cards, put_card, remove_card
from warehouse.rate_book import read_rate_book
from warehouse.scope import Scope

OMEGA = """
seller: omega
models:
  omega-1:
    - valid_from: 2026-09-01T00:00:00Z
      currency: USD
      per_mtok: {input: "1.00", output: "2.00"}
      source: https://omega.example/prices
      checked: 2026-11-20
      confidence: official
"""
__all__ = ["own_cards_alone"]
BY = Author("ada", NOW)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A warehouse that no test changes."""
    folder = tmp_path_factory.mktemp("own_cards")
    fill(folder / "warehouse", folder)
    return folder / "warehouse"


@pytest.fixture
def root(whole, tmp_path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "warehouse"))


def sellers(root: Path) -> set[str]:
    with open_reader(root) as reader:
        return {entry.base.seller for entry in read_rate_book(reader, Scope()).entries if entry.active}


def audit(root: Path) -> list[tuple[str, str]]:
    with open_reader(root) as reader:
        return [(who, what) for who, what in reader.rows("select who, what from audit") if "rate card " in what]


def test_a_card_counts_at_once_and_is_in_the_audit(root):
    placed = put_card(root, OwnCard("omega.yaml", OMEGA), BY, tell=silent)
    assert (placed.what, placed.kept) == ("added", None)
    assert (root / "rate_cards" / "omega.yaml").read_text() == OMEGA
    assert "omega" in sellers(root), "without a load"
    assert audit(root) == [("ada", "rate card omega.yaml added")]
    assert [card.file for card in list_own_cards(root)] == [
        "acme-contract.yaml", "acme.yaml", "beta.yaml", "gamma.yaml", "omega.yaml"
    ]  # fmt: skip


def test_what_is_taken_out_is_kept_and_can_be_put_back(root):
    put_card(root, OwnCard("omega.yaml", OMEGA), BY, tell=silent)
    placed = remove_card(root, "omega.yaml", BY, tell=silent)
    kept = root / "rate_cards" / KEPT / "omega-20261122T090000Z.yaml"
    assert placed.kept == kept and kept.read_text() == OMEGA and "omega" not in sellers(root)
    assert not (root / "rate_cards" / "omega.yaml").exists()
    again = put_card(root, OwnCard("omega.yaml", kept.read_text()), BY, tell=silent)
    assert again.what == "added" and "omega" in sellers(root)
    assert remove_card(root, "omega.yaml", BY, tell=silent).kept == kept.with_stem(f"{kept.stem}-2")


def test_a_card_of_that_name_is_replaced_only_when_asked(root):
    put_card(root, OwnCard("omega.yaml", OMEGA), BY, tell=silent)
    dearer = OwnCard("omega.yaml", OMEGA.replace("2.00", "3.00"))
    with pytest.raises(WarehouseError, match=r"a card omega\.yaml already"):
        put_card(root, dearer, BY, tell=silent)
    placed = put_card(root, dearer, BY, tell=silent, replace=True)
    assert placed.what == "replaced" and placed.kept is not None and placed.kept.read_text() == OMEGA
    assert put_card(root, dearer, BY, tell=silent, replace=True).what == "same"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("omega.yaml", OMEGA.replace('"1.00"', "1"), "input"),
        ("omega.yaml", "seller: [", "not YAML"),
        ("acme-2.yaml", ACME.replace("8.00", "9.00"), "both say what"),
        ("acme.yaml", ACME.replace('output: "8.00"', 'output: "9.00"'), "has priced"),
    ],
)
def test_what_would_not_count_is_refused_before_and_when_it_is_added(whole, root, name, text, why):
    with open_reader(whole) as reader:
        assert any(why in problem for problem in check_own_card(reader, name, text))
    before = {path: path.read_bytes() for path in (root / "rate_cards").rglob("*") if path.is_file()}
    with pytest.raises((CardError, RateConflict), match=why):
        put_card(root, OwnCard(name, text), BY, tell=silent, replace=True)
    assert {path: path.read_bytes() for path in (root / "rate_cards").rglob("*") if path.is_file()} == before
    assert audit(root) == [] and "omega" not in sellers(root)


def test_a_sound_card_has_no_mistakes_and_checking_writes_nothing(whole):
    before = sorted(whole.rglob("*"))
    with open_reader(whole) as reader:
        assert check_own_card(reader, "omega.yaml", OMEGA) == ()
    assert sorted(whole.rglob("*")) == before


def test_a_card_that_priced_calls_stays(root):
    with pytest.raises(RateConflict, match="has priced [0-9,]+ calls?: it cannot be taken out"):
        remove_card(root, "beta.yaml", BY, tell=silent)
    assert (root / "rate_cards" / "beta.yaml").is_file() and "beta" in sellers(root)


def test_a_broken_card_is_listed_and_can_be_replaced_or_taken_out(root):
    (root / "rate_cards" / "omega.yaml").write_text("seller: [")
    (broken,) = [card for card in list_own_cards(root) if card.problems]
    assert broken.file == "omega.yaml" and broken.text == "seller: ["
    put_card(root, OwnCard("omega.yaml", OMEGA), BY, tell=silent, replace=True)
    assert "omega" in sellers(root)
    (root / "rate_cards" / "other.yaml").write_text("seller: [")
    assert remove_card(root, "other.yaml", BY, tell=silent).what == "removed"


@pytest.mark.parametrize("name", ["../omega.yaml", "omega.txt", ".yaml", "a/b.yaml", "ö.yaml", "-x.yaml"])
def test_a_name_is_that_of_a_file_in_the_folder(whole, name):
    with pytest.raises(WarehouseError, match="no name for a card"):
        put_card(whole, OwnCard(name, OMEGA), BY, tell=silent)


def test_a_disk_that_is_full_leaves_the_old_card(root, monkeypatch):
    put_card(root, OwnCard("omega.yaml", OMEGA), BY, tell=silent)

    def full(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.own_cards.os.replace", full)
    with pytest.raises(WarehouseError):
        put_card(root, OwnCard("omega.yaml", OMEGA.replace("2.00", "3.00")), BY, tell=silent, replace=True)
    assert (root / "rate_cards" / "omega.yaml").read_text() == OMEGA


def test_the_command_adds_prices_and_takes_out(root, tmp_path, capsys):
    tollbook = Tollbook(root, capsys)
    card = tmp_path / "omega.yaml"
    card.write_text(OMEGA)
    assert tollbook("rates", "add", card, "--who=ada") == 0
    assert "card omega.yaml: added; for calls that had no rate: tollbook rerate --unpriced" in tollbook.err
    told = tollbook.json("rates", "remove", "omega.yaml", "--who=ada")
    assert (told["what"], Path(told["kept"]).read_text()) == ("removed", OMEGA)
    assert tollbook("rates", "remove", "omega.yaml") == 2 and "there is no card omega.yaml" in tollbook.err
    assert tollbook("rates", "remove", f"../../{card.name}") == 2 and card.exists(), "a card elsewhere is none of ours"
    assert [who for who, _ in audit(root)] == ["ada", "ada"]
