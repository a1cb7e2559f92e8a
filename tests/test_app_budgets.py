"""The page of budgets: figures as the command line has them, one in detail, and changes that ask who makes them."""

import json
from datetime import date, datetime, timedelta
from urllib.parse import unquote

import pytest

from app.budget_file import write_budget_file
from app.budgets import Budgets, Known, read_beside, read_budgets
from app.components.budget_bars import bar_html
from app.components.formats import money
from app.morning_needs import needs_of_budgets
from ingest.load import load_files
from ingest.options import Options
from planning.budget_form import read_form, write_form
from tests.app_page import metric, opener, table, texts
from tests.kept import made_once
from warehouse.budgets import Change, add_budget, budget_history, change_budget, list_budgets
from warehouse.connection import open_reader, silent
from warehouse.entries import Author
from warehouse.scope import DIMENSIONS

NOW = datetime(2026, 11, 22, 12)
AUTHOR = Author("ann", NOW)


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


@pytest.fixture
def filled(tmp_warehouse):
    """From October 1 to November 22 one call a day of research, 0.10 USD."""
    return made_once(tmp_warehouse, "app_budgets", lambda: load(tmp_warehouse))


def load(warehouse):
    log = warehouse.parent / "log.jsonl"
    usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
    lines = []
    for number in range(53):
        answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
        day = date(2026, 10, 1) + timedelta(days=number)
        lines.append({"time": f"{day}T10:00:00Z", "seller": "stepfun", "team": "research", "response": answer})
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (found,) = load_files(warehouse, [log], Options(), now=NOW, tell=silent)
    assert found.merged.loaded == 53


def add(warehouse, name: str, amount: str, **own: object) -> int:
    form = {"name": name, "amount": amount, "currency": "USD"} | own
    return add_budget(warehouse, write_form(read_form(form, DIMENSIONS, NOW.date())), AUTHOR, tell=silent)


def standings(warehouse):
    known = Known(tuple(list_budgets(warehouse, tell=silent)), read_beside(warehouse, tell=silent), NOW.date())
    with open_reader(warehouse) as reader:
        return read_budgets(reader, known).stood


def press(test, label: str):
    (button,) = [button for button in test.button if button.label.replace("\\", "") == label]
    return button.click().run()


def write(test, label: str, text: str) -> None:
    (field,) = [field for field in [*test.text_input, *test.text_area] if field.label == label]
    field.set_value(text)


def test_without_a_budget_the_page_says_what_one_is_and_how_to_add_it(opened, filled):
    test = opened(filled, "budgets")
    assert "tollbook budget import FILE" in texts(test)
    assert test.button[0].label == "Add a budget"


def test_all_budgets_stand_there_the_worst_first(opened, filled):
    for name, amount in (("Roomy", "90"), ("Small", "1"), ("Tight & <b>", "2.2")):
        add(filled, name, amount)
    test = opened(filled, "budgets")
    names = [button.label.replace("\\", "") for button in test.button]
    assert [name for name in names if name in ("Small", "Roomy") or name.startswith("Tight")][::2] == ["Small", "Roomy"]
    assert [metric(test, label) for label in ("Over", "On track")] == ["1", "1"]
    assert "$2.20 of $1.00" in texts(test) and "over since 2026-11-11" in texts(test)
    drawn = [bar_html(each) for each in standings(filled)]
    assert all("<b>" not in bar for bar in drawn)
    assert 'aria-label="Small: $2.20 of $1.00' in drawn[0]


def test_one_budget_shows_what_the_reading_says(opened, filled):
    number = add(filled, "Research", "3", scope={"team": "research"}, owner="finance", carry="both", first="2026-10-01")
    (each,) = standings(filled)
    place = each.standing
    test = opened(filled, "budgets", budget=str(number))
    assert metric(test, "Spent") == money(place.spent, "USD") == "$2.20"
    assert metric(test, "Left") == money(place.left, "USD") == "$0.7000"
    assert place.projected and metric(test, "Projected") == money(place.projected.median, "USD")
    assert metric(test, "Run-rate") == "$3.00"
    assert list(table(test, "Threshold")["Threshold"]) == ["80%", "100%", "100% forecast"]
    assert list(table(test, "Period")["Left"]) == ["−$0.1000"]
    assert list(table(test, "Who")["Who"]) == ["ann"]
    assert "2026-11-01 to 2026-11-21, against the equally many days before, 2026-10-11 to 2026-10-31" in texts(test)
    assert "team research" in texts(test) and "owner finance" in texts(test)
    press(test, "All budgets")
    assert "Research" in [button.label for button in test.button]


def test_a_budget_that_is_not_there_is_no_error(opened, filled):
    assert "No budget has this number" in texts(opened(filled, "budgets", budget="7"))


