"""Files of scenarios: YAML in and out, every mistake with its line and what to do."""

import re
from typing import get_args

import pytest

from app.scenario_file import read_scenario_file, read_scenario_text, write_scenario_text
from app.session import UserMistake
from planning.scenario import Scenario
from planning.scenario_changes import ORDER, AnyChange, Source

GOOD = """\
name: Half the cache
note: What if the cache helped half as much?
where: {model: step-3.7-flash}
last_days: 28
rates_as_of: 2026-07-01T00:00:00Z
changes:
  - kind: cache
    times: "0.5"
  - kind: move
    where: {team: search}
    seller: novita
    model: stepfun/step-3.7-flash
    share: "0.3"
    output: {value: "1.2", source: claim, note: 'their "blog": 20% more'}
"""
BAD = """\
scenarios:
  - name: A
    rates_as_of: tomorrow
    chnges: []
  - name: B
    changes:
      - kind: cache
        share: 0.5
      - kind: cash
      - share: "1"
      - kind: move
        seller: novita
        where: {modl: x}
  - name: A
"""


def mistake(text: str) -> str:
    with pytest.raises(UserMistake) as found:
        read_scenario_text(text, "f.yaml")
    return str(found.value)


def test_what_is_written_is_what_was_read():
    (scenario,) = read_scenario_text(GOOD, "f.yaml")
    assert [change.kind for change in scenario.changes] == ["cache", "move"]
    text = write_scenario_text([scenario])
    assert read_scenario_text(text, "f.yaml") == [scenario]
    assert write_scenario_text(read_scenario_text(text, "f.yaml")) == text
    other = scenario.model_copy(update={"name": "Other: 'quoted' # name"})
    assert read_scenario_text(write_scenario_text([scenario, other]), "f.yaml") == [scenario, other]


def test_every_mistake_has_its_line():
    kinds = "drop_failed, retries, volume, move, effort, output_cap, media, cache, batch, rates, discount"
    assert mistake(BAD).splitlines() == [
        "f.yaml line 3: rates_as_of: tomorrow is no date and time; write it like 2026-06-18T00:00:00Z; for each call's "
        "own time write own",
        "f.yaml line 4: chnges: there is no such field",
        'f.yaml line 8: changes: number 1: share: 0.5 is not quoted; write a share as in "0.5"',
        f"f.yaml line 9: changes: number 2: there is no such kind of change; there are {kinds}",
        f"f.yaml line 10: changes: number 3: it says no kind; there are {kinds}",
        "f.yaml line 11: changes: number 4: model: it is missing",
        "f.yaml line 13: changes: number 4: where: modl: there is no such field",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "f.yaml: there is no scenario in it; write a scenario's name: and changes:, or scenarios: and below it"),
        ("- 1", "f.yaml: there is no scenario in it"),
        ("scenarios: []", "f.yaml: there is no scenario in it"),
        ("scenarios:\n- name: A\n- 5", "f.yaml: there is no scenario in it"),
        ("scenarios: [{name: A}]\nname: B", "f.yaml line 2: name: it belongs into a scenario"),
        ("scenarios:\n- name: A\n- name: A", "f.yaml line 3: name: another scenario of this file is called 'A', too"),
        ("a: b: c", "f.yaml: this is not YAML: mapping values are not allowed here"),
        ("name: A\nname: B", "f.yaml line 2: the key name appears twice"),
        ("name: A\nnote: &n x\nwhere: {team: *n}", "f.yaml line 3: write out what *n stands for"),
        ("[" * 500, "f.yaml: this is not YAML"),
        ("name: " + "A" * 1_000_001, "f.yaml: it is longer than 1,000,000 characters: this is another file"),
        ("name: A\nchanges: {kind: cache}", "f.yaml line 2: changes: write a list here"),
        ("name: A\nchanges:\n  - cache", "f.yaml line 3: changes: number 1: write fields here, as in name: value"),
        ("name: A\nlast_days: '5'", "f.yaml line 2: last_days: write a whole number here, without quotes"),
        ("name: A\nlast_days: 0", "f.yaml line 2: last_days: 0 is below 1"),
        ("name: 5", "f.yaml line 1: name: write text here, in quotes"),
        ("name: ' '", "f.yaml line 1: name: write some text, without a space at either end"),
        (
            "name: A\ncurrency: usd",
            "f.yaml line 2: currency: write a currency's code of three capital letters, as in USD",
        ),
        (
            "name: A\nchanges:\n- kind: retries\n  attempts: {value: '2', source: felt}",
            "f.yaml line 4: changes: number 1: attempts: source: there is no 'felt' here; there are measured, claim",
        ),
        (
            "name: A\nchanges:\n- kind: rates\n  per_mtok:\n    inpt: '1'",
            "f.yaml line 5: changes: number 1: per_mtok: inpt: there is no 'inpt' here; there are input, cache_read,",
        ),
    ],
)
def test_a_mistake_says_what_to_do(text, told):
    assert mistake(text).startswith(told)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(UserMistake, match=r"no\.yaml: No such file or directory"):
        read_scenario_file(tmp_path / "no.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    with pytest.raises(UserMistake, match=r"latin\.yaml: byte 10 is not UTF-8"):
        read_scenario_file(tmp_path / "latin.yaml")


def test_every_field_and_every_kind_is_in_the_guide(repo_root):
    guide = (repo_root / "docs" / "scenarios.md").read_text(encoding="utf-8")
    codes = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", guide, flags=re.DOTALL)))
    names = set(Scenario.model_fields) | set(ORDER) | set(get_args(Source))
    for change in get_args(get_args(AnyChange)[0]):
        names |= set(change.model_fields)
    assert names - codes == set()


def test_the_guide_shows_the_mistakes_as_they_are(repo_root):
    guide = (repo_root / "docs" / "scenarios.md").read_text(encoding="utf-8")
    shown = r"<!-- file: wrong.yaml -->\n```yaml\n(.*?)```\n\n```\ntollbook: (.*?)\n```"
    (found,) = re.findall(shown, guide, re.DOTALL)
    with pytest.raises(UserMistake) as mistakes:
        read_scenario_text(found[0], "wrong.yaml")
    assert str(mistakes.value) == found[1]
