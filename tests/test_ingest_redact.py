"""Nothing that a person said, no key and no address is left of a line that could not be read."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.redact import HIDDEN, LONGEST, is_plain, redact, shown

WORDS = st.text(st.sampled_from("abcdefgxyzäößжля中文éñ"), min_size=2, max_size=9)
SENTENCES = st.lists(WORDS, min_size=2, max_size=6).map(" ".join)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
KEYS = st.builds(
    "{}{}".format,
    st.sampled_from(
        ["sk-", "sk-proj-", "sk-ant-api03-", "gsk_", "xai-", "AIza", "AKIA", "ghp_", "hf_", "nvapi-", "pplx-"]
    ),
    st.text(st.sampled_from(ALPHABET), min_size=12, max_size=40),
)
EMAILS = st.builds(
    "{}@{}.example".format,
    st.text(st.sampled_from("abcdefxyz._+-0123456789"), min_size=1, max_size=12),
    st.text(st.sampled_from("abcdefxyz-"), min_size=1, max_size=10),
)
SECRETS = SENTENCES | KEYS | EMAILS
FIELDS = st.sampled_from(["content", "note", "owner", "x", "model", "id", "error", "text", "step"])
VALUES = st.recursive(
    SECRETS | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=8,
)
WRITTEN = [
    json.dumps,
    lambda value: json.dumps(value, ensure_ascii=False),
    lambda value: json.dumps(value, ensure_ascii=False)[:-3],
    lambda value: json.dumps(value, ensure_ascii=False, indent=1),
    lambda value: json.dumps(json.dumps(value, ensure_ascii=False), ensure_ascii=False),
    repr,
    str,
]


def secrets_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [secret for item in inner for secret in secrets_in(item)]


@given(VALUES, st.sampled_from(WRITTEN))
def test_no_sentence_no_key_and_no_address_is_left(value, written):
    left = redact(written(value))
    for secret in secrets_in(value):
        assert secret not in left
        for pair in itertools.pairwise(secret.split(" ")):
            assert " ".join(pair) not in left


@given(SECRETS)
def test_a_secret_alone_is_hidden_however_it_stands(secret):
    for text in (
        secret,
        f'"{secret}',
        f"{{'a': '{secret}'}}",
        f'{{"{secret}": 1}}',
        f"data: {secret}",
        f'["{secret}", 1]',
    ):
        assert secret not in redact(text)
        assert secret not in redact(text * 20)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
def test_numbers_and_field_names_stay(numbers):
    usage = {f"tokens_{place}": number for place, number in enumerate(numbers)}
    text = json.dumps({"id": "chatcmpl-C4Hq5a6K3R", "model": "stepfun/step-3.7-flash", "usage": usage, "n": None})
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('{"api_key": "plainword"}', '{"api_key": "…"}'),
        ('{"content": "word"}', '{"content": "…"}'),
        ('{"content": ["word", "other"]}', '{"content": ["…", "…"]}'),
        ('{"finish_reason": "stop", "x": 1.5', '{"finish_reason": "stop", "x": 1.5'),
        ('{"x": NaN, "y": true, "z": nonsense}', '{"x": NaN, "y": true, "z": …}'),
        ("Traceback of something said", HIDDEN),
        ("секретные слова", HIDDEN),
        ('{"owner": "jane@example.com"}', '{"owner": "…"}'),
        ('{"escaped": "a \\"quoted\\" word"}', '{"escaped": "…"}'),
        ('{"Bearer abcdefghijk": 1}', '{"…": 1}'),
        ("", ""),
    ],
)
def test_what_is_left(text, left):
    assert redact(text) == left


def test_a_long_line_is_short():
    text = json.dumps({f"field_{number}": number for number in range(2000)})
    left = redact(text)
    assert len(left) == LONGEST + 1
    assert text.startswith(left.removesuffix(HIDDEN))


@pytest.mark.parametrize(
    ("value", "plain", "quoted"),
    [
        ("step-3.7-flash", True, "step-3.7-flash"),
        ("1.5", True, "1.5"),
        ("2026-07-01 12:00:00", False, "2026-07-01 12:00:00"),
        ("ask the patient", False, HIDDEN),
        ("jane@example.com", False, HIDDEN),
        ("sk-abcdefgh12345678", False, HIDDEN),
        ("x" * 65, False, HIDDEN),
        ("x" * 64, True, "x" * 40),
    ],
)
def test_a_reason_quotes_only_what_is_plain(value, plain, quoted):
    assert (is_plain(value), shown(value)) == (plain, quoted)


@pytest.mark.parametrize("word", ["task_success", "agent_task_success", "task-0123456789"])
def test_the_word_task_is_no_key(word):
    assert is_plain(word)
    assert not is_plain(f"{word}-sk-0123456789")
