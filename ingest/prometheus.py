"""Counters of servers of one's own, vLLM and NVIDIA NIM: scrapes of their metrics, and answers of Prometheus' HTTP API.

A counter says how much there was since its server started, so what a file says becomes usage only beside the reading
before: readings are kept as they are, and ``counter_delta`` in the warehouse is how they grew.
vLLM: https://docs.vllm.ai/en/stable/usage/metrics/
NIM: https://docs.nvidia.com/nim/large-language-models/latest/observability.html
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from ingest.clock import from_epoch, parse_time
from ingest.problem import Unreadable
from ingest.reading import EVERY_COLUMN, Reading, text_of
from ingest.redact import is_plain, shown
from ingest.source import About, Read, Sample, Source
from warehouse.reading import Leaf

PREFIXES = ("vllm:", "vllm_")
KINDS = {
    "prompt_tokens": "prompt",
    "generation_tokens": "output",
    "request_success": "request",
    "request_finish": "request",
    "prompt_tokens_by_source": "cached_by_source",
    "prompt_tokens_cached": "cached",
    "prefix_cache_hits": "cache_hit",
    "external_prefix_cache_hits": "cache_hit",
}
"""Counters by name, without vLLM's prefix and ``_total``, and what each counts."""
STARTED = "process_start_time_seconds"
FROM_CACHE = ("local_cache_hit", "external_kv_transfer")
"""Sources of prompt tokens that were not computed."""
NOT_OF_THE_SERVER = frozenset(
    {"__name__", "instance", "model_name", "job", "endpoint", "prometheus", "prometheus_replica"}
)
"""Labels that are kept elsewhere, or that whoever scraped put there: the same counter has others by another way."""
SERVERS_OWN = ("engine", "source", "finished_reason")
NO_TIME = "no time: the scrape has neither times nor a comment `# scraped_at TIME` before it; give --time"
SECOND_SCRAPE = "the counter stands here again without another time: put `# scraped_at TIME` before each scrape"
MOST = 2**63 - 1
LATEST_SECONDS = Decimal(10) ** 11
"""A time of a metric above this is in milliseconds."""


def recognises(sample: Sample) -> bool:
    """Whether any record is a counter of vLLM's or NIM's."""
    return any(_kind(labels) for record in sample.records for labels, _ in _series(record))


def _series(record: dict[str, Any]) -> Iterator[tuple[dict[str, str], list[Any]]]:
    """The labels of every series in a record, a line of a scrape or an answer of the API, and its readings."""
    data = record.get("data")
    held = data.get("result") if isinstance(data, dict) else [record]
    for series in held if isinstance(held, list) else ():
        if isinstance(series, dict) and isinstance(labels := series.get("metric"), dict):
            pairs = series.get("values", [series.get("value")])
            yield labels, pairs if isinstance(pairs, list) else []


def _kind(labels: dict[str, str]) -> str | None:
    name = str(labels.get("__name__"))
    bare = next((name.removeprefix(prefix) for prefix in PREFIXES if name.startswith(prefix)), name)
    kind = KINDS.get(bare.removesuffix("_total"))
    return None if kind == "cached_by_source" and labels.get("source") not in FROM_CACHE else kind


def begin() -> Read:
    """A reader that remembers what it has read without a time of its own."""
    seen: set[tuple[Any, ...]] = set()

    def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading | Unreadable]:
        if not _is_ours(value):
            raise Unreadable("neither a scrape's metric nor an answer of Prometheus' query API stands here")
        for labels, pairs in _series(value):
            kind = "process_start" if labels.get("__name__") == STARTED else _kind(labels)
            for pair in pairs if kind else ():
                try:
                    yield _reading(labels, kind or "", pair, _time(value, pair, labels, given, seen), value)
                except Unreadable as problem:
                    yield problem

    return read


