"""``tollbook rates limits`` and ``tollbook claims``: every figure with its source, its day and its age."""

OWN = """
seller: novita
limits:
  - {models: [stepfun/step-3.7-flash], tier: T3, reached_by: our contract, rpm: 600, source: our contract,
     checked: 2026-11-01, confidence: contract}
  - {tier: T2, rpm: 60, valid_until: 2026-11-01T00:00:00Z, source: s, checked: 2026-10-01, confidence: official}
"""


def test_limits_of_a_model(tollbook):
    rows = tollbook.rows("--now", "2026-07-18", "rates", "limits", "step-3.7-flash", "--seller", "novita")
    assert [(row["tier"], row["rpm"], row["tpm"], row["context_tokens"]) for row in rows] == [
        (None, None, None, 262_144),
        ("T1", 30, 50_000_000, None),
    ]
    assert {(row["checked"], row["age_days"], row["card"]) for row in rows} == {("2026-06-18", 30, "novita.yaml")}


def test_a_limit_of_every_model_is_listed_for_each(tollbook):
    rows = tollbook.rows("rates", "limits", "step-3.5-flash", "--seller", "stepfun-cn")
    assert [row["tier"] for row in rows] == ["V0", "V1", "V2", "V3", "V4", "V5"]


def test_limits_for_people(tollbook):
    assert tollbook("--now", "2026-11-22", "rates", "limits") == 0
    (line,) = [line for line in tollbook.out.splitlines() if " V2 " in line]
    assert "500 CNY paid in" in line and "5,000 " in line and "30,000,000" in line and "124 days" in line
    assert "about 400 tokens per image (low)" in tollbook.out
    assert "stepfun-cn: https://platform.stepfun.com/docs/zh/guides/pricing/details" in tollbook.out


def test_limits_of_ones_own_go_first_and_those_that_ended_are_left_out(tollbook):
    path = tollbook.warehouse / "rate_cards" / "novita.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(OWN, encoding="utf-8")
    rows = tollbook.rows("--now", "2026-11-22", "rates", "limits", "--seller", "novita")
    assert [row["tier"] for row in rows] == ["T3", None, "T1"]
    earlier = tollbook.rows("--now", "2026-10-31", "rates", "limits", "--seller", "novita")
    assert [(row["tier"], row["valid_until"]) for row in earlier][1] == ("T2", "2026-11-01T00:00:00Z")


def test_a_limit_that_nobody_gives(tollbook):
    assert tollbook("rates", "limits", "gpt-99") == 0  # those of all models of a seller
    assert tollbook("rates", "limits", "--seller", "groq") == 2
    assert tollbook.err.startswith("tollbook: no rate card gives a limit of 'groq'; there are limits of aihubmix, ")


def test_claims_are_labelled(tollbook):
    found = tollbook.json("--now", "2026-11-22", "claims", "step-3.7-flash")
    assert found["label"].startswith("Claims, not measurements")
    (cost,) = [row for row in found["rows"] if row["unit"] == "USD per task"]
    assert (cost["figure"], cost["comparator"]["figure"], cost["comparator"]["version"]) == ("0.19", "1.76", "4.6")
    assert (cost["date"], cost["age_days"], cost["label"]) == ("2026-06-01", 174, "vendor claim, not replicated")
    assert cost["harness"] == "StepFun's own, on SWE-bench Verified"


def test_claims_for_people(tollbook):
    assert tollbook("claims") == 0
    assert "Claims, not measurements: somebody's word" in tollbook.out
    (line,) = [line for line in tollbook.out.splitlines() if "cost per task" in line]
    assert "claude-opus-4-6 (4.6): 1.76" in line and "vendor claim, not replicated" in line
    assert "third-party claim, not replicated" in tollbook.out and "up to 600" in tollbook.out


def test_a_model_without_claims(tollbook):
    assert tollbook("claims", "gpt-99") == 2
    assert tollbook.err == "tollbook: no rate card has a claim about gpt-99; there are claims about step-3.7-flash\n"
