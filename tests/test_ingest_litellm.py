"""LiteLLM's logs against the ledger of the server behind it, call by call, and its habits one by one."""

import gzip
import json
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ingest.litellm import SOURCE, read
from ingest.load import load_files
from ingest.options import Options
from ingest.problem import Unreadable
from tests.recorded_cards import write_cards
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22, 4)
PAYLOADS = "custom_logger_standard_logging_object.jsonl.gz"
LOGS = (
    PAYLOADS,
    "generic_api_post_bodies.jsonl.gz",
    "standard_logging_payloads_trimmed.jsonl",
    "spend_logs_rows.jsonl.gz",
)
PICO = Decimal(10) ** 12
HALF_A_NANO_DOLLAR = 500
"""Pico-dollars: the ledger's amounts are rounded to nine decimals."""


def lines(path: Path) -> list[Any]:
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else path.open()
    with opened as file:
        return [json.loads(line) for line in file if line.strip()]


def load(warehouse: Path, *paths: Path) -> list[Any]:
    loads = list(load_files(warehouse, paths, Options(), now=NOW, tell=lambda message: None))
    assert [load.error for load in loads] == [None] * len(paths)
    return loads


def rows(warehouse: Path, text: str) -> list[tuple]:
    with open_reader(warehouse) as reader:
        return reader.rows(text)


class Recorded(NamedTuple):
    folder: Path
    warehouse: Path
    ledger: dict[str, dict[str, Any]]
    """The server's rows by the id that it gave each request."""


@pytest.fixture(scope="module")
def recorded(shared, tmp_path_factory) -> Recorded:
    """The payloads of every attempt, loaded; prices are those the ledger was kept with."""
    folder = shared / "recorded" / "litellm_proxy"
    warehouse = tmp_path_factory.mktemp("litellm") / "warehouse"
    write_cards(warehouse)
    (merged,) = (result.merged for result in load(warehouse, folder / PAYLOADS))
    # 204 payloads, and one adviser's part that a payload lists.
    assert (merged.records, merged.loaded, merged.rejected) == (205, 205, 0)
    ledger = {row["upstream_request_id"]: row for row in lines(folder / "truth_ledger.jsonl")}
    return Recorded(folder, warehouse, ledger)


def upstream_ids(folder: Path) -> dict[str, str]:
    """From LiteLLM's id of an answer to the server's id of the request, read from the raw log."""
    found = {}
    for line in lines(folder / PAYLOADS):
        payload = line["standard_logging_object"]
        headers = payload["hidden_params"]["additional_headers"] or {}
        names = ("llm_provider-x-request-id", "llm_provider-request-id", "x-request-id", "request-id")
        told = [headers[name] for name in names if headers.get(name)]
        if payload["status"] == "success" and payload["cache_hit"] is not True and told:
            found[payload["litellm_call_id"]] = told[0]
    return found


def advisor_tokens(row: dict[str, Any]) -> tuple[int, int]:
    """Input and output of an adviser whose tokens LiteLLM adds to a stream's own, without a word."""
    extra = row.get("advisor_iteration") if row["stream"] else None
    return (extra["in_total"], extra["out_total"]) if extra else (0, 0)


def test_every_answered_call_has_the_tokens_that_the_server_served(recorded):
    served = upstream_ids(recorded.folder)
    text = """
        select request_id, seller, input, cache_read, cache_write_5m, cache_write_1h, cache_write, output, cost,
            cost_low, cost_high, review from usage_priced
        where usage_status = 'reported' and gateway_cache_hit is not true and granularity = 'request'
    """
    compared = Counter[str]()
    for request, seller, input_, read_, write_5m, write_1h, write, output, cost, low, high, review in rows(
        recorded.warehouse, text
    ):
        if request not in served:
            continue
        truth = recorded.ledger[served[request]]
        more_in, more_out = advisor_tokens(truth)
        assert output == truth["out_total"] + more_out
        assert input_ + sum(part or 0 for part in (read_, write_5m, write_1h, write)) == truth["in_total"] + more_in
        billed = int(Decimal(str(truth["truth_cost_usd"])) * PICO)
        if seller == "stepfun":
            # LiteLLM drops StepFun's cached tokens: unknown, and the cost is the most that it can have been.
            assert read_ is None and review is not None
            assert low <= billed + HALF_A_NANO_DOLLAR and billed - HALF_A_NANO_DOLLAR <= high == cost
        elif not more_in:
            assert (read_ or 0, write_5m or 0, write_1h or 0) == (
                truth["in_cache_read"],
                truth["in_cache_write_5m"],
                truth["in_cache_write_1h"],
            )
            assert abs(cost - billed) <= HALF_A_NANO_DOLLAR and review is None
        compared[seller] += 1
    assert compared == {"stepfun": 63, "openai": 35, "anthropic": 26, "deepseek": 22}


