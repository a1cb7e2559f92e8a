"""Failures sorted by what a log says of them: status first where it is plain, else code, type, message or name."""

import pytest

from ingest.outcome import BY_STATUS, BY_TEXT, ERROR_CATEGORIES, categorise

CASES: list[tuple[int | None, object, str | None]] = [
    (None, None, None),
    (200, None, None),
    (302, None, None),
    (None, "", None),
    (None, {}, None),
    # A status that says enough.
    (401, None, "auth"),
    (401, {"message": "image too large"}, "auth"),
    (402, None, "payment"),
    (403, None, "forbidden"),
    (404, {"code": "model_not_found"}, "not_found"),
    (408, None, "timeout"),
    (413, None, "context_length"),
    (429, {"code": "rate_limit_exceeded"}, "rate_limit"),
    (451, None, "content_filter"),
    (499, None, "cancelled"),
    (500, None, "provider_error"),
    (503, {"message": "overloaded"}, "provider_error"),
    (504, None, "timeout"),
    (529, None, "provider_error"),
    (418, None, "other"),
    # A status that covers several kinds.
    (400, None, "invalid_request"),
    (400, {"code": "unsupported_parameter", "type": "invalid_request_error"}, "invalid_request"),
    (400, {"code": "context_length_exceeded"}, "context_length"),
    (400, {"message": "This model's maximum context length is 8192 tokens"}, "context_length"),
    (400, {"code": "invalid_image_url"}, "media"),
    (400, {"message": "the video could not be fetched"}, "media"),
    (400, {"code": "content_policy_violation"}, "content_filter"),
    (403, {"message": "flagged by moderation"}, "content_filter"),
    (403, {"message": "not in your region"}, "forbidden"),
    (422, None, "invalid_request"),
    # No status: names of exceptions and words.
    (None, "ReadTimeout", "timeout"),
    (None, "APITimeoutError", "timeout"),
    (None, "context deadline exceeded", "timeout"),
    (None, "asyncio.CancelledError", "cancelled"),
    (None, "request was aborted by the client", "cancelled"),
    (None, "RemoteProtocolError: peer closed", "disconnect"),
    (None, "APIConnectionError", "disconnect"),
    (None, "ConnectError", "disconnect"),
    (None, "Connection refused", "disconnect"),
    (None, "server closed the connection immediately", "disconnect"),
    (None, "EOFError", "disconnect"),
    (None, "RateLimitError", "rate_limit"),
    (None, {"message": "TPM limit reached"}, "rate_limit"),
    (None, "AuthenticationError", "auth"),
    (None, {"code": "insufficient_quota"}, "payment"),
    (None, "NotFoundError", "not_found"),
    (None, "PermissionDeniedError", "forbidden"),
    (None, "BadRequestError", "invalid_request"),
    (None, "UnprocessableEntityError", "invalid_request"),
    (None, "InternalServerError", "provider_error"),
    (None, "HTTPMiddlewareError", "other"),
    (None, True, "other"),
    (200, {"code": "content_filter"}, "content_filter"),
    # An answer whose error names a status.
    (None, {"code": 502, "message": "Provider returned error"}, "provider_error"),
    (None, {"code": "429"}, "rate_limit"),
    (None, {"code": 12}, "other"),
]


@pytest.mark.parametrize(("status", "error", "category"), CASES)
def test_a_failure_has_its_category(status, error, category):
    assert categorise(status, error) == category


def test_every_category_is_known_and_can_be_reached():
    given = {category for *_, category in CASES if category}
    assert given == set(ERROR_CATEGORIES)
    assert {name for name, _ in BY_TEXT} | set(BY_STATUS.values()) | {"other"} == set(ERROR_CATEGORIES)


@pytest.mark.parametrize("status", range(400, 600))
def test_every_failing_status_is_a_failure(status):
    assert categorise(status, None) in ERROR_CATEGORIES
