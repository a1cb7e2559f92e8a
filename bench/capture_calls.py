"""The measured program: makes the same calls with and without the recorder, and says what a call took.

It is run by ``bench.capture``, with the recorder's folder on its path, against a server in another process.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import anthropic
import openai
import tollbook_capture

CHAT: dict[str, Any] = {"model": "step-3.7-flash", "messages": [{"role": "user", "content": "word " * 800}]}
Call = Callable[[Any, dict[str, str]], None]


def whole(client: Any, headers: dict[str, str]) -> None:
    """A call without a stream."""
    client.chat.completions.create(**CHAT, extra_headers=headers)


def stream(client: Any, headers: dict[str, str]) -> None:
    """A stream, to its end."""
    for _ in client.chat.completions.create(**CHAT, stream=True, extra_headers=headers):
        pass


def messages(client: Any, headers: dict[str, str]) -> None:
    """A stream of Anthropic's, to its end."""
    for _ in client.messages.create(**CHAT, max_tokens=900, stream=True, extra_headers=headers):
        pass


KINDS = {"whole": (whole, 150), "stream": (stream, 15), "messages": (messages, 15)}
"""Each with the number of calls in one turn."""


def turn(call: Call, times: int, client: Any, headers: dict[str, str]) -> list[float]:
    """Of one call, in ms: CPU of the process until all of it is written, and of the caller's thread."""
    cpu, thread = time.process_time(), time.thread_time()
    for _ in range(times):
        call(client, headers)
    own = time.thread_time() - thread
    tollbook_capture.flush()
    return [1000 * each / times for each in (time.process_time() - cpu, own)]


def made(kind: str, address: str) -> Any:
    """The client that makes calls of a kind."""
    if kind == "messages":
        return anthropic.Anthropic(base_url=f"{address}/anthropic", api_key="none")
    return openai.OpenAI(base_url=f"{address}/stepfun/v1", api_key="none")


def main() -> None:
    """Measure each kind in turns, the two clients one after the other in each."""
    address, directory, turns, plans = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
    found: dict[str, dict[str, list[list[float]]]] = {}
    for kind, (call, times) in KINDS.items():
        recorded = tollbook_capture.record(made(kind, address), directory=directory)
        both, headers = {"plain": made(kind, address), "recorded": recorded}, plans[kind]
        found[kind] = {name: [] for name in both}
        for client in both.values():
            turn(call, 10, client, headers)
        for number in range(turns):
            for name in sorted(both, reverse=number % 2 == 1):
                found[kind][name].append(turn(call, times, both[name], headers))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
