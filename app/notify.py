"""Notifications by Apprise: to the addresses that a person gives, and nowhere else.

An address holds tokens, in some services in every part of it. It is read from the command line or the environment, is
kept nowhere, and is never shown: its number and its service are.
"""

import logging
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.session import UserMistake

if TYPE_CHECKING:
    from apprise import AppriseAttachment, NotifyBase

VARIABLE = "TOLLBOOK_NOTIFY"
MOST_ATTACHED = 20_000_000
"""Bytes of files that are sent with one message: what most mail servers take."""
NO_FILES = "This service takes no files."
TOO_LARGE = "The files are not sent with it: {size:,} bytes are more than {most:,}."
NOT_TAKEN = "The service did not take the files."


class Channel(NamedTuple):
    """Where to send to; ``name`` says which address it is and nothing of what it holds."""

    name: str
    service: "NotifyBase"


def channels(given: Sequence[str]) -> list[Channel]:
    """The addresses given, else those of ``TOLLBOOK_NOTIFY``; raises UserMistake, which names none of them."""
    addresses = [*given] or os.environ.get(VARIABLE, "").split()
    if not addresses:
        return []
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        raise UserMistake("notifications need the package apprise, which is not installed") from None
    # It would write addresses to its log.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = AppriseAsset(app_id="Tollbook", app_desc="Tollbook", app_url="", storage_mode="memory")
    found = []
    for number, address in enumerate(addresses, 1):
        with warnings.catch_warnings():
            # Its plug-ins, which it loads with the first address, speak of modules that Python is to lose.
            warnings.simplefilter("ignore", DeprecationWarning)
            service = Apprise.instantiate(address, asset=asset)
        whose = f"{'--notify' if given else VARIABLE}: address {number}"
        if service is None:
            raise UserMistake(f"{whose} is none that Apprise knows; write it as in json://HOST/PATH")
        found.append(Channel(f"{whose} ({address.partition(':')[0]})", service))
    return found


def send(to: Sequence[Channel], title: str, body: str) -> list[str]:
    """Send a message to every channel; returns the names of those that did not take it."""
    return [channel.name for channel in to if not _sent(channel, title, body)]


def send_files(to: Sequence[Channel], title: str, body: str, files: Sequence[Path]) -> list[str]:
    """The same with files. Where they cannot go along, the message goes without them and says so."""
    size = sum(path.stat().st_size for path in files)
    return [channel.name for channel in to if not _sent_with(channel, (title, body), files, size)]


def _sent_with(channel: Channel, message: tuple[str, str], files: Sequence[Path], size: int) -> bool:
    title, body = message
    if not channel.service.attachment_support:
        return _sent(channel, title, f"{body}\n{NO_FILES}")
    if size > MOST_ATTACHED:
        return _sent(channel, title, f"{body}\n{TOO_LARGE.format(size=size, most=MOST_ATTACHED)}")
    return _sent(channel, title, body, files) or _sent(channel, title, f"{body}\n{NOT_TAKEN}")


def _sent(channel: Channel, title: str, body: str, files: Sequence[Path] = ()) -> bool:
    try:
        return bool(channel.service.notify(body=body, title=title, attach=_attached(files)))
    except Exception:  # noqa: BLE001 - whatever a service's plug-in stumbles over, the message did not go out
        return False


def _attached(files: Sequence[Path]) -> "AppriseAttachment | None":
    """Files as what they are: as text, a name with a question mark in it would be read as an address."""
    from apprise import AppriseAttachment
    from apprise.attachment.file import AttachFile

    return AppriseAttachment([AttachFile(str(path)) for path in files]) if files else None  # type: ignore[no-untyped-call]
