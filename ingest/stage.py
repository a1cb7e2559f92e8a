"""Reads one prepared file into the staging database: clean lines in SQL, all else in Python."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from ingest.chat import ENVELOPE_KEY
from ingest.lines import read_lines
from ingest.options import Options
from ingest.problem import Reject
from ingest.reading import Reading
from ingest.reread import Found, Rereader
from ingest.source import Source
from pricing.card_model import Card
from pricing.sellers import seller_of
from warehouse import batch
from warehouse.asked import add_asked
from warehouse.batch import Route
from warehouse.connection import Connection
from warehouse.reading import Leaf
from warehouse.staging import Form, Statement, compile_lines, compile_read

CHUNK = 20_000
FIRST_ROWS = 1_000
"""Rows that tell what kind of rows a file holds."""
TABLES = ("table", "parquet")
LONGEST_IN_SQL = 8 << 20
"""Bytes. Of a longer line the database would hold many copies at once: such a file is read line by line."""


class Staged(NamedTuple):
    """What staging a file found: its non-blank lines, and how many records the source left out on purpose."""

    lines: int
    left_out: int


class Readable(NamedTuple):
    """A file ready to read: plain, with the number of its first line."""

    path: Path
    shape: str
    first_line: int
    longest: int
    too_long: tuple[int, ...]
    cut: str | None
    form: Form
    """Where, by its sample, the file's bodies are."""
    mark: str
    """What tells this file from another one: for records that nothing else identifies."""


def stage_file(
    staging: Connection,
    file: Readable,
    source: Source,
    options: Options,
    *,
    in_python: bool = False,
) -> Staged:
    """Fill the tables ``stage``, ``reread`` and ``problem``.

    ``in_python`` reads every line in Python, as the parity test does.
    """
    leaves = with_fields(source.leaves, options)
    rereader = Rereader(leaves, options.given.time, file.too_long, source.reader())
    batch.create_tables(staging)
    in_sql = source.read is None and source.begin is None or source.lines is not None
    if file.shape == "lines" and in_sql and not in_python and file.longest <= LONGEST_IN_SQL:
        lines = stage_lines(staging, file, source, options, rereader)
        return _cut(staging, file, Staged(lines, rereader.left_out + batch.count_left_out(staging)))
    batch.stage_nothing(staging)
    rereader.store = partial(batch.add_evaluations, staging)
    found = keep(staging, read_all(rereader, file))
    rereader.flush()
    add_asked(staging, rereader.asked)
    return _cut(staging, file, Staged(found + rereader.left_out, rereader.left_out))


def _cut(staging: Connection, file: Readable, staged: Staged) -> Staged:
    """What was staged; where the file ends early, that is a problem of its own."""
    if file.cut:
        batch.add_problems(staging, [Reject(file.first_line + staged.lines, file.cut, "")])
    return staged


def _compiled(source: Source, leaves: Sequence[Leaf], form: Form) -> Statement:
    """The statement that reads a file's lines."""
    if source.lines is None:
        return compile_read(leaves, ENVELOPE_KEY, form)
    how = source.lines
    return compile_lines((*leaves, *how.signs), how.body_key, how.model, how.sign)


def first_rows(file: Readable, source: Source, options: Options) -> tuple[list[Found], int]:
    """The first rows of a file, read in Python, and how many the source left out among them."""
    rereader = Rereader(with_fields(source.leaves, options), options.given.time, file.too_long, source.reader())
    found = list(islice(read_all(rereader, file), FIRST_ROWS))
    kept = [item for item in found if isinstance(item, Reject) or item["granularity"] not in ("span", "dropped")]
    return kept, rereader.left_out + len(found) - len(kept)


def route_batch(staging: Connection, options: Options, cards: Iterable[Card], *, salt: str) -> None:
    """Look up sellers by address, and hash users."""
    known = tuple(cards)
    urls = {*batch.base_urls(staging), *([options.given.base_url] if options.given.base_url else [])}
    batch.fill_routes(staging, [Route(url, clean_url(url), *seller_of(clean_url(url), known)) for url in urls])
    batch.fill_people(staging, salt)


def with_fields(leaves: tuple[Leaf, ...], options: Options) -> tuple[Leaf, ...]:
    """The leaves, with the fields that the command names for task and step first."""
    fields = {"task": options.task_field, "step": options.step_field}
    return tuple(
        leaf._replace(paths=(field, *(path for path in leaf.paths if path != field)))
        if (field := fields.get(leaf.column))
        else leaf
        for leaf in leaves
    )


def clean_url(url: str) -> str:
    """A base URL without user, password, query and fragment: they may hold keys."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, f"{host}{port}" if host else "", parts.path.rstrip("/"), "", ""))


def stage_lines(staging: Connection, file: Readable, source: Source, options: Options, rereader: Rereader) -> int:
    """Read a file's lines in SQL, and those in Python of which that is not sure; returns how many there are."""
    statement = _compiled(source, rereader.leaves, file.form)
    lines = batch.stage_lines(staging, statement, file.path, longest=file.longest, given=options.given)
    _doubt_unknown_usage(staging, file, rereader)
    doubtful = set(batch.doubtful_lines(staging))
    if doubtful:
        keep(staging, rereader.lines(file.path, first_line=file.first_line, ordinals=doubtful))
    return lines


def _doubt_unknown_usage(staging: Connection, file: Readable, rereader: Rereader) -> None:
    """Look at one line of each shape of usage: where a field is unknown, all lines of the shape are read again."""
    shapes = batch.usage_shapes(staging)
    waiting = set(shapes)
    unknown = []
    for line in read_lines(file.path, first_line=file.first_line) if waiting else ():
        if line.ordinal in waiting:
            found = list(rereader.line(line))
            if any(not isinstance(item, Reject) and item["unknown_usage"] for item in found):
                unknown.append(shapes[line.ordinal])
            waiting.discard(line.ordinal)
            if not waiting:
                break
    if unknown:
        batch.doubt_shapes(staging, unknown)


def read_all(rereader: Rereader, file: Readable) -> Iterator[Found]:
    """Every record of a file, read in Python."""
    if file.shape == "stream":
        return rereader.stream(file.path)
    if file.shape == "events":
        return rereader.events(file.path)
    if file.shape == "document":
        return rereader.document(file.path)
    if file.shape == "protobuf":
        return rereader.protobuf(file.path)
    if file.shape in TABLES:
        return rereader.table(file.path)
    if file.shape == "metrics":
        return rereader.metrics(file.path)
    return rereader.lines(file.path, first_line=file.first_line, ordinals=None)


def keep(staging: Connection, found: Iterable[Found]) -> int:
    """Store readings and rejects, a chunk at a time; returns how many there were."""
    readings: list[Reading] = []
    rejects: list[Reject] = []
    count = 0
    for item in found:
        count += 1
        if isinstance(item, Reject):
            rejects.append(item)
        else:
            readings.append(item)
        if len(readings) + len(rejects) >= CHUNK:
            _store(staging, readings, rejects)
            readings, rejects = [], []
    _store(staging, readings, rejects)
    return count


def _store(staging: Connection, readings: list[Reading], rejects: list[Reject]) -> None:
    if readings:
        batch.add_readings(staging, readings)
    if rejects:
        batch.add_problems(staging, rejects)


def number_blank_lines(staging: Connection, file: Readable) -> None:
    """Where blank lines stand between the records, say which line each record is on."""
    batch.number_lines(staging, [line.number for line in read_lines(file.path, first_line=file.first_line)])
