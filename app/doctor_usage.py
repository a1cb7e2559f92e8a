"""Checks of answers that do not say what they used, and how to have them say so, for each way that logs come."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.doctor import Check, Finding, Patient, counted, some
from app.figures import count, things

if TYPE_CHECKING:
    from warehouse.checkups import MissingUsage

STREAMS = "streams without usage"
ANSWERS = "answers without usage"
ASK = 'ask for it in the request: "stream_options": {"include_usage": true}'
TO_THE_END = "log the stream to its end: its last events hold the usage"
LOG_IT = "have the gateway log the answer's `usage` object as it came"
MAYBE = f"where they are streams, {ASK}; else {LOG_IT}"
IN_STREAMS = {
    "openai_compatible": f"{ASK}; the recorder does so by itself for sellers known to take it, else with ask_for_usage",
    "otlp": f"{ASK}; an instrumentation records what the stream says (LangChain: stream_usage=True)",
    "langfuse": f"{ASK}; it records what the stream says (LangChain: stream_usage=True)",
    "litellm": "have the proxy ask for it, in its config.yaml",
    "portkey_gateway": "the gateway's log keeps no answer of a stream, asked or not: record the calls in the client, "
    "with tollbook-capture or OpenTelemetry, and load that",
}
"""What to do about streams, by the source of the log; ``ASK`` where it is not here."""
IN_ALL = {
    (
        "otlp",
        "litellm",
    ): "LiteLLM's older traces lose the usage of most answers: set LITELLM_OTEL_V2=true at the proxy, "
    "or load what its generic callback or its spend logs say",
}
"""What to do about any answer, by source and gateway."""
LINES = {"litellm": "general_settings:\n  always_include_stream_usage: true\n"}
"""What to write, by the source of the log."""
HARDLY_TELL = ("otlp", "langfuse")
"""Sources of logs in which streams look like other answers."""
ALWAYS_SAY = ("anthropic", "openrouter", "gemini", "bedrock")
"""Sellers, and sources of their own logs, whose streams end with their usage, asked or not."""


def answers_without_usage(patient: Patient) -> Iterator[Finding]:
    """Answers that do not say what they used, streams apart: they have a cure of their own."""
    from warehouse.checkups import missing_usage

    by_cure: dict[tuple[str, str, str | None], list[MissingUsage]] = {}
    for row in missing_usage(patient.reader, patient.scope):
        name, fix, lines = _cure(row)
        by_cure.setdefault((name, fix, lines), []).append(row)
    for (name, fix, lines), rows in by_cure.items():
        calls = sum(row.missing for row in rows)
        named = [(_place(row), row.missing) for row in rows]
        yield Finding(
            name,
            f"{things(calls, 'answer')} of {count(sum(row.answers for row in rows))} there came without usage, "
            f"in no amount: {some(counted(named))}",
            fix,
            needs_person=True,
            calls=calls,
            unpriced=calls,
            lines=lines,
            page="imports",
        )


def _place(row: "MissingUsage") -> str:
    return f"{row.seller or 'no seller'} in {row.source}" + (f" of {row.gateway}" if row.gateway else "")


def _cure(row: "MissingUsage") -> tuple[str, str, str | None]:
    """The finding's name, what to do, and what to write for it."""
    name = STREAMS if row.is_stream else ANSWERS
    if (row.source, row.gateway) in IN_ALL:
        return name, IN_ALL[row.source, row.gateway or ""], None
    if row.is_stream is None or (not row.is_stream and row.source in HARDLY_TELL):
        return name, MAYBE, None
    if not row.is_stream:
        return name, LOG_IT, None
    if row.seller in ALWAYS_SAY or row.source in ALWAYS_SAY:
        return name, TO_THE_END, None
    return name, IN_STREAMS.get(row.source, ASK), LINES.get(row.source)


USAGE = (Check((STREAMS, ANSWERS), answers_without_usage),)
