"""OpenRouter's activity by days, and what it billed for single calls.

Activity: https://openrouter.ai/docs/api/api-reference/analytics/get-user-activity-grouped-by-endpoint
"""

from datetime import date
from typing import Any

from ingest.openrouter_generation import LEAVES
from ingest.pull.problem import PullError
from ingest.pull.report import DAY, Page, Provider, Query, Report, Window

GENERATION = "generation"
REPORT_KEYS = ("OPENROUTER_MANAGEMENT_KEY", "OPENROUTER_PROVISIONING_KEY", "OPENROUTER_API_KEY")
CALL_KEYS = ("OPENROUTER_API_KEY", "OPENROUTER_MANAGEMENT_KEY", "OPENROUTER_PROVISIONING_KEY")
"""Where a generation is asked for, a key of calls goes first: only the account's own activity needs the other."""
KEPT = {path for leaf in LEAVES for path in leaf.paths if leaf.column != "user"} | {"cancelled"}
"""Fields of a generation that are kept. Who called stays out of the file: it would be there by name."""
TRIES = "provider_responses"


def _query(report: Report, window: Window, cursor: str | None) -> Query:
    """One day at a time: the answer to all 30 does not say which days it is of."""
    return [("date", cursor or window.first.isoformat())]


def _read(answer: dict[str, Any], window: Window, cursor: str | None) -> Page:
    if not isinstance(answer.get("data"), list):
        raise PullError("the answer is no activity: it has no list `data`")
    day = date.fromisoformat(cursor) if cursor else window.first
    named = {str(row.get("date"))[:10] for row in answer["data"] if isinstance(row, dict)}
    if named - {day.isoformat()}:
        raise PullError(f"the answer about {day} has sums of other days: {', '.join(sorted(named))[:100]}")
    return Page((day,), (day + DAY).isoformat() if day < window.last else None)


def kept_of(answer: dict[str, Any], generation: str) -> dict[str, Any]:
    """What is kept of the answer about one call: the fields that are read, no other. Raises PullError."""
    data = answer.get("data")
    if not isinstance(data, dict) or data.get("id") != generation:
        raise PullError("the answer is about no such call: its `data` has another id or none")
    kept = {name: value for name, value in data.items() if name in KEPT}
    tries = data.get(TRIES)
    if isinstance(tries, list):
        kept[TRIES] = [{"status": item.get("status")} for item in tries if isinstance(item, dict)]
    return kept


OPENROUTER = Provider(
    name="openrouter",
    title="OpenRouter",
    base_url="https://openrouter.ai/api/v1",
    keys=REPORT_KEYS,
    headers=lambda key: {"Authorization": f"Bearer {key}"},
    reports=(
        Report(
            "activity",
            "openrouter_daily",
            "",
            "activity",
            ("model", "provider_name", "endpoint_id", "workspace_id"),
            _query,
            _read,
        ),
    ),
    oldest=30,
)
