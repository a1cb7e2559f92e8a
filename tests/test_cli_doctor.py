"""``tollbook doctor``: every check on calls of a test's own, its fix, and the exit code."""

import json
import re
from pathlib import Path

import pytest

from tests.kept import empty
from tests.test_cli_failures import NOVITA, STEPFUN, call, failed

NOW = ("--now", "2026-11-20T12:00:00Z")
CARD = """\
seller: stepfun
models:
  step-3.7-flash:
    - valid_from: 2026-11-01T00:00:00Z
      currency: USD
      per_mtok: {input: "0.20", output: "1.15"}
      source: our contract
      checked: 2026-11-19
      confidence: contract
"""


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def examined(tollbook, tmp_path, *calls: dict) -> dict[str, dict]:
    """The findings about some calls, beside one that is in order."""
    card = tollbook.warehouse / "rate_cards" / "stepfun.yaml"
    card.parent.mkdir(parents=True, exist_ok=True)
    card.write_text(CARD)
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in (call(0, **STEPFUN, team="us"), *calls)))
    tollbook("ingest", log)
    code = tollbook(*NOW, "doctor", "--json")
    found = json.loads(tollbook.out)
    assert code == (1 if found["needs_person"] else 0)
    assert found["needs_person"] == sum(each["needs_person"] for each in found["findings"])
    return {each["check"]: each for each in found["findings"]}


def test_nothing_is_found_where_all_is_in_order(tollbook, tmp_path):
    assert examined(tollbook, tmp_path) == {}
    assert tollbook(*NOW, "doctor") == 0
    assert tollbook.out.startswith("Nothing found.\n")


def refused(second: int, **more):
    return failed(second, 401, 90, **STEPFUN, team="us", **more)


UNPRICED = call(5, **STEPFUN)
UNPRICED["response"] = UNPRICED["response"] | {"model": "step-99"}


WRONG = (
    UNPRICED,
    call(6),
    {"nonsense": 1},
    refused(7),
    failed(8, 500, 9, **NOVITA),
    call(9, **STEPFUN, retries=3),
    call(10, **STEPFUN, limit=None),
    call(11, **STEPFUN, end="length"),
    call(12, **STEPFUN, output=9, reasoning=9),
    call(13, **NOVITA),
    refused(14),
)
FINDINGS = [
    ("no rate", True, "1 call without a rate, in no amount: step-99 at stepfun (1)", "rates unpriced"),
    ("no seller", True, "1 call of no known seller", "--seller"),
    ("rejected lines", True, "1 line of 1 file could not be read", "Imports"),
    ("refused keys", True, "none answered since", "China region works at https://api.stepfun.com"),
    ("failures", False, "3 of 11 attempts failed: auth (2), provider_error (1)", "failures"),
    ("retries not logged", False, "1 call had 3 attempts", "every attempt"),
    ("no max_tokens", False, "1 of 8 answers (12.5%)", "P99"),
    ("cut by length", False, "1 of 8 answers (12.5%)", "raise max_tokens"),
    ("paid, empty", False, "0.00021035 USD", "lower the effort"),
    ("stale rates", True, "stepfun/step-3.7-flash at novita, 2026-06-18", "`checked`"),
]


def test_each_finding_comes_with_what_to_do(tollbook, tmp_path):
    found = examined(tollbook, tmp_path, *WRONG)
    assert set(found) == {check for check, *_ in FINDINGS}
    for check, needs_person, says, fix in FINDINGS:
        one = found[check]
        assert not re.search(r"(?<!`)\btollbook ", one["fix"]), "what is to be typed is marked as such"
        assert (one["needs_person"], says in one["says"], fix in one["fix"]) == (needs_person, True, True), one


def test_an_address_that_no_card_knows_comes_with_the_lines_that_say_whose_it_is(tollbook, tmp_path):
    """What it says to write and to type puts it right."""
    found = examined(tollbook, tmp_path, call(6, base_url="https://llm.example/v1"))["no seller"]
    assert "`tollbook rates add CARD`, then `tollbook ingest --again LOG`" in found["fix"]
    assert found["lines"] == "seller: my-seller\nbase_urls:\n  - url: https://llm.example/v1\n"
    (tmp_path / "mine.yaml").write_text(found["lines"])
    assert tollbook("rates", "add", tmp_path / "mine.yaml") == 0, tollbook.err
    assert tollbook("ingest", "--again", tmp_path / "log.jsonl") == 0
    assert {row["seller"] for row in tollbook.costs("--by", "seller")} == {"stepfun", "my-seller"}


def test_a_refused_key_that_was_put_right_needs_nobody(tollbook, tmp_path):
    found = examined(tollbook, tmp_path, refused(5), call(6, **STEPFUN, team="us"))["refused keys"]
    assert not found["needs_person"] and "later ones answered" in found["says"] and "put right" in found["fix"]


def test_a_stream_without_usage_says_how_to_ask_for_it(tollbook, tmp_path):
    chunk = {"id": "s", "object": "chat.completion.chunk", "created": 1795166102, "model": "step-3.7-flash"}
    stream = f"data: {json.dumps(chunk | {'choices': [{'finish_reason': 'stop'}]})}\n\ndata: [DONE]\n\n"
    found = examined(tollbook, tmp_path, call(5, **STEPFUN) | {"response": stream})
    assert "include_usage" in found["streams without usage"]["fix"]
    assert found["streams without usage"]["unpriced"] == 1


def test_for_people_what_needs_one_comes_first(tollbook, tmp_path):
    examined(tollbook, tmp_path, call(5), call(6, **STEPFUN, end="length"))
    assert tollbook(*NOW, "doctor") == 1
    lines = tollbook.out.splitlines()
    assert lines[0] == "Needs a person:" and lines[1].startswith("  no seller: ")
    assert "Worth a look:" in lines and "1 finding for a person, 1 other." in lines


def test_days_narrow_what_calls_say(tollbook, tmp_path):
    examined(tollbook, tmp_path, call(5))
    assert tollbook(*NOW, "doctor", "--since", "2026-11-21") == 0
    assert tollbook.out.startswith("Nothing found.\n")


def test_effort_that_makes_no_difference_is_found(tollbook, tmp_path):
    tiers = [
        call(
            tier * 900 + each, **STEPFUN, task=f"{effort}-{each}", output=200 + each % 5,
            request={"model": "step-3.7-flash", "max_tokens": 500, "reasoning_effort": effort},
        )
        for tier, effort in enumerate(("low", "high"))
        for each in range(30)
    ]  # fmt: skip
    found = examined(tollbook, tmp_path, *tiers)["effort ignored"]
    assert found["needs_person"] and "make no difference, over" in found["says"], found
    assert "tollbook effort" in found["fix"]
