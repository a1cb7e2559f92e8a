"""The tab of self-hosting on the page of scenarios: the same figures as the command, every choice in the URL."""

import json
from datetime import datetime, timedelta

import pytest

from app.cli import run
from tests.app_page import metric, opener, table, texts

NOW = datetime(2026, 11, 22, 9)
BEGAN = datetime(2026, 11, 2, 9)
COUNTERS = """\
# scraped_at 2026-11-20T10:00:00Z http://gpu-1:8000
process_start_time_seconds 1.795e+09
vllm:prompt_tokens_total{engine="0",model_name="step-3.7-flash"} 1000
vllm:generation_tokens_total{engine="0",model_name="step-3.7-flash"} 500
# scraped_at 2026-11-20T11:00:00Z http://gpu-1:8000
process_start_time_seconds 1.795e+09
vllm:prompt_tokens_total{engine="0",model_name="step-3.7-flash"} 7201000
vllm:generation_tokens_total{engine="0",model_name="step-3.7-flash"} 1800500
"""


def calls():
    for number in range(30):
        at = BEGAN + timedelta(days=number // 5, hours=number % 5, minutes=number)
        prompt, output = 9_000_000 + number, 40_000 + number
        usage: dict[str, object] = {
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
        }
        usage["prompt_tokens_details"] = {"cached_tokens": prompt // 2}
        body = {"id": f"chatcmpl-{number}", "model": "stepfun/step-3.7-flash", "usage": usage}
        yield {"time": f"{at.isoformat()}Z", "seller": "novita", "task": f"t{number}", "response": body}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hosting")
    (folder / "log.jsonl").write_text("".join(json.dumps(each) + "\n" for each in calls()), encoding="utf-8")
    (folder / "gpu-1.prom").write_text(COUNTERS, encoding="utf-8")
    files = [str(folder / name) for name in ("log.jsonl", "gpu-1.prom")]
    assert run(["--warehouse", str(folder / "warehouse"), "--now", NOW.isoformat(), "ingest", *files]) == 0
    return folder / "warehouse"


@pytest.fixture
def opened(monkeypatch, loaded):
    open_app = opener(monkeypatch, NOW)
    return lambda **params: open_app(loaded, "scenarios", show="Self-hosting", **params)


def test_without_a_price_it_says_the_price_to_beat(opened, loaded, capsys):
    page = opened(host_servers="8x H100 (third party: Lambda)")
    assert metric(page, "GPUs reserved") == "8" and metric(page, "A month") == "–"
    assert metric(page, "Pays from") == "–"
    capsys.readouterr()
    arguments = ["--warehouse", str(loaded), "--now", NOW.isoformat(), "selfhost", "--servers", "8xH100", "--json"]
    assert run(arguments) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    price = float(row["sellers"][0]["cases"][0]["gpu_hour"])
    assert metric(page, "GPU-hour to beat") == f"${price:.4f}"
    said = texts(page)
    assert "third party: Lambda, 2026-11-22" in said and "a cache of their own is not assumed" in said
    assert "No price of a GPU-hour is given" in said and "“Utilisation” sets it" in said
    shown = table(page, "Even at a use of")
    assert list(shown["Seller"])[-1] == "stepfun-cn" and "CNY" in shown["Not compared, because"].iloc[-1]


def test_a_price_fills_the_rest(opened):
    page = opened(host_gpu_hour="2.5", host_utilisation="50")
    page.number_input(key="host_staff_month").set_value(1000.0).run()
    assert not page.exception
    # Four B200s, 730 hours each.
    assert metric(page, "A month") == f"${4 * 730 * 2.5 + 1000:,.2f}"
    assert "50% (chosen)" in list(table(page, "1M tokens, if so around the clock")["Utilisation"])
    assert "is a guess" not in texts(page) and "No licence was given" in texts(page)
    # More input for each output than a server was tried at: where only input is work it is too dear at any volume.
    assert metric(page, "Pays from").endswith("x to never")


def test_one_weight_gives_one_figure(opened):
    page = opened(host_input_weight="0.1", host_gpu_hour="0.01")
    assert list(table(page, "Busy, mean hour")["Input"]) == ["as weighed"]
    assert " to " not in metric(page, "Pays from")


def test_servers_of_ones_own_are_taken_as_they_were_read(opened):
    page = opened(host_servers="As read from counters")
    assert "Say what a server is made of" in texts(page)
    page.text_input(key="host_gpu").set_value("L40S").run()
    assert "500.000 output tokens/s" in texts(page) and "measured: http://gpu-1:8000" in texts(page)


def test_a_figure_of_ones_own_says_on_whose_word(opened):
    page = opened(host_servers="A figure of your own", host_gpu="L40S", host_gpus="2")
    assert "Say how many output tokens" in texts(page)
    page.number_input(key="host_output_per_s").set_value(300.0).run()
    assert "300 output tokens/s at 8192 in / 2048 out (guess: you" in texts(page)
    page.number_input(key="host_output_per_s").set_value(0.0).run()
    assert "Output tokens/s: output_per_s is 0" in texts(page)


def test_no_traffic_is_said(opened):
    assert "No call in scope has usage" in texts(opened(period="Last 7 days"))
