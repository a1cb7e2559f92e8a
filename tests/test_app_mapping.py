"""A table that no source knows, loaded from the page: its columns are named once, looked at, and then loaded."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components import mapping_draft
from app.first_look import look_at, options_of
from app.jobs import start_upload
from app.spool import Upload
from ingest.proposal import propose
from ingest.source import Sample
from warehouse.connection import open_reader

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 22, 9)
PATIENCE_S = 60
HEADER = "call id,started,model name,vendor,tokens in,tokens out,total,cached,cost"
TABLE = f"""{HEADER}
c-1,2026-11-20 10:15:02,step-3.7-flash,stepfun,9100,220,9320,8192,0.0763
c-2,2026-11-20 10:15:09,step-3.7-flash,stepfun,4100,90,4190,0,0.0924
c-3,2026-11-20 10:15:12,step-3.7-flash,stepfun,12.5,90,4190,0,0.0924
"""
RIGHT = ["time", "model_served", "seller", "prompt", "completion", "total", "cache_read"]


def handed(text: str, name: str = "usage.csv") -> Upload:
    return Upload(name, io.BytesIO(text.encode()), name)


DRAFT = propose(
    Sample("table", ({"call id": "c-1", "tokens in": "9"},), ("call id", "tokens in", "thinking time")), "A b.csv"
)


@pytest.fixture
def imports(monkeypatch, tmp_warehouse) -> AppTest:
    """The page of imports, over nothing."""
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(tmp_warehouse))
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    test = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=30)
    return sound(test.switch_page("views/imports.py").run())


def sound(test: AppTest) -> AppTest:
    assert not test.exception, [*test.exception]
    return test


def button(test: AppTest, label: str):
    (found,) = [button for button in test.button if button.label == label]
    return found


def hand_over(test: AppTest, name: str, text: str) -> AppTest:
    test.file_uploader[0].upload(name, text.encode())
    return sound(test.run())


def load(test: AppTest, label: str) -> AppTest:
    """Press a button that starts a load, and wait for its end."""
    button(test, label).click()
    sound(test.run())
    job = test.session_state["job"]
    assert job.done.wait(PATIENCE_S)
    return sound(test.run())


def texts(test: AppTest) -> str:
    elements = [*test.markdown, *test.caption, *test.warning, *test.error]
    return " ".join(str(element.value) for element in elements).replace("\\", "")


def costs(root: Path) -> list[tuple]:
    with open_reader(root) as reader:
        return reader.rows("select request_id, input, cache_read, output, cost from usage_priced order by 1")


def answer(test: AppTest, place: str, taken: list[str]) -> AppTest:
    test.button_group[0].set_value(taken)
    sound(test.run())
    test.radio[0].set_value(place)
    return sound(test.run())


def draft(test: AppTest) -> str:
    """The mapping in the text area."""
    return test.text_area[0].value or ""


# The journey


def test_a_table_that_nobody_knows_is_loaded_without_the_command_line(imports, tmp_warehouse):
    test = load(hand_over(imports, "usage.csv", TABLE), "Load 1 file")
    said = texts(test)
    assert "No source knows usage.csv" in said and "--source" not in said and not test.error
    assert f"Its columns: {HEADER.replace(',', ', ')}" in said and "Nearest presets: " in said
    assert button(test, "Load with this mapping").disabled, "nobody has said yet what is what"
    assert test.radio[0].value is None and test.button_group[0].value == []
    assert "say where cached tokens stand" in said

    test = answer(test, "inside", ["request_id", *RIGHT])
    assert "cached_tokens: inside" in draft(test)
    first = next(frame.value for frame in test.dataframe if "Cache read" in frame.value.columns)
    assert list(first[["Time (UTC)", "Uncached input", "Cache read", "Output"]].iloc[0]) == [
        "2026-11-20 10:15:02",
        "908",
        "8,192",
        "220",
    ]
    said = texts(test)
    assert "**1** add up with cached tokens inside the input" in said and "line 4: tokens in is 12.5" in said
    assert not (tmp_warehouse / "usage.duckdb").exists(), "it was only looked at"

    test = load(test, "Load with this mapping")
    assert "What came of it" in [element.value for element in test.header]
    assert "No source knows" not in texts(test) and not test.text_area
    (one, two) = costs(tmp_warehouse)
    assert one[:4] == ("c-1", 908, 8192, 220) and two[:4] == ("c-2", 4100, 0, 90)
    assert one[4] and two[4], "both have a cost"


def test_what_contradicts_itself_is_told_line_by_line_and_cannot_be_loaded(imports):
    test = load(hand_over(imports, "usage.csv", TABLE), "Load 1 file")
    test = answer(test, "not_logged", RIGHT)
    assert "cached_tokens: not_logged, but columns name cache_read" in texts(test)
    assert button(test, "Load with this mapping").disabled
    test.text_area[0].set_value(draft(test).replace("cached_tokens: not_logged", "cached_tokens: by_total"))
    test = sound(test.run())
    assert test.radio[0].value == "by_total", "the answer follows the text"
    assert not button(test, "Load with this mapping").disabled
    test.text_area[0].set_value("name: [")
    assert "not YAML" in texts(sound(test.run()))


def test_an_answer_that_the_totals_contradict_is_warned_of_and_still_shown(imports):
    test = load(hand_over(imports, "usage.csv", TABLE), "Load 1 file")
    said = texts(answer(test, "beside", ["request_id", *RIGHT]))
    assert "The counts contradict cached_tokens: of 1 rows that can tell, 1 have cached tokens inside" in said
    assert "**1** add up with cached tokens inside the input" in said
    assert not button(test, "Load with this mapping").disabled


def test_a_mapping_that_the_load_refuses_stays_to_be_put_right(imports):
    test = load(hand_over(imports, "helicone.csv", TABLE), "Load 1 file")
    test = load(answer(test, "inside", RIGHT), "Load with this mapping")
    assert "the mapping's name helicone is a source's" in texts(test)
    test.text_area[0].set_value(draft(test).replace("name: helicone", "name: own_table"))
    test = load(sound(test.run()), "Load with this mapping")
    assert not test.text_area and not test.error


def test_tables_of_the_same_columns_are_asked_about_once(imports, tmp_warehouse):
    other = f"{HEADER}\nd-1,2026-10-20 10:15:02,step-3.7-flash,stepfun,100,20,120,0,0.0763\n"
    imports.file_uploader[0].upload("october.csv", other.encode()).upload("november.csv", TABLE.encode())
    test = load(sound(imports.run()), "Load 2 files")
    assert len(test.text_area) == 1 and "No source knows october.csv, november.csv" in texts(test)
    load(answer(test, "inside", ["request_id", *RIGHT]), "Load 2 files with it")
    assert [row[0] for row in costs(tmp_warehouse)] == ["c-1", "c-2", "d-1"]


def test_who_bills_may_be_said_where_no_column_does(imports, tmp_warehouse):
    test = load(hand_over(imports, "usage.csv", TABLE), "Load 1 file")
    (seller,) = [box for box in test.selectbox if box.label.startswith("Who bills")]
    assert "stepfun" in seller.options
    seller.set_value("stepfun")
    without = [name for name in RIGHT if name != "seller"]
    load(answer(sound(test.run()), "inside", without), "Load with this mapping")
    assert all(row[4] for row in costs(tmp_warehouse))


def test_a_mapping_file_handed_over_beside_the_table(imports, tmp_warehouse):
    mapping = mapping_draft.put_answer(look_at(tmp_warehouse, handed(TABLE), []).proposal or "", "inside")
    mapping = mapping_draft.take(mapping, RIGHT)
    test = hand_over(imports, "usage.csv", TABLE)
    test.file_uploader[1].upload("own.yaml", b"name: own\ncolumns:\n  tme: started\n")
    test = sound(test.run())
    assert len(test.error) == 1
    assert "cached_tokens: say where" in texts(test) and "key: it is missing" in texts(test)
    assert button(test, "Load 1 file").disabled
    test.file_uploader[1].clear().upload("own.yaml", mapping.encode())
    test = load(sound(test.run()), "Load 1 file")
    assert not test.error and len(costs(tmp_warehouse)) == 2


def test_what_a_draft_begins_without_is_told_by_what_the_page_offers():
    """The page has other ways to put it right than a file."""
    mapping, told = mapping_draft.check("name: own\ncached_tokens: inside\nkey:\ncolumns:\n")
    assert mapping is None
    assert set(mapping_draft.PLAINLY.values()) & set(told) == set(list(mapping_draft.PLAINLY.values())[1:])


def test_a_preview_comes_before_any_load(imports, tmp_warehouse):
    entry = '{"time": "2026-11-20T10:00:00Z", "seller": "stepfun", "response": {"id": "a", "object": "chat.completion"'
    log = entry + ', "model": "step-3.7-flash", "usage": {"prompt_tokens": 10, "completion_tokens": 1}}}\n'
    test = hand_over(imports, "calls.jsonl", log)
    assert not test.dataframe and not test.text_area
    test.toggle[0].set_value(True)
    test = sound(test.run())
    assert "calls.jsonl, read as openai_compatible" in texts(test) and not test.text_area
    assert not (tmp_warehouse / "usage.duckdb").exists(), "nothing was loaded, and no warehouse made"
    test = hand_over(test, "usage.csv", TABLE)
    assert "No source knows usage.csv" in texts(test) and len(test.text_area) == 1
    test = load(answer(test, "inside", RIGHT), "Load with this mapping")
    assert len(costs(tmp_warehouse)) == 2 and not test.file_uploader[0].value


# Its parts


def test_a_draft_is_changed_by_guesses_and_by_hand_alike():
    assert {name: guess.taken for name, guess in mapping_draft.guesses(DRAFT).items()} == {
        "request_id": False,
        "prompt": False,
    }
    assert mapping_draft.guesses(DRAFT)["prompt"].told == "prompt ← tokens in"
    taken = mapping_draft.take(DRAFT, ["prompt"])
    assert [name for name, guess in mapping_draft.guesses(taken).items() if guess.taken] == ["prompt"]
    assert mapping_draft.take(taken, []) == DRAFT, "and back"
    assert mapping_draft.answer(taken) is None
    mapping, problems = mapping_draft.check(mapping_draft.put_answer(taken, "not_logged"))
    assert mapping and problems == [] and set(mapping.columns) == {"prompt"}
    assert mapping_draft.guesses("") == {} and mapping_draft.take("x", ["prompt"]) == "x"


def test_a_file_that_cannot_be_read_says_so_by_its_own_name(tmp_warehouse):
    seen = look_at(tmp_warehouse, handed("", "empty.csv"), [])
    assert seen.error == "empty.csv: the file is empty" and seen.proposal is None


def test_what_a_preview_is_told_is_what_a_load_is_told():
    options = options_of(["--source=litellm", "--seller=acme=x", "--team=a", "--time=2026-11-20T10:00:00Z"], None)
    assert (options.source, options.given.seller, options.given.team) == ("litellm", "acme=x", "a")
    assert options.given.time == datetime(2026, 11, 20, 10)


def test_nothing_handed_over_is_kept_that_was_read(tmp_warehouse):
    job = start_upload(tmp_warehouse, [handed(TABLE), handed("{}", "a.json")], [])
    assert job.done.wait(PATIENCE_S)
    assert [unread.upload.name for unread in job.unread] == ["usage.csv"]
