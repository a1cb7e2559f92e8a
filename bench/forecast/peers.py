"""One library's forecasts of the cells it is handed: run as a script by an environment that has the libraries.

Nothing of this project is imported. One line of JSON for each cell is appended to the answers as soon as it is
there, so that a run that is stopped goes on where it was.
"""

import json
import logging
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

SEASON = 7
PATHS = 1000
LEVELS = (50, 80, 95)
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)

Answer = tuple[Any, Any]
"""The mean of every day, and the quantiles of their total."""


def from_paths(mean: Any, paths: Any) -> Answer:
    """Nothing here can be negative, so what a library says below zero is taken as zero, which helps it."""
    return np.maximum(mean, 0), np.quantile(np.maximum(paths, 0).sum(axis=1), QUANTILES)


def simulated(name: str, history: Any, horizon: int) -> Answer:
    """A model of statsforecast that offers sample paths."""
    model = getattr(import_module("statsforecast.models"), name)(season_length=SEASON).fit(history)
    paths = model.simulate(h=horizon, n_paths=PATHS, seed=1)
    return from_paths(model.predict(h=horizon)["mean"], np.nan_to_num(paths, posinf=1e15, neginf=0))


def mstl(history: Any, horizon: int) -> Answer:
    """It offers no paths: the bounds of the days are added up."""
    model = import_module("statsforecast.models").MSTL(season_length=SEASON).fit(history)
    found = model.predict(h=horizon, level=list(LEVELS))
    mean = np.maximum(found["mean"], 0)
    low = [np.maximum(found[f"lo-{level}"], 0).sum() for level in sorted(LEVELS, reverse=True)]
    high = [np.maximum(found[f"hi-{level}"], 0).sum() for level in sorted(LEVELS)]
    return mean, np.array([*low, mean.sum(), *high])


def prophet(first: str, history: Any, horizon: int) -> Answer:
    """With its own predictive samples."""
    pandas = import_module("pandas")
    days = pandas.date_range(first, periods=len(history) + horizon)
    np.random.seed(1)
    model = import_module("prophet").Prophet()
    model.fit(pandas.DataFrame({"ds": days[: len(history)], "y": history}))
    ahead = pandas.DataFrame({"ds": days[len(history) :]})
    samples = model.predictive_samples(ahead)["yhat"]
    return from_paths(model.predict(ahead)["yhat"].to_numpy(), samples.T)


def naive(history: Any, horizon: int) -> Answer:
    """What stands in where a library fails: the last value, with the spread of the daily changes."""
    steps = np.diff(history) if len(history) > 1 else np.zeros(1)
    noise = np.random.default_rng(1).choice(steps, (PATHS, horizon)).cumsum(axis=1)
    return from_paths(np.full(horizon, history[-1]), history[-1] + noise)


def ask(library: str, cell: dict[str, Any]) -> dict[str, Any]:
    """The answer to one cell; says where the library failed."""
    history, horizon = np.array(cell["history"], dtype=float), int(cell["horizon"])
    methods: dict[str, Callable[[], Answer]] = {
        "MSTL": lambda: mstl(history, horizon),
        "Prophet": lambda: prophet(cell["first"], history, horizon),
    }
    failed = None
    try:
        mean, total = methods.get(library, lambda: simulated(library, history, horizon))()
        if not (np.isfinite(mean).all() and np.isfinite(total).all()):
            raise ValueError("not a number")
    except Exception as error:  # Whatever a library does wrong is a result too.
        failed = f"{type(error).__name__}: {error}"
        mean, total = naive(history, horizon)
    return {"digest": cell["digest"], "mean": mean.tolist(), "total": total.tolist(), "failed": failed}


def main(library: str, asked: Path, answers: Path) -> None:
    """Answer every cell that has no answer yet."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    known = {json.loads(line)["digest"] for line in answers.read_text().splitlines()} if answers.exists() else set()
    cells = [cell for cell in json.loads(asked.read_text()) if cell["digest"] not in known]
    with answers.open("a") as out:
        for number, cell in enumerate(cells, 1):
            out.write(json.dumps(ask(library, cell)) + "\n")
            out.flush()
            if number % 50 == 0:
                print(f"{library}: {number} of {len(cells)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
