"""Where a span's call went: its address, and whose it is where that proves the seller."""

import json
import re
from typing import Any

from ingest.reading import Reading
from ingest.traces.request import Span
from ingest.traces.scopes import Scope
from ingest.traces.text import object_of

PATHS = {
    "api.openai.com": "/v1",
    "api.anthropic.com": "/v1",
    "api.deepseek.com": "",
    "api.groq.com": "/openai/v1",
    "api.mistral.ai": "/v1",
    "api.novita.ai": "/openai",
    "openrouter.ai": "/api/v1",
}
"""Where a host's every call is billed alike. StepFun's are not: its path tells a subscription apart."""
PROVIDERS = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
HOST = re.compile(r"[A-Za-z0-9.\-\[\]:_]{1,253}")


def set_route(reading: Reading, span: Span, scope: Scope) -> None:
    """The base URL, else a seller that the instrumentation names only where it is the seller."""
    attributes = span.attributes
    reading["base_url"] = reading["base_url"] or _of_litellm(attributes) or _of_host(span)
    if reading["base_url"] is None:
        said = next((str(attributes[name]) for name in PROVIDERS if attributes.get(name)), "")
        reading["seller"] = said if said in scope.sellers else None


def _of_litellm(attributes: dict[str, Any]) -> str | None:
    text = attributes.get("hidden_params")
    try:
        found = json.loads(text).get("api_base") if isinstance(text, str) else object_of(text).get("api_base")
    except (ValueError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, str) and found else None


def _of_host(span: Span) -> str | None:
    """An address made of the server's name and port; a span of what a server was asked names itself there."""
    attributes = span.attributes
    host, port = attributes.get("server.address"), attributes.get("server.port")
    if not isinstance(host, str) or not host or ("litellm.call_id" in attributes and span.scope != "litellm"):
        return None
    if "://" in host:
        return host
    if not HOST.fullmatch(host):
        return None
    secure = port in (None, 443)
    scheme = str(attributes.get("url.scheme") or ("https" if secure else "http"))
    return f"{scheme}://{host}{'' if secure else f':{port}'}{PATHS.get(host, '')}"
