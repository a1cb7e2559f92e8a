"""The frame around the code: the locks, the version, the README's length, what a bare machine is told."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = {"CurrencyConverter": "currency_converter", "fonttools": "fontTools", "opentelemetry-proto": "opentelemetry"}
"""Modules that are not named like their package."""
LOCKS = ("requirements.lock", "requirements-dev.lock")


def read_lock(name: str) -> dict[tuple[str, str], tuple[str, bool]]:
    """Version and "has a hash" of each package and marker."""
    text = re.sub(r"(?m)^\s*#.*\n?", "", (ROOT / name).read_text(encoding="utf-8"))
    pins = {}
    for line in text.replace("\\\n", " ").splitlines():
        spec, *hashes = line.split(" --hash=sha256:")
        pin = Requirement(spec.strip())
        pins[pin.name, str(pin.marker)] = (str(pin.specifier), bool(hashes))
    return pins


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_host(name):
    pins = read_lock(name)
    assert len(pins) > 30
    assert [pin for pin, (version, hashed) in pins.items() if not (version.startswith("==") and hashed)] == []
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_the_two_locks_agree():
    runtime, dev = map(read_lock, LOCKS)
    assert runtime.items() <= dev.items()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_the_project_asks_for(name):
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
    if name == "requirements-dev.lock":
        asked += [line for group in PROJECT["dependency-groups"].values() for line in group]
    pinned = {key[0]: version.removeprefix("==") for key, (version, _) in read_lock(name).items()}
    wants = [Requirement(line) for line in asked]
    missing = [str(want) for want in wants if pinned.get(want.name.lower(), "0") not in want.specifier]
    assert missing == [], "run `make lock`"


def test_the_changelog_starts_with_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"(?m)^## \[?(\d[\w.]*)", changelog)
    assert versions[0] == PROJECT["project"]["version"]


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 80


def test_pricing_may_import_no_dependency_but_two():
    """A new dependency is forbidden to pricing until someone decides otherwise."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    (forbidden,) = [c["forbidden_modules"] for c in contracts if c.get("source_modules") == ["pricing"]]
    names = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}
    modules = {MODULES.get(name, name) for name in names}
    assert set(forbidden) == modules - {"pydantic", "pyyaml"}


def pretend_python(folder: Path, answers: str) -> str:
    (folder / "python3").write_text(f"#!/bin/sh\n{answers}\n", encoding="utf-8")
    (folder / "python3").chmod(0o755)
    environment = {**os.environ, "PATH": str(folder)}
    command = ["/bin/sh", str(ROOT / "scripts" / "python")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_a_missing_ensurepip_gets_a_sentence(tmp_path):
    answers = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac'
    assert "apt-get install python3.12-venv" in pretend_python(tmp_path, answers)


def test_an_old_python_gets_a_sentence(tmp_path):
    assert "Tollbook needs Python 3.11, 3.12 or 3.13" in pretend_python(tmp_path, "exit 1")


def test_every_target_is_explained():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"(?m)^\.PHONY: (.*)$", makefile)
    assert re.findall(r"(?m)^([a-z-]+):.*## ", makefile) == targets.split()
