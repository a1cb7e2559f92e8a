"""``tollbook collect``: records from running programs over HTTP, on the disk before they are acknowledged."""

from pathlib import Path
from typing import Annotated

import typer

from app.session import UserMistake, session_of

MIB = 1 << 20


def collect(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on; another than this machine's needs a token.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="Port to listen on; 0 is any free one.")
    ] = 4318,
    token_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File with the token. [default: $TOLLBOOK_COLLECT_TOKEN, or no token]"),
    ] = None,
    most: Annotated[
        int, typer.Option("--body-limit", metavar="MIB", min=1, max=1024, help="Largest body, packed or unpacked.")
    ] = 16,
    waiting: Annotated[
        int, typer.Option("--waiting-limit", metavar="MIB", min=1, max=65536, help="Most that may wait to be written.")
    ] = 64,
    every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, max=3600, help="Seconds between two loads of what came.")
    ] = 5.0,
    keep: Annotated[
        float, typer.Option(metavar="HOURS", min=0, help="How long received files stay after they were loaded.")
    ] = 24.0,
) -> None:
    """Receive traces, LiteLLM's callbacks and envelopes over HTTP, and load them.

    OTLP at /v1/traces, LiteLLM's generic callback at /litellm, envelopes at /envelopes; GET /health says that it runs.
    A request is answered once what it brought is on the disk, without prompts, answers, headers and keys.
    """
    from app.receiver.body import Room
    from app.receiver.door import HOW, TOKEN, is_loopback, read_token
    from app.receiver.server import Settings, serve

    session = session_of(context)
    token = read_token(token_file)
    if token is None and not is_loopback(host):
        raise UserMistake(f"{host} is not this machine alone: set ${TOKEN} or --token-file; senders give it {HOW}")
    if waiting < 2 * most:
        raise UserMistake(f"--waiting-limit {waiting} holds no two bodies of {most} MiB; give at least {2 * most}")
    present = session.now if session.now_given else None
    room = Room(most * MIB, waiting * MIB)
    serve(Settings(session.warehouse, host, port, token, room, every, keep, present), session.tell)
