"""Checks of what comes in: what loads by itself, what a recorder left out, and lines that could not be read."""

from collections.abc import Iterator
from pathlib import PurePath

from app.doctor import Check, Finding, Patient, first_few
from app.figures import instant, things

REJECTED = "rejected lines"
NOT_WATCHED = "watch lost"
FAILING = "watch failing"
DROPPED = "dropped calls"


def rejected_lines(patient: Patient) -> Iterator[Finding]:
    """Lines that could not be read, of all loads, file by file."""
    from app.components.advice import PATTERNS, reject_advice
    from warehouse.checkups import rejected_files
    from warehouse.imports import reject_kinds

    files = rejected_files(patient.reader)
    if files:
        kinds = reject_kinds(patient.reader, PATTERNS)
        titles = ", ".join(f"{reject_advice(kind.kind).title} ({kind.lines:,})" for kind in kinds)
        yield Finding(
            REJECTED,
            f"{things(sum(file.lines for file in files), 'line')} of {things(len(files), 'file')} could not be read: "
            f"in no figure; {titles}",
            _plain(reject_advice(kinds[0].kind).advice)
            + "; the page Imports has every line, its reason and what to do",
            needs_person=True,
            cases=first_few(
                f"{PurePath(file.path).name}: {things(file.lines, 'line')}, first line {file.first_line:,}: "
                f"{file.first_reason}"
                for file in files
            ),
            page="imports",
        )


def _plain(advice: str) -> str:
    """Advice of the page as the beginning of a longer sentence: without emphasis, capital and full stop."""
    return advice[:1].lower() + advice[1:].replace("*", "").rstrip(".")


def watchers(patient: Patient) -> Iterator[Finding]:
    """What loads by itself and says nothing any more, or cannot load."""
    running = {path for watcher in patient.known.watchers if watcher.state == "looking" for path in watcher.paths}
    for watcher in patient.known.watchers:
        what = f"tollbook {watcher.kind} of {', '.join(watcher.paths) or watcher.name}"
        looked = instant(watcher.last_round) or "never"
        if watcher.state == "looking" and watcher.error:
            yield Finding(
                FAILING,
                f"{what} cannot load, as it said at {looked}: {watcher.error.rstrip('.')}",
                "put that right: it tries again in each round, and nothing is lost meanwhile",
                needs_person=True,
                page="imports",
            )
        if watcher.state == "lost" and not (watcher.paths and running.issuperset(watcher.paths)):
            yield Finding(
                NOT_WATCHED,
                f"{what} last looked at {looked}, and has not said that it ends",
                "start it again: what was written meanwhile is loaded then; "
                f"if it is not wanted any more, delete watch/{watcher.name}.json in the warehouse's folder",
                needs_person=True,
                page="imports",
            )


def dropped(patient: Patient) -> Iterator[Finding]:
    """Calls that a recorder left out because it could not keep up."""
    from warehouse.dropped import dropped_calls
    from warehouse.recurring import day_span
    from warehouse.traffic import zone_of

    zone, scope = zone_of(patient.reader), patient.scope
    since = day_span(scope.since, zone)[0] if scope.since else None
    until = day_span(scope.until, zone)[1] if scope.until else None
    found = dropped_calls(patient.reader, since, until)
    if found:
        calls = sum(file.calls for file in found)
        yield Finding(
            DROPPED,
            f"{things(calls, 'call')} left out by a recorder that could not keep up: in no figure, at unknown cost",
            "give the recorder a longer queue, or a folder on a faster disk",
            needs_person=True,
            calls=calls,
            unpriced=calls,
            cases=first_few(
                f"{PurePath(file.path).name}: {things(file.calls, 'call')} from {instant(file.since)} "
                f"to {instant(file.told_at)}"
                for file in found
            ),
            page="imports",
        )


SOURCES = (
    Check((NOT_WATCHED, FAILING), watchers),
    Check((DROPPED,), dropped),
    Check((REJECTED,), rejected_lines),
)
