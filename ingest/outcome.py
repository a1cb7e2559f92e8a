"""Sorts failures into categories, from what a log says of them: status, error code, exception name."""

import re
from typing import Any

ERROR_CATEGORIES = (
    "auth",
    "forbidden",
    "payment",
    "invalid_request",
    "not_found",
    "context_length",
    "media",
    "content_filter",
    "rate_limit",
    "timeout",
    "cancelled",
    "disconnect",
    "provider_error",
    "other",
)
"""What kinds of failure are kept apart.

``timeout``, ``cancelled`` (by the client) and ``disconnect`` (the connection broke) may have been billed.
"""

BY_TEXT = (
    ("context_length", r"context_length|context window|maximum context|too many tokens|string_above_max"),
    ("media", r"(?<![a-z])(images?|videos?|media|audio)(?![a-z])"),
    (
        "content_filter",
        r"content_filter|moderation|content_policy|refusal|refused to answer|(?<![a-z])(un)?safe(ty)?(?![a-z])",
    ),
    ("rate_limit", r"rate_?limit|too many requests|quota_exceeded|(?<![a-z])[tr]pm(?![a-z])"),
    ("auth", r"invalid_api_key|authentication|unauthorized|incorrect api key"),
    ("payment", r"insufficient_quota|insufficient balance|billing|credit"),
    ("timeout", r"time(d)?[ _]?out|deadline"),
    ("cancelled", r"cancel|abort|client.*(closed|disconnect)"),
    (
        "disconnect",
        r"remoteprotocol|readerror|connection|connect ?error|disconnect|incomplete|reset|broken pipe|(?<![a-z])eof",
    ),
    ("not_found", r"not_?found|does not exist|no such model"),
    ("forbidden", r"permission|forbidden"),
    ("provider_error", r"server_error|server had an error|internal|overloaded|unavailable|bad gateway"),
    ("invalid_request", r"invalid_request|bad ?request|unprocessable|unsupported|invalid_"),
)
BY_STATUS = {
    400: "invalid_request",
    401: "auth",
    402: "payment",
    403: "forbidden",
    404: "not_found",
    408: "timeout",
    413: "context_length",
    415: "media",
    422: "invalid_request",
    429: "rate_limit",
    451: "content_filter",
    499: "cancelled",
    504: "timeout",
}
REFINED = {400, 403, 422}
"""Statuses that cover several kinds of failure: the error's text decides first."""

STATUS_CODES = {str(code) for code in range(400, 600)}
"""Codes that are statuses: OpenRouter says so what failed, in an answer whose own status is 200."""


def categorise(status: int | None, error: Any) -> str | None:
    """The category of a failure, or None when nothing failed.

    ``error`` is an error object with ``code``, ``type`` and ``message``, or a name or sentence.
    """
    if status is None and isinstance(error, dict) and str(error.get("code")) in STATUS_CODES:
        status = int(error["code"])
    failed = status is not None and status >= 400
    if not failed and not error:
        return None
    text = _words(error)
    if failed and status is not None and status not in REFINED:
        fallback = "provider_error" if status >= 500 else "other"
        return BY_STATUS.get(status, fallback)
    for category, pattern in BY_TEXT:
        if re.search(pattern, text, re.IGNORECASE):
            return category
    return BY_STATUS.get(status, "other") if status is not None else "other"


def _words(error: Any) -> str:
    if isinstance(error, dict):
        return " ".join(str(error.get(name) or "") for name in ("code", "type", "message", "error"))
    return str(error or "")
