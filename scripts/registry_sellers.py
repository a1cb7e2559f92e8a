"""The sellers that get a shipped registry card: for people, and the addresses whose calls they bill.

An address is exact, never a pattern: where a registry knows a seller by a pattern, the card names what fits it. A
seller whose address is each customer's own (Azure) has none: calls say ``seller: azure``, or an own card names the
address.
"""

import re
from typing import NamedTuple


class Listed(NamedTuple):
    """What a card says of its seller beside prices."""

    name: str
    urls: tuple[str, ...] = ()
    note: str | None = None


_VERTEX = (
    "africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1 asia-southeast1 "
    "asia-southeast2 australia-southeast1 australia-southeast2 europe-central2 europe-north1 europe-southwest1 "
    "europe-west1 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 europe-west9 europe-west12 "
    "me-central1 me-central2 me-west1 northamerica-northeast1 northamerica-northeast2 southamerica-east1 "
    "southamerica-west1 us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4"
).split()
_BEDROCK = ("us-east-1", "us-east-2", "us-west-2")
_ROUTER = "https://router.huggingface.co"

LISTED: dict[str, Listed] = {
    "anthropic": Listed("Anthropic", ("https://api.anthropic.com",)),
    "arcee": Listed("Arcee AI", ("https://api.arcee.ai",)),
    "avian": Listed("Avian", ("https://api.avian.io",)),
    "azure": Listed(
        "Microsoft Azure",
        note="Prices of the global deployments; regional ones cost more. Models of OpenAI and Anthropic are at their "
        "list prices. Its addresses are each customer's own: a card of your own names yours.",
    ),
    "baseten": Listed("Baseten", ("https://inference.baseten.co",)),
    "bedrock": Listed(
        "Amazon Bedrock",
        tuple(f"https://bedrock-runtime.{region}.amazonaws.com" for region in _BEDROCK),
        "Prices of the United States; other regions have their own, so only calls to those addresses are known here.",
    ),
    "cerebras": Listed("Cerebras", ("https://api.cerebras.ai",)),
    "cloudflare": Listed(
        "Cloudflare Workers AI",
        ("https://api.cloudflare.com/client/v4/accounts",),
        "The daily free allowance of an account is not taken off.",
    ),
    "cohere": Listed("Cohere", ("https://api.cohere.com", "https://api.cohere.ai")),
    "deepseek": Listed("DeepSeek", ("https://api.deepseek.com",)),
    "fireworks": Listed("Fireworks AI", ("https://api.fireworks.ai",)),
    "google": Listed("Google Gemini API", ("https://generativelanguage.googleapis.com",)),
    "google-vertex": Listed(
        "Google Vertex AI",
        ("https://aiplatform.googleapis.com", *(f"https://{region}-aiplatform.googleapis.com" for region in _VERTEX)),
        "The registry does not tell regional endpoints from the global one; they may cost more.",
    ),
    "groq": Listed("Groq", ("https://api.groq.com",)),
    **{
        f"huggingface-{upstream}": Listed(f"Hugging Face ({name})", (f"{_ROUTER}/{upstream}",))
        for upstream, name in (
            ("cerebras", "Cerebras"),
            ("fireworks-ai", "Fireworks AI"),
            ("groq", "Groq"),
            ("nebius", "Nebius"),
            ("novita", "Novita AI"),
            ("nscale", "Nscale"),
            ("sambanova", "SambaNova"),
            ("together", "Together AI"),
        )
    },
    "meta": Listed("Meta", ("https://api.meta.ai",)),
    "minimax": Listed("MiniMax", ("https://api.minimax.io",)),
    "mistral": Listed("Mistral AI", ("https://api.mistral.ai",)),
    "moonshot": Listed("Moonshot AI (global)", ("https://api.moonshot.ai",)),
    "novita": Listed("Novita AI", ("https://api.novita.ai",)),
    "openai": Listed("OpenAI", ("https://api.openai.com",)),
    "openrouter": Listed(
        "OpenRouter",
        ("https://openrouter.ai/api",),
        "What an upstream asked may differ from the listed price; the cost that an answer reports is what is billed.",
    ),
    "perplexity": Listed("Perplexity", ("https://api.perplexity.ai",)),
    "together": Listed("Together AI", ("https://api.together.xyz",)),
    "voyage": Listed("Voyage AI", ("https://api.voyageai.com",)),
    "xai": Listed("xAI", ("https://api.x.ai",)),
    "zai": Listed("Z.AI", ("https://api.z.ai/api/paas",)),
}

LEFT_OUT = {
    ("azure", "gpt-oss-120b"): "another seller's price",
    ("azure", "gpt-oss-20b"): "another seller's price",
    ("minimax", "MiniMax-M2"): "inferred from a price in CNY",
    ("minimax", "MiniMax-M2.1-highspeed"): "inferred from a price in CNY",
    ("minimax", "minimax-01"): "another seller's price",
    ("minimax", "minimax-m1"): "another seller's price",
}
"""Models whose price the registry itself calls inferred or another seller's."""

MOVED_ON = {("mistral", "mistral-large-latest"), ("mistral", "mistral-medium")}
"""Names that stand for another model by now: the registry prices the old one, another registry the new one."""

US_ONLY = re.compile(r"claude-(opus-4-[6-9]|sonnet-4-[6-9]|(opus|sonnet|haiku|fable|mythos)-([5-9]|preview))")
"""Models of Anthropic that cost more where a call asks to be worked out in the United States (``inference_geo``)."""
US_ONLY_REGION = {"us-only": {"multiply": "1.1"}}
US_ONLY_NOTE = (
    "Worked out in the United States alone, 1.1 times: Anthropic's documentation and LiteLLM's price map 1.109.1."
)
