"""``tollbook prefix-cache``: the most that a cache share can be, of real conversations and of a few prompts."""

import gzip
import json

import pytest


@pytest.fixture
def lines(tmp_path):
    """Writes a file of prompts: (at in ms, tokens, blocks)."""

    def write(*prompts, name="prompts.jsonl"):
        rows = [dict(zip(("timestamp", "input_length", "hash_ids"), prompt, strict=True)) for prompt in prompts]
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(text, mtime=0) if name.endswith(".gz") else text)
        return str(path)

    return write


def test_the_bound_of_real_conversations(tollbook, shared):
    trace = shared / "datasets" / "cache_mooncake" / "conversation_trace.jsonl.gz"
    found = tollbook.json("prefix-cache", trace, "--live", "300")
    assert [(row["forgets_after_seconds"], f"{row['share']:.0%}") for row in found["rows"]] == [
        (None, "37%"),
        (300, "29%"),
    ]
    assert (found["prompts"], found["input_tokens"]) == (12_031, 144_793_823)


def test_times_and_room_and_lines_out_of_order(tollbook, lines):
    path = lines((90_000, 30, ["a", "b", "c"]), (0, 25, ["a", "b", "d"]), (1_000, 20, ["a", "b"]), name="p.jsonl.gz")
    asked = ("prefix-cache", path, "--block-tokens", "10")
    found = tollbook.json(*asked, "--live", "60")
    assert (found["seconds"], found["input_tokens"]) == (90, 75)
    assert [row["cached_tokens"] for row in found["rows"]] == [40, 20]
    assert [row["cached_tokens"] for row in tollbook.json(*asked, "--room", "1")["rows"]][0] == 20
    assert tollbook(*asked) == 0
    assert ["never", "40", "53.3%"] in [line.split() for line in tollbook.out.splitlines()]
    assert "3 prompts in 1.5 min, 75 input tokens, blocks of 10; endless room." in tollbook.out
    assert "up to 9 tokens more of a prompt" in tollbook.out


def test_no_input_has_no_share(tollbook, lines):
    found = tollbook.json("prefix-cache", lines((0, 0, [])))
    assert {row["share"] for row in found["rows"]} == {None}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no prompt; a line is as in"),
        ("{}\n", "line 1 is no prompt"),
        ("\n[1]\n", "line 2 is no prompt"),
        ('{"timestamp": 0, "input_length": true, "hash_ids": []}', "line 1 is no prompt"),
        ('{"timestamp": 0, "input_length": 600, "hash_ids": [[1], [2]]}', "line 1 is no prompt"),
        ('{"timestamp": 0, "input_length": 600, "hash_ids": [1, 2, 3]}', "600 tokens are 2 blocks of 512"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(tollbook, tmp_path, text, said):
    path = tmp_path / "wrong.jsonl"
    path.write_text(text)
    assert tollbook("prefix-cache", path) == 2 and said in tollbook.err


@pytest.mark.parametrize(
    "content", [b"no gzip", gzip.compress(b"x" * 99, mtime=0)[:-9], gzip.compress(b"", mtime=0)[:10] + b"\xff" * 9]
)
def test_a_broken_file_is_one_plain_line(tollbook, tmp_path, content):
    path = tmp_path / "broken.jsonl.gz"
    path.write_bytes(content)
    assert tollbook("prefix-cache", path) == 2 and "cannot be read" in tollbook.err
    assert tollbook("prefix-cache", tmp_path / "nowhere") == 2
