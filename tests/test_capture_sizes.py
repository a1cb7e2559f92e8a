"""How large messages are, on every surface, and which of them a task has sent before."""

from typing import Any

import pytest
from tollbook_capture.answer import Answer, Streamed
from tollbook_capture.asked import read_features, read_request
from tollbook_capture.events import Splitter, data_of
from tollbook_capture.sizes import Memory

PIXELS = "data:image/png;base64," + "QUJD" * 10 + "QQ=="
CHAT: dict[str, Any] = {
    "model": "m",
    "messages": [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "name": "ada", "content": [
            {"type": "text", "text": "Wäs?"},
            {"type": "image_url", "image_url": {"url": PIXELS}},
            {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
            {"type": "video_url", "video_url": {"url": "https://example.com/a.mp4"}},
            {"type": "new_kind"},
        ]},
        {"role": "assistant", "content": None, "reasoning_content": "Hm.", "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "look", "arguments": '{"a":1}'}},
            {"id": "2", "type": "custom", "custom": {"name": "do", "input": "it"}},
        ]},
        {"role": "tool", "tool_call_id": "1", "content": "12345"},
    ],
}  # fmt: skip
CHAT_SIZES = [
    {"role": "system", "kind": "text", "chars": 9},
    {"role": "user", "kind": "text", "chars": 4},
    {"role": "user", "kind": "image", "count": 2, "bytes": 31},
    {"role": "user", "kind": "audio", "count": 1, "bytes": 3},
    {"role": "user", "kind": "video", "count": 1},
    {"role": "user", "kind": "other", "count": 1},
    {"role": "assistant", "kind": "reasoning", "chars": 3},
    {"role": "assistant", "kind": "tool_call", "chars": 15},
    {"role": "tool", "kind": "text", "chars": 5},
]
MESSAGES: dict[str, Any] = {
    "model": "m",
    "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "Hm.", "signature": "abc"},
            {"type": "redacted_thinking", "data": "abcde"},
            {"type": "text", "text": "Look:"},
            {"type": "tool_use", "id": "1", "name": "look", "input": {"a": 1}},
        ]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "1", "content": [
                {"type": "text", "text": "12345"},
                {"type": "image", "source": {"type": "base64", "data": "QUJD", "media_type": "image/png"}},
            ]},
            {"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}},
            {"type": "text", "text": "And?"},
        ]},
    ],
}  # fmt: skip
MESSAGES_SIZES = [
    {"role": "system", "kind": "text", "chars": 9},
    {"role": "user", "kind": "text", "chars": 6},
    {"role": "assistant", "kind": "reasoning", "chars": 3},
    {"role": "assistant", "kind": "encrypted", "count": 1, "bytes": 5},
    {"role": "assistant", "kind": "text", "chars": 5},
    {"role": "assistant", "kind": "tool_call", "chars": 11},
    {"role": "tool", "kind": "text", "chars": 5},
    {"role": "tool", "kind": "image", "count": 1, "bytes": 3},
    {"role": "user", "kind": "file", "count": 1},
]
RESPONSES: dict[str, Any] = {
    "model": "m",
    "instructions": "Be brief.",
    "input": [
        {"role": "user", "content": [
            {"type": "input_text", "text": "Hi"}, {"type": "input_image", "image_url": PIXELS},
        ]},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}], "encrypted_content": "abcde"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Look:"}]},
        {"type": "function_call", "call_id": "1", "name": "look", "arguments": '{"a":1}'},
        {"type": "function_call_output", "call_id": "1", "output": "12345"},
    ],
}  # fmt: skip
RESPONSES_SIZES = [
    {"role": "system", "kind": "text", "chars": 9},
    {"role": "user", "kind": "text", "chars": 2},
    {"role": "user", "kind": "image", "count": 1, "bytes": 31},
    {"role": "assistant", "kind": "reasoning", "chars": 3},
    {"role": "assistant", "kind": "encrypted", "count": 1, "bytes": 5},
    {"role": "assistant", "kind": "text", "chars": 5},
    {"role": "assistant", "kind": "tool_call", "chars": 11},
    {"role": "tool", "kind": "text", "chars": 5},
]


def by_kind(sizes):
    return sorted(sizes, key=lambda size: (size.get("role", ""), size["kind"]))


