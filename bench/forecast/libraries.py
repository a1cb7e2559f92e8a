"""The libraries' answers: asked in an environment of their own, and kept, so that the table is made again cheaply."""

import json
import os
import re
import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.forecast.cells import Cell
from bench.forecast.scores import Forecast

HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
ENVIRONMENT = HERE.parent.parent / ".venv-forecast"
LIBRARIES = {
    "AutoETS": "statsforecast",
    "AutoARIMA": "statsforecast",
    "AutoTheta": "statsforecast",
    "MSTL": "statsforecast",
    "Prophet": "prophet",
}
"""Each method, and the package that it comes from."""


class Answers(NamedTuple):
    """Of one method, cell by cell."""

    forecasts: list[Forecast]
    failed: list[bool]
    """Where the library raised, and the last value with the spread of daily changes stands in."""


def versions() -> dict[str, str]:
    """Of the packages, as locked."""
    return dict(re.findall(r"^([a-z]+)==([\d.]+)", LOCK.read_text(), re.MULTILINE))


def ask(cells: Sequence[Cell], scratch: Path) -> dict[str, Answers]:
    """What each method says of each cell: kept answers, and the missing ones from its environment (up to an hour)."""
    scratch.mkdir(parents=True, exist_ok=True)
    asked = scratch / "asked.json"
    asked.write_text(json.dumps([{"digest": cell.digest(), **cell.asked()} for cell in cells]))
    digests = [cell.digest() for cell in cells]
    found = {}
    for method, package in LIBRARIES.items():
        kept = scratch / f"{method}-{package}-{versions()[package]}.jsonl"
        if set(digests) - _read(kept).keys():
            # One core is enough: the libraries are compared by what they say, not by how fast they are.
            variables = {**os.environ, "OMP_NUM_THREADS": "1", "NIXTLA_NUMBA_CACHE": "1"}
            command = [str(part) for part in (_python(), HERE / "peers.py", method, asked, kept)]
            subprocess.run(command, check=True, env=variables)
        answers = _read(kept)
        found[method] = Answers(
            [_forecast(answers[digest]) for digest in digests],
            [answers[digest]["failed"] is not None for digest in digests],
        )
    return found


def _read(kept: Path) -> dict[str, dict[str, list[float]]]:
    lines = kept.read_text().splitlines() if kept.exists() else []
    return {answer["digest"]: answer for answer in map(json.loads, lines)}


def _forecast(answer: dict[str, list[float]]) -> Forecast:
    total = np.array(answer["total"])
    return Forecast(np.array(answer["mean"]), total, float(total[3]))


def _python() -> Path:
    """Of the environment, which is made once; the lock's hashes decide what is in it."""
    python = ENVIRONMENT / "bin" / "python"
    made = ENVIRONMENT / "made"
    if not made.exists() or made.stat().st_mtime < LOCK.stat().st_mtime:
        print(f"making {ENVIRONMENT.name}", flush=True)
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        install = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK)]
        subprocess.run([str(python), *install], check=True)
        made.touch()
    return python
