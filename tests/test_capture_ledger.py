"""Recorded and loaded is what the sellers served, to the last token, with every fault mixed in."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.ledger_rows import differences, rows_in, rows_of, total
from tests.recorded_calls import record_mixed
from tests.sellers import Attempt
from tests.sellers.answer import SECRET
from tests.sellers.calls import PIXEL

SECRETS = (SECRET, "Secret words", "sk-secret-key", "sk-ant-secret", PIXEL[:40], "look_up")


def lines_of(directory: Path) -> list[dict]:
    """What was recorded, file by file."""
    files = sorted(directory.glob("capture-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "count", [pytest.param(200), pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(1500)])]
)
def test_recorded_is_what_was_served(count, tmp_path, tollbook):
    directory = tmp_path / "capture"
    attempts, left = record_mixed(count, directory)
    assert len({attempt.plan.ref for attempt in attempts}) == count
    tollbook.json("ingest", directory)
    expected, found = rows_of(attempts, left=left), rows_in(tollbook.warehouse)
    assert differences(expected, found) == []
    assert total(expected.values()) == total(found.values())
    assert_nothing_is_told(directory, tollbook.warehouse)
    assert_sizes(attempts, lines_of(directory))


def assert_nothing_is_told(*places: Path) -> None:
    """No prompt, no answer, no key and no error's words."""
    for file in (path for place in places for path in place.rglob("*") if path.is_file()):
        text = file.read_bytes()
        assert [secret for secret in SECRETS if secret.encode() in text] == [], file.name


def assert_sizes(attempts: list[Attempt], lines: list[dict]) -> None:
    """Each answer's length is what was delivered of it, in code points of each kind."""
    by_request = {attempt.request_id: attempt for attempt in attempts}
    wrong = []
    for line in lines:
        attempt = by_request.get(line.get("request_id", ""))
        if attempt is None or attempt.outcome != "ok":
            continue
        said = Counter({part["kind"]: part["chars"] for part in line["sizes"].get("answer", ()) if part.get("chars")})
        if said != +attempt.answered:
            wrong.append(f"{attempt.seller} {attempt.api} stream={attempt.stream}: {said} is not {attempt.answered}")
    assert wrong == []
