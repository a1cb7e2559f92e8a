"""What the cards state of rates that calls name by their number."""

from collections.abc import Collection

from pricing.rates import Rate
from warehouse.connection import Reader
from warehouse.rates_known import rate_of_row
from warehouse.sqlfiles import sql


def stated_rates(reader: Reader, rate_ids: Collection[int]) -> dict[int, Rate]:
    """These rates by number, by seller, model and start; one that no card says any more as it was said last."""
    rows = reader.rows(sql("stated_rates"), {"ids": list(rate_ids)})
    return {row[0]: rate_of_row(row[2:]) for row in rows}
