"""``tollbook delete``: what would go is shown first, closed books stay, and what it cannot do is said."""

import hashlib
import json

import pytest

from tests.tollbook_command import Tollbook

MODEL = "step-3.7-flash"
RECORDED = hashlib.sha256(b"kim").hexdigest()


def call(number: int, at: str, user: str) -> dict:
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    response = {"id": f"c-{number}", "object": "chat.completion", "model": MODEL, "usage": usage}
    return {"time": at, "seller": "stepfun", "user": user, "response": response}


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_NOW", "2026-11-22T00:00:00Z")
    calls = [
        call(1, "2026-10-29T10:00:00Z", "kim"),
        call(2, "2026-10-30T10:00:00Z", "lee"),
        call(3, "2026-11-03T10:00:00Z", "kim"),
        # As the recorder writes a user.
        call(4, "2026-11-04T10:00:00Z", RECORDED),
    ]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in calls), encoding="utf-8")
    return path


def books(tollbook: Tollbook) -> list[dict]:
    return [
        {key: row[key] for key in ("month", "as_closed", "adjustments", "verified")} for row in tollbook.rows("close")
    ]


def test_a_user_goes_closed_books_stay_and_a_load_says_what_it_leaves_out(tollbook: Tollbook, log, tmp_path):
    tollbook.load(log)
    assert tollbook("close", "2026-10", "--who", "ann") == 0
    before = books(tollbook)
    asked = tollbook.json("delete", "--user", "kim")
    assert (asked["records"], asked["deleted"]) == (3, None)
    assert [(row["month"], row["closed"], row["requests"]) for row in asked["rows"]] == [
        ("2026-10", True, 1),
        ("2026-11", False, 2),
    ]
    assert tollbook("delete", "--user", "kim") == 0 and "nothing was deleted; --yes" in tollbook.err
    done = tollbook.json("delete", "--user", "kim", "--yes", "--who", "ann")["deleted"]
    assert (done["number"], done["requests"], done["who"]) == (1, 3, "ann")
    assert [total["requests"] for total in done["total_after"]] == [1]
    assert [row["requests"] for row in tollbook.costs()] == [1]
    # The books of the closed month are as they were, and nothing is booked against them.
    after = books(tollbook)
    assert after[0] == before[0] and after[0]["verified"]
    assert all(not each["adjustments"] for each in after)
    assert tollbook("close", "show", "2026-10") == 0 and "Calls of it were deleted since" in tollbook.out
    assert tollbook("ingest", "--again", log) == 0
    assert "3 records were left out: ann deleted them" in tollbook.out + tollbook.err
    assert [row["number"] for row in tollbook.rows("delete", "--list")] == [1]
    assert tollbook.json("delete", "--lift", 1)["lifted"]["lifted_at"]
    tollbook.json("ingest", "--again", log)
    assert [row["requests"] for row in tollbook.costs()] == [4]
    assert books(tollbook) == before


def test_retention_is_a_setting_and_acts_when_asked(tollbook: Tollbook, log):
    tollbook.load(log)
    assert tollbook("delete", "--retention", "--yes") == 2 and "has no retention_days" in tollbook.err
    with (tollbook.warehouse / "tollbook.toml").open("r+") as settings:
        text = settings.read()
        settings.seek(0)
        settings.write("retention_days = 20\n" + text)
    tollbook.load("--again", log)
    assert [row["requests"] for row in tollbook.costs()] == [4], "no load deletes by itself"
    assert tollbook.json("delete", "--retention", "--yes")["deleted"]["before"] == "2026-11-02T00:00:00Z"
    assert [row["requests"] for row in tollbook.costs()] == [2]
    assert tollbook.json("delete", "--retention", "--yes")["deleted"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give --user or --user-hash, --before, or both"),
        (["--list", "--before", "2026-11-01"], "give --user or --user-hash, --before, or both"),
        (["--before", "yesterday"], "--before: 'yesterday' is no day"),
        (["--user", "kim"], "there is no warehouse"),
        (["--lift", "7"], "there is no warehouse"),
    ],
)
def test_mistakes_are_said(tollbook: Tollbook, arguments, said):
    assert tollbook("delete", *arguments) == 2
    assert said in tollbook.err
