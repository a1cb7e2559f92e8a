"""A report is of one moment: calls that come in while it is read wait until it is."""

import shutil
import threading
from datetime import date, datetime

from app import reporting
from app.report_forward import read_forward
from reports.asked import Asked
from tests.procurement import silent
from tests.warehouse_state import load_here, write_log
from warehouse.connection import open_reader
from warehouse.cost import cost_by
from warehouse.scope import Scope

NOW = datetime(2026, 11, 22, 12)
YEAR = date(2026, 1, 1), date(2026, 12, 31)
ASKED = Asked("2026", *YEAR, Scope(*YEAR))


def calls_in(report):
    """What the summary's lead says of how many there are."""
    return report.document.summary.lead.partition(" ")[0]


def held_in(root):
    """Calls in a warehouse."""
    with open_reader(root) as reader:
        return sum(row.requests for row in cost_by(reader, ()))


def test_calls_that_come_in_meanwhile_wait_until_the_report_is_read(first_warehouse, tmp_path, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_THREADS", "1")  # both are of this process, which opens a file in one way only
    root = shutil.copytree(first_warehouse, tmp_path / "warehouse")
    load_here(root, write_log(tmp_path / "before.jsonl", range(5)))
    held = held_in(root)
    load = threading.Thread(target=load_here, args=(root, write_log(tmp_path / "meanwhile.jsonl", range(10, 13))))
    looked = []

    def meanwhile(*arguments, **options):
        load.start()
        load.join(1)
        looked.append(load.is_alive())
        return read_forward(*arguments, **options)

    monkeypatch.setattr("app.report_forward.read_forward", meanwhile)
    report = reporting.make_report(root, ASKED, NOW, ["html"], tell=silent)
    assert calls_in(report) == "5"
    load.join()
    assert looked == [True]
    assert held_in(root) == held + 3
