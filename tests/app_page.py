"""Pages of the app without a browser: opened as a reader first sees them, and what stands on them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).parents[1] / "app" / "main.py"


def opener(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[..., AppTest]:
    """`opened(warehouse, "rates", seller="novita")`: the page as the reader first sees it."""

    def open_app(warehouse: Path, page: str, **params: str | list[str]) -> AppTest:
        monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(warehouse))
        monkeypatch.setenv("TOLLBOOK_NOW", now.isoformat())
        test = AppTest.from_file(str(MAIN), default_timeout=30)
        for name, value in params.items():
            test.query_params[name] = value
        # Not by way of the overview, which asks more than any other page.
        test.switch_page(f"views/{page}.py").run()
        assert not test.exception and not test.error, [*test.exception, *test.error]
        return test

    return open_app


def metric(test: AppTest, label: str) -> str:
    (found,) = [metric.value for metric in test.metric if metric.label == label]
    return str(found).replace("\\", "")


def texts(test: AppTest) -> str:
    elements = [*test.header, *test.subheader, *test.markdown, *test.caption, *test.info, *test.warning, *test.error]
    return " ".join(str(element.value) for element in elements).replace("\\", "")


def table(test: AppTest, column: str) -> Any:
    """The one table with this column, as a frame."""
    (found,) = [frame.value for frame in test.dataframe if column in frame.value.columns]
    return found