@pytest.mark.parametrize(
    ("request_", "messages", "expected"),
    [(CHAT, 4, CHAT_SIZES), (MESSAGES, 4, MESSAGES_SIZES), (RESPONSES, 6, RESPONSES_SIZES)],
    ids=["chat", "messages", "responses"],
)
def test_messages_are_added_up_per_role_and_kind(request_, messages, expected):
    sizes = Memory().sizes(request_, None, remember=True)
    assert sizes.pop("messages") == messages
    assert by_kind(sizes.pop("new")) == by_kind(expected)
    assert sizes == {}


def spoken(*texts):
    return {"messages": [{"role": "user", "content": text} for text in texts]}


def test_messages_that_the_task_sent_before_are_known():
    memory = Memory()

    def known(task, *texts, remember=True):
        return memory.sizes(spoken(*texts), task, remember=remember).get("known")

    assert known("t", "a") == 0
    assert known("t", "a", "b", "c") == 1
    assert known("other", "a") == 0
    assert known("t", "a", "b", "c", "d", remember=False) == 3
    assert known("t", "a", "b", "c", "d") == 3  # The same again: what was not remembered is new once more.
    assert known("t", "a", "x", "c", "d") == 1
    assert known("t", "z") == 0
    assert known(None, "a") is None


def test_what_is_new_stands_behind_what_is_known():
    memory = Memory()
    memory.sizes(spoken("a", "bb"), "t", remember=True)
    sizes = memory.sizes(spoken("a", "bb", "ccc"), "t", remember=True)
    assert sizes == {"messages": 3, "known": 2, "new": [{"role": "user", "kind": "text", "chars": 3}]}


def test_a_cache_breakpoint_that_moved_changes_no_message():
    memory = Memory()
    first = {"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {"type": "x"}}]}]}
    then = {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}, *spoken("b")["messages"]]}
    memory.sizes(first, "t", remember=True)
    assert memory.sizes(then, "t", remember=True)["known"] == 1


def test_a_task_that_was_forgotten_knows_nothing():
    memory = Memory(tasks=2)
    for task in "abc":
        assert memory.sizes(spoken("x"), task, remember=True)["known"] == 0
    again = memory.sizes(spoken("x", "y"), "a", remember=True)
    assert again == {"messages": 2, "new": [{"role": "user", "kind": "text", "chars": 2}]}
    assert memory.sizes(spoken("x", "y"), "a", remember=True)["known"] == 2


def test_the_memory_is_bounded():
    memory = Memory(tasks=10, marks=1 << 10)
    for number in range(2000):
        memory.sizes(spoken("x"), f"t{number}", remember=True)
    assert len(memory._last) == 10
    assert len(memory._seen) == 128


@pytest.mark.parametrize("key", ["previous_response_id", "conversation"])
def test_a_prompt_that_is_kept_by_the_seller_has_no_size(key):
    assert Memory().sizes({**RESPONSES, key: "x"}, "t", remember=True) == {}


@pytest.mark.parametrize(
    "request_", [{}, {"messages": 5}, {"messages": [None, 5, {"content": 5}]}, {"input": {"a": 1}}, {"system": 7}]
)
def test_requests_of_no_shape_have_some_size(request_):
    assert Memory().sizes(request_, "t", remember=True)["messages"] >= 0


