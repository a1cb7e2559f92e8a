"""Sums in place of calls, buckets and counters, held against the calls of the same seller, model and day."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.sqlfiles import sql


class Said(NamedTuple):
    """What one side says of a day. None: it does not say."""

    requests: int | None
    input: int | None
    """All input tokens, cached and written ones too."""
    cache_read: int | None
    output: int | None
    cost: int | None
    """In pico-units of the currency."""
    currency: str | None


class SumRow(NamedTuple):
    """One source's sums of one seller, model and day (UTC), beside the calls."""

    source: str
    seller: str | None
    model: str | None
    all_models: bool
    """The sums are of all models together, and so are the calls beside them."""
    day: date
    sums: Said
    calls: Said
    unpriced: int
    """Calls of unknown cost: in no amount."""
    without_usage: int
    """Calls that did not fail and say no tokens: in no count of tokens."""

    @property
    def difference(self) -> Said:
        """What the sums say beyond the calls; None where one of them says nothing."""
        same = self.sums.currency == self.calls.currency
        a, b = self.sums, self.calls
        return Said(
            _beyond(a.requests, b.requests),
            _beyond(a.input, b.input),
            _beyond(a.cache_read, b.cache_read),
            _beyond(a.output, b.output),
            _beyond(a.cost, b.cost) if same else None,
            a.currency if same else None,
        )


class Sums(NamedTuple):
    """What is known of a period."""

    rows: tuple[SumRow, ...]
    aside: int
    """Buckets that say once more what others say: pulled by the hour too, or grouped otherwise."""


def read_sums(
    reader: Reader, *, source: str | None = None, since: date | None = None, until: date | None = None
) -> Sums:
    """The sums of a period, both days included, oldest first."""
    values = {
        "source": source,
        "since": datetime.combine(since, time()) if since else None,
        "until": datetime.combine(until + timedelta(days=1), time()) if until else None,
    }
    found = reader.rows(sql("sums"), values)
    return Sums(tuple(_row(row) for row in found), int(found[0][-1]) if found else 0)


def read_newest_sums(reader: Reader, days: int) -> Sums:
    """The sums of so many days, up to the newest that there is."""
    (newest,) = reader.row(sql("newest_sum")) or (None,)
    return Sums((), 0) if newest is None else read_sums(reader, since=newest - timedelta(days=days - 1))


def _beyond(more: int | None, less: int | None) -> int | None:
    return None if more is None or less is None else more - less


def _row(row: tuple[Any, ...]) -> SumRow:
    source, seller, model, all_models, day = row[:5]
    return SumRow(source, seller, model, all_models, day, _said(row[5:11]), _said(row[11:17]), row[17], row[18])


def _said(values: tuple[Any, ...]) -> Said:
    """Sums come as decimals, which are whole."""
    requests, input_, cache_read, output, cost = (None if value is None else int(value) for value in values[:5])
    return Said(requests, input_, cache_read, output, cost, values[5])
