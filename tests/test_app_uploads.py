"""What people bring to the pages: cards, with the command line's own checks; nothing is stored before they say so."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.card_draft import CardDraft, write_draft
from ingest.load import load_files
from ingest.options import Options
from pricing.card import read_card
from pricing.errors import CardError
from tests.app_page import opener, texts
from tests.rate_page_cards import LOADED, NOW, fill, own_cards_alone
from warehouse.connection import open_reader
from warehouse.cost import cost_by
from warehouse.own_cards import list_own_cards
from warehouse.rate_book import read_gaps

__all__ = ["own_cards_alone"]
DRAFT = CardDraft(
    "omega", "omega-1", date(2026, 10, 1), None, "USD", {"input": "1.00", "output": "2.00", "web_search": ""},
    "https://omega.example/prices", date(2026, 11, 20), "official",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """Calls with rates, and three of a seller that has none."""
    folder = tmp_path_factory.mktemp("uploads")
    fill(folder / "warehouse", folder)
    log = folder / "omega.jsonl"
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 500_000, "total_tokens": 1_500_000}
    calls = [
        {
            "time": f"2026-10-0{number}T09:00:00Z",
            "seller": "omega",
            "response": {"id": f"o-{number}", "object": "chat.completion", "model": "omega-1", "usage": usage},
        }
        for number in (2, 3, 4)
    ]
    log.write_text("".join(json.dumps(call) + "\n" for call in calls), encoding="utf-8")
    (load,) = load_files(folder / "warehouse", [log], Options(), now=LOADED, tell=lambda text: None)
    assert load.merged.loaded == 3
    return folder / "warehouse"


@pytest.fixture
def root(whole, tmp_path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "warehouse"))


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


def press(test: AppTest, label: str) -> AppTest:
    """The last button of this name: a dialog's come after those of the page."""
    return [button for button in test.button if button.label == label][-1].click().run()


def write(test: AppTest, **fields: str) -> None:
    """Type into the one field of each label; underscores stand for spaces."""
    for name, value in fields.items():
        (field,) = [each for each in test.text_input if each.label == name.replace("_", " ")]
        field.set_value(value)


def said(test: AppTest) -> str:
    return texts(test).replace("**", "")


def wait(test: AppTest) -> None:
    test.session_state["job"].done.wait(120)


# A card from a form


def test_what_is_said_is_what_the_card_says(tmp_path):
    path = tmp_path / "omega.yaml"
    until = datetime(2026, 11, 1, 9)
    names = DRAFT._replace(
        model='a: "b" # c {ü}', until=until, note="x: y", prices={"input": "1", "web_search": "0.01"}
    )
    path.write_text(write_draft(names), encoding="utf-8")
    card = read_card(path)
    (entry,) = card.models['a: "b" # c {ü}']
    assert (card.seller, entry.currency, entry.source, entry.note) == ("omega", "USD", DRAFT.source, "x: y")
    assert entry.valid_until == until.replace(tzinfo=UTC) and set(entry.per_unit) == {"web_search"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"prices": {}},
        {"prices": {"input": "0,20"}},
        {"prices": {"input": '1"}'}},
        {"currency": "dollars"},
        {"source": ""},
    ],
)
def test_a_mistake_in_the_form_is_a_mistake_of_the_card(tmp_path, wrong):
    path = tmp_path / "omega.yaml"
    path.write_text(write_draft(DRAFT._replace(**wrong)), encoding="utf-8")
    with pytest.raises(CardError):
        read_card(path)


def test_unpriced_calls_are_priced_from_the_page(opened, root):
    test = opened(root, "rates")
    assert "3 calls of omega-1 at omega: no rate" in said(test)
    press(test, "Price these calls")
    press(test, "Check")
    assert "Say the source" in said(test) and "Choose on whose word" in said(test)
    next(each for each in test.selectbox if each.label == "On whose word").select("official")
    write(test, Source="https://omega.example/prices")
    press(test, "Check")
    assert "mistake" in str(test.error[0].proto), "no price was said yet"
    assert "no price here: input, output" in said(test)
    write(test, Input="1.00", Output="2.00")
    press(test, "Check")
    assert not test.error, test.error
    assert "3 of them had none" in test.success[0].value.replace("\\", "")
    assert [card.seller for card in list_own_cards(root)].count("omega") == 0, "nothing is stored before it is added"
    press(test, "Add the card")
    assert not test.exception and not test.error, test.error
    wait(test)
    with open_reader(root) as reader:
        assert [gap for gap in read_gaps(reader) if gap.seller == "omega"] == []
        rows = [row for row in cost_by(reader, ("seller",)) if row.group == ("omega",)]
    assert [(row.cost, row.unpriced) for row in rows] == [(6 * 10**12, 0)], "3 x (1.00 + 0.5 x 2.00) dollars"
    test.run()
    assert "no rate" not in said(test) and "Priced 3 calls" in " ".join(one.value for one in test.success)


