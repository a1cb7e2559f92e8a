"""Whatever a file holds, a load ends: good lines are stored, every other one is kept with a reason, nothing is lost."""

import json
import random
from datetime import datetime
from pathlib import Path

import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_reader

GOOD = {
    "time": 1791072000,
    "seller": "stepfun",
    "response": {
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "model": "step-3.7-flash",
        "choices": [{"finish_reason": "stop"}],
        "usage": {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100, "cached_tokens": 30},
    },
    "task": "t",
    "step": 1,
}
STRANGE: list[object] = [
    None,
    True,
    -1,
    1.5,
    "",
    "x",
    [],
    {},
    [[]],
    {"a": {}},
    10**30,
    "\u0000",
    "\ud83d\ude00",
    1e400,
    "NaN",
]


def lines(draw: random.Random, count: int) -> list[bytes]:
    """Good lines, lines with one value made strange, and lines with their bytes cut, doubled or flipped."""
    found = []
    for number in range(count):
        call = json.loads(json.dumps(GOOD))
        call["response"]["id"] = f"chatcmpl-{number}"
        if draw.random() < 0.5:
            at = call
            while True:
                name = draw.choice(list(at))
                if isinstance(at[name], dict) and at[name] and draw.random() < 0.7:
                    at = at[name]
                    continue
                at[name] = draw.choice(STRANGE)
                break
        text = json.dumps(call).encode()
        found.append(mangled(draw, text) if draw.random() < 0.3 else text)
    return found


def mangled(draw: random.Random, text: bytes) -> bytes:
    at = draw.randrange(len(text))
    match draw.randrange(4):
        case 0:
            return text[:at]
        case 1:
            return text[:at] + text[at:] * 2
        case 2:
            return text[:at] + bytes([draw.randrange(256)]) + text[at + 1 :]
        case _:
            return bytes(draw.randrange(256) for _ in range(draw.randrange(40)))


def check(folder: Path, seed: int, count: int) -> None:
    draw = random.Random(seed)
    content = b"\n".join(lines(draw, count)) + b"\n"
    log = folder / f"{seed}.jsonl"
    log.write_bytes(content)
    warehouse = folder / f"warehouse-{seed}"
    options = Options(source="openai_compatible")
    (result,) = load_files(warehouse, [log], options, now=datetime(2026, 11, 22), tell=lambda message: None)
    assert result.error is None
    numbers = {number for number, line in enumerate(content.split(b"\n"), 1) if line and not line.isspace()}
    with open_reader(warehouse) as reader:
        stored = {line for (line,) in reader.rows("select line from usage")}
        rejected = {line for (line,) in reader.rows("select line from reject")}
        negative = reader.rows("select count(*) from usage_priced where cost < 0 or output < 0")
        parts = [reader.rows(f"select currency, sum(cost) from {table} group by 1 order by 1") for table in TABLES]
    # A repeated line is stored once; so nothing is lost when every line is stored, rejected or one of those.
    assert numbers - stored - rejected == set() or result.merged.already_there >= len(numbers - stored - rejected)
    assert len(rejected) <= result.merged.rejected
    assert negative == [(0,)]
    assert all(part == parts[0] for part in parts)


TABLES = ("usage_priced", "usage_hour_priced", "usage_day_priced", "usage_day_detail_priced")


@pytest.mark.parametrize("seed", range(3))
def test_no_file_breaks_a_load(tmp_path, seed):
    check(tmp_path, seed, 400)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_files_break_no_load(tmp_path, seed):
    check(tmp_path, seed, 2000)
