"""A file of outcomes, CSV or JSON lines: what each row says of a task, and which rows cannot be used."""

import csv
import gzip
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from app.session import UserMistake
from warehouse.outcomes import Entered, yes_or_no

GZIP = b"\x1f\x8b"
SECONDS = re.compile(r"\d{9,11}(\.\d+)?")
"""A time as seconds since 1970, in a file of any shape."""


class Columns(NamedTuple):
    """Under which names a file keeps what it says; a dot leads into an object of a JSON line."""

    task: str = "task"
    resolved: str = "resolved"
    score: str = "score"
    kind: str = "kind"
    work: str = "work"
    time: str = "time"


class BadRow(NamedTuple):
    """A row that cannot be used, and why."""

    file: str
    line: int
    reason: str


class OutcomeFile(NamedTuple):
    """What a file says: an outcome for each good row, and the rows that are none."""

    outcomes: list[Entered]
    bad: list[BadRow]
    rows: int


def read_outcome_file(path: Path, columns: Columns) -> OutcomeFile:
    """Read a file; raises UserMistake where it is none of outcomes as a whole."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserMistake(f"{path}: {error.strerror}") from None
    return read_outcomes(data, path.name, columns)


def columns_in(data: bytes, name: str) -> list[str]:
    """What a file's columns are called: its head, or the fields of its first object; raises UserMistake."""
    text = _text_of(data, name)
    if not text.lstrip().startswith("{"):
        return [each for each in _head_of(_csv_reader(text), name) if each]
    first = next((row for _, row in _json_rows(text) if isinstance(row, dict)), {})
    inside = [f"{key}.{inner}" for key, value in first.items() if isinstance(value, dict) for inner in value]
    return [*(key for key, value in first.items() if not isinstance(value, dict | list)), *inside]


def read_outcomes(data: bytes, name: str, columns: Columns) -> OutcomeFile:
    """The same of a file's bytes."""
    text = _text_of(data, name)
    is_json = text.lstrip().startswith("{")
    rows = _json_rows(text) if is_json else _csv_rows(text, name, columns)
    found: dict[str, tuple[int, Entered]] = {}
    bad, count = [], 0
    outcomes = []
    for line, row in rows:
        count += 1
        said = row if isinstance(row, str) else _outcome_of(row, columns, name)
        if isinstance(said, Entered) and said.task in found:
            said = _beside(said, *found[said.task])
        if isinstance(said, str):
            bad.append(BadRow(name, line, said))
        else:
            found[said.task] = (line, said)
            outcomes.append(said)
    if not count:
        raise UserMistake(f"{name}: there is no row in it; write task,resolved,score and below it a row for each task")
    return OutcomeFile(outcomes, bad, count)


def _beside(said: Entered, line: int, was: Entered) -> Entered | str:
    """A second row about a task: times tell which is newer; without them only the same once more is understood."""
    if said.says == was.says or (said.judged_at and was.judged_at and said.judged_at != was.judged_at):
        return said
    return f"line {line} says otherwise of task {said.task!r}; give each a time, or one row to a task"


def _text_of(data: bytes, name: str) -> str:
    try:
        plain = gzip.decompress(data) if data.startswith(GZIP) else data
        return plain.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserMistake(f"{name}: byte {error.start + 1} is not UTF-8") from None
    except (OSError, EOFError) as error:
        raise UserMistake(f"{name}: it cannot be unpacked: {error}") from None


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    # Not splitlines: a JSON text may hold line separators of Unicode.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "this line is no JSON"
            continue
        yield number, row if isinstance(row, dict) else "this line is no JSON object"


def _csv_reader(text: str) -> Any:
    head = text.lstrip("\r\n").partition("\n")[0]
    return csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)


def _head_of(reader: Any, name: str) -> list[str]:
    try:
        return [each.strip() for each in next((row for row in reader if any(row)), [])]
    except csv.Error as error:
        raise UserMistake(f"{name}: line 1: {error}") from None


def _csv_rows(text: str, name: str, columns: Columns) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    reader = _csv_reader(text)
    names = _head_of(reader, name)
    _check_head(names, name, columns)
    while True:
        begins = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield begins, f"this is no row of a CSV: {error}"
            return
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            yield begins, f"it has {len(row)} cells, and the head has {len(names)}"
        else:
            yield begins, dict(zip(names, row, strict=True))


def _check_head(names: list[str], name: str, columns: Columns) -> None:
    if columns.task not in names:
        there = ", ".join(each for each in names if each) or "none"
        raise UserMistake(
            f"{name}: no column {columns.task!r}; there are {there}: name the one with the task with --task-field"
        )
    if double := [each for each in columns if names.count(each) > 1]:
        raise UserMistake(f"{name}: there are two columns {double[0]!r}")
    if not set(columns) - {columns.task, columns.time} & set(names):
        raise UserMistake(
            f"{name}: no column says how tasks ended; one is called {columns.resolved!r} or {columns.score!r}, "
            "or named with --resolved-field or --score-field"
        )


def _outcome_of(row: Mapping[str, Any], columns: Columns, name: str) -> Entered | str:
    """What a row says, or why it says nothing that can be used."""
    try:
        task = _word(row, columns.task)
        resolved, score = _resolved(row, columns.resolved), _score(row, columns.score)
        kind, work = _word(row, columns.kind), _word(row, columns.work)
        judged_at = _instant(row, columns.time)
    except ValueError as error:
        return str(error)
    if task is None:
        return f"no task: {columns.task!r} is empty"
    if (resolved, score, kind, work) == (None,) * 4:
        return f"nothing is said of task {task!r}"
    return Entered(task, resolved, score, kind, work, judged_at, name)


def _value(row: Mapping[str, Any], name: str) -> Any:
    """What stands under a name, and under a dotted one inside; None where nothing does."""
    if name in row:
        found = row[name]
    else:
        found = row
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    return None if isinstance(found, str) and not found.strip() else found


def _word(row: Mapping[str, Any], name: str) -> str | None:
    found = _value(row, name)
    if found is None or isinstance(found, str):
        return found and found.strip()
    if type(found) is int:
        return str(found)
    raise ValueError(f"{name} {found!r} is no text")


def _resolved(row: Mapping[str, Any], name: str) -> bool | None:
    found = _value(row, name)
    if found is None or isinstance(found, bool):
        return found
    answer = yes_or_no(str(found)) if isinstance(found, str | int) else None
    if answer is None:
        raise ValueError(f"{name} {found!r} is neither true nor false")
    return answer


def _score(row: Mapping[str, Any], name: str) -> float | None:
    found = _value(row, name)
    if found is None:
        return None
    try:
        score = math.nan if isinstance(found, bool) else float(found)
    except (TypeError, ValueError, OverflowError):
        score = math.nan
    if not math.isfinite(score):
        raise ValueError(f"{name} {found!r} is no number")
    return score


def _instant(row: Mapping[str, Any], name: str) -> datetime | None:
    found = _value(row, name)
    if found is None:
        return None
    try:
        at = (
            datetime.fromtimestamp(float(found), UTC)
            if SECONDS.fullmatch(str(found))
            else datetime.fromisoformat(found)
        )
    except (TypeError, ValueError, OverflowError, OSError):
        raise ValueError(f"{name} {found!r} is no time; write it as in 2026-11-01T09:30:00Z") from None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
