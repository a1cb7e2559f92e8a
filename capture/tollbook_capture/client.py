"""The one line: record what goes through a client."""

from __future__ import annotations

from typing import Any, TypeVar

from tollbook_capture.guard import LOG, failed
from tollbook_capture.settings import AskForUsage
from tollbook_capture.transport import AsyncRecordingTransport, Recorder, RecordingTransport, recorder_from

Client = TypeVar("Client")


def record(
    client: Client, directory: object = None, *, ask_for_usage: AskForUsage | None = None, **names: Any
) -> Client:
    """Record every call that goes through a client of openai or anthropic, or through a client of httpx; returns it.

    ``directory`` is where the lines go, else TOLLBOOK_CAPTURE_DIR. ``names`` (team, project, ...) are said of every
    call. Copies of the client record too. Never raises: what cannot be recorded is said on the logger.
    """
    try:
        recorder = recorder_from(directory, ask_for_usage, names)
        http = client if hasattr(client, "_mounts") else getattr(client, "_client", None)
        if http is None or not hasattr(http, "_transport"):
            LOG.warning("Nothing is recorded: %s has no HTTP client that is known.", type(client).__name__)
        elif recorder is not None:
            _wrap(http, recorder)
    except Exception:
        failed("record")
    return client


def _wrap(http: Any, recorder: Recorder) -> None:
    http._transport = _recording(http._transport, recorder)
    mounts = getattr(http, "_mounts", {})
    for pattern, transport in list(mounts.items()):
        if transport is not None:
            mounts[pattern] = _recording(transport, recorder)


def _recording(transport: Any, recorder: Recorder) -> Any:
    """The transport, recording; one that records already goes on with the newer settings."""
    if isinstance(transport, (RecordingTransport, AsyncRecordingTransport)):
        transport._recorder = recorder
        return transport
    made: Any = RecordingTransport if hasattr(transport, "handle_request") else AsyncRecordingTransport
    found = made.__new__(made)
    found._inner = transport
    found._recorder = recorder
    return found
