"""A file of evaluation runs: CSV, JSON lines, or a leaderboard in YAML; and which rows of it cannot be used."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from app.eval_cells import Cells, Row, instant_of, number_of, pico_of, yes_of
from app.eval_leaderboard import read_leaderboard
from app.session import UserMistake
from warehouse.eval_runs import EvalRun


class BadRun(NamedTuple):
    """A row that cannot be used, and why."""

    file: str
    line: int
    reason: str


class EvalFile(NamedTuple):
    """What a file says: a run for each good row, the rows that are none, and what is to be known of all."""

    runs: list[EvalRun]
    bad: list[BadRun]
    rows: int
    notes: tuple[str, ...] = ()


def read_eval_file(path: Path, fields: Mapping[str, str], defaults: EvalRun) -> EvalFile:
    """Read a file; raises UserMistake where it is none of runs as a whole.

    ``fields`` says under which column something is found; ``defaults`` what holds of rows that do not say it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserMistake(f"{path}: {error.strerror}") from None
    return read_eval_runs(data, path.name, fields, defaults)


def read_eval_runs(data: bytes, name: str, fields: Mapping[str, str], defaults: EvalRun) -> EvalFile:
    """The same of a file's bytes."""
    try:
        text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError):
        raise UserMistake(f"{name}: it is no text in UTF-8, plain or gzip") from None
    source = defaults._replace(source=name, run_set=defaults.run_set or name.partition(".")[0])
    if name.endswith((".yml", ".yaml")):
        return _numbered(read_leaderboard(text, source), name)
    rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text, name)
    return _numbered(((line, _run_of(row, fields, source)) for line, row in rows), name)


def _numbered(rows: Iterable[tuple[int, EvalRun | str]], name: str) -> EvalFile:
    """The runs, those of one task and arm without a number numbered as they come."""
    seen: dict[tuple[object, ...], int] = {}
    runs: dict[tuple[object, ...], EvalRun] = {}
    bad, count = [], 0
    for line, run in rows:
        count += 1
        if isinstance(run, str):
            bad.append(BadRun(name, line, run))
            continue
        if not run.number:
            arm = run._replace(number=0).key
            seen[arm] = seen.get(arm, 0) + 1
            run = run._replace(number=seen[arm])
        if run.key in runs:
            bad.append(BadRun(name, line, f"pass {run.number} of task {run.task!r} is there already"))
        else:
            runs[run.key] = run
    if not count:
        raise UserMistake(f"{name}: there is no run in it; write task,effort,pass,solved,output_tokens and rows below")
    unknown = sum(run.pico is None for run in runs.values())
    told = [f"{unknown} of {len(runs)} runs come without a cost"] if unknown else []
    return EvalFile(list(runs.values()), bad, count, tuple(told))


def _json_rows(text: str) -> Iterator[tuple[int, Row | str]]:
    # Not splitlines: a JSON text may hold line separators of Unicode.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line, parse_float=Decimal)
            except (ValueError, RecursionError):
                row = None
            yield number, row if isinstance(row, dict) else "this line is no JSON object"


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, Row | str]]:
    head = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    names: list[str] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = [cell.strip() for cell in row]
            elif len(row) != len(names):
                yield reader.line_num, f"it has {len(row)} cells, and the head has {len(names)}"
            else:
                yield reader.line_num, dict(zip(names, row, strict=True))
    except csv.Error as error:
        raise UserMistake(f"{name}: line {reader.line_num}: {error}") from None


def _run_of(row: Row | str, fields: Mapping[str, str], defaults: EvalRun) -> EvalRun | str:
    """The run that a row is, or why it is none."""
    if isinstance(row, str):
        return row
    cells = Cells(row, fields)
    try:
        task = cells.word("task")
        if task is None:
            return f"no task: {cells.value('task')[0]!r} is empty"
        if cells.row.get("latency") is not None and {"latency_ms", "latency_s"}.isdisjoint(fields):
            return "'latency' has no unit: name it latency_ms or latency_s, or say --field latency_s=latency"
        seconds = cells.read("latency_s", number_of, "number")
        pico = cells.read("cost", pico_of, "amount")
        run = EvalRun(
            cells.word("set") or defaults.run_set, task, cells.whole("pass") or 0,
            cells.word("model") or defaults.model, cells.word("seller") or defaults.seller,
            cells.word("effort") or defaults.effort, cells.word("variant") or defaults.variant, cells.word("kind"), 1,
            cells.read("solved", yes_of, "yes or no"), cells.read("score", number_of, "number"),
            cells.whole("input"), cells.whole("cache_read"), cells.whole("output"), cells.whole("reasoning"),
            cells.whole("calls"), cells.whole("latency_ms") if seconds is None else round(1000 * seconds),
            pico, None if pico is None else (cells.word("currency") or defaults.currency or "USD").upper(),
            cells.read("time", instant_of, "time") or defaults.ran_at, defaults.source,
        )  # fmt: skip
    except ValueError as error:
        return str(error)
    return _checked(run)


def _checked(run: EvalRun) -> EvalRun | str:
    if (run.solved, run.score, run.output, run.latency_ms, run.pico) == (None,) * 5:
        return f"nothing is said of task {run.task!r}: no outcome, tokens, latency or cost"
    if run.cache_read is not None and run.input is not None and run.cache_read > run.input:
        return f"{run.cache_read} cached tokens are more than all {run.input} of input"
    if run.reasoning is not None and run.output is not None and run.reasoning > run.output:
        return f"{run.reasoning} reasoning tokens are more than all {run.output} of output"
    if run.pico is not None and run.pico < 0:
        return "the cost is below 0"
    return run
