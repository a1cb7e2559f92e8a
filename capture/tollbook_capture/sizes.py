"""How large a request's messages are, and which of them the task has sent before."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Any

from tollbook_capture.parts import Part, added, chat_message, parts_of, response_item
from tollbook_capture.plain import as_list, as_object

TASKS = 1000
"""Tasks whose last request is remembered."""
MARKS = 1 << 23
"""Bits that mark the tasks which were seen."""


def messages_of(request: dict[str, Any]) -> list[tuple[bytes, list[Part]]] | None:
    """Each message of a request with its hash; None where part of the prompt is not in the request."""
    if any(request.get(key) for key in ("previous_response_id", "conversation", "prompt_cache_handle")):
        return None
    found: list[tuple[bytes, list[Part]]] = []
    for key in ("system", "instructions"):
        if request.get(key):
            found.append((_digest(request[key]), list(parts_of(request[key], "system"))))
    items = request.get("input", request.get("prompt"))
    if isinstance(items, str):
        found.append((_digest(items), list(parts_of(items, "user"))))
    elif "messages" not in request:
        found += [(_digest(each), list(response_item(as_object(each)))) for each in as_list(items)]
    for each in as_list(request.get("messages")):
        found.append((_digest(each), list(chat_message(as_object(each)))))
    return found


class Memory:
    """The last request of each task, as hashes, for as many tasks as there is room for."""

    def __init__(self, tasks: int = TASKS, marks: int = MARKS) -> None:
        self._tasks = tasks
        self._last: OrderedDict[str, list[bytes]] = OrderedDict()
        self._seen = bytearray(marks // 8)

    def sizes(self, request: dict[str, Any], task: str | None, *, remember: bool) -> dict[str, Any]:
        """The sizes of a request's messages: which are known from the task's last request, and all others added up.

        ``remember`` makes this the task's last request.
        """
        messages = messages_of(request)
        if messages is None:
            return {}
        known = self._known(task, [digest for digest, _ in messages])
        if task is not None and remember:
            self._remember(task, [digest for digest, _ in messages])
        parts = [part for _, found in messages[known or 0 :] for part in found]
        sizes: dict[str, Any] = {"messages": len(messages)}
        if known is not None:
            sizes["known"] = known
        return {**sizes, "new": added(parts, roles=True)}

    def _known(self, task: str | None, digests: list[bytes]) -> int | None:
        if task is None:
            return None
        before = self._last.get(task)
        if before is None:
            # A task that was seen and is forgotten: which of its messages are new is not known.
            return None if self._was_seen(task) else 0
        same = 0
        for one, other in zip(before, digests):
            if one != other:
                break
            same += 1
        return same

    def _remember(self, task: str, digests: list[bytes]) -> None:
        for place in self._marks(task):
            self._seen[place >> 3] |= 1 << (place & 7)
        self._last[task] = digests
        self._last.move_to_end(task)
        if len(self._last) > self._tasks:
            self._last.popitem(last=False)

    def _was_seen(self, task: str) -> bool:
        return all(self._seen[place >> 3] & (1 << (place & 7)) for place in self._marks(task))

    def _marks(self, task: str) -> list[int]:
        digest = hashlib.blake2b(task.encode("utf-8", "replace"), digest_size=16).digest()
        size = len(self._seen) * 8
        return [int.from_bytes(digest[:8], "big") % size, int.from_bytes(digest[8:], "big") % size]


def _digest(message: Any) -> bytes:
    """A hash of a message that does not depend on where its cache breakpoints stand."""
    digest = hashlib.blake2b(digest_size=12)
    _feed(digest, message)
    return digest.digest()


def _feed(digest: hashlib.blake2b, value: Any) -> None:
    # Not as JSON: a picture in base64 would be copied, and other threads would have to wait for it.
    if isinstance(value, str):
        encoded = value.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded))
        digest.update(encoded)
    elif isinstance(value, dict):
        digest.update(b"{")
        for key in sorted(value):
            if key != "cache_control":  # Callers move it from message to message.
                _feed(digest, key)
                _feed(digest, value[key])
        digest.update(b"}")
    elif isinstance(value, list):
        digest.update(b"[")
        for each in value:
            _feed(digest, each)
        digest.update(b"]")
    else:
        digest.update(repr(value).encode() + b",")
