"""A program that makes calls with the official clients, one task after another in each of its workers."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from itertools import groupby
from typing import Any

import anthropic
import httpx2
import openai

from tests.sellers.calls import Call
from tests.sellers.redirect import BASE_URLS, transports
from tests.sellers.server import HOLD_AFTER, Sellers

METHODS = {"chat": "chat.completions", "responses": "responses", "messages": "messages"}
Within = Callable[[Call], AbstractContextManager[Any]]
Recorded = Callable[[Any], Any]


def client_of(sellers: Sellers, seller: str, *, async_: bool = False, **more: Any) -> Any:
    """The newest official client of a seller, on its real address, led to this machine's server."""
    http = (httpx2.AsyncClient if async_ else httpx2.Client)(transport=transports(httpx2, sellers.address)[async_])
    if seller == "anthropic":
        kind: Any = anthropic.AsyncAnthropic if async_ else anthropic.Anthropic
        return kind(api_key="sk-ant-secret", http_client=http, **more)
    kind = openai.AsyncOpenAI if async_ else openai.OpenAI
    return kind(base_url=BASE_URLS[seller], api_key="sk-secret-key", http_client=http, **more)


def run_sync(sellers: Sellers, calls: Iterable[Call], recorded: Recorded, within: Within, workers: int = 4) -> None:
    """Make calls from threads."""
    clients = {seller: client_of(sellers, seller) for seller in BASE_URLS}
    for client in clients.values():
        recorded(client)

    def run_task(task: list[Call]) -> None:
        for call in task:
            with within(call):
                call_once(clients[call.seller], call)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run_task, tasks_of(calls)))
    for client in clients.values():
        client.close()


def run_async(sellers: Sellers, calls: Iterable[Call], recorded: Recorded, within: Within, workers: int = 24) -> None:
    """Make calls from one loop."""

    async def run() -> None:
        clients = {seller: client_of(sellers, seller, async_=True) for seller in BASE_URLS}
        for client in clients.values():
            recorded(client)
        turn = asyncio.Semaphore(workers)

        async def run_task(task: list[Call]) -> None:
            async with turn:
                for call in task:
                    with within(call):
                        await call_once_async(clients[call.seller], call)

        await asyncio.gather(*map(run_task, tasks_of(calls)))
        for client in clients.values():
            await client.close()

    asyncio.run(run())


def tasks_of(calls: Iterable[Call]) -> list[list[Call]]:
    """Calls by their task, each task's in order."""
    return [list(found) for _, found in groupby(calls, lambda call: call.task)]


def call_once(client: Any, call: Call) -> list[Any]:
    """Make a call, and take what comes, to the end or to where the caller leaves; an error comes last."""
    taken: list[Any] = []
    try:
        answer = _method(client, call)(**call.arguments)
        if not call.arguments.get("stream"):
            return [answer]
        with answer:
            for event in answer:
                taken.append(event)
                if _enough(call, taken):
                    break
    except Exception as error:
        taken.append(error)
    return taken


async def call_once_async(client: Any, call: Call) -> list[Any]:
    """The same with a client that is awaited."""
    taken: list[Any] = []
    try:
        answer = await _method(client, call)(**call.arguments)
        if not call.arguments.get("stream"):
            return [answer]
        async with answer:
            async for event in answer:
                taken.append(event)
                if _enough(call, taken):
                    break
    except Exception as error:
        taken.append(error)
    return taken


def _method(client: Any, call: Call) -> Any:
    if call.retries is not None:
        client = client.with_options(max_retries=call.retries)
    for name in METHODS[call.api].split("."):
        client = getattr(client, name)
    return client.create


def _enough(call: Call, taken: list[Any]) -> bool:
    """Messages' clients hand a ping to nobody, so that a held stream has one event fewer there."""
    pings = call.api == "messages"
    return call.leaves and "hold" in call.plan.faults and len(taken) == HOLD_AFTER - pings
