"""Calls of every kind with every fault, recorded, with the ledger of the sellers that they were made to."""

from pathlib import Path

import tollbook_capture

from tests.sellers import Attempt, serving
from tests.sellers.calls import Call, mixed
from tests.sellers.program import run_async, run_sync


def within(call: Call):
    return tollbook_capture.task(call.task, step=call.step)


def record_mixed(count: int, directory: Path) -> tuple[list[Attempt], frozenset[str]]:
    """Make so many calls, a third of them from threads; the ledger, and the calls whose caller left."""
    from_loop, from_threads = list(mixed(count - count // 3, seed=1)), list(mixed(count // 3, seed=2))

    def recorded(client):
        return tollbook_capture.record(client, directory=directory)

    with serving() as sellers:
        run_async(sellers, from_loop, recorded, within)
        run_sync(sellers, from_threads, recorded, within)
        assert tollbook_capture.flush()
        attempts = sellers.ledger.rows()
    left = {call.plan.ref for call in (*from_loop, *from_threads) if call.leaves and call.arguments.get("stream")}
    return attempts, frozenset(left)
