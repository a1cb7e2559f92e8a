"""`tollbook selfhost`: the servers of a model's traffic beside its sellers, held against plain sums of the log."""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from pathlib import Path

import pytest

from app.cli import run
from tests.tollbook_command import Tollbook

BEGAN = datetime(2026, 11, 2, 9)
NOW = ("--now", "2026-11-22T12:00:00Z")
MODEL = "stepfun/step-3.7-flash"
COUNTERS = """\
# scraped_at 2026-11-20T10:00:00Z http://gpu-1:8000
process_start_time_seconds 1.795e+09
vllm:prompt_tokens_total{engine="0",model_name="step-3.7-flash"} 1000
vllm:prompt_tokens_cached_total{engine="0",model_name="step-3.7-flash"} 0
vllm:generation_tokens_total{engine="0",model_name="step-3.7-flash"} 500
# scraped_at 2026-11-20T10:05:00Z http://gpu-1:8000
process_start_time_seconds 1.795e+09
vllm:prompt_tokens_total{engine="0",model_name="step-3.7-flash"} 9001000
vllm:prompt_tokens_cached_total{engine="0",model_name="step-3.7-flash"} 3000000
vllm:generation_tokens_total{engine="0",model_name="step-3.7-flash"} 300500
# scraped_at 2026-11-20T10:25:00Z http://gpu-1:8000
process_start_time_seconds 1.795e+09
vllm:prompt_tokens_total{engine="0",model_name="step-3.7-flash"} 12001000
vllm:prompt_tokens_cached_total{engine="0",model_name="step-3.7-flash"} 4000000
vllm:generation_tokens_total{engine="0",model_name="step-3.7-flash"} 1200500
# scraped_at 2026-11-20T11:25:00Z http://gpu-1:8000
process_start_time_seconds 1.795e+09
vllm:prompt_tokens_total{engine="0",model_name="step-3.7-flash"} 12001100
vllm:prompt_tokens_cached_total{engine="0",model_name="step-3.7-flash"} 4000000
vllm:generation_tokens_total{engine="0",model_name="step-3.7-flash"} 1200600
"""


