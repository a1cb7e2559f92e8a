"""What the sellers' ledger says of each attempt, and what a warehouse says of it, in the same words."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import ANY

from tests.sellers import Attempt, Tokens
from warehouse.connection import open_reader

COLUMNS = (
    "task, step, attempt, seller, model_requested, request_id, response_id, http_status, usage_status, error_category,"
    " input, cache_read, cache_write_5m, cache_write_1h, output, reasoning"
)
FAILURES = {
    "400": "invalid_request", "401": "auth", "401_empty": "auth", "404": "not_found", "429": "rate_limit",
    "500": "provider_error", "503_html": "provider_error", "error_event": "provider_error",
    "drop": "disconnect", "cut": "disconnect", "cut_late": "disconnect", "silent": "timeout",
}  # fmt: skip
NOTHING = Tokens()


class Row(NamedTuple):
    """One attempt."""

    seller: str | None
    model: str
    request_id: str | None
    response_id: str | None
    http_status: int | None
    usage_status: str
    failure: Any
    tokens: Tokens


Key = tuple[str, int, int]
"""Task, step and number of the attempt."""


def rows_of(attempts: Iterable[Attempt], *, left: frozenset[str] = frozenset()) -> dict[Key, Row]:
    """What the ledger says that a recorder can know; ``left`` are the calls whose caller left a held stream."""
    found: dict[Key, Row] = {}
    for each in attempts:
        task, step = each.plan.ref.rsplit("/", 1)
        found[task, int(step), each.number] = _row_of(each, caller_left=each.plan.ref in left)
    return found


def _row_of(each: Attempt, *, caller_left: bool) -> Row:
    fault = each.plan.fault(each.number)
    failure = FAILURES.get(fault)
    if not each.stream and fault in ("error_event", "cut_late"):
        failure = "disconnect"
    if fault == "hold":
        failure = "cancelled" if caller_left else "timeout"
    if fault == "garbled" and each.stream:
        # Whether the client stops reading there or the answer ends there hangs on the client.
        failure = ANY
    whole = each.outcome == "ok"
    status = "missing" if each.sent is None else "reported" if whole else "partial"
    named = each.status == 200 and fault != "garbled" and (whole or each.stream)
    return Row(
        seller=each.seller,
        model=each.request["model"],
        request_id=each.request_id if each.status else None,
        response_id=each.response_id if named else None,
        http_status=each.status,
        usage_status=status,
        failure=failure,
        tokens=each.sent or NOTHING,
    )


def rows_in(warehouse: Path, *, numbered: bool = True) -> dict[Key, Row]:
    """What the warehouse says; every attempt is in it once.

    Attempts of a client that does not number them (``numbered`` False) are told apart by their order.
    """
    with open_reader(warehouse) as reader:
        rows = reader.rows(f"select {COLUMNS} from usage where counted and granularity = 'request' order by start_at")
    found: dict[Key, Row] = {}
    for task, step, attempt, seller, model, request, response, status, usage, failure, *tokens in rows:
        if not numbered:
            assert attempt is None
            attempt = 1 + sum(key[:2] == (task, step) for key in found)
        assert (task, step, attempt) not in found, f"{task}, step {step}, attempt {attempt} is there twice"
        found[task, step, attempt] = Row(seller, model, request, response, status, usage, failure, Tokens(*tokens))
    return found


def differences(expected: dict[Key, Row], found: dict[Key, Row]) -> list[str]:
    """Each attempt that is missing, too many or told otherwise, with what differs."""
    said = [f"{key}: not loaded: {expected[key]}" for key in expected.keys() - found.keys()]
    said += [f"{key}: nobody made it: {found[key]}" for key in found.keys() - expected.keys()]
    for key in expected.keys() & found.keys():
        one, other = expected[key]._asdict(), found[key]._asdict()
        said += [f"{key}: {name} is {other[name]}, not {one[name]}" for name in one if one[name] != other[name]]
    return sorted(said)


def total(rows: Iterable[Row]) -> Counter[str]:
    """All their tokens, by kind."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update({name: count or 0 for name, count in row.tokens._asdict().items()})
    return found
