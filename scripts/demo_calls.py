"""The demo's calls: where they go, what work they belong to, what each costs by the sellers' prices.

Counted here without the project's own arithmetic: a load is compared with it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple


class Rates(NamedTuple):
    """Pico-units of a currency per token: 0.04 per million is 40,000."""

    input: int
    cache_read: int
    output: int


class Route(NamedTuple):
    """Where calls go, how the answer writes its usage, and what it costs (or why nobody can say)."""

    seller: str
    base_url: str
    asked: str
    served: str
    dialect: str
    litellm: str = ""
    """LiteLLM's name for it: provider, slash, model."""
    currency: str = "USD"
    prices: tuple[tuple[datetime, Rates], ...] = ()
    """What the seller asks from which instant on, the newest last."""
    peak_hours: tuple[range, ...] = ()
    """Hours of weekdays, UTC, at those prices; all others are at half of them. None: every hour is at the price."""
    unpriced: str = ""
    cache_told: bool = True
    """False: its cached tokens get lost on the way to the log."""


def _day(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


LONG_AGO = _day(10, 1)
USD = ((LONG_AGO, Rates(200_000, 40_000, 1_150_000)),)
CNY = ((LONG_AGO, Rates(1_350_000, 270_000, 8_100_000)),)
V4_FLASH = ((_day(11, 3), Rates(140_000, 30_000, 280_000)), (_day(11, 9), Rates(105_000, 21_000, 210_000)))

STEP, AT_NOVITA, AT_OPENROUTER = "step-3.7-flash", "stepfun/step-3.7-flash", "stepfun/step-3.7-flash-20260528"
V4, V4_DIRECT = "deepseek/deepseek-v4-flash", "deepseek-v4-flash"
NOVITA = Route(
    "novita", "https://api.novita.ai/openai/v1", AT_NOVITA, AT_NOVITA, "openai", f"novita/{AT_NOVITA}", prices=USD
)
STEPFUN = Route("stepfun", "https://api.stepfun.ai/v1", STEP, STEP, "stepfun", f"openai/{STEP}", prices=USD)
# Its chat answers do not say how much of the output is thinking; those of the Responses API do.
STEPFUN_RESPONSES = STEPFUN._replace(dialect="responses")
STEPFUN_LITELLM = STEPFUN._replace(cache_told=False)
STEPFUN_CN = STEPFUN._replace(seller="stepfun-cn", base_url="https://api.stepfun.com/v1", currency="CNY", prices=CNY)
OPENROUTER = Route(
    "openrouter",
    "https://openrouter.ai/api/v1",
    AT_NOVITA,
    AT_OPENROUTER,
    "openrouter",
    f"openrouter/{AT_NOVITA}",
    prices=USD,
)
OPENROUTER_V4 = OPENROUTER._replace(asked=V4, served=V4, litellm=f"openrouter/{V4}", prices=V4_FLASH)
SELF_HOSTED, NO_SELLER = "self-hosted: no token price", "seller unknown"
NIM = Route("nim", "http://0.0.0.0:8000/v1", STEP, STEP, "openai", f"openai/{STEP}", unpriced=SELF_HOSTED)
V4_AT_PEAK = ((LONG_AGO, Rates(300_000, 6_000, 1_200_000)),)
DEEPSEEK = Route(
    "deepseek",
    "https://api.deepseek.com",
    V4_DIRECT,
    V4_DIRECT,
    "deepseek",
    prices=V4_AT_PEAK,
    peak_hours=(range(1, 4), range(6, 10)),
)
# A capture without an envelope does not say who answered.
NOWHERE = Route("", "", STEP, STEP, "stepfun", unpriced=NO_SELLER)
ROUTES = {
    "novita": NOVITA,
    "stepfun": STEPFUN,
    "responses": STEPFUN_RESPONSES,
    "stepfun-litellm": STEPFUN_LITELLM,
    "stepfun-cn": STEPFUN_CN,
    "openrouter": OPENROUTER,
    "openrouter-v4": OPENROUTER_V4,
    "nim": NIM,
    "deepseek": DEEPSEEK,
}

Range = tuple[int, int]
Log = Literal["litellm", "answers", "envelope"]


class Work(NamedTuple):
    """One kind of work: who does it, when, how often, how large its calls are (tokens), and what logs them."""

    team: str
    project: str
    route: Route
    users: Range
    first: Range
    output: Range
    log: Log = "envelope"
    days: Range = (1, 45)
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
    number: int = 0
    """The request's own, in the whole demo; its attempts share it."""
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
    retried: bool = False
    """A failure after which the request was sent again."""
    replay_of: int = 0
    """The number of the request whose answer the gateway had kept: this one cost nothing."""
    effort: str = ""
    features: tuple[str, ...] = ()
    finish: str = "stop"
    cut: bool = False
    """A stream that ended early."""
    ttft_ms: int = 0
    latency_ms: int = 0

    @property
    def is_stream(self) -> bool:
        """Whether its answer is a stream."""
        return "stream" in self.features

    @property
    def is_openrouter(self) -> bool:
        """Whether OpenRouter answered: under an id that its own export has, too."""
        return self.route.dialect == "openrouter" and self.status == 200


def charge_of(call: Call) -> int | None:
    """Pico-units that the seller charges for the tokens of an answer; None: nobody can say."""
    prices = [rates for since, rates in call.route.prices if since <= call.at]
    if not prices or call.prompt is None:
        return None
    rates, cached = prices[-1], call.cached if call.route.cache_told else 0
    charge = (call.prompt - cached) * rates.input + cached * rates.cache_read + call.output * rates.output
    return charge // 2 if _is_off_peak(call) else charge


def _is_off_peak(call: Call) -> bool:
    hours = call.route.peak_hours
    at_peak = call.at.weekday() < 5 and any(call.at.hour in peak for peak in hours)
    return bool(hours) and not at_peak


def cost_of(call: Call) -> tuple[str, int | None]:
    """Currency and pico-units, or the reason why the cost is unknown and None."""
    if call.replay_of or call.status in (401, 429, 500, 503):
        return call.route.currency, 0
    if call.route.unpriced:
        return call.route.unpriced, None
    if call.prompt is None:
        return "usage missing", None
    return call.route.currency, charge_of(call)