BODIES = [
    ({"choices": [{"message": CHAT["messages"][2] | {"content": "Hey"}}, {"message": {"refusal": "No."}}]},
     {"text": 6, "reasoning": 3, "tool_call": 15}),
    ({"type": "message", "content": MESSAGES["messages"][1]["content"]},
     {"text": 5, "reasoning": 3, "tool_call": 11, "encrypted": None}),
    ({"output": RESPONSES["input"][1:4]}, {"text": 5, "reasoning": 3, "tool_call": 11, "encrypted": None}),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_what_was_delivered_is_added_up_per_kind(body, expected):
    answer = Answer()
    answer.read(body)
    assert {each["kind"]: each.get("chars") for each in answer.delivered()} == expected


STREAMS: dict[str, list[dict[str, Any]]] = {
    "chat": [
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]},
        {"choices": [{"index": 0, "delta": {"reasoning_content": "Hm."}}]},
        {"choices": [{"index": 0, "delta": {"content": "Hey"}}, {"index": 1, "delta": {"content": "Ho"}}]},
        {"choices": [{"index": 0, "delta": {"tool_calls": [{"function": {"name": "look", "arguments": ""}}]}}]},
        {"choices": [{"index": 0, "delta": {"tool_calls": [{"function": {"arguments": '{"a":1}'}}]}}]},
    ],
    "messages": [
        {"type": "message_start", "message": {"type": "message", "content": [], "usage": {"input_tokens": 1}}},
        {"type": "content_block_start", "content_block": {"type": "thinking", "thinking": ""}},
        {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "Hm."}},
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "HeyHo"}},
        {"type": "content_block_start", "content_block": {"type": "tool_use", "name": "look", "input": {}}},
        {"type": "content_block_delta", "delta": {"type": "input_json_delta", "partial_json": '{"a":1}'}},
    ],
    "responses": [
        {"type": "response.created", "response": {"id": "resp_1", "output": []}},
        {"type": "response.reasoning_summary_text.delta", "delta": "Hm."},
        {"type": "response.output_text.delta", "delta": "HeyHo"},
        {"type": "response.output_item.added", "item": {"type": "function_call", "name": "look"}},
        {"type": "response.function_call_arguments.delta", "delta": '{"a":1}'},
    ],
}


@pytest.mark.parametrize("surface", STREAMS)
def test_a_stream_that_breaks_off_has_the_size_that_came(surface):
    answer = Streamed()
    begun = []
    for each in STREAMS[surface]:
        answer.event(each)
        begun.append(answer.begun)
    assert {each["kind"]: each["chars"] for each in answer.delivered()} == {"text": 5, "reasoning": 3, "tool_call": 11}
    assert begun.index(True) == {"chat": 1, "messages": 2, "responses": 1}[surface]
    assert not answer.reached_its_end


def test_counts_of_a_stream_of_messages_grow():
    answer = Streamed()
    start = {"input_tokens": 9, "output_tokens": 4, "cache_creation": {"ephemeral_5m_input_tokens": 3}}
    answer.event({"type": "message_start", "message": {"id": "msg_1", "type": "message", "usage": start}})
    answer.event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}})
    answer.event({"type": "message_delta", "usage": {"output_tokens": 7, "input_tokens": None}})
    assert answer.written()["usage"] == {**start, "output_tokens": 7}
    assert answer.reached_its_end


def test_features_and_limits_are_read():
    assert read_features(CHAT) == {"tools": False, "json_schema": False, "image": True, "video": True}
    assert read_features(MESSAGES)["image"] and read_features(RESPONSES)["image"]
    schema = {"type": "json_schema"}
    asked: dict[str, Any]
    for asked in (
        {"response_format": schema}, {"text": {"format": schema}}, {"output_config": {"format": schema}},
    ):  # fmt: skip
        assert read_features({**asked, "tools": [{}]}) == {
            "tools": True, "json_schema": True, "image": False, "video": False,
        }  # fmt: skip
    asked = {"model": "m", "max_output_tokens": 5, "reasoning": {"effort": "low"}, "stream": True, "user": "ada"}
    assert read_request(asked | {"service_tier": "flex", "metadata": {"a": "b"}}) == {
        "model": "m", "stream": True, "reasoning_effort": "low", "service_tier": "flex", "max_output_tokens": 5,
    }  # fmt: skip


@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n", "\r\r"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_events_are_whole_however_they_come(end, size):
    line = end[: len(end) // 2]
    events = [f"event: a{line}data: 1{end}", f": ping{end}", f"data: é{line}data: 2{end}", f"data: \u2028{end}"]
    sent = "".join(events).encode() + b"data: cut"
    splitter = Splitter()
    found = [each for place in range(0, len(sent), size) for each in splitter.feed(sent[place : place + size])]
    rest = splitter.rest()
    assert b"".join(found) + rest == sent
    data = [data_of(each) for each in found]
    assert [each for each in data if each] == [b"1", "é\n2".encode(), "\u2028".encode()]
    assert data_of(rest) == b"cut"


def test_an_event_without_end_is_passed_on(monkeypatch):
    monkeypatch.setattr("tollbook_capture.events.MOST", 100)
    splitter = Splitter()
    assert splitter.feed(b"data: " + b"x" * 200) == [b"data: " + b"x" * 200]
    assert splitter.feed(b"x\n\ndata: 1\n\n") == [b"x\n\n", b"data: 1\n\n"]
