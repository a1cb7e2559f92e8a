"""What is computed twice is equal: lines read in SQL and in Python, meters and costs in SQL and in ``pricing``."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.load import load_files
from ingest.openai_compatible import SOURCE
from ingest.options import Options
from ingest.stage import Readable, route_batch, stage_file
from pricing.cost import cost_of
from pricing.meters import METERS, Usage
from pricing.usage import FLAVOURS, Counts, read_usage
from warehouse.batch import Place, normalise
from warehouse.connection import Connection, open_reader, open_staging
from warehouse.folder import Folder
from warehouse.rates import compile_rates, read_cards
from warehouse.staging import Form

SALT = "salt"
OPTIONS = Options()
# An example is a whole load, so shrinking one would take minutes; the first line that differs is shown instead.
SHAPES = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

counts = st.none() | st.integers(0, 3000)
usages = st.fixed_dictionaries(
    {},
    optional={
        "prompt_tokens": st.integers(0, 5000),
        "completion_tokens": st.integers(0, 3000),
        "total_tokens": st.integers(0, 9000),
        "cached_tokens": counts,
        "prompt_cache_hit_tokens": counts,
        "prompt_tokens_details": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "cached_tokens": counts,
                "audio_tokens": counts,
                "image_tokens": counts,
                "cache_write_tokens": counts,
            },
        ),
        "completion_tokens_details": st.none()
        | st.fixed_dictionaries({}, optional={"reasoning_tokens": counts, "audio_tokens": counts}),
        "cost": st.sampled_from([0.0002305, 6e-05, 0, None]),
        "is_byok": st.sampled_from([None, False, True]),
    },
)
whole_usages = st.builds(
    lambda usage, prompt, completion: {
        **usage,
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "is_byok": None,
    },
    usages,
    st.integers(0, 5000),
    st.integers(0, 3000),
)
requests = st.fixed_dictionaries(
    {"model": st.sampled_from(["step-3.7-flash", "unheard-of", ""])},
    optional={
        "tools": st.sampled_from([[], [{"type": "function"}], None, False]),
        "response_format": st.sampled_from([None, {"type": "json_schema"}, {"type": "text"}]),
        "messages": st.sampled_from(
            [[], [{"role": "user", "content": "words"}], [{"content": [{"type": "text"}, {"type": "image_url"}]}]]
        ),
        "max_tokens": st.none() | st.integers(0, 10000),
        "stream": st.sampled_from([None, True, False]),
        "reasoning_effort": st.sampled_from([None, "low", "high"]),
        "service_tier": st.sampled_from([None, "flex"]),
    },
)
flags = st.sampled_from([None, True, False, "true", 1])
chars = st.sampled_from([0, 3, 812, "40", 2**31 - 1, None, -1, 1.5])
parts = st.fixed_dictionaries(
    {"kind": st.sampled_from(["text", "tool_call", "reasoning", "image", "unheard-of"])},
    optional={"role": st.sampled_from(["user", "assistant", "tool", None]), "chars": chars, "count": chars},
)
sizes = st.fixed_dictionaries(
    {},
    optional={
        "messages": st.none() | st.integers(0, 40),
        "known": st.none() | st.integers(0, 40),
        "new": st.none() | st.lists(parts, max_size=4) | st.sampled_from([5, "words", [None, 3]]),
        "answer": st.none() | st.lists(parts, max_size=3),
    },
)
envelopes = st.fixed_dictionaries(
    {"time": st.sampled_from([1791072000, 1791072000.25, "2026-10-04T00:00:00Z", "2026-10-04 00:00:00"])},
    optional={
        "base_url": st.sampled_from(
            [None, "https://api.stepfun.ai/v1", "https://api.novita.ai/openai", "http://x/?k=1"]
        ),
        "seller": st.sampled_from([None, "", "stepfun-cn"]),
        "request": requests,
        "status": st.sampled_from([None, 200, 299, 401, 499, 500]),
        "latency_ms": st.sampled_from([None, 12, 12.5, 0.4]),
        "task": st.sampled_from([None, "t-1", 17]),
        "step": st.none() | st.integers(0, 40),
        "user": st.sampled_from([None, "user-01"]),
        "tags": st.sampled_from([None, {}, {"a": "b", "n": 3}]),
        "features": st.fixed_dictionaries(
            {}, optional={"tools": flags, "json_schema": flags, "image": flags, "video": flags}
        ),
        "sizes": st.none() | sizes,
        "ended": st.sampled_from([None, True, True, False]),
        "record": st.sampled_from([None, "0193"]),
        "logical_call": st.sampled_from([None, "0194"]),
        "api_path": st.sampled_from([None, "/chat/completions", "/v1/messages?beta=1", "/responses/", "/nowhere"]),
        "error": st.sampled_from([None, "ReadTimeout", {"code": "rate_limit_exceeded"}]),
    },
)


def line_of(envelope: dict[str, Any], usage: dict[str, Any], number: int) -> dict[str, Any]:
    body = {"id": f"chatcmpl-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return {**envelope, "response": body}


def batch_of(staging: Connection, folder: Folder, path: Path, *, in_python: bool, form: Form = "mixed") -> list[tuple]:
    """The batch that a file makes, and the lines it rejects."""
    readable = Readable(path, "lines", 1, 1 << 20, (), None, form, "mark")
    stage_file(staging, readable, SOURCE, OPTIONS, in_python=in_python)
    route_batch(staging, OPTIONS, read_cards(folder).all, salt=SALT)
    normalise(staging, Place(SOURCE.name, "mark", 1, SALT), OPTIONS.given)
    rows = staging.execute(
        "select * exclude (place) replace (map_entries(tags) as tags) from batch order by line"
    ).fetchall()
    return rows + staging.execute("select line, reason from problem order by line").fetchall()


@SHAPES
@given(st.lists(st.tuples(envelopes, usages), min_size=10, max_size=60))
def test_a_line_reads_the_same_in_sql_and_in_python(tmp_path, lines):
    folder = Folder(tmp_path / "warehouse")
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(line_of(line[0], line[1], number)) + "\n" for number, line in enumerate(lines)))
    with open_staging(folder) as staging:
        in_sql = batch_of(staging, folder, path, in_python=False)
        assert in_sql == batch_of(staging, folder, path, in_python=False, form="envelope")
        in_python = batch_of(staging, folder, path, in_python=True)
        names = [column[0] for column in staging.execute("describe batch").fetchall() if column[0] != "place"]
    for one, other in zip(in_sql, in_python, strict=True):
        assert dict(zip(names, one, strict=False)) == dict(zip(names, other, strict=False))


def test_clean_lines_are_read_in_sql(tmp_path):
    """The comparison above says something only while SQL takes lines at all."""
    usage = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps(line_of({"time": 1791072000}, usage, 1)) + "\n")
    with open_staging(Folder(tmp_path / "warehouse")) as staging:
        batch_of(staging, Folder(tmp_path / "warehouse"), path, in_python=False)
        assert staging.execute("select count(*) from stage where plain").fetchall() == [(1,)]
        assert staging.execute("select count(*) from reread").fetchall() == [(0,)]


@pytest.fixture
def priced(tmp_path) -> Any:
    """Loads usages as calls at StepFun, and gives back the rows of the warehouse in order."""

    def load(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        target = tmp_path / f"warehouse-{len(list(tmp_path.iterdir()))}"
        path = tmp_path / "log.jsonl"
        envelope = {"time": 1791072000, "seller": "stepfun"}
        path.write_text("".join(json.dumps(line_of(envelope, usage, n)) + "\n" for n, usage in enumerate(found)))
        list(load_files(target, [path], OPTIONS, now=datetime(2026, 11, 22), tell=lambda message: None))
        with open_reader(target) as reader:
            result = reader.connection.execute("select * from usage_priced order by line")
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return load


def counts_of(usage: dict[str, Any]) -> Counts:
    """The counts of a usage object in StepFun's dialect, taken by hand."""
    inside, outside = usage.get("prompt_tokens_details") or {}, usage.get("completion_tokens_details") or {}
    cached = [inside.get("cached_tokens"), usage.get("cached_tokens"), usage.get("prompt_cache_hit_tokens")]
    return Counts(
        prompt=usage.get("prompt_tokens"),
        completion=usage.get("completion_tokens"),
        cache_read=next((count for count in cached if count is not None), None),
        cache_write=inside.get("cache_write_tokens"),
        reasoning=outside.get("reasoning_tokens"),
        total=usage.get("total_tokens"),
        input_audio=inside.get("audio_tokens"),
        input_image=inside.get("image_tokens"),
        output_audio=outside.get("audio_tokens"),
    )


