"""Anthropic's usage and cost report of an organization, by days."""

from ingest.pull.report import DAY, MOST_DAYS, Provider, Query, Report, Window, read_buckets

WHO = ("model", "workspace_id", "api_key_id", "service_tier", "context_window", "inference_geo")


def _query(report: Report, window: Window, cursor: str | None) -> Query:
    asked = [
        ("starting_at", f"{window.first}T00:00:00Z"),
        ("ending_at", f"{window.last + DAY}T00:00:00Z"),
        ("bucket_width", "1d"),
        ("limit", str(MOST_DAYS)),
        *(("group_by[]", name) for name in report.group_by),
    ]
    return [*asked, ("page", cursor)] if cursor else asked


def _report(name: str, tag: str, path: str, group_by: tuple[str, ...]) -> Report:
    return Report(name, "anthropic_billing", tag, f"organizations/{path}", group_by, _query, read_buckets)


ANTHROPIC = Provider(
    name="anthropic",
    title="Anthropic",
    base_url="https://api.anthropic.com/v1",
    keys=("ANTHROPIC_ADMIN_KEY", "ANTHROPIC_ADMIN_API_KEY"),
    headers=lambda key: {"x-api-key": key, "anthropic-version": "2023-06-01"},
    reports=(
        _report("messages", "messages", "usage_report/messages", WHO),
        _report("costs", "costs", "cost_report", ("workspace_id", "description")),
    ),
)
