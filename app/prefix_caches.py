"""What a prefix cache could save of a file of prompts: lines that say when each came and what its blocks are.

A line is as in the traces of KV caches that are public: ``timestamp`` in milliseconds, ``input_length`` in tokens, and
``hash_ids``, a name for each block that stands for the prompt up to its end.
"""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from app.session import UserMistake
from planning.prefix_cache import Prompt

LINE = '{"timestamp": 0, "input_length": 6758, "hash_ids": [0, 1, 2]}'


def read_prompts(path: Path, block_tokens: int) -> list[Prompt]:
    """The prompts of a file of JSON lines, packed by gzip or not, in the order of time; raises UserMistake."""
    packed = path.suffix == ".gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if packed else path.open(encoding="utf-8-sig") as file:
            found = [_prompt(line, number, block_tokens) for number, line in enumerate(file, 1) if not line.isspace()]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UserMistake(f"{path} cannot be read: {error}") from None
    if not found:
        raise UserMistake(f"{path} has no prompt; a line is as in {LINE}")
    return sorted(found, key=lambda prompt: prompt.at_ms)


def _prompt(line: str, number: int, block_tokens: int) -> Prompt:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    at, tokens, blocks = (_of(row, name) for name in ("timestamp", "input_length", "hash_ids"))
    if not (_whole(at) and _whole(tokens) and isinstance(blocks, list) and all(_names(block) for block in blocks)):
        raise UserMistake(f"line {number} is no prompt; a line is as in {LINE}")
    needed = -(-tokens // block_tokens)
    if len(blocks) not in (needed, tokens // block_tokens):
        raise UserMistake(
            f"line {number}: {tokens:,} tokens are {needed:,} blocks of {block_tokens:,}, "
            f"and hash_ids has {len(blocks):,}; --block-tokens says how many tokens a block has"
        )
    return Prompt(at, tokens, blocks)


def _of(row: object, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else None


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _names(block: object) -> bool:
    return isinstance(block, int | str) and not isinstance(block, bool)
