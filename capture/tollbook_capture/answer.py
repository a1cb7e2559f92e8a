"""What is read of an answer, whole or streamed: id, model, usage, how it ended, and how much was delivered."""

from __future__ import annotations

from typing import Any, Callable

from tollbook_capture.parts import Part, added, chat_message, parts_of, response_item
from tollbook_capture.plain import as_list, as_object, known, name, number, plain, token, word

READ: dict[str, Callable[[Any], Any]] = {
    "id": token, "object": token, "type": token, "stop_reason": token, "status": token, "model": name, "provider": name,
    "service_tier": word, "created": number, "created_at": number, "max_output_tokens": number,
}  # fmt: skip
"""What of an answer's own fields is kept, and as what."""
PLAIN_CHUNK = {
    "id", "object", "created", "model", "choices", "system_fingerprint", "usage", "obfuscation", "provider",
    "service_tier",
}  # fmt: skip
PLAIN_DELTA = {"role", "content"}
"""Of most chunks of a stream nothing else is to be read."""
TERMINAL = ("response.completed", "response.incomplete", "response.failed", "message_stop")


class Answer:
    """One answer as far as it is known: the fields of a line's ``response``, and what went wrong."""

    def __init__(self) -> None:
        self.body: dict[str, Any] = {}
        self.usage: dict[str, Any] = {}
        self.reasons: dict[int, str] = {}
        self.parts: list[Part] = []
        self.error: dict[str, Any] = {}

    def read(self, body: dict[str, Any]) -> None:
        """Take in an answer's body, of any surface."""
        self.head(body)
        for place, choice in enumerate(as_list(body.get("choices"))):
            self.reason(place, as_object(choice).get("finish_reason"))
            self.parts += chat_message(as_object(as_object(choice).get("message")), "assistant")
            self.parts += parts_of(as_object(choice).get("text"), "assistant")
        if body.get("type") == "message":
            self.parts += parts_of(body.get("content"), "assistant")
        for item in as_list(body.get("output")):
            self.parts += response_item(as_object(item))

    def head(self, body: dict[str, Any]) -> None:
        """Take in what a body says of itself, without what it delivers."""
        for key, read in READ.items():
            if key in body and (found := read(body[key])) is not None:
                self.body[key] = found
        if reason := word(as_object(body.get("incomplete_details")).get("reason")):
            self.body["incomplete_details"] = {"reason": reason}
        if effort := word(as_object(body.get("reasoning")).get("effort")):
            self.body["reasoning"] = {"effort": effort}
        self.counts(body.get("usage") or as_object(body.get("x_groq")).get("usage"))
        self.failure(body.get("error"))
        if "error" not in body and not self.body.get("id") and (body.get("reason") or body.get("code")):
            self.failure({"code": body.get("code"), "type": body.get("reason")})

    def counts(self, usage: Any) -> None:
        """Take in a usage object: the last one told counts."""
        if isinstance(usage, dict) and usage:
            self.usage = usage

    def reason(self, place: int, reason: Any) -> None:
        """Take in why a choice ended."""
        if found := word(reason):
            self.reasons[place] = found

    def failure(self, error: Any) -> None:
        """Take in an error: its plain words, never its sentence."""
        if isinstance(error, dict):
            words = {key: word(error.get(key)) for key in ("code", "type", "param")}
            self.error = {**self.error, **{key: value for key, value in words.items() if value}} or {"type": "error"}
        elif error:
            self.error = self.error or {"type": word(error) or "error"}

    def written(self) -> dict[str, Any]:
        """The fields of a line's ``response``."""
        choices = [{"finish_reason": self.reasons[place]} for place in sorted(self.reasons)]
        return {**self.body, **known(choices=choices or None, usage=plain(self.usage) or None)}

    def delivered(self) -> list[dict[str, Any]]:
        """How much was delivered, per kind."""
        return added(self.parts, roles=False)


