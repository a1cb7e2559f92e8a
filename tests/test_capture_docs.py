"""The recorder's page names all that can be set and said, and its example is a line as it is written."""

import json
import re
from pathlib import Path

import httpx2
import tollbook_capture
from tollbook_capture import asked, settings
from tollbook_capture.work import NAMES

from tests.captured import USAGE, chunk, client, lines, streaming

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "recorder.md").read_text(encoding="utf-8")
EXAMPLE = json.loads(re.findall(r"<!-- example -->\n```json\n(.*?)```", PAGE, re.DOTALL)[0])


def missing(words):
    return [word for word in words if f"`{word}`" not in PAGE]


def test_every_name_and_setting_is_there():
    assert missing(NAMES) == []
    assert missing(asked.GIVES_USAGE) == []
    source = Path(settings.__file__).read_text(encoding="utf-8")
    own = {settings.VARIABLE + name for name in ["DIR", *re.findall(r'_number\("(\w+)"', source), "ASK_FOR_USAGE"]}
    assert missing(own) == []
    assert [name for name in settings.FROM_ENVIRONMENT if f"_{name.upper()}`" not in PAGE] == []


def test_every_public_name_is_there():
    assert [name for name in tollbook_capture.__all__ if not re.search(rf"\b{name}\b", PAGE)] == []


def test_the_limits_are_those_of_the_page():
    limits = settings.Limits()
    assert f"`TOLLBOOK_CAPTURE_QUEUE` | calls that may wait to be written: {limits.records} |" in PAGE
    assert f"when a file is full or old: {limits.file_bytes}, {limits.file_seconds:.0f} |" in PAGE
    assert f"{limits.memory >> 20} MiB of bodies" in PAGE and f"{limits.file_bytes >> 20} MiB" in PAGE


def test_the_example_is_a_line_as_it_is_written(tmp_path):
    headers = {"x-request-id": "req-81"}
    seller = streaming(chunk("Hello", "stop", usage=USAGE), "[DONE]", **headers)
    names = {name: EXAMPLE[name] for name in ("task", "step", "team", "user")}
    caller = client(httpx2, seller, tmp_path, ask_for_usage=False, **names)
    body = EXAMPLE["request"] | {"tools": [{}], "messages": [{"role": "user", "content": "Hi"}]}
    url = EXAMPLE["base_url"] + EXAMPLE["api_path"]
    caller.post(url, json=body, headers={"x-stainless-retry-count": "1"})
    (line,) = lines(tmp_path)
    assert list(line) == list(EXAMPLE)
    same = ("schema", "base_url", "api_path", "request", "status", "attempt", "retries", "request_id", *list(names)[:3])
    assert {name: line[name] for name in same} == {name: EXAMPLE[name] for name in same}
    assert set(line["response"]) == set(EXAMPLE["response"])
    assert set(line["sizes"]) == set(EXAMPLE["sizes"])
