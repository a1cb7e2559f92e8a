"""Peers that are no dependency of anything here: measured in an environment of their own, which this makes.

Run by that environment's Python as a script, it prints what it measured; nothing of this project is imported then.
"""

import json
import os
import subprocess
import sys
import time
import venv
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("litellm", "polars")
LITELLM_MODEL = "deepseek/deepseek-chat"
TIMES = 5


def ask(calls: Path, rates: Path, environment: Path) -> dict[str, Any] | None:
    """What the peers need for these calls; None where they cannot be installed."""
    python = environment / "bin" / "python"
    try:
        if not (environment / "made").exists():
            venv.create(environment, clear=True, with_pip=True)
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
            (environment / "made").touch()
        # Else it asks the network for its prices.
        variables = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        command = [str(part) for part in (python, __file__, calls, rates)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=variables)
    except subprocess.CalledProcessError as error:
        print(f"no peers: {error}")
        return None
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _cpu_s(work: Any, times: int = TIMES) -> float:
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return sorted(spent)[times // 2]


def _polars(calls: Path, rates: Path) -> dict[str, Any]:
    polars: Any = import_module("polars")
    rows, prices = polars.read_parquet(calls), polars.read_parquet(rates)

    meters = [name.removesuffix("_rate") for name in prices.columns if name.endswith("_rate")]

    def total() -> int:
        found = rows.join_asof(prices, left_on="start_at", right_on="valid_from", by=["seller", "model"])
        return int(found.select(sum(polars.col(n) * polars.col(f"{n}_rate") for n in meters).sum()).item())

    return {"polars_s": _cpu_s(total), "polars_total": str(total()), "polars": polars.__version__}


def _litellm(calls: Path) -> dict[str, Any]:
    litellm: Any = import_module("litellm")
    polars: Any = import_module("polars")
    rows = polars.read_parquet(calls).head(2000).select("input", "cache_read", "output").rows()

    def price_all() -> None:
        for fresh, cached, output in rows:
            litellm.cost_per_token(
                model=LITELLM_MODEL,
                prompt_tokens=fresh + cached,
                completion_tokens=output,
                cache_read_input_tokens=cached,
            )

    return {"litellm_row_s": _cpu_s(price_all, 3) / len(rows), "litellm": version("litellm")}


if __name__ == "__main__":
    files = Path(sys.argv[1]), Path(sys.argv[2])
    print(json.dumps({**_polars(*files), **_litellm(files[0])}))
