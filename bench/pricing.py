"""Pricing: a scan that prices every row against one that multiplies by a constant, and against a peer's row by row."""

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

PRICED = "select currency, cast(sum(cost) as decimal(38, 0)) from usage_priced group by currency order by currency"
CONSTANT = """
    select sum(cast(coalesce(input * 200000, 0) + coalesce(cache_read * 40000, 0) + coalesce(output * 1150000, 0)
        as decimal(38, 0))) from usage
"""
PEER_ROWS = 2000


class Rows(NamedTuple):
    """CPU seconds for one row."""

    ours: float
    peer: float


def cpu_seconds(work: Callable[[], object], times: int = 5) -> float:
    """The median of several runs, in CPU seconds."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return sorted(spent)[times // 2]


def scans(warehouse: Path) -> tuple[float, float, int]:
    """CPU seconds of the priced and of the constant scan, and the rows in each."""
    with duckdb.connect(str(warehouse / "usage.duckdb"), read_only=True) as connection:
        rows = connection.execute("select count(*) from usage").fetchall()[0][0]
        priced = cpu_seconds(lambda: connection.execute(PRICED).fetchall())
        return priced, cpu_seconds(lambda: connection.execute(CONSTANT).fetchall()), rows


def totals(warehouse: Path) -> set[str]:
    """The total on every thread count and row order: one, if it is always the same."""
    found = set()
    for threads in (1, 2, 4):
        with duckdb.connect(str(warehouse / "usage.duckdb"), read_only=True) as connection:
            connection.execute(f"set threads = {threads}")
            found.add(str(connection.execute(PRICED).fetchall()))
            found.add(
                str(
                    connection.execute(
                        PRICED.replace("from usage_priced", "from (from usage_priced order by record_key)")
                    ).fetchall()
                )
            )
    return found


def against_genai_prices(warehouse: Path) -> Rows:
    """Per row: our scan against genai-prices' calc_price, on the same model's rows."""
    from genai_prices import Usage, calc_price

    with duckdb.connect(str(warehouse / "usage.duckdb"), read_only=True) as connection:
        text = f"select input + cache_read, cache_read, output from usage where seller = 'deepseek' limit {PEER_ROWS}"
        calls = connection.execute(text).fetchall()
    usages = [Usage(input_tokens=prompt, cache_read_tokens=cached, output_tokens=out) for prompt, cached, out in calls]

    def price_all() -> Decimal:
        prices = [calc_price(usage, model_ref="deepseek-v4-flash", provider_id="deepseek") for usage in usages]
        return sum((price.total_price for price in prices), Decimal(0))

    priced, _, rows = scans(warehouse)
    return Rows(priced / rows, cpu_seconds(price_all, 3) / len(usages))
