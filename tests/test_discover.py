"""Sessions of agents found in their usual places, or where the agents' own settings say."""

import json
from pathlib import Path

import pytest

from app import cli
from ingest.discover import Place, look_into, places
from tests.test_ingest_claude_code import OTHER, line
from tests.test_ingest_codex import HISTORY

HOME = Path("/person")


def test_the_usual_places_and_those_that_are_named():
    def folders(**environment: str) -> list[str]:
        return [f"{place.source} {place.folder}" for place in places(environment, HOME)]

    codex = ["codex /person/.codex/sessions", "codex /person/.codex/archived_sessions"]
    assert folders() == ["claude_code /person/.config/claude/projects", "claude_code /person/.claude/projects", *codex]
    assert folders(XDG_CONFIG_HOME="/x")[0] == "claude_code /x/claude/projects"
    assert folders(CLAUDE_CONFIG_DIR=" /a , ~/b/projects,,/a", CODEX_HOME="/c") == [
        "claude_code /a/projects",
        "claude_code /person/b/projects",
        "codex /c/sessions",
        "codex /c/archived_sessions",
    ]


def test_a_place_without_sessions_is_none(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full" / "deep").mkdir(parents=True)
    (tmp_path / "full" / "deep" / "a.jsonl").write_text("{}\n")
    (tmp_path / "full" / "notes.txt").write_text("x")
    (found,) = look_into([Place("codex", tmp_path / name) for name in ("none", "empty", "full")])
    assert (found.place.folder.name, len(found.files), found.size_bytes) == ("full", 1, 3)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def ingest(home: Path, *arguments: str) -> int:
    return cli.run(["--warehouse", str(home / "w"), "--now", "2026-11-22T00:00:00Z", "ingest", *arguments])


def test_everything_that_is_found_is_loaded_once(home, capsys):
    projects, sessions = home / ".claude" / "projects" / "-srv-app", home / ".codex" / "sessions" / "2026"
    for folder, name, lines in (
        (projects, "a.jsonl", [line(), line(id=OTHER)]),
        (projects, "b.jsonl", [line(), {"type": "summary", "leafUuid": "x"}]),
        (sessions, "rollout-1.jsonl", HISTORY),
        (home / ".codex" / "archived_sessions", "rollout-1.jsonl", HISTORY),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(json.dumps(each) + "\n" for each in lines))
    assert ingest(home, "--discover") == 0
    shown = capsys.readouterr()
    assert "~/.claude/projects: 2 files, 0.0 MB" in shown.err
    rows = [text.split()[:7] for text in shown.out.splitlines()]
    # Folder, files, known, read, loaded, already there, rejected.
    assert rows[1:5] == [
        ["~/.claude/projects", "2", "0", "3", "2", "1", "0"],
        ["~/.codex/sessions", "1", "0", "1", "1", "0", "0"],
        ["~/.codex/archived_sessions", "1", "1", "0", "0", "0", "0"],
        ["total", "4", "1", "4", "3", "1", "0"],
    ]
    assert ingest(home, "--discover", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [folder["files"] for folder in told["folders"]] == [2, 1, 1]
    assert {each["note"] for each in told["files"]} == {"already loaded"}


def test_nothing_found_says_where_it_looked(home, capsys):
    assert ingest(home, "--discover") == 2
    told = capsys.readouterr().err
    assert "no session files in ~/.config/claude/projects, ~/.claude/projects, ~/.codex/sessions" in told
    assert "CODEX_HOME" in told


@pytest.mark.parametrize("arguments", [[], ["--discover", "x.jsonl"], ["--discover", "--preview"]])
def test_files_or_discovery_but_not_both(home, capsys, arguments):
    assert ingest(home, *arguments) == 2
    assert "--discover" in capsys.readouterr().err
