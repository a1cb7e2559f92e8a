"""What goes wrong in the recorder stays in it: it is counted, and said once for each place where it happens."""

from __future__ import annotations

import functools
import logging
from typing import Any, Callable, TypeVar, cast

LOG = logging.getLogger("tollbook_capture")

Hook = TypeVar("Hook", bound=Callable[..., Any])

_failures: dict[str, int] = {}


def failures() -> dict[str, int]:
    """How often the recorder failed in this process, by place."""
    return dict(_failures)


def failed(place: str) -> None:
    """Count the failure that is being handled; the first one in a place is said, without the caller's data."""
    try:
        count = _failures.get(place, 0) + 1
        _failures[place] = count
        if count == 1:
            LOG.warning("The recorder failed in %s; calls go on, their records may lack something.", place)
            LOG.debug("The failure in %s:", place, exc_info=True)
    except Exception:  # noqa: S110, BLE001
        pass  # A logger that fails is not the caller's trouble.


def guarded(otherwise: Callable[..., Any]) -> Callable[[Hook], Hook]:
    """Make a method that never raises; where it fails, it gives what ``otherwise`` makes of its arguments."""

    def decorate(hook: Hook) -> Hook:
        @functools.wraps(hook)
        def call(*arguments: Any) -> Any:
            try:
                return hook(*arguments)
            except Exception:
                failed(hook.__qualname__)
                return otherwise(*arguments)

        return cast(Hook, call)

    return decorate


def nothing(*_arguments: Any) -> None:
    """What a hook that gives nothing gives where it fails."""
