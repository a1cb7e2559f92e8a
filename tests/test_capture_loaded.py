"""Lines of calls of which next to nothing could be read are calls all the same; what they cost is unknown."""

import json

import httpx2
import pytest

from app.cli import run
from tests.captured import LIBRARIES, client, lines, whole
from warehouse.connection import open_reader

URL = "https://api.openai.com/v1/audio/transcriptions"


def test_calls_that_could_not_be_read_are_loaded(tmp_path):
    for status in (200, 500):
        caller = client(httpx2, whole(b'{"text": "Hello"}', status), tmp_path / "captured")
        caller.post(URL, files={"file": b"sound"}, data={"model": "whisper-1"})
    for line in lines(tmp_path / "captured"):
        assert line["request"] == {"model": "whisper-1"} and "response" not in line and "error" not in line
    assert run(["--warehouse", str(tmp_path / "warehouse"), "ingest", str(tmp_path / "captured")]) == 0
    with open_reader(tmp_path / "warehouse") as reader:
        rows = reader.rows("select http_status, seller, api_path, usage_status, cost_low from usage order by 1")
    assert rows == [(status, "openai", "/audio/transcriptions", "missing", None) for status in (200, 500)]


@pytest.mark.parametrize("http", LIBRARIES, ids=lambda module: module.__name__)
def test_a_form_tells_its_model_and_nothing_else(http, tmp_path):
    usage = {"type": "tokens", "input_tokens": 14, "output_tokens": 45, "total_tokens": 59}
    caller = client(http, whole(json.dumps({"text": "Secret", "usage": usage}).encode()), tmp_path / "captured")
    form = {"prompt": "Secret words", "model": "gpt-4o-transcribe"}
    caller.post(URL, files={"file": ("secret.mp3", b"sound")}, data=form)
    (line,) = lines(tmp_path / "captured")
    assert line["request"] == {"model": "gpt-4o-transcribe"}
    assert not {"features", "sizes"} & line.keys() and "secret" not in json.dumps(line).lower()
    assert run(["--warehouse", str(tmp_path / "warehouse"), "ingest", str(tmp_path / "captured")]) == 0
    with open_reader(tmp_path / "warehouse") as reader:
        rows = reader.rows("select model_requested, usage_status, input, output from usage")
    assert rows == [("gpt-4o-transcribe", "reported", 14, 45)]


def test_a_sound_billed_by_its_length_is_a_call_of_unknown_cost(tmp_path):
    body = {"text": "Hello", "usage": {"type": "duration", "seconds": 3}}
    caller = client(httpx2, whole(json.dumps(body).encode()), tmp_path / "captured")
    caller.post(URL, files={"file": b"sound"}, data={"model": "whisper-1"})
    assert len(lines(tmp_path / "captured")) == 1
    assert run(["--warehouse", str(tmp_path / "warehouse"), "ingest", str(tmp_path / "captured")]) == 0
    with open_reader(tmp_path / "warehouse") as reader:
        rows = reader.rows("select model_requested, usage_status, input, cost_low from usage")
    assert rows == [("whisper-1", "missing", None, None)]
