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

from tests.collected import JSON, PROTOBUF, Collect, envelope, payload, stored, traces


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


class Senders:
    """Programs that send records one after the other, and send again what was not acknowledged."""

    def __init__(self, numbers: "count[int]") -> None:
        self.numbers = numbers
        self.acknowledged: set[str] = set()
        self.unsure: list[tuple[Shape, int]] = []
        self.lock = threading.Lock()

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


def kill_under_load(root: Path, kills: int, *, longest_s: float) -> None:
    senders = Senders(count(1))
    for _ in range(kills):
        collect, stop = Collect(root, "--every", "0.2"), threading.Event()
        threads = [threading.Thread(target=senders.send, args=(collect, stop)) for _ in range(6)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.3, longest_s))
        collect.kill(with_loading=random.random() < 0.5)
        stop.set()
        for thread in threads:
            thread.join()
    last = Collect(root, "--every", "0.2")
    assert last.stop() == 0, last.said
    found = stored(root)
    assert len(senders.acknowledged) > 20 * kills
    assert {name: found[name] for name in senders.acknowledged if found[name] != 1} == {}
    unsure = {shape.name.format(number) for shape, number in senders.unsure}
    assert {name: rows for name, rows in found.items() if name not in senders.acknowledged | unsure or rows != 1} == {}


def test_every_acknowledged_record_is_stored_once_after_a_kill(warehouse_begun):
    kill_under_load(warehouse_begun, 1, longest_s=0.5)


@pytest.mark.long
def test_every_acknowledged_record_is_stored_once_after_twenty_kills(tmp_path):
    kill_under_load(tmp_path, 20, longest_s=2.5)
