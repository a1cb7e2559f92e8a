"""The section of limits: a plan's route, own calls, classes; the same figures as the command's."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.cli import run
from tests.app_page import metric, table, texts
from tests.test_cli_capacity import call

NOW = datetime(2026, 11, 22, 9)


def own_calls() -> None:
    import os
    from pathlib import Path

    from app.components.answers import open_desk
    from app.components.launch_limits import show_limits
    from app.components.page import Run
    from warehouse.scope import EVERYTHING

    with open_desk(Path(os.environ["TOLLBOOK_WAREHOUSE"])) as desk:
        show_limits(Run(desk, desk.choices(), EVERYTHING, "USD", None))


def planned() -> None:
    import os
    from pathlib import Path

    from app.components.answers import open_desk
    from app.components.launch_limits import Demand, show_limits
    from app.components.page import Run
    from warehouse.scope import EVERYTHING

    demand = Demand("stepfun-cn", "step-3.7-flash", float(os.environ["ASKED"]), 9000, 500, 4000)
    with open_desk(Path(os.environ["TOLLBOOK_WAREHOUSE"])) as desk:
        show_limits(Run(desk, desk.choices(), EVERYTHING, "USD", None), [demand])


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """A burst of 40 within a minute, and 260 calls at their leisure."""
    folder = tmp_path_factory.mktemp("limits")
    calls = [call(number, number) for number in range(40)]
    calls += [call(40 + number, 200 + 60 * number) for number in range(260)]
    (folder / "log.jsonl").write_text("".join(json.dumps(each) + "\n" for each in calls))
    asked = ["--warehouse", str(folder / "warehouse"), "--now", NOW.isoformat(), "ingest", str(folder / "log.jsonl")]
    assert run(asked) == 0
    return folder / "warehouse"


@pytest.fixture
def opened(warehouse, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(warehouse))
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())

    def open_section(script, calls_per_day: float | None = None) -> AppTest:
        if calls_per_day is not None:
            monkeypatch.setenv("ASKED", str(calls_per_day))
        test = AppTest.from_function(script, default_timeout=30).run()
        assert not test.exception and not test.error, [*test.exception, *test.error]
        return test

    return open_section


def test_own_calls_as_the_command_has_them(opened, warehouse, capsys):
    test = opened(own_calls)
    capsys.readouterr()
    assert run(["--warehouse", str(warehouse), "--now", NOW.isoformat(), "capacity", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert metric(test, "Over a limit") == f"{row['over']:.1%}" == "3.3%"
    assert metric(test, "Binds first") == "RPM"
    assert "can never bind before 30 requests" in texts(test)
    assert "12,771.16 a day" in texts(test)
    assert list(table(test, "Tier")["Tier"]) == ["T1"]


def test_a_class_and_own_calls_at_another_rate(opened):
    test = opened(own_calls)
    test.selectbox(key="limit_calls").set_value("Class: code").run()
    test.number_input(key="limit_rate").set_value(10_000).run()
    assert not test.exception
    assert "CC-BY-4.0" in texts(test)
    few = metric(test, "Over a limit")
    test.number_input(key="limit_hours").set_value(8).run()
    assert float(metric(test, "Over a limit").rstrip("%")) > float(few.rstrip("%"))
    test.selectbox(key="limit_calls").set_value("Own calls, at another rate").run()
    assert "if every burst grows with the traffic" in texts(test)


def test_a_plan_asks_for_a_tier(opened):
    test = opened(planned, 60_000)
    assert "60,000 calls of this route" in texts(test)
    tiers = table(test, "Tier")
    assert list(tiers["Tier"]) == ["V0", "V1", "V2", "V3", "V4", "V5"]
    # Nothing is known of their own calls: the class that comes first stands in.
    assert "holds: at most 1.0% of the calls are over a limit (" in test.success[0].value.replace("\\", "")
    test.toggle(key="limit_own").set_value(True).run()
    assert list(table(test, "Tier")["Tier"]) == ["as typed in"]


def test_a_plan_that_sends_nothing_there(opened):
    assert "sends no calls there" in texts(opened(planned, 0))
