"""The parts of a chargeback: one team's statement, and how what is shared was divided."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from analysis.allocation import Name, Rule
from pricing.money import PICO, format_pico
from reports.document import (
    Block,
    Column,
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
from reports.statements import KINDS, Chargeback, Entry, Unknown

RULES: dict[Name, str] = {
    "cost": "in proportion to each team's own cost",
    "tokens": "in proportion to each team's own tokens",
    "requests": "in proportion to each team's own calls",
    "even": "evenly among the teams",
    "fixed": "by fixed shares",
}
NOBODY = "no team"
ABOUT = text_column("About", "The month that it is about; an adjustment is about an earlier one.")
LINES = (
    text_column("Line", "What kind of cost it is: the team's own, a share of what belongs to no team, an adjustment."),
    text_column("What", "Seller and model, or the recurring charge."),
    text_column("Project", "The project, where the log names one."),
    ABOUT,
    Column("Share", "share", "The team's share of an amount that belongs to no team."),
    money_column("Amount", "What the team is charged for it."),
    count_column("Calls", "The team's own calls in it."),
    count_column("Under review", "Calls of them whose usage can be read in several ways."),
)
UNKNOWN = (
    text_column("Team", "Whose calls they are."),
    text_column("What", "Seller and model."),
    text_column("Project", "The project, where the log names one."),
    ABOUT,
    count_column("Calls", "Calls whose cost is not known; fewer than none: an earlier month's that have a price now."),
)
POOLS = (
    text_column("What", "The seller's calls without a team, or the recurring charge that belongs to none."),
    ABOUT,
    text_column("Divided", "The rule that was used."),
    count_column("Teams", "How many teams take part."),
    money_column("Amount", "What was divided; the teams' parts add up to it, to the last digit."),
)
PARTS = (
    text_column("Team", "Who takes part."),
    ABOUT,
    text_column("Currency", "The currency of what is divided."),
    text_column("Rule", "The rule that was used."),
    Column("Share", "share", "The team's share of each amount."),
)


def cost_of(entries: Iterable[Entry]) -> dict[str, int]:
    """Pico-units by currency, in order of name."""
    found: dict[str, int] = {}
    for entry in entries:
        found[entry.currency] = found.get(entry.currency, 0) + entry.pico
    return dict(sorted(found.items()))


def statement_section(found: Chargeback, team: str | None, number: int) -> Section:
    """What one team is charged, line by line; None: what nobody is charged."""
    entries = [entry for entry in found.entries if entry.team == team]
    unknown = [calls for calls in found.unknown if calls.team == team]
    totals = cost_of(entries)
    blocks: list[Block] = []
    if totals:
        facts = tuple(Fact(f"To be charged, {code}", Money(pico, code)) for code, pico in totals.items())
        blocks += [Facts(f"statement_{number}_total", facts), _lines(entries, totals, number)]
    if unknown:
        blocks.append(unknown_table(unknown, f"statement_{number}_unknown"))
    month = f"{found.month:%Y-%m}"
    lead = f"What {team} is charged for {month}." if team is not None else f"What no team is charged for {month}."
    return Section(f"statement_{number}", NOBODY.capitalize() if team is None else team, lead, tuple(blocks))


def _lines(entries: Sequence[Entry], totals: dict[str, int], number: int) -> Table:
    rows = tuple(
        (
            KINDS[entry.kind][0],
            entry.what,
            entry.project,
            f"{entry.about:%Y-%m}",
            None if entry.share is None else Share(float(entry.share)),
            Money(entry.pico, entry.currency),
            entry.requests if entry.requests else None,
            entry.review if entry.requests else None,
        )
        for entry in entries
    )
    return Table(
        f"statement_{number}_lines",
        "Lines",
        LINES,
        rows,
        tuple(totals_of(LINES, "Total", {"Amount": Money(pico, code)}) for code, pico in totals.items()),
        tuple(_bands(entries)),
        marked=frozenset(place for place, entry in enumerate(entries) if entry.review),
    )


def _bands(entries: Sequence[Entry]) -> Iterable[str]:
    """Between what own calls lie, where some are under review."""
    for code in cost_of(entries):
        reviewed = [entry for entry in entries if entry.currency == code and entry.review]
        sums = [sum(getattr(entry, name) for entry in reviewed) for name in ("low", "pico", "high")]
        if reviewed:
            low, pico, high = (format_pico(each) for each in sums)
            yield (
                f"Lines with calls under review come to {pico} {code} as their logs declare it; read otherwise, "
                f"they come to between {low} and {high} {code}."
            )


def unknown_table(unknown: Sequence[Unknown], key: str) -> Table:
    """Calls that nobody is charged for, because what they cost is not known."""
    return Table(
        key,
        "Calls of unknown cost",
        UNKNOWN,
        tuple((each.team or NOBODY, each.what, each.project, f"{each.about:%Y-%m}", each.requests) for each in unknown),
        (totals_of(UNKNOWN, "Total", {"Calls": sum(each.requests for each in unknown)}),),
        ("They are in no amount. Once a rate for them is known, they show as an adjustment of their month.",),
        marked=frozenset(range(len(unknown))),
    )


def divided_section(found: Chargeback, team: str | None) -> Section:
    """What belongs to no team, by which rule it was divided, and each team's share; of one team alone, only its own."""
    if team is not None:
        # Of one team, what it has a part in: all of the amount, its own share, and nobody else's.
        found = found._replace(pools=tuple(pool for pool in found.pools if team in pool.weights.parts))
    lead = f"What belongs to no team is divided {RULES[found.rule.name]}."
    words = [_rule_words(found.rule), *sorted(set(_instead(found)))]
    return Section(
        "divided", "How shared cost was divided", lead, (Words(tuple(words)), _pools(found, team), _parts(found, team))
    )


