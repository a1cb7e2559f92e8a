"""Generates a folder of Claude Code session files: repeated lines, placeholders, sidechains and lines of no call."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2026, 10, 1, tzinfo=UTC)
MODELS = ("claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789"
FILLER = "what a person, a tool or a model wrote, of a middling length, which no reader here looks at; "
SESSION_LINES = 500


class _Sessions:
    """The state of one generation: a clock, and answers that later files repeat."""

    def __init__(self) -> None:
        self.draw = random.Random(20261122)
        self.at = START
        self.answers: list[dict[str, Any]] = []
        self.own_answers: list[dict[str, Any]] = []

    def session(self, number: int, count: int) -> Iterator[dict[str, Any]]:
        """The lines of one session."""
        own = {
            "userType": "external",
            "cwd": f"/srv/work/project-{number % 20}",
            "sessionId": f"{number:08x}-0000-4000-8000-{number:012x}",
            "version": "2.1.170",
            "gitBranch": "main",
        }
        lines = self._lines(own)
        self.own_answers = []
        yield {"type": "summary", "summary": FILLER[:60], "leafUuid": self._uuid()}
        for _ in range(count - 1):
            yield next(lines)

    def _lines(self, own: dict[str, Any]) -> Iterator[dict[str, Any]]:
        model = self.draw.choice(MODELS)
        while True:
            kind = self.draw.random()
            yield self._user(own)
            if kind < 0.02:
                model = self.draw.choice(MODELS)
            if kind < 0.05 and self.own_answers:
                yield self._replay(own)
            elif kind < 0.1 and self.answers:
                # A resumed session begins with what another one holds.
                yield self.draw.choice(self.answers)
            elif kind < 0.14:
                yield self._line(own, {"type": "progress", "data": {"type": "hook_progress"}})
                yield {"type": "file-history-snapshot", "messageId": self._uuid(), "snapshot": {}}
            elif kind < 0.15:
                yield self._synthetic(own)
            else:
                yield from self._answer(own, model, sidechain=kind > 0.9)

    def _answer(self, own: dict[str, Any], model: str, *, sidechain: bool) -> Iterator[dict[str, Any]]:
        """One call: a line for each block of its answer, the counts of the first ones still growing."""
        draw = self.draw
        blocks = draw.choice((1, 1, 2, 3))
        final = draw.randrange(20, 3_000)
        usage = {
            "input_tokens": draw.randrange(1, 900),
            "cache_creation_input_tokens": (written := draw.choice((0, draw.randrange(100, 20_000)))),
            "cache_read_input_tokens": draw.randrange(0, 150_000),
            "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
            "service_tier": "standard",
        }
        if draw.random() < 0.01:
            usage["speed"] = "fast"
        told = {"requestId": f"req_01{self._name(22)}", "isSidechain": sidechain}
        body = {"model": model, "id": f"msg_01{self._name(22)}", "type": "message", "role": "assistant"}
        for block in range(blocks):
            last = block == blocks - 1
            message = {
                **body,
                "content": [{"type": "text", "text": self._text()}],
                "stop_reason": "tool_use" if last else None,
                "stop_sequence": None,
                "usage": {**usage, "output_tokens": final if last else min(final, 1 + block * 7)},
            }
            line = self._line(own, {"message": message, **told, "type": "assistant"})
            yield line
            if last and not sidechain:
                self._keep(line)

    def _keep(self, line: dict[str, Any]) -> None:
        self.own_answers.append(line)
        if len(self.answers) < 500:
            self.answers.append(line)
        else:
            self.answers[self.draw.randrange(500)] = line

    def _replay(self, own: dict[str, Any]) -> dict[str, Any]:
        """An answer again, in a side conversation: with a new request's id and more from the cache."""
        line = self.draw.choice(self.own_answers)
        usage = {**line["message"]["usage"]}
        usage["cache_read_input_tokens"] += 50_000
        told = {"message": {**line["message"], "usage": usage}, "requestId": f"req_01{self._name(22)}"}
        return self._line(own, {**told, "isSidechain": True, "agentId": "aside", "type": "assistant"})

    def _synthetic(self, own: dict[str, Any]) -> dict[str, Any]:
        usage = {"input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
        message = {"model": "<synthetic>", "id": self._uuid(), "type": "message", "role": "assistant", "usage": usage}
        return self._line(own, {"message": message, "isSidechain": False, "type": "assistant"})

    def _user(self, own: dict[str, Any]) -> dict[str, Any]:
        content = [{"type": "tool_result", "tool_use_id": f"toolu_01{self._name(22)}", "content": self._text()}]
        return self._line(own, {"message": {"role": "user", "content": content}, "isSidechain": False, "type": "user"})

    def _line(self, own: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
        self.at += timedelta(milliseconds=self.draw.randrange(200, 40_000))
        time = self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"parentUuid": self._uuid(), **own, **more, "uuid": self._uuid(), "timestamp": time}

    def _text(self) -> str:
        return FILLER * self.draw.choice((1, 2, 4, 8, 30))

    def _uuid(self) -> str:
        text = f"{self.draw.getrandbits(128):032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def _name(self, length: int) -> str:
        return "".join(self.draw.choices(LETTERS, k=length))


def write_sessions(root: Path, lines: int, *, session_lines: int = SESSION_LINES) -> int:
    """Write session files with ``lines`` lines in all under ``root/projects``; returns how many files."""
    sessions = _Sessions()
    files = -(-lines // session_lines)
    for number in range(files):
        path = root / "projects" / f"-srv-work-project-{number % 20}" / f"{number:08x}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        count = min(session_lines, lines - number * session_lines)
        with path.open("w") as file:
            for line in sessions.session(number, count):
                file.write(json.dumps(line, separators=(",", ":")) + "\n")
    return files
