"""The command line as a process that ends when the one that started it does, however that ended."""

import os
import sys
import threading


def main() -> None:
    """Run the command line; standard input is held open by the parent for as long as it lives."""
    from app import cli

    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.argv[0] = "tollbook"
    cli.main()


def _end_with_parent() -> None:
    """Wait until the input ends, and end at once: nobody would give the files their places."""
    # Not through sys.stdin: a thread that waits there would hold its lock while the process ends.
    while os.read(0, 1):
        pass
    os._exit(1)
