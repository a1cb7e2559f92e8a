"""Recorded and loaded is what the sellers served, to the last token, with every fault mixed in."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.ledger_rows import differences, rows_in, rows_of, total
from tests.recorded_calls import record_mixed
from tests.sellers import Attempt
from tests.sellers.answer import SECRET
from tests.sellers.calls import PIXEL

SECRETS = (SECRET, "Secret words", "sk-secret-key", "sk-ant-secret", PIXEL[:40], "look_up")


def lines_of(directory: Path) -> list[dict]:
    """What was recorded, file by file."""
    files = sorted(directory.glob("capture-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "count", [pytest.param(160), pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(1500)])]
)
def test_recorded_is_what_was_served(count, tmp_path, tollbook):
    directory = tmp_path / "capture"
    attempts, left = record_mixed(count, directory)
    assert len({attempt.plan.ref for attempt in attempts}) == count
    tollbook.json("ingest", directory)
    expected, found = rows_of(attempts, left=left), rows_in(tollbook.warehouse)
    assert differences(expected, found) == []
    assert total(expected.values()) == total(found.values())
    assert_nothing_is_told(directory, tollbook.warehouse)
    lines = {line["request_id"]: line for line in lines_of(directory) if "request_id" in line}
    assert_requests(attempts, lines)
    assert_answers(attempts, lines)
    assert_messages(attempts, lines)


def assert_nothing_is_told(*places: Path) -> None:
    """No prompt, no answer, no key and no error's words."""
    for file in (path for place in places for path in place.rglob("*") if path.is_file()):
        text = file.read_bytes()
        assert [secret for secret in SECRETS if secret.encode() in text] == [], file.name


def assert_requests(attempts: list[Attempt], lines: dict[str, dict]) -> None:
    """What a line says that was asked for is what arrived."""
    arrived = {attempt.request_id: asked_in(attempt.request) for attempt in attempts}
    wrong = [
        f"{line['task']}, step {line['step']}: {line['request']}, {line['features']} is not {arrived[name]}"
        for name, line in lines.items()
        if (line["request"] | {"features": line["features"]}) != arrived[name]
    ]
    assert wrong == []


def asked_in(request: dict) -> dict:
    """What a line tells of a request: no more than this."""
    text, effort = json.dumps(request), request.get("reasoning", {}).get("effort")
    found = {name: request[name] for name in ("model", "stream", "reasoning_effort") if name in request}
    found |= {name: number for name, number in request.items() if name.startswith("max_")}
    features = {"tools": "tools" in request, "json_schema": '"json_schema"' in text, "image": PIXEL in text}
    return found | ({"reasoning_effort": effort} if effort else {}) | {"features": features | {"video": False}}


def assert_answers(attempts: list[Attempt], lines: dict[str, dict]) -> None:
    """Each answer's length is what was delivered of it, in code points of each kind."""
    wrong = []
    for attempt in attempts:
        if attempt.outcome == "ok":
            parts = lines[attempt.request_id]["sizes"].get("answer", ())
            said = Counter({part["kind"]: part["chars"] for part in parts if part.get("chars")})
            if said != +attempt.answered:
                wrong.append(f"{attempt.seller} {attempt.api} {attempt.stream=}: {said} is not {attempt.answered}")
    assert wrong == []


def assert_messages(attempts: list[Attempt], lines: dict[str, dict]) -> None:
    """Each request's length is that of the one that arrived, less what its task's last one with usage began with."""
    before: dict[str, list] = {}
    wrong = []
    for attempt in attempts:
        task, messages = attempt.plan.ref.rpartition("/")[0], messages_of(attempt.request)
        known = alike(before.get(task, []), messages)
        if attempt.sent:
            before[task] = messages
        if attempt.request_id in lines:
            sizes = lines[attempt.request_id]["sizes"]
            texts = {part["role"]: part["chars"] for part in sizes["new"] if part["kind"] == "text"}
            expected = len(messages), known, texts_of(messages[known:])
            if (sizes["messages"], sizes["known"], texts) != expected:
                wrong.append(f"{attempt.plan.ref}, {attempt.api}: {sizes} is not {expected}")
    assert wrong == []


def alike(one: list, other: list) -> int:
    """How many items two lists begin with alike."""
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)


def messages_of(request: dict) -> list[tuple[str, Any]]:
    """Role and content of each message; what stands beside them for the system is one, too."""
    system = request.get("system") or request.get("instructions")
    messages = request.get("messages") or request["input"]
    return [("system", system)] * bool(system) + [(each["role"], each["content"]) for each in messages]


def texts_of(messages: list[tuple[str, Any]]) -> dict[str, int]:
    """Code points of text by role."""
    found: Counter = Counter()
    for role, content in messages:
        parts = content if isinstance(content, list) else [{"text": content}]
        found[role] += sum(len(part.get("text", "")) for part in parts)
    return dict(found)
