"""``tollbook serve``: the browser app, on this machine alone."""

import os
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.session import UserMistake, session_of

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(metavar="PORT", min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
) -> None:
    """Open the browser app on 127.0.0.1."""
    session = session_of(context)
    _refuse_taken(port)
    session.tell(f"Tollbook is at http://{HOST}:{port} (Ctrl-C stops it)")
    environment = {**os.environ, "TOLLBOOK_WAREHOUSE": str(session.warehouse.resolve())}
    if session.now_given:
        environment["TOLLBOOK_NOW"] = session.now.isoformat()
    os.chdir(ROOT)
    # What Streamlit says there is for those who write apps.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # The server takes this process's place: whoever ends it, however, ends all of it.
    os.execve(sys.executable, [sys.executable, "-m", "app.served", str(port)], environment)


def _refuse_taken(port: int) -> None:
    """Say so when the port is in use; raises UserMistake."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise UserMistake(f"port {port} is in use; choose another with --port") from error
