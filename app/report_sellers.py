"""What a report says of other sellers: the models of its traffic at every seller that has a rate for them."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from reports.asked import Asked
from reports.forward_parts import Family, Sellers
from warehouse.connection import open_reader
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rate_sellers import compare_sellers, family_of, stated_rates, traffic_of

MOST = 3
"""Models that are compared, those with most calls: each seller of one takes a quarter of a second."""
LEAST = 0.01
"""A model with less than this share of the calls is not worth the comparison."""


def read_sellers(root: Path, asked: Asked, now: datetime, *, tell: Tell) -> Sellers:
    """The models with most calls at every seller, at the rates of now."""
    calls = Counter[str]()
    with open_reader(root, tell=tell) as reader:
        for one in traffic_of(reader, asked.scope):
            calls[family_of(one.model)] += one.requests
        # Of models with as many calls the name decides, so that a report is the same each time.
        names = sorted(calls, key=lambda name: (-calls[name], name))
        least = sum(calls.values()) * LEAST
        chosen = [name for name in names[:MOST] if calls[name] >= least]
        rates = stated_rates(reader)
        found = tuple(Family(name, compare_sellers(reader, asked.scope, name, now, rates)) for name in chosen)
    stale_days = Folder(root).settings().stale_days
    return Sellers(now, stale_days, found, tuple((name, calls[name]) for name in names if name not in chosen))
