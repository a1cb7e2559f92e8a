"""What the two commands for cron share: how they end, and that an alert is told once."""

import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import typer

from app.notify import Channel, channels, send
from app.session import Session, UserMistake

if TYPE_CHECKING:
    from warehouse.alerts import Alert

All = Annotated[
    bool, typer.Option("--all", help="What was told before, too; nothing is sent, and nothing remembered as told.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print what fired, and nothing where nothing did.")]
Notify = Annotated[
    list[str] | None,
    typer.Option(metavar="URL", help="Send it there, by Apprise; repeat it for more. [default: $TOLLBOOK_NOTIFY]"),
]


class Ending(IntEnum):
    """How the command ends."""

    NOTHING = 0
    """Nothing fired, or nothing that was not told before."""
    FIRED = 1
    NOT_DELIVERED = 3
    """Something fired, and a notification was not delivered: it is told again next time. 2 is a mistake."""


def channels_for(given: Sequence[str] | None, everything: bool) -> list[Channel]:
    """Where to send to; raises UserMistake."""
    if everything and given:
        raise UserMistake("--all shows what stands, and sends nothing: leave --notify out")
    return [] if everything else channels(given or [])


def say(lines: Sequence[str]) -> None:
    """Plain text on stdout."""
    for line in lines:
        typer.echo(line)


def deliver(session: Session, to: Sequence[Channel], alerts: "Sequence[Alert]", message: tuple[str, str]) -> Ending:
    """Send what is new, and remember it as told once everybody has it."""
    from warehouse.alerts import keep_told

    if not alerts:
        return Ending.NOTHING
    failed = send(to, *message)
    if failed:
        for name in failed:
            print(f"tollbook: {name} did not take the notification; next time it is sent again", file=sys.stderr)  # noqa: T201 - the command line's own voice
        return Ending.NOT_DELIVERED
    keep_told(session.warehouse, alerts, now=session.now, tell=session.tell)
    return Ending.FIRED
