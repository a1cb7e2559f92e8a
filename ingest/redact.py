"""Keeps prompts, completions and keys out of what is stored about a line that could not be read."""

import re

LONGEST = 300
KEY = re.compile(
    # The word task ends as a key begins.
    r"((?<!\bta)(?<!_ta)sk[-_]|pk-|pk_|rk-|rk_|gsk_|xai-|AIza|AKIA|ghp_|github_pat_|xox[bap]-|pplx-|hf_|nvapi-|Bearer\s+)"
    r"[A-Za-z0-9_\-.=/+]{6,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]+"
)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)("|$)')
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
SAFE_TEXT = re.compile(r"[A-Za-z0-9_./:@+-]{0,64}")
CONTENT_FIELD = re.compile(
    r'"(?:content|text|input|prompt|arguments|reasoning|reasoning_content|refusal|instructions|message|messages'
    r"|output|delta|stringValue|bytesValue|user|user_id|end_user|cwd|email|name"
    r'|api_key|apiKey|authorization|Authorization|key|password|secret|token)"\s*:\s*$'
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


def is_plain(value: str) -> bool:
    """Whether a text is one short plain word: no sentence, no key, no address of a person."""
    return bool(SAFE_TEXT.fullmatch(value)) and not KEY.search(value) and not EMAIL.search(value)


def shown(value: str) -> str:
    """A value as a reason may quote it: as it is when it is a plain word or made of digits, else hidden."""
    return value[:40] if is_plain(value) or re.fullmatch(r"[\d\s.,:+TZ/-]*", value) else HIDDEN


def _string(match: re.Match[str], before: str) -> str:
    """One string of the line, hidden unless it is a field's name or a short plain word."""
    is_name = match.string[match.end() : match.end() + 8].lstrip().startswith(":")
    is_item = before.rstrip().endswith(("[", ",")) and not is_name
    if is_plain(match.group(1)) and (is_name or not (is_item or CONTENT_FIELD.search(before))):
        return match.group(0)
    return f'"{HIDDEN}"'


def _bare(text: str) -> str:
    """What stands outside strings: punctuation, numbers and literals of JSON; other words are hidden."""
    return re.sub(r"[^\W\d][^\s,:\[\]{}\"]*(?:\s+[^\s,:\[\]{}\"]+)*", _word, text)


def _word(match: re.Match[str]) -> str:
    return match.group(0) if match.group(0) in {"true", "false", "null", "NaN", "Infinity"} else HIDDEN