def test_the_upper_bound_of_stepfun_is_as_far_off_as_its_cached_tokens(recorded):
    ((most, least),) = rows(
        recorded.warehouse,
        "select sum(cost), sum(cost_low) from usage_priced where seller = 'stepfun' and review is not null",
    )
    truth = [row for row in recorded.ledger.values() if row["dialect"] == "stepfun" and row["outcome"] == "ok"]
    billed = sum(Decimal(str(row["truth_cost_usd"])) for row in truth) * PICO
    cached = sum(row["in_cache_read"] for row in truth)
    assert abs(most - billed - cached * (200_000 - 40_000)) <= HALF_A_NANO_DOLLAR * len(truth)
    assert least < billed


def test_attempts_are_counted_once_each_and_failures_cost_nothing(recorded):
    payloads = [line["standard_logging_object"] for line in lines(recorded.folder / PAYLOADS)]
    failed = Counter(row["error_information"]["error_code"] for row in payloads if row["status"] == "failure")
    text = (
        "select coalesce(http_status::varchar, ''), count(*) from usage where error_category is not null group by all"
    )
    assert dict(rows(recorded.warehouse, text)) == failed
    # A timeout or a cut stream may have been billed: unknown. All other failures are free.
    text = """
        select costing, count(*), count(output), sum(cost) from usage_priced
        where error_category is not null group by all order by all
    """
    unsure = failed["408"] + failed[""]
    assert rows(recorded.warehouse, text) == [
        ("free", sum(failed.values()) - unsure, 0, 0),
        ("unknown", unsure, 0, None),
    ]
    retried = """
        select count(*) from (
            select request_id from usage where granularity = 'request' group by request_id having count(*) > 1)
    """
    calls = Counter(row["litellm_call_id"] for row in payloads)
    assert rows(recorded.warehouse, retried) == [(sum(times > 1 for times in calls.values()),)]


def test_answers_from_litellms_own_cache_are_calls_that_cost_nothing(recorded):
    text = "select count(*), sum(cost), count(response_id), count(review) from usage_priced where gateway_cache_hit"
    assert rows(recorded.warehouse, text) == [(10, 0, 0, 0)]


def test_work_people_and_money_are_kept(recorded):
    text = (
        "select count(task), count(team), count(user_hash), count(key_alias), count(environment), count(org) from usage"
    )
    assert rows(recorded.warehouse, text) == [(205,) * 6]
    truth = {row["task_id"] for row in recorded.ledger.values()}
    assert {task for (task,) in rows(recorded.warehouse, "select distinct task from usage")} <= truth
    reported = sum(
        Decimal(str(line["standard_logging_object"]["response_cost"])) for line in lines(recorded.folder / PAYLOADS)
    )
    assert rows(recorded.warehouse, "select sum(cost_reported), any_value(cost_reported_kind) from usage")[0] == (
        int(reported * PICO),
        "estimate",
    )


def test_what_was_billed_and_never_logged_is_not_made_up(recorded):
    """The log has fewer attempts than the server: streams that broke off, and calls whose client had gone."""
    served = set(upstream_ids(recorded.folder).values())
    billed = [row for row in recorded.ledger.values() if row["billed"] and row["upstream_request_id"] not in served]
    assert {row["outcome"] for row in billed} >= {"cut", "ok_but_client_gone"}
    text = "select count(*) from usage where usage_status = 'missing' and costing = 'unknown'"
    assert rows(recorded.warehouse, text)[0][0] > 0


def test_a_listed_advisers_tokens_are_its_own_record_and_out_of_the_call(recorded):
    (truth,) = (row for row in recorded.ledger.values() if row.get("advisor_iteration") and not row["stream"])
    text = "select role, model_served, input, output, seller, task from usage where granularity = 'iteration'"
    told = truth["advisor_iteration"]
    assert rows(recorded.warehouse, text) == [
        ("advisor", told["model"], told["in_total"], told["out_total"], "anthropic", truth["task_id"])
    ]


