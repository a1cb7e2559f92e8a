"""The audit of the usage database: who changed prices or deleted calls, written in the change's own transaction."""

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


def keep_audit(  # noqa: PLR0913 - who changed what, when, and how it read before and after
    usage: duckdb.DuckDBPyConnection,
    what: str,
    *,
    who: str,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down a change."""
    told = {name: json.dumps(said) if said else None for name, said in (("before", before), ("after", after))}
    run(usage, "keep_audit", {"now": now, "who": who, "what": what, **told})