def test_a_card_as_a_file_is_added_and_taken_out_and_put_back(opened, root):
    test = opened(root, "rates")
    text = write_draft(DRAFT._replace(model="omega-2"))
    test.file_uploader(key="trial_file_0").set_value(("o.yaml", text.encode(), "text/yaml")).run()
    press(test, "Add the card")
    assert not test.error and (root / "rate_cards" / "omega.yaml").read_text() == text
    assert "The card is in order" not in said(test), "the field is empty for the next one"
    test.button(key="card_remove_omega.yaml").click().run()
    assert "no longer priced by omega.yaml" in said(test)
    press(test, "Remove")
    assert not (root / "rate_cards" / "omega.yaml").exists()
    press(test, "Undo")
    assert (root / "rate_cards" / "omega.yaml").read_text() == text


def test_a_card_that_would_contradict_another_is_not_added(opened, root):
    test = opened(root, "rates")
    rival = (root / "rate_cards" / "beta.yaml").read_text().replace('"1.90"', '"1.80"')
    test.file_uploader(key="trial_file_0").set_value(("b.yaml", rival.encode(), "text/yaml")).run()
    before = sorted((root / "rate_cards").iterdir())
    press(test, "Add the card")
    assert "both say what M-2 costs" in test.error[0].value.replace("\\", "")
    assert sorted((root / "rate_cards").iterdir()) == before


def test_a_card_that_priced_calls_is_not_taken_out(opened, root):
    test = opened(root, "rates")
    test.button(key="card_remove_beta.yaml").click().run()
    press(test, "Remove")
    said = test.error[0].value.replace("\\", "")
    assert "it cannot be taken out" in said and "tollbook rates add beta.yaml --replace" in said and "`" not in said
    assert len(said.split("  \n")) == 3
    assert (root / "rate_cards" / "beta.yaml").is_file()


def test_a_broken_card_says_so_and_is_put_right_in_place(opened, root):
    path = root / "rate_cards" / "omega.yaml"
    path.write_text(write_draft(DRAFT))
    test = opened(root, "rates")
    test.button(key="card_change_omega.yaml").click().run()
    test.text_area[-1].set_value("seller: [")
    press(test, "Save")
    assert "not YAML" in test.error[0].value and path.read_text() == write_draft(DRAFT)
    test.text_area[-1].set_value(write_draft(DRAFT).replace("2.00", "3.00"))
    press(test, "Save")
    assert "3.00" in path.read_text()
    path.write_text("seller: [")
    test.run()
    assert "nothing is loaded until it can" in str(test.error[0].proto)


@pytest.mark.long
def test_what_has_a_rate_by_now_is_priced_once_it_is_confirmed(opened, root):
    (root / "rate_cards" / "omega.yaml").write_text(write_draft(DRAFT))
    test = opened(root, "rates")
    press(test, "Price what has a rate by now")
    assert test.success[0].value == "3 calls without a price, of 63, would get one."
    assert "With a rate" in test.dataframe[-1].value and "card" not in test.success[0].value
    assert "job" not in test.session_state
    press(test, "Price 3 calls")
    wait(test)
    with open_reader(root) as reader:
        assert [gap for gap in read_gaps(reader) if gap.seller == "omega"] == []


def test_the_demo_is_taken_out_only_once_it_is_confirmed(monkeypatch):
    def page() -> None:
        from pathlib import Path

        from app.components.demo_removal import offer_demo_removal
        from warehouse.demo import DemoState

        offer_demo_removal(Path("/nowhere"), DemoState(2, 0, None))

    started: list[Path] = []
    monkeypatch.setattr("app.components.demo_removal.start_demo_removal", started.append)
    test = AppTest.from_function(page).run()
    press(test, "Take out the demo")
    assert "The calls of 2 demo logs leave every figure" in said(test) and not started
    press(test, "Take it out")
    assert started == [Path("/nowhere")]
