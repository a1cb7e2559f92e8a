"""Records what calls of language models used: one line per attempt, and nothing of what was said.

>>> import openai, tollbook_capture
>>> client = tollbook_capture.record(openai.OpenAI(), directory="captured")
"""

from __future__ import annotations

from tollbook_capture.client import record
from tollbook_capture.guard import failures
from tollbook_capture.transport import AsyncRecordingTransport, RecordingTransport
from tollbook_capture.work import step, task, work
from tollbook_capture.writer import writers

__all__ = ["AsyncRecordingTransport", "RecordingTransport", "failures", "flush", "record", "step", "task", "work"]
__version__ = "0.1.0"


def flush(seconds: float = 5.0) -> bool:
    """Wait until every call that is over is written; returns whether it is.

    At the end of a process this happens by itself.
    """
    return all([writer.flush(seconds) for writer in writers()])
