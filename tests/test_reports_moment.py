"""A report is of one moment: calls that come in while it is read are in all of it, or it is not written."""

import shutil
from datetime import date, datetime

import pytest

from app import reporting
from app.report_forward import read_forward
from reports.asked import Asked
from tests.procurement import silent
from tests.warehouse_state import load_here, write_log
from warehouse.errors import WarehouseError
from warehouse.scope import Scope

NOW = datetime(2026, 11, 22, 12)
YEAR = date(2026, 1, 1), date(2026, 12, 31)
ASKED = Asked("2026", *YEAR, Scope(*YEAR))


@pytest.fixture
def busy(first_warehouse, tmp_path, monkeypatch):
    """`busy(2)`: a warehouse into which so many loads come, each while a report looks ahead; what was told."""
    root = shutil.copytree(first_warehouse, tmp_path / "warehouse")
    told: list[str] = []

    def start(loads):
        left = iter(range(loads))

        def meanwhile(*arguments, **options):
            if (number := next(left, None)) is not None:
                load_here(root, write_log(tmp_path / f"{number}.jsonl", range(number * 10, number * 10 + 5)))
            return read_forward(*arguments, **options)

        monkeypatch.setattr("app.report_forward.read_forward", meanwhile)
        return root, told

    return start


def calls_in(report):
    """What the summary's lead says of how many there are."""
    return report.document.summary.lead.partition(" ")[0]


def test_calls_that_come_in_meanwhile_are_in_all_of_it(busy):
    root, told = busy(1)
    report = reporting.make_report(root, ASKED, NOW, ["html"], tell=told.append)
    assert "calls of these days came in meanwhile: reading again" in told
    assert calls_in(report) == "5"


def test_a_report_that_never_holds_still_is_not_written(busy, monkeypatch):
    monkeypatch.setattr(reporting, "MOST_READINGS", 2)
    root, _ = busy(2)
    with pytest.raises(WarehouseError, match="faster than they can be read"):
        reporting.make_report(root, ASKED, NOW, ["html"], tell=silent)
