"""Lines of calls of which next to nothing could be read are calls all the same; what they cost is unknown."""

import httpx2

from app.cli import run
from tests.captured import client, lines, whole
from warehouse.connection import open_reader

URL = "https://api.openai.com/v1/audio/transcriptions"


def test_calls_that_could_not_be_read_are_loaded(tmp_path):
    for status in (200, 500):
        caller = client(httpx2, whole(b'{"text": "Hello"}', status), tmp_path / "captured")
        caller.post(URL, files={"file": b"sound"}, data={"model": "whisper-1"})
    for line in lines(tmp_path / "captured"):
        assert line["request"] == {} and "response" not in line and "error" not in line
    assert run(["--warehouse", str(tmp_path / "warehouse"), "ingest", str(tmp_path / "captured")]) == 0
    with open_reader(tmp_path / "warehouse") as reader:
        rows = reader.rows("select http_status, seller, api_path, usage_status, cost_low from usage order by 1")
    assert rows == [(status, "openai", "/audio/transcriptions", "missing", None) for status in (200, 500)]
