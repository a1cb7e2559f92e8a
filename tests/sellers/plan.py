"""What a call comes to: its tokens, what goes wrong at each attempt, and how the answer is sent."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple
from uuid import uuid4

HEADER = "x-plan"

Fault = Literal[
    "400", "401", "401_empty", "404", "429", "500", "503_html",
    "drop", "silent", "slow", "garbled", "cut", "cut_late", "hold", "error_event",
]  # fmt: skip
"""What goes wrong with one attempt.

A number: that status. ``401_empty``: no body at all. ``503_html``: a page for people. ``drop``: the connection closes
before an answer. ``silent``: no answer until the client leaves. ``slow``: a whole answer after a while. ``garbled``:
200 and no JSON. ``cut``: the connection closes in the middle of the answer. ``cut_late``: the same, with all but the
last event sent. ``hold``: three events, then nothing until the client leaves. ``error_event``: half of the
stream, then an error where the next event should be, and a proper end.
"""


class Tokens(NamedTuple):
    """Disjoint counts; ``output`` holds ``reasoning``. None: the seller does not tell."""

    input: int | None = None
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    output: int | None = None
    reasoning: int | None = None

    def prompt(self) -> int:
        """All that was read, in whichever way."""
        return (self.input or 0) + (self.cache_read or 0) + (self.cache_write_5m or 0) + (self.cache_write_1h or 0)


@dataclass(frozen=True)
class Plan:
    """One call. ``faults`` are those of its attempts, in order; an attempt beyond them goes well (as ``""`` does)."""

    ref: str = field(default_factory=lambda: uuid4().hex)
    tokens: Tokens = Tokens(1000, 200, None, None, 300, 100)
    faults: tuple[str, ...] = ()
    chars: int = 60
    """Of the answer's text, in code points; not all of them take one byte."""
    thinking: int = 0
    """Code points of reasoning that are sent, where the seller sends any."""
    tool: bool = False
    """The answer ends in a call of a tool."""
    chunks: int = 4
    """Deltas of text that a stream has."""
    torn: int = 0
    """Bytes of a stream that go out at once, whatever they tear apart; 0: an event at a time."""
    gzip: bool = False
    pause_s: float = 0
    """Before each delta; before the answer where it is ``slow``."""

    def headers(self) -> dict[str, str]:
        """Tells the server, as a header of the call."""
        return {HEADER: json.dumps(asdict(self))}

    def fault(self, attempt: int) -> str:
        """What goes wrong with an attempt, counted from 1."""
        return self.faults[attempt - 1] if attempt <= len(self.faults) else ""


def read_plan(headers: Mapping[str, str]) -> Plan:
    """The plan in a call's headers; without one, that of a call which goes well."""
    if HEADER not in headers:
        return Plan()
    said: dict[str, Any] = json.loads(headers[HEADER])
    return Plan(**(said | {"tokens": Tokens(*said["tokens"]), "faults": tuple(said["faults"])}))