OWN_REASONS = ("cache read reported twice, differently", "cache hits and misses differ from input")


@SHAPES
@given(st.lists(whole_usages, min_size=5, max_size=60))
def test_meters_and_costs_are_those_of_pricing(priced, found):
    rate = next(
        rate
        for rate in compile_rates(read_cards(Folder(Path("nowhere"))))
        if (rate.seller, rate.model) == ("stepfun", "step-3.7-flash")
    )
    for row, usage in zip(priced(found), found, strict=True):
        reading = read_usage(counts_of(usage), FLAVOURS["openai_chat"])
        assert Usage(*(row[meter] for meter in METERS))[:11] == reading.usage[:11]
        assert row["check_gap"] == reading.check_gap
        shared = [reason for reason in (row["review"] or "").split("; ") if reason and reason not in OWN_REASONS]
        assert "; ".join(shared) == (reading.review or "")
        cost = cost_of(reading.usage, rate)
        assert (row["cost"], row["unpriced_reason"]) == (cost.pico, cost.unpriced_reason)
        if row["review"] and cost.pico is not None:
            assert 0 <= row["cost_low"] <= row["cost"] == row["cost_read"] <= row["cost_high"]


def test_bare_answers_read_the_same_whatever_was_expected(tmp_path):
    """A file of bare answers in which an envelope turns up later than the sample reaches."""
    usage = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}
    body = {"id": "a", "created": 1791072000, "model": "m", "usage": usage}
    lines = [body, {**body, "id": "b"}, {"time": 1791072001, "response": {**body, "id": "c"}, "team": "t"}]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    folder = Folder(tmp_path / "warehouse")
    with open_staging(folder) as staging:
        found = [batch_of(staging, folder, path, in_python=False, form=form) for form in ("bare", "mixed", "envelope")]
        assert found[0] == found[1] == found[2] == batch_of(staging, folder, path, in_python=True)
        assert len(found[0]) == 3