def test_a_budget_is_added_changed_ended_and_removed_and_each_step_says_who(opened, filled):
    test = press(opened(filled, "budgets"), "Add a budget")
    write(test, "Name", "Research")
    write(test, "Amount", "3,000")
    write(test, "Who does this", "ann")
    press(test, "Add")
    assert "amount: '3,000' is no amount" in texts(test)
    write(test, "Amount", "3")
    write(test, "Other dimensions", "team=research")
    press(test, "Add")
    assert not test.exception and metric(test, "Spent") == "$2.20"
    press(test, "Change")
    write(test, "Another amount", "2")
    write(test, "Owner", "finance")
    write(test, "Thresholds", "90%\n100% forecast at 80%")
    write(test, "Who does this", "ben")
    press(test, "Save")
    assert metric(test, "Left") == "−$0.2000"
    assert list(table(test, "Threshold")["Threshold"]) == ["90%", "100% forecast at 80%"]
    assert "amount: 3 → 2" in " ".join(table(test, "Who")["Change"])
    end(test)
    press(test, "Undo")
    assert "last" not in list_budgets(filled, tell=silent)[0].form
    end(test)
    remove(test)
    assert list_budgets(filled, tell=silent) == []
    press(test, "Undo")
    assert [each.form["last"] for each in list_budgets(filled, tell=silent)] == ["2026-11-22"]
    told = [(each.what, each.who) for each in budget_history(filled, 1, tell=silent)]
    assert told == [
        ("added", "ann"),
        ("changed", "ben"),
        *(("ended", "ben"), ("changed", "ben"), ("ended", "ben")),
        ("removed", "ben"),
        ("put back", "ben"),
    ]


def end(test) -> None:
    press(test, "End")
    [button for button in test.button if button.label == "End"][-1].click().run()
    assert not test.exception and not test.error


def remove(test) -> None:
    press(test, "Remove")
    [button for button in test.button if button.label == "Remove"][-1].click().run()
    assert not test.exception and not test.error


def test_a_file_of_budgets_says_what_it_would_do_before_anything_is_stored(opened, filled):
    add(filled, "Research", "3")
    test = press(opened(filled, "budgets"), "Load a file")
    field = test.file_uploader(key="budget_file")
    field.set_value(
        ("b.yaml", b"budgets:\n- {name: Research, currency: USD, amount: lots}\n- {name: X}\n", "text/yaml")
    )
    test.run()
    said = test.error[0].value.replace("\\", "")
    assert "b.yaml line 2: amount" in said and "b.yaml line 3" in said
    text = write_budget_file([each.form for each in list_budgets(filled, tell=silent)]).replace("'3'", "'4'")
    text += "- {name: Chat, currency: USD, amount: '5'}\n"
    test.file_uploader(key="budget_file").clear().upload("b.yaml", text.encode()).run()
    shown = table(test, "Change")
    assert list(shown["What"]) == ["Changed", "New"] and "amount: 3 → 4" in shown["Change"][0]
    assert len(list_budgets(filled, tell=silent)) == 1, "nothing is stored before it is confirmed"
    press(test, "Enter 2 budgets")
    assert not test.exception and not test.error
    assert [each.form["amount"] for each in list_budgets(filled, tell=silent)] == ["4", "5"]


def test_a_change_that_somebody_made_in_the_meantime_is_not_written_over(opened, filled):
    number = add(filled, "Research", "3")
    test = press(opened(filled, "budgets", budget=str(number)), "Change")
    write(test, "Owner", "finance")
    write(test, "Who does this", "ben")
    change = Change(number, lambda was: was.form | {"note": "agreed"})
    change_budget(filled, change, Author("cleo", NOW), tell=silent)
    press(test, "Save")
    assert "cleo has changed this budget in the meantime" in texts(test)
    assert len(budget_history(filled, number, tell=silent)) == 2


def test_a_budget_leads_to_its_calls_in_explore_and_to_why_some_have_no_cost(opened, filled):
    number = add(filled, "Research", "3", scope={"team": "research"}, first="2026-10-01")
    (each,) = standings(filled)
    test = opened(filled, "budgets", budget=str(number), seller="stepfun")
    links = {each.proto.label: unquote(each.proto.query_string) for each in test.get("page_link")}
    about = links["Its calls in Explore"]
    for said in ("team=research", "days=2026-11-01", "days=2026-11-30", "seller=&"):
        assert said in f"{about}&", about
    assert "Why their cost is unknown" not in links


def test_a_budget_at_risk_below_its_amount_says_the_chance(filled):
    add(filled, "Tight", "3.00")
    (each,) = standings(filled)
    place = each.standing._replace(state="at risk", over=340, paths=1000)
    (need,) = needs_of_budgets(Budgets(NOW.date(), None, (each._replace(standing=place),), False))
    assert need.says.startswith("is at risk: ") and need.says.endswith(" of $3.00, 34% chance to exceed it")
