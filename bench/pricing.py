"""Pricing: a scan that prices every row against one that multiplies by a constant, and against peers."""

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

from bench.peers import PACKAGES, ask
from pricing.meters import METERS
from warehouse.cost import row_cells

# What the program asks where no rollup has the dimensions of a question.
PRICED = f"""
    select currency, cast(sum(cost) as decimal(38, 0))
    from ({row_cells(())})
    where currency is not null
    group by currency
    order by currency
"""
CONSTANT = """
    select sum(cast(coalesce(input * 200000, 0) + coalesce(cache_read * 40000, 0) + coalesce(output * 1150000, 0)
        as decimal(38, 0))) from usage
"""
PEER_ROWS = 2000
# What was not reported is 0 here, so that the peers need not tell it apart.
CALLS = f"""
    select seller, model_served as model, start_at, {", ".join(f"coalesce({name}, 0) as {name}" for name in METERS)}
    from usage
    where costing = 'rated' and currency = 'USD'
    order by start_at
"""
# A join as of a time knows of no hours, contexts or tiers: the calls of the log need none.
RATES = f"""
    select s.seller, s.model, s.valid_from, {", ".join(f"coalesce(r.{name}, 0) as {name}_rate" for name in METERS)}
    from rate_span s
    join rate r on r.rate_id = s.rate_id
    where s.zone is null and s.tier = 'standard' and s.org = '' and s.team = '' and s.region = ''
        and s.context_from = 0 and (s.seller, s.model) in (select seller, model_served from usage)
    order by s.valid_from
"""
IN_USD = f"select cast(sum(cost) as decimal(38, 0))::varchar from ({row_cells(())}) where currency = 'USD'"


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
                        PRICED.replace("from usage_row\n", "from (from usage_row order by record_key)\n")
                    ).fetchall()
                )
            )
    return found


class Joined(NamedTuple):
    """CPU seconds to find every call's rate and add its cost up; None: that peer is not there."""

    ours: float
    pandas: float
    polars: float | None
    litellm_row: float | None
    versions: str


def against_joins(warehouse: Path, work: Path) -> Joined:
    """The same calls and rates as tables in memory; raises AssertionError where a total differs."""
    import pandas

    with duckdb.connect(str(warehouse / "usage.duckdb"), read_only=True) as connection:
        ours = cpu_seconds(lambda: connection.execute(IN_USD).fetchall())
        ((total,),) = connection.execute(IN_USD).fetchall()
        for name, text in (("calls", CALLS), ("rates", RATES)):
            connection.execute(f"copy ({text}) to '{work / name}.parquet'")
    calls, rates = (pandas.read_parquet(work / f"{name}.parquet") for name in ("calls", "rates"))

    def join() -> int:
        by = ["seller", "model"]
        found = pandas.merge_asof(calls, rates, left_on="start_at", right_on="valid_from", by=by)
        return int(sum((found[name] * found[f"{name}_rate"]).sum() for name in METERS))

    assert str(join()) == total, "pandas has another total"
    peers = ask(work / "calls.parquet", work / "rates.parquet", work / ".peers")
    assert peers is None or peers["polars_total"] == total, "polars has another total"
    known = peers or {}
    versions = ", ".join([f"pandas {pandas.__version__}", *(f"{n} {known[n]}" for n in PACKAGES if n in known)])
    return Joined(ours, cpu_seconds(join), known.get("polars_s"), known.get("litellm_row_s"), versions)


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
