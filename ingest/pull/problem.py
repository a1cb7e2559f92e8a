"""What can go wrong when a seller's API is asked.

PullError            an answer cannot be had, or cannot be used; one plain line, exit code 2
├── Refused          the key is not taken, or may not read this
├── Unreachable      nobody answers at the address
└── NotThere         nothing stands under this address: an answer's id that is not known yet
"""

from ingest.problem import IngestError


class PullError(IngestError):
    """An answer that cannot be had or used; the message says what to do, and never holds a key."""


class Refused(PullError):
    """The key is not taken, or may not read this."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class NotThere(PullError):
    """Nothing stands under this address."""


class Unreachable(PullError):
    """Nobody answers at the address."""
