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
IN_STREAMS = {
    "openai_compatible": f"{ASK}; the recorder asks by itself: ask_for_usage=True",
    "otlp": f"{ASK}; an instrumentation records what the stream says (LangChain: stream_usage=True)",
    "langfuse": f"{ASK}; it records what the stream says (LangChain: stream_usage=True)",
    "litellm": "have the proxy ask for it, in its config.yaml",
    "anthropic": TO_THE_END,
    "gemini": TO_THE_END,
    "bedrock": TO_THE_END,
    "openrouter": TO_THE_END,
}
"""What to do about streams, by the source of the log; ``ASK`` where it is not here."""
LINES = {"litellm": "general_settings:\n  always_include_stream_usage: true\n"}
"""What to write, by the source of the log."""
ALWAYS_SAY = ("anthropic", "openrouter", "gemini", "bedrock")
"""Sellers whose streams end with their usage, asked or not."""
LOG_IT = "have the gateway log the answer's `usage` object as it came"


def answers_without_usage(patient: Patient) -> Iterator[Finding]:
    """Answers that do not say what they used, streams apart: they have a cure of their own."""
    from warehouse.checkups import missing_usage

    by_cure: dict[tuple[str, str, str | None], list[MissingUsage]] = {}
    for row in missing_usage(patient.reader, patient.scope):
        name, fix, lines = _cure(row)
        by_cure.setdefault((name, fix, lines), []).append(row)
    for (name, fix, lines), rows in by_cure.items():
        calls = sum(row.missing for row in rows)
        named = [(f"{row.seller or 'no seller'} in {row.source}", row.missing) for row in rows]
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


def _cure(row: "MissingUsage") -> tuple[str, str, str | None]:
    """The finding's name, what to do, and what to write for it."""
    if not row.is_stream:
        return ANSWERS, LOG_IT, None
    if row.seller in ALWAYS_SAY:
        return STREAMS, TO_THE_END, None
    return STREAMS, IN_STREAMS.get(row.source, ASK), LINES.get(row.source)


USAGE = (Check((STREAMS, ANSWERS), answers_without_usage),)
