"""What a load would make of a file: its first rows as they are read, without a warehouse being touched."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ingest.cells import find_cell
from ingest.chat import form_of
from ingest.generic import calls_in
from ingest.identity import Identity, check, warning
from ingest.options import Options
from ingest.prepare import LONGEST_LINE, is_packed, open_content
from ingest.problem import IngestError, Reject, Unreadable
from ingest.proposal import propose
from ingest.reading import Reading, text_of
from ingest.redact import HIDDEN, shown
from ingest.registry import choose_source
from ingest.sample import take_sample
from ingest.source import Sample, Source
from ingest.stage import Readable, clean_url, first_rows
from pricing.call_terms import CallTerms, tier_of
from pricing.card_model import Card
from pricing.cells import ANY
from pricing.sellers import seller_of
from pricing.spans import RateFinder

PERSONAL = ("user", "key_alias", "tags")
UNPACKED = 64 << 20
"""Bytes of a packed file that are unpacked for it."""


class Mapped(NamedTuple):
    """One of our columns, where it comes from, and what stands there."""

    column: str
    found_in: str
    unit: str | None
    example: str | None
    """None: nothing stands there in the rows that were read."""


class Route(NamedTuple):
    """Calls of one model at one seller, and for how many of them there is a rate."""

    seller: str | None
    model: str | None
    rows: int
    with_rate: int


class Preview(NamedTuple):
    """What the beginning of a file says."""

    path: str
    source: str | None
    """None: nobody recognises it; then there is a proposal and nothing else."""
    title: str = ""
    proposal: str | None = None
    """The draft of a mapping file."""
    problem: str | None = None
    columns: tuple[Mapped, ...] = ()
    readings: tuple[Reading, ...] = ()
    routes: tuple[Route, ...] = ()
    identity: Identity = Identity()
    warning: str | None = None
    left_out: int = 0
    rejects: tuple[tuple[str, int, int], ...] = ()
    """Reasons why rows cannot be read, each with its count and its first line."""
    times: tuple[datetime, datetime] | None = None


class Prices(NamedTuple):
    """The cards that a preview looks rates up in."""

    cards: Sequence[Card]
    rates: RateFinder


def preview_file(path: Path, options: Options, prices: Prices) -> Preview:
    """Read the first rows of a file; raises IngestError, or OSError where it cannot be opened."""
    with _unpacked(path) as content:
        if content.stat().st_size == 0:
            raise IngestError(f"{path}: the file is empty")
        try:
            sample = take_sample(content)
        except Unreadable as problem:
            raise IngestError(f"{path}: {problem}") from None
        try:
            source = choose_source(sample, str(path), name=options.source, mapping=options.mapping)
        except IngestError as error:
            if options.source or options.mapping or not sample.records:
                raise
            return Preview(str(path), None, proposal=propose(sample, path.name), problem=str(error))
        readable = Readable(content, sample.shape, 1, LONGEST_LINE, (), None, form_of(sample), "")
        found, left_out = first_rows(readable, source, options)
    readings = tuple(item for item in found if not isinstance(item, Reject))
    times = [reading["start_at"] for reading in readings]
    identity = check(readings)
    return Preview(
        str(path),
        source.name,
        source.title,
        columns=tuple(_mapped(source, sample, readings)),
        readings=readings,
        routes=_routes(readings, options, prices),
        identity=identity,
        warning=warning(identity),
        left_out=left_out,
        rejects=_by_reason([item for item in found if isinstance(item, Reject)]),
        times=(min(times), max(times)) if times else None,
    )


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The file itself, or the beginning of its content in a temporary file."""
    if not is_packed(path):
        yield path
        return
    with TemporaryDirectory() as folder, open_content(path) as content:
        copy = Path(folder) / "content"
        with copy.open("wb") as file:
            try:
                while file.tell() < UNPACKED and (block := content.read(1 << 20)):
                    file.write(block)
            except (EOFError, OSError) as error:
                if not file.tell():
                    raise IngestError(f"{path}: it cannot be unpacked: {error}") from error
        yield copy


def _mapped(source: Source, sample: Sample, readings: Sequence[Reading]) -> Iterator[Mapped]:
    if source.mapping:
        calls = [call for row in sample.records for call in calls_in(source.mapping, row)]
        for name, column in source.mapping.columns.items():
            cell = next((cell for call in calls if (cell := find_cell(call, column.column))), None)
            place = cell.name if cell else ", ".join(column.column)
            unit = " ".join(filter(None, (column.unit, column.currency, column.format, column.zone))) or None
            yield Mapped(name, place, unit, _example(name, cell.value) if cell else None)
        return
    for leaf in source.leaves:
        value = next((reading[leaf.column] for reading in readings if reading.get(leaf.column) is not None), None)
        if value is not None:
            yield Mapped(leaf.column, leaf.paths[0].removeprefix("body."), None, _example(leaf.column, value))


def _example(column: str, value: Any) -> str:
    return HIDDEN if column in PERSONAL else shown(str(text_of(value)))


def _routes(readings: Sequence[Reading], options: Options, prices: Prices) -> tuple[Route, ...]:
    rows: Counter[tuple[str | None, str | None]] = Counter()
    rated: Counter[tuple[str | None, str | None]] = Counter()
    for reading in readings:
        url = reading["base_url"] or options.given.base_url
        by_url = seller_of(clean_url(url), prices.cards)[0] if url else None
        seller = reading["seller"] or by_url or options.given.seller
        reading["seller"] = seller
        model = reading["model_served"] or reading["model_requested"]
        rows[seller, model] += 1
        rated[seller, model] += seller is not None and model is not None and _is_rated(reading, seller, model, prices)
    return tuple(Route(*route, count, rated[route]) for route, count in rows.most_common())


def _is_rated(reading: Reading, seller: str, model: str, prices: Prices) -> bool:
    tier = tier_of(reading["service_tier"], reading["batch"])
    call = CallTerms(seller, model, reading["start_at"], tier=tier)
    # Every input size is priced where one is, so that the size does not matter here.
    region, org, team = (reading[name] or ANY for name in ("region", "org", "team"))
    return prices.rates.find(call._replace(region=region, org=org, team=team)) is not None


def _by_reason(rejects: Sequence[Reject]) -> tuple[tuple[str, int, int], ...]:
    found: dict[str, list[int]] = {}
    for reject in rejects:
        found.setdefault(reject.reason, []).append(reject.line)
    return tuple((reason, len(lines), min(lines)) for reason, lines in found.items())
