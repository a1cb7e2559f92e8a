"""The recorder is installed alone, into a project with folders of its own that are called as Tollbook's are."""

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.sellers import Plan, serving

ROOT = Path(__file__).parents[1]
SERVICE = """
import json
import sys

import app
import ingest
import openai

import tollbook_capture

client = openai.OpenAI(base_url=sys.argv[1], api_key="sk-secret-key")
tollbook_capture.record(client, directory=sys.argv[2])
with tollbook_capture.task("ticket-7", step=1):
    client.chat.completions.create(
        model="step-3.7-flash",
        messages=[{"role": "user", "content": "Secret words"}],
        extra_headers={"x-plan": sys.argv[3]},
    )
others = ("analysis", "planning", "pricing", "warehouse", "duckdb", "streamlit")
print(json.dumps([app.OWNER, ingest.OWNER, [name for name in others if name in sys.modules]]))
"""
IMPORTED = """
import json
import sys

before = set(sys.modules)
import tollbook_capture

names = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps(sorted(names - sys.stdlib_module_names)))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built without a network: the build backend is the lock's."""
    into = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*build, "--wheel-dir", into, ROOT / "capture"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (found,) = into.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def python(tmp_path_factory, wheel) -> Path:
    """Of a fresh environment with the recorder in it, and nothing else."""
    place = tmp_path_factory.mktemp("service") / "venv"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    install = ["-m", "pip", "--quiet", "--python", python, "install", "--no-index", "--no-deps", wheel]
    done = subprocess.run([sys.executable, *install], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return python


def run(python: Path, code: str, *arguments: str, cwd: Path) -> object:
    done = subprocess.run([python, "-c", code, *arguments], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_wheel_is_the_recorder_and_needs_nothing(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        metadata = message_from_bytes(packed.read(next(name for name in names if name.endswith("/METADATA"))))
    assert metadata["Name"] == "tollbook-capture"
    assert metadata.get_all("Requires-Dist") is None
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"tollbook_capture"}
    assert {"tollbook_capture/py.typed", "tollbook_capture/__init__.py"} <= set(names)
    assert [name for name in names if name.endswith("/licenses/LICENSE")]


def test_it_imports_the_standard_library_alone(python, tmp_path):
    assert run(python, IMPORTED, cwd=tmp_path) == ["tollbook_capture"]


def test_it_records_in_a_project_with_an_app_and_an_ingest_of_its_own(python, tmp_path):
    for name in ("app", "ingest"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text('OWNER = "the service"\n')
    # The client comes from the tests' environment, as a plain folder: what is installed there as a path stays out.
    (site,) = python.parents[1].glob("lib/python*/site-packages")
    (site / "clients.pth").write_text(sysconfig.get_path("purelib") + "\n")
    plan = Plan()
    with serving() as sellers:
        header = plan.headers()["x-plan"]
        said = run(python, SERVICE, sellers.url("stepfun"), str(tmp_path / "capture"), header, cwd=tmp_path)
        (attempt,) = sellers.ledger.of(plan.ref)
    assert attempt.sent
    assert said == ["the service", "the service", []]
    (file,) = (tmp_path / "capture").glob("capture-*.jsonl")
    (line,) = map(json.loads, file.read_text().splitlines())
    assert line["response"]["usage"]["prompt_tokens"] == attempt.sent.prompt()
    assert (line["task"], line["step"], line["request_id"]) == ("ticket-7", 1, attempt.request_id)
    assert "Secret" not in file.read_text()
