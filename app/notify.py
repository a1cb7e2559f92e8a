"""Notifications by Apprise: to the addresses that a person gives, and nowhere else.

An address holds tokens, in some services in every part of it. It is read from the command line or the environment, is
kept nowhere, and is never shown: its number and its service are.
"""

import logging
import os
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.session import UserMistake

if TYPE_CHECKING:
    from apprise import NotifyBase

VARIABLE = "TOLLBOOK_NOTIFY"


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


def _sent(channel: Channel, title: str, body: str) -> bool:
    try:
        return bool(channel.service.notify(body=body, title=title))
    except Exception:  # noqa: BLE001 - whatever a service's plug-in stumbles over, the message did not go out
        return False
