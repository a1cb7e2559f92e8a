"""Receivers that are killed while programs send: every record that was acknowledged is in the warehouse, once."""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from app.clock import now
from app.live import read_watchers
from app.receiver.segments import KINDS
from tests.collected import JSON, PATIENCE_S, PROTOBUF, Collect, envelope, keep, load_once, payload, stored, traces


class Shape(NamedTuple):
    """One way to send a record."""

    path: str
    headers: dict[str, str]
    body: Callable[[int], bytes]
    name: str


SHAPES = (
    Shape("/envelopes", JSON, lambda number: json.dumps(envelope(number)).encode(), "envelope-{}"),
    Shape("/litellm", JSON, lambda number: json.dumps([payload(number)]).encode(), "litellm-{}"),
    Shape("/v1/traces", PROTOBUF, traces, "otlp-{:020}"),
)

ENOUGH = 20
"""Records that are acknowledged before each kill."""


class Senders:
    """Programs that send records one after the other, and send again what was not acknowledged."""

    def __init__(self, numbers: "count[int]") -> None:
        self.numbers = numbers
        self.acknowledged: set[str] = set()
        self.unsure: list[tuple[Shape, int]] = []
        self.lock = threading.Lock()

    def wait_for(self, records: int) -> None:
        """Until so many more were acknowledged."""
        most, deadline = len(self.acknowledged) + records, time.monotonic() + PATIENCE_S
        while len(self.acknowledged) < most and time.monotonic() < deadline:
            time.sleep(0.01)

    def send(self, collect: Collect, stop: threading.Event) -> None:
        while not stop.is_set():
            with self.lock:
                shape, number = self.unsure.pop() if self.unsure else (random.choice(SHAPES), next(self.numbers))
            try:
                status, _ = collect.post(shape.path, shape.body(number), shape.headers)
            except (OSError, http.client.HTTPException):
                status = 0
            with self.lock:
                if status == 200:
                    self.acknowledged.add(shape.name.format(number))
                else:
                    self.unsure.append((shape, number))
            if status != 200:
                return


def kill_under_load(collect: Collect, senders: Senders, *, with_loading: bool) -> list[int]:
    """Kill a receiver while programs send to it; gives the processes that it started."""
    stop = threading.Event()
    threads = [threading.Thread(target=senders.send, args=(collect, stop)) for _ in range(6)]
    for thread in threads:
        thread.start()
    senders.wait_for(ENOUGH)
    time.sleep(random.uniform(0.0, 0.3))
    children = collect.children()
    collect.kill(with_loading=with_loading)
    stop.set()
    for thread in threads:
        thread.join()
    return children


def assert_all_stored_once(root: Path, senders: Senders) -> None:
    found = stored(root)
    assert {name: found[name] for name in senders.acknowledged if found[name] != 1} == {}
    unsure = {shape.name.format(number) for shape, number in senders.unsure}
    assert {name: rows for name, rows in found.items() if name not in senders.acknowledged | unsure or rows != 1} == {}


def wait_for_end(processes: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while any(Path(f"/proc/{each}").exists() for each in processes) and time.monotonic() < deadline:
        time.sleep(0.05)


def test_what_was_acknowledged_before_a_kill_is_stored_once_and_nobody_says_that_it_was_stopped(warehouse_begun):
    senders = Senders(count(1))
    collect = Collect(warehouse_begun, "--every", "0.2")
    wait_for_end(kill_under_load(collect, senders, with_loading=False))
    assert [told.state for told in read_watchers(warehouse_begun, now())] == ["lost"]
    # What the next start does, without processes of its own.
    for kind in KINDS:
        keep(warehouse_begun, kind, ())
    load_once(warehouse_begun)
    assert len(senders.acknowledged) >= ENOUGH
    assert_all_stored_once(warehouse_begun, senders)


@pytest.mark.long
def test_every_acknowledged_record_is_stored_once_after_twenty_kills(tmp_path):
    senders = Senders(count(1))
    for _ in range(20):
        kill_under_load(Collect(tmp_path, "--every", "0.2"), senders, with_loading=random.random() < 0.5)
        time.sleep(random.uniform(0.0, 2.0))
    last = Collect(tmp_path, "--every", "0.2")
    assert last.stop() == 0, last.said
    assert len(senders.acknowledged) >= 20 * ENOUGH
    assert_all_stored_once(tmp_path, senders)
