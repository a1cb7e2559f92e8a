"""Sums over days that a log holds in place of calls: kept to reconcile with, and in no figure."""

from warehouse.connection import Reader
from warehouse.sqlfiles import sql


def count_daily_sums(reader: Reader) -> dict[str, int]:
    """How many are kept, by source."""
    return {source: int(sums) for source, sums in reader.rows(sql("daily_sums"))}