def calls(cached: Fraction) -> list[dict]:
    """Calls of two weeks' working hours, with a share of their input from the seller's cache."""
    found = []
    for number in range(60):
        at = BEGAN + timedelta(days=number // 5, hours=number % 5, minutes=number % 60)
        prompt, output = 9_000_000 + 1000 * number, 40_000 + number
        usage: dict[str, object] = {
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
        }
        usage["prompt_tokens_details"] = {"cached_tokens": int(prompt * cached)}
        body = {"id": f"chatcmpl-{cached}-{number}", "model": MODEL, "usage": usage}
        found.append({"time": f"{at.isoformat()}Z", "seller": "novita", "task": f"t{number // 3}", "response": body})
    return found


DULL = """
seller: dull
models:
  step-3.7-flash:
    - valid_from: 2026-06-01T00:00:00Z
      currency: USD
      per_mtok: {input: "0.10", output: "1.00"}
      source: a page
      checked: 2026-06-01
      confidence: official
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> Path:
    """A warehouse that no test changes: half of the input was cached, a server was read, one seller sells no cache."""
    folder = tmp_path_factory.mktemp("selfhost")
    (folder / "warehouse" / "rate_cards").mkdir(parents=True)
    (folder / "warehouse" / "rate_cards" / "dull.yaml").write_text(DULL, encoding="utf-8")
    (folder / "gpu-1.prom").write_text(COUNTERS, encoding="utf-8")
    write(folder / "calls.jsonl", calls(Fraction(1, 2)))
    files = [str(folder / name) for name in ("calls.jsonl", "gpu-1.prom")]
    assert run(["--warehouse", str(folder / "warehouse"), *NOW, "ingest", *files]) == 0
    return folder / "warehouse"


@pytest.fixture
def whole(loaded, capsys) -> Tollbook:
    return Tollbook(loaded, capsys)


def write(path: Path, rows: list[dict]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def load(tollbook, rows: list[dict]) -> None:
    log = tollbook.warehouse.parent / "calls.jsonl"
    write(log, rows)
    tollbook.load(log)


def pico(text: str) -> Fraction:
    return Fraction(text) * 10**12


def asked(tollbook, *more: str) -> dict:
    (row,) = tollbook.rows(*NOW, "selfhost", "--servers", "8xh100", "--gpu-hour", "2.5", "--staff", "30", *more)
    return row


def test_the_figures_are_those_of_plain_sums(whole):
    log = calls(Fraction(1, 2))
    row = asked(whole, "--utilisation", "0.5")
    usages = [call["response"]["usage"] for call in log]
    into, out = (sum(usage[name] for usage in usages) for name in ("prompt_tokens", "completion_tokens"))
    cached = sum(usage["prompt_tokens_details"]["cached_tokens"] for usage in usages)
    hours = 11 * 24 + 5
    assert row["traffic"] | {"left_out": {}} == {
        "since": "2026-11-02T09:00:00Z", "until": "2026-11-13T13:00:00Z", "hours": hours, "requests": 60,
        "input": into, "cached": cached, "output": out, "tasks": 20, "left_out": {},
    }  # fmt: skip
    (novita,) = [seller for seller in row["sellers"] if seller["seller"] == "novita"]
    billed = (into - cached) * 200_000 + cached * 40_000 + out * 1_150_000
    month = billed * Fraction(730, hours)
    assert pico(novita["month"]) == round(month)
    assert pico(novita["per_task"]) == round(Fraction(billed, 20))
    by_output, by_input = row["cases"]
    peak = Fraction(max(usage["completion_tokens"] for usage in usages), 3600 * 1245)
    assert by_output["busy_peak"] == float(peak) and by_output["gpus"] == 8 * max(1, ceil(peak * 2))
    peak = Fraction(max(usage["prompt_tokens"] for usage in usages), 3600 * 1245 * 4)
    assert by_input["busy_peak"] == float(peak) and by_input["gpus"] == 8 * max(1, ceil(peak * 2)) == 16
    assert by_input["gpu_hours"] == 16 * 730 and by_input["month"] == str(16 * 730 * Fraction("2.5") + 30)
    assert pico(by_input["per_mtok"]) == round(pico(by_input["month"]) * hours / 730 / (into + out) * 10**6)
    assert pico(novita["cases"][1]["gpu_hour"]) == round((month - pico("30")) / (16 * 730))
    assert pico(novita["cases"][1]["saved"]) == round(month - pico(by_input["month"]))


def test_tokens_from_the_cache_move_the_sellers_alone(whole, tollbook):
    load(tollbook, calls(Fraction(0)))
    cold, warm = asked(tollbook), asked(whole)
    assert warm["cases"] == cold["cases"] and warm["utilisations"] == cold["utilisations"]
    cheap, dear = (
        {
            seller["seller"]: pico(seller["month"])
            for seller in row["sellers"]
            if seller["currency"] == "USD" and seller["month"]
        }
        for row in (warm, cold)
    )
    assert set(cheap) == set(dear) >= {"novita", "stepfun"}
    assert all(cheap[seller] < dear[seller] for seller in cheap)


def test_what_servers_were_read_to_do(whole):
    (row,) = whole.rows(*NOW, "selfhost", "--servers", "measured", "--gpu", "L40S", "--gpus", "2")
    servers = row["servers"]
    # The 20 minutes from 10:05 on: the 5 before them are too short, and in the hour after them it hardly worked.
    assert servers["output_per_s"] == "750.000" and servers["output_tokens"] == 900_000
    assert servers["input_tokens"] == 2_000_000 and servers["word"] == "measured" and servers["gpus"] == 2
    assert servers["by"] == "http://gpu-1:8000" and "it may be able to do more" in servers["note"]
    assert row["cases"][0]["busy_peak"] == float(Fraction(40_059, 3600 * 750))


def test_one_table_for_people(whole):
    assert whole(*NOW, "selfhost", "--gpu-hour", "0.01") == 0
    assert "third party" in whole.out and "a cache of their own is not assumed" in whole.out
    assert "70% is a guess: --utilisation sets it" in whole.out
    assert "No licence and no staff was given" in whole.out
    assert "up to 600 tokens/s on NVIDIA Hopper (vendor" in whole.out
    assert whole(*NOW, "selfhost", "--servers", "8x H100", "--gpu-hour", "0.01", "--input-weight", "0.1") == 0
    assert "at a utilisation of" in whole.out and "as weighed" in whole.out
    assert "stepfun-cn is not held against the servers: its prices are in CNY." in whole.out


def test_a_seller_that_cannot_price_all_calls_is_not_compared(whole):
    row = asked(whole)
    (dull,) = [seller for seller in row["sellers"] if seller["seller"] == "dull"]
    assert (dull["month"], dull["per_mtok"], dull["cases"]) == (None, None, [])
    assert dull["why_not"] == "it can price 0 of 60 calls (no cache_read rate: 60)"


def test_mistakes_say_what_to_do(whole):
    own = ["--gpu", "X", "--gpus", "1"]
    for arguments, says in [
        (["gpt-99"], "no call in scope is of gpt-99; there are calls of step-3.7-flash"),
        (["--servers", "3x TPU"], "no throughput of 3x TPU: there are 4x B200, 8x H100, 8x A100"),
        (["--servers", "measured"], "counters do not say what a server is made of: give --gpu NAME and --gpus NUMBER"),
        (["--throughput", "500"], "--throughput also needs --mix, --gpu and --gpus"),
        (["--throughput", "500", "--mix", "5", *own], "--mix: '5' is no mix"),
        (["--throughput", "0", "--mix", "5/5", *own], "--throughput: output_per_s is 0"),
        (["--gpus", "8"], "--gpu and --gpus with it"),
        (["--utilisation", "70"], "--utilisation: 70 is no share"),
        (["--gpu-hour", "two"], "--gpu-hour: 'two' is no such figure"),
        (["--size-for", "p99"], "--size-for: there is no 'p99'"),
        (["--where", "project=x"], "--where: there is no 'project'"),
        (["--since", "2027-01-01"], "there is no traffic to host"),
    ]:
        assert whole(*NOW, "selfhost", *arguments) == 2
        assert says in whole.err, whole.err
