"""Sellers' APIs of usage and costs on this machine, in the documented shapes, with faults that are planned."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "sk-admin-0123456789abcdef-never-written"
DAY = timedelta(days=1)
Fault = tuple[int, dict[str, str], bytes] | str
"""A whole answer, or ``cut`` (the connection ends in the middle), ``junk`` (no JSON)."""


class SellerApi:
    """What the API knows, what it was asked, and which faults come first.

    ``days`` is what a report has on each day: results of buckets, or rows of OpenRouter's activity.
    """

    def __init__(self) -> None:
        self.days: dict[str, dict[date, list[dict[str, Any]]]] = {}
        self.generations: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.faults: list[Fault] = []
        self.page_size = 31
        self.circle = self.endless = False
        self.leaves_out: set[date] = set()
        self.on_asked: Callable[[int], None] = lambda number: None
        self.key = KEY
        self.port = 0

    def url(self, path: str = "/v1") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, path: str, query: dict[str, list[str]], headers: Any) -> tuple[int, dict[str, str], bytes]:
        key = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
        if key != self.key:
            return fault(401, code="invalid_api_key", message=f"Incorrect API key provided: {key}")
        if path == "/v1/generation":
            found = self.generations.get(query["id"][0])
            return as_json({"data": found}) if found else fault(404, code="not_found")
        if path == "/v1/activity":
            return as_json({"data": self.days["activity"].get(date.fromisoformat(query["date"][0]), [])})
        report = path.removeprefix("/v1/organization/").removeprefix("/v1/organizations/")
        return as_json(self._page(report, query))

    def _page(self, report: str, query: dict[str, list[str]]) -> dict[str, Any]:
        is_openai = "start_time" in query
        if is_openai:
            first, end = (_utc_day(int(query[name][0])) for name in ("start_time", "end_time"))
        else:
            first, end = (date.fromisoformat(query[name][0][:10]) for name in ("starting_at", "ending_at"))
        begin = date.fromisoformat(query["page"][0].removeprefix("page_").split("~")[0]) if "page" in query else first
        size = min(self.page_size, int(query["limit"][0]))
        stop = min(end, begin + DAY * size)
        days = [begin + DAY * number for number in range((stop - begin).days)]
        data = [self._bucket(report, day, is_openai=is_openai) for day in days if day not in self.leaves_out]
        page = {"data": data, "has_more": stop < end, "next_page": f"page_{stop}" if stop < end else None}
        if self.circle:
            page |= {"has_more": True, "next_page": f"page_{first}"}
        if self.endless:
            page |= {"has_more": True, "next_page": f"page_{first}~{len(self.asked)}"}
        return {"object": "page", **page} if is_openai else page

    def _bucket(self, report: str, day: date, *, is_openai: bool) -> dict[str, Any]:
        results = self.days.get(report, {}).get(day, [])
        if is_openai:
            at = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
            return {"object": "bucket", "start_time": at, "end_time": at + 86400, "results": results}
        return {"starting_at": f"{day}T00:00:00Z", "ending_at": f"{day + DAY}T00:00:00Z", "results": results}


def _utc_day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def as_json(value: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, json.dumps(value, indent=1).encode()


def fault(status: int, headers: dict[str, str] | None = None, **error: str) -> tuple[int, dict[str, str], bytes]:
    return status, headers or {}, json.dumps({"error": error}).encode() if error else b""


def http_date(later_s: int = 0) -> str:
    return format_datetime(datetime(2026, 11, 22, 9, tzinfo=UTC) + timedelta(seconds=later_s), usegmt=True)


@contextmanager
def selling() -> Iterator[SellerApi]:
    """Listen on 127.0.0.1 until the block ends."""
    api = SellerApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {re.sub(r"\[\]$", "", name): values for name, values in parse_qs(parts.query).items()}
            api.asked.append((parts.path, query))
            api.on_asked(len(api.asked))
            planned = api.faults.pop(0) if api.faults else None
            if isinstance(planned, tuple):
                answer = planned
            else:
                answer = api.answer(parts.path, query, self.headers)
            self._send(*answer, planned if isinstance(planned, str) else "")

        def _send(self, status: int, headers: dict[str, str], body: bytes, how: str) -> None:
            body = b'{"data": [' if how == "junk" else body
            self.send_response_only(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if how == "cut" else body)
            self.close_connection = how == "cut"

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        api.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()


def completions(model: str, prompt: int, output: int, **given: Any) -> dict[str, Any]:
    """A result of OpenAI's usage of completions."""
    who = {"project_id": "proj_1", "api_key_id": None, "user_id": None, "batch": False, "service_tier": "default"}
    counts = {"input_tokens": prompt, "output_tokens": output, "input_cached_tokens": 0, "num_model_requests": 1}
    return {"object": "organization.usage.completions.result", "model": model, **counts, **who, **given}


def cost(line_item: str, value: float, **given: Any) -> dict[str, Any]:
    """A result of OpenAI's costs."""
    amount = {"value": value, "currency": "usd"}
    return {
        "object": "organization.costs.result",
        "line_item": line_item,
        "amount": amount,
        "project_id": None,
        **given,
    }


def messages(model: str, uncached: int, output: int, **given: Any) -> dict[str, Any]:
    """A result of Anthropic's usage report."""
    who = {"api_key_id": None, "workspace_id": None, "service_tier": "standard", "context_window": "0-200k"}
    counts = {"uncached_input_tokens": uncached, "output_tokens": output, "cache_read_input_tokens": 0}
    written = {"cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0}}
    return {**counts, **written, "server_tool_use": {"web_search_requests": 0}, "model": model, **who, **given}


def activity(day: date, model: str, requests: int, usd: float, **given: Any) -> dict[str, Any]:
    """A row of OpenRouter's activity."""
    counts = {"requests": requests, "prompt_tokens": 100, "completion_tokens": 10, "reasoning_tokens": 0}
    names = {"model": model, "model_permaslug": model, "endpoint_id": "e1", "provider_name": "StepFun"}
    return {"date": str(day), **names, **counts, "usage": usd, "byok_usage_inference": 0, **given}
