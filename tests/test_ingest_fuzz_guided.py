"""A guided fuzzer looks for content that breaks a reader, for a bounded time."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SECONDS = 120


@pytest.mark.long
@pytest.mark.timeout(SECONDS * 4)
def test_the_guided_fuzzer_breaks_no_reader(tmp_path):
    pytest.importorskip("atheris", reason="the fuzzer atheris has no build for this machine")
    command = [sys.executable, "-m", "tests.fuzz_readers", str(SECONDS), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS * 3, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert "DONE" in done.stderr, done.stderr[-2000:]