def _rule_words(rule: Rule) -> str:
    own = "Own cost, calls and tokens are those of the month that an amount is about, without adjustments."
    if rule.name == "fixed":
        whole = sum(rule.parts.values(), Fraction())
        return f"Each team takes its part of {format_pico(round(whole * PICO))}; teams without a part take nothing."
    ending = "Whole 10⁻¹² of a currency are divided; what is left over goes to those that lost most by rounding."
    return f"{own} {ending}"


def _instead(found: Chargeback) -> Iterable[str]:
    """Where another rule had to be used, or none could be."""
    for pool in found.pools:
        about = f"{pool.about:%Y-%m}"
        if not pool.weights.parts:
            yield f"{pool.what} ({about}) stays with nobody: there is no team to take it."
        elif pool.weights.rule != found.rule.name:
            yield (
                f"In {pool.currency}, of {about}, no team has anything that the rule goes by: "
                f"there it is divided {RULES[pool.weights.rule]}."
            )


def _pools(found: Chargeback, team: str | None) -> Table:
    totals: dict[str, int] = {}
    for pool in found.pools:
        totals[pool.currency] = totals.get(pool.currency, 0) + pool.pico
    rows = tuple(
        (
            pool.what,
            f"{pool.about:%Y-%m}",
            RULES[pool.weights.rule] if pool.weights.parts else "stays with nobody",
            len(pool.weights.parts),
            Money(pool.pico, pool.currency),
        )
        for pool in found.pools
    )
    return Table(
        "shared_amounts",
        "Amounts that belong to no team",
        POOLS,
        rows,
        tuple(totals_of(POOLS, "Total", {"Amount": Money(pico, code)}) for code, pico in sorted(totals.items())),
        marked=frozenset(place for place, pool in enumerate(found.pools) if not pool.weights.parts),
        empty="Everything belongs to a team: nothing had to be divided." if team is None else f"{team} takes no part.",
    )


def _parts(found: Chargeback, team: str | None) -> Table:
    weights = {(pool.about, pool.currency): pool.weights for pool in found.pools}
    rows = [
        (name, f"{about:%Y-%m}", code, RULES[each.rule], Share(float(share)))
        for (about, code), each in weights.items()
        for name, share in sorted(each.shares().items(), key=lambda pair: (-pair[1], pair[0]))
        if team in (None, name)
    ]
    return Table("shares", "Shares", PARTS, tuple(rows), empty="No team takes part.")
