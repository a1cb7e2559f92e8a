"""Keeps prompts, completions and keys out of what is stored about a line that could not be read."""

import re

LONGEST = 300
KEY = re.compile(
    r"(sk-|sk_|pk-|rk-|gsk_|xai-|AIza|AKIA|ghp_|hf_|nvapi-|Bearer\s+)[A-Za-z0-9_\-.=/+]{6,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]+"
)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)("|$)')
SAFE_TEXT = re.compile(r"[A-Za-z0-9_./:@+-]{0,64}")
CONTENT_FIELD = re.compile(
    r'"(?:content|text|input|prompt|arguments|reasoning|reasoning_content|refusal|instructions|message|messages'
    r'|output|delta|user|user_id|end_user|email|name|api_key|apiKey|authorization|Authorization|key|password|secret|token)"\s*:\s*$'
)
HIDDEN = "…"


def redact(text: str) -> str:
    """A short form of a line in which only short plain words are left of any string.

    Field names, numbers, ids and model names stay, so that the mistake can be found; sentences, keys and the
    values of fields that carry content do not.
    """
    text = text[: 20 * LONGEST]
    parts: list[str] = []
    at = 0
    for match in STRING.finditer(text):
        between = text[at : match.start()]
        parts.append(_bare(between))
        parts.append(_string(match, "".join(parts[-2:])))
        at = match.end()
    parts.append(_bare(text[at:]))
    short = "".join(parts)
    return short if len(short) <= LONGEST else short[:LONGEST] + HIDDEN


def _string(match: re.Match[str], before: str) -> str:
    """One string of the line, hidden unless it is a field's name or a short plain word."""
    value = match.group(1)
    is_name = match.string[match.end() : match.end() + 8].lstrip().startswith(":")
    if SAFE_TEXT.fullmatch(value) and not KEY.search(value) and (is_name or not CONTENT_FIELD.search(before)):
        return match.group(0)
    return f'"{HIDDEN}"'


def _bare(text: str) -> str:
    """What stands outside strings: punctuation, numbers and literals of JSON; other words are hidden."""
    return re.sub(r"[A-Za-z_][^\s,:\[\]{}\"]*(?:\s+[^\s,:\[\]{}\"]+)*", _word, text)


def _word(match: re.Match[str]) -> str:
    return match.group(0) if match.group(0) in {"true", "false", "null", "NaN", "Infinity"} else HIDDEN
