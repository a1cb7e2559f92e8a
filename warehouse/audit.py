"""The audit of the usage database: who changed what is known of prices; written in the change's own transaction."""

import getpass
import json
from datetime import datetime
from typing import Any

import duckdb

from warehouse.sqlfiles import run

NOBODY = "unknown"


def machine_user() -> str:
    """The user of this machine; ``unknown`` where it does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return NOBODY


def keep_audit(
    usage: duckdb.DuckDBPyConnection, what: str, *, who: str, now: datetime, after: dict[str, Any] | None = None
) -> None:
    """Write down a change."""
    values = {"now": now, "who": who, "what": what, "before": None, "after": json.dumps(after) if after else None}
    run(usage, "keep_audit", values)
