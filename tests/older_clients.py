"""Run as a program in an environment of older clients: records calls, each as it is said on standard input.

It needs nothing but the client and the recorder. Every line of standard output is what came of a call: the last usage
that the caller was given, or the error's name.
"""

import asyncio
import json
import sys
from typing import Any

import tollbook_capture


def client_of(said: dict[str, Any]) -> Any:
    """The client, recorded."""
    if said["package"] == "anthropic":
        import anthropic

        kind: Any = anthropic.AsyncAnthropic if said["async"] else anthropic.Anthropic
    else:
        import openai

        kind = openai.AsyncOpenAI if said["async"] else openai.OpenAI
    client = kind(base_url=said["base_url"], api_key="sk-secret-key")
    return tollbook_capture.record(client, directory=sys.argv[1], ask_for_usage=True)


def method_of(client: Any, api: str) -> Any:
    """What makes the call."""
    return client.chat.completions.create if api == "chat" else getattr(client, api).create


def call_sync(said: dict[str, Any]) -> str:
    """Make a call, to its end."""
    with client_of(said) as client:
        answer = method_of(client, said["api"])(**said["arguments"])
        return str(len(list(answer)) if said["arguments"].get("stream") else answer.usage)


async def call_async(said: dict[str, Any]) -> str:
    """The same with a client that is awaited."""
    async with client_of(said) as client:
        answer = await method_of(client, said["api"])(**said["arguments"])
        if said["arguments"].get("stream"):
            return str(len([event async for event in answer]))
        return str(answer.usage)


def main() -> None:
    """Make every call."""
    for line in sys.stdin:
        said = json.loads(line)
        with tollbook_capture.task(said["task"], step=said["step"]):
            try:
                came = asyncio.run(call_async(said)) if said["async"] else call_sync(said)
            except Exception as error:
                came = type(error).__name__
        sys.stdout.write(came + "\n")


if __name__ == "__main__":
    main()
