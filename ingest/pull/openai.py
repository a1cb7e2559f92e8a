"""OpenAI's usage and costs of an organization, by days."""

from ingest.pull.report import DAY, MOST_DAYS, Provider, Query, Report, Window, midnight, read_buckets

USAGE = ("completions", "embeddings", "moderations", "images", "audio_speeches", "audio_transcriptions")
"""Reports that count requests. Web and file searches count calls' requests once more, and are left out."""
WHO = ("model", "project_id", "api_key_id")


def _query(report: Report, window: Window, cursor: str | None) -> Query:
    asked = [
        ("start_time", str(round(midnight(window.first).timestamp()))),
        ("end_time", str(round(midnight(window.last + DAY).timestamp()))),
        ("bucket_width", "1d"),
        ("limit", str(MOST_DAYS)),
        *(("group_by[]", name) for name in report.group_by),
    ]
    return [*asked, ("page", cursor)] if cursor else asked


def _usage(name: str) -> Report:
    more = ("batch", "service_tier") if name == "completions" else ()
    path = f"organization/usage/{name}"
    return Report(name, "openai_billing", f"usage.{name}", path, (*WHO, *more), _query, read_buckets)


# By key, costs could not be held against calls: a log names a key, a bill numbers it.
COSTS = Report(
    "costs", "openai_billing", "costs", "organization/costs", ("line_item", "project_id"), _query, read_buckets
)
OPENAI = Provider(
    name="openai",
    title="OpenAI",
    base_url="https://api.openai.com/v1",
    keys=("OPENAI_ADMIN_KEY",),
    headers=lambda key: {"Authorization": f"Bearer {key}"},
    reports=(*map(_usage, USAGE), COSTS),
)
