"""Golden inputs with texts and keys planted wherever a log may carry them: none may be found again after a load."""

import csv
import io
import json
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

SENTENCE = "meine geheime Frage zebrafink an das Modell"
ANSWER = "the confidential answer quokkafrosch of it"
SECRETS = (
    "sk-proj-PLANTEDzebra0123456789abcdef",
    "sk-ant-api03-PLANTEDquokka0123456789",
    "eyJhbGciOiJIUzI1NiJ9.PLANTEDeyJzdWIiOiIxMjM0In0.abcDEF123",
    "AKIAPLANTED0123456789",
)
PLANTED = ("zebrafink", "quokkafrosch", "PLANTED")
"""A part of each of them: what is searched for."""
CONTENT: dict[str, Any] = {
    "messages": [{"role": "user", "content": SENTENCE, "tool_calls": [{"function": {"arguments": SENTENCE}}]}],
    "prompt": SENTENCE,
    "input": SENTENCE,
    "output_text": ANSWER,
    "completion": ANSWER,
    "content": [{"type": "text", "text": ANSWER}, {"type": "tool_use", "input": {"q": SENTENCE}}],
    "reasoning": ANSWER,
    "reasoning_content": ANSWER,
    "instructions": SENTENCE,
    "system": SENTENCE,
    "headers": {"authorization": f"Bearer {SECRETS[0]}", "x-api-key": SECRETS[1], "cookie": SECRETS[2]},
    "api_key": SECRETS[0],
    "apiKey": SECRETS[1],
    "aws_access_key_id": SECRETS[3],
    "toolUseResult": ANSWER,
    "statusMessage": SENTENCE,
    "exception.message": SENTENCE,
    "exception.stacktrace": ANSWER,
}
TAGS = ("tags", "metadata", "requestMetadata", "request_tags", "properties", "request_properties")
"""What a team calls its own calls by, which is kept on purpose."""
SPAN_CONTENT = (
    "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.prompt.0.content",
    "gen_ai.completion.0.content", "gen_ai.tool.call.arguments", "input.value", "output.value", "llm.prompts.0.content",
    "llm.input_messages.0.message.content", "llm.output_messages.0.message.content", "ai.prompt", "ai.prompt.messages",
    "ai.response.text", "ai.response.toolCalls", "langfuse.observation.input", "langfuse.observation.output",
    "http.request.header.authorization", "traceloop.entity.input", "traceloop.entity.output", "exception.message",
    "exception.stacktrace",
)  # fmt: skip


def plant(value: Any) -> Any:
    """The value with content beside the fields of every object in it; what stands there already stays."""
    if isinstance(value, list):
        items = [plant(item) for item in value]
        return [*items, *_attributes()] if _is_attributes(value) else items
    if not isinstance(value, dict):
        return value
    return {**{name: text for name, text in CONTENT.items() if name not in value}, **_inside(value)}


def _inside(value: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, inner in value.items():
        if name in TAGS:
            found[name] = inner
        # A string may be JSON on its own, as columns of tables and attributes of spans hold it.
        elif isinstance(inner, str) and inner.startswith("{") and isinstance(parsed := _json(inner), dict):
            found[name] = json.dumps(plant(parsed))
        else:
            found[name] = plant(inner)
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_attributes(value: list[Any]) -> bool:
    return any(isinstance(item, dict) and item.keys() == {"key", "value"} for item in value)


def _attributes() -> list[dict[str, Any]]:
    texts = (SENTENCE, ANSWER, *SECRETS)
    return [{"key": key, "value": {"stringValue": texts[place % len(texts)]}} for place, key in enumerate(SPAN_CONTENT)]


def planted_copy(path: Path, folder: Path) -> Path | None:
    """A copy of a golden input with planted content, each text format in its own way; None where it is binary."""
    write = WRITERS.get(path.suffix)
    if write is None:
        return None
    copy = folder / path.parent.name / path.name
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(write(path.read_text(encoding="utf-8-sig")), encoding="utf-8")
    return copy


def _lines(text: str) -> str:
    return "".join(_line(line) + "\n" for line in text.split("\n") if line.strip())


def _line(line: str) -> str:
    value = _json(line)
    if value is not None:
        return json.dumps(plant(value))
    # What is no JSON stays broken, with content in it.
    return line.rstrip("\r") + f' "content": "{SENTENCE}", "api_key": "{SECRETS[0]}"'


def _document(text: str) -> str:
    value = _json(text)
    return json.dumps(plant(value), indent=1) if value is not None else text + f'\n"{SENTENCE}" {SECRETS[1]}\n'


def _stream(text: str) -> str:
    lines = text.split("\n")
    return "\n".join("data: " + _line(line[5:].strip()) if line.startswith("data: {") else line for line in lines)


def _table(text: str) -> str:
    rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=_delimiter(text))
    heads = rows[0]
    for number, row in enumerate(rows):
        cells = [
            json.dumps(plant(found)) if isinstance(found := _json(cell), dict) and head not in TAGS else cell
            for head, cell in zip_longest(heads, row[: len(heads)])
        ]
        more = ("prompt_text", "answer_text", "secret_key") if number == 0 else (SENTENCE, ANSWER, SECRETS[0])
        writer.writerow([*cells, *more] if row else row)
    return out.getvalue()


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(",;\t|", key=head.count)


WRITERS: dict[str, Callable[[str], str]] = {".jsonl": _lines, ".json": _document, ".sse": _stream, ".csv": _table}
