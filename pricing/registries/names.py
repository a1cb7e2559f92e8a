"""Sellers by the names that rate cards use, from the names that each registry gives them."""

import re

GENAI_PRICES = {
    "aws": "bedrock",
    "moonshotai": "moonshot",
    "voyageai": "voyage",
    "x-ai": "xai",
    "zhipuai": "zhipu",
}

LITELLM = {
    "azure_ai": "azure",
    "bedrock_converse": "bedrock",
    "cohere_chat": "cohere",
    "codestral": "mistral",
    "fireworks_ai": "fireworks",
    "gemini": "google",
    "meta_llama": "meta",
    "text-completion-openai": "openai",
    "together_ai": "together",
    "bigmodel": "zhipu",
}

MODELS_DEV = {
    "amazon-bedrock": "bedrock",
    "azure-cognitive-services": "azure",
    "cloudflare-workers-ai": "cloudflare",
    "fireworks-ai": "fireworks",
    "google-vertex-anthropic": "google-vertex",
    "llama": "meta",
    "moonshotai": "moonshot",
    "novita-ai": "novita",
    "togetherai": "together",
    "vertex": "google-vertex",
    "zhipuai": "zhipu",
}


def seller_name(given: str, known: dict[str, str]) -> str:
    """The seller that a registry calls ``given``: by the table, else its own name in the letters that cards allow."""
    return known.get(given) or re.sub(r"[^a-z0-9.]+", "-", given.lower()).strip("-.")
