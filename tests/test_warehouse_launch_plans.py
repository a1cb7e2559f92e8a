"""Launch plans as they are kept: by name, with an audit, never over a change that nobody has seen."""

from datetime import datetime

import pytest

from warehouse.entries import Author
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.launch_plans import (
    Draft,
    get_launch_plan,
    list_launch_plans,
    remove_demo_launch_plans,
    remove_launch_plan,
    save_launch_plan,
)

NOON = datetime(2026, 12, 1, 12)
LATER = datetime(2026, 12, 2, 12)
PLAN = Draft({"name": "Help desk", "users": 10}, {"p50": "12.5"})


def tell(message):
    raise AssertionError(message)


@pytest.fixture
def root(tmp_warehouse):
    Folder(tmp_warehouse).create()
    return tmp_warehouse


def test_a_plan_is_kept_by_its_name(root):
    assert list_launch_plans(root, tell=tell) == []
    assert save_launch_plan(root, PLAN, Author("ann", NOON), tell=tell).what == "added"
    assert save_launch_plan(root, PLAN, Author("ben", LATER), tell=tell).what == "same"
    changed = PLAN._replace(document=dict(PLAN.document, users=20))
    assert save_launch_plan(root, changed, Author("ben", LATER), tell=tell).what == "changed"
    saved = get_launch_plan(root, "Help desk", tell=tell)
    assert (saved.owner, saved.changed_by, saved.document["users"], saved.figures) == (
        "ann",
        "ben",
        20,
        {"p50": "12.5"},
    )
    with pytest.raises(WarehouseError, match="was saved by ben"):
        save_launch_plan(root, PLAN, Author("ann", LATER), tell=tell, over=NOON)
    remove_launch_plan(root, "1", Author("ann", LATER), tell=tell)
    with pytest.raises(WarehouseError, match="there is no launch plan 'Help desk'; none was saved"):
        get_launch_plan(root, "Help desk", tell=tell)
    assert save_launch_plan(root, PLAN, Author("ann", LATER), tell=tell).number == 2


def test_a_name_is_none_of_a_file_or_a_number(root):
    with pytest.raises(WarehouseError, match="no name to find it by"):
        save_launch_plan(root, Draft({"name": "plan.yaml"}), Author("ann", NOON), tell=tell)


def test_the_demo_leaves_alone(root):
    save_launch_plan(root, PLAN, Author("ann", NOON), tell=tell)
    save_launch_plan(root, Draft({"name": "Demo"}, demo=True), Author("demo", NOON), tell=tell)
    assert remove_demo_launch_plans(root, Author("demo", NOON), tell=tell) == 1
    assert [each.name for each in list_launch_plans(root, tell=tell)] == ["Help desk"]
