"""``tollbook sightings``: both lists for people and programs, what is confirmed, and what is a mistake."""

import json

import pytest

from app import cli
from tests.kept import made_once
from tests.test_warehouse_sightings import Log, apart, bare, envelope, load


@pytest.fixture
def tollbook(tmp_path, capsys):
    """Runs the command on calls of which one is known to be seen twice, and three seem to be."""
    root = tmp_path / "w"
    gateway, router = apart()
    gateway = Log("gateway.jsonl", [*gateway.lines, envelope("gen-known", team="search")])
    router = Log("router.jsonl", [*router.lines, bare("gen-known")])
    made_once(root, "cli_sightings", lambda: load(root, gateway, router))

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run(["--warehouse", str(root), "--now", "2026-11-22", "sightings", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_people_see_what_is_known_and_what_is_proposed(tollbook):
    code, shown, told = tollbook()
    assert (code, told) == (0, "")
    assert "openai_compatible gateway.jsonl:4  openrouter router.jsonl:4" in shown
    assert "1 call seen more than once: 1 row kept for comparison and not counted." in shown
    assert "3 pairs: same seller, model and tokens within a second, both counted." in shown
    code, shown, _ = tollbook("--top", "2")
    assert (code, "3 pairs, the newest 2 shown" in shown) == (0, True)


def test_a_proposal_is_confirmed_and_taken_back(tollbook):
    def found() -> dict:
        return json.loads(tollbook("--json")[1])

    before = found()
    assert before["total"] == {"calls": 1, "others": 1, "proposed": 3}
    key = before["proposed"][0]["other"]["record_key"]
    assert before["proposed"][0]["one"]["cost"] == before["proposed"][0]["other"]["cost"]
    code, _, told = tollbook("--confirm", key[:12])
    assert (code, told) == (0, "confirmed 1 proposal\n")
    assert found()["total"] == {"calls": 2, "others": 2, "proposed": 2}
    assert tollbook("--confirm")[2] == "confirmed 2 proposals\n"
    assert tollbook("--undo", key)[2] == "took 1 match back\n"
    assert [row["other"]["record_key"] for row in found()["proposed"]] == [key]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--confirm", "zzz"], "nothing is proposed of 'zzz'; tollbook sightings lists the keys"),
        (["--confirm", ""], "several records have a key that begins with ''; give more of it"),
        (["--undo", "zzz"], "no confirmed match names 'zzz'; tollbook sightings lists the keys"),
        (["--undo"], "--undo takes the key of one record; tollbook sightings lists them"),
        (["--confirm", "--undo", "a"], "--confirm and --undo exclude each other"),
        (["abc"], "a key goes with --confirm or --undo"),
    ],
)
def test_a_mistake_is_one_line(tollbook, arguments, said):
    assert tollbook(*arguments) == (2, "", f"tollbook: {said}\n")
