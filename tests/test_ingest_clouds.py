"""Google's and Amazon's answers and logs: whose file it is, which model and seller a record proves."""

from typing import Any

import pytest

from ingest import bedrock, gemini
from ingest.bedrock_log import is_opaque, model_of
from ingest.problem import Unreadable
from ingest.registry import find_source
from ingest.source import Sample

TIME = "2026-11-20T10:00:00Z"
ANSWER: dict[str, Any] = {
    "candidates": [{"finishReason": "STOP"}],
    "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15},
    "modelVersion": "gemini-2.5-flash",
    "responseId": "r-1",
}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-opus-4-6",
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 4, "cache_read_input_tokens": 6, "output_tokens": 2},
}
CONVERSE: dict[str, Any] = {"stopReason": "end_turn", "usage": {"inputTokens": 4, "outputTokens": 2, "totalTokens": 6}}
CHAT = {"id": "c-1", "model": "gpt-5", "usage": {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 6}}
LOG: dict[str, Any] = {
    "schemaType": "ModelInvocationLog",
    "timestamp": TIME,
    "region": "us-east-1",
    "requestId": "q-1",
    "operation": "Converse",
    "modelId": "anthropic.claude-haiku-4-5-20251001-v1:0",
    "input": {"inputTokenCount": 4},
    "output": {"outputTokenCount": 2},
}


def google(value: dict[str, Any]) -> list[dict[str, Any]]:
    return list(gemini.read(value, gemini.SOURCE.leaves, None))


def amazon(value: dict[str, Any]) -> list[dict[str, Any]]:
    return list(bedrock.read(value, bedrock.SOURCE.leaves, None))


@pytest.mark.parametrize(
    ("records", "name"),
    [
        ([ANSWER], "gemini"),
        ([{"key": "k", "response": ANSWER}], "gemini"),
        ([{"processed_time": TIME, "status": "", "request": {}, "response": ANSWER}], "gemini"),
        ([MESSAGE], "anthropic"),
        ([{"custom_id": "k", "result": {"type": "succeeded", "message": MESSAGE}}], "anthropic"),
        ([{"type": "error", "error": {"type": "overloaded_error"}}, MESSAGE], "anthropic"),
        ([CONVERSE], "bedrock"),
        ([{"messageStart": {}}, {"metadata": CONVERSE}], "bedrock"),
        ([LOG], "bedrock"),
        # Answers of several surfaces, and envelopes, are read by the one source that reads all.
        ([MESSAGE, CHAT], "openai_compatible"),
        ([CHAT, ANSWER, CONVERSE], "openai_compatible"),
        ([{"time": TIME, "response": MESSAGE}], "openai_compatible"),
        ([{"time": TIME, "request": {}, "response": ANSWER}], "openai_compatible"),
    ],
)
def test_a_file_is_of_the_surface_of_all_its_records(records, name):
    assert find_source(Sample("lines", tuple(records)), "log").name == name


def test_vertex_is_told_by_what_the_gemini_api_does_not_have():
    plain = {**ANSWER, "time": TIME}
    assert [each["seller"] for each in google(plain)] == [None]
    assert [each["seller"] for each in google({**plain, "createTime": TIME})] == ["google-vertex"]
    traffic = {**plain, "usageMetadata": {**ANSWER["usageMetadata"], "trafficType": "ON_DEMAND"}}
    assert [each["seller"] for each in google(traffic)] == ["google-vertex"]


def test_a_batchs_result_is_a_batch_whoever_wrote_it():
    (ours,) = google({"key": "k-1", "response": {**ANSWER, "createTime": TIME}})
    assert (ours["batch"], ours["request_id"], ours["model_served"]) == (True, "k-1", "gemini-2.5-flash")
    (failed,) = google({"processed_time": TIME, "status": "Internal error", "request": {}, "response": {}})
    assert (failed["batch"], failed["error_category"], failed["usage_status"]) == (True, "provider_error", "missing")


