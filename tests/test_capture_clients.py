"""The recorder in the official clients: nothing changes for the caller, and each attempt is a line."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import openai
import pytest
import tollbook_capture

from tests.sellers import Plan, Tokens, serving
from tests.sellers.calls import WAITS, Call, mixed
from tests.sellers.program import call_once, call_once_async, client_of
from tests.sellers.redirect import BASE_URLS

TOKENS = Tokens(900, 300, None, None, 400, 150)
ASKED: dict[str, Any] = {"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hello"}]}
IDS = re.compile(r"(chatcmpl-|resp_|msg_|req_)[0-9a-f]{32}")


@pytest.fixture(scope="module")
def sellers():
    with serving() as found:
        yield found


@pytest.fixture
def captured(tmp_path):
    """What was recorded into the test's own folder."""

    def lines() -> list[dict]:
        assert tollbook_capture.flush()
        files = sorted(Path(tmp_path).glob("capture-*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]

    return lines


@pytest.fixture
def client(sellers, tmp_path):
    """A recorded client of a seller."""
    made = []

    def make(seller="openai", **more: Any) -> Any:
        made.append(tollbook_capture.record(client_of(sellers, seller, **more), directory=tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.close()


def seen(taken: list[Any], call: Call) -> list[str]:
    """What a caller got, without the ids that every attempt has of its own.

    DeepSeek's usage is on the last chunk of the answer, which stays as it is: there it comes without being asked for.
    """
    unasked = call.seller == "deepseek" and "stream_options" not in call.arguments and call.arguments.get("stream")
    without = {"usage"} if unasked else None
    plain = [
        f"{type(each).__name__}: {each}" if isinstance(each, Exception) else each.model_dump_json(exclude=without)
        for each in taken
    ]
    return [IDS.sub("ID", text) for text in plain]


def pairs(count: int, seed: int, *, without: set[str]) -> list[tuple[Call, Call]]:
    """Calls that come to an end by themselves: each for a plain client, and again for a recorded one."""
    found = []
    for call in mixed(count, seed):
        if not without & set(call.plan.faults):
            plan = json.loads(call.arguments["extra_headers"]["x-plan"]) | {"ref": call.plan.ref + "-recorded"}
            again = {**call.arguments, "extra_headers": {"x-plan": json.dumps(plan)}}
            found.append((call, call._replace(arguments=again)))
    return found


def test_the_caller_sees_no_difference(sellers, client):
    plain, recorded = {}, {}
    for seller in BASE_URLS:
        plain[seller], recorded[seller] = client_of(sellers, seller), client(seller)
    for call, again in pairs(36, seed=11, without=WAITS | {"drop"}):
        got, expected = call_once(recorded[call.seller], again), call_once(plain[call.seller], call)
        assert seen(got, call) == seen(expected, call), call
    for each in plain.values():
        each.close()


def test_the_caller_who_awaits_sees_no_difference(sellers, tmp_path):
    async def one(clients: tuple[dict, dict], call: Call, again: Call) -> None:
        both = call_once_async(clients[1][call.seller], again), call_once_async(clients[0][call.seller], call)
        got, expected = await asyncio.gather(*both)
        assert seen(got, call) == seen(expected, call), call

    async def all_of_them() -> None:
        plain, recorded = ({seller: client_of(sellers, seller, async_=True) for seller in BASE_URLS} for _ in range(2))
        for each in recorded.values():
            tollbook_capture.record(each, directory=tmp_path)
        await asyncio.gather(*(one((plain, recorded), *pair) for pair in pairs(60, seed=12, without=WAITS)))
        for each in (*plain.values(), *recorded.values()):
            await each.close()

    asyncio.run(all_of_them())


def test_a_call_of_chat_is_a_line(client, captured):
    plan = Plan(tokens=TOKENS)
    said = {"max_completion_tokens": 50, "reasoning_effort": "high", "service_tier": "flex"}
    with tollbook_capture.task("ticket-7", step=2, team="search", tags={"feature": "summary"}):
        client().chat.completions.create(**ASKED, **said, extra_headers=plan.headers())
    (line,) = captured()
    assert line["schema"] == "tollbook-capture/1"
    assert (line["base_url"], line["api_path"]) == ("https://api.openai.com/v1", "/chat/completions")
    assert line["request"] == {"model": "gpt-5-mini", **said}
    assert line["features"] == {"tools": False, "json_schema": False, "image": False, "video": False}
    assert line["response"]["usage"]["prompt_tokens"] == 1200
    assert line["response"]["choices"] == [{"finish_reason": "stop"}]
    assert (line["task"], line["step"], line["team"], line["tags"]) == ("ticket-7", 2, "search", {"feature": "summary"})
    assert (line["status"], line["ended"], line["attempt"], line["retries"]) == (200, True, 1, 0)
    assert line["latency_ms"] >= 0
    assert "error" not in line


@pytest.mark.parametrize("seller", ["openai", "stepfun", "novita", "deepseek"])
def test_a_stream_of_chat_has_usage_that_the_caller_never_asked_for(client, captured, sellers, seller):
    plan = Plan(tokens=TOKENS, thinking=30, tool=True)
    chunks = list(client(seller).chat.completions.create(**ASKED, stream=True, extra_headers=plan.headers()))
    (line,), (attempt,) = captured(), sellers.ledger.of(plan.ref)
    assert all(chunk.choices for chunk in chunks)
    assert line["ended"] is True
    assert line["response"]["usage"]["prompt_tokens"] == attempt.sent.prompt() == 1200
    assert line["response"]["usage"]["completion_tokens"] == attempt.sent.output == 400
    assert 0 <= line["ttft_ms"] <= line["latency_ms"]
    assert {part["kind"]: part["chars"] for part in line["sizes"]["answer"]} == dict(attempt.answered)


def test_usage_that_the_caller_asked_for_is_handed_on(client, captured):
    asked = {"stream": True, "stream_options": {"include_usage": True}}
    chunks = list(client().chat.completions.create(**ASKED, **asked, extra_headers=Plan(tokens=TOKENS).headers()))
    assert (chunks[-1].choices, chunks[-1].usage.total_tokens) == ([], 1600)
    assert len(captured()) == 1


def test_usage_need_not_be_asked_for(sellers, captured, tmp_path):
    plan = Plan()
    with client_of(sellers, "openai") as plain:
        client = tollbook_capture.record(plain, directory=tmp_path, ask_for_usage=False)
        list(client.chat.completions.create(**ASKED, stream=True, extra_headers=plan.headers()))
    (line,), (attempt,) = captured(), sellers.ledger.of(plan.ref)
    assert "stream_options" not in attempt.request
    assert "usage" not in line["response"]
    assert line["ended"] is True


def test_an_unknown_seller_is_not_asked_for_usage(sellers, captured, tmp_path):
    plan = Plan()
    with openai.OpenAI(base_url=sellers.url("openai"), api_key="sk-none") as plain:
        client = tollbook_capture.record(plain, directory=tmp_path)
        list(client.chat.completions.create(**ASKED, stream=True, extra_headers=plan.headers()))
    (line,), (attempt,) = captured(), sellers.ledger.of(plan.ref)
    assert "stream_options" not in attempt.request
    assert line["base_url"] == sellers.url("openai")


def test_the_attempts_of_a_call_belong_together(client, captured, sellers):
    plan = Plan(faults=("429", "500"))
    client().chat.completions.create(**ASKED, extra_headers=plan.headers())
    lines, attempts = captured(), sellers.ledger.of(plan.ref)
    assert [line["status"] for line in lines] == [429, 500, 200]
    assert [line["attempt"] for line in lines] == [1, 2, 3]
    assert [line["retries"] for line in lines] == [0, 1, 2]
    assert len({line["logical_call"] for line in lines}) == 1
    assert len({line["record"] for line in lines}) == 3
    assert [line["request_id"] for line in lines] == [attempt.request_id for attempt in attempts]
    assert lines[0]["error"]["type"] == "rate_limit_error"
    assert ["usage" in line.get("response", {}) for line in lines] == [False, False, True]


def test_two_calls_are_two(client, captured):
    recorded = client()
    for _ in range(2):
        recorded.chat.completions.create(**ASKED, extra_headers=Plan().headers())
    one, other = captured()
    assert one["logical_call"] != other["logical_call"]


def test_a_401_without_a_body_is_a_line(client, captured):
    with pytest.raises(openai.AuthenticationError):
        client("stepfun").chat.completions.create(**ASKED, extra_headers=Plan(faults=("401_empty",)).headers())
    (line,) = captured()
    assert (line["status"], line["base_url"]) == (401, "https://api.stepfun.ai/v1")
    assert "response" not in line


def test_a_caller_who_does_not_wait(client, captured):
    impatient = client(timeout=0.3, max_retries=0)
    with pytest.raises(openai.APITimeoutError):
        impatient.chat.completions.create(**ASKED, extra_headers=Plan(faults=("silent",)).headers())
    with pytest.raises(openai.APITimeoutError):
        list(impatient.chat.completions.create(**ASKED, stream=True, extra_headers=Plan(faults=("hold",)).headers()))
    silent, held = captured()
    assert (silent["error"]["type"], held["error"]["type"]) == ("timeout", "timeout")
    assert ("status" in silent, held["status"]) == (False, 200)
    assert held["ended"] is False


def test_a_caller_who_leaves(client, captured):
    with client("stepfun").chat.completions.create(
        **ASKED, stream=True, extra_headers=Plan(faults=("hold",)).headers()
    ) as stream:
        next(stream)
    (line,) = captured()
    assert (line["ended"], line["error"]["type"]) == (False, "cancelled")
    assert line["response"]["usage"]["prompt_tokens"] == 1200


def test_a_caller_who_stops_at_the_reason_to_finish(client, captured):
    """The answer is whole, but OpenAI's usage would have come after it: unknown, not 0."""
    with client().chat.completions.create(**ASKED, stream=True, extra_headers=Plan(pause_s=0.05).headers()) as stream:
        assert any(chunk.choices[0].finish_reason for chunk in stream)
    (line,) = captured()
    assert (line["ended"], "error" in line, "usage" in line["response"]) == (True, False, False)


def test_a_task_that_is_cancelled(sellers, captured, tmp_path):
    async def run() -> None:
        async with client_of(sellers, "openai", async_=True) as plain:
            recorded = tollbook_capture.record(plain, directory=tmp_path)
            silent = recorded.chat.completions.create(**ASKED, extra_headers=Plan(faults=("silent",)).headers())
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(silent, 0.3)

    asyncio.run(run())
    (line,) = captured()
    assert line["error"]["type"] == "cancelled"


def test_nobody_listens(captured, tmp_path):
    with openai.OpenAI(base_url="http://127.0.0.1:9/v1", api_key="sk-none", max_retries=1) as plain:
        client = tollbook_capture.record(plain, directory=tmp_path)
        with pytest.raises(openai.APIConnectionError):
            client.chat.completions.create(**ASKED)
    lines = captured()
    assert [(line["error"]["type"], line["attempt"], "status" in line) for line in lines] == [
        ("disconnect", 1, False),
        ("disconnect", 2, False),
    ]


def test_recorded_twice_is_one_line(client, captured, tmp_path):
    recorded = tollbook_capture.record(client(), directory=tmp_path).with_options(timeout=5)
    tollbook_capture.record(recorded, directory=tmp_path)
    recorded.copy(max_retries=1).chat.completions.create(**ASKED, extra_headers=Plan().headers())
    assert len(captured()) == 1


def test_the_conversation_grows(client, captured):
    recorded = client()
    first = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hé 🙂"}]
    call = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": '{"q": 1}'}}
    more = [
        {"role": "assistant", "content": "One moment.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "A found page"},
    ]
    with tollbook_capture.task("ticket-8"):
        for messages in (first, [*first, *more]):
            asked = {"model": "gpt-5-mini", "messages": messages, "extra_headers": Plan().headers()}
            recorded.chat.completions.create(**asked)
    one, other = (line["sizes"] for line in captured())
    assert (one["messages"], one["known"], other["messages"], other["known"]) == (2, 0, 4, 2)
    assert sizes_of(one["new"]) == {("system", "text"): 8, ("user", "text"): 4}
    new = sizes_of(other["new"])
    assert new.pop(("assistant", "tool_call")) >= len('{"q": 1}')
    assert new == {("assistant", "text"): 11, ("tool", "text"): 12}


def sizes_of(parts: list[dict]) -> dict[tuple[str, str], int]:
    return {(part["role"], part["kind"]): part["chars"] for part in parts}


def test_each_way_of_asking_is_recorded(client, captured):
    """Parsed answers, raw and streamed responses, streams behind a context manager."""
    chat, plan = client(), Plan(chars=20).headers()
    chat.chat.completions.with_raw_response.create(**ASKED, extra_headers=plan).parse()
    with chat.chat.completions.with_streaming_response.create(**ASKED, extra_headers=plan) as streamed:
        streamed.parse()
    with chat.chat.completions.stream(**ASKED, extra_headers=plan) as stream:
        stream.until_done()
    with chat.responses.stream(model="gpt-5-mini", input="Hello", extra_headers=plan) as events:
        events.until_done()
    messages = {"model": "claude-opus-4-6", "max_tokens": 50, "messages": ASKED["messages"], "extra_headers": plan}
    with client("anthropic").messages.stream(**messages) as said:
        said.get_final_message()
    lines = captured()
    assert [line["api_path"] for line in lines] == [*["/chat/completions"] * 3, "/responses", "/messages"]
    assert all("usage" in line["response"] and line["ended"] for line in lines)
