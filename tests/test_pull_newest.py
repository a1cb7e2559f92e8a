"""Of a seller's sums of a day, the newest answer counts, and all of it, in whatever order answers are loaded."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.options import Options
from ingest.pull.kept import write_whole
from ingest.pull.openai import OPENAI
from ingest.pull.openrouter import OPENROUTER
from ingest.pull.report import Report
from ingest.pull.stamp import KEY, Stamp
from tests.seller_api import SellerApi, activity, completions
from warehouse.connection import open_reader
from warehouse.sums import read_sums

FIRST = date(2026, 11, 19)
NOW = datetime(2026, 11, 25)
REPORT = OPENAI.reports[0]


def page(*results: dict[str, Any]) -> dict[str, Any]:
    """OpenAI's answer about one day."""
    api = SellerApi()
    api.days["usage/completions"] = {FIRST: [*results]}
    query = {"start_time": ["1795046400"], "end_time": ["1795132800"], "limit": ["31"]}
    return api._page("usage/completions", query)


def answer(folder: Path, day: int, value: dict[str, Any], report: Report = REPORT) -> Path:
    """An answer, asked for on some day of November."""
    at = datetime(2026, 11, day, 9)
    stamp = Stamp(report.source, report.tag, report.grouped_by, at, (FIRST,))
    path = folder / f"asked-{day}.jsonl"
    write_whole(path, [{KEY: stamp.as_object(), **value}])
    return path


def load(warehouse: Path, *paths: Path, again: bool = False) -> Any:
    found = list(load_files(warehouse, paths, Options(again=again), now=NOW, tell=lambda message: None))
    assert [each.error for each in found] == [None] * len(found)
    return found[-1]


def stored(warehouse: Path, columns: str = "model_served, input") -> list[tuple]:
    with open_reader(warehouse) as reader:
        return reader.rows(f"select {columns} from usage where granularity = 'bucket' order by all")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_an_older_answer_that_is_loaded_later_changes_nothing(tmp_path, order):
    answers = [
        answer(tmp_path, 20, page(completions("m", 100, 10), completions("gone", 1, 1))),
        answer(tmp_path, 21, page(completions("m", 120, 10), completions("late", 5, 5))),
        # What the seller takes back is gone, and a figure that was right at first is right again.
        answer(tmp_path, 22, page(completions("m", 100, 10))),
    ]
    told = [load(tmp_path / "w", answers[number]).warnings for number in order]
    assert stored(tmp_path / "w") == [("m", 100)]
    word = "taken out" if order == (0, 1, 2) else "left out"
    assert word in str(told)


def test_an_amount_that_moved_is_counted_once_and_a_day_may_become_empty(tmp_path):
    for day, results in enumerate(([("a", 100)], [("b", 60), ("c", 30)], []), 20):
        value = page(*(completions("m", tokens, 1, project_id=project) for project, tokens in results))
        load(tmp_path / "w", answer(tmp_path, day, value))
        assert stored(tmp_path / "w", "project, input") == results


def test_a_page_that_a_person_saved_does_not_undo_or_double_a_pull(tmp_path):
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps(page(completions("m", 100, 10), completions("n", 1, 1))), encoding="utf-8")
    load(tmp_path / "w", saved)
    load(tmp_path / "w", answer(tmp_path, 20, page(completions("m", 90, 10))))
    for _ in range(2):
        with open_reader(tmp_path / "w") as reader:
            found = read_sums(reader).rows
        assert [(row.model, row.sums.input) for row in found] == [("m", 90)]
        load(tmp_path / "w", saved, again=True)


def test_a_clock_that_was_wrong_once_does_not_hold_an_answer_for_ever(tmp_path):
    early, wrong, right = (answer(tmp_path, day, page(completions("m", day, 1))) for day in (20, 28, 22))
    for path in (wrong, right, early):
        load(tmp_path / "w", path)
    assert stored(tmp_path / "w") == [("m", 22)]


def test_what_cannot_be_read_on_one_page_keeps_no_other_page_back(tmp_path):
    other = OPENAI.reports[1]
    load(tmp_path / "w", answer(tmp_path, 20, page(completions("m", 1, 1))))
    bad = answer(tmp_path, 21, page(completions("n", -1, 1)), other)
    good = answer(tmp_path, 22, page(completions("m", 2, 1, project_id="moved")))
    both = tmp_path / "both.jsonl"
    both.write_text(bad.read_text() + good.read_text())
    load(tmp_path / "w", both)
    assert stored(tmp_path / "w", "input, project") == [(2, "moved")]


def test_a_part_that_cannot_be_read_takes_nothing_out(tmp_path):
    load(tmp_path / "w", answer(tmp_path, 20, page(completions("m", 100, 10), completions("n", 7, 7))))
    result = load(tmp_path / "w", answer(tmp_path, 21, page(completions("m", -1, 10), completions("n", 8, 8))))
    assert result.merged.rejected == 1 and "asked for again" in str(result.warnings)
    assert stored(tmp_path / "w") == [("m", 100), ("n", 8)]
    # The day is still answered by the older one.
    with open_reader(tmp_path / "w") as reader:
        assert reader.rows("select asked_at from sum_asked") == [(datetime(2026, 11, 20, 9),)]


def test_openrouters_days_follow_the_newest_answer_too(tmp_path):
    (report,) = OPENROUTER.reports
    rows = {20: [activity(FIRST, "a", 3, 0.5), activity(FIRST, "b", 1, 0.1)], 21: [activity(FIRST, "a", 4, 0.75)]}
    first, second = (answer(tmp_path, day, {"data": found}, report) for day, found in rows.items())
    load(tmp_path / "w", second)
    load(tmp_path / "w", first)
    assert stored(tmp_path / "w", "model_served, request, cost_reported") == [("a", 4, 750_000_000_000)]
    load(tmp_path / "w", answer(tmp_path, 22, {"data": []}, report))
    assert stored(tmp_path / "w") == []


def test_two_answers_about_a_day_in_one_file_are_refused(tmp_path):
    paths = [answer(tmp_path, day, page(completions("m", day, 1))) for day in (21, 20)]
    both = tmp_path / "both.jsonl"
    both.write_text("".join(path.read_text() for path in paths))
    (result,) = load_files(tmp_path / "w", [both], Options(), now=NOW, tell=lambda message: None)
    assert "two answers about one day" in str(result.error)


def test_a_stamp_that_was_changed_is_rejected(tmp_path):
    path = answer(tmp_path, 20, page(completions("m", 1, 1)))
    path.write_text(path.read_text().replace('"asked_at":"2026', '"asked_at":"soon'))
    result = load(tmp_path / "w", path)
    assert result.merged.rejected == 1 and "is no stamp of a pull" in str(result.rejects)
