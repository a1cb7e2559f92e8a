"""Runs commands of the command line against one warehouse, in the test's own process."""

import json
from pathlib import Path

import pytest

from app.cli import run


class Tollbook:
    """One warehouse; ``out`` and ``err`` are what the last command said."""

    def __init__(self, warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.warehouse = warehouse
        self.capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: object) -> int:
        self.capsys.readouterr()
        code = run(["--warehouse", str(self.warehouse), *map(str, arguments)])
        self.out, self.err = self.capsys.readouterr()
        return code

    def json(self, *arguments: object) -> dict:
        assert self(*arguments, "--json") == 0, self.err
        return json.loads(self.out)

    def load(self, *arguments: object) -> dict:
        """Load files that are all readable; returns what came of the last."""
        return self.json("ingest", *arguments)["files"][-1]

    def rows(self, *arguments: object) -> list[dict]:
        return self.json(*arguments)["rows"]

    def costs(self, *arguments: object) -> list[dict]:
        """The rows of ``tollbook cost``."""
        return self.rows("cost", *arguments)

    def value(self, dimension: str) -> object:
        """The one value of a dimension in the warehouse."""
        (row,) = self.costs("--by", dimension)
        return row[dimension]
