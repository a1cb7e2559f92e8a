"""The chargeback of a month as a document: a statement per team, and how shared cost was divided."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple

from pricing.fx import Use
from reports.charts import Bars, Series
from reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Money,
    Section,
    Share,
    Table,
    Words,
    count_column,
    money_column,
    text_column,
    totals_of,
)
from reports.errors import ReportError
from reports.statement_sections import NOBODY, RULES, cost_of, divided_section, statement_section
from reports.statements import KINDS, Chargeback, Kind

DRAWN = 15
"""Teams that a picture has a bar for."""
TONES: dict[Kind, Literal["first", "second", "third", "other"]] = {
    "direct": "first",
    "recurring": "second",
    "shared": "third",
    "adjustment": "other",
}
TEAMS = (
    text_column("Team", "Who is charged."),
    *(money_column(title, meaning) for title, meaning in KINDS.values()),
    money_column("Total", "What the team is charged in this currency."),
    Column("Share", "share", "The team's part of all that is charged in this currency."),
    count_column("Calls", "The team's own calls whose cost is in this currency."),
    count_column("Unknown", "The team's calls whose cost is not known, once per team: they are in no amount."),
)
ROUNDED = "Amounts are rounded for the eye; the ledger (CSV) has every digit."


class Standing(NamedTuple):
    """What has to be known of the books beside their figures."""

    zone: str
    """The billing zone, whose midnights begin and end the month."""
    today: date
    through: date | None
    """The billing day of the newest call."""
    changed: bool
    """The stored lines of the closed month are not those that were closed."""
    deleted: bool
    """Calls of the closed month were deleted since: the books keep their sums, no other figure has them."""
    demo: bool
    """Made-up records are in the warehouse."""


def build(found: Chargeback, standing: Standing, made_at: datetime, *, team: str | None = None) -> Document:
    """Every team's statement, or one team's alone; raises ReportError for a team that has none."""
    if team is not None and team not in found.teams:
        names = ", ".join(found.teams) or "none"
        raise ReportError(f"{team!r} has nothing in {found.month:%Y-%m}; teams of that month are {names}")
    teams: list[str | None] = [*found.teams] if team is None else [team]
    if team is None and found.has_nobody:
        teams.append(None)
    sections = [statement_section(found, each, number) for number, each in enumerate(teams, start=1)]
    method = (divided_section(found, team), _method(found, standing))
    return Document(
        "Chargeback" if team is None else f"Chargeback: {team}",
        _subtitle(found),
        tuple(_about(found, standing, made_at)),
        made_at,
        _summary(found, standing, teams) if team is None else _cover(found, standing, team),
        (*sections, *method),
        banner="Demo data: the calls are made up" if standing.demo else "",
    )


def _subtitle(found: Chargeback) -> str:
    currency = f"in {found.target}" if found.target else "each amount in the currency it was billed in"
    return f"{found.month:%Y-%m} · shared cost {RULES[found.rule.name]} · {currency}"


def _state(found: Chargeback) -> str:
    closing = found.books.closing
    return f"closed {closing.closed_at:%Y-%m-%d} by {closing.who}" if closing else "open"


def _about(found: Chargeback, standing: Standing, made_at: datetime) -> Iterable[Fact]:
    yield Fact("Month", f"{found.month:%Y-%m}", f"days begin at midnight in {standing.zone}")
    yield Fact("State of the month", _state(found))
    if found.books.closing:
        yield Fact(
            "Digest of the closing", found.books.closing.digest, f"tollbook close show {found.month:%Y-%m} verifies it"
        )
    yield Fact("Newest call", standing.through)
    # A demo brings its own present; who closes a month does so at the machine's.
    is_before = found.books.closing is not None and found.books.closing.closed_at > made_at
    yield Fact("Made", made_at, "by the demo's clock" if standing.demo and is_before else "")


def _warnings(found: Chargeback, standing: Standing) -> list[str]:
    month, closing = f"{found.month:%Y-%m}", found.books.closing
    said = []
    if closing is None:
        said.append(f"{month} is open: its figures may still change. tollbook close {month} freezes them.")
    elif closing.incomplete:
        said.append(f"{month} was closed incomplete: {closing.incomplete}.")
    if standing.changed:
        said.append(
            f"The stored lines of {month} are not those that were closed: somebody changed the state database. "
            f"Do not charge by them; restore it from a backup, or reopen the month."
        )
    if standing.deleted:
        said.append(f"Calls of {month} were deleted since: the books keep their sums, no other figure has them.")
    return said


def _summary(found: Chargeback, standing: Standing, teams: list[str | None]) -> Section:
    warnings = _warnings(found, standing)
    blocks: list[Block] = [Words(tuple(warnings), "warning")] if warnings else []
    blocks += [_facts(found), _teams(found, teams), *_pictures(found)]
    lead = "What each team used itself, and its share of what belongs to no team. It adds up to the month's books."
    return Section("summary", "Summary", lead, tuple(blocks))


def _facts(found: Chargeback) -> Facts:
    sums = found.sums()
    facts = [Fact(f"Charged, {code}", Money(pico, code)) for code, pico in cost_of(found.entries).items()]
    for code in found.currencies:
        shared = [pico for key, pico in sums.items() if key[1:] == (code, "shared")]
        facts += [Fact(f"of it shared, {code}", Money(sum(shared), code))] if shared else []
    unknown = sum(calls.requests for calls in found.unknown)
    return Facts(
        "headline",
        (
            *facts,
            Fact("Teams", len(found.teams)),
            Fact("Calls of unknown cost", unknown, "in no amount" if unknown else ""),
        ),
    )


def _teams(found: Chargeback, teams: list[str | None]) -> Table:
    sums, wholes = found.sums(), cost_of(found.entries)
    rows: list[tuple[Cell, ...]] = []
    marked = set()
    calls, unknown = _calls(found)
    for team in teams:
        codes: list[str | None] = [code for code in wholes if any((team, code, kind) in sums for kind in KINDS)]
        for place, code in enumerate(codes or [None]):
            own = {kind: sums[team, code, kind] for kind in KINDS if code and (team, code, kind) in sums}
            whole = sum(own.values())
            if place == 0 and unknown.get(team):
                marked.add(len(rows))
            rows.append(
                (
                    NOBODY if team is None else team,
                    *(Money(own[kind], code) if kind in own else None for kind in KINDS),
                    Money(whole if code else None, code),
                    Share(whole / wholes[code]) if code and wholes[code] > 0 else None,
                    calls.get((team, code)) if code else None,
                    unknown.get(team, 0) if place == 0 else None,
                )
            )
    totals = tuple(_total(sums, code, whole) for code, whole in wholes.items())
    return Table("teams", "Teams", TEAMS, tuple(rows), totals, (ROUNDED,), frozenset(marked), "There is no team.")


def _total(sums: dict[tuple[str | None, str, Kind], int], code: str, whole: int) -> tuple[Cell, ...]:
    values: dict[str, Cell] = {"Total": Money(whole, code)}
    for kind, (title, _) in KINDS.items():
        found = [pico for key, pico in sums.items() if key[1:] == (code, kind)]
        values[title] = Money(sum(found), code) if found else None
    return totals_of(TEAMS, "Total", values)


def _calls(found: Chargeback) -> tuple[dict[tuple[str | None, str], int], dict[str | None, int]]:
    """Own calls by team and currency, and those of unknown cost by team."""
    calls: dict[tuple[str | None, str], int] = {}
    unknown: dict[str | None, int] = {}
    for entry in found.entries:
        key = (entry.team, entry.currency)
        calls[key] = calls.get(key, 0) + entry.requests
    for each in found.unknown:
        unknown[each.team] = unknown.get(each.team, 0) + each.requests
    return calls, unknown


def _pictures(found: Chargeback) -> Iterable[Bars]:
    """A bar per team and currency; none where some part is a credit, which no stacked bar shows."""
    sums = found.sums()
    for code in found.currencies:
        kinds = [kind for kind in KINDS if any(key[1:] == (code, kind) for key in sums)]
        if any(pico < 0 for key, pico in sums.items() if key[1] == code):
            continue
        totals = {team: sum(sums.get((team, code, kind), 0) for kind in kinds) for team in found.teams}
        drawn = sorted(totals, key=lambda team: (-totals[team], team))[:DRAWN]
        if not any(totals.values()):
            continue
        rest = len(totals) - len(drawn)
        yield Bars(
            f"teams_{code}",
            f"What each team is charged, {code}" + (f" ({rest} smaller teams are not drawn)" if rest else ""),
            f"Bars of what {len(drawn)} teams are charged in {code}, the dearest first: {drawn[0]}.",
            code,
            tuple(drawn),
            tuple(
                Series(KINDS[kind][0], tuple(sums.get((team, code, kind), 0) for team in drawn), tone=TONES[kind])
                for kind in kinds
            ),
            lying=True,
        )


def _cover(found: Chargeback, standing: Standing, team: str) -> Section:
    """One team's figures alone: another's are none of its business."""
    sums = found.sums()
    facts = [
        Fact(f"{title}, {code}", Money(sums[team, code, kind], code))
        for code in found.currencies
        for kind, (title, _) in KINDS.items()
        if (team, code, kind) in sums
    ]
    own = cost_of(entry for entry in found.entries if entry.team == team)
    totals = [Fact(f"To be charged, {code}", Money(pico, code)) for code, pico in own.items()]
    warnings = _warnings(found, standing)
    unknown = [calls for calls in found.unknown if calls.team == team]
    count = sum(calls.requests for calls in unknown)
    blocks: list[Block] = [Words(tuple(warnings), "warning")] if warnings else []
    blocks.append(Facts("headline", (*totals, *facts, Fact("Calls of unknown cost", count))))
    return Section("summary", "Summary", f"What {team} is charged for {found.month:%Y-%m}.", tuple(blocks))


def _method(found: Chargeback, standing: Standing) -> Section:
    closing = found.books.closing
    words = [
        "A team's own calls are charged as priced: at the rate in force when they began. Recurring charges are spread "
        "over the days of their period.",
        "Calls of unknown cost are charged to nobody, and are counted.",
        ROUNDED,
    ]
    if closing:
        words.append(
            f"The lines are those that were frozen when {found.month:%Y-%m} was closed. What became known of it later "
            f"is an adjustment in a month after it."
        )
    if found.books.adjustments:
        months = ", ".join(f"{about:%Y-%m}" for about in found.books.adjustments)
        words.append(f"Adjustments of {months} are in it, shared ones divided by what the teams used in those months.")
    words += _exchange(found.uses, found.target)
    return Section("method", "Method", "What the figures rest on.", (Words(tuple(words)),))


def _exchange(uses: Iterable[Use], target: str | None) -> list[str]:
    if target is None:
        return ["Amounts in several currencies stay apart; nothing is converted."]
    said = [
        f"Amounts are converted to {target} at the rate of the last day of the month that they are about; the sum was "
        f"rounded once. Where other figures are converted each day at its own rate, they differ a little."
    ]
    for use in uses:
        carried = f", the last one before {use.carried_days} day(s) without" if use.carried else ""
        said.append(f"{'/'.join(use.pair)} of {use.first} to {use.last}: {use.source}{carried}.")
    return said
