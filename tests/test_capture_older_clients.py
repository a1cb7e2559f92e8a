"""The recorder in older clients, which stand on httpx: each in an environment of its own, from what pip finds."""

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from tests.ledger_rows import differences, rows_in, rows_of
from tests.sellers import Plan, Sellers, serving
from tests.sellers.calls import SCHEMA

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.long
CLIENTS = (
    ("openai", "openai==1.30.5 httpx==0.27.2", False),
    ("openai", "openai==1.109.1", True),
    ("openai", "openai>=2,<3", True),
    ("anthropic", "anthropic==0.40.0 httpx==0.27.2", True),
    ("anthropic", "anthropic>=0.60,<1", True),
    ("anthropic", "anthropic>=1,<2", True),
)
"""Package, what pip is asked for, and whether the client numbers its attempts."""
FAULTS = ("", "429", "500", "cut", "cut_late", "401_empty", "drop", "error_event")


@pytest.fixture(scope="module", params=CLIENTS, ids=[wanted for _, wanted, _ in CLIENTS])
def older(request, tmp_path_factory) -> tuple[str, Path, bool]:
    """The package, the Python of an environment that has it, and whether it numbers attempts; skips without it."""
    package, wanted, numbered = request.param
    place = tmp_path_factory.mktemp("older") / "venv"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    install = ["-m", "pip", "--quiet", "--python", python, "install", "--only-binary", ":all:", *wanted.split()]
    done = subprocess.run([sys.executable, *install], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"{wanted} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return package, python, numbered


def said_of(package: str, sellers: Sellers) -> list[dict[str, Any]]:
    """A call for each interface, with and without a stream, sync and async, with each fault."""
    user = [{"role": "user", "content": "Secret words"}]
    chat: dict[str, Any] = {"model": "step-3.7-flash", "messages": user, "timeout": 20, "max_tokens": 90}
    if package == "anthropic":
        tools = [{"name": "look_up", "description": "Look", "input_schema": SCHEMA}]
        routes = [("anthropic", "messages", chat | {"model": "claude-opus-4-6", "tools": tools})]
    else:
        tools = [{"type": "function", "function": {"name": "look_up", "parameters": SCHEMA}}]
        routes = [("stepfun", "chat", chat), ("openai", "chat", chat | {"model": "gpt-5-mini", "tools": tools})]
    found = []
    for seller, api, arguments in routes:
        for number, fault in enumerate(fault for fault in FAULTS for _ in range(4)):
            task, step = f"{seller}-{api}", number + 1
            plan = Plan(ref=f"{task}/{step}", faults=(fault,) if fault else (), thinking=40, gzip=number % 3 == 0)
            call = {"package": package, "api": api, "base_url": sellers.url(seller), "task": task, "step": step}
            more = {"stream": bool(number % 2), "extra_headers": plan.headers()}
            found.append({**call, "async": bool(number // 2 % 2), "arguments": arguments | more})
    return found


def test_every_attempt_is_recorded(older, tmp_path, tollbook):
    package, python, numbered = older
    directory = tmp_path / "capture"
    with serving() as sellers:
        said = said_of(package, sellers)
        done = subprocess.run(
            [python, ROOT / "tests" / "older_clients.py", directory],
            input="".join(json.dumps(call) + "\n" for call in said),
            env={"PYTHONPATH": str(ROOT / "capture"), "PATH": ""},
            capture_output=True,
            text=True,
            timeout=300,
        )
        attempts = sellers.ledger.rows()
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == len(said)
    assert {attempt.plan.ref.rpartition("/")[2] for attempt in attempts} == {str(call["step"]) for call in said}
    tollbook.json("ingest", directory)
    expected = {key: row._replace(seller=None) for key, row in rows_of(attempts).items()}
    assert differences(expected, rows_in(tollbook.warehouse, numbered=numbered)) == []
    assert all("Secret" not in file.read_text() for file in directory.iterdir())
