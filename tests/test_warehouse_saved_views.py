"""Views of Explore as they are kept: by name, with an audit, never over a change that nobody has seen."""

from datetime import datetime

import pytest

from warehouse.connection import open_reader
from warehouse.entries import Author
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.saved_views import get_view, list_views, remove_view, rename_view, save_view

NOON = datetime(2026, 12, 1, 12)
LATER = datetime(2026, 12, 2, 12)
DOCUMENT = {"measure": "cost", "rows": "team", "filters": {"tag:feature": ["<b>", "=cmd()"]}}


def tell(message):
    raise AssertionError(message)


@pytest.fixture
def root(tmp_warehouse):
    Folder(tmp_warehouse).create()
    return tmp_warehouse


def test_a_view_is_kept_by_its_name_and_every_change_is_audited(root):
    ann, ben = Author("ann", NOON), Author("ben", LATER)
    assert list_views(root, tell=tell) == []
    assert save_view(root, "Teams", DOCUMENT, ann, tell=tell) == (1, "added")
    assert save_view(root, "Teams", DOCUMENT, ben, tell=tell) == (1, "same")
    assert save_view(root, "Teams", {**DOCUMENT, "rows": "model"}, ben, tell=tell) == (1, "changed")
    saved = get_view(root, "1", tell=tell)
    assert (saved.owner, saved.changed_by, saved.changed_at) == ("ann", "ben", LATER)
    assert saved.document == {**DOCUMENT, "rows": "model"}
    with pytest.raises(WarehouseError, match="was saved by ben"):
        save_view(root, "Teams", DOCUMENT, ann, tell=tell, over=NOON)
    save_view(root, "Other", DOCUMENT, ann, tell=tell, over=None)
    with pytest.raises(WarehouseError, match="another view is called 'Other'"):
        rename_view(root, "Teams", "Other", ann, tell=tell)
    assert rename_view(root, "Teams", "By team", ann, tell=tell).name == "Teams"
    assert remove_view(root, "By team", ann, tell=tell).number == 1
    assert [each.name for each in list_views(root, tell=tell)] == ["Other"]
    with pytest.raises(WarehouseError, match="there is no view 'Teams'; saved are 2 Other"):
        get_view(root, "Teams", tell=tell)
    assert save_view(root, "Teams", DOCUMENT, ann, tell=tell).number == 3
    with open_reader(root, "state") as reader:
        lines = [what for (what,) in reader.rows("select what from audit order by all") if what.startswith("view ")]
    assert lines == [
        "view 1 added",
        "view 1 changed",
        "view 1 changed",
        "view 1 removed",
        "view 2 added",
        "view 3 added",
    ]


@pytest.mark.parametrize("name", ["", "  ", "12", "view.json"])
def test_a_name_is_none_of_a_file_or_a_number(root, name):
    with pytest.raises(WarehouseError, match="no name to find it by"):
        save_view(root, name, DOCUMENT, Author("ann", NOON), tell=tell)
