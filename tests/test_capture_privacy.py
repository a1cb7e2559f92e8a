"""Nothing of what was said, and no key, is in a line: wherever a caller or a seller puts it."""

import hashlib
import json

import httpx2
import pytest
import tollbook_capture

from tests.captured import CHAT, USAGE, ask, chunk, client, lines, streaming, whole

SECRET = "Tell nobody: sk-proj-0123456789abcdef"
"""What a caller or a seller says; it has blanks in it, as sentences have."""
KEY = "sk-proj-0123456789abcdef"


def full_of(shape, deep=0):
    """The same shape with a secret for every text, and one more under a name that nobody knows."""
    if isinstance(shape, dict):
        kept = ("role", "type", "object", "finish_reason")
        inner = {key: value if key in kept else full_of(value, deep + 1) for key, value in shape.items()}
        return {**inner, "unknown": SECRET, f"{KEY} key": 5}
    if isinstance(shape, list):
        return [full_of(each, deep + 1) for each in shape] + [SECRET]
    return SECRET if isinstance(shape, str) else shape


REQUEST = {
    "messages": [
        {"role": "user", "name": KEY, "content": [{"type": "text", "text": ""}, {"type": "image_url", "url": ""}]},
        {"role": "assistant", "tool_calls": [{"id": "", "function": {"name": "", "arguments": ""}}]},
        {"role": "tool", "tool_call_id": "", "content": ""},
    ],
    "tools": [{"type": "function", "function": {"name": "", "description": ""}}],
    "user": KEY, "safety_identifier": KEY, "metadata": {"a": ""}, "instructions": "", "system": "", "stop": [""],
    "response_format": {"type": "json_schema", "json_schema": {"name": ""}}, "prompt_cache_key": KEY,
}  # fmt: skip
ERROR = {"error": {"message": "", "code": KEY + " is no key", "type": "", "param": "messages.[0] " + KEY}, "detail": ""}


def written(directory):
    lines(directory)
    return b"".join(path.read_bytes() for path in directory.iterdir()).decode()


def hides(text):
    return not any(secret in text for secret in (SECRET, "nobody", KEY, "password", "Bearer"))


@pytest.mark.parametrize(("status", "answer"), [(200, CHAT), (200, ERROR), (401, ERROR), (500, [ERROR])])
def test_a_call_full_of_secrets_leaves_none(status, answer, tmp_path):
    headers = {"authorization": f"Bearer {KEY}", "x-api-key": KEY, "x-stainless-retry-count": "0"}
    usage = {**USAGE, "note": SECRET, SECRET: 1, "deep": [[{"a": SECRET}]]}
    body = full_of(answer) if isinstance(answer, list) else {**full_of(answer), "usage": usage, "model": "m"}
    caller = client(httpx2, whole(json.dumps(body).encode(), status), tmp_path)
    url = f"https://user:password@api.openai.com/v1/chat/completions?key={KEY}#{KEY}"
    sent = {**full_of(REQUEST), "model": "m"}
    assert caller.post(url, json=sent, headers=headers).status_code == status
    found = written(tmp_path)
    assert '"base_url":"https://api.openai.com/v1"' in found
    assert hides(found)


def test_a_stream_full_of_secrets_leaves_none(tmp_path):
    events = [full_of(chunk("a")) | {"id": "chatcmpl-1", "model": "m"}, {"error": full_of(ERROR["error"])}]
    ask(client(httpx2, streaming(*events), tmp_path), stream=True)
    found = written(tmp_path)
    assert '"model":"m"' in found
    assert hides(found)


def test_a_failure_tells_the_log_nothing_of_the_call(tmp_path, caplog, monkeypatch):
    def fail(*_):
        raise ValueError(SECRET)

    monkeypatch.setattr("tollbook_capture.writer.as_line", fail)
    monkeypatch.setattr("tollbook_capture.guard._failures", {})
    ask(client(httpx2, whole(), tmp_path), messages=[{"role": "user", "content": SECRET}])
    written(tmp_path)
    assert "failed in writing a line" in caplog.text
    said = [record.getMessage() for record in caplog.records if record.levelname != "DEBUG"]
    assert hides(" ".join(said))


def test_a_user_is_hashed_and_other_names_are_as_given(tmp_path):
    caller = client(httpx2, whole(), tmp_path, key_alias="search-prod")
    with tollbook_capture.work(user="ada@example.com", agent="planner", unheard="of"):
        ask(caller)
    (line,) = lines(tmp_path)
    assert (line["key_alias"], line["agent"]) == ("search-prod", "planner")
    assert line["user"] == hashlib.sha256(b"ada@example.com").hexdigest()
    assert "ada" not in json.dumps(line) and "unheard" not in line


def test_inner_work_adds_to_outer_and_is_over_at_its_end(tmp_path):
    caller = client(httpx2, whole(), tmp_path, team="search", tags={"a": 1})
    with tollbook_capture.task("t", team="chat", tags={"b": 2}):
        with tollbook_capture.step(1, tags={"c": 3}, team=None):
            ask(caller)
        ask(caller)
    ask(caller)
    found = [(line.get("task"), line.get("step"), line["team"], line["tags"]) for line in lines(tmp_path)]
    assert found == [
        ("t", 1, "search", {"a": "1", "b": "2", "c": "3"}),
        ("t", None, "chat", {"a": "1", "b": "2"}),
        (None, None, "search", {"a": "1"}),
    ]


@pytest.mark.parametrize("names", [{"step": "2"}, {"step": -1}, {"step": True}, {"tags": "no"}, {"team": ""}])
def test_names_of_no_use_are_left_out(names, tmp_path):
    with tollbook_capture.work(**names):
        ask(client(httpx2, whole(), tmp_path))
    assert not names.keys() & lines(tmp_path)[0].keys()
