"""Writes data/samples/: the made-up logs of three teams, and what a correct load of them finds.

    python -m scripts.make_demo [FOLDER]

No clock and no machine in it: the same content on every run. `truth.json` is counted from the tokens as they
are written and the prices in `scripts/demo_calls.py`, without the project's own arithmetic.
"""

import gzip
import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from scripts.demo_activity import activity_table
from scripts.demo_calls import Call
from scripts.demo_evaluation import evaluation_table
from scripts.demo_invoices import invoices_table
from scripts.demo_lines import JsonObject, answer_line, envelope_line, stream_of
from scripts.demo_litellm import payload_line, spend_table
from scripts.demo_outcomes import outcomes_table
from scripts.demo_traffic import calls_of, read_works
from scripts.demo_tries import captured, first_tries, spoilt_lines
from scripts.demo_truth import Books

SPEND_LOGS, LITELLM = "litellm-spend-logs.csv.gz", "litellm.jsonl.zst"
GATEWAY, OPENROUTER, ACTIVITY = "gateway.jsonl.zst", "openrouter.jsonl.gz", "openrouter-activity.csv.gz"
WORKBENCH, CAPTURE, COPY = "workbench.jsonl", "capture.sse", "capture-copy.sse"
FILES = (SPEND_LOGS, LITELLM, GATEWAY, OPENROUTER, ACTIVITY, WORKBENCH, CAPTURE, COPY)
OUTCOMES, INVOICES, EVALUATION = "outcomes.csv", "invoices.csv", "effort-tiers.csv"
SCENARIOS, BUDGETS = "scenarios.yaml", "budgets.yaml"
"""Written by hand, beside what is made."""
DEMO_TOML = f"""\
# The demo's own clock, its logs in the order in which they are loaded, and what is entered beside them.
now = 2026-11-21T18:00:00Z
files = {json.dumps(FILES)}
outcomes = "{OUTCOMES}"
invoices = "{INVOICES}"
evaluation = "{EVALUATION}"
scenarios = "{SCENARIOS}"
budgets = "{BUDGETS}"
"""
CALLBACK_SINCE = datetime(2026, 10, 15, tzinfo=UTC)
"""Before, the gateway's calls are only in an export of its database."""
ACTIVITY_DAYS = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 15, tzinfo=UTC)
CUT_LINE = 4321
"""Where LiteLLM's log has a line that was cut off."""


def enter_traffic(books: Books) -> None:
    """The table's traffic, each call in the file that it belongs to."""
    files: dict[str, list[Call]] = {SPEND_LOGS: [], LITELLM: [], GATEWAY: [], OPENROUTER: []}
    for place, work in enumerate(read_works()):
        for call in calls_of(work, place):
            name = file_of(call)
            # The database has one row for a request, with what came of it in the end.
            if name != SPEND_LOGS or not call.retried:
                files[name].append(call)
    for name, calls in files.items():
        books.enter(name, calls)
    since, until = ACTIVITY_DAYS
    books.see_again(ACTIVITY, (call for call in books.everything() if call.is_openrouter and since <= call.at < until))


def file_of(call: Call) -> str:
    """Where a call of the table's traffic is logged."""
    if call.work.log == "litellm":
        return SPEND_LOGS if call.at < CALLBACK_SINCE else LITELLM
    return OPENROUTER if call.work.log == "answers" else GATEWAY


def lines_of(calls: Iterable[Call], line_of: Callable[[Call], JsonObject]) -> list[str]:
    """JSON lines without blanks."""
    return [json.dumps(line_of(call), separators=(",", ":")) for call in calls]


def spoil(books: Books, name: str, lines: list[str], bad: dict[int, str]) -> str:
    """The lines as a text, with bad ones among them."""
    for number, line in bad.items():
        lines.insert(number - 1, line)
    books.rejected[name] = list(bad)
    return "\n".join(lines) + "\n"


def texts(books: Books) -> dict[str, str]:
    """What every log says, by its name."""
    enter_traffic(books)
    spent = spend_table(books.calls[SPEND_LOGS]).splitlines()
    paid = lines_of(books.calls[LITELLM], payload_line)
    tried = [json.dumps(envelope_line(call)) for call in books.enter(WORKBENCH, first_tries())]
    capture = "".join(map(stream_of, books.enter(CAPTURE, captured())))
    # The database's export broke off in its last line, the log in the middle of one.
    cut_row, cut_line = {len(spent) + 1: ",".join(spent[-1].split(",")[:5])}, {CUT_LINE: paid[CUT_LINE][:700]}
    return {
        SPEND_LOGS: spoil(books, SPEND_LOGS, spent, cut_row),
        LITELLM: spoil(books, LITELLM, paid, cut_line),
        GATEWAY: "\n".join(lines_of(books.calls[GATEWAY], envelope_line)) + "\n",
        OPENROUTER: "\n".join(lines_of(books.calls[OPENROUTER], answer_line)) + "\n",
        ACTIVITY: activity_table(books.again[ACTIVITY]),
        WORKBENCH: spoil(books, WORKBENCH, tried, spoilt_lines()),
        CAPTURE: capture,
        # The same file under another name: a load finds nothing new in it.
        COPY: capture,
    }


def pack(name: str, content: bytes) -> bytes:
    """The content as the ending of its file's name says."""
    if name.endswith(".gz"):
        return gzip.compress(content, 9, mtime=0)
    return zstandard.ZstdCompressor(level=12).compress(content) if name.endswith(".zst") else content


def make(folder: Path) -> None:
    """Write every file of the demo, its clock and its truth."""
    books = Books()
    made = texts(books)
    made["demo.toml"] = DEMO_TOML
    made[OUTCOMES], made[INVOICES] = outcomes_table(books.everything()), invoices_table(books.everything())
    made[EVALUATION] = evaluation_table()
    truth = books.truth(told_retries=(SPEND_LOGS, GATEWAY, WORKBENCH), billed=OPENROUTER)
    made["truth.json"] = json.dumps(truth, indent=2) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (folder / name).write_bytes(pack(name, text.encode()))


if __name__ == "__main__":
    make(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1] / "data" / "samples")