def _is_ours(value: dict[str, Any]) -> bool:
    if "metric" in value:
        return True
    data = value.get("data")
    series = list(_series(value)) if isinstance(data, dict) and isinstance(data.get("result"), list) else None
    if series and not any("__name__" in labels for labels, _ in series):
        raise Unreadable("the query's result has no names of metrics: ask for the counters, not for a rate or a sum")
    return series is not None


def _time(
    value: dict[str, Any], pair: Any, labels: dict[str, str], given: datetime | None, seen: set[tuple[Any, ...]]
) -> tuple[datetime, str]:
    """When a counter was read, and how exactly that is said; raises Unreadable."""
    stamp = value.get("stamp")
    if isinstance(pair, list):
        stamp = text_of(pair[0]) if pair else None
    if stamp is not None:
        try:
            seconds = Decimal(stamp)
        except InvalidOperation:
            raise Unreadable(f"time {shown(stamp)} is no number of seconds") from None
        return from_epoch(str(seconds / 1000 if abs(seconds) > LATEST_SECONDS else seconds)), "exact"
    place = (value.get("scraped_at"), value.get("server"), *sorted(labels.items()))
    if place in seen:
        raise Unreadable(SECOND_SCRAPE)
    seen.add(place)
    if value.get("scraped_at"):
        return parse_time(value["scraped_at"])
    if given is None:
        raise Unreadable(NO_TIME)
    return given, "given"


def _reading(
    labels: dict[str, str], kind: str, pair: Any, time: tuple[datetime, str], value: dict[str, Any]
) -> Reading:
    server = labels.get("instance") or value.get("server")
    family = "vllm" if str(labels["__name__"]).startswith(PREFIXES) else "nim"
    return {
        **dict.fromkeys(EVERY_COLUMN),
        "granularity": "counter_sample",
        "start_at": time[0],
        "time_quality": time[1],
        "usage_status": "missing",
        "base_url": server if server is None or "://" in server else f"http://{server}",
        "model_served": labels.get("model_name"),
        "counter": kind,
        "series": "|".join([family, *_names(labels, kind), *_told(labels)]),
        "requests": _value(str(labels["__name__"]), pair[1] if isinstance(pair, list) else pair, kind),
    }


def _names(labels: dict[str, str], kind: str) -> list[str]:
    """The model, and the counter's name where several count one thing: of a process there is but one start."""
    model = labels.get("model_name") or ""
    return ["", ""] if kind == "process_start" else [model, str(labels["__name__"]).removesuffix("_total")]


def _told(labels: dict[str, str]) -> Iterator[str]:
    """What else tells a counter from others; labels that are not the server's own are told apart, and not kept."""
    others = {name: str(text) for name, text in labels.items() if name not in NOT_OF_THE_SERVER}
    yield from (f"{name}={others.pop(name)}" for name in SERVERS_OWN if name in others and is_plain(others[name]))
    if others:
        yield hashlib.md5(repr(sorted(others.items())).encode()).hexdigest()


def _value(name: str, value: Any, kind: str) -> int:
    """How far a counter had come: whole, however it is written."""
    text = str(text_of(value))
    try:
        number = Decimal(text) * (1_000_000 if kind == "process_start" else 1)
        whole = int(number)
    except (InvalidOperation, ValueError, OverflowError):
        raise Unreadable(f"{shown(name)} is {shown(text)}, not a number") from None
    if (number != whole and kind != "process_start") or not 0 <= whole <= MOST:
        raise Unreadable(f"{shown(name)} is {shown(text)}, not a whole number from 0 on")
    return whole


SOURCE = Source(
    name="prometheus",
    title="Counters of vLLM and NVIDIA NIM: scrapes and answers of Prometheus, for reconciliation only",
    recognises=recognises,
    leaves=(),
    repeat_gap=timedelta(0),
    begin=begin,
    about=About(
        gives="growth of requests and tokens by server and model; no single calls, no cost",
        flavour="cached tokens inside the prompt's count",
        verified="documented metrics",
    ),
)