@pytest.mark.parametrize("order", [LOGS, LOGS[::-1]], ids=["payloads first", "spend rows first"])
def test_four_logs_of_the_same_calls_are_the_same_calls(recorded, tmp_path, order):
    warehouse = tmp_path / "warehouse"
    write_cards(warehouse)
    load(warehouse, *(recorded.folder / name for name in order))
    text = """
        select count(*), sum(cost), sum(input), sum(output), count(review) filter (usage_status = 'reported')
        from usage_priced where usage_status = 'reported'
    """
    assert rows(warehouse, text) == rows(recorded.warehouse, text)


def payload(**more: Any) -> dict[str, Any]:
    """A payload with no more than it takes."""
    told = {
        "id": "chatcmpl-1",
        "litellm_call_id": "call-1",
        "call_type": "acompletion",
        "status": "success",
        "startTime": "2026-11-20 10:00:00.000000",
        "endTime": "2026-11-20 10:00:01.499500",
        "model": "novita/stepfun/step-3.7-flash",
        "custom_llm_provider": "novita",
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "total_tokens": 110,
        "response_cost": 0.5,
        "metadata": {"usage_object": {"prompt_tokens_details": {"cached_tokens": 40}}},
    }
    return told | more


def reading(**more: Any) -> dict[str, Any]:
    (found,) = read(payload(**more), SOURCE.leaves, None)
    return found


def test_a_naive_time_is_taken_for_utc_and_says_so():
    found = reading()
    assert (found["start_at"], found["time_quality"]) == (datetime(2026, 11, 20, 10), "assumed_utc")
    assert found["latency_ms"] == 1500
    assert reading(startTime=1795318116.5, endTime=1795318117.0)["time_quality"] == "exact"


def test_the_providers_prefix_is_no_part_of_the_model():
    assert reading()["model_served"] == "stepfun/step-3.7-flash"


@pytest.mark.parametrize(
    ("text", "hit"), [("None", None), ("True", True), ("False", False), (None, None), (True, True)]
)
def test_cache_hits_are_written_in_many_ways(text, hit):
    assert reading(cache_hit=text)["gateway_cache_hit"] is hit


def test_no_cost_for_tokens_that_were_used_is_no_price_and_not_free():
    assert reading(response_cost=0.0)["cost_reported"] is None
    assert reading(response_cost=0.0, cache_hit=True, id="chatcmpl-1_cache_hit17.5")["cost_reported"] == 0


def test_a_failures_tokens_are_a_guess():
    failure = {"status": "failure", "response_cost": 0.0, "error_information": {"error_code": "429"}}
    found = reading(**failure)
    assert (found["prompt"], found["usage_status"], found["response_id"]) == (None, "missing", None)
    priced = reading(**failure | {"response_cost": 0.01})
    assert (priced["prompt"], priced["usage_status"]) == (100, "estimated")


def test_cached_tokens_without_a_place_are_unknown():
    assert reading()["cache_unseen"] is False
    assert reading(metadata={"usage_object": {"prompt_tokens_details": None}})["cache_unseen"] is True


def test_tags_become_names_and_values():
    tags = ["team:support", "env:prod", "urgent", "User-Agent: OpenAI/Python", "task:t-1"]
    found = reading(request_tags=json.dumps(tags), model_group="cheap")
    assert dict(found["tags"]) == {
        "team": "support",
        "env": "prod",
        "urgent": "true",
        "task": "t-1",
        "model_group": "cheap",
    }
    assert (found["environment"], found["task"]) == ("prod", "t-1")


def test_a_random_session_is_no_task_and_a_named_one_is():
    assert reading(session_id="7c9e6679-7425-40de-944b-e07fc1f90ae7")["task"] is None
    assert reading(session_id="ticket-7")["task"] == "ticket-7"


def test_a_fast_answer_is_no_standard_one_and_its_place_is_kept():
    """Anthropic charges both otherwise; LiteLLM passes its usage on."""

    def terms(**usage: Any) -> tuple[Any, Any]:
        found = reading(metadata={"usage_object": {"service_tier": "standard", **usage}})
        return found["service_tier"], found["region"]

    assert terms(speed=None, inference_geo=None) == ("standard", None)
    assert terms(speed="standard", inference_geo="global") == ("standard", None)
    assert terms(speed="fast", inference_geo="us") == ("fast", "us-only")
    assert terms(service_tier="batch", inference_geo="not_available") == ("batch", None)


def test_an_answer_fetched_again_is_no_call():
    with pytest.raises(Unreadable, match="fetched again"):
        reading(call_type="aget_responses")


def test_metadata_that_was_cut_off_is_refused():
    with pytest.raises(Unreadable, match="metadata is text, but not JSON"):
        reading(metadata='{"usage_object": {"prompt')
