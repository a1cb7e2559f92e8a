"""The sellers of the tests themselves: what real clients receive from them is what their ledger says."""

from typing import Any

import anthropic
import httpx2
import openai
import pytest

from tests.sellers import Plan, Tokens, serving
from tests.sellers.redirect import BASE_URLS, transports

TOKENS = Tokens(900, 300, 20, 10, 400, 150)
CHAT: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture(scope="module")
def sellers():
    with serving() as found:
        yield found


def open_ai(sellers, seller, **more):
    return openai.OpenAI(base_url=sellers.url(seller), api_key="sk-none", **more)


def messages(sellers, **more):
    return anthropic.Anthropic(base_url=sellers.url("anthropic"), api_key="none", **more)


@pytest.mark.parametrize("seller", ["openai", "stepfun", "novita", "deepseek"])
@pytest.mark.parametrize("torn", [0, 7])
def test_a_streams_last_usage_is_the_ledgers(sellers, seller, torn):
    plan = Plan(tokens=TOKENS, thinking=20, tool=True, torn=torn, gzip=torn > 0)
    with open_ai(sellers, seller) as client:
        stream = client.chat.completions.create(
            **CHAT, stream=True, stream_options={"include_usage": True}, extra_headers=plan.headers()
        )
        usages = [chunk.usage for chunk in stream if chunk.usage]
    (row,) = sellers.ledger.of(plan.ref)
    assert row.outcome == "ok"
    assert usages[-1].prompt_tokens == row.sent.prompt() == TOKENS.prompt()
    assert usages[-1].completion_tokens == row.sent.output == 400


@pytest.mark.parametrize("seller", ["openai", "novita", "deepseek"])
def test_nobody_sends_usage_unasked_but_stepfun(sellers, seller):
    plan = Plan()
    with open_ai(sellers, seller) as client:
        list(client.chat.completions.create(**CHAT, stream=True, extra_headers=plan.headers()))
    (row,) = sellers.ledger.of(plan.ref)
    assert (row.sent, row.made) == (None, plan.tokens)


def test_responses_end_with_usage(sellers):
    plan = Plan(tokens=TOKENS, tool=True)
    with open_ai(sellers, "openai") as client:
        stream = client.responses.create(model="m", input="Hello", stream=True, extra_headers=plan.headers())
        last = list(stream)[-1].response
        whole = client.responses.create(model="m", input="Hello", extra_headers=plan.headers())
    first, second = sellers.ledger.of(plan.ref)
    assert first.sent == second.sent
    assert (last.usage.input_tokens, last.usage.output_tokens) == (1230, 400)
    assert whole.usage.output_tokens_details.reasoning_tokens == second.sent.reasoning == 150


def test_messages_count_cached_tokens_beside_the_input(sellers):
    plan = Plan(tokens=TOKENS, thinking=30, tool=True)
    said = {"model": "m", "max_tokens": 9, "messages": CHAT["messages"], "extra_headers": plan.headers()}
    with messages(sellers) as client:
        with client.messages.stream(**said) as stream:
            streamed = stream.get_final_message()
        whole = client.messages.create(**said)
    first, second = sellers.ledger.of(plan.ref)
    assert first.sent == second.sent == TOKENS._replace(reasoning=None)
    assert streamed.usage.input_tokens == whole.usage.input_tokens == 900
    assert streamed.usage.output_tokens == whole.usage.output_tokens == 400
    assert [block.type for block in streamed.content] == ["thinking", "text", "tool_use"]
    assert streamed.content[1].text == whole.content[1].text
    assert first.answered == second.answered


def test_a_cut_stream_has_what_was_sent_until_then(sellers):
    plan = Plan(faults=("cut",), tokens=TOKENS)
    with open_ai(sellers, "stepfun") as client, pytest.raises(openai.APIConnectionError):
        list(client.chat.completions.create(**CHAT, stream=True, extra_headers=plan.headers()))
    (row,) = sellers.ledger.of(plan.ref)
    assert row.outcome == "cut"
    assert row.made == TOKENS
    assert row.sent.prompt() == TOKENS.prompt()
    assert 0 < row.sent.output < 400


@pytest.mark.parametrize("fault", ["429", "500", "503_html", "drop"])
def test_a_client_tries_again(sellers, fault):
    plan = Plan(faults=(fault,))
    with open_ai(sellers, "openai") as client:
        client.chat.completions.create(**CHAT, extra_headers=plan.headers())
    first, second = sellers.ledger.of(plan.ref)
    assert (first.sent, second.outcome) == (None, "ok")
    assert second.headers["x-stainless-retry-count"] == "1"


def test_a_401_may_be_empty(sellers):
    plan = Plan(faults=("401_empty",))
    with open_ai(sellers, "stepfun") as client, pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(**CHAT, extra_headers=plan.headers())
    (row,) = sellers.ledger.of(plan.ref)
    assert (row.status, row.made) == (401, None)


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_does_not_wait_has_left(sellers, stream):
    plan = Plan(faults=("silent",))
    with open_ai(sellers, "openai", timeout=0.2, max_retries=0) as client, pytest.raises(openai.APITimeoutError):
        client.chat.completions.create(**CHAT, stream=stream, extra_headers=plan.headers())
    (row,) = sellers.ledger.of(plan.ref)
    assert (row.outcome, row.sent, row.made) == ("left", None, plan.tokens)


@pytest.mark.parametrize("seller", sorted(BASE_URLS))
def test_a_sellers_real_address_leads_here(sellers, seller):
    plan = Plan()
    transport, _ = transports(httpx2, sellers.address)
    http = httpx2.Client(transport=transport)
    if seller == "anthropic":
        with anthropic.Anthropic(api_key="none", http_client=http) as client:
            client.messages.create(**CHAT, max_tokens=9, extra_headers=plan.headers())
    else:
        with openai.OpenAI(base_url=BASE_URLS[seller], api_key="none", http_client=http) as client:
            client.chat.completions.create(**CHAT, extra_headers=plan.headers())
    (row,) = sellers.ledger.of(plan.ref)
    assert (row.seller, row.outcome) == (seller, "ok")
