"""The newest DuckDB opens what the pinned one wrote, and finds the same totals."""

import json
import subprocess
import sys
from datetime import datetime

import pytest

from app.commands.demo import SAMPLES, read_samples
from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_reader

TOTALS = "select currency, cast(sum(cost) as varchar) from usage_priced group by currency order by currency nulls last"
ASK = f"""
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
print(json.dumps([duckdb.__version__, connection.execute({TOTALS!r}).fetchall()]))
"""


@pytest.mark.long
def test_the_newest_duckdb_finds_the_same_totals(tmp_path):
    packages = tmp_path / "packages"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        packages,
        "--upgrade",
        "duckdb",
    ]
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"the newest DuckDB cannot be installed here: {done.stderr.strip()[-200:]}")
    files = read_samples(SAMPLES).files
    list(load_files(tmp_path / "w", files, Options(), now=datetime(2026, 11, 22), tell=lambda message: None))
    with open_reader(tmp_path / "w") as reader:
        ours = reader.rows(TOTALS)
    command = [sys.executable, "-c", ASK, tmp_path / "w" / "usage.duckdb"]
    said = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": str(packages)}, check=True).stdout
    version, theirs = json.loads(said)
    assert [tuple(row) for row in theirs] == ours, version
