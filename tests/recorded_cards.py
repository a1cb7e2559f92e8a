"""Rate cards of the servers that recorded logs were made with: the table that their ledgers were kept with."""

from pathlib import Path

SERVER = "http://127.0.0.1:9100"
CARDS = {
    "stepfun": {"step-3.7-flash": 'input: "0.20", cache_read: "0.04", output: "1.15"'},
    "openai": dict.fromkeys(("gpt-5-mini", "gpt-5-mini-2025-08-07"), 'input: "0.25", cache_read: "0.025", output: "2"'),
    "deepseek": {"deepseek-v4-flash": 'input: "0.14", cache_read: "0.0028", output: "0.28"'},
    "anthropic": dict.fromkeys(
        ("claude-opus-4-5", "claude-opus-4-5-20251101"),
        'input: "5", cache_read: "0.5", cache_write_5m: "6.25", cache_write_1h: "10", output: "25"',
    ),
}


def write_cards(warehouse: Path) -> None:
    """Put the cards into a warehouse's own."""
    folder = warehouse / "rate_cards"
    folder.mkdir(parents=True)
    for seller, models in CARDS.items():
        text = f"seller: {seller}\nname: {seller} as recorded\nbase_urls:\n"
        text += f"  - url: {SERVER}/{seller}\n  - url: {SERVER}/badregion/{seller}\n    region: badregion\nmodels:\n"
        for model, rates in models.items():
            text += (
                f"  {model}:\n    - valid_from: 2026-01-01T00:00:00Z\n      currency: USD\n"
                f"      per_mtok: {{{rates}}}\n      source: the ledger's own table\n"
                "      checked: 2026-11-22\n      confidence: contract\n"
            )
        (folder / f"{seller}.yaml").write_text(text)
