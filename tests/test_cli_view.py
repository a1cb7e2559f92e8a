"""``tollbook view``: a saved view shows what ``tollbook cost`` answers, as a table, as JSON and as a file."""

import json
from datetime import datetime

import pyarrow.parquet as pq
import pytest

from app.explore_view import SavedView, View, to_document
from tests.tollbook_command import Tollbook
from tests.warehouse_state import load_here, write_log
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.saved_views import save_view

VIEW = SavedView(View("cost", "team", "model", None), filters=(("seller", ("novita", "stepfun")),))


@pytest.fixture
def saved(warehouse_begun, tmp_path, tollbook) -> Tollbook:
    """A warehouse with calls and a view."""
    load_here(warehouse_begun, write_log(tmp_path / "log.jsonl", range(60)))
    author = Author("ann", datetime(2026, 11, 1))
    save_view(warehouse_begun, "Teams", to_document(VIEW), author, tell=silent)
    return tollbook


def test_a_saved_view_answers_as_cost_does(saved, tmp_path):
    (listed,) = saved.rows("view")
    assert (listed["no"], listed["name"], listed["filters"]) == (1, "Teams", {"seller": ["novita", "stepfun"]})
    shown = saved.json("view", "show", "Teams")
    narrowed = ("--where", "seller=novita", "--where", "seller=stepfun")
    cost = {(row["team"], row["model"]): row["cost"] for row in saved.costs("--by", "team,model", *narrowed)}
    assert {(row["team"], row["model"]): row["cost"] for row in shown["rows"]} == cost
    (total,) = saved.json("cost", *narrowed)["total"]
    assert shown["total"] == [{**total, "unpriced": 0}]
    assert saved("view", "show", "1") == 0
    assert "total" in saved.out and "Filters: Seller: novita, stepfun" in saved.out
    for name in ("teams.csv", "teams.xlsx", "teams.parquet"):
        assert saved("view", "export", "Teams", "--out", tmp_path / name) == 0, saved.err
    table = pq.read_table(tmp_path / "teams.parquet")
    assert {(row["team"], row["model"]): row["cost"] for row in table.to_pylist()} != {}
    assert json.loads(table.schema.metadata[b"tollbook"])["Filters"] == "Seller: novita, stepfun"
    assert "# Filters: Seller: novita, stepfun" in (tmp_path / "teams.csv").read_text().splitlines()


def test_what_there_is_not_is_said(saved, tmp_path):
    assert saved("view", "show", "Nobody") == 2
    assert "there is no view 'Nobody'; saved are 1 Teams" in saved.err
    assert saved("view", "export", "Teams", "--out", tmp_path / "teams.doc") == 2
    assert "there is no 'doc'; there are csv, xlsx, parquet" in saved.err
    assert not (tmp_path / "teams.doc").exists()
    assert saved("view", "remove", "Teams", "--who", "ann") == 0
    assert saved("view", "list") == 0 and "No view was saved" in saved.out
