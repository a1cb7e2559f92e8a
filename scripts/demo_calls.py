"""The demo's calls: where they go, what work they belong to, what each costs by the sellers' prices.

Counted here without the project's own arithmetic: a load is compared with it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Rates(NamedTuple):
    """Pico-units of a currency per token: 0.04 per million is 40,000."""

    currency: str
    input: int
    cache_read: int
    output: int


class Route(NamedTuple):
    """Where calls go, how the answer writes its usage, and what it costs (or why nobody can say)."""

    base_url: str
    asked: str
    served: str
    dialect: str
    rates: Rates | None
    unpriced: str = ""


USD = Rates("USD", 200_000, 40_000, 1_150_000)
CNY = Rates("CNY", 1_350_000, 270_000, 8_100_000)
V4_FLASH = Rates("USD", 105_000, 21_000, 210_000)
STEP, AT_NOVITA, AT_OPENROUTER = "step-3.7-flash", "stepfun/step-3.7-flash", "stepfun/step-3.7-flash-20260528"
V4, V4_DIRECT = "deepseek/deepseek-v4-flash", "deepseek-v4-flash"
NOVITA = Route("https://api.novita.ai/openai/v1", AT_NOVITA, AT_NOVITA, "openai", USD)
STEPFUN = Route("https://api.stepfun.ai/v1", STEP, STEP, "stepfun", USD)
STEPFUN_CN = Route("https://api.stepfun.com/v1", STEP, STEP, "stepfun", CNY)
OPENROUTER = Route("https://openrouter.ai/api/v1", AT_NOVITA, AT_OPENROUTER, "openrouter", USD)
OPENROUTER_V4 = Route("https://openrouter.ai/api/v1", V4, V4, "openrouter", V4_FLASH)
NIM = Route("http://0.0.0.0:8000/v1", STEP, STEP, "openai", None, "self-hosted: no token price")
# DeepSeek's own price depends on the hour since 2026-09-10, and no shipped card says so.
DEEPSEEK = Route("https://api.deepseek.com", V4_DIRECT, V4_DIRECT, "deepseek", None, "no rate")
# A capture without an envelope does not say who answered.
NOWHERE = Route("", STEP, STEP, "stepfun", None, "seller unknown")
ROUTES = {
    "novita": NOVITA,
    "stepfun": STEPFUN,
    "stepfun-cn": STEPFUN_CN,
    "openrouter": OPENROUTER,
    "openrouter-v4": OPENROUTER_V4,
    "nim": NIM,
    "deepseek": DEEPSEEK,
}

Range = tuple[int, int]


class Work(NamedTuple):
    """One kind of work: who does it, when, how often, and how large its calls are (tokens)."""

    team: str
    project: str
    route: Route
    users: Range
    first: Range
    output: Range
    days: Range = (1, 21)
    weekday: float = 0
    weekend: float = 0
    hours: str = ""
    steps: Range = (1, 1)
    growth: Range = (0, 0)
    limited: float = 0
    task: str = ""
    efforts: tuple[str, ...] = ("",)
    features: tuple[str, ...] = ()


@dataclass
class Call:
    """One attempt. ``prompt`` None: no usage in its answer."""

    at: datetime
    work: Work
    route: Route
    user: str
    prompt: int | None
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    off_by: int = 0
    """What the reported total is off by."""
    status: int | None = 200
    error: str = ""
    task: str = ""
    step: int = 0
    attempt: int = 0
    effort: str = ""
    features: tuple[str, ...] = ()
    finish: str = "stop"
    cut: bool = False
    """A stream that ended early."""
    ttft_ms: int = 0
    latency_ms: int = 0
    number: int = 0

    @property
    def is_stream(self) -> bool:
        """Whether its answer is a stream."""
        return "stream" in self.features


def cost_of(call: Call) -> tuple[str, int | None]:
    """Currency and pico-units, or the reason why the cost is unknown and None."""
    rates = call.route.rates
    if rates is None:
        return call.route.unpriced, None
    if call.status is not None and call.status >= 400 and call.status != 499:
        return rates.currency, 0
    if call.prompt is None:
        return "usage missing", None
    fresh = (call.prompt - call.cached) * rates.input
    return rates.currency, fresh + call.cached * rates.cache_read + call.output * rates.output
