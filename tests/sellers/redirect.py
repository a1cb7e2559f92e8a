"""Transports that carry a call to a seller's real address to this machine's server instead."""

from typing import Any

HOSTS = {
    "api.openai.com": "openai",
    "api.stepfun.ai": "stepfun",
    "api.stepfun.com": "stepfun",
    "api.novita.ai": "novita",
    "api.deepseek.com": "deepseek",
    "api.anthropic.com": "anthropic",
}
BASE_URLS = {
    "openai": "https://api.openai.com/v1",
    "stepfun": "https://api.stepfun.ai/v1",
    "novita": "https://api.novita.ai/openai/v1",
    "deepseek": "https://api.deepseek.com",
    "anthropic": "https://api.anthropic.com",
}


def transports(http: Any, address: str) -> tuple[Any, Any]:
    """A sync and an async transport of ``http`` (httpx or httpx2) that reach the server at ``address``."""

    def moved(request: Any) -> Any:
        url = request.url
        path = f"/{HOSTS[url.host]}{url.raw_path.decode()}"
        more = {"headers": request.headers, "stream": request.stream, "extensions": request.extensions}
        return http.Request(request.method, address + path, **more)

    class Redirect(http.HTTPTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            return super().handle_request(moved(request))

    class AsyncRedirect(http.AsyncHTTPTransport):  # type: ignore[misc]
        async def handle_async_request(self, request: Any) -> Any:
            return await super().handle_async_request(moved(request))

    return Redirect(), AsyncRedirect()