class Streamed(Answer):
    """An answer that comes in events."""

    def __init__(self) -> None:
        super().__init__()
        self.over = False
        """Whether its last event has come."""
        self.begun = False
        """Whether anything of the answer itself has come."""
        self._choices: set[int] = set()
        self._sums: dict[str, int] = {}

    @property
    def reached_its_end(self) -> bool:
        """Whether its last event has come, or why it ended was said."""
        return self.over or "stop_reason" in self.body or bool(self.reasons) and self._choices <= self.reasons.keys()

    def event(self, event: dict[str, Any]) -> None:
        """Take in one event of any surface."""
        kind = event.get("type")
        if isinstance(kind, str) and kind.startswith("response."):
            self._of_responses(kind, event)
        elif isinstance(kind, str) and "choices" not in event:
            self._of_messages(kind, event)
        else:
            self._of_chat(event)

    def _of_chat(self, event: dict[str, Any]) -> None:
        # Azure's first chunk has neither id nor model; StepFun's have usage, each of them.
        if "id" not in self.body or not event.get("choices") or not event.keys() <= PLAIN_CHUNK:
            self.head(event)
        elif event.get("usage"):
            self.counts(event["usage"])
        for place, choice in enumerate(as_list(event.get("choices"))):
            choice = as_object(choice)
            index = choice.get("index")
            index = index if isinstance(index, int) else place
            self._choices.add(index)
            if choice.get("finish_reason"):
                self.reason(index, choice["finish_reason"])
            self._delta(as_object(choice.get("delta")))
            if isinstance(choice.get("text"), str):
                self._add("text", len(choice["text"]))

    def _delta(self, delta: dict[str, Any]) -> None:
        if delta.keys() <= PLAIN_DELTA and isinstance(delta.get("content"), str):
            self._add("text", len(delta["content"]))
            return
        for part in chat_message(delta, "assistant"):
            self._add(part.kind, part.chars)
            if part.pieces and not part.chars:
                self.parts.append(part)

    def _of_messages(self, kind: str, event: dict[str, Any]) -> None:
        if kind == "message_start":
            self.head(as_object(event.get("message")))
        elif kind == "content_block_start":
            block = as_object(event.get("content_block"))
            # A call's arguments come in deltas: what stands here is an empty object in their place.
            block = {key: value for key, value in block.items() if key != "input" or value}
            for part in parts_of(block, "assistant"):
                if part.pieces:
                    self.parts.append(part)
                self._add(part.kind, part.chars)
        elif kind == "content_block_delta":
            delta = as_object(event.get("delta"))
            for key, into in (("text", "text"), ("thinking", "reasoning"), ("partial_json", "tool_call")):
                self._add(into, len(delta[key]) if isinstance(delta.get(key), str) else 0)
        elif kind == "message_delta":
            self.usage = grow(self.usage, as_object(event.get("usage")))
            if reason := word(as_object(event.get("delta")).get("stop_reason")):
                self.body["stop_reason"] = reason
        elif kind == "error":
            self.failure(event.get("error") or event)
        self.over = self.over or kind == "message_stop"

    def _of_responses(self, kind: str, event: dict[str, Any]) -> None:
        body = as_object(event.get("response"))
        if body:
            self.head(body)
        if isinstance(event.get("delta"), str):
            into = "reasoning" if "reasoning" in kind else "tool_call" if "call" in kind else "text"
            self._add(into, 0 if "audio.delta" in kind else len(event["delta"]))
        elif kind == "response.output_item.added":
            call = as_object(event.get("item"))
            self._add("tool_call", len(str(call.get("name") or "")) if "call" in str(call.get("type")) else 0)
        if kind in TERMINAL:
            self.over = True
            whole = [part for item in as_list(body.get("output")) for part in response_item(as_object(item))]
            if whole:
                self._sums.clear()
                self.parts = whole

    def _add(self, kind: str, chars: int | None) -> None:
        if chars:
            self.begun = True
            self._sums[kind] = self._sums.get(kind, 0) + chars

    def delivered(self) -> list[dict[str, Any]]:
        """How much was delivered, per kind."""
        return added(
            [*self.parts, *(Part("assistant", kind, chars) for kind, chars in self._sums.items())], roles=False
        )


def grow(usage: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """A usage with what a later event says: of two counts of one thing the greater, of all else the later."""
    grown = dict(usage)
    for key, value in more.items():
        before = grown.get(key)
        if isinstance(value, dict):
            grown[key] = grow(as_object(before), value)
        elif number(value) is not None and number(before) is not None:
            grown[key] = max(value, before)
        elif value is not None:
            grown[key] = value
    return grown
