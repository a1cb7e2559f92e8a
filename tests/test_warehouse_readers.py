"""Readers that poll while files are loaded see whole loads only, and never wait for long."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.warehouse_child import Poll, poll
from tests.warehouse_state import child, load_here, write_log

EACH = 500


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def assert_whole_and_growing(seen: list[Poll]) -> None:
    """What the rows, the days and the tasks say is the same, and never less than before."""
    for look in seen:
        assert look.by_day == look.by_row == look.by_task
        assert look.tasks_rolled_up == look.tasks
    assert [look.by_day for look in seen] == sorted(look.by_day for look in seen)


@pytest.mark.parametrize(
    ("readers", "loads", "pause_s"),
    [(2, 4, 0.0), pytest.param(4, 20, 0.0, marks=pytest.mark.long), pytest.param(4, 20, 1.0, marks=pytest.mark.long)],
)
def test_readers_poll_through_loads(readers, loads, pause_s, tmp_path: Path, capsys):
    root, stop = tmp_path / "warehouse", tmp_path / "stop"
    load_here(root, write_log(tmp_path / "first.jsonl", range(4_000)))
    with ExitStack() as stack:
        pollers = [stack.enter_context(child(poll, root, stop, 0.02)) for _ in range(readers)]
        for number in range(loads):
            new = range(4_000 + number * EACH, 4_000 + (number + 1) * EACH)
            seen_before = range(number * 100, number * 100 + 100)  # of days and tasks long past
            log = write_log(tmp_path / f"{number}.jsonl", new, repeated=seen_before)
            assert load_here(root, log)[0].merged.loaded == EACH
            time.sleep(pause_s)
        stop.touch()
        seen: list[list[Poll]] = [poller.hear() for poller in pollers]
    for looks in seen:
        assert_whole_and_growing(looks)
        assert len({look.by_day for look in looks}) > loads / 2, "it looked between the loads, too"
    waits = [look.waited_s for looks in seen for look in looks]
    p50, p95 = quantile(waits, 0.5), quantile(waits, 0.95)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{readers} readers, {loads} loads: {len(waits)} looks, "
            f"waits p50 {p50:.3f} s, p95 {p95:.3f} s, longest {max(waits):.3f} s\n"
        )
    assert p95 < 3.0