def test_results_of_one_moment_with_the_same_counts_are_calls_of_their_own():
    answer = {name: value for name, value in ANSWER.items() if name != "responseId"}
    written = {"processed_time": TIME, "status": "", "response": answer}
    results = [{**written, "request": {"contents": [number]}} for number in (1, 2)]
    leaves = gemini.SOURCE.leaves
    first, second = (reading["key_text"] for each in results for reading in gemini.read(each, leaves, None))
    assert first != second
    (again,) = gemini.read(dict(reversed(results[0].items())), leaves, None)
    assert again["key_text"] == first
    (named,) = gemini.read({**results[0], "response": ANSWER}, leaves, None)
    assert named["key_text"] is None


def test_a_piece_of_a_stream_is_left_out_or_partial():
    piece = {**ANSWER, "candidates": [{}], "time": TIME}
    (named,) = google(piece)
    assert (named["usage_status"], named["error_category"], named["streamed"]) == ("partial", None, True)
    assert google({**piece, "responseId": None}) == []
    with pytest.raises(Unreadable, match="no answer of generateContent"):
        google({"time": TIME})


@pytest.mark.parametrize(
    ("name", "model", "opaque"),
    [
        ("anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-haiku-4-5-20251001-v1:0", False),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0", False),
        ("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.amazon.nova-lite-v1:0", "eu.amazon.nova-lite-v1:0", False),
        ("arn:aws:bedrock:eu-west-1:1:application-inference-profile/ab1", "application-inference-profile/ab1", True),
        ("arn:aws:bedrock:eu-west-1:1:provisioned-model/ab1", "provisioned-model/ab1", True),
    ],
)
def test_an_arn_names_its_model_or_hides_it(name, model, opaque):
    assert (model_of(name), is_opaque(model)) == (model, opaque)


def test_cached_counts_of_the_log_stand_in_either_of_two_places():
    inside = {**LOG, "input": {"inputTokenCount": 4, "cacheReadInputTokenCount": 9}}
    (one,), (other,) = amazon(inside), amazon({**LOG, "cacheReadInputTokenCount": 9})
    assert (one["prompt"], one["cache_read"]) == (other["prompt"], other["cache_read"]) == (4, 9)
    assert one["usage_flavour"] == other["usage_flavour"] == "bedrock_converse"


def test_the_answer_in_the_log_goes_before_the_logs_own_counts():
    (found,) = amazon({**LOG, "operation": "InvokeModel", "output": {"outputTokenCount": 2, "outputBodyJson": MESSAGE}})
    assert (found["response_id"], found["usage_flavour"], found["cache_read"]) == ("msg_1", "anthropic", 6)
    # Version and region, which have prices of their own, are in the log's name of the model.
    assert found["model_served"] == LOG["modelId"]


def test_a_failure_of_the_log_has_no_counts_and_its_documented_status():
    failed = {**LOG, "errorCode": "ThrottlingException", "input": {}, "output": {}}
    (found,) = amazon(failed)
    assert (found["http_status"], found["error_category"], found["usage_status"]) == (429, "rate_limit", "missing")
    assert (found["prompt"], found["completion"], found["model_served"]) == (None, None, None)
    with pytest.raises(Unreadable, match="modelId"):
        amazon({**LOG, "modelId": None})


def test_of_a_converse_stream_only_the_counts_are_a_record():
    pieces: list[dict[str, Any]] = [
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {}},
        {"messageStop": {}},
    ]
    assert [amazon(piece) for piece in pieces] == [[], [], []]
    with pytest.raises(Unreadable, match="no time"):
        amazon({"metadata": CONVERSE})
    (found,) = amazon({**CONVERSE, "metrics": {"latencyMs": 812}, "time": TIME, "serviceTier": {"type": "flex"}})
    assert (found["latency_ms"], found["service_tier"], found["streamed"]) == (812, "flex", None)
    (faster,) = amazon({**CONVERSE, "time": TIME, "performanceConfig": {"latency": "optimized"}})
    assert faster["service_tier"] == "latency-optimized"
