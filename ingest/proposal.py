"""A first draft of a mapping file for a table that nobody recognises: what its columns' names suggest, for a person."""

import re
from collections.abc import Iterator
from typing import Any

from ingest.cells import is_nothing
from ingest.mapping import EXPLAINED
from ingest.reading import text_of
from ingest.redact import shown
from ingest.source import Sample

NAMES: dict[str, tuple[str, ...]] = {
    "time": (
        "time", "timestamp", "when", "ts", "datetime", "date", "createdat", "startedat", "started", "start",
        "starttime", "requesttime",
    ),
    "end": ("endtime", "endedat", "finishedat", "completedat"),
    "request_id": ("id", "requestid", "logid", "callid", "call", "eventid", "uuid"),
    "response_id": ("responseid", "completionid", "generationid"),
    "session_id": ("sessionid", "conversationid", "threadid"),
    "task": ("task", "taskid", "ticket", "job", "jobid", "runid"),
    "model_served": ("model", "modelname", "modelid", "responsemodel"),
    "model_requested": ("requestmodel", "modelrequested"),
    "seller": ("seller", "provider", "vendor", "providername"),
    "base_url": ("baseurl", "apibase", "endpoint", "targeturl"),
    "prompt": ("prompttokens", "inputtokens", "tokensin", "tokensprompt", "inputtokencount", "requesttokens"),
    "completion": (
        "completiontokens", "outputtokens", "tokensout", "tokenscompletion", "outputtokencount", "responsetokens",
    ),
    "total": ("totaltokens", "total", "tokens", "tokenstotal", "totaltokencount"),
    "cache_read": (
        "cachedtokens", "cached", "cachereadtokens", "cachereadinputtokens", "tokenscached", "cachedinputtokens",
    ),
    "cache_write": ("cachewritetokens", "cachecreationinputtokens", "cachecreationtokens"),
    "reasoning": ("reasoningtokens", "reasoning", "tokensreasoning", "thinkingtokens", "thinking"),
    "cost_reported": ("cost", "costusd", "totalcost", "price", "spend", "amount"),
    "status": ("status", "state", "statuscode", "httpstatus", "responsestatus", "responsecode"),
    "error": ("error", "errortype", "errorcode", "exception"),
    "latency_ms": ("latency", "latencyms", "duration", "durationms", "elapsed", "elapsedms", "responsetime"),
    "requests": ("requests", "nrequests", "requestcount", "calls"),
    "streamed": ("stream", "streamed", "streaming"),
    "team": ("team", "teamname", "teamid"),
    "project": ("project", "projectname", "projectid"),
    "user": ("user", "userid", "username"),
    "environment": ("env", "environment"),
}  # fmt: skip
OPEN = {
    "time": ("zone: UTC", "or the zone it is in; no zone where the times name one"),
    "end": ("zone: UTC", "the same zone as the start"),
    "latency_ms": ("unit: ms", "or s, us, ns"),
    "cost_reported": ("unit: usd", "or cents and its currency"),
}
"""What a column of ours needs said beside its name, and what to think of."""
EPOCH_BY_DIGITS = {10: "epoch_s", 13: "epoch_ms", 16: "epoch_us", 19: "epoch_ns"}
DEPTH = 4


def propose(sample: Sample, file_name: str) -> str:
    """The draft's text. It does not load before a person has decided what only they can know."""
    fields = dict(_fields(sample))
    guessed = {name: target for name in fields if (target := _guess(name)) is not None}
    name = re.sub(r"[^a-z0-9]+", "_", file_name.lower().split(".")[0]).strip("_")[:39]
    lines = [
        f"# A draft of a mapping file for {file_name}: columns were compared by name, and by nothing else.",
        "# Take away the # before each line that is right, and decide what is open. See docs/presets.md.",
        f"name: {name if name[:1].isalpha() and len(name) > 1 else 'my_log'}",
        *_wrapped(EXPLAINED),
        "cached_tokens:",
        "#reasoning_tokens: inside  # or beside: does the output's count hold them?",
        "# What tells a row from all others: an id, else all columns that do so together.",
        f"key: [{next((each for each, target in guessed.items() if target == 'request_id'), '')}]",
        "columns:",
        *(_line(field, target, fields[field]) for field, target in guessed.items()),
        "#constants:",
        "#  seller: ...  # who bills, where no column says; or give --seller or --base-url",
        "# Nothing was guessed for:",
        *(f"#  {field}  # {_told(value)}" for field, value in fields.items() if field not in guessed),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _fields(sample: Sample) -> Iterator[tuple[str, Any]]:
    """Every column, or dotted path of nested objects, with the first value that it holds."""
    found: dict[str, Any] = dict.fromkeys(sample.columns)
    for record in sample.records:
        for path, value in _leaves(record, "", DEPTH):
            if found.get(path) is None:
                found[path] = value
    yield from found.items()


def _leaves(value: dict[str, Any], before: str, depth: int) -> Iterator[tuple[str, Any]]:
    for name, item in value.items():
        if isinstance(item, dict) and depth > 1:
            yield from _leaves(item, f"{before}{name}.", depth - 1)
        elif not is_nothing(item):
            yield before + name, item


def _guess(path: str) -> str | None:
    word = re.sub(r"[^a-z0-9]", "", path.rpartition(".")[2].lower())
    return next((target for target, names in NAMES.items() if word in names), None)


def _line(field: str, target: str, value: Any) -> str:
    quoted = field if re.fullmatch(r"[\w.-]+", field) else f'"{field}"'
    key, thought = OPEN.get(target, ("", ""))
    if target in ("time", "end") and (epoch := EPOCH_BY_DIGITS.get(len(str(value)))) and str(value).isdigit():
        key, thought = f"format: {epoch}", "told by its digits"
    column = f"{{column: {quoted}, {key}}}" if key else quoted
    return f"#  {target}: {column}  # {_told(value)}{'; ' if thought else ''}{thought}"


def _told(value: Any) -> str:
    return "empty" if value is None else f"such as {shown(str(text_of(value)))}"


def _wrapped(text: str) -> Iterator[str]:
    line = "#"
    for word in text.split():
        if len(line) + len(word) > 110:
            yield line
            line = "#"
        line += f" {word}"
    yield line
